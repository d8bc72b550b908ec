"""What the repositories promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.engine import Database
from db.errors import StoreError
from db.records import (
    InspectionQuery,
    InspectionRecord,
    IntentRecord,
    JobRecord,
    LogInAttemptRecord,
    ModelVersionRecord,
    OutboxRecord,
    UserRecord,
)
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.jobs import JobRepository
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.overrides import OverrideRepository
from db.repositories.recipes import RecipeRepository
from db.repositories.reviews import ReviewRepository
from db.repositories.users import LogInAttemptRepository, UserRepository

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Make = Callable[..., InspectionRecord]


def add(database: Database, *records: InspectionRecord) -> None:
    with database.writing() as session:
        for record in records:
            assert InspectionRepository(session).add(record)


def ids(database: Database, query: InspectionQuery, offset: int = 0, limit: int = 100) -> list[int]:
    with database.reading() as session:
        log = InspectionRepository(session)
        page = log.page(query, offset, limit)
        if offset == 0 and limit == 100:
            assert log.count(query) == len(page)
            sliced, key = [], None
            while True:
                records, key = log.slice(query, key, 2)
                sliced += records
                if key is None:
                    break
            assert sliced == page
        return [record.part_number for record in page]


def answer(
    database: Database, number: int, label: str = "good", class_name: str | None = None
) -> int:
    with database.writing() as session:
        return (
            ReviewRepository(session).answer(f"part-{number}", label, class_name, "Eva", NOON).seq
        )


def test_a_part_comes_back_as_it_was_written(database: Database, make_record: Make) -> None:
    plus_two = timezone(timedelta(hours=2))
    written = make_record(1, captured_at=datetime(2026, 11, 22, 14, 0, 0, 123456, plus_two))
    add(database, written)
    with database.reading() as session:
        read = InspectionRepository(session).get("part-1")
    assert read == written
    assert read is not None and read.captured_at.tzinfo is UTC


def test_naive_times_are_refused(database: Database, make_record: Make) -> None:
    with pytest.raises(Exception, match="aware"):
        add(database, make_record(1, captured_at=datetime(2026, 1, 1)))


def test_writing_a_part_twice_keeps_the_first(database: Database, make_record: Make) -> None:
    add(database, make_record(1))
    with database.writing() as session:
        assert not InspectionRepository(session).add(make_record(1, verdict="NG"))
    with database.reading() as session:
        record = InspectionRepository(session).get("part-1")
    assert record is not None and record.verdict == "OK" and len(record.regions) == 1


def test_history_is_newest_first_and_paged(database: Database, make_record: Make) -> None:
    same = make_record(9, captured_at=NOON + timedelta(seconds=4))
    add(database, *(make_record(number) for number in range(1, 6)), same)
    assert ids(database, InspectionQuery()) == [5, 9, 4, 3, 2, 1]
    assert ids(database, InspectionQuery(), offset=2, limit=2) == [4, 3]


def test_every_filter_narrows(database: Database, make_record: Make) -> None:
    add(
        database,
        make_record(1),
        make_record(2, verdict="NG", class_name="scratch"),
        make_record(3, verdict="REVIEW", recipe="cable", lot="L-77"),
        make_record(4, model_id="patch_memory-2", source="Lot_100%.png", serial="SN-77"),
        make_record(5, verdict="NOT_INSPECTED", detail="camera unplugged", source=None),
    )
    answer(database, 3, "defect", "dent")
    answer(database, 4)
    wanted: list[tuple[InspectionQuery, list[int]]] = [
        (InspectionQuery(captured_from=NOON + timedelta(seconds=4)), [5, 4]),
        (InspectionQuery(captured_to=NOON + timedelta(seconds=4)), [3, 2, 1]),
        (InspectionQuery(verdicts=("NG",)), [2]),
        (InspectionQuery(verdicts=("NG", "REVIEW")), [3, 2]),
        (InspectionQuery(recipe="cable"), [3]),
        (InspectionQuery(model_id="patch_memory-2"), [4]),
        (InspectionQuery(lot="L-77"), [3]),
        (InspectionQuery(lot="L-7"), []),
        (InspectionQuery(text="l-77"), [3]),
        (InspectionQuery(class_name="scratch"), [2]),
        (InspectionQuery(class_name="dent"), [3]),
        (InspectionQuery(reviewed=True), [4, 3]),
        (InspectionQuery(reviewed=False), [5, 2, 1]),
        (InspectionQuery(text="lot_100%"), [4]),
        (InspectionQuery(text="test_0"), []),
        (InspectionQuery(text="UNPLUGGED"), [5]),
        (InspectionQuery(text="sn-7"), [4]),
        (InspectionQuery(text="2"), [2]),
        (InspectionQuery(verdicts=("OK",), reviewed=False), [1]),
    ]
    for query, numbers in wanted:
        assert ids(database, query) == numbers, query


def test_counts_and_vocabularies(database: Database, make_record: Make) -> None:
    add(
        database,
        make_record(1),
        make_record(2, verdict="NG", class_name="scratch", lot="B"),
        make_record(5, lot="A"),
        make_record(7, verdict="NG", recipe="cable", model_id=None, lot="A"),
    )
    answer(database, 7, "defect", "bent_wire")
    with database.reading() as session:
        log = InspectionRepository(session)
        assert log.verdict_counts(NOON) == log.verdict_counts() == {"OK": 2, "NG": 2}
        assert log.lot_counts("A") == {"OK": 1, "NG": 1} and log.lot_counts("C") == {}
        assert log.recent_lots(10) == ["A", "B"] and log.recent_lots(1) == ["A"]
        assert log.verdict_counts(NOON + timedelta(seconds=6)) == {"NG": 1}
        assert log.last_part_number("1") == 7
        assert log.last_part_number("2") == 0
        assert log.recipes() == ["bottle", "cable"]
        assert log.model_ids() == ["patch_memory-1"]
        assert log.class_names() == ["bent_wire", "scratch"]


def test_the_last_answer_stands_until_it_is_withdrawn(
    database: Database, make_record: Make
) -> None:
    add(database, make_record(1, verdict="REVIEW", queue_rank=1))
    first = answer(database, 1, "good")
    second = answer(database, 1, "defect", "dent")

    def standing() -> str | None:
        with database.reading() as session:
            record = InspectionRepository(session).get("part-1")
        assert record is not None and record.verdict == "REVIEW"
        return record.review.label if record.review else None

    assert standing() == "defect"
    for seq, left in ((second, "good"), (first, None)):
        with database.writing() as session:
            ReviewRepository(session).withdraw(seq, "Eva", NOON)
        assert standing() == left
    with pytest.raises(StoreError, match="already withdrawn"), database.writing() as session:
        ReviewRepository(session).withdraw(first, "Eva", NOON)
    with database.reading() as session:
        assert len(ReviewRepository(session).of("part-1")) == 4
        assert ReviewRepository(session).verify() == 4


def test_an_unknown_part_cannot_be_answered(database: Database) -> None:
    with pytest.raises(StoreError) as caught:
        answer(database, 99)
    assert caught.value.code == "inspection_missing"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inspections SET verdict = 'OK'",
        "UPDATE inspections SET score = 0",
        "UPDATE inspections SET lot = 'other'",
        "DELETE FROM inspections",
        "DELETE FROM regions",
        "UPDATE reviews SET label = 'good'",
        "DELETE FROM reviews",
        "UPDATE overrides SET verdict = 'NG'",
        "DELETE FROM overrides",
        "UPDATE audit_events SET actor = 'nobody'",
        "DELETE FROM audit_events",
    ],
)
def test_what_is_written_once_cannot_be_changed(
    database: Database, make_record: Make, statement: str
) -> None:
    add(database, make_record(1, verdict="NG"))
    answer(database, 1, "defect")
    with database.writing() as session:
        AuditRepository(session).append(NOON, "Eva", "log_in", "station", {})
        OverrideRepository(session).append("part-1", "OK", "dust", "Eva", NOON)
    with pytest.raises(DBAPIError, match="written once"), database.writing() as session:
        session.execute(text(statement))


def test_children_keep_their_parent(database: Database, make_record: Make) -> None:
    add(database, make_record(1))
    answer(database, 1)
    with database.writing() as session:
        _drop_guard(session, database, "inspections", "delete")
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("DELETE FROM inspections"))


def _drop_guard(session: object, database: Database, table: str, event: str) -> None:
    on = f" ON {table}" if database.dialect == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER tr_{table}_no_{event}{on}"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit_events SET details = '{}' WHERE seq = 2", 2),
        ("DELETE FROM audit_events WHERE seq = 2", 2),
        ("UPDATE audit_events SET seq = 9 WHERE seq = 3", 3),
    ],
)
def test_a_changed_event_breaks_the_chain(database: Database, statement: str, row: int) -> None:
    for number in range(3):
        with database.writing() as session:
            AuditRepository(session).append(
                NOON, "Eva", "activate", f"model-{number}", {"é": [1, 2.5, None], "at": NOON}
            )
    with database.reading() as session:
        assert AuditRepository(session).verify() == 3
    with database.writing() as session:
        _drop_guard(session, database, "audit_events", "update")
        _drop_guard(session, database, "audit_events", "delete")
        session.execute(text(statement))
    with database.reading() as session, pytest.raises(StoreError) as caught:
        AuditRepository(session).verify()
    assert caught.value.code == "chain_broken"
    assert caught.value.params["row"] == row


def test_two_writers_make_one_chain(database: Database) -> None:
    def append(name: str) -> None:
        for number in range(20):
            with database.writing() as session:
                AuditRepository(session).append(NOON, name, "act", str(number), {})

    threads = [threading.Thread(target=append, args=(name,)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert AuditRepository(session).verify() == 40


def test_intents_live_until_their_part_is_written(database: Database, make_record: Make) -> None:
    intent = IntentRecord(
        "part-1", "1", NOON, 1, NOON, "demo:", None, None, "bottle", "images/a.png", None,
        "L-77",
    )  # fmt: skip
    with database.writing() as session:
        log = InspectionRepository(session)
        log.add_intent(intent)
        log.add_intent(intent)
        assert log.intents("1") == [intent]
        assert log.intents("2") == []
        assert log.last_part_number("1") == 1
        log.add(make_record(1))
        log.remove_intent("part-1")
        log.add_intent(intent)
        assert log.intents("1") == []


def test_recipes_keep_their_revisions(database: Database) -> None:
    with database.writing() as session:
        recipes = RecipeRepository(session)
        recipes.add_revision("cable", "demo:", {}, NOON, "Eva")
        recipes.add_revision("bottle", "folder:/a", {"interval_ms": 500}, NOON, "Eva")
        newest = recipes.add_revision("bottle", "folder:/b", {"interval_ms": 250}, NOON, "Eva")
        assert recipes.names() == ["bottle", "cable"]
        assert [found.revision for found in recipes.revisions("bottle")] == [2, 1]
        assert recipes.latest("bottle") == newest
        assert recipes.latest("nothing") is None


def test_one_version_of_a_recipe_is_active(database: Database) -> None:
    first = ModelVersionRecord(
        "m1", "bottle", "bottle", "patch_memory", "models/m1", None, NOON, NOON, {"n_good": 209}
    )
    second = replace(first, model_id="m2", created_at=NOON + timedelta(hours=1), parent="m1")
    with database.writing() as session:
        models = ModelVersionRepository(session)
        assert models.add(first) and models.add(second) and not models.add(first)
        assert models.previous("bottle") is None
        models.activate("m1", NOON)
        models.activate("m2", NOON + timedelta(hours=2))
    with database.reading() as session:
        models = ModelVersionRepository(session)
        assert [found.model_id for found in models.versions("bottle")] == ["m2", "m1"]
        active, previous = models.active("bottle"), models.previous("bottle")
        assert active is not None and active.model_id == "m2" and active.facts == {"n_good": 209}
        assert previous is not None and previous.model_id == "m1"
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE model_versions SET active = true"))


def test_a_job_cut_off_by_a_crash_ends_as_failed(database: Database) -> None:
    with database.writing() as session:
        jobs = JobRepository(session)
        jobs.start(JobRecord("j1", "bottle", "teach_folder", "running", NOON))
        jobs.start(JobRecord("j2", "bottle", "retrain", "running", NOON + timedelta(seconds=1)))
        jobs.finish("j1", "done", NOON, model_id="m1", result={"auroc": 1.0})
    with database.writing() as session:
        assert JobRepository(session).fail_left_over(NOON) == 1
    with database.reading() as session:
        states = [(job.job_id, job.state) for job in JobRepository(session).newest(5)]
    assert states == [("j2", "failed"), ("j1", "done")]


def test_a_badge_finds_its_user_and_belongs_to_one_only(database: Database) -> None:
    with database.writing() as session:
        users = UserRepository(session)
        users.add(UserRecord("Eva", "expert", NOON, badge_hash="e"))
        users.add(UserRecord("Otto", "operator", NOON))
        changed = users.change("Otto", role="expert", password_hash="p")
        assert (changed.role, changed.password_hash, changed.active) == ("expert", "p", True)
        assert users.by_badge("e") == users.get("Eva")
        assert users.by_badge("x") is None
        assert users.count() == 2
        with pytest.raises(ValueError, match="created_at"):
            users.change("Otto", created_at=NOON)
        with pytest.raises(StoreError) as missing:
            users.change("Nobody", active=False)
        assert missing.value.code == "user_missing"
    with pytest.raises(Exception, match=r"(?i)unique"), database.writing() as session:
        UserRepository(session).change("Otto", badge_hash="e")


def test_failed_log_ins_are_kept_cleared_and_forgotten(database: Database) -> None:
    later = NOON + timedelta(hours=2)
    with database.writing() as session:
        attempts = LogInAttemptRepository(session)
        attempts.put(LogInAttemptRecord("eva", 1, NOON, NOON))
        attempts.put(LogInAttemptRecord("eva", 2, later, later))
        attempts.put(LogInAttemptRecord("otto", 1, NOON, NOON))
    with database.writing() as session:
        attempts = LogInAttemptRepository(session)
        assert attempts.get("eva") == LogInAttemptRecord("eva", 2, later, later)
        attempts.forget_before(later)
        assert attempts.get("otto") is None
        attempts.clear("eva")
        assert attempts.get("eva") is None


def test_users_are_switched_off_not_deleted(database: Database) -> None:
    with database.writing() as session:
        users = UserRepository(session)
        users.add(UserRecord("Eva", "expert", NOON))
        users.set_active("Eva", False)
        with pytest.raises(StoreError):
            users.add(UserRecord("Eva", "operator", NOON))
    with database.reading() as session:
        assert [(user.name, user.active) for user in UserRepository(session).all()] == [
            ("Eva", False)
        ]


def test_outbox_is_sent_in_order(database: Database) -> None:
    with database.writing() as session:
        outbox = OutboxRepository(session)
        for name in "abc":
            assert outbox.add(OutboxRecord(name, "inspection", {"verdict": "OK"}, NOON))
        assert not outbox.add(OutboxRecord("a", "inspection", {}, NOON))
        outbox.mark_sent(["a"], NOON)
        outbox.mark_failed(["b"])
    with database.reading() as session:
        left = OutboxRepository(session).unsent(10)
    assert [(message.message_id, message.attempts) for message in left] == [("b", 1), ("c", 0)]


def test_the_last_override_stands_beside_the_machines_verdict(
    database: Database, make_record: Make
) -> None:
    add(database, make_record(1, verdict="NG"), make_record(2, verdict="NG"))
    with database.writing() as session:
        overrides = OverrideRepository(session)
        for verdict in ("OK", "NG", "OK"):
            overrides.append("part-1", verdict, "dust", "Eva", NOON)
        overrides.append("part-2", "OK", "dust", "Eva", NOON)
        overrides.append("part-2", None, "a mistake", "Eva", NOON)
        with pytest.raises(StoreError, match="not in the log"):
            overrides.append("part-3", "OK", "dust", "Eva", NOON)
    with database.reading() as session:
        log, overrides = InspectionRepository(session), OverrideRepository(session)
        first, second = log.get("part-1"), log.get("part-2")
        assert first is not None and first.verdict == "NG" and first.override is not None
        assert (first.override.seq, first.override.verdict) == (3, "OK")
        assert second is not None and second.override is None
        assert overrides.verify() == 5 and len(overrides.of("part-1")) == 3
        found = log.page(InspectionQuery(overridden=True), 0, 10)
        assert [part.part_number for part in found] == [1]
        assert log.verdict_counts() == {"NG": 2}


def test_a_changed_override_breaks_the_chain(database: Database, make_record: Make) -> None:
    add(database, make_record(1, verdict="NG"))
    with database.writing() as session:
        for reason in ("dust", "light", "dust"):
            OverrideRepository(session).append("part-1", "OK", reason, "Eva", NOON)
    with database.writing() as session:
        _drop_guard(session, database, "overrides", "update")
        session.execute(text("UPDATE overrides SET reason = 'other' WHERE seq = 2"))
    with database.reading() as session, pytest.raises(StoreError) as caught:
        OverrideRepository(session).verify()
    assert caught.value.params["row"] == 2
