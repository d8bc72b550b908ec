"""What is inspected and how: one product's recipe. Pure data, knows no files and no SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from qc_station.domain.golden import GoldenSet
from qc_station.domain.recipe_fields import (
    EVERYTHING,
    LONGEST_NAME,
    DamagedField,
    DefectClass,
    Limits,
    RecipeError,
    Storage,
    classes_value,
    in_range,
    limits_value,
    no_repeats,
    read_classes,
    read_limits,
    read_number,
    read_storage,
    read_text,
    read_trigger,
    storage_value,
)
from qc_station.domain.roi import Roi, read_roi, roi_value
from qc_station.domain.triggers import TriggerMode

__all__ = ["DefectClass", "Limits", "Recipe", "RecipeError", "Storage", "changed_fields"]

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "reason": read_text,
    "limits": read_limits,
    "trigger": read_trigger,
    "interval_ms": read_number("interval_ms"),
    "deadline_ms": read_number("deadline_ms"),
    "stop_after_ng": read_number("stop_after_ng"),
    "model_id": read_text,
    "classes": read_classes,
    "storage": read_storage,
    "roi": read_roi,
    "golden": GoldenSet.from_settings,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """One product's set-up. A change makes a new ``revision``; old ones are kept.

    ``camera`` is a camera address ("folder:/pictures", "opencv:0"). ``reason`` and ``created_by``
    say why and by whom this revision was made. ``trigger`` to ``stop_after_ng`` are None where the
    station's own setting counts; ``model_id`` is the version to inspect with, None for the one
    that is active; ``roi`` is the part of the picture that the next model is taught on, None for
    all. ``damaged`` names stored fields that could not be read. Raises RecipeError.
    """

    name: str
    camera: str
    revision: int
    created_at: datetime
    created_by: str = ""
    reason: str = ""
    limits: Limits | None = None
    trigger: TriggerMode | None = None
    interval_ms: int | None = None
    deadline_ms: int | None = None
    stop_after_ng: int | None = None
    model_id: str | None = None
    classes: tuple[DefectClass, ...] = ()
    storage: Storage = EVERYTHING
    roi: Roi | None = None
    golden: GoldenSet | None = None
    damaged: tuple[DamagedField, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for name in ("interval_ms", "deadline_ms", "stop_after_ng"):
            if getattr(self, name) is not None:
                in_range(name, getattr(self, name))
        no_repeats(self.classes)

    def limits_for(self, model_id: str) -> Limits | None:
        """The limits that decide with this model; None where its own do."""
        return self.limits if self.limits and self.limits.model_id == model_id else None

    def to_settings(self) -> dict[str, Any]:
        """What has no column of its own, as JSON values; ``from_settings`` reads it again."""
        return {
            "reason": self.reason,
            "limits": limits_value(self.limits),
            "trigger": self.trigger and self.trigger.value,
            "interval_ms": self.interval_ms,
            "deadline_ms": self.deadline_ms,
            "stop_after_ng": self.stop_after_ng,
            "model_id": self.model_id,
            "classes": classes_value(self.classes),
            "storage": storage_value(self.storage),
            "roi": roi_value(self.roi),
            "golden": self.golden and self.golden.to_settings(),
        }

    @classmethod
    def from_settings(
        cls,
        name: str,
        camera: str,
        revision: int,
        created_at: datetime,
        created_by: str,
        settings: Mapping[str, Any],
    ) -> Recipe:
        """A stored revision, field by field.

        What an older program did not write keeps its default, what a newer one wrote is passed
        over, and what cannot be read keeps its default and is named in ``damaged``.
        """
        good: dict[str, Any] = {}
        damaged: list[DamagedField] = []
        for key, read in _READERS.items():
            value = settings.get(key)
            if value is None:
                continue
            try:
                good[key] = read(value)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
                damaged.append(DamagedField(key, f"{type(error).__name__}: {error}"))
        return cls(name, camera, revision, created_at, created_by, damaged=tuple(damaged), **good)

    def with_content_of(self, other: Recipe) -> dict[str, Any]:
        """The changes that make this recipe inspect as ``other`` does; for ``replace``."""
        return {name: getattr(other, name) for name in CONTENT}


CONTENT = tuple(
    item.name
    for item in fields(Recipe)
    if item.name not in ("name", "revision", "created_at", "created_by", "reason", "damaged")
)
"""The fields that say how a part is inspected and kept, not where the revision comes from."""


def changed_fields(old: Recipe, new: Recipe) -> list[str]:
    """Names of the fields in which two revisions inspect differently, in the recipe's order."""
    return [name for name in CONTENT if getattr(old, name) != getattr(new, name)]


def check_name(name: str) -> str:
    """The name without spaces around it; RecipeError for one that cannot be a product's."""
    name = name.strip()
    if not name:
        raise RecipeError("name_missing", "Give the product a name first.")
    if len(name) > LONGEST_NAME:
        raise RecipeError(
            "product_name_long", f"The name of a product has at most {LONGEST_NAME} letters."
        )
    return name


def copied(recipe: Recipe, name: str, created_at: datetime, reason: str) -> Recipe:
    """The first revision of another product that is inspected in the same way.

    Limits, a pinned model and golden samples stay behind: they belong to the old product.
    """
    return replace(
        recipe, name=check_name(name), revision=1, created_at=created_at, created_by="",
        reason=reason, limits=None, model_id=None, golden=None, damaged=(),
    )  # fmt: skip
