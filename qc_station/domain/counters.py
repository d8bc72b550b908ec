"""How many parts got which verdict. Pure arithmetic: knows no clock and no SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qc_station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Counters:
    """Parts by verdict since some moment."""

    ok: int = 0
    ng: int = 0
    review: int = 0
    not_inspected: int = 0

    @property
    def total(self) -> int:
        """All parts that were triggered, inspected or not."""
        return self.ok + self.ng + self.review + self.not_inspected

    @property
    def first_pass_yield(self) -> float | None:
        """Share of all triggered parts that were OK at once, in [0, 1]; None before the first."""
        return self.ok / self.total if self.total else None

    def plus(self, verdict: Verdict) -> Counters:
        """The counters after one more part."""
        name = verdict.name.lower()
        return replace(self, **{name: getattr(self, name) + 1})


@dataclass(frozen=True, slots=True)
class Tallies:
    """What the operator sees counted: the running shift, the running lot, the whole log.

    ``lot_name`` is empty while there is no lot.
    """

    shift: Counters = Counters()
    lot: Counters = Counters()
    total: Counters = Counters()
    lot_name: str = ""
