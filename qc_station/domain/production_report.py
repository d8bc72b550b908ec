"""What the statistics of a time range consist of. Pure data: knows no SQL and no window."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qc_station.domain.counters import Counters
from qc_station.domain.quality_figures import LaneyChart, ParetoBar, Share, laney_p_chart


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from picture to verdict: median, 95 % and 99 % quantile."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """Quantiles of the raw scores."""

    p05: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True, slots=True)
class Answers:
    """Machine's decisions beside experts' answers, of parts answered good or defect.

    A false alarm is an NG part that an expert called good, an escape an OK part that an expert
    called defective. REVIEW is no decision, "can't tell" no answer: neither is counted.
    ``drawn_ok`` are the OK parts among them that chance chose, ``drawn_escapes`` the defective
    ones of those: only they tell how often an OK is wrong.
    """

    false_alarms: int = 0
    reviewed_ng: int = 0
    escapes: int = 0
    reviewed_ok: int = 0
    drawn_escapes: int = 0
    drawn_ok: int = 0

    def __add__(self, other: Answers) -> Answers:
        return Answers(
            self.false_alarms + other.false_alarms,
            self.reviewed_ng + other.reviewed_ng,
            self.escapes + other.escapes,
            self.reviewed_ok + other.reviewed_ok,
            self.drawn_escapes + other.drawn_escapes,
            self.drawn_ok + other.drawn_ok,
        )


@dataclass(frozen=True, slots=True)
class Bucket:
    """The parts captured from ``start`` (included) to ``end`` (excluded)."""

    start: datetime
    end: datetime
    counts: Counters = field(default_factory=Counters)
    answers: Answers = field(default_factory=Answers)
    latency: Latency | None = None
    scores: ScoreSpread | None = None
    ok_limit: float | None = None
    ng_limit: float | None = None

    @property
    def parts_per_hour(self) -> float:
        """Throughput of all parts, inspected or not."""
        return self.counts.total * 3600.0 / (self.end - self.start).total_seconds()

    def share(self, count: int) -> Share:
        """Of all parts of the bucket."""
        return Share(count, self.counts.total)


@dataclass(frozen=True, slots=True)
class ProductionReport:
    """A time range of one recipe (None: of all). Shares are of all parts, inspected or not, so
    that yield, anomaly, review and not-inspected rate make up the whole.
    """

    start: datetime
    end: datetime
    recipe: str | None
    buckets: tuple[Bucket, ...]
    defects: tuple[ParetoBar, ...] = ()
    latency: Latency | None = None
    several_recipes: bool = False

    @property
    def counts(self) -> Counters:
        """All buckets together."""
        every = [bucket.counts for bucket in self.buckets]
        return Counters(
            sum(c.ok for c in every), sum(c.ng for c in every),
            sum(c.review for c in every), sum(c.not_inspected for c in every),
        )  # fmt: skip

    @property
    def answers(self) -> Answers:
        """All buckets together."""
        return sum((bucket.answers for bucket in self.buckets), Answers())

    @property
    def parts_per_hour(self) -> float:
        """Mean throughput of the whole range, pauses included."""
        return self.counts.total * 3600.0 / (self.end - self.start).total_seconds()

    @property
    def laney(self) -> LaneyChart | None:
        """p′ chart of the NG parts, one subgroup per bucket."""
        return laney_p_chart([(b.counts.ng, b.counts.total) for b in self.buckets])
