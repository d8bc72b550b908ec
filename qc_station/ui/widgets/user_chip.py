"""Who is at work, in the window's head: name and role. Knows no service."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from qc_station.domain.access import Session
from qc_station.ui.access_words import role_title
from qc_station.ui.icons import icon


class UserChip(QToolButton):
    """Pressed: log in, or a choice of what somebody logged in may do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("user_chip")
        self.setIcon(icon("user"))
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._session: Session | None = None
        self._open = True
        self.retranslate()

    def show_session(self, session: Session | None, station_open: bool) -> None:
        """Who is logged in; ``station_open`` while there are no users at all."""
        self._session, self._open = session, station_open
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the current language."""
        session = self._session
        if session is not None:
            text = self.tr("{name} · {role}").format(
                name=session.name, role=role_title(session.role)
            )
            hint = self.tr("Switch user, log out (Ctrl+L)")
        elif self._open:
            text = self.tr("No users yet")
            hint = self.tr(
                "Everybody may do everything. Press here to create the first administrator."
            )
        else:
            text = self.tr("Not logged in")
            hint = self.tr("Log in (Ctrl+L)")
        self.setText(text)
        self.setToolTip(hint)
        self.setAccessibleName(self.tr("User: {}").format(text))
        self.setAccessibleDescription(hint)
        menu_bar = self.parentWidget()
        if menu_bar is not None:
            self.adjustSize()
            menu_bar.adjustSize()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
