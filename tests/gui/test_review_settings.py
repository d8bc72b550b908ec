"""The queue's settings, the way from History to Review, and who answers the same twice: through
the real window of a real station.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from db.repositories.repeats import RepeatRepository
from qc_station.assembly import Station
from qc_station.domain.access import Role
from qc_station.domain.review_queue import QueueRules
from qc_station.domain.verdict import Label, Verdict
from qc_station.options import Options
from qc_station.services.permits import AccessError
from qc_station.settings.paths import StationPaths
from qc_station.settings.store import SettingsStore
from qc_station.ui.dialogs.queue_settings import QueueSettingsDialog
from qc_station.ui.dialogs.users import UsersDialog
from qc_station.window import StationWindow
from tests.gui.logged_parts import LoggedParts


class Shown:
    """One station with three parts and two experts in its log, and its window."""

    def __init__(self, home: Path, qapp: QApplication) -> None:
        parts = LoggedParts(home)
        parts.add_user("Ann")
        parts.add_user("Eva")
        parts.add(Verdict.REVIEW, count=2)
        parts.add(Verdict.OK)
        parts.close()
        self.station = Station(Options(language="en"), StationPaths(home).ensure())
        self.window = StationWindow(self.station, qapp)
        self.window.show()

    def settings_dialog(self) -> QueueSettingsDialog:
        self.window.window.actions_set["review.settings"].trigger()
        dialog = self.window.window.findChildren(QueueSettingsDialog)[-1]
        assert isinstance(dialog, QueueSettingsDialog)
        return dialog

    def close(self) -> None:
        self.station.close()
        self.window.dispose()


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    made = Shown(tmp_path / "home", qapp)
    yield made
    made.close()


def test_a_maintainer_changes_shares_and_costs(shown: Shown, qtbot: QtBot) -> None:
    shown.station.access.enter("Mia", Role.MAINTAINER)
    dialog = shown.settings_dialog()
    assert dialog.ok_share.value() == 5.0 and dialog.escape.value() == 10.0
    dialog.ok_share.setValue(12.5)
    dialog.escape.setValue(50.0)
    with qtbot.waitSignal(shown.station.queue_settings.ordered):
        dialog._buttons.button(QDialogButtonBox.StandardButton.Save).click()
    rules = shown.station.queue_rules()
    assert (rules.ok_share, rules.escape_cost, rules.repeat_share) == (0.125, 50.0, 0.02)
    kept = SettingsStore(shown.station.paths.settings_file).load().settings
    assert (kept.review_ok_share, kept.escape_cost) == (0.125, 50.0)
    event = shown.station.audit.newest(1)[0]
    assert (event.actor, event.action, event.subject) == ("Mia", "settings.changed", "review_queue")
    assert json.loads(event.details)["ok_share"] == 0.125
    assert rules.key not in event.details


def test_cancel_changes_nothing(shown: Shown) -> None:
    before = shown.station.queue_rules()
    shown.station.access.enter("Mia", Role.MAINTAINER)
    dialog = shown.settings_dialog()
    dialog.alarm.setValue(3.0)
    dialog.reject()
    assert shown.station.queue_rules() == before


def test_untouched_fields_keep_values_that_the_box_would_round(qtbot: QtBot) -> None:
    rules = QueueRules(escape_cost=1.2345, ok_share=0.012345)
    dialog = QueueSettingsDialog(rules)
    qtbot.addWidget(dialog)
    assert dialog.rules == rules


def test_an_expert_may_not_change_the_queue(shown: Shown) -> None:
    shown.station.access.enter("Ann", Role.EXPERT)
    assert not shown.window.window.actions_set["review.settings"].isEnabled()
    with pytest.raises(AccessError):
        shown.station.queue_settings.change(shown.station.queue_rules())


def test_a_part_of_the_history_can_be_answered_once_more(shown: Shown, qtbot: QtBot) -> None:
    shown.station.access.enter("Eva", Role.EXPERT)
    shown.station.review.answer("part-00001", Label.GOOD, None, "Eva")
    shown.station.access.enter("Ann", Role.EXPERT)
    window = shown.window
    window.window.show_page("history")
    qtbot.waitUntil(lambda: window.history.model.rowCount() == 3)
    window.history._table.selectRow(2)
    button = window.history.findChild(QAbstractButton, "history_review_part")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.window.page == "review"
    part = window.review.part
    assert part is not None and part.inspection_id == "part-00001" and part.review is None
    window.review.answer_cannot_tell()
    assert shown.station.review.note("part-00001").takes_part("Eva")


def test_the_colleagues_are_the_active_experts(shown: Shown) -> None:
    shown.station.access.enter("Ann", Role.OPERATOR)
    assert shown.station.users.colleagues() == []
    shown.station.access.enter("Ann", Role.EXPERT)
    assert shown.station.users.colleagues() == ["Ann", "Eva"]


def test_the_administrator_sees_how_often_experts_agree_with_themselves(shown: Shown) -> None:
    shown.station.access.enter("Eva", Role.EXPERT)
    shown.station.review.answer("part-00001", Label.GOOD, None, "Eva")
    at = shown.station.verdict_log.get("part-00001")
    assert at is not None
    shown.station.store.write(
        lambda session: RepeatRepository(session).answer(1, "good", None, "Eva", at.decided_at)
    )
    shown.station.access.enter("Ada", Role.ADMINISTRATOR)
    shown.window.desk.manage_users()
    dialog = shown.window.desk.dialog
    assert isinstance(dialog, UsersDialog)
    texts = [dialog.table.item(row, 5).text() for row in range(2)]  # type: ignore[union-attr]
    assert texts == ["–", "1 of 1 the same"]
    dialog.close()
