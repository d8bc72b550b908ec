"""The audit log appends, shows the newest, and finds what was changed behind its back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from store_support import NOON

from db.errors import StoreError
from db.store import Store
from qc_station.services.audit import AuditLog, ChainCheck


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "station.sqlite3")
    yield opened
    opened.close()


def test_events_are_appended_and_verified(store: Store) -> None:
    audit = AuditLog(store, clock=lambda: NOON)
    audit.append("Eva", "activate_model", "patch_memory-1", {"recipe": "bottle"})
    audit.append("Eva", "log_out", "station")
    assert audit.verify() == ChainCheck(events=2, reviews=0, masks=0, repeats=0, overrides=0)
    newest = audit.newest(1)[0]
    assert (newest.action, newest.at, newest.details) == ("log_out", NOON, "{}")


def test_an_event_changed_with_another_program_is_found(store: Store, tmp_path: Path) -> None:
    audit = AuditLog(store)
    for number in range(3):
        audit.append("Eva", "activate_model", f"model-{number}")
    other = dbapi2.connect(str(tmp_path / "station.sqlite3"))
    other.execute("DROP TRIGGER tr_audit_events_no_update")
    other.execute("UPDATE audit_events SET actor = 'Bob' WHERE seq = 2")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="Row 2 of the audit events") as caught:
        audit.verify()
    assert caught.value.code == "chain_broken"


def test_what_json_cannot_hold_is_refused(store: Store) -> None:
    audit = AuditLog(store)
    with pytest.raises(TypeError):
        audit.append("Eva", "act", "x", {"path": Path("x")})
    assert audit.newest() == []


def test_earlier_events_follow_without_a_gap(store: Store) -> None:
    audit = AuditLog(store)
    for number in range(5):
        audit.append("ann", "x", str(number))
    newest = audit.newest(2)
    earlier = audit.newest(10, before=newest[-1].seq)
    assert [event.subject for event in (*newest, *earlier)] == ["4", "3", "2", "1", "0"]
