"""Names that recipes give to defect classes, for the whole window. Knows no service.

They are the application's state as Qt's translators are: ``show`` takes other names and tells
every widget with LanguageChange, which each answers with its ``retranslate``.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QLocale

from qc_station.domain.recipe import DefectClass, Recipe

_shown: dict[str, DefectClass] = {}


def name_of(class_id: str) -> str:
    """The name in the current language; empty where no recipe gives one."""
    item = _shown.get(class_id)
    return item.name(QLocale().name()[:2]) if item is not None else ""


def gather(recipes: Iterable[Recipe]) -> dict[str, DefectClass]:
    """Class id → names; a later recipe's name takes the place of an earlier one's."""
    return {item.class_id: item for recipe in recipes for item in recipe.classes}


def show(names: dict[str, DefectClass]) -> None:
    """Uses these names from now on, in every widget that is open."""
    if names == _shown:
        return
    _shown.clear()
    _shown.update(names)
    application = QCoreApplication.instance()
    if application is not None:
        QCoreApplication.postEvent(application, QEvent(QEvent.Type.LanguageChange))
