"""How quick the Data page is with very many items.

    python -m tests.benchmarks.gallery [--items 100000]

Every line is the time from the act to the painted gallery, best and median of several; the limits are those of the product.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from core.vocabulary import Label, Verdict
from desktop.models.facet_choices import facet_choices
from desktop.models.item_filter import ItemFilter
from desktop.models.items import ItemModel
from desktop.widgets.item_browser import BrowserActions, ItemBrowser
from desktop.widgets.item_delegate import ItemDelegate
from desktop.widgets.thumbnails import ThumbnailStore
from tests.made_items import made_columns

_SIZE: Final = (1280, 800)
_ROUNDS: Final = 7
FIRST_PAINT_LIMIT, ACT_LIMIT = 200.0, 50.0  # ms
NAMES: Final = {1: "line 1", 2: "line 2", 3: "line 3"}


class Clock:
    """Notes when the last cell of a frame was painted. A frame without cells, before the new layout, does not count."""

    def __init__(self) -> None:
        self.painted_at = 0.0

    def milliseconds(self, act: Callable[[], object]) -> float:
        """From the call of `act` to the end of the next painting of cells."""
        self.painted_at = 0.0
        begin = time.perf_counter()
        act()
        while not self.painted_at:
            QApplication.processEvents()
        return (self.painted_at - begin) * 1000


class TimedDelegate(ItemDelegate):
    """Paints as in the program and tells the clock."""

    def __init__(self, model: ItemModel, store: ThumbnailStore, clock: Clock) -> None:
        super().__init__(model, store)
        self._clock = clock

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        self._clock.painted_at = time.perf_counter()


def made_browser(clock: Clock) -> ItemBrowser:
    """The middle of the Data page without items; thumbnails never arrive."""
    model = ItemModel()
    store = ThumbnailStore(lambda work: None, parent=model)
    actions = BrowserActions(labels=[], imports=[], clear_filter=QAction(model))
    browser = ItemBrowser(model, store, lambda facet: facet_choices(model.rows, NAMES, facet), actions)
    model.setParent(browser)
    delegate = TimedDelegate(model, store, clock)
    delegate.setParent(browser)
    browser.gallery.setItemDelegate(delegate)
    browser.resize(*_SIZE)
    return browser


def _line(name: str, times: list[float], limit: float | None = None) -> None:
    held = "" if limit is None else f"   limit {limit:.0f} ms: {'held' if min(times) <= limit else 'MISSED'}"
    print(f"  {name:<34} best {min(times):7.1f} ms   median {statistics.median(times):7.1f} ms{held}")


def first_paint(count: int) -> tuple[ItemBrowser, Clock, float]:
    """A browser with `count` scored items, and the milliseconds until it had painted them."""
    clock = Clock()
    browser = made_browser(clock)
    columns, scores = made_columns(count), np.random.default_rng(1).random(count)

    def show() -> None:
        browser.model.set_items(columns, NAMES, scores, (0.4, 0.6))
        browser.show()

    return browser, clock, clock.milliseconds(show)


def acts(browser: ItemBrowser) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """What is done untimed before, and what is timed."""

    def by(key: str, *, descending: bool = False) -> Callable[[], None]:
        return lambda: browser.sort(key, descending=descending)

    def to(wanted: ItemFilter) -> Callable[[], None]:
        return lambda: browser.set_filter(wanted)

    def thresholds(*values: float) -> Callable[[], None]:
        return lambda: browser.model.set_thresholds((values[0], values[1]))

    everything, good = to(ItemFilter()), to(ItemFilter(labels=frozenset({Label.GOOD})))
    return {
        "sort by score": (by("imported"), by("score", descending=True)),
        "sort by name": (by("score"), by("name")),
        "sort by label": (by("name"), by("label")),
        "filter by label": (everything, good),
        "filter by verdict": (everything, to(ItemFilter(verdicts=frozenset({Verdict.NG})))),
        "filter by defect type": (everything, to(ItemFilter(defect_types=frozenset({"dent"})))),
        "filter by text": (everything, to(ItemFilter(text="part_12"))),
        "take the filter off": (good, everything),
        "move the threshold": (thresholds(0.4, 0.6), thresholds(0.5, 0.5)),
    }


def measure(count: int) -> None:
    application = QApplication.instance() or QApplication([])
    print(f"{count:,} items, {_SIZE[0]} x {_SIZE[1]}, {application.platformName()}")
    times = []
    for _ in range(_ROUNDS):
        browser, clock, milliseconds = first_paint(count)
        times.append(milliseconds)
        browser.hide()
    _line("first paint", times, FIRST_PAINT_LIMIT)
    begin = time.perf_counter()
    browser.model.rows.prepare()
    print(f"  prepared beside the window in {(time.perf_counter() - begin) * 1000:.0f} ms")
    browser.show()
    for name, (before, act) in acts(browser).items():
        times = []
        for _ in range(_ROUNDS):
            clock.milliseconds(before)
            times.append(clock.milliseconds(act))
        _line(name, times, ACT_LIMIT)
    browser.go_to(0)
    _line("select all", [clock.milliseconds(browser.gallery.selectAll)])
    browser.hide()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    measure(parser.parse_args().items)


if __name__ == "__main__":
    main()
