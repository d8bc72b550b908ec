"""A taught model as the station knows it, and how sure its figures are. No engine, no files."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qc_station.domain.roi import Roi


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured rate with its 95 % interval; all in [0, 1]. ``n`` is the number of parts."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    method: str = ""


@dataclass(frozen=True, slots=True)
class LimitClaim:
    """What a limit promises: at most ``rate`` of the parts lie on its wrong side.

    The parts are good ones above the limit, or with ``of_defects`` defects at or below it.
    ``supported`` is the tightest rate that ``n`` calibration parts can support at all
    (conformal bound, 1 / (n + 1)); a rate below it is asked for but not proven.
    """

    limit: float
    rate: float | None
    n: int
    supported: float | None
    of_defects: bool = False

    @property
    def is_supported(self) -> bool:
        """True when there were enough calibration parts for the rate that was asked."""
        return self.rate is not None and self.supported is not None and self.rate >= self.supported


def tightest_rate(n: int) -> float | None:
    """Smallest rate a split-conformal bound can claim from ``n`` parts; None without any."""
    return 1.0 / (n + 1) if n > 0 else None


def parts_needed(rate: float) -> int:
    """Fewest calibration parts that support ``rate`` (5 % needs 19, 1 % needs 99)."""
    return max(1, math.ceil(round(1.0 / rate, 9)) - 1)


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One model bundle in the station's library. Limits are raw scores (>= 0, unbounded)."""

    model_id: str
    path: Path
    recipe: str
    product: str
    model: str
    created_at: datetime
    classes: tuple[str, ...]
    n_good: int
    n_defect: int
    ok_claim: LimitClaim
    ng_claim: LimitClaim
    metrics: dict[str, Estimate] = field(default_factory=dict)
    parent: str | None = None
    taught_from: str | None = None
    active: bool = False
    activated_at: datetime | None = None
    roi: Roi | None = None  # the part of the picture that it looks at; None: all of it

    @property
    def ok_limit(self) -> float:
        """Scores up to this are OK."""
        return self.ok_claim.limit

    @property
    def ng_limit(self) -> float:
        """Scores above this are NG; between the two limits the part goes to REVIEW."""
        return self.ng_claim.limit

    @property
    def short_name(self) -> str:
        """The part of the id that tells two versions of one product apart (its last piece)."""
        return self.model_id.rsplit("-", 1)[-1]
