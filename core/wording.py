"""English source texts in core, and their translation without Qt.

Core marks its texts with `QT_TRANSLATE_NOOP`, under the name that Qt's `lupdate` looks for, so that window, command line and reports
share one translation file. The window translates them through Qt; reports and the command line through `Translator`.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import Final
from xml.etree import ElementTree

LANGUAGES: Final = ("en", "ko")


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name is what lupdate looks for
    """Marks `text` for translation in `context` and returns it unchanged."""
    del context
    return text


@functools.cache
def _catalogue(language: str) -> dict[tuple[str, str], str]:
    if language == "en":
        return {}
    source = resources.files("resources") / "translations" / f"flawscope_{language}.ts"
    root = ElementTree.fromstring(source.read_text(encoding="utf-8"))
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation", "")
        for context in root.iter("context")
        for message in context.iter("message")
    }


class Translator:
    """Looks up texts of one language; a text without translation stays English."""

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"unknown language {language!r}, expected one of {LANGUAGES}")
        self.language: Final = language

    def __call__(self, context: str, text: str, **arguments: object) -> str:
        translated = _catalogue(self.language).get((context, text)) or text
        return translated.format(**arguments) if arguments else translated
