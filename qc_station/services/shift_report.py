"""Gathers what a shift amounts to from the log and the audit log. Any thread, no Qt."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from db.records import AuditRecord
from db.repositories.audit import AuditRepository
from db.repositories.statistics import StatisticsRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.quality_figures import Share
from qc_station.domain.shift_report import Alarm, ModelUse, ShiftReport
from qc_station.domain.time_buckets import bucket_edges
from qc_station.domain.verdict import Reason
from qc_station.services import alarms as alarm_log
from qc_station.services import golden_release
from qc_station.services.export import safe_cell
from qc_station.services.permits import Require, allow_everything
from qc_station.services.shifts import Shift
from qc_station.services.statistics import read_report

BUCKET = timedelta(hours=1)
LOOK_BACK = timedelta(days=1)
"""Who logged in, or what failed, so long before the shift and still lasts is seen."""
LOG_IN = "log_in"
ENDS = ("log_out", "idle_lock")


class ShiftReportService:
    """One read transaction per report, so that its figures belong together."""

    def __init__(
        self,
        store: Store,
        station: Callable[[], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        require: Require = allow_everything,
    ) -> None:
        """``station`` gives the name under which alarms and checks are written down."""
        self._store = store
        self._station = station
        self._clock = clock
        self._require = require

    def report(self, shift: Shift) -> ShiftReport:
        """Everything of a shift, up to now where it goes on. StoreError and AccessError.

        ValueError for a shift that has not begun.
        """
        self._require(Action.VIEW_RECORDS)
        now, name = self._clock(), self._station()
        last = min(shift.end, now)
        edges = bucket_edges(shift.start, last, BUCKET)

        def work(session: Session) -> ShiftReport:
            production = read_report(session, edges)
            assert production is not None  # it is wanted to the end
            figures = StatisticsRepository(session, edges, None)
            reasons = sorted(figures.not_inspected().items(), key=lambda pair: -pair[1])
            audit = AuditRepository(session)
            seen_from = shift.start - LOOK_BACK
            checks = tuple(
                golden_release.to_check(event)
                for event in audit.between(shift.start, last, golden_release.ACTIONS)
                if event.subject.endswith(f"@{name}")
            )
            raised = audit.between(seen_from, last + LOOK_BACK, alarm_log.ACTIONS)
            sessions = audit.between(seen_from, last, (LOG_IN, *ENDS))
            return ShiftReport(
                station=name,
                start=shift.start,
                end=shift.end,
                made_at=now,
                production=production,
                people=_people(sessions, (check.by for check in checks), shift.start),
                not_inspected=tuple((Reason(reason), count) for reason, count in reasons),
                alarms=_alarms(raised, name, shift.start, last),
                checks=checks,
                models=tuple(ModelUse(*use) for use in figures.models()),
            )

        return self._store.read(work)


def _alarms(
    events: Iterable[AuditRecord], station: str, start: datetime, last: datetime
) -> tuple[Alarm, ...]:
    """Alarms that lasted into the shift or began in it; the last one without an end lasts."""
    found: list[Alarm] = []
    for event in events:
        if json.loads(event.details).get("station") != station:
            continue
        if event.action == alarm_log.RAISED:
            found.append(Alarm(event.subject, event.at))
        elif found and found[-1].end is None and found[-1].reason == event.subject:
            found[-1] = Alarm(event.subject, found[-1].start, event.at)
    # A program that was killed wrote no end: the next alarm shows that it came back.
    ended = [
        Alarm(one.reason, one.start, following.start if one.end is None else one.end)
        for one, following in pairwise(found)
    ]
    return tuple(
        one
        for one in (*ended, *found[-1:])
        if one.start < last and (one.end is None or one.end > start)
    )


def _people(
    events: Iterable[AuditRecord], others: Iterable[str], start: datetime
) -> tuple[str, ...]:
    """Who was logged in at some time of the shift, and who checked samples, by first appearance."""
    names: dict[str, None] = {}
    at_work: str | None = None
    for event in events:
        if event.at >= start and at_work is not None:
            names.setdefault(at_work)
        at_work = event.actor if event.action == LOG_IN else None
        if event.at >= start and at_work is not None:
            names.setdefault(at_work)
    if at_work is not None:
        names.setdefault(at_work)
    return tuple(dict.fromkeys((*names, *others)))


# -- as a table ------------------------------------------------------------------------------------


def report_csv(report: ShiftReport) -> bytes:
    """section, item, value, detail; UTF-8 with BOM, formula-safe, times in UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("section", "item", "value", "detail"))
    for row in _rows(report):
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _rows(report: ShiftReport) -> Iterator[tuple[str, str, str, str]]:
    production = report.production
    counts, answers = production.counts, production.answers
    yield "shift", "station", report.station, ""
    yield "shift", "from", _time(report.start), ""
    yield "shift", "to", _time(report.end), "complete" if report.complete else "still going on"
    yield "shift", "made_at", _time(report.made_at), ""
    for product in report.products:
        yield "shift", "product", product, ""
    for person in report.people:
        yield "shift", "person", person, ""
    for name, count in (
        ("parts", counts.total), ("ok", counts.ok), ("ng", counts.ng), ("review", counts.review),
        ("not_inspected", counts.not_inspected),
    ):  # fmt: skip
        yield "counts", name, str(count), ""
    yield "counts", "first_pass_yield", *_share(Share(counts.ok, counts.total))
    for bar in production.defects:
        yield "defects", bar.name or "without a name", str(bar.count), f"{bar.cumulative:.4f}"
    for reason, count in report.not_inspected:
        yield "not_inspected", reason.value, str(count), ""
    yield "answers", "false_alarms", *_share(Share(answers.false_alarms, answers.reviewed_ng))
    yield "answers", "escapes", *_share(Share(answers.escapes, answers.reviewed_ok))
    for alarm in report.alarms:
        yield "alarms", alarm.reason, _time(alarm.start), _time(alarm.end) if alarm.end else ""
    for check in report.checks:
        told = check.reason or ", ".join(check.failed)
        yield "golden_checks", check.result.value, _time(check.at), f"{check.by}: {told}"
    for use in report.judged_by:
        yield "models", use.model_id, str(use.parts), use.recipe


def _share(share: Share) -> tuple[str, str]:
    value = "" if share.value is None else f"{share.value:.4f}"
    return value, f"{share.count} of {share.of}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
