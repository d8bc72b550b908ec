"""Overrides: a decision beside the machine's verdict, with a reason, that leaves no statistics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_part

from db.errors import StoreError
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.store import Session, Store
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.audit import AuditLog
from qc_station.services.export import write_csv
from qc_station.services.inspection_records import to_record
from qc_station.services.overrides import LONGEST_REASON, OverrideService
from qc_station.services.review import ReviewService
from qc_station.services.statistics import StatisticsService

VERDICTS = (Verdict.OK, Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "station.sqlite3")

    def fill(session: Session) -> None:
        for number, verdict in enumerate(VERDICTS, start=1):
            part = make_part(number, verdict=verdict, reason=Reason.ABOVE_NG_LIMIT)
            InspectionRepository(session).add(to_record(part, "1", NOON))

    opened.write(fill)
    yield opened
    opened.close()


@pytest.fixture
def overrides(store: Store, qtbot: QtBot) -> OverrideService:
    return OverrideService(store, clock=lambda: NOON)


def test_the_decision_stands_beside_the_machines_verdict(
    overrides: OverrideService, store: Store, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(overrides.changed) as told:
        part = overrides.decide("part-2", Verdict.OK, " dust,\n wiped off ", "Eva")
    assert told.args == [part]
    assert part.verdict is Verdict.NG and part.reason is Reason.ABOVE_NG_LIMIT
    assert part.override is not None
    assert (part.override.verdict, part.override.reason) == (Verdict.OK, "dust, wiped off")
    assert (part.override.author, part.override.at) == ("Eva", NOON)
    audit = AuditLog(store)
    event = audit.newest(1)[0]
    assert (event.actor, event.action, event.subject) == ("Eva", "verdict_overridden", "part-2")
    assert json.loads(event.details)["machine"] == "NG"
    assert audit.verify().overrides == 1
    message = store.read(lambda session: OutboxRepository(session).unsent(10))[-1]
    assert message.topic == "override" and message.payload["verdict"] == "OK"


def test_the_machines_own_verdict_takes_it_back(overrides: OverrideService, store: Store) -> None:
    overrides.decide("part-3", Verdict.NG, "a crack", "Eva")
    part = overrides.decide("part-3", Verdict.REVIEW, "wrong part", "Eva")
    assert part.override is None
    assert AuditLog(store).newest(1)[0].action == "override_taken_back"
    with pytest.raises(StoreError) as same:
        overrides.decide("part-3", Verdict.REVIEW, "again", "Eva")
    assert same.value.code == "override_same"


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (LONGEST_REASON + 1), "bell \x07"])
def test_without_a_reason_nothing_is_written(
    overrides: OverrideService, store: Store, reason: str
) -> None:
    with pytest.raises(StoreError) as refused:
        overrides.decide("part-2", Verdict.OK, reason, "Eva")
    assert refused.value.code == "override_reason"
    assert AuditLog(store).verify().overrides == 0


@pytest.mark.parametrize(
    ("part", "verdict", "code"),
    [
        ("part-1", Verdict.OK, "override_same"),
        ("part-1", Verdict.REVIEW, "override_verdict"),
        ("part-2", Verdict.NOT_INSPECTED, "override_verdict"),
        ("part-9", Verdict.OK, "inspection_missing"),
        ("part-4", Verdict.OK, "override_not_inspected"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(
    overrides: OverrideService, store: Store, part: str, verdict: Verdict, code: str
) -> None:
    with pytest.raises(StoreError) as refused:
        overrides.decide(part, verdict, "because", "Eva")
    assert refused.value.code == code
    assert AuditLog(store).newest() == []
    assert store.read(lambda session: OutboxRepository(session).unsent(10)) == []


def test_giving_the_same_decision_again_is_told(overrides: OverrideService) -> None:
    overrides.decide("part-2", Verdict.OK, "dust", "Eva")
    with pytest.raises(StoreError) as refused:
        overrides.decide("part-2", Verdict.OK, "light", "Eva")
    assert refused.value.code == "override_same"


def test_a_part_not_inspected_becomes_ok_only_by_somebody_who_looked(
    overrides: OverrideService,
) -> None:
    assert overrides.decide("part-4", Verdict.NG, "no picture", "Eva").override is not None
    part = overrides.decide("part-4", Verdict.OK, "inspected by hand", "Eva", looked_at=True)
    assert part.verdict is Verdict.NOT_INSPECTED
    assert part.override is not None and part.override.verdict is Verdict.OK


def test_statistics_and_the_review_queue_go_by_the_machine(
    overrides: OverrideService, store: Store, qtbot: QtBot
) -> None:
    day = (NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    before = StatisticsService(store).report(*day)
    waiting = ReviewService(store).remaining()
    for part in ("part-2", "part-3"):
        overrides.decide(part, Verdict.OK, "dust", "Eva")
    after = StatisticsService(store).report(*day)
    assert after == before
    assert ReviewService(store).remaining() == waiting


def test_the_export_has_both(overrides: OverrideService, tmp_path: Path) -> None:
    part = overrides.decide("part-2", Verdict.OK, "=cmd()", "@Eva")
    path = tmp_path / "parts.csv"
    write_csv([part], path)
    head, row = path.read_text(encoding="utf-8-sig").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert cells["verdict"] == "NG" and cells["override_verdict"] == "OK"
    assert cells["override_reason"] == "'=cmd()" and cells["override_by"] == "'@Eva"
    assert cells["override_at_utc"] == "2026-11-22T12:00:00.000+00:00"
