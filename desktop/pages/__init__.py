"""The pages of the window, in the order of the work."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop.pages.page import Page

# key: "module:class". A line here and a line in `desktop.actions` make a new tab.
PAGES: Final[dict[str, str]] = {
    "data": "desktop.pages.data:DataPage",
    "train": "desktop.pages.train:TrainPage",
    "review": "desktop.pages.review:ReviewPage",
    "report": "desktop.pages.report:ReportPage",
}


def page_class(key: str) -> type[Page]:
    """The class of page `key`. Raises KeyError for an unknown key."""
    module, _, name = PAGES[key].partition(":")
    found: type[Page] = getattr(importlib.import_module(module), name)
    return found
