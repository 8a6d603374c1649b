"""The language of the window, switched at run time."""

from __future__ import annotations

import logging
from importlib import resources
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.settings import Language

_log = logging.getLogger(__name__)
_CODES: Final = {Language.ENGLISH: "en", Language.KOREAN: "ko"}


def language_code(language: Language) -> str:
    """ "en" or "ko"; the system's language is asked for, and English stands in for all others."""
    if language is not Language.SYSTEM:
        return _CODES[language]
    return "ko" if QLocale.system().language() == QLocale.Language.Korean else "en"


class Languages(QObject):
    """Holds the translators that are installed. Qt sends LanguageChange to every widget after each switch."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application: Final = application
        self._translators: list[QTranslator] = []
        self.code: str = "en"

    def switch(self, language: Language) -> None:
        code = language_code(language)
        self.remove()
        self.code = code
        QLocale.setDefault(QLocale(QLocale.Language.Korean if code == "ko" else QLocale.Language.English))
        if code == "ko":
            self._install("qtbase_ko", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._install("flawscope_ko", str(resources.files("resources") / "translations"))

    def remove(self) -> None:
        for translator in self._translators:
            self._application.removeTranslator(translator)
            translator.deleteLater()
        self._translators.clear()
        self.code = "en"

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self)
        if translator.load(name, folder):
            self._application.installTranslator(translator)
            self._translators.append(translator)
        else:
            _log.warning("translation %s is missing in %s", name, folder)
            translator.deleteLater()
