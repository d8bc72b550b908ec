"""Form for one user: name, role, PIN twice, badge. Emits what was asked; knows no service."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Role, User
from qc_station.services.users import LONGEST_NAME
from qc_station.ui import theme
from qc_station.ui.access_words import role_rights, role_title
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.pin_pad import PinField


class UserForm(QFrame):
    """Shows a user to change, or an empty form for a new one."""

    save = Signal()
    remove_badge = Signal()
    set_active = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("user_form")
        self.setProperty("role", "card")
        self._user: User | None = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.name = QLineEdit(self)
        self.name.setObjectName("user_name")
        self.name.setMaxLength(LONGEST_NAME)
        self.role_box = QComboBox(self)
        self.role_box.setObjectName("user_role")
        for role in Role:
            self.role_box.addItem("", role.value)
        self.role_box.setIconSize(QSize(0, 0))
        self._rights = QLabel(self)
        self._rights.setProperty("role", "muted")
        self._rights.setWordWrap(True)
        self._rights.setMinimumHeight(theme.px(36))
        self.pin = PinField("user_pin", self)
        self.again = PinField("user_pin_again", self)
        self.badge = QLineEdit(self)
        self.badge.setObjectName("user_badge")
        self.badge.setEchoMode(QLineEdit.EchoMode.Password)
        self._labels = [QLabel(self) for _ in range(5)]
        self.save_button = self._button("user_save")
        self.save_button.setProperty("role", "primary")
        self.badge_button = self._button("user_remove_badge")
        self.active_button = self._button("user_active")
        self._lay_out()
        self.role_box.currentIndexChanged.connect(self._show_rights)
        self.save_button.clicked.connect(self.save)
        self.badge_button.clicked.connect(self.remove_badge)
        self.active_button.clicked.connect(self._ask_active)
        self.show_user(None)

    @property
    def user(self) -> User | None:
        """Who is shown; None for a new one."""
        return self._user

    @property
    def role(self) -> Role:
        """The role chosen."""
        return Role(self.role_box.currentData())

    def show_user(self, user: User | None) -> None:
        """Fills the form; secrets are never shown, an empty field keeps what there is."""
        self._user = user
        self.name.setText(user.name if user is not None else "")
        self.name.setReadOnly(user is not None)
        role = user.role if user is not None else Role.OPERATOR
        self.role_box.setCurrentIndex(list(Role).index(role))
        for field in (self.pin, self.again, self.badge):
            field.clear()
        self.badge_button.setVisible(user is not None)
        self.badge_button.setEnabled(user is not None and user.has_badge)
        self.active_button.setVisible(user is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the current language."""
        user = self._user
        new = user is None
        self._title.setText(self.tr("New user") if user is None else user.name)
        names = (
            self.tr("&Name"),
            self.tr("&Role"),
            self.tr("&PIN, 6 to 12 digits") if new else self.tr("New &PIN (empty: keep)"),
            self.tr("PIN &again"),
            self.tr("&Badge: scan it here") if new else self.tr("New &badge: scan it here"),
        )
        for label, text in zip(self._labels, names, strict=True):
            label.setText(text)
        for index, role in enumerate(Role):
            self.role_box.setItemText(index, role_title(role))
        self.name.setAccessibleName(self.tr("Name of the user"))
        self.role_box.setAccessibleName(self.tr("Role of the user"))
        self.pin.setAccessibleName(self.tr("PIN, 6 to 12 digits"))
        self.again.setAccessibleName(self.tr("The same PIN again"))
        self.badge.setAccessibleName(self.tr("Badge of the user, scanned"))
        set_words(self.save_button, self.tr("Add user") if new else self.tr("Save changes"))
        set_words(self.badge_button, self.tr("Take the badge away"))
        active = user is None or user.active
        set_words(
            self.active_button, self.tr("Deactivate") if active else self.tr("Activate again")
        )
        self._show_rights()

    def _show_rights(self) -> None:
        self._rights.setText(role_rights(self.role))

    def _ask_active(self) -> None:
        if self._user is not None:
            self.set_active.emit(not self._user.active)

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setProperty("touch", "true")
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(5)
        layout.addWidget(self._title)
        fields: tuple[QWidget, ...] = (self.name, self.role_box, self.pin, self.again, self.badge)
        for label, field in zip(self._labels, fields, strict=True):
            label.setBuddy(field)
            field.setProperty("touch", "true")
            layout.addWidget(label)
            layout.addWidget(field)
            if field is self.role_box:
                layout.addWidget(self._rights)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.badge_button)
        row.addWidget(self.active_button)
        layout.addLayout(row)
        layout.addWidget(self.save_button)
