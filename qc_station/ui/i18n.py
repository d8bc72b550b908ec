"""Language of the window, switched at run time. Knows translation files, no widgets.

Installing or removing a translator sends LanguageChange to every widget; each widget answers with
its ``retranslate``. The default QLocale is switched first, so that numbers follow the language.
"""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

LANGUAGES: dict[str, str] = {"en": "English", "fr": "Français"}
"""Code → the language's own name, which is never translated."""

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
_log = logging.getLogger(__name__)


def system_language() -> str:
    """The language of the desktop if the window speaks it, else English."""
    code = QLocale.system().name().split("_")[0]
    return code if code in LANGUAGES else "en"


class LanguageSwitch(QObject):
    """Holds the installed translators; one per application."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._code = "en"
        self._installed: list[QTranslator] = []
        self._data = b""  # Qt reads translations out of these bytes and keeps no copy

    @property
    def code(self) -> str:
        """``en`` or ``fr``."""
        return self._code

    def switch(self, code: str) -> None:
        """Shows the window in ``code``; "system" follows the desktop, unknown codes are English."""
        if code == "system":
            code = system_language()
        if code not in LANGUAGES:
            _log.warning("language %r is not known, using English", code)
            code = "en"
        if code == self._code and (self._installed or code == "en"):
            QLocale.setDefault(QLocale(_LOCALES[code]))
            return
        self._code = code
        QLocale.setDefault(QLocale(_LOCALES[code]))
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = self._load(code)
        for translator in self._installed:
            QCoreApplication.installTranslator(translator)
        self.changed.emit(code)

    def remove(self) -> None:
        """Takes the translators away again (tests)."""
        self.switch("en")

    def _load(self, code: str) -> list[QTranslator]:
        if code == "en":
            return []
        found = []
        qt = QTranslator(self)
        if qt.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            found.append(qt)
        own = QTranslator(self)
        file = resources.files("resources").joinpath("translations", f"{code}.qm")
        if file.is_file():
            self._data = file.read_bytes()
        if file.is_file() and own.load(self._data):
            found.append(own)
        else:
            _log.error("the translation file %s.qm is missing or damaged; texts stay English", code)
        return found


def sources() -> list[Path]:
    """Python files whose texts are translated; for the translation tools and their test."""
    package = Path(str(resources.files("qc_station")))
    return sorted(package.rglob("*.py"))
