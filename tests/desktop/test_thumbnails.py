"""Thumbnails: what is decoded when, kept where, and never shown on the wrong item."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from core.data.arrays import PictureReference
from core.job_context import Cancelled, JobContext, QuietContext
from core.problems import ProblemCode, ProblemError
from desktop.session import Session
from desktop.widgets.thumbnails import STORED_EDGE, Missing, ThumbnailStore, load_thumbnail

WAIT = 20_000


def write_picture(path: Path, *, red: int, width: int = 640, height: int = 480) -> PictureReference:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height), (red, 0, 0)).save(path)
    return PictureReference(path=path, sha256=f"{red:064x}", page=0, value_maximum=None)


class Pictures:
    """Red pictures numbered from 0, and a list of work that runs when the test says so."""

    def __init__(self, folder: Path, count: int) -> None:
        self.references = [write_picture(folder / f"시료 {number}.png", red=number * 2) for number in range(count)]
        self.asked: list[list[int]] = []
        self.work: list[Callable[[JobContext], None]] = []

    def find(self, ids: list[int]) -> list[PictureReference]:
        self.asked.append(ids)
        return [self.references[number] for number in ids]

    def run_all(self) -> None:
        while self.work:
            self.work.pop(0)(QuietContext())


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures", 12)


@pytest.fixture
def store(qtbot: QtBot, pictures: Pictures, tmp_path: Path) -> ThumbnailStore:
    store = ThumbnailStore(pictures.work.append, workers=1)
    store.set_project(pictures.find, tmp_path / "cache")
    return store


def red_of(pixmap: object) -> int:
    assert isinstance(pixmap, QPixmap)
    return pixmap.toImage().pixelColor(0, 0).red()


def test_a_miss_is_decoded_and_arrives(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    assert store.pixmap(5, 64) is Missing.WAITING
    qtbot.waitUntil(lambda: bool(pictures.work))
    with qtbot.waitSignal(store.arrived) as arrived:
        pictures.run_all()
    assert arrived.args == [[5]]
    pixmap = store.pixmap(5, 64)
    assert isinstance(pixmap, QPixmap)
    assert (pixmap.width(), pixmap.height()) == (64, 48)
    assert abs(red_of(pixmap) - 10) <= 3
    assert store.idle


def test_what_was_seen_last_comes_first_in_the_order_it_was_painted(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    for item_id in (0, 1, 2):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: store.queued() == [0, 1, 2])
    for item_id in (7, 8, 1):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: store.queued() == [7, 8, 1, 0, 2])
    assert pictures.asked == [[0, 1, 2], [7, 8, 1]]
    assert len(pictures.work) == 1


def test_what_left_the_view_is_not_decoded(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    for item_id in (0, 1, 2, 3):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: len(store.queued()) == 4)
    store.keep_only([2, 3, 9])
    arrived: list[int] = []
    store.arrived.connect(arrived.extend)
    pictures.run_all()
    assert arrived == [2, 3]


@pytest.mark.parametrize("forget", ["edge", "project"])
def test_a_late_result_is_refused(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures, tmp_path: Path, forget: str) -> None:
    store.pixmap(4, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    if forget == "edge":
        store.pixmap(4, 128)
    else:
        store.set_project(pictures.find, tmp_path / "cache")
    late = pictures.work.pop()
    with qtbot.assertNotEmitted(store.arrived, wait=0):
        late(QuietContext())
    if forget == "edge":
        qtbot.waitUntil(lambda: bool(pictures.work))
        with qtbot.waitSignal(store.arrived):
            pictures.run_all()
        pixmap = store.pixmap(4, 128)
        assert isinstance(pixmap, QPixmap)
        assert pixmap.width() == 128


def test_a_cancelled_worker_leaves_room_for_the_next(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    store.pixmap(1, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    cancelled = QuietContext()
    cancelled.cancelled = True
    with pytest.raises(Cancelled):
        pictures.work.pop()(cancelled)
    store.pixmap(2, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    with qtbot.waitSignal(store.arrived) as arrived:
        pictures.run_all()
    assert 2 in arrived.args[0]


def test_an_unreadable_picture_is_tried_once(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    pictures.references[3].path.write_bytes(b"")
    store.pixmap(3, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    with qtbot.waitSignal(store.arrived):
        pictures.run_all()
    assert store.pixmap(3, 64) is Missing.UNREADABLE
    problem = store.problem(3)
    assert problem is not None
    assert problem.code is ProblemCode.FILE_EMPTY
    assert store.idle


def test_memory_is_bounded_and_the_least_recently_seen_goes_first(qtbot: QtBot, pictures: Pictures, tmp_path: Path) -> None:
    one = 64 * 48 * 4
    store = ThumbnailStore(pictures.work.append, memory_limit=3 * one)
    store.set_project(pictures.find, tmp_path / "cache")
    for item_id in (0, 1, 2):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    with qtbot.waitSignal(store.arrived):
        pictures.run_all()
    assert store.memory_bytes == 3 * one
    store.pixmap(0, 64)
    store.pixmap(3, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    with qtbot.waitSignal(store.arrived):
        pictures.run_all()
    assert store.memory_bytes == 3 * one
    assert isinstance(store.pixmap(0, 64), QPixmap)
    assert store.pixmap(1, 64) is Missing.WAITING
    store.set_project(None, None)
    assert store.memory_bytes == 0


def test_after_an_import_only_what_changed_is_read_again(qtbot: QtBot, store: ThumbnailStore, pictures: Pictures) -> None:
    pictures.references[3].path.write_bytes(b"")
    for item_id in (0, 1, 2, 3):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: bool(pictures.work))
    pictures.run_all()
    size = store.memory_bytes
    pictures.references[1] = write_picture(pictures.references[1].path, red=250)
    pictures.references[3] = write_picture(pictures.references[3].path, red=251)
    store.refresh({0, 1, 3})
    assert store.memory_bytes == size // 3
    assert isinstance(store.pixmap(0, 64), QPixmap)
    assert [store.pixmap(item_id, 64) for item_id in (1, 3)] == [Missing.WAITING] * 2
    qtbot.waitUntil(lambda: bool(pictures.work))
    pictures.run_all()
    assert [abs(red_of(store.pixmap(item_id, 64)) - 250) <= 4 for item_id in (1, 3)] == [True, True]


def test_with_the_pool_of_the_program(qtbot: QtBot, session: Session, pictures: Pictures, tmp_path: Path) -> None:
    store = ThumbnailStore(lambda work: session.jobs.start("decode", "", work, visible=False))
    store.set_project(pictures.find, tmp_path / "cache")
    for item_id in range(12):
        store.pixmap(item_id, 64)
    qtbot.waitUntil(lambda: store.idle and all(isinstance(store.pixmap(item_id, 64), QPixmap) for item_id in range(12)), timeout=WAIT)
    assert all(abs(red_of(store.pixmap(item_id, 64)) - 2 * item_id) <= 3 for item_id in range(12))
    assert session.jobs.active() == []


def test_small_files_are_kept_on_disk_and_used(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    reference = write_picture(tmp_path / unicodedata.normalize("NFD", "가.png"), red=200)
    cache = tmp_path / "cache"
    assert load_thumbnail(reference, edge=100, folder=cache).width() == 100
    (kept,) = [path for path in cache.rglob("*") if path.is_file()]
    with Image.open(kept) as image:
        assert (image.format, max(image.size)) == ("JPEG", STORED_EDGE)
    reference.path.unlink()
    assert load_thumbnail(reference, edge=64, folder=cache).width() == 64
    other = PictureReference(path=reference.path, sha256="other content", page=0, value_maximum=None)
    with pytest.raises(ProblemError):
        load_thumbnail(other, edge=64, folder=cache)


def test_a_damaged_small_file_is_made_again(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    reference = write_picture(tmp_path / "a.png", red=90)
    cache = tmp_path / "cache"
    load_thumbnail(reference, edge=64, folder=cache)
    (kept,) = [path for path in cache.rglob("*") if path.is_file()]
    kept.write_bytes(kept.read_bytes()[:20])
    assert abs(load_thumbnail(reference, edge=64, folder=cache).pixelColor(5, 5).red() - 90) <= 3
    with Image.open(kept) as image:
        image.load()


def test_a_folder_that_cannot_be_written_to_costs_only_time(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    reference = write_picture(tmp_path / "a.png", red=90)
    blocked = tmp_path / "cache"
    blocked.write_text("not a folder")
    assert load_thumbnail(reference, edge=64, folder=blocked).width() == 64


def test_small_pictures_keep_their_size_and_large_wishes_are_decoded_anew(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    small = write_picture(tmp_path / "small.png", red=1, width=20, height=30)
    assert load_thumbnail(small, edge=128, folder=tmp_path / "cache").height() == 30
    large = write_picture(tmp_path / "large.png", red=2, width=900, height=600)
    assert load_thumbnail(large, edge=600, folder=tmp_path / "cache").width() == 600
    assert load_thumbnail(large, edge=64, folder=None).pixelColor(9, 9).red() == 2
