"""Ties the log-in to the main window: chip, dialogs, idle lock, what is said of it. No SQL."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from qc_station.domain.access import Session
from qc_station.domain.consistency import Consistency
from qc_station.services.access import AccessService
from qc_station.services.users import UserService
from qc_station.ui.access_words import role_title
from qc_station.ui.dialogs.first_administrator import FirstAdministratorDialog
from qc_station.ui.dialogs.log_in import LogInDialog
from qc_station.ui.dialogs.users import UsersDialog
from qc_station.ui.main_window import MainWindow
from qc_station.ui.widgets.user_chip import UserChip

INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class AccessDesk(QObject):
    """Opens at most one dialog at a time; inspection goes on behind it."""

    def __init__(
        self,
        window: MainWindow,
        access: AccessService,
        users: UserService,
        consistencies: Callable[[], list[Consistency]] = list,
    ) -> None:
        """``consistencies`` tell how often each expert gave the same answer twice."""
        super().__init__(window)
        self._consistencies = consistencies
        self._window = window
        self._access = access
        self._users = users
        self._last = ""  # who was at work before the idle lock
        self._dialog: QDialog | None = None
        self._own_keys: QDialog | None = None
        self.chip = UserChip(window.menuBar())
        window.menuBar().setCornerWidget(self.chip)
        self.chip.clicked.connect(self.press_chip)
        self.menu = QMenu(window)
        self.menu.setObjectName("user_menu")
        for key in ("station.log_in", "station.log_out", "station.users"):
            self.menu.addAction(window.actions_set[key])
        window.bind("station.log_in", self.log_in)
        window.bind("station.log_out", access.log_out)
        window.bind("station.users", self.manage_users)
        access.changed.connect(self._show)
        access.logged_in.connect(self._on_logged_in)
        access.logged_out.connect(self._on_logged_out)
        self.watch(window)
        self._show()
        self._to_page()

    # ---- commands -------------------------------------------------------------------------

    @Slot()
    def press_chip(self) -> None:
        """Log in; for somebody who is logged in, what they may do about it."""
        if self._access.session is None:
            self.log_in()
        else:
            below = self.chip.mapToGlobal(QPoint(0, self.chip.height()))
            self.menu.popup(below)

    def log_in(self) -> None:
        """The log-in panel; on a station without users, the first administrator."""
        if self._access.open:
            self.open(FirstAdministratorDialog(self._users, self._window))
        else:
            self.open(LogInDialog(self._access, self._last, self._window))

    def manage_users(self) -> None:
        """The list of users; on a station without users, the first administrator."""
        if self._access.open:
            self.open(FirstAdministratorDialog(self._users, self._window))
        else:
            self.open(UsersDialog(self._users, self._access, self._window, self._consistencies))

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._dialog

    def open(self, dialog: QDialog) -> None:
        """Opens a dialog over the line: the foot switch and the idle lock go on behind it."""
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(self._on_closed)
        self.watch(dialog)
        dialog.open()

    def adopt(self, dialog: QDialog, foot_switch: bool) -> None:
        """Another desk's dialog: its keys and presses put the idle lock off too.

        With ``foot_switch`` the switch reaches the line through it; otherwise it is the dialog's.
        """
        if not foot_switch:
            self._own_keys = dialog
            dialog.finished.connect(self._on_own_closed)
        self.watch(dialog)

    # ---- inside ---------------------------------------------------------------------------

    @Slot()
    def _on_closed(self) -> None:
        if self.sender() is self._dialog:
            self._dialog = None
            self._to_page()

    @Slot()
    def _on_own_closed(self) -> None:
        if self.sender() is self._own_keys:
            self._own_keys = None

    def _to_page(self) -> None:
        """The keyboard belongs to the page: Space is one part, not a press of the chip."""
        self._window.pages[self._window.page].setFocus()

    @Slot()
    def _show(self) -> None:
        self.chip.show_session(self._access.session, self._access.open)
        nobody = self.tr("Nobody is logged in.") if self._access.session is None else ""
        self._window.actions_set.refuse("station.log_out", nobody)

    @Slot(object)
    def _on_logged_in(self, session: Session) -> None:
        self._last = ""
        self._window.say(
            self.tr("{name} is logged in: {role}.").format(
                name=session.name, role=role_title(session.role)
            )
        )

    @Slot(str, bool)
    def _on_logged_out(self, name: str, idle: bool) -> None:
        self._last = name if idle else ""
        self._to_page()
        if idle:
            self._window.say(self.tr("Locked after a while without input. Inspection goes on."))
        else:
            self._window.say(self.tr("{} is logged out. Inspection goes on.").format(name))

    def watch(self, window: QWidget) -> None:
        """Input reaches the native window first: one filter there sees every key and press."""
        window.winId()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key and press puts the idle lock off, but for foot switch and scanner: they say
        nothing of who is at the station. The foot switch reaches the line always."""
        if event.type() in INPUT and not _by_foot(event) and not self._by_scanner(event):
            self._access.touch()
        own_keys = self._own_keys is not None and watched is self._own_keys.windowHandle()
        if isinstance(event, QKeyEvent) and not self._at_page():
            if event.type() == QEvent.Type.KeyRelease:
                self._window.line_keys.released(event)
            pressed = event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat()
            if pressed and not own_keys and self._window.foot_switch(event):
                return True
        return bool(super().eventFilter(watched, event))

    def _at_page(self) -> bool:
        """Whether the Inspect page has the keyboard, and sees to the line's keys by itself."""
        focus = QApplication.focusWidget()
        page = self._window.pages["inspect"]
        return focus is not None and (focus is page or page.isAncestorOf(focus))

    def _by_scanner(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not self._at_page():
            return False
        return self._window.line_keys.types(event)


def _by_foot(event: QEvent) -> bool:
    """Whether the foot switch or a key that is held down made this event."""
    if not isinstance(event, QKeyEvent):
        return False
    return event.isAutoRepeat() or Qt.Key.Key_F13 <= event.key() <= Qt.Key.Key_F24
