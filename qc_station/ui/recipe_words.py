"""What the Recipes page says of fields, values and revisions. Knows no widgets and no services.

Every function looks its text up at the moment of the call, so that a language switch shows.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from qc_station.domain.golden import GoldenSet
from qc_station.domain.recipe import DefectClass, Limits, Recipe, Storage
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.roi import Roi
from qc_station.domain.triggers import TriggerMode
from qc_station.ui.messages import count, number, percent, plain_class_title

translate = QCoreApplication.translate


def field_title(name: str) -> str:
    """A field of a recipe; the field's own name for one that has no words yet."""
    return {
        "camera": translate("Recipe", "Camera"),
        "limits": translate("Recipe", "Limits"),
        "trigger": translate("Recipe", "Trigger"),
        "interval_ms": translate("Recipe", "Interval"),
        "deadline_ms": translate("Recipe", "Deadline"),
        "stop_after_ng": translate("Recipe", "Stop after NG parts"),
        "model_id": translate("Recipe", "Model"),
        "classes": translate("Recipe", "Defect names"),
        "storage": translate("Recipe", "Pictures kept"),
        "roi": translate("Recipe", "Area inspected"),
        "golden": translate("Recipe", "Golden samples"),
        "reason": translate("Recipe", "Reason"),
    }.get(name, name)


def trigger_title(mode: TriggerMode) -> str:
    """What triggers a part."""
    return {
        TriggerMode.TIMER: translate("Recipe", "At the interval"),
        TriggerMode.KEY: translate("Recipe", "By key or foot switch"),
        TriggerMode.FOLDER: translate("Recipe", "Next picture after each answer"),
    }.get(mode, mode.value)


def keep_title(keep: Keep) -> str:
    """Which pictures are kept."""
    return {
        Keep.ALL: translate("Recipe", "Of all parts"),
        Keep.SAMPLED: translate("Recipe", "Of parts not OK and some OK"),
        Keep.NOT_OK: translate("Recipe", "Only of parts not OK"),
    }[keep]


def station_setting() -> str:
    """In place of a value that the recipe leaves to the station."""
    return translate("Recipe", "as set on the station")


def milliseconds(value: int) -> str:
    """A time with its unit."""
    return translate("Recipe", "{} ms").format(count(value))


def stop_words(parts: int) -> str:
    """After how many NG parts in a row the station stops."""
    return count(parts) if parts else translate("Recipe", "never")


def days_words(days: int | None) -> str:
    """How long pictures are kept."""
    if days is None:
        return translate("Recipe", "for ever")
    return translate("Recipe", "{} days").format(count(days))


def limits_words(limits: Limits | None) -> str:
    """The recipe's limits, or that the model's count."""
    if limits is None:
        return translate("Recipe", "those of the model")
    return translate("Recipe", "OK up to {ok}, NG from {ng} (model {model})").format(
        ok=number(limits.ok), ng=number(limits.ng), model=limits.model_id.rsplit("-", 1)[-1]
    )


def storage_words(storage: Storage) -> str:
    """Which pictures are kept and how long."""
    kept = keep_title(storage.keep)
    if storage.keep is Keep.SAMPLED:
        kept = translate("Recipe", "Of parts that are not OK, and of one in {} OK parts").format(
            count(storage.every)
        )
    return f"{kept}, {days_words(storage.days)}"


def classes_words(classes: tuple[DefectClass, ...]) -> str:
    """Every class with its names."""
    if not classes:
        return translate("Recipe", "none of its own")
    return "; ".join(f"{item.class_id}: {item.en or '–'} / {item.fr or '–'}" for item in classes)


def roi_words(roi: Roi | None) -> str:
    """The part of the picture, in per cent of its sides."""
    if roi is None:
        return translate("Recipe", "the whole picture")
    return translate("Recipe", "{width} × {height} of the picture, from {x} and {y}").format(
        width=percent(roi.width), height=percent(roi.height), x=percent(roi.x), y=percent(roi.y)
    )


def golden_words(golden: GoldenSet | None) -> str:
    """The names of the samples and when they are checked."""
    if golden is None or not golden.samples:
        return translate("Recipe", "none")
    words = ", ".join(sample.name for sample in golden.samples)
    if golden.interval_h:
        words += translate("Recipe", "; every {n} h").format(n=golden.interval_h)
    if golden.at_shift_start:
        words += translate("Recipe", "; at each shift's start")
    return words


def value_words(recipe: Recipe, name: str) -> str:
    """The value of one field of a recipe, for the list of differences."""
    value = getattr(recipe, name)
    match name:
        case "camera":
            return str(value)
        case "limits":
            return limits_words(value)
        case "roi":
            return roi_words(value)
        case "golden":
            return golden_words(value)
        case "classes":
            return classes_words(value)
        case "storage":
            return storage_words(value)
        case "model_id":
            return value or translate("Recipe", "the active one")
    if value is None:
        return station_setting()
    if name == "trigger":
        return trigger_title(value)
    if name == "stop_after_ng":
        return stop_words(value)
    return milliseconds(value) if name.endswith("_ms") else str(value)


def when(moment: datetime) -> str:
    """Local date and time, short."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def damage_sentence(recipe: Recipe) -> str:
    """Which stored fields could not be read; empty when all could."""
    if not recipe.damaged:
        return ""
    names = ", ".join(field_title(item.name) for item in recipe.damaged)
    return translate(
        "Recipe",
        "Damaged in the database and therefore at its default: {}. Check it and save a revision.",
    ).format(names)


def product_title(name: str) -> str:
    """A product as people say it."""
    return plain_class_title(name)
