"""Log-in, delays, lock-out and the idle lock on a real database, with clocks that tests set."""

from __future__ import annotations

import stat
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.repositories.users import LogInAttemptRepository, UserRepository
from qc_station.domain.access import Action, Role
from qc_station.services.attempts import LOCK_OUT_LONGEST_S, delay_s, locked_out
from qc_station.services.credentials import Credentials, check_pin, load_secret
from qc_station.services.permits import AccessError
from qc_station.services.users import UserChange
from tests.access_support import ADMIN, ADMIN_PIN, AccessRig, Clock

Make = Callable[[], AccessRig]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Starts the station's log-in, again and again on the same home."""
    rigs: list[AccessRig] = []

    def start() -> AccessRig:
        for rig in rigs:
            rig.close()
        rigs[:] = [AccessRig(tmp_path / "home", qtbot, clock)]
        return rigs[0]

    yield start
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make: Make) -> AccessRig:
    return make()


# -- a station without users -----------------------------------------------------------------------


def test_a_station_without_users_allows_everything(rig: AccessRig) -> None:
    assert rig.access.open
    assert all(rig.access.allows(action) for action in Action)
    assert rig.access.who("operator") == "operator"
    assert rig.access.names() == []


def test_nobody_can_log_in_before_the_first_administrator(rig: AccessRig) -> None:
    for name, pin in (("admin", "admin"), ("administrator", "123456"), ("", "")):
        code, _, wait = rig.fail(name, pin)
        assert code == "log_in_wrong"
        rig.clock.advance(wait)
    assert rig.access.open


def test_the_first_administrator_closes_the_station_for_good(rig: AccessRig, make: Make) -> None:
    rig.begin()
    assert not rig.access.open
    assert rig.access.session is not None and rig.access.session.role is Role.ADMINISTRATOR
    assert rig.refused(lambda: rig.users.create_first_administrator("Eve", "918273")) == (
        "users_exist"
    )
    again = make()
    assert not again.access.open and again.access.session is None
    allowed = {action for action in Action if again.access.allows(action)}
    assert allowed == {Action.TRIGGER_PART}
    with pytest.raises(AccessError) as refused:
        again.access.require(Action.RUN_INSPECTION)
    assert refused.value.code == "log_in_needed"


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "12a456", "٣٤٥٦٧٨", " 864302"])
def test_a_pin_has_six_to_twelve_digits(pin: str) -> None:
    with pytest.raises(AccessError) as refused:
        check_pin(pin)
    assert refused.value.code == "pin_length"


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "890123", "3210987"])
def test_a_pin_that_counts_or_repeats_is_refused(pin: str) -> None:
    with pytest.raises(AccessError) as refused:
        check_pin(pin)
    assert refused.value.code == "pin_simple"


# -- what is kept ----------------------------------------------------------------------------------


def test_a_pin_is_kept_as_argon2id_with_the_default_profile(rig: AccessRig) -> None:
    rig.begin()
    user = rig.store.read(lambda session: UserRepository(session).get(ADMIN))
    assert user is not None and user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert ADMIN_PIN not in user.password_hash


def test_a_badge_is_kept_as_a_hash_that_only_this_station_can_make(
    rig: AccessRig, tmp_path: Path
) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, badge="E2003412AB")
    user = rig.store.read(lambda session: UserRepository(session).get("Otto"))
    assert user is not None and user.badge_hash is not None
    other = Credentials(load_secret(tmp_path / "other.key"))
    assert other.badge_hash("E2003412AB") != user.badge_hash
    assert b"E2003412AB" not in (tmp_path / "home" / "station.sqlite3").read_bytes()
    mode = stat.S_IMODE((tmp_path / "home" / "access.key").stat().st_mode)
    assert mode == 0o600


def test_no_secret_reaches_the_audit_log(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158", "E2003412AB")
    rig.fail("730158", "730158")  # a PIN typed into the wrong field
    told = rig.details()
    assert "730158" not in told and "E2003412AB" not in told and "argon2" not in told


# -- logging in ------------------------------------------------------------------------------------


def test_name_and_pin_or_the_badge_log_in_and_another_user_takes_over(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158")
    rig.add("Eva", Role.EXPERT, badge="E2003412AB")
    rig.log_in("  otto ", "730158")
    assert rig.access.who("x") == "Otto" and not rig.access.allows(Action.EXPORT)
    with pytest.raises(AccessError) as refused:
        rig.access.require(Action.EXPORT)
    assert refused.value.code == "not_permitted"
    with rig.qtbot.waitSignal(rig.access.logged_in):
        rig.access.log_in_badge("E2003412AB\r")
    assert rig.access.who("x") == "Eva" and rig.access.allows(Action.EXPORT)
    rig.access.log_out()
    assert rig.access.session is None and rig.access.who("x") == "x"
    told = [event[:2] for event in rig.events()]
    assert told == [
        ("Ada", "user.added"), ("Ada", "user.added"), ("Ada", "user.added"),
        ("Otto", "log_in"), ("Ada", "log_out"), ("Eva", "log_in"), ("Otto", "log_out"),
        ("Eva", "log_out"),
    ]  # fmt: skip


def test_the_answer_does_not_say_whether_the_name_exists(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158")
    rig.saved(lambda: rig.users.change("Otto", _inactive()))
    answers = {
        name: [rig.fail(name, "999111"), rig.fail(name, "999111")]
        for name in (ADMIN, "Otto", "Nobody")
    }
    assert answers[ADMIN] == answers["Otto"] == answers["Nobody"]


def test_a_wrong_name_takes_as_long_as_a_wrong_pin() -> None:
    credentials = Credentials(b"secret")
    kept = credentials.pin_hash("846302")
    credentials.verify(None, "846302")

    def seconds(stored: str | None) -> float:
        begun = time.perf_counter()
        assert not credentials.verify(stored, "999111")
        return time.perf_counter() - begun

    known = statistics.median(seconds(kept) for _ in range(3))
    unknown = statistics.median(seconds(None) for _ in range(3))
    assert 0.2 < known / unknown < 5  # the machine may be busy: an order of magnitude would tell


# -- delays and lock-out ---------------------------------------------------------------------------


def test_delays_grow_and_end_in_a_lock_out_with_an_upper_bound() -> None:
    waits = [delay_s(failures) for failures in range(12)]
    assert waits[:6] == [0, 1, 2, 4, 8, 300]
    assert waits == sorted(waits) and waits[-1] == LOCK_OUT_LONGEST_S
    assert not locked_out(4) and locked_out(5)


def test_whoever_waits_is_neither_checked_nor_counted(rig: AccessRig) -> None:
    rig.begin()
    assert rig.fail(ADMIN, "999111")[0] == "log_in_wrong"
    code, _, seconds = rig.fail(ADMIN, ADMIN_PIN)  # right, but too early
    assert (code, seconds) == ("log_in_blocked", 1)
    rig.clock.advance(1)
    rig.access.log_out()
    rig.log_in(ADMIN, ADMIN_PIN)


def _lock_out(rig: AccessRig, name: str) -> int:
    wait = 0
    for _ in range(5):
        rig.clock.advance(wait)
        code, _, wait = rig.fail(name, "999111")
        assert code == "log_in_wrong"
    return wait


def test_a_lock_out_survives_a_restart_and_ends(rig: AccessRig, make: Make, clock: Clock) -> None:
    rig.begin()
    wait = _lock_out(rig, ADMIN)
    assert wait == 300
    clock.advance(100)
    again = make()
    code, _, seconds = again.fail(ADMIN, ADMIN_PIN)
    assert (code, seconds) == ("log_in_blocked", 200)
    clock.advance(199)
    assert again.fail(ADMIN, ADMIN_PIN)[0] == "log_in_blocked"
    clock.advance(1)
    again.log_in(ADMIN, ADMIN_PIN)
    again.access.log_out()
    assert again.fail(ADMIN, "999111")[2] == 1, "a success begins anew"
    assert ("unknown", "log_in.locked_out", ADMIN) in again.events()


def test_an_attempt_counts_even_if_the_program_is_ended_during_its_check(
    rig: AccessRig, make: Make
) -> None:
    rig.begin()
    subject = rig.access.subject_of(ADMIN)
    rig.access._begin(subject)  # and no answer ever
    again = make()
    known = again.store.read(lambda session: LogInAttemptRepository(session).get(subject))
    assert known is not None and known.failures == 1


def test_a_clock_that_is_set_back_does_not_lengthen_a_lock_out(
    rig: AccessRig, clock: Clock
) -> None:
    rig.begin()
    _lock_out(rig, ADMIN)
    clock.now -= timedelta(days=400)
    assert rig.fail(ADMIN, ADMIN_PIN)[2] == 300
    clock.advance(300)
    rig.log_in(ADMIN, ADMIN_PIN)


def test_one_name_locked_out_does_not_lock_the_others_or_the_badges(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158", "E2003412AB")
    _lock_out(rig, ADMIN)
    rig.log_in("Otto", "730158")
    _lock_out(rig, "Otto")
    with rig.qtbot.waitSignal(rig.access.logged_in):
        rig.access.log_in_badge("E2003412AB")


def test_unknown_badges_are_delayed_too(rig: AccessRig) -> None:
    rig.begin()
    assert rig.fail_badge("A1B2C3D4")[0] == "badge_wrong"
    assert rig.fail_badge("A1B2C3D5")[0] == "log_in_blocked"
    rig.clock.advance(1)
    assert rig.fail_badge("A1B2C3D6")[::2] == ("badge_wrong", 2)


def test_scans_that_cannot_be_badges_lock_nobody_out(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, badge="E2003412AB")
    for _ in range(9):
        assert rig.fail_badge("x")[::2] == ("badge_wrong", 0)
    with rig.qtbot.waitSignal(rig.access.logged_in):
        rig.access.log_in_badge("E2003412AB")


# -- users -----------------------------------------------------------------------------------------


def _inactive() -> UserChange:
    return UserChange(active=False)


def test_only_an_administrator_manages_users(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Mia", Role.MAINTAINER, "730158")
    rig.log_in("Mia", "730158")
    for work in (
        rig.users.users,
        lambda: rig.users.add("Eve", Role.ADMINISTRATOR, "918273"),
        lambda: rig.users.change("Ada", _inactive()),
    ):
        with pytest.raises(AccessError):
            work()


def test_the_last_administrator_stays_one(rig: AccessRig) -> None:
    rig.begin()
    assert rig.refused(lambda: rig.users.change(ADMIN, _inactive())) == "last_administrator"
    lower = UserChange(role=Role.EXPERT)
    assert rig.refused(lambda: rig.users.change(ADMIN, lower)) == "last_administrator"
    rig.add("Bea", Role.ADMINISTRATOR, "730158")
    rig.saved(lambda: rig.users.change(ADMIN, lower))
    assert rig.access.session is not None and rig.access.session.role is Role.EXPERT


def test_names_and_badges_are_unique_and_bad_ones_are_refused(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158", "E2003412AB")
    users = rig.users
    for code, name, pin, badge in (
        ("user_exists", "OTTO", "730158", ""),
        ("user_name", " ", "730158", ""),
        ("user_name", "Station", "730158", ""),
        ("user_name", "n" * 41, "730158", ""),
        ("pin_or_badge", "Eva", "", ""),
        ("pin_simple", "Eva", "111111", ""),
        ("badge_length", "Eva", "", "123"),
        ("badge_taken", "Eva", "", "E2003412AB"),
    ):
        refused = rig.refused(lambda n=name, p=pin, b=badge: users.add(n, Role.EXPERT, p, b))
        assert refused == code
    assert [user.name for user in users.users()] == [ADMIN, "Otto"]


def test_a_new_pin_ends_a_lock_out_and_the_old_one_is_worth_nothing(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Otto", Role.OPERATOR, "730158")
    _lock_out(rig, "Otto")
    rig.saved(lambda: rig.users.change("Otto", UserChange(pin="275904")))
    assert rig.fail("Otto", "730158")[0] == "log_in_wrong"
    rig.clock.advance(1)
    rig.log_in("Otto", "275904")


def test_somebody_deactivated_is_logged_out_stays_listed_and_may_come_back(rig: AccessRig) -> None:
    rig.begin()
    rig.add("Bea", Role.ADMINISTRATOR, "730158")
    rig.log_in("Bea", "730158")
    rig.saved(lambda: rig.users.change("Bea", _inactive()))
    assert rig.access.session is None and rig.access.names() == [ADMIN]
    rig.log_in(ADMIN, ADMIN_PIN)
    assert [(user.name, user.active) for user in rig.users.users()] == [
        (ADMIN, True), ("Bea", False),
    ]  # fmt: skip
    rig.saved(lambda: rig.users.change("Bea", UserChange(active=True)))
    rig.log_in("Bea", "730158")


# -- the idle lock ---------------------------------------------------------------------------------


def test_the_idle_lock_waits_for_the_last_input(rig: AccessRig, clock: Clock) -> None:
    rig.begin()
    clock.advance(599)
    rig.access.check_idle()
    assert rig.access.session is not None
    rig.access.touch()
    clock.advance(599)
    rig.access.check_idle()
    assert rig.access.session is not None
    clock.advance(1)
    with rig.qtbot.waitSignal(rig.access.logged_out) as told:
        rig.access.check_idle()
    assert told.args == [ADMIN, True]
    assert rig.events()[-1] == (ADMIN, "idle_lock", ADMIN)


def test_the_time_until_the_lock_is_a_setting_for_maintainers(rig: AccessRig, clock: Clock) -> None:
    rig.begin()
    rig.access.set_idle_minutes(0)
    clock.advance(100_000)
    rig.access.check_idle()
    assert rig.access.session is not None
    assert not rig.access._idle.isActive()
    rig.access.set_idle_minutes(1)
    assert rig.access._idle.isActive()
    rig.add("Otto", Role.OPERATOR, "730158")
    rig.log_in("Otto", "730158")
    with pytest.raises(AccessError):
        rig.access.set_idle_minutes(0)


def test_the_audit_chain_is_whole_after_all_this(rig: AccessRig) -> None:
    rig.begin()
    rig.fail(ADMIN, "999111")
    rig.access.log_out()
    rig.events()
    assert rig.audit.verify().events == 3
