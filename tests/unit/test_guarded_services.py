"""Every role at every guarded service of one assembled station: refused or let through."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.assembly import Station
from qc_station.domain.access import Action, Role, Session, may
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.frame import Frame
from qc_station.domain.model_version import LimitClaim, ModelVersion
from qc_station.domain.recipe import RecipeError
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Label, Verdict
from qc_station.options import Options
from qc_station.services.manifest import LibraryError
from qc_station.services.permits import AccessError
from qc_station.services.users import UserChange
from qc_station.settings.paths import StationPaths
from tests.access_support import ADMIN, ADMIN_PIN

FRAME = Frame(1, np.zeros((8, 8, 3), np.uint8), datetime.now(UTC), 0.0, "fake:")
NOTHING = Path("/nothing/here")
FILE = Path(__file__)  # no folder can be made in its place
CLAIM = LimitClaim(1.0, None, 0, None)
VERSION = ModelVersion("no", NOTHING, "no", "", "", datetime.now(UTC), (), 0, 0, CLAIM, CLAIM)
DAY = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
Call = Callable[[Station], object]


def gather(s: Station) -> None:
    s.diagnostics._command = ("/nothing/here",)
    s.diagnostics.gather(keep_names=False, actor="x")


CALLS: list[tuple[str, Action, Call]] = [
    ("trigger", Action.TRIGGER_PART, lambda s: s.station.trigger()),
    ("pause", Action.RUN_INSPECTION, lambda s: s.station.pause()),
    ("resume", Action.RUN_INSPECTION, lambda s: s.station.resume()),
    ("query", Action.VIEW_RECORDS, lambda s: s.verdict_log.query(HistoryFilter(), 0, 1)),
    ("count", Action.VIEW_RECORDS, lambda s: s.verdict_log.count(HistoryFilter())),
    ("statistics", Action.VIEW_RECORDS, lambda s: s.statistics.report(*DAY)),
    ("paint", Action.ANSWER_REVIEWS, lambda s: s.masks.save("no", [], "x")),
    ("answer", Action.ANSWER_REVIEWS, lambda s: s.review.answer("no", Label.GOOD, None, "x")),
    ("undo", Action.ANSWER_REVIEWS, lambda s: s.review.undo()),
    ("give", Action.ANSWER_REVIEWS, lambda s: s.review.give("no", "Eva", "x")),
    ("override", Action.OVERRIDE, lambda s: s.overrides.decide("no", Verdict.OK, "why", "x")),
    ("export", Action.EXPORT, lambda s: s.verdict_log.export_csv(HistoryFilter(), s.paths.home)),
    ("teach folder", Action.TEACH, lambda s: s.learning.teach_folder(NOTHING, "x")),
    ("begin collection", Action.TEACH, lambda s: s.learning.begin_collection("", 10)),
    ("collect", Action.TEACH, lambda s: s.learning.collect(FRAME)),
    ("drop last", Action.TEACH, lambda s: s.learning.drop_last()),
    ("teach camera", Action.TEACH, lambda s: s.learning.teach_camera()),
    ("retrain", Action.TEACH, lambda s: s.learning.retrain("no")),
    ("cancel", Action.TEACH, lambda s: s.learning.cancel()),
    ("activate", Action.ACTIVATE_MODEL, lambda s: s.library.activate("no", "x")),
    ("begin a lot", Action.RUN_INSPECTION, lambda s: s.station.set_lot("L-1")),
    ("roll back", Action.ACTIVATE_MODEL, lambda s: s.library.rollback("no", "x")),
    ("export model", Action.EXPORT, lambda s: s.model_exchange.export(VERSION, FILE / "x", "x")),
    ("import model", Action.ACTIVATE_MODEL, lambda s: s.model_exchange.take_in(NOTHING, "x")),
    ("compare", Action.TEACH, lambda s: s.comparison.compare(VERSION, VERSION, "x")),
    ("recipe", Action.CHANGE_RECIPE, lambda s: s.recipes.choose(s.recipes.current)),
    ("revise", Action.CHANGE_RECIPE, lambda s: s.recipes.revise("no", "why")),
    ("restore", Action.CHANGE_RECIPE, lambda s: s.recipes.restore("no", 1, "why")),
    ("copy", Action.CHANGE_RECIPE, lambda s: s.recipes.copy("no", "other", "why")),
    ("read recipe file", Action.CHANGE_RECIPE, lambda s: s.recipe_exchange.read(NOTHING)),
    ("export recipe", Action.EXPORT, lambda s: s.recipe_exchange.export("no", NOTHING, "x")),
    ("reviewed scores", Action.VIEW_RECORDS, lambda s: s.limits.reviewed("no", "no")),
    ("logged scores", Action.VIEW_RECORDS, lambda s: s.limits.logged("no", "no", *DAY)),
    ("limits", Action.CHANGE_RECIPE, lambda s: s.limits.save("no", None, "why", {})),
    ("undo limits", Action.CHANGE_RECIPE, lambda s: s.limits.undo("why")),
    ("golden samples", Action.CHANGE_RECIPE, lambda s: s.recipes.may_change()),
    ("trigger sample", Action.RUN_INSPECTION, lambda s: s.station.trigger_sample("no")),
    ("release", Action.RELEASE_STATION, lambda s: s.release.release("reason")),
    ("trigger mode", Action.CHANGE_SETTINGS, lambda s: s.station.set_trigger(TriggerMode.KEY, 0)),
    ("triggers", Action.CHANGE_SETTINGS, lambda s: s.change_triggers(s.settings)),
    ("next serial", Action.TRIGGER_PART, lambda s: s.station.set_next_serial("")),
    ("deadline", Action.CHANGE_SETTINGS, lambda s: s.station.set_deadline(2000)),
    ("stop after NG", Action.CHANGE_SETTINGS, lambda s: s.station.set_stop_after_ng(0)),
    (
        "review queue",
        Action.CHANGE_SETTINGS,
        lambda s: s.queue_settings.change(s.queue_settings.rules),
    ),
    ("idle lock", Action.CHANGE_SETTINGS, lambda s: s.access.set_idle_minutes(10)),
    ("diagnostics", Action.CHANGE_SETTINGS, lambda s: s.diagnostics.write((), FILE / "x", "x")),
    ("gather", Action.CHANGE_SETTINGS, gather),
    ("users", Action.MANAGE_USERS, lambda s: s.users.users()),
    ("add user", Action.MANAGE_USERS, lambda s: s.users.add("", Role.OPERATOR)),
    ("back up", Action.BACK_UP, lambda s: s.backup.back_up(frozenset(), "x", FILE / "below")),
    ("check backup", Action.BACK_UP, lambda s: s.backup.check(NOTHING, "x")),
    ("restore", Action.BACK_UP, lambda s: s.backup.restore_at_start(NOTHING, "x")),
    ("restore elsewhere", Action.BACK_UP, lambda s: s.backup.restore_into(NOTHING, FILE, "x")),
    ("withdraw restore", Action.BACK_UP, lambda s: s.backup.withdraw_restore("x")),
    ("plan backups", Action.BACK_UP, lambda s: s.backup.set_plan(s.backup.plan, "x")),
    ("change user", Action.MANAGE_USERS, lambda s: s.users.change("no", UserChange())),
]
ROLES: tuple[Role | None, ...] = (None, *Role)


@pytest.fixture(scope="module")
def station(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station that has an administrator and does not run."""
    paths = StationPaths(tmp_path_factory.mktemp("guarded") / "home").ensure()
    made = Station(Options(), paths)
    made.users._add(ADMIN, Role.ADMINISTRATOR, ADMIN_PIN, "", None)
    made.access.reload()
    assert not made.access.open
    yield made
    made.close()


def become(station: Station, role: Role | None) -> None:
    session = Session("Somebody", role, datetime.now(UTC)) if role is not None else None
    station.access._session = session


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
@pytest.mark.parametrize(("action", "call"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])
def test_every_guarded_service_asks_the_table(
    station: Station, role: Role | None, action: Action, call: Call
) -> None:
    become(station, role)
    if may(role, action):
        # There is no such part, model or product here.
        with contextlib.suppress(LibraryError, StoreError, KeyError, RecipeError):
            call(station)
    else:
        with pytest.raises(AccessError) as refused:
            call(station)
        expected = "log_in_needed" if role is None else "not_permitted"
        assert refused.value.code == expected


def test_all_actions_have_a_service_here() -> None:
    assert {action for _, action, _ in CALLS} == set(Action)


def test_what_the_station_does_by_itself_needs_nobody(station: Station, qtbot: QtBot) -> None:
    become(station, None)
    with qtbot.waitSignal(station.learning.failed) as told:
        station.learning.teach_first(NOTHING, "x")
    assert told.args[0] == "folder_missing"
    with pytest.raises(LibraryError):
        station.library.put_in_use("no", "station")
    station.learning.abandon()
    station.recipes.set_current(station.recipes.current)
