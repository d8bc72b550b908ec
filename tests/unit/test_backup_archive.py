"""Backups as folders: whole, checked, refused by name when damaged, restored beside the old."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.backup_check import check_database
from db.engine import open_database
from db.errors import StoreError
from db.migrate import upgrade
from db.repositories.audit import AuditRepository
from db.store import Store
from qc_station.domain.backup import ALWAYS, DAILY, BackupPart
from qc_station.services import restore
from qc_station.services.backup_archive import (
    LIST,
    check_backup,
    list_backups,
    thin_out,
    write_backup,
)
from qc_station.services.backup_files import sizes
from qc_station.services.progress import Cancelled
from tests.backup_support import SECRET, files_below, filled, origin
from tests.store_support import NOON

EVERYTHING = frozenset(BackupPart)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    """A whole backup of everything."""
    with filled(home) as store:
        return write_backup(store.database, origin(home), tmp_path / "out", EVERYTHING).path


def refused(work: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as told:
        work()
    return told.value


def test_a_backup_holds_what_was_asked_for_and_never_the_secret(home: Path, tmp_path: Path) -> None:
    with filled(home) as store:
        small = write_backup(store.database, origin(home), tmp_path / "a", ALWAYS)
        daily = write_backup(store.database, origin(home), tmp_path / "b", DAILY)
        whole = write_backup(store.database, origin(home), tmp_path / "c", EVERYTHING)
    assert set(files_below(small.path)) == {LIST, "station.sqlite3", "settings.toml"}
    names = set(files_below(daily.path))
    assert any(".mask-" in name for name in names)
    assert "models/patch_memory-1/weights.safetensors" in names
    assert not any(name.endswith("part-1.png") for name in names)
    assert any(name.endswith("part-1.png") for name in files_below(whole.path))
    assert (whole.inspections, whole.events) == (3, 1)
    for facts in (small, daily, whole):
        assert all(SECRET.encode() not in data for data in files_below(facts.path).values())


def test_a_backup_made_while_parts_are_written_is_one_moment(home: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    with filled(home, parts=1) as store:

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                store.write(
                    lambda session, n=number: AuditRepository(session).append(  # type: ignore[misc]
                        NOON, "ann", "x", str(n), {"text": "y" * 2000}
                    )
                )

        writing = threading.Thread(target=write)
        writing.start()
        try:
            while store.read(lambda s: AuditRepository(s).newest(1))[0].seq < 20:
                pass
            found = [
                write_backup(
                    store.database, origin(home), tmp_path / "out", ALWAYS,
                    now=NOON + timedelta(seconds=index),
                )
                for index in range(3)
            ]  # fmt: skip
        finally:
            stop.set()
            writing.join()
    assert found[0].events >= 20
    assert found[0].events <= found[1].events <= found[2].events


@pytest.mark.parametrize(
    "name", ["station.sqlite3", "settings.toml", "models/patch_memory-1/weights.safetensors"]
)
@pytest.mark.parametrize("how", ["flip", "shorten", "remove"])
def test_a_damaged_file_is_named(backup: Path, name: str, how: str) -> None:
    path = backup / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    if how == "remove":
        path.unlink()
    else:
        path.write_bytes(bytes(data) if how == "flip" else bytes(data[:-1]))
    error = refused(lambda: check_backup(backup))
    assert (error.code, error.params["file"]) == ("backup_damaged", name)
    assert name in str(error)


def change_list(backup: Path, change: Callable[[dict[str, object]], object]) -> None:
    data = json.loads((backup / LIST).read_text())
    change(data)
    (backup / LIST).write_text(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(format=2), "backup_newer"),
        (lambda d: d.update(format="x"), "backup_damaged"),
        (lambda d: d.update(events=7), "backup_damaged"),
        (lambda d: d["files"].update({"../evil": {"sha256": "", "size": 0}}), "backup_damaged"),
        (lambda d: d["files"].update({"access.key": {"sha256": "", "size": 0}}), "backup_damaged"),
        (lambda d: d["files"].pop("station.sqlite3"), "backup_damaged"),
        (lambda d: d.pop("created_at"), "backup_damaged"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(
    backup: Path, change: Callable[[dict[str, object]], object], code: str
) -> None:
    change_list(backup, change)
    assert refused(lambda: check_backup(backup)).code == code


def test_a_folder_that_is_no_backup_says_so(tmp_path: Path) -> None:
    assert refused(lambda: check_backup(tmp_path)).code == "backup_missing"


def test_a_changed_row_breaks_the_chain_though_every_hash_fits(home: Path, tmp_path: Path) -> None:
    with filled(home) as store:
        with store.database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            for name in ("audit_events_no_update", "audit_events_no_delete"):
                driver.execute(f"DROP TRIGGER IF EXISTS {name}")
            for (trigger,) in driver.execute(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_events'"
            ).fetchall():
                driver.execute(f"DROP TRIGGER {trigger}")
            driver.execute("UPDATE audit_events SET actor='mallory'")
        error = refused(
            lambda: write_backup(store.database, origin(home), tmp_path / "out", ALWAYS)
        )
    assert error.code == "chain_broken"
    assert not list((tmp_path / "out").iterdir()), "a broken log is not passed off as a backup"


def test_a_cancelled_backup_leaves_nothing(home: Path, tmp_path: Path) -> None:
    for stage in ("backup_database", "backup_copy", "backup_check"):

        def report(now: str, _done: int, _total: int, stage: str = stage) -> None:
            if now == stage:
                raise Cancelled

        with filled(home / stage) as store, pytest.raises(Cancelled):
            write_backup(store.database, origin(home / stage), tmp_path / "out", EVERYTHING, report)
        assert not list((tmp_path / "out").iterdir())


def test_no_room_is_said_before_anything_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with filled(home) as store:
        error = refused(
            lambda: write_backup(store.database, origin(home), tmp_path / "out", ALWAYS)
        )
    assert error.code == "backup_no_room"
    assert not list((tmp_path / "out").iterdir())


def test_a_backup_never_goes_into_what_it_copies(home: Path) -> None:
    with filled(home) as store:
        error = refused(
            lambda: write_backup(store.database, origin(home), home / "images" / "x", ALWAYS)
        )
    assert error.code == "backup_inside"


def test_old_daily_backups_go_and_others_stay(home: Path, tmp_path: Path) -> None:
    with filled(home) as store:
        for day in range(4):
            write_backup(
                store.database, origin(home), tmp_path, ALWAYS, now=NOON + timedelta(days=day),
                daily=day != 0,
            )  # fmt: skip
    assert thin_out(tmp_path, "other", 1) == 0
    assert thin_out(tmp_path, "abc", 1) == 2
    kept = [facts.created_at for facts in list_backups(tmp_path)]
    assert kept == [NOON + timedelta(days=3), NOON]


def test_sizes_tell_masks_from_pictures(home: Path) -> None:
    with filled(home):
        found = {size.part: size.files for size in sizes(home)}
    assert found[BackupPart.MASKS] == 1
    assert found[BackupPart.PICTURES] == 6
    assert found[BackupPart.MODELS] == 2


def test_a_backup_of_an_older_program_is_checked_as_well(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite3"
    database = open_database(path)
    upgrade(database, "0002")
    database.close()
    before = path.read_bytes()
    assert check_database(path).revision == "0002"
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


# -- restoring -------------------------------------------------------------------------------------


def test_an_empty_folder_becomes_a_home_with_the_same_files(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    restore.restore_into(backup, new)
    kept = files_below(backup)
    kept.pop(LIST)
    assert files_below(new) == kept
    store = Store.open(new / "station.sqlite3")
    assert store.read(lambda session: AuditRepository(session).verify()) == 1
    store.close()


def test_a_folder_with_something_in_it_is_refused(backup: Path, home: Path) -> None:
    before = files_below(home)
    assert refused(lambda: restore.restore_into(backup, home)).code == "restore_not_empty"
    assert files_below(home) == before


def test_a_restore_at_the_start_keeps_what_it_replaces(backup: Path, home: Path) -> None:
    old = files_below(home)
    store = Store.open(home / "station.sqlite3")  # the home goes on living after the backup
    store.write(lambda session: AuditRepository(session).append(NOON, "ann", "later", "x", {}))
    store.close()
    later = files_below(home)
    restore.request_restore(home, backup, NOON)
    assert restore.requested(home) == backup
    done = restore.restore_requested(home)
    assert done is not None and done.replaced == home / "replaced-20261122T120000Z"
    now = files_below(home)
    for name, data in files_below(backup).items():
        if name != LIST:
            assert now[name] == data
    assert now["replaced-20261122T120000Z/station.sqlite3"] == later["station.sqlite3"]
    assert now["access.key"] == old["access.key"], "the home's own secret stays"
    assert restore.restore_requested(home) is None


def test_a_damaged_backup_changes_nothing_and_is_asked_for_once(backup: Path, home: Path) -> None:
    before = files_below(home)
    (backup / "settings.toml").write_text("x")
    restore.request_restore(home, backup)
    assert refused(lambda: restore.restore_requested(home)).params["file"] == "settings.toml"
    assert files_below(home) == before
    assert restore.requested(home) is None


@pytest.mark.parametrize("steps", range(0, 16, 3))
def test_a_restore_that_a_power_cut_interrupts_is_gone_on_with(
    backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    old = (home / "station.sqlite3").read_bytes()
    (home / "station.sqlite3-wal").write_bytes(b"of the old database")
    restore.request_restore(home, backup, NOON)
    real, count = Path.replace, 0

    def dying(self: Path, target: Path) -> Path:
        nonlocal count
        if ".part" not in self.name:
            count += 1
            if count > steps:
                raise KeyboardInterrupt  # the power goes
        return real(self, target)

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(KeyboardInterrupt):
        restore.restore_requested(home)
    monkeypatch.setattr(Path, "replace", real)
    shutil.rmtree(backup)  # the disk with the backup was taken away meanwhile
    assert restore.requested(home) is not None
    restore.restore_requested(home)
    assert not (home / "station.sqlite3-wal").exists()
    assert check_database(home / "station.sqlite3").parts == 3
    kept = home / "replaced-20261122T120000Z"
    assert (kept / "station.sqlite3").read_bytes() == old
    assert not (home / ".restore").exists() and restore.requested(home) is None


def test_a_request_can_be_withdrawn(backup: Path, home: Path) -> None:
    restore.request_restore(home, backup, datetime.now(UTC))
    restore.withdraw_request(home)
    assert restore.restore_requested(home) is None
