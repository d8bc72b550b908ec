"""The maintenance page with the real services on a real home; only file dialogs are answered."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.domain.backup import BackupPart, BackupPlan
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.backup import BackupService
from qc_station.services.diagnostics import DiagnosticsService, Sources
from qc_station.services.log_reader import LogReader
from qc_station.services.permits import AccessError, Permits
from qc_station.services.tasks import TaskPool
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import Settings
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.maintenance import MaintenancePage
from tests.backup_support import fill_home, origin

keep_constants_alive()


class Rights(Permits):
    """Everything is allowed but what the test refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[Action] = set()

    def allows(self, action: Action) -> bool:
        return action not in self.refused

    def require(self, action: Action) -> None:
        if action in self.refused:
            raise AccessError("not_permitted", "No.")


class Past:
    """No teaching runs of earlier starts."""

    def newest(self, limit: int) -> list[object]:
        return []


class Rig:
    def __init__(self, home: Path) -> None:
        self.paths = StationPaths(home).ensure()
        self.store = fill_home(home)
        self.log = self.paths.logs / "station.log"
        self.write("INFO", "a part")
        self.write("ERROR", "a fault\nTraceback of it")
        self.tasks = TaskPool()
        self.rights = Rights()
        require = self.rights.require
        self.activities = Activities(self.tasks, require)
        self.audit = AuditLog(self.store)
        self.backup = BackupService(
            self.store, origin(home), self.activities, self.audit, BackupPlan(),
            lambda plan: None, require=require,
        )  # fmt: skip
        self.diagnostics = DiagnosticsService(
            self.paths, self.store, Sources(Settings, lambda: None), self.activities, self.audit,
            require=require, command=("/no/engine",),
        )  # fmt: skip
        self.chosen: Path | None = None
        self.page = MaintenancePage(
            self.activities, Past(), LogReader(self.log), self.audit, self.backup,  # type: ignore[arg-type]
            self.diagnostics, self.tasks, lambda: "ann", lambda parent, begin: self.chosen,
            lambda parent, name: self.chosen, permits=self.rights,
        )  # fmt: skip

    def write(self, level: str, text: str) -> None:
        with self.log.open("a") as file:
            file.write(f"2026-11-25 03:00:00,123 {level} MainThread qc_station.x: {text}\n")

    def close(self) -> None:
        self.page.close_workers()
        self.activities.close()
        assert self.tasks.close()
        self.store.close()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path, language: LanguageSwitch) -> Iterator[Rig]:
    made = Rig(tmp_path / "home")
    qtbot.addWidget(made.page)
    made.page.resize(1150, 720)
    made.page.show()
    yield made
    made.page.close()
    made.close()


def open_tab(rig: Rig, qtbot: QtBot, key: Qt.Key) -> None:
    """Alt and a number, as a person without a mouse."""
    qtbot.keyClick(rig.page.tabs, key, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]


def test_running_work_shows_its_progress_and_is_cancelled(rig: Rig, qtbot: QtBot) -> None:
    asked: list[str] = []
    number = rig.activities.begin(
        ActivityKind.RETRAIN, "bottle", "ann", needs=Action.TEACH, cancel=lambda: asked.append("x")
    )
    rig.activities.progress(number, "features", 30, 120, 90.0)
    view = rig.page.activity_view
    texts = [view.model.index(0, column).data() for column in range(5)]
    assert texts[:3] == ["▶ running", "Retrain", "bottle"]
    assert texts[3].endswith("25 %") and "min" in texts[4]
    rig.rights.refused.add(Action.TEACH)
    view.cancel.click()
    assert not asked and rig.page.toast.text
    rig.rights.refused.clear()
    view.cancel.click()
    assert asked == ["x"]
    assert view.model.index(0, 0).data() == "… cancelling" and not view.cancel.isEnabled()
    rig.activities.end(number, ActivityState.FAILED, "backup_damaged", "x", "models/a.bin")
    assert "models/a.bin" in view.model.index(0, 3).data()


def test_the_log_is_filtered_followed_paused_and_copied(rig: Rig, qtbot: QtBot) -> None:
    open_tab(rig, qtbot, Qt.Key.Key_2)
    view = rig.page.log_view
    qtbot.waitUntil(lambda: len(view.shown) == 2)
    view.level.setCurrentIndex(3)
    assert [entry.text for entry in view.shown] == ["a fault\nTraceback of it"]
    view.table.selectRow(0)
    assert "Traceback of it" in view.detail.toPlainText()
    view.copy_button.click()
    assert "Traceback of it" in QGuiApplication.clipboard().text()
    rig.write("ERROR", "another fault")
    qtbot.waitUntil(lambda: len(view.shown) == 2)
    view.search.setText("ANOTHER")
    qtbot.waitUntil(lambda: len(view.shown) == 1)
    view.pause.click()
    rig.write("ERROR", "another one")
    assert not view._follow_timer.isActive()
    view.pause.click()
    qtbot.waitUntil(lambda: len(view.shown) == 2)


def test_only_so_many_entries_stay_in_memory(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qc_station.ui.widgets.log_view.KEPT", 3)
    open_tab(rig, qtbot, Qt.Key.Key_2)
    view = rig.page.log_view
    qtbot.waitUntil(lambda: len(view.shown) == 2)
    for number in range(4):
        rig.write("INFO", f"later {number}")
    qtbot.waitUntil(lambda: [e.text for e in view.shown] == ["later 1", "later 2", "later 3"])


def test_the_audit_trail_is_searched_and_its_chain_checked(rig: Rig, qtbot: QtBot) -> None:
    rig.audit.append("Ben", "user.added", "Cid", {"role": "expert"})
    open_tab(rig, qtbot, Qt.Key.Key_3)
    view = rig.page.audit_view
    qtbot.waitUntil(lambda: len(view.model.rows) == 2)
    view.actor.setCurrentIndex(view.actor.findData("Ben"))
    assert [event.subject for event in view.model.rows] == ["Cid"]
    assert view.model.index(0, 5).data() == "role: expert"
    view.actor.setCurrentIndex(0)
    view.search.setText("activated")
    qtbot.waitUntil(lambda: [e.actor for e in view.model.rows] == ["ann"])
    view.check.click()
    qtbot.waitUntil(lambda: "Unbroken up to event 2" in view._verdict_label.text())


def test_a_broken_chain_is_told_with_its_place(rig: Rig, language: LanguageSwitch) -> None:
    view = rig.page.audit_view
    view.show_broken("chain_broken", "English.", "reviews", 7)
    language.switch("fr")
    rig.page.retranslate()
    text = view._verdict_label.text()
    assert "7" in text and "réponses" in text and "English" not in text


def test_a_backup_is_made_checked_and_restored_at_the_next_start(rig: Rig, qtbot: QtBot) -> None:
    rig.page.show_backup()
    view = rig.page.backup_view
    qtbot.waitUntil(lambda: "kB" in view.boxes[BackupPart.PICTURES].text())
    assert not view.boxes[BackupPart.DATABASE].isEnabled()
    view.begin.click()
    qtbot.waitUntil(lambda: "is whole" in rig.page.toast.text)
    qtbot.waitUntil(lambda: len(view.model.rows) == 1)
    assert view.chosen is not None and BackupPart.PICTURES not in view.chosen.parts
    view.restore.click()
    qtbot.waitUntil(lambda: rig.backup.requested == view.chosen.path)  # type: ignore[union-attr]
    qtbot.waitUntil(view.withdraw.isVisible)
    view.withdraw.click()
    assert rig.backup.requested is None
    (view.chosen.path / "settings.toml").write_text("x")
    qtbot.waitUntil(lambda: not rig.backup.busy)
    view.check.click()
    qtbot.waitUntil(lambda: "settings.toml" in rig.page.toast.text)


def test_the_plan_is_changed_by_its_fields(rig: Rig, qtbot: QtBot) -> None:
    rig.page.show_backup()
    rig.page.backup_view.plan.keep.setValue(3)
    rig.page.backup_view.plan.daily.setChecked(False)
    assert rig.backup.plan == BackupPlan(daily=False, keep=3)
    assert not rig.page.backup_view.plan.keep.isEnabled()


def test_without_the_right_nothing_of_it_can_be_pressed(rig: Rig) -> None:
    rig.page.show_backup()
    rig.rights.refused |= {Action.BACK_UP, Action.CHANGE_SETTINGS}
    rig.rights.changed.emit()
    view = rig.page.backup_view
    assert not view.begin.isEnabled() and "administrator" in view.begin.toolTip()
    assert not view.plan.isEnabled() and not view.boxes[BackupPart.MODELS].isEnabled()
    assert not rig.page.diagnostics_view.gather.isEnabled()
    rig.rights.refused.clear()
    rig.rights.changed.emit()
    assert view.begin.isEnabled() and view.boxes[BackupPart.MODELS].isEnabled()
    assert not view.boxes[BackupPart.DATABASE].isEnabled()


def test_diagnostics_are_looked_at_before_they_are_saved(
    rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    view = rig.page.diagnostics_view
    assert not view.save.isEnabled()
    rig.page.show_diagnostics()
    qtbot.waitUntil(view.save.isEnabled)
    view.table.selectRow(1)
    assert "deadline_ms" in view.preview.toPlainText()
    view.names.setChecked(True)
    assert not view.save.isEnabled(), "what is saved is what was looked at"
    view.gather.click()
    qtbot.waitUntil(view.save.isEnabled)
    rig.chosen = tmp_path / "support"
    view.save.click()
    qtbot.waitUntil(lambda: "support.zip" in rig.page.toast.text)
    with zipfile.ZipFile(tmp_path / "support.zip") as packed:
        assert packed.namelist() == [file.name for file in view.model.rows]


def test_everything_has_a_name_in_both_languages(rig: Rig, language: LanguageSwitch) -> None:
    for code in ("en", "fr"):
        language.switch(code)
        rig.page.retranslate()
        for widget in rig.page.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and isinstance(
                widget, QAbstractButton | QLineEdit
            ):
                if widget.objectName().startswith("qt_") or widget.parent() in (
                    rig.page.tabs.tabBar(),
                ):
                    continue
                assert widget.accessibleName() or getattr(widget, "text", str)(), (
                    widget.objectName()
                )
        assert rig.page.tabs.tabText(1) == {"en": "Log", "fr": "Journal"}[code]
