"""Importing folders: good pictures go on, bad ones are listed, and importing again doubles nothing."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageFile

from core.data.layout import FolderFindings, scan_folder
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import audit, runs
from core.project.importing import import_folder
from core.project.items import item_columns, item_details, picture_references, problems, set_splits, sources
from core.project.labels import set_labels
from core.project.opening import Project, create_project
from core.vocabulary import Kind, Label, Split
from tests.core.project_cases import bring_in, write_pictures

MVTEC = [
    *(f"train/good/{place:03}.png" for place in range(6)),
    *(f"test/good/{place:03}.png" for place in range(3)),
    *(f"test/긁힘/{place:03}.png" for place in range(3)),
]


@pytest.fixture
def project(tmp_path: Path):
    with create_project(tmp_path / "a") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


def ids_by_path(project: Project) -> dict[str, int]:
    return {item_details(project, item).relative_path: item for item in item_columns(project).id.tolist()}


def test_folder_becomes_items(project: Project, folder: Path) -> None:
    write_pictures(folder, MVTEC)
    write_pictures(folder / "ground_truth", ["긁힘/001_mask.png"], seed=1)
    summary = bring_in(project, folder)
    assert (summary.added, summary.changed, summary.unchanged, summary.missing, summary.skipped, summary.notes) == (12, 0, 0, 0, (), ())
    (source,) = sources(project)
    assert (source.path, source.kind, source.layout, source.complete, source.item_count) == (folder, Kind.IMAGE, "mvtec", True, 12)
    scratch = item_details(project, ids_by_path(project)["test/긁힘/001.png"])
    assert (scratch.label, scratch.defect_type, scratch.split) == (Label.DEFECTIVE, "긁힘", Split.TEST)
    assert (scratch.labelled_by, scratch.name, scratch.width, scratch.channels, scratch.bit_depth) == ("import", "001.png", 16, 1, 8)
    assert scratch.mask_path == folder / "ground_truth" / "긁힘" / "001_mask.png"
    assert scratch.path is not None
    assert scratch.path.read_bytes()
    columns = item_columns(project)
    assert np.bincount(columns.label).tolist() == [0, 9, 3]
    assert columns.has_mask.sum() == 1
    assert [entry.new_value for entry in audit.rows(project)] == ["12 added, 0 changed, 0 unchanged, 0 skipped"]


def test_importing_again_adds_only_what_is_new(project: Project, folder: Path) -> None:
    write_pictures(folder, MVTEC)
    bring_in(project, folder)
    before = item_columns(project)
    again = bring_in(project, folder)
    assert (again.added, again.unchanged) == (0, 12)
    assert item_columns(project).id.tolist() == before.id.tolist()
    write_pictures(folder, ["train/good/new.png"], seed=9)
    more = bring_in(project, folder)
    assert (more.added, more.unchanged, more.source_id) == (1, 12, again.source_id)
    assert len(sources(project)) == 1


def test_person_outranks_the_folder_when_importing_again(project: Project, folder: Path) -> None:
    write_pictures(folder, MVTEC)
    bring_in(project, folder)
    item = ids_by_path(project)
    judged, cleared = item["train/good/000.png"], item["train/good/001.png"]
    set_labels(project, [judged], Label.DEFECTIVE, defect_type="dent")
    set_labels(project, [cleared], Label.NONE)
    set_splits(project, [judged], Split.TEST, reason="by hand")
    bring_in(project, folder)
    assert (item_details(project, judged).label, item_details(project, judged).defect_type) == (Label.DEFECTIVE, "dent")
    assert item_details(project, judged).split is Split.TEST
    assert item_details(project, cleared).label is Label.NONE


def test_choice_for_all_pictures_counts_instead_of_the_folders(project: Project, folder: Path) -> None:
    write_pictures(folder, MVTEC)
    findings = scan_folder(folder, QuietContext())
    import_folder(project, findings, QuietContext(), label_all=Label.NONE, split_all=Split.NEW)
    assert not item_columns(project).label.any()
    assert not item_columns(project).split.any()
    import_folder(project, findings, QuietContext(), label_all=Label.GOOD, split_all=Split.TRAIN)
    columns = item_columns(project)
    assert (columns.label == Label.GOOD).all()
    assert (columns.split == Split.TRAIN).all()
    assert set(columns.defect_type) == {""}
    assert len([entry for entry in audit.rows(project) if entry.action == "set_label"]) == 12


def test_picture_that_changed_keeps_its_label_and_loses_its_scores(project: Project, folder: Path) -> None:
    write_pictures(folder, ["a.png", "b.png"])
    bring_in(project, folder)
    item = ids_by_path(project)
    set_labels(project, item.values(), Label.GOOD)
    run = runs.create_run(project, detector="x", kind=Kind.IMAGE, parameters={}, preset=None, seed=0, device="cpu", request={})
    runs.store_scores(project, run, list(item.values()), [1.0, 2.0], part=0)
    before = item_details(project, item["a.png"])
    write_pictures(folder, ["a.png"], seed=5, edge=20)
    os.utime(folder / "b.png", (1, 1))  # touched, but the same
    summary = bring_in(project, folder)
    assert (summary.added, summary.changed, summary.unchanged) == (0, 1, 1)
    assert [note.problem.code for note in summary.notes] == [ProblemCode.IMAGE_CHANGED]
    after = item_details(project, item["a.png"])
    assert (after.label, after.width) == (Label.GOOD, 20)
    assert after.sha256 != before.sha256
    assert runs.run_scores(project, run).item_id.tolist() == [item["b.png"]]
    assert item_columns(project).problem.tolist() == [True, False]
    assert bring_in(project, folder).notes == ()  # seen, and no news any more
    assert item_columns(project).problem.tolist() == [False, False]


def test_picture_that_is_gone_stays_with_a_remark(project: Project, folder: Path) -> None:
    write_pictures(folder, ["a.png", "b.png"])
    bring_in(project, folder)
    (folder / "a.png").rename(folder.parent / "a.png")
    summary = bring_in(project, folder)
    assert (summary.missing, summary.unchanged) == (1, 1)
    assert [(entry.relative_path, entry.problem.code) for entry in problems(project)] == [("a.png", ProblemCode.PATH_MISSING)]
    assert bring_in(project, folder).missing == 1
    assert len(problems(project)) == 1
    (folder.parent / "a.png").rename(folder / "a.png")
    assert bring_in(project, folder).missing == 0
    assert problems(project) == []


def write_bad_files(folder: Path) -> dict[str, ProblemCode]:
    """Bad files and what each is listed as."""
    write_pictures(folder, ["whole.jpg"], edge=64)
    content = (folder / "whole.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(content[: len(content) // 2])
    (folder / "empty.png").write_bytes(b"")
    (folder / "words.png").write_text("these are words, not pixels")
    expected = {"cut.jpg": ProblemCode.IMAGE_DAMAGED, "empty.png": ProblemCode.FILE_EMPTY, "words.png": ProblemCode.NOT_AN_IMAGE}
    if sys.platform != "win32":
        (folder / "gone.png").symlink_to(folder / "nowhere.png")
        expected["gone.png"] = ProblemCode.BROKEN_LINK
    return expected


def test_bad_files_are_listed_and_good_ones_go_on(project: Project, folder: Path) -> None:
    expected = write_bad_files(folder)
    for _ in range(2):  # the list is replaced, not added to
        summary = bring_in(project, folder)
        listed = {entry.relative_path: entry.problem for entry in summary.skipped}
        assert {path: problem.code for path, problem in listed.items()} == expected
        assert {entry.relative_path: entry.problem for entry in problems(project)} == listed
        assert all(str(folder) not in problem.sentence() and path in problem.sentence() for path, problem in listed.items())
        assert item_columns(project).name.tolist() == ["whole.jpg"]
    assert sources(project)[0].complete
    shutil.copy(folder / "whole.jpg", folder / "cut.jpg")  # mended
    assert bring_in(project, folder).added == 1


def test_item_whose_file_broke_keeps_its_place(project: Project, folder: Path) -> None:
    write_pictures(folder, ["a.png"])
    bring_in(project, folder)
    sound = item_details(project, 1)
    (folder / "a.png").write_bytes(b"broken")
    summary = bring_in(project, folder)
    assert [(entry.item_id, entry.problem.code) for entry in summary.skipped] == [(1, ProblemCode.NOT_AN_IMAGE)]
    assert item_details(project, 1).sha256 == sound.sha256
    write_pictures(folder, ["a.png"])
    assert bring_in(project, folder).skipped == ()
    assert problems(project) == []


def test_pages_of_a_scan_are_no_animation(project: Project, folder: Path) -> None:
    folder.mkdir()
    tifffile.imwrite(folder / "scan.tif", np.zeros((3, 16, 16), np.uint8), photometric="minisblack")
    (note,) = bring_in(project, folder).notes
    assert note.problem.sentence().startswith("scan.tif holds 3 pictures")


def test_animation_is_taken_with_a_remark_that_stays(project: Project, folder: Path) -> None:
    folder.mkdir()
    frames = [Image.new("L", (16, 16), value) for value in (0, 90, 180)]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:])
    for _ in range(2):
        summary = bring_in(project, folder)
        assert [note.problem.code for note in summary.notes] == [ProblemCode.IMAGE_ANIMATED]
        assert "3" in summary.notes[0].problem.sentence()
        assert item_columns(project).problem.tolist() == [True]
        assert len(problems(project)) == 1


def test_white_of_the_sensor_is_that_of_the_brightest_deep_picture(project: Project, folder: Path) -> None:
    folder.mkdir()
    Image.fromarray(np.full((8, 8), 900, dtype=np.uint16)).save(folder / "a.png")
    Image.fromarray(np.full((8, 8), 255, dtype=np.uint8)).save(folder / "grey.png")
    bring_in(project, folder)
    assert sources(project)[0].value_maximum == 1023
    Image.fromarray(np.full((8, 8), 3000, dtype=np.uint16)).save(folder / "b.png")
    bring_in(project, folder)
    assert sources(project)[0].value_maximum == 4095
    item = ids_by_path(project)
    wanted = [item["a.png"], item["grey.png"], item["b.png"]]
    assert [reference.value_maximum for reference in picture_references(project, wanted)] == [4095, None, 4095]
    (folder / "b.png").unlink()
    bring_in(project, folder)
    assert sources(project)[0].value_maximum == 4095


def test_hangul_names_of_both_forms_are_found_again(project: Project, folder: Path) -> None:
    names = [unicodedata.normalize("NFC", "나사.png"), unicodedata.normalize("NFD", "볼트.png")]
    write_pictures(folder, names)
    assert bring_in(project, folder).added == 2
    assert bring_in(project, folder).unchanged == 2
    columns = item_columns(project)
    assert set(columns.name) == {"나사.png", "볼트.png"}  # NFC for the eye
    assert all(reference.path.is_file() for reference in picture_references(project, columns.id))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such names cannot exist")
def test_name_that_is_no_text_is_listed(project: Project, folder: Path) -> None:
    write_pictures(folder, ["a.png"])
    (folder / os.fsdecode(b"\xff\xfe.png")).write_bytes((folder / "a.png").read_bytes())
    summary = bring_in(project, folder)
    assert (summary.added, [entry.problem.code for entry in summary.skipped]) == (1, [ProblemCode.NAME_NOT_TEXT])
    assert problems(project) == list(summary.skipped)


def test_folder_without_pictures_is_refused(project: Project, folder: Path) -> None:
    findings = FolderFindings(root=folder, layout="flat", images=(), tables=(), problems=())
    with pytest.raises(ProblemError) as caught:
        import_folder(project, findings, QuietContext())
    assert caught.value.problem.code is ProblemCode.NOTHING_TO_IMPORT
    assert sources(project) == []


class CancellingContext(QuietContext):
    """A person stops the job after some pictures."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after
        self.seen: list[tuple[int, int]] = []

    def progress(self, done: int, total: int) -> None:
        self.seen.append((done, total))
        self.cancelled = done >= self.after


def test_cancelled_import_keeps_what_it_has_and_goes_on_later(project: Project, folder: Path) -> None:
    write_pictures(folder, [f"{place:04}.png" for place in range(450)])
    findings = scan_folder(folder, QuietContext())
    with pytest.raises(Cancelled):
        import_folder(project, findings, CancellingContext(250))
    assert len(item_columns(project)) == 250
    assert not sources(project)[0].complete
    context = CancellingContext(1000)
    summary = import_folder(project, findings, context)
    assert (summary.added, summary.unchanged) == (200, 250)
    assert sources(project)[0].complete
    assert context.seen == [(done, 450) for done in range(1, 451)]
    assert len(set(item_columns(project).name)) == len(item_columns(project)) == 450


def test_two_folders_are_two_sources_and_one_folder_by_two_spellings_is_one(project: Project, tmp_path: Path) -> None:
    for name in ("나사 가", "나사 나"):
        write_pictures(tmp_path / name, ["a.png"])
        bring_in(project, tmp_path / name)
    bring_in(project, tmp_path / "나사 나" / ".." / "나사 가")
    assert [source.path for source in sources(project)] == [tmp_path / "나사 가", tmp_path / "나사 나"]
    assert len(item_columns(project)) == 2


def test_a_picture_too_large_for_the_memory_is_listed_and_the_others_go_on(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pictures(folder, ["1.png", "2.png"])
    write_pictures(folder, ["large.png"], edge=40)
    load = ImageFile.ImageFile.load

    def load_what_fits(image: ImageFile.ImageFile) -> object:
        if image.width == 40:
            raise MemoryError
        return load(image)

    with monkeypatch.context() as memory:
        memory.setattr(ImageFile.ImageFile, "load", load_what_fits)
        summary = bring_in(project, folder)
    assert summary.added == 2
    assert [entry.problem.sentence() for entry in summary.skipped] == [
        "There is not enough memory to open large.png. Close other programs, or cut it into smaller images."
    ]
    assert bring_in(project, folder).added == 1  # once there is room
