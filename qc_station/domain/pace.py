"""When parts are triggered, answered and stopped for: the station's own, or a recipe's."""

from __future__ import annotations

from dataclasses import dataclass

from qc_station.domain.recipe import Recipe
from qc_station.domain.triggers import TriggerMode


@dataclass(frozen=True, slots=True)
class Pace:
    """``deadline_ms`` runs from trigger to answer; ``stop_after_ng`` 0: never."""

    trigger: TriggerMode
    interval_ms: int
    deadline_ms: int
    stop_after_ng: int

    def under(self, recipe: Recipe | None) -> Pace:
        """What a recipe asks for, and this where it asks for nothing."""
        if recipe is None:
            return self
        return Pace(
            recipe.trigger or self.trigger,
            self.interval_ms if recipe.interval_ms is None else recipe.interval_ms,
            self.deadline_ms if recipe.deadline_ms is None else recipe.deadline_ms,
            self.stop_after_ng if recipe.stop_after_ng is None else recipe.stop_after_ng,
        )
