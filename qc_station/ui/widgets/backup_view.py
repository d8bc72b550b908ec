"""Tab for backups: make one, see and check those that are there, restore, plan the daily one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.backup import ALWAYS, DAILY, BackupFacts, BackupPart, BackupPlan, PartSize
from qc_station.services.backup import BackupService
from qc_station.services.permits import AccessError
from qc_station.services.tasks import TaskPool
from qc_station.ui import icons
from qc_station.ui import maintenance_words as words
from qc_station.ui.messages import count, error_sentence
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.backup_plan import BackupPlanForm
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.columns import Columns
from qc_station.ui.widgets.guarded_button import GuardedButton, refuse_within
from qc_station.ui.widgets.rows_table import RowsTable

ChooseFolder = Callable[[QWidget, str], Path | None]
T = TypeVar("T")


def ask_folder(parent: QWidget, begin: str) -> Path | None:
    """The system's folder dialog; None when it was cancelled."""
    name = QFileDialog.getExistingDirectory(parent, "", begin)
    return Path(name) if name else None


class BackupView(QWidget):
    """Says what happened with ``said``; the page shows it."""

    said = Signal(str, bool)  # sentence, whether it stays

    def __init__(
        self,
        service: BackupService,
        tasks: TaskPool,
        actor: Callable[[], str],
        choose_folder: ChooseFolder = ask_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._tasks = service, tasks
        self._actor, self._choose_folder = actor, choose_folder
        self._sizes: dict[BackupPart, PartSize] = {}
        self._build()
        self._connect()
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Reads backups and sizes again."""
        self.plan.show_plan(self._service.plan)
        self._show_state()
        self._tasks.run(self._service.backups, self._on_backups, self._on_problem, self)
        self._tasks.run(self._service.sizes, self._on_sizes, self._on_problem, self)

    def refuse(self, sentence: str) -> None:
        """Why backups are not for the present role; empty when they are."""
        refuse_within(self, sentence)
        for widget in (*self.boxes.values(), self.plan):
            widget.setEnabled(not sentence and widget not in self._fixed)
            widget.setToolTip(sentence)

    @Slot()
    def back_up(self) -> None:
        """Backs up what is ticked."""
        parts = frozenset(part for part, box in self.boxes.items() if box.isChecked())
        self._ask(lambda: self._service.back_up(parts, self._actor()))

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Back up now"))
        self._list_title.setText(self.tr("Backups"))
        set_words(self.begin, self.tr("Back up now"), self.tr("Back up what is ticked"))
        set_words(self.elsewhere, self.tr("Folder …"), self.tr("Choose the folder of backups"))
        set_words(self.check, self.tr("Check"), self.tr("Check the chosen backup"))
        set_words(
            self.restore, self.tr("Restore at next start"),
            self.tr("Restore the chosen backup at the next start"),
        )  # fmt: skip
        set_words(
            self.into, self.tr("Restore into a folder …"),
            self.tr("Restore the chosen backup into an empty folder"),
        )  # fmt: skip
        set_words(self.other, self.tr("Other backup …"), self.tr("Choose a backup elsewhere"))
        set_words(self.withdraw, self.tr("Do not restore"), self.tr("Withdraw the restore"))
        self._key.setText(
            self.tr(
                "The secret of the badges (access.key) is in no backup: after a restore elsewhere "
                "badges are scanned in again, PINs go on working."
            )
        )
        self.table.setAccessibleName(self.tr("Backups"))
        self.plan.retranslate()
        self.model.retranslate()
        self._show_sizes()
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Reads everything each time the tab is opened."""
        super().showEvent(event)
        self.refresh()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.model = RowsModel[BackupFacts](
            (
                Column(lambda: self.tr("Made"), lambda b: words.moment(b.created_at)),
                Column(
                    lambda: self.tr("Kind"),
                    lambda b: self.tr("daily") if b.daily else self.tr("by hand"),
                ),
                Column(lambda: self.tr("Holds"), words.backup_contents, hint=lambda b: str(b.path)),
                Column(lambda: self.tr("Parts"), lambda b: count(b.inspections), right=True),
                Column(lambda: self.tr("Size"), lambda b: words.size_text(b.size_bytes), True),
            ),
            self,
        )
        self.table = RowsTable(self.model, 2, self)
        self.table.setObjectName("backup_table")
        self.table.set_widths({0: 160, 1: 100, 3: 80, 4: 90})
        self.boxes = {part: QCheckBox(self) for part in BackupPart}
        self._fixed = {self.boxes[part] for part in ALWAYS}
        for part, box in self.boxes.items():
            box.setObjectName(f"backup_{part.value}")
            box.setChecked(part in DAILY)
            box.setEnabled(part not in ALWAYS)
        self._title, self._list_title = QLabel(self), QLabel(self)
        for label in (self._title, self._list_title):
            label.setProperty("role", "title")
        self._place, self._state, self._key = QLabel(self), QLabel(self), QLabel(self)
        self._place.setObjectName("backup_place")
        self._state.setObjectName("backup_state")
        for label in (self._place, self._state, self._key):
            label.setWordWrap(True)
        self._place.setProperty("role", "muted")
        self._key.setProperty("role", "muted")
        self.begin = self._button("backup_begin", "export", "inverse_ink")
        self.begin.setProperty("role", "primary")
        self.elsewhere = self._button("backup_elsewhere", "folder")
        self.check = self._button("backup_check", "check")
        self.restore = self._button("backup_restore", "rollback")
        self.into = self._button("backup_into", "folder")
        self.other = self._button("backup_other", "search")
        self.withdraw = self._button("backup_withdraw", "cancel")
        self.plan = BackupPlanForm(self)
        layout = Columns(self, spacing=12)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addLayout(self._build_left(), 2)
        layout.addLayout(self._build_right(), 3)

    def _build_left(self) -> QVBoxLayout:
        card = QFrame(self)
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(6)
        inside.addWidget(self._title)
        for box in self.boxes.values():
            inside.addWidget(box)
        inside.addWidget(self._place)
        buttons = QHBoxLayout()
        buttons.addWidget(self.begin, 1)
        buttons.addWidget(self.elsewhere)
        inside.addLayout(buttons)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(card)
        column.addWidget(self.plan)
        column.addStretch(1)
        return column

    def _build_right(self) -> QVBoxLayout:
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.check, 0, 0)
        buttons.addWidget(self.other, 0, 1)
        buttons.addWidget(self.restore, 1, 0)
        buttons.addWidget(self.into, 1, 1)
        buttons.addWidget(self.withdraw, 2, 0)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._list_title)
        column.addWidget(self._state)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        column.addWidget(self._key)
        return column

    def _button(self, name: str, sign: str, role: str = "text") -> GuardedButton:
        button = GuardedButton(icons.icon(sign, role), "", self)
        button.setObjectName(name)
        button.setMinimumHeight(38)
        return button

    def _connect(self) -> None:
        self.begin.clicked.connect(self.back_up)
        self.elsewhere.clicked.connect(self._on_elsewhere)
        self.check.clicked.connect(self._on_check)
        self.restore.clicked.connect(self._on_restore)
        self.into.clicked.connect(self._on_into)
        self.other.clicked.connect(self._on_other)
        self.withdraw.clicked.connect(
            lambda: self._ask(lambda: self._service.withdraw_restore(self._actor()))
        )
        self.plan.changed.connect(self._on_plan)
        self.table.chosen.connect(self._show_state)
        service = self._service
        service.changed.connect(self._on_changed)
        service.checked.connect(self._on_checked)
        service.backed_up.connect(self._on_checked)
        service.prepared.connect(self._on_prepared)
        service.restored.connect(self._on_restored)
        service.failed.connect(self._on_failed)

    # ---- what is pressed ------------------------------------------------------------------

    @property
    def chosen(self) -> BackupFacts | None:
        """The backup of the chosen row."""
        return self.model.row(self.table.current)

    def _ask(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except AccessError as error:
            self._on_failed(error.code, str(error), "")
            return None

    @Slot()
    def _on_elsewhere(self) -> None:
        folder = self._choose_folder(self, str(self._service.folder))
        if folder is not None:
            plan = replace(self._service.plan, folder=str(folder))
            self._ask(lambda: self._service.set_plan(plan, self._actor()))
            self.refresh()

    @Slot(object)
    def _on_plan(self, plan: BackupPlan) -> None:
        self._ask(lambda: self._service.set_plan(plan, self._actor()))

    @Slot()
    def _on_check(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self._ask(lambda: self._service.check(chosen.path, self._actor()))

    @Slot()
    def _on_restore(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self._ask(lambda: self._service.restore_at_start(chosen.path, self._actor()))

    @Slot()
    def _on_into(self) -> None:
        chosen = self.chosen
        folder = self._choose_folder(self, "") if chosen is not None else None
        if chosen is not None and folder is not None:
            self._ask(lambda: self._service.restore_into(chosen.path, folder, self._actor()))

    @Slot()
    def _on_other(self) -> None:
        """A backup from another disk: listed first once it proves whole."""
        folder = self._choose_folder(self, str(self._service.folder))
        if folder is not None:
            self._ask(lambda: self._service.check(folder, self._actor()))

    # ---- what comes of it -----------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _on_checked(self, facts: BackupFacts) -> None:
        known = self.model.rows
        if facts.path not in [backup.path for backup in known]:
            self.model.show_rows([facts, *known])
            self.table.selectRow(0)
        self.said.emit(words.backup_sentence(facts), True)

    @Slot(object)
    def _on_prepared(self, _backup: Path) -> None:
        text = self.tr("The backup is whole. Close the program and start it again to restore it.")
        self.said.emit(text, True)

    @Slot(object)
    def _on_restored(self, folder: Path) -> None:
        text = self.tr("Restored. Start that station with --home {}").format(folder)
        self.said.emit(text, True)

    @Slot(str, str, str)
    def _on_failed(self, code: str, sentence: str, file: str) -> None:
        cancelled = code == "cancelled_work"
        if cancelled:
            self.said.emit(self.tr("Cancelled; nothing was left behind."), False)
        else:
            self.said.emit(error_sentence(code, sentence, {"file": file} if file else None), True)

    def _on_problem(self, error: Exception) -> None:
        self._on_failed(str(getattr(error, "code", "")), str(error), "")

    def _on_backups(self, backups: list[BackupFacts]) -> None:
        before = self.chosen
        self.model.show_rows(backups)
        paths = [backup.path for backup in backups]
        if backups:
            row = paths.index(before.path) if before and before.path in paths else 0
            self.table.selectRow(row)
        self._show_state()

    def _on_sizes(self, found: tuple[PartSize, ...]) -> None:
        self._sizes = {size.part: size for size in found}
        self._show_sizes()

    def _show_sizes(self) -> None:
        for part, box in self.boxes.items():
            size = self._sizes.get(part)
            title = words.part_title(part)
            text = f"{title} – {words.size_text(size.size_bytes)}" if size is not None else title
            box.setText(text)
            box.setAccessibleName(text)

    def _show_state(self) -> None:
        service, chosen = self._service, self.chosen
        possible = service.possible
        self.begin.setEnabled(possible)
        self.plan.setVisible(possible)
        for button in (self.check, self.restore, self.into):
            button.setEnabled(chosen is not None and possible)
        requested = service.requested
        self.withdraw.setVisible(requested is not None)
        place = self.tr("To {}").format(service.folder)
        if possible and service.same_disk:
            place += "\n" + self.tr(
                "This is the same disk: choose another one, so that it outlives this one."
            )
        self._place.setText(place)
        self._state.setText(self._state_words(possible, requested))

    def _state_words(self, possible: bool, requested: Path | None) -> str:
        if not possible:
            return self.tr("PostgreSQL is backed up by its server (pg_dump).")
        if requested is not None:
            return self.tr("The next start restores {}.").format(requested.name)
        last = self._service.last
        if self._service.failure:
            return "⚠ " + self.tr("The last daily backup failed: {}").format(
                error_sentence(self._service.failure)
            )
        if last is None:
            return self.tr("There is no backup yet.")
        return self.tr("Newest: {}").format(words.moment(last))
