"""Golden samples: parts whose verdict is known, and what they say of the station. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from qc_station.domain.state import StateReason
from qc_station.domain.verdict import Inspection, Verdict

SECONDS_A_SAMPLE = 18
"""Ten samples in three minutes."""
BAND = 0.3
"""Half a proposed band's width, as a share of the score or the OK limit, whichever is larger."""
MOST_HOURS = 168


@dataclass(frozen=True, slots=True)
class GoldenSample:
    """One sample in its box: name, known verdict, and the scores that ``model_id`` gives it.

    The band [low, high] holds for that model only: another one's scores mean something else, so
    with another model the verdict alone is checked. The picture is a copy of its own, relative to
    the station's home. Raises ValueError.
    """

    name: str
    expected: Verdict
    low: float
    high: float
    model_id: str
    image_path: str
    sha256: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a golden sample needs a name")
        if self.expected not in (Verdict.OK, Verdict.NG):
            raise ValueError("a golden sample is known to be OK or NG")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError("the lower end of the score band must lie at or below the upper end")

    def band_for(self, model_id: str | None) -> tuple[float, float] | None:
        """The scores to expect of this model; None where only the verdict can be checked."""
        return (self.low, self.high) if model_id == self.model_id else None

    def fits(self, verdict: Verdict, score: float | None, model_id: str | None) -> bool:
        """Whether the station's answer is the expected one."""
        band = self.band_for(model_id)
        if verdict is not self.expected:
            return False
        return band is None or (score is not None and band[0] <= score <= band[1])


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """A recipe's samples and when they are to be checked.

    ``interval_h`` 0: no interval. ``since`` is when the set got its first sample: the first check
    is due an interval, or a shift start, after that.
    """

    samples: tuple[GoldenSample, ...] = ()
    interval_h: int = 0
    at_shift_start: bool = False
    since: datetime | None = None

    def __post_init__(self) -> None:
        names = [sample.name.casefold() for sample in self.samples]
        if len(set(names)) != len(names):
            raise ValueError("two golden samples of a product cannot have the same name")
        if not 0 <= self.interval_h <= MOST_HOURS:
            raise ValueError(f"the interval must lie between 0 and {MOST_HOURS} hours")

    def with_samples(self, samples: tuple[GoldenSample, ...], now: datetime) -> GoldenSet:
        """The set with other samples; its time begins with the first one."""
        since = self.since if self.samples else now
        return replace(self, samples=samples, since=since if samples else None)

    def due_at(self, good_at: datetime | None, shift_start: datetime) -> datetime | None:
        """When the next check is due, after one that was good at ``good_at``; None for never."""
        start = max((at for at in (good_at, self.since) if at is not None), default=None)
        if not self.samples or start is None:
            return None
        due = [start + timedelta(hours=self.interval_h)] if self.interval_h else []
        if self.at_shift_start and start < shift_start:
            due.append(shift_start)
        return min(due, default=None)

    def to_settings(self) -> dict[str, Any]:
        """JSON values; ``from_settings`` reads them again."""
        return {
            "samples": [
                {
                    "name": one.name, "expected": one.expected.value, "low": one.low,
                    "high": one.high, "model_id": one.model_id, "image_path": one.image_path,
                    "sha256": one.sha256,
                }
                for one in self.samples
            ],
            "interval_h": self.interval_h,
            "at_shift_start": self.at_shift_start,
            "since": self.since.isoformat() if self.since else None,
        }  # fmt: skip

    @classmethod
    def from_settings(cls, stored: Mapping[str, Any]) -> GoldenSet:
        """What ``to_settings`` gave."""
        since = stored.get("since")
        return cls(
            tuple(
                GoldenSample(**{**one, "expected": Verdict(one["expected"])})
                for one in stored["samples"]
            ),
            stored["interval_h"],
            stored["at_shift_start"],
            datetime.fromisoformat(since) if since else None,
        )


def proposed_band(part: Inspection) -> tuple[float, float]:
    """A band around a part's score: ± 30 % of the score or the OK limit. ValueError for no score.

    The limit gives the scale where the score itself is next to nothing.
    """
    if part.score is None or part.model_id is None:
        raise ValueError("this part has no score: inspect it first")
    reach = BAND * max(abs(part.score), abs(part.ok_limit or 0.0))
    low = part.score - reach
    return (max(0.0, low) if part.score >= 0 else low), part.score + reach


class CheckResult(StrEnum):
    """How a check ended, or what stands in its place."""

    PASSED = "passed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RELEASED = "released"  # no check: a maintainer released the station, with a reason


class RetryReason(StrEnum):
    """Why a sample was laid in once more."""

    MISPLACED = "misplaced"
    WRONG_SAMPLE = "wrong_sample"
    DIRTY = "dirty"


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What the station answered for one sample; its last try. ``retried`` says why once more."""

    name: str
    expected: Verdict
    verdict: Verdict
    score: float | None
    band: tuple[float, float] | None
    passed: bool
    inspection_id: str
    retried: RetryReason | None = None

    def to_details(self) -> dict[str, object]:
        """For the audit log."""
        return {
            "name": self.name,
            "expected": self.expected.value,
            "verdict": self.verdict.value,
            "score": self.score,
            "band": list(self.band) if self.band else None,
            "passed": self.passed,
            "inspection_id": self.inspection_id,
            "retried": self.retried.value if self.retried else None,
        }


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One finished check or release as the audit log keeps it; ``reason`` is a release's."""

    recipe: str
    result: CheckResult
    at: datetime
    by: str
    check_id: str = ""
    model_id: str | None = None
    failed: tuple[str, ...] = ()
    checked: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a product stands with its checks."""

    block: StateReason = StateReason.NONE
    due_at: datetime | None = None
    last: CheckRecord | None = None  # passed, failed or released; not cancelled
    good_at: datetime | None = None  # of the last check that was passed
    samples: int = 0


def standing(
    golden: GoldenSet | None,
    records: tuple[CheckRecord, ...],
    now: datetime,
    shift_start: datetime,
) -> Standing:
    """Whether the station is released; ``records`` of the product, newest first.

    A failed check blocks until one is passed or a maintainer releases; a release counts until the
    next check is due, and is no good check: the parts since the last good one stay in doubt.
    """
    decisive = [one for one in records if one.result is not CheckResult.CANCELLED]
    last = decisive[0] if decisive else None
    good_at = next((one.at for one in decisive if one.result is CheckResult.PASSED), None)
    if golden is None or not golden.samples:
        return Standing(last=last, good_at=good_at)
    failed = last is not None and last.result is CheckResult.FAILED
    due_at = golden.due_at(last.at if last is not None and not failed else good_at, shift_start)
    block = StateReason.NONE
    if failed:
        block = StateReason.GOLDEN_FAILED
    elif due_at is not None and due_at <= now:
        block = StateReason.GOLDEN_OVERDUE
    return Standing(block, due_at, last, good_at, len(golden.samples))
