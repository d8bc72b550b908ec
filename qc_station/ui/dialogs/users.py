"""The administrator's list of users: add, role, PIN, badge, deactivate. Nobody is deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action, User
from qc_station.domain.consistency import Consistency
from qc_station.services.access import AccessService
from qc_station.services.permits import AccessError
from qc_station.services.users import UserChange, UserService
from qc_station.ui.access_words import role_title
from qc_station.ui.icons import icon
from qc_station.ui.messages import error_sentence
from qc_station.ui.review_words import agreement
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.toast import Toast
from qc_station.ui.widgets.user_form import UserForm

ROW_PX = 44


class UsersDialog(QDialog):
    """List on the left, form on the right. Closes when the administrator is logged out."""

    def __init__(
        self,
        users: UserService,
        access: AccessService,
        parent: QWidget | None = None,
        consistencies: Callable[[], list[Consistency]] = list,
    ) -> None:
        """``consistencies`` tell how often each expert gave the same answer twice."""
        super().__init__(parent)
        self._consistencies = consistencies
        self._same: dict[str, str] = {}
        self.setObjectName("users_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._users = users
        self._access = access
        self._listed: list[User] = []
        self._build()
        self._connect()
        self.retranslate()
        self._read("")

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.table = QTableWidget(0, 6, self)
        self.table.setObjectName("users_table")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.new = QPushButton(icon("user"), "", self)
        self.new.setObjectName("users_new")
        self.idle = QSpinBox(self)
        self.idle.setObjectName("users_idle")
        self.idle.setRange(0, 1440)
        self.idle.setValue(self._access.idle_minutes)
        self.idle.setKeyboardTracking(False)
        self.idle.setProperty("touch", "true")
        self._idle_label = QLabel(self)
        self._idle_label.setBuddy(self.idle)
        self.done_button = QPushButton(self)
        self.done_button.setObjectName("users_close")
        for button in (self.new, self.done_button):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
        self.form = UserForm(self)
        self.form.setFixedWidth(380)
        self.toast = Toast(self)
        below = QHBoxLayout()
        below.addWidget(self.new)
        below.addStretch(1)
        below.addWidget(self._idle_label)
        below.addWidget(self.idle)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addLayout(below)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addWidget(self.form)
        foot = QHBoxLayout()
        foot.addWidget(self.toast, 1)
        foot.addWidget(self.done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(columns, 1)
        layout.addLayout(foot)
        self.resize(1080, 660)

    def _connect(self) -> None:
        self.table.currentCellChanged.connect(self._on_row)
        self.new.clicked.connect(self.begin_new)
        self.done_button.clicked.connect(self.accept)
        self.idle.valueChanged.connect(self._on_idle)
        self.form.save.connect(self.save)
        self.form.remove_badge.connect(self.remove_badge)
        self.form.set_active.connect(self.set_active)
        self._users.saved.connect(self._on_saved)
        self._users.failed.connect(self._on_failed)
        self._access.changed.connect(self._on_access)

    # ---- what is pressed ------------------------------------------------------------------

    @Slot()
    def begin_new(self) -> None:
        """An empty form."""
        self.table.setCurrentCell(-1, -1)
        self.form.show_user(None)
        self.form.name.setFocus()

    @Slot()
    def save(self) -> None:
        """Adds the new user, or changes the one that is shown."""
        form = self.form
        pin, badge, user = form.pin.text(), form.badge.text(), form.user
        if pin != form.again.text():
            self.toast.show_text(self.tr("The two PINs are not the same."), undo=False)
            form.again.clear()
            form.again.setFocus()
        elif user is None:
            name, role = form.name.text(), form.role
            self._ask(lambda: self._users.add(name, role, pin, badge))
        else:
            change = UserChange(
                role=form.role if form.role is not user.role else None,
                pin=pin or None,
                badge=badge or None,
            )
            if change == UserChange():
                self.toast.show_text(self.tr("Nothing has been changed."), undo=False)
            else:
                self._change(user, change)

    @Slot()
    def remove_badge(self) -> None:
        """The user's badge no longer logs in."""
        if self.form.user is not None:
            self._change(self.form.user, UserChange(badge=""))

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Keeps somebody out, or lets them in again."""
        if self.form.user is not None:
            self._change(self.form.user, UserChange(active=active))

    @Slot(int)
    def _on_idle(self, minutes: int) -> None:
        self._ask(lambda: self._access.set_idle_minutes(minutes))

    def _change(self, user: User, change: UserChange) -> None:
        self._ask(lambda: self._users.change(user.name, change))

    def _ask(self, work: Callable[[], object]) -> None:
        try:
            work()
        except AccessError as error:
            self._on_failed(error.code, str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field saves nothing by itself: a badge reader ends with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)

    # ---- what comes of it -----------------------------------------------------------------

    @Slot(str)
    def _on_saved(self, name: str) -> None:
        self.toast.show_text(self.tr("{} has been saved.").format(name), undo=False)
        self._read(name)

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        self.toast.show_text(error_sentence(code, sentence), undo=False, stay=True)

    @Slot()
    def _on_access(self) -> None:
        if not self._access.allows(Action.MANAGE_USERS):
            self.reject()

    @Slot(int, int, int, int)
    def _on_row(self, row: int, _column: int, before: int, _before_column: int) -> None:
        if 0 <= row < len(self._listed) and row != before:
            self.form.show_user(self._listed[row])

    def _read(self, chosen: str) -> None:
        """Lists everybody again and shows the one who is chosen, or the form for a new user."""
        if not self._access.allows(Action.MANAGE_USERS):
            return
        self._listed = self._users.users()
        self._same = {one.reviewer: agreement(one) for one in self._consistencies()}
        self.table.setRowCount(len(self._listed))
        self._fill()
        names = [user.name for user in self._listed]
        if chosen in names:
            row = names.index(chosen)
            self.table.setCurrentCell(row, 0)
            self.form.show_user(self._listed[row])
        else:
            self.begin_new()

    def _fill(self) -> None:
        yes, no = self.tr("yes"), "–"
        for row, user in enumerate(self._listed):
            cells = (
                user.name,
                role_title(user.role),
                yes if user.has_pin else no,
                yes if user.has_badge else no,
                self.tr("active") if user.active else self.tr("deactivated"),
                self._same.get(user.name, no),
            )
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Users"))
        self.table.setAccessibleName(self.tr("Users"))
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Name"), self.tr("Role"), self.tr("PIN"), self.tr("Badge"),
                self.tr("State"), self.tr("Answered twice"),
            ]
        )  # fmt: skip
        set_words(self.new, self.tr("New user"))
        set_words(self.done_button, self.tr("Close (Esc)"), self.tr("Close the list of users"))
        self._idle_label.setText(self.tr("&Lock after minutes without input"))
        self.idle.setSpecialValueText(self.tr("never"))
        self.idle.setAccessibleName(self.tr("Minutes without input until the lock, 0 for never"))
        twice = self.table.horizontalHeaderItem(5)
        if twice is not None:
            twice.setToolTip(
                self.tr(
                    "How often this expert gave the same answer to a part that came twice; κ "
                    "(Cohen) is 1 for always and 0 for as often as by chance."
                )
            )
        self.form.retranslate()
        self.toast.retranslate()
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
