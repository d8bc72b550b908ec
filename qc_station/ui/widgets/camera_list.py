"""The cameras that could be used, with a field for an address. Touches no camera itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from qc_station.camera.status import CaptureStatus
from qc_station.services.camera_setup import Candidate
from qc_station.ui import camera_words as words
from qc_station.ui import icons
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.rows_table import RowsTable

STATE_WIDTH = 190


class CameraList(QFrame):
    """Choosing a row writes its address into the field; the field is what counts."""

    use_asked = Signal(str)  # address
    search_asked = Signal()
    folder_asked = Signal()
    address_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, name: str = "camera") -> None:
        """``name`` begins the widgets' object names: the list stands in two places."""
        super().__init__(parent)
        self.setProperty("role", "card")
        self._status = CaptureStatus()
        self._chosen_address = ""
        self._searching = False
        self.title = QLabel(self)
        self.title.setProperty("role", "title")
        self.model = RowsModel[Candidate](
            (
                Column(lambda: self.tr("Camera"), words.camera_title, hint=lambda c: c.shown),
                Column(
                    lambda: self.tr("State"),
                    lambda c: words.standing_word(c, self._status),
                    hint=words.candidate_error,
                ),
            ),
            self,
        )
        self.table = RowsTable(self.model, 0, self)
        self.table.setObjectName(f"{name}_table")
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.set_widths({1: STATE_WIDTH})
        self.address = QLineEdit(self)
        self.address.setObjectName(f"{name}_address")
        self.address.setMinimumHeight(38)
        self.address.setPlaceholderText("rtsp://192.168.1.20/stream   opencv:0?width=1920")
        self._label = QLabel(self)
        self._label.setBuddy(self.address)
        self.search = self._button(f"{name}_search", "search")
        self.folder = self._button(f"{name}_folder", "folder")
        self.use = self._button(f"{name}_use", "check")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.search)
        head.addWidget(self.folder)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.address, 1)
        foot.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._label)
        layout.addLayout(foot)
        self.use.setEnabled(False)
        self.table.chosen.connect(self._on_chosen)
        self.address.textChanged.connect(self._on_address)
        self.address.returnPressed.connect(self._ask_use)
        self.table.doubleClicked.connect(self._ask_use)
        self.search.clicked.connect(self.search_asked)
        self.folder.clicked.connect(self.folder_asked)
        self.use.clicked.connect(self._ask_use)

    def show_candidates(self, candidates: Sequence[Candidate], status: CaptureStatus) -> None:
        """Other cameras, or other states of the same ones; the chosen one stays chosen."""
        self._status = status
        addresses = [candidate.address for candidate in candidates]
        if addresses == [candidate.address for candidate in self.model.rows]:
            self.model.update_rows(candidates)
            return
        chosen = self.chosen
        self.model.show_rows(candidates)
        if chosen is not None and chosen.address in addresses:
            self.table.selectRow(addresses.index(chosen.address))

    def show_searching(self, searching: bool) -> None:
        """Whether devices are being looked for."""
        self._searching = searching
        self.search.setEnabled(not searching)
        self.retranslate()

    @property
    def chosen(self) -> Candidate | None:
        """The camera of the chosen row."""
        return self.model.row(self.table.current)

    @property
    def wanted(self) -> str:
        """The address to use: the chosen row's, with its password, unless another was typed."""
        typed = self.address.text().strip()
        chosen = self.chosen
        return chosen.address if chosen is not None and typed == chosen.shown else typed

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.title.setText(self.tr("Cameras"))
        self.table.setAccessibleName(self.tr("Cameras"))
        self._label.setText(self.tr("&Address: choose one above or type it"))
        self.address.setAccessibleName(self.tr("Address of the camera"))
        searching = self.tr("Searching …")
        set_words(
            self.search,
            searching if self._searching else self.tr("Search"),
            self.tr("Look for cameras at this computer"),
        )
        set_words(self.folder, self.tr("Folder …"), self.tr("Use a folder of pictures as camera"))
        self.model.retranslate()

    def _button(self, name: str, sign: str) -> GuardedButton:
        button = GuardedButton(icons.icon(sign), "", self)
        button.setObjectName(name)
        button.setMinimumHeight(38)
        return button

    @Slot()
    def _on_chosen(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.address != self._chosen_address:
            self.address.setText(chosen.shown)
        self._chosen_address = chosen.address if chosen is not None else ""

    @Slot()
    def _on_address(self) -> None:
        self.use.setEnabled(bool(self.address.text().strip()))
        self.address_changed.emit()

    @Slot()
    def _ask_use(self) -> None:
        if self.wanted and self.use.isEnabled():
            self.use_asked.emit(self.wanted)
