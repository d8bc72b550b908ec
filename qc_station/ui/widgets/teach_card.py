"""Card for a new product: its name, a folder to drop, or the camera. Starts nothing itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.learning import FEWEST_GOOD
from qc_station.ui import icons
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton


class TeachCard(QFrame):
    """Emits what was asked; a dropped folder is the same as a chosen one."""

    folder_asked = Signal()
    folder_dropped = Signal(object)  # Path
    camera_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach_card")
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setProperty("role", "muted")
        self._name_label = QLabel(self)
        self._name = QLineEdit(self)
        self._name.setObjectName("teach_name")
        self._name.setMaxLength(60)
        self._name.setMinimumHeight(34)
        self._name_label.setBuddy(self._name)
        self._wanted_label = QLabel(self)
        self._wanted = QSpinBox(self)
        self._wanted.setObjectName("teach_wanted")
        self._wanted.setRange(FEWEST_GOOD, 500)
        self._wanted.setValue(30)
        self._wanted.setMinimumHeight(34)
        self._wanted_label.setBuddy(self._wanted)
        self._folder = GuardedButton(icons.icon("folder"), "", self)
        self._folder.setObjectName("teach_folder")
        self._folder.setProperty("touch", "true")
        self._camera = GuardedButton(icons.icon("camera"), "", self)
        self._camera.setObjectName("teach_camera")
        self._camera.setProperty("touch", "true")
        self._folder.clicked.connect(self.folder_asked)
        self._camera.clicked.connect(self.camera_asked)
        fields = QGridLayout()
        fields.setHorizontalSpacing(12)
        fields.setColumnStretch(0, 3)
        fields.setColumnStretch(1, 2)
        fields.addWidget(self._name_label, 0, 0)
        fields.addWidget(self._wanted_label, 0, 1)
        fields.addWidget(self._name, 1, 0)
        fields.addWidget(self._wanted, 1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self._folder, 1)
        buttons.addWidget(self._camera, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(1)
        layout.addLayout(fields)
        layout.addLayout(buttons)
        self.retranslate()

    @property
    def name(self) -> str:
        """The product's name as typed."""
        return self._name.text().strip()

    @property
    def wanted(self) -> int:
        """How many pictures to take from the camera."""
        return self._wanted.value()

    def set_name(self, name: str) -> None:
        """Proposes a name."""
        self._name.setText(name)

    def focus_name(self) -> None:
        """Asks for the name."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Teach a new product"))
        self._text.setText(
            self.tr(
                "Pictures of good parts are enough, at least ten. Choose a folder or drop it "
                "here, or show good parts to the camera."
            )
        )
        self._name_label.setText(self.tr("Name of the product"))
        self._name.setPlaceholderText(self.tr("as the folder"))
        self._name.setAccessibleName(self.tr("Name of the product to teach"))
        self._wanted_label.setText(self.tr("Pictures to take"))
        self._wanted.setAccessibleName(self.tr("Number of pictures to take from the camera"))
        set_words(self._folder, self.tr("Folder …"), self.tr("Teach from a folder"))
        set_words(self._camera, self.tr("Camera"), self.tr("Teach from the camera"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one folder."""
        if dropped_folder(event) is not None:
            event.acceptProposedAction()
            self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The folder went elsewhere."""
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """The folder is taught."""
        self._mark(False)
        folder = dropped_folder(event)
        if folder is not None:
            event.acceptProposedAction()
            self.folder_dropped.emit(folder)

    def _mark(self, over: bool) -> None:
        self.setStyleSheet("#teach_card { border: 2px dashed palette(link); }" if over else "")


def dropped_folder(event: QDropEvent) -> Path | None:
    """The one folder that is being dropped, if it is one."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_dir() else None
