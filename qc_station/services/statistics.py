"""Figures of production over any time range and recipe, read from the log. Any thread, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from db.records import AnswerCount, Bin, VerdictCount
from db.repositories.inspections import InspectionRepository
from db.repositories.statistics import StatisticsRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.production_report import (
    Answers,
    Bucket,
    Latency,
    ProductionReport,
    ScoreSpread,
)
from qc_station.domain.quality_figures import pareto, quantile
from qc_station.domain.time_buckets import bucket_edges, bucket_step
from qc_station.domain.verdict import Label, Verdict
from qc_station.services.permits import Require, allow_everything

Bins = list[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class _Figures:
    verdicts: list[VerdictCount]
    answers: list[AnswerCount]
    latency: list[Bin]
    scores: list[Bin]
    defects: dict[str, int]


class StatisticsService:
    """Aggregates in SQL, one transaction per report, so that its figures belong together."""

    def __init__(self, store: Store, require: Require = allow_everything) -> None:
        """``store`` is the open database."""
        self._store = store
        self._require = require

    def recipes(self) -> list[str]:
        """Recipe names that occur in the log."""
        return self._store.read(lambda session: InspectionRepository(session).recipes())

    def report(
        self,
        start: datetime,
        end: datetime,
        recipe: str | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> ProductionReport | None:
        """Figures of the parts captured from ``start`` (included) to ``end`` (excluded).

        ``wanted`` is asked between the queries; None as soon as nobody waits any more. Raises
        ValueError for an empty range, StoreError when the store fails, and AccessError.
        """
        self._require(Action.VIEW_RECORDS)
        edges = bucket_edges(start, end, bucket_step(start, end))

        return self._store.read(lambda session: read_report(session, edges, recipe, wanted))


def read_report(
    session: Session,
    edges: list[datetime],
    recipe: str | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> ProductionReport | None:
    """The report in a transaction that somebody else has begun; see StatisticsService.report."""
    repository = StatisticsRepository(session, edges, recipe)
    verdicts = repository.verdicts()
    answers = repository.answers() if wanted() else []
    latency = repository.latency_bins() if wanted() else []
    scores = repository.score_bins() if wanted() else []
    defects = repository.defects() if wanted() else {}
    if not wanted():
        return None
    figures = _Figures(verdicts, answers, latency, scores, defects)
    return ProductionReport(
        edges[0], edges[-1], recipe, _buckets(edges, figures), pareto(defects),
        _latency(_merged(latency)), _several_recipes(verdicts),
    )  # fmt: skip


def _buckets(edges: list[datetime], figures: _Figures) -> tuple[Bucket, ...]:
    found = [Bucket(low, high) for low, high in pairwise(edges)]
    latency, scores = _by_bucket(figures.latency), _by_bucket(figures.scores)
    limits = _limits(figures.verdicts)
    for row in figures.verdicts:
        before = found[row.bucket]
        verdict = Verdict(row.verdict).name.lower()
        counts = replace(before.counts, **{verdict: row.count})
        found[row.bucket] = replace(before, counts=counts)
    for answer in figures.answers:
        before = found[answer.bucket]
        found[answer.bucket] = replace(before, answers=before.answers + _judged(answer))
    for index, bucket in enumerate(found):
        ok_limit, ng_limit = limits.get(index, (None, None))
        found[index] = replace(
            bucket,
            latency=_latency(latency.get(index, [])),
            scores=_spread(scores.get(index, [])),
            ok_limit=ok_limit,
            ng_limit=ng_limit,
        )
    return tuple(found)


def _judged(row: AnswerCount) -> Answers:
    """A machine's decision beside an expert's answer."""
    label, verdict = Label(row.label), Verdict(row.verdict)
    if label is Label.CANNOT_TELL:
        return Answers()
    if verdict is Verdict.NG:
        return Answers(row.count if label is Label.GOOD else 0, row.count, 0, 0)
    if verdict is Verdict.OK:
        defective = label is Label.DEFECT
        return Answers(
            0, 0, row.count if defective else 0, row.count, row.drawn if defective else 0, row.drawn
        )
    return Answers()


def _limits(rows: Iterable[VerdictCount]) -> dict[int, tuple[float | None, float | None]]:
    """Mean OK and NG limit of each bucket, over the parts that have one."""
    sums: dict[int, list[float]] = {}
    for row in rows:
        four = sums.setdefault(row.bucket, [0.0, 0.0, 0.0, 0.0])
        for place, limit in ((0, row.ok_limit), (2, row.ng_limit)):
            if limit is not None:
                four[place] += limit * row.count
                four[place + 1] += row.count
    return {
        bucket: (ok / n_ok if n_ok else None, ng / n_ng if n_ng else None)
        for bucket, (ok, n_ok, ng, n_ng) in sums.items()
    }


def _by_bucket(bins: Iterable[Bin]) -> dict[int, Bins]:
    found: dict[int, Bins] = {}
    for one in bins:
        found.setdefault(one.bucket, []).append((one.value, one.count))
    return found


def _merged(bins: Iterable[Bin]) -> Bins:
    return sorted((one.value, one.count) for one in bins)


def _latency(bins: Bins) -> Latency | None:
    return Latency(*(quantile(bins, share) for share in (0.5, 0.95, 0.99))) if bins else None


def _spread(bins: Bins) -> ScoreSpread | None:
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    return ScoreSpread(*(quantile(bins, share) for share in shares)) if bins else None


def _several_recipes(rows: Iterable[VerdictCount]) -> bool:
    names = {name for row in rows for name in (row.first_recipe, row.last_recipe)}
    return len(names) > 1
