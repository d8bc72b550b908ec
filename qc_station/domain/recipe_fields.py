"""The smaller pieces of a recipe and how stored ones are read. Pure data, no files and no SQL."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qc_station.domain.triggers import TriggerMode

LONGEST_NAME = 80
LONGEST_CLASS_ID = 64  # as for an expert's answer
RANGES: Mapping[str, tuple[int, int]] = {
    "interval_ms": (0, 3_600_000),
    "deadline_ms": (50, 600_000),
    "stop_after_ng": (0, 1000),
    "every": (2, 10_000),
    "days": (1, 36_500),
}
"""Whole numbers of a recipe: the least and the most."""


class RecipeError(ValueError):
    """A recipe that cannot be. ``code`` is for translation, str() says what to do."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params: dict[str, object] = dict(params)


def in_range(name: str, value: int) -> int:
    """The value; RecipeError number_range unless it is a whole number in its range."""
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RecipeError(
            "number_range", f"{name} must be a whole number from {low} to {high}.", field=name
        )
    return value


@dataclass(frozen=True, slots=True)
class DamagedField:
    """One stored field that could not be read; the recipe has its default instead."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Scores at most ``ok`` are OK, scores above ``ng`` are NG, between them is REVIEW.

    They take the place of the limits that the model ``model_id`` was taught with; another model's
    scores mean something else, so they count for that one only. Raises RecipeError unless both
    are finite and ``ok <= ng``.
    """

    model_id: str
    ok: float
    ng: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ok) and math.isfinite(self.ng) and self.ok <= self.ng):
            raise RecipeError("limits_crossed", "The OK limit must lie at or below the NG limit.")


@dataclass(frozen=True, slots=True)
class DefectClass:
    """What a defect class is called. An empty name falls back to the class made readable.

    Raises RecipeError for an id without letters or a name that is too long.
    """

    class_id: str
    en: str = ""
    fr: str = ""

    def __post_init__(self) -> None:
        if not (self.class_id.strip() and self.class_id.isprintable()):
            raise RecipeError("class_id_missing", "Every defect class needs an id.")
        names_fit = max(len(self.en), len(self.fr)) <= LONGEST_NAME
        if len(self.class_id) > LONGEST_CLASS_ID or not names_fit:
            raise RecipeError(
                "class_name_long", f"The name of a defect class has at most {LONGEST_NAME} letters."
            )

    def name(self, language: str) -> str:
        """The name in ``en`` or ``fr``; empty when there is none."""
        return (self.fr if language == "fr" else self.en).strip()


class Keep(StrEnum):
    """Of which parts the pictures are kept."""

    ALL = "all"
    SAMPLED = "sampled"  # all that are not OK, and every n-th OK part
    NOT_OK = "not_ok"


@dataclass(frozen=True, slots=True)
class Storage:
    """Which pictures are kept and how long; ``days`` None: for ever.

    ``every`` counts OK parts and matters with ``Keep.SAMPLED`` only. Raises RecipeError.
    """

    keep: Keep = Keep.ALL
    every: int = 10
    days: int | None = None

    def __post_init__(self) -> None:
        in_range("every", self.every)
        if self.days is not None:
            in_range("days", self.days)

    def keeps_ok(self, number: int) -> bool:
        """Whether the picture of the ``number``-th OK part (from 1) is kept."""
        return self.keep is Keep.ALL or (self.keep is Keep.SAMPLED and number % self.every == 0)


EVERYTHING = Storage()
"""The rule of a product that nobody has set one for."""


def no_repeats(classes: tuple[DefectClass, ...]) -> tuple[DefectClass, ...]:
    """The classes; RecipeError class_twice where one id stands twice."""
    ids = [item.class_id for item in classes]
    for class_id in ids:
        if ids.count(class_id) > 1:
            raise RecipeError(
                "class_twice", f'The defect class "{class_id}" is there twice.', name=class_id
            )
    return classes


# Reading what is stored: each takes a JSON value that is not None and raises ValueError,
# TypeError or KeyError for one it cannot use.


def read_number(name: str) -> Callable[[Any], int]:
    """A reader of whole numbers in the range of ``name``."""
    return lambda value: in_range(name, value)


def read_trigger(value: Any) -> TriggerMode:
    """A trigger mode."""
    return TriggerMode(value)


def read_text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError("must be text")
    return value


def read_limits(value: Any) -> Limits:
    """Limits as ``limits_value`` wrote them."""
    ok, ng = value["ok"], value["ng"]
    if isinstance(ok, bool) or isinstance(ng, bool):
        raise TypeError("a limit must be a number")
    return Limits(read_text(value["model_id"]), float(ok), float(ng))


def limits_value(limits: Limits | None) -> dict[str, Any] | None:
    """Limits as JSON values."""
    if limits is None:
        return None
    return {"model_id": limits.model_id, "ok": limits.ok, "ng": limits.ng}


def read_classes(value: Any) -> tuple[DefectClass, ...]:
    """Defect classes as ``classes_value`` wrote them."""
    found = []
    for class_id, names in value.items():
        en, fr = names.get("en", ""), names.get("fr", "")
        found.append(DefectClass(read_text(class_id), read_text(en), read_text(fr)))
    return tuple(found)


def classes_value(classes: tuple[DefectClass, ...]) -> dict[str, Any]:
    """Defect classes as JSON values: id → language → name."""
    return {item.class_id: {"en": item.en, "fr": item.fr} for item in classes}


def read_storage(value: Any) -> Storage:
    """A storage rule as ``storage_value`` wrote it."""
    return Storage(Keep(value["keep"]), value.get("every", 10), value.get("days"))


def storage_value(storage: Storage) -> dict[str, Any]:
    """A storage rule as JSON values."""
    return {"keep": storage.keep.value, "every": storage.every, "days": storage.days}
