"""What two limits do to parts whose scores are known: escapes, overkill, review load, changes.

Pure arithmetic on raw scores; knows no log and no window. A score of at most ``ok`` is OK, above
``ng`` NG, between them REVIEW; a part that looks unlike anything seen is never OK.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qc_station.domain.quality_figures import CONFIDENCE, Share
from qc_station.domain.verdict import Verdict

Scores = NDArray[np.float64]
JUDGED = (Verdict.OK, Verdict.REVIEW, Verdict.NG)
"""Verdicts that follow from a score, in rising order."""
TARGET_RATE = 0.01
"""The escape rate for which the page says how many defects it takes."""


@dataclass(frozen=True, slots=True)
class LimitPair:
    """Two limits on the raw score; ValueError unless both are finite and ``ok <= ng``."""

    ok: float
    ng: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ok) and math.isfinite(self.ng) and self.ok <= self.ng):
            raise ValueError("the OK limit must lie at or below the NG limit")


@dataclass(frozen=True, slots=True, eq=False)
class ScoreSet:
    """Scores of some parts, each list in rising order; ``novel`` ones look unlike any part seen."""

    known: Scores
    novel: Scores = field(default_factory=lambda: np.empty(0))

    @classmethod
    def of(cls, known: Scores, novel: Scores | None = None) -> ScoreSet:
        """Sorts float64 scores [n]."""
        return cls(np.sort(known), np.sort(novel) if novel is not None else np.empty(0))

    def __len__(self) -> int:
        return len(self.known) + len(self.novel)

    @property
    def all(self) -> Scores:
        """Every score, unsorted."""
        return np.concatenate([self.known, self.novel])

    def count(self, pair: LimitPair) -> dict[Verdict, int]:
        """How many parts would get each verdict."""
        ok = int(np.searchsorted(self.known, pair.ok, side="right"))
        not_ng = int(np.searchsorted(self.known, pair.ng, side="right"))
        novel_not_ng = int(np.searchsorted(self.novel, pair.ng, side="right"))
        ng = len(self) - not_ng - novel_not_ng
        return {Verdict.OK: ok, Verdict.REVIEW: not_ng - ok + novel_not_ng, Verdict.NG: ng}


@dataclass(frozen=True, slots=True)
class Figures:
    """What two limits do to the reviewed parts: escaped defects of all defects, good parts called
    NG of all good parts, parts between the limits of all."""

    escape: Share
    overkill: Share
    review: Share


@dataclass(frozen=True, slots=True, eq=False)
class ReviewedScores:
    """Parts of one model with an expert's answer, and how many of them had which verdict."""

    good: ScoreSet
    defective: ScoreSet
    verdicts: dict[Verdict, int]

    @property
    def parts(self) -> int:
        """Good and defective parts."""
        return len(self.good) + len(self.defective)

    def figures(self, pair: LimitPair) -> Figures:
        """Escape and overkill rate and review load of these parts at two limits."""
        good, defective = self.good.count(pair), self.defective.count(pair)
        return Figures(
            Share(defective[Verdict.OK], len(self.defective)),
            Share(good[Verdict.NG], len(self.good)),
            Share(good[Verdict.REVIEW] + defective[Verdict.REVIEW], self.parts),
        )


@dataclass(frozen=True, slots=True, eq=False)
class LoggedScores:
    """Parts of one model from the log, by the verdict they got, and how many were not inspected."""

    by_verdict: dict[Verdict, ScoreSet]
    not_inspected: int = 0

    @property
    def parts(self) -> int:
        """Parts with a score."""
        return sum(len(scores) for scores in self.by_verdict.values())

    def replay(self, pair: LimitPair) -> Replay:
        """What the parts would have got with these limits."""
        return Replay({was: scores.count(pair) for was, scores in self.by_verdict.items()})


@dataclass(frozen=True, slots=True)
class Replay:
    """``moves[was][would]`` parts; the diagonal keeps its verdict.

    A part that was NG may look unlike anything seen without the log saying so: the engine would
    send it to REVIEW where this says OK.
    """

    moves: dict[Verdict, dict[Verdict, int]]

    def was(self, verdict: Verdict) -> int:
        """Parts that got this verdict."""
        return sum(self.moves.get(verdict, {}).values())

    def would(self, verdict: Verdict) -> int:
        """Parts that would have got it."""
        return sum(row.get(verdict, 0) for row in self.moves.values())

    @property
    def changed(self) -> int:
        """Parts with another verdict."""
        return sum(
            count for was, row in self.moves.items() for would, count in row.items() if was != would
        )

    @property
    def parts(self) -> int:
        """All parts."""
        return sum(self.was(verdict) for verdict in JUDGED)

    @property
    def review(self) -> Share:
        """Review load: parts that would have gone to REVIEW, of all."""
        return Share(self.would(Verdict.REVIEW), self.parts)


def score_range(would: Verdict, pair: LimitPair) -> tuple[float | None, float | None]:
    """Scores (above, up to) that get a verdict; None where there is no bound."""
    return {
        Verdict.OK: (None, pair.ok),
        Verdict.REVIEW: (pair.ok, pair.ng),
        Verdict.NG: (pair.ng, None),
    }[would]


def rate_with_no_miss(parts: int, confidence: float = CONFIDENCE) -> float | None:
    """The smallest rate that ``parts`` without a single miss support, 1 - (1 - c) ** (1 / n)
    (Clopper and Pearson 1934, one-sided: 5 % needs 59 parts, 1 % 299); None without parts."""
    return 1.0 - (1.0 - confidence) ** (1.0 / parts) if parts > 0 else None


def parts_for(rate: float, confidence: float = CONFIDENCE) -> int:
    """Parts without a miss that it takes to support ``rate`` in (0, 1)."""
    return math.ceil(math.log(1.0 - confidence) / math.log1p(-rate) - 1e-9)


def raises_escape_bound(reviewed: ReviewedScores, now: LimitPair, then: LimitPair) -> bool:
    """Whether a change lets more of the reviewed defects pass, so that the bound of the escape
    rate rises; without reviewed defects, whether it raises the OK limit at all."""
    if not len(reviewed.defective):
        return then.ok > now.ok
    before, after = (reviewed.figures(pair).escape.interval for pair in (now, then))
    return before is not None and after is not None and after[1] > before[1]
