"""Maintenance page: activities, log, audit trail, backups, diagnostics. Does nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from qc_station.domain.access import Action
from qc_station.domain.activity import Activity, ActivityKind, ActivityState
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog, ChainCheck
from qc_station.services.backup import BackupService
from qc_station.services.diagnostics import DiagnosticsService
from qc_station.services.log_reader import LogReader
from qc_station.services.permits import AccessError, Permits
from qc_station.services.progress import Report
from qc_station.services.restore import Restored
from qc_station.services.tasks import TaskPool
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.activity_view import ActivityView
from qc_station.ui.widgets.audit_view import AuditView
from qc_station.ui.widgets.backup_view import BackupView, ChooseFolder, ask_folder
from qc_station.ui.widgets.diagnostics_view import ChoosePath, DiagnosticsView, ask_zip_path
from qc_station.ui.widgets.log_view import LogView
from qc_station.ui.widgets.page_frame import PageFrame
from qc_station.ui.widgets.toast import Toast

EARLIER_RUNS = 30


class PastRun(Protocol):
    """The part of a written-down teaching run that is shown."""

    @property
    def recipe(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def options(self) -> Any: ...
    @property
    def finished_at(self) -> datetime | None: ...
    @property
    def error_code(self) -> str | None: ...
    @property
    def message(self) -> str | None: ...


class PastRuns(Protocol):
    """The part of JobHistory that is used here."""

    def newest(self, limit: int) -> Sequence[PastRun]: ...


class MaintenancePage(QWidget):
    """Five tabs; each reads when it is looked at."""

    def __init__(
        self,
        activities: Activities,
        past: PastRuns,
        log: LogReader,
        audit: AuditLog,
        backup: BackupService,
        diagnostics: DiagnosticsService,
        tasks: TaskPool,
        actor: Callable[[], str],
        choose_folder: ChooseFolder = ask_folder,
        choose_zip: ChoosePath = ask_zip_path,
        parent: QWidget | None = None,
        permits: Permits | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("maintenance_page")
        self._activities, self._audit, self._actor = activities, audit, actor
        self._past, self._tasks, self._backup = past, tasks, backup
        self._permits = permits if permits is not None else Permits(self)
        self._earlier: list[Activity] = []
        self.activity_view = ActivityView(self)
        self.log_view = LogView(log, tasks, self)
        self.audit_view = AuditView(audit.newest, tasks, self)
        self.backup_view = BackupView(backup, tasks, actor, choose_folder, self)
        self.diagnostics_view = DiagnosticsView(diagnostics, actor, choose_zip, self)
        self.toast = Toast(self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("maintenance_tabs")
        self.tabs.setDocumentMode(True)
        for view in self._views():
            self.tabs.addTab(PageFrame(view), "")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(6)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.toast)
        self.setFocusProxy(self.tabs.tabBar())
        self._connect()
        self.retranslate()
        self._tell_restore()

    # ---- for others -----------------------------------------------------------------------

    def show_backup(self) -> None:
        """Opens the backups."""
        self._show(self.backup_view)

    def show_diagnostics(self) -> None:
        """Opens the diagnostics and gathers them."""
        self._show(self.diagnostics_view)
        self.diagnostics_view.begin()

    def _show(self, view: QWidget) -> None:
        self.tabs.setCurrentIndex(self._views().index(view))

    def close_workers(self) -> None:
        """Reads nothing any more; for the end of the program."""
        self.log_view.pause.setChecked(True)

    def retranslate(self) -> None:
        """Every text in the current language."""
        titles = (
            self.tr("Activities"), self.tr("Log"), self.tr("Audit trail"), self.tr("Backup"),
            self.tr("Diagnostics"),
        )  # fmt: skip
        for index, title in enumerate(titles):
            self.tabs.setTabText(index, title)
        self.tabs.tabBar().setAccessibleName(self.tr("Maintenance"))
        for view in (*self._views(), self.toast):
            view.retranslate()  # type: ignore[attr-defined]
        self._show_permits()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Reads the teaching runs of earlier starts."""
        super().showEvent(event)
        self._tasks.run(lambda: self._past.newest(EARLIER_RUNS), self._on_past, parent=self)

    # ---- what happens ---------------------------------------------------------------------

    def _views(self) -> tuple[QWidget, ...]:
        return (
            self.activity_view, self.log_view, self.audit_view, self.backup_view,
            self.diagnostics_view,
        )  # fmt: skip

    def _connect(self) -> None:
        self._activities.changed.connect(self._show_activities)
        self.activity_view.cancelled.connect(self._cancel)
        self.audit_view.check_asked.connect(self.check_chain)
        self.backup_view.said.connect(self._say)
        self.diagnostics_view.said.connect(self._say)
        self._permits.changed.connect(self._show_permits)
        self.tabs.currentChanged.connect(self.toast.hide_text)
        for index in range(self.tabs.count()):
            shortcut = QShortcut(QKeySequence(f"Alt+{index + 1}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda index=index: self.tabs.setCurrentIndex(index))

    @Slot()
    def check_chain(self) -> None:
        """Reads every event, answer and mask and compares the hashes."""

        def work(report: Report) -> ChainCheck:
            report("chains", 0, 0)
            return self._audit.verify()

        def done(found: ChainCheck) -> None:
            self.audit_view.show_whole(found.events, found.reviews, found.masks)

        def failed(error: Exception) -> None:
            params = getattr(error, "params", {})
            code, row = str(getattr(error, "code", "")), params.get("row") or 0
            self.audit_view.show_broken(code, str(error), str(params.get("chain") or ""), row)

        self._activities.run(ActivityKind.CHAIN_CHECK, work, done, failed, actor=self._actor())

    @Slot()
    def _show_activities(self) -> None:
        self.activity_view.show_activities([*self._activities.all(), *self._earlier])

    def _on_past(self, runs: Sequence[PastRun]) -> None:
        """Runs that ended before this start; those since are in the list already."""
        seen = {(a.subject, round(a.started_at.timestamp())) for a in self._activities.all()}
        found = [
            _activity(-number, run)
            for number, run in enumerate(runs, start=1)
            if run.finished_at is not None
        ]
        self._earlier = [
            a for a in found if (a.subject, round(a.started_at.timestamp())) not in seen
        ]
        self._show_activities()

    @Slot(int)
    def _cancel(self, number: int) -> None:
        try:
            self._activities.cancel(number)
        except AccessError as error:
            self._say(error_sentence(error.code, str(error)), True)

    @Slot(str, bool)
    def _say(self, sentence: str, stay: bool) -> None:
        self.toast.show_text(sentence, undo=False, stay=stay)

    @Slot()
    def _show_permits(self) -> None:
        self.backup_view.refuse(refusal(self._permits, Action.BACK_UP))
        self.diagnostics_view.refuse(refusal(self._permits, Action.CHANGE_SETTINGS))

    def _tell_restore(self) -> None:
        """What became of a restore at this start."""
        outcome = self._backup.outcome
        if isinstance(outcome, Restored):
            text = self.tr("Restored from {}.").format(outcome.backup.name)
            if outcome.replaced is not None:
                text += " " + self.tr("What was there before is in {}.").format(outcome.replaced)
            self._say(text, True)
        elif outcome is not None:
            sentence = error_sentence(outcome.code, str(outcome), outcome.params)
            self._say(self.tr("Nothing was restored: {}").format(sentence), True)


def _activity(number: int, run: PastRun) -> Activity:
    return Activity(
        number, ActivityKind(run.kind), run.recipe, str(run.options.get("actor", "")),
        run.started_at, ActivityState(run.state), ended_at=run.finished_at,
        code=run.error_code or "", sentence=run.message or "", can_cancel=False,
    )  # fmt: skip
