"""What one page tells of a shift. Pure data: knows no SQL, no window and no paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qc_station.domain.golden import CheckRecord
from qc_station.domain.production_report import ProductionReport
from qc_station.domain.verdict import Reason


@dataclass(frozen=True, slots=True)
class Alarm:
    """The station did not inspect from ``start`` to ``end`` (None: it lasts).

    ``reason`` is a StateReason's value.
    """

    reason: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelUse:
    """How many parts of a product a model judged; ``model_id`` "" for parts that nobody judged."""

    recipe: str
    model_id: str
    parts: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """One shift of one station, all products. ``end`` lies in the future while it goes on."""

    station: str
    start: datetime
    end: datetime
    made_at: datetime
    production: ProductionReport
    people: tuple[str, ...] = ()
    not_inspected: tuple[tuple[Reason, int], ...] = ()
    alarms: tuple[Alarm, ...] = ()
    checks: tuple[CheckRecord, ...] = ()
    models: tuple[ModelUse, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the shift was over when the report was made."""
        return self.end <= self.made_at

    @property
    def products(self) -> tuple[str, ...]:
        """What was made, in the order of the first part."""
        return tuple(dict.fromkeys(use.recipe for use in self.models))

    @property
    def judged_by(self) -> tuple[ModelUse, ...]:
        """The models that judged parts."""
        return tuple(use for use in self.models if use.model_id)
