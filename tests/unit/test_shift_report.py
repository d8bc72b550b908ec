"""Shifts, alarms and what the report of a shift says, on a real store."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from db.repositories.audit import AuditRepository
from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.golden import CheckResult
from qc_station.domain.shift_report import Alarm, ModelUse, ShiftReport
from qc_station.domain.state import StateReason
from qc_station.domain.verdict import Inspection, Label, Reason, Verdict
from qc_station.services.alarms import AlarmLog
from qc_station.services.audit import AuditLog
from qc_station.services.export import keep_file
from qc_station.services.image_store import ImageStore
from qc_station.services.permits import AccessError
from qc_station.services.review import ReviewService
from qc_station.services.shift_report import ShiftReportService, report_csv
from qc_station.services.shifts import Shift, shift_at, shift_before, shifts_of
from qc_station.services.verdict_writer import VerdictWriter
from tests.store_support import make_part
from tests.unit.station_rig import LineCamera, StationRig

PARIS = ZoneInfo("Europe/Paris")
THREE = ("06:00", "14:00", "22:00")
START = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
SHIFT = Shift(START, START + timedelta(hours=8))
AFTER = SHIFT.end + timedelta(minutes=3)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


# -- shifts ----------------------------------------------------------------------------------------


def test_shifts_follow_each_other_without_a_gap_also_over_a_change_of_the_clock() -> None:
    shift = shift_at(datetime(2026, 10, 27, 12, 0, tzinfo=UTC), THREE, PARIS)
    for _ in range(12):  # back over the night of 25 October, which has 25 hours
        before = shift_before(shift, THREE, PARIS)
        assert before.end == shift.start and before.start < before.end
        shift = before
    hours = [(one.end - one.start) / timedelta(hours=1) for one in shifts_of(
        date(2026, 10, 24), THREE, PARIS)]  # fmt: skip
    assert hours == [8, 8, 9]


def test_one_shift_start_means_a_shift_of_a_day() -> None:
    shift = shift_at(datetime(2026, 11, 25, 4, 59, tzinfo=UTC), ("06:00",), PARIS)
    assert shift.start == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert shift.end == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


# -- the report ------------------------------------------------------------------------------------


class Records:
    """A store with parts and events at given minutes of the shift."""

    def __init__(self, home: Path) -> None:
        self.store = Store.open(home / "station.sqlite3")
        self.writer = VerdictWriter(self.store, ImageStore(home / "images"), "here")
        self.now = AFTER
        self.allowed = True
        self.service = ShiftReportService(
            self.store, lambda: "here", lambda: self.now, self._require
        )
        self._number = 0

    def _require(self, action: Action) -> None:
        if not self.allowed:
            raise AccessError("not_permitted", "No.", action=action.value)

    def part(self, minutes: float, verdict: Verdict = Verdict.OK, **changes: object) -> Inspection:
        self._number += 1
        changes.setdefault("reason", Reason.ABOVE_NG_LIMIT)
        found = make_part(
            self._number, captured_at=at(minutes), verdict=verdict, image_path=None, **changes
        )
        return self.writer.write(found, None, None)

    def event(self, minutes: float, actor: str, action: str, subject: str, **facts: object) -> None:
        self.store.write(
            lambda session: AuditRepository(session).append(
                at(minutes), actor, action, subject, facts
            )
        )

    def report(self) -> ShiftReport:
        return self.service.report(SHIFT)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    made = Records(tmp_path)
    yield made
    made.store.close()


def test_counts_are_of_production_in_the_shift(records: Records) -> None:
    records.part(-1)
    records.part(0)
    records.part(10, Verdict.NG, class_name="scratch")
    records.part(11, Verdict.NG, golden_check="c-1")
    records.part(12, Verdict.NOT_INSPECTED, reason=Reason.DEADLINE, model_id=None, score=None)
    records.part(13, Verdict.NOT_INSPECTED, reason=Reason.DEADLINE, model_id=None, golden_check="x")
    records.part(480)
    report = records.report()
    counts = report.production.counts
    assert (counts.ok, counts.ng, counts.not_inspected, counts.total) == (1, 1, 1, 3)
    assert counts.first_pass_yield == pytest.approx(1 / 3)
    assert [(bar.name, bar.count) for bar in report.production.defects] == [("scratch", 1)]
    assert report.not_inspected == ((Reason.DEADLINE, 1),)
    assert report.judged_by == (ModelUse("bottle", "patch_memory-1", 2),)
    assert report.products == ("bottle",) and report.complete


def test_escapes_and_false_alarms_come_from_the_reviews(records: Records) -> None:
    missed, stopped = records.part(1), records.part(2, Verdict.NG)
    reviews = ReviewService(records.store)
    reviews.answer(missed.inspection_id, Label.DEFECT, "scratch", "Eva")
    reviews.answer(stopped.inspection_id, Label.GOOD, None, "Eva")
    answers = records.report().production.answers
    assert (answers.escapes, answers.false_alarms) == (1, 1)


def test_alarms_are_paired_and_kept_apart_by_station(records: Records) -> None:
    raise_, clear = "alarm.raised", "alarm.cleared"
    records.event(-90, "station", raise_, "disk_full", station="here")
    records.event(-80, "station", clear, "disk_full", station="here")  # over before the shift
    records.event(-5, "station", raise_, "camera_fault", station="here")
    records.event(2, "station", clear, "camera_fault", station="here")
    records.event(20, "station", raise_, "camera_fault", station="there")
    records.event(30, "station", raise_, "engine_failed", station="here")  # killed: no end
    records.event(40, "station", raise_, "no_model", station="here")
    records.event(490, "station", clear, "no_model", station="here")  # in the next shift
    records.event(485, "station", raise_, "disk_full", station="here")
    assert records.report().alarms == (
        Alarm("camera_fault", at(-5), at(2)),
        Alarm("engine_failed", at(30), at(40)),
        Alarm("no_model", at(40), at(485)),
    )


def test_an_alarm_that_lasts_has_no_end(records: Records) -> None:
    records.now = at(60)
    records.event(30, "station", "alarm.raised", "camera_fault", station="here")
    report = records.report()
    assert report.alarms == (Alarm("camera_fault", at(30)),)
    assert not report.complete and report.production.end == at(60)


def test_people_were_logged_in_at_some_time_of_the_shift(records: Records) -> None:
    records.event(-400, "Anna", "log_in", "Anna")
    records.event(-300, "Anna", "log_out", "Anna")
    records.event(-10, "Ben", "log_in", "Ben")
    records.event(5, "Ben", "idle_lock", "Ben")
    records.event(50, "Cleo", "log_in", "Cleo")
    records.event(60, "Dan", "log_in", "Dan")
    records.event(70, "Emma", "golden_check.passed", "bottle@here", samples=[])
    assert records.report().people == ("Ben", "Cleo", "Dan", "Emma")


def test_checks_and_releases_of_this_station(records: Records) -> None:
    samples = [{"name": "G1", "passed": False}, {"name": "G2", "passed": True}]
    records.event(1, "Max", "golden_check.failed", "bottle@here", check_id="c", samples=samples)
    records.event(2, "Max", "golden_check.released", "bottle@here", reason="scratched")
    records.event(3, "Max", "golden_check.passed", "bottle@there", samples=[])
    failed, released = records.report().checks
    assert (failed.result, failed.failed, failed.checked) == (CheckResult.FAILED, ("G1",), 2)
    assert (released.result, released.reason) == (CheckResult.RELEASED, "scratched")


def test_an_empty_shift_has_a_report_and_a_coming_one_has_none(records: Records) -> None:
    report = records.report()
    assert report.production.counts.total == 0 and report.products == ()
    records.now = START - timedelta(minutes=1)
    with pytest.raises(ValueError):
        records.report()


def test_who_may_not_look_gets_no_report(records: Records) -> None:
    records.allowed = False
    with pytest.raises(AccessError):
        records.report()


def test_the_table_has_every_figure_and_no_formula(records: Records) -> None:
    records.part(1, Verdict.NG, class_name="=HYPERLINK()")
    records.event(2, "@Max", "golden_check.released", "bottle@here", reason="x")
    records.event(30, "station", "alarm.raised", "camera_fault", station="here")
    data = report_csv(records.report())
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["section", "item", "value", "detail"]
    found = {(section, item): (value, detail) for section, item, value, detail in rows[1:]}
    assert found["counts", "parts"] == ("1", "")
    assert found["counts", "first_pass_yield"] == ("0.0000", "0 of 1")
    assert found["defects", "'=HYPERLINK()"][0] == "1"
    assert found["shift", "person"][0] == "'@Max"
    assert found["alarms", "camera_fault"] == (at(30).isoformat(), "")
    assert found["golden_checks", "released"][1] == "'@Max: x"


def test_a_file_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    keep_file(tmp_path / "new" / "a.pdf", b"abc")
    assert (tmp_path / "new" / "a.pdf").read_bytes() == b"abc"
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(StoreError):
        keep_file(tmp_path / "folder.pdf", b"abc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.pdf", "new"]


# -- alarms ----------------------------------------------------------------------------------------


class Line:
    """A running station whose alarms are written down."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.now = START
        self.camera = LineCamera()
        self.rig = StationRig(home, "line", camera=self.camera, interval_ms=3_600_000)
        self.alarms = AlarmLog(self.rig.store, self.rig.station, "here", lambda: self.now)
        self.audit = AuditLog(self.rig.store)
        self.rig.station.start()
        qtbot.waitUntil(lambda: self.rig.why[1] is StateReason.NONE)

    def unplug(self, plugged: bool = False) -> None:
        self.camera.plugged = plugged
        wanted = StateReason.NONE if plugged else StateReason.CAMERA_FAULT
        self.qtbot.waitUntil(lambda: self.rig.why[1] is wanted)

    def wait_until_written(self) -> None:
        def written() -> bool:
            self.alarms.flush()
            return self.alarms.pending == 0

        self.qtbot.waitUntil(written)

    def told(self) -> list[tuple[str, str, datetime]]:
        found = [(one.action, one.subject, one.at) for one in self.audit.newest(20)[::-1]]
        return [one for one in found if one[0].startswith("alarm.")]


@pytest.fixture
def line(tmp_path: Path, qtbot: QtBot) -> Iterator[Line]:
    made = Line(tmp_path, qtbot)
    yield made
    made.alarms.close()
    made.rig.close()


def test_a_fault_is_an_alarm_with_begin_and_end(line: Line) -> None:
    line.unplug()
    line.now = at(5)
    line.unplug(plugged=True)
    line.wait_until_written()
    assert line.told() == [
        ("alarm.raised", "camera_fault", at(0)),
        ("alarm.cleared", "camera_fault", at(5)),
    ]
    line.audit.verify()


def test_an_alarm_waits_for_a_disk_that_takes_it(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Store, work: Callable[..., object]) -> Future[object]:
        failed: Future[object] = Future()
        failed.set_exception(StoreError("disk_full", "The disk is full."))
        return failed

    with monkeypatch.context() as full:
        full.setattr(Store, "submit", refuse)
        line.unplug()
        line.alarms.flush()
        assert line.alarms.pending == 1
    line.now = at(9)
    line.wait_until_written()
    assert line.told() == [("alarm.raised", "camera_fault", at(0))]  # the time it began
    line.unplug(plugged=True)


def test_the_end_of_the_program_ends_an_alarm(line: Line) -> None:
    line.unplug()
    line.now = at(2)
    line.alarms.close()
    assert [one[0] for one in line.told()] == ["alarm.raised", "alarm.cleared"]
    assert line.alarms.pending == 0
