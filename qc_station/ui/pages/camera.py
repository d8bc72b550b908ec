"""Camera page: which one, its live picture, how good that is, how it is set. Knows no driver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qc_station.camera.errors import CameraError
from qc_station.camera.registry import shown_address
from qc_station.domain.access import Action
from qc_station.domain.state import CameraState
from qc_station.services.camera_setup import CameraSetupService
from qc_station.services.permits import AccessError, Permits
from qc_station.ui import camera_words as words
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import count, error_sentence, number
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.camera_controls import CameraControls
from qc_station.ui.widgets.camera_list import CameraList
from qc_station.ui.widgets.figure_tile import FigureTile
from qc_station.ui.widgets.guarded_button import refuse_within
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.picture_indices import PictureIndices
from qc_station.ui.widgets.toast import Toast

LIVE_MS = 33
FIGURES_EVERY = 8
"""The figures follow every so many ticks of the live picture: about four times a second."""
SIDE_WIDTH = 470
LIST_PX = 140

ChooseFolder = Callable[[QWidget], Path | None]


def ask_folder(parent: QWidget) -> Path | None:
    """The system's folder dialog; None when it was cancelled."""
    name = QFileDialog.getExistingDirectory(parent)
    return Path(name) if name else None


class CameraPage(QWidget):
    """Live picture and figures on the left; cameras, indices and driver on the right."""

    def __init__(
        self,
        setup: CameraSetupService,
        choose_folder: ChooseFolder = ask_folder,
        parent: QWidget | None = None,
        permits: Permits | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("camera_page")
        self._setup, self._choose_folder = setup, choose_folder
        self._permits = permits if permits is not None else Permits(self)
        self._frame_id: int | None = None
        self._session = -1
        self._ticks = 0
        self._searched = False
        self._timer = QTimer(self)
        self._timer.setInterval(LIVE_MS)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._connect()
        self.retranslate()

    # ---- commands -------------------------------------------------------------------------

    @Slot(str)
    def use(self, address: str) -> None:
        """Tries a camera and uses it when it works."""
        text = self.tr("Trying {} …").format(shown_address(address))
        self.toast.show_text(text, undo=False, stay=True)
        self._ask(lambda: self._setup.choose(address))

    @Slot()
    def search(self) -> None:
        """Looks for devices."""
        self._ask(self._setup.search)

    @Slot()
    def use_folder(self) -> None:
        """Asks for a folder; it is tried when "use" is pressed."""
        folder = self._choose_folder(self)
        if folder is not None:
            self.cameras.address.setText(f"folder:{folder}")
            self.cameras.use.setFocus()

    @Slot()
    def set_baseline(self) -> None:
        """The picture is good now."""
        if self._ask(self._setup.set_baseline):
            text = self.tr("The baseline is set. The station warns when pictures move away.")
            self.toast.show_text(text, undo=False)

    @Slot(object)
    def apply_controls(self, controls: object) -> None:
        """Sets the driver and keeps that for the product."""
        self._ask(lambda: self._setup.set_controls(controls))  # type: ignore[arg-type]

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Cameras and their states again."""
        self.cameras.show_candidates(self._setup.candidates(), self._setup.status)
        self.cameras.show_searching(self._setup.searching)
        self._show_figures()

    def close_workers(self) -> None:
        """Asks the camera for nothing any more; for the end of the program."""
        self._timer.stop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.canvas.setAccessibleName(self.tr("Live picture"))
        for widget in (self.cameras, self.indices, self.controls, self.toast):
            widget.retranslate()
        set_words(
            self.cameras.use,
            self.tr("Use"),
            self.tr("Try this camera and use it if it works"),
        )
        self.cameras.use.setToolTip(self.cameras.use.accessibleName())
        self._show_permits()
        self._show_figures()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Looks for devices the first time, and shows the newest frame while it is open."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()
        self.cameras.table.setFocus()
        if not self._searched and self._permits.allows(Action.CHANGE_SETTINGS):
            self._searched = True
            self.search()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is asked of the camera."""
        self._timer.stop()
        super().hideEvent(event)

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.canvas = PictureCanvas(self)
        self.fault = QLabel(self)
        self.fault.setObjectName("camera_fault")
        self.fault.setProperty("role", "sentence")
        self.fault.setWordWrap(True)
        self.tiles = {
            name: FigureTile(name, self)
            for name in ("camera_fps", "camera_drops", "camera_size", "camera_faults")
        }
        self.cameras = CameraList(self)
        self.indices = PictureIndices(self)
        self.controls = CameraControls(self)
        self.toast = Toast(self)
        tiles = QHBoxLayout()
        tiles.setSpacing(8)
        for tile in self.tiles.values():
            tiles.addWidget(tile)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.fault)
        left.addLayout(tiles)
        left.addWidget(self.toast)
        inside = QWidget(self)
        right = QVBoxLayout(inside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.cameras, 1)
        right.addWidget(self.indices)
        right.addWidget(self.controls)
        side = QScrollArea(self)
        side.setWidgetResizable(True)
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setFixedWidth(SIDE_WIDTH)
        side.setWidget(inside)
        self.cameras.table.setMinimumHeight(LIST_PX)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(12)
        layout.addLayout(left, 1)
        layout.addWidget(side)

    def _connect(self) -> None:
        self.cameras.use_asked.connect(self.use)
        self.cameras.search_asked.connect(self.search)
        self.cameras.folder_asked.connect(self.use_folder)
        self.indices.baseline_asked.connect(self.set_baseline)
        self.controls.apply_asked.connect(self.apply_controls)
        self._setup.candidates_changed.connect(self.refresh)
        self._setup.setup_changed.connect(self._show_figures)
        self._setup.chosen.connect(self._on_chosen)
        self._setup.failed.connect(self._on_failed)
        self._permits.changed.connect(self._show_permits)

    # ---- what happens ---------------------------------------------------------------------

    def _ask(self, work: Callable[[], object]) -> bool:
        """Runs a command; a refusal is said, and False returned."""
        try:
            work()
        except (AccessError, CameraError) as error:
            text = error_sentence(error.code, str(error))
            self.toast.show_text(text, undo=False, stay=True)
            return False
        return True

    @Slot()
    def _tick(self) -> None:
        self._ticks += 1
        status = self._setup.status
        if status.session != self._session:
            self._session, self._frame_id = status.session, None
            self.canvas.clear()
        lost = status.state in (CameraState.FAULT, CameraState.STOPPED)
        if lost and self.canvas.pixels is not None:
            self.canvas.clear()  # an old picture must not look like a camera that works
        frame = self._setup.live.latest()
        if frame is not None and frame.frame_id != self._frame_id:
            self._frame_id = frame.frame_id
            self.canvas.set_picture(frame.pixels)
        if self._ticks % FIGURES_EVERY == 0:
            self.cameras.show_candidates(self._setup.candidates(), status)
            self._show_figures()

    @Slot()
    def _show_figures(self) -> None:
        status, setup = self._setup.status, self._setup.setup
        fault = words.fault_sentence(status)
        self.fault.setText(f"⚠ {fault}" if fault else "")
        self.fault.setVisible(bool(fault))
        self.tiles["camera_fps"].say(
            self.tr("Pictures per second"),
            self.tr("on trigger") if status.stepped else number(status.fps, 1),
            words.state_word(status.state),
            self.tr("Pictures that arrived in the last 2 s; a folder is read part by part."),
        )
        self.tiles["camera_drops"].say(
            self.tr("Skipped"),
            count(status.drops),
            self.tr("of {}").format(count(status.frames)),
            self.tr("Live pictures that nobody looked at. No part is ever skipped."),
        )
        self.tiles["camera_size"].say(
            self.tr("Resolution"),
            words.size_text(status.size),
            self.tr("px"),
            self.tr("Width and height of the pictures."),
        )
        self.tiles["camera_faults"].say(
            self.tr("Reconnections"),
            count(status.reconnects),
            self.tr("since chosen"),
            self.tr("How often the camera was lost and looked for again."),
        )
        baseline = setup.baseline if setup is not None else None
        self.indices.show_status(status, baseline, self._setup.drift)
        self.controls.show_controls(status.controls, setup.controls if setup else ())

    @Slot(str)
    def _on_chosen(self, address: str) -> None:
        text = self.tr("{} is used from now on.").format(shown_address(address))
        self.toast.show_text(text, undo=False)

    @Slot(str, str, object)
    def _on_failed(self, code: str, sentence: str, address: object) -> None:
        text = self.tr("{} is not used: {}").format(address, error_sentence(code, sentence))
        self.toast.show_text(text, undo=False, stay=True)

    @Slot()
    def _show_permits(self) -> None:
        sentence = refusal(self._permits, Action.CHANGE_SETTINGS)
        refuse_within(self.cameras, sentence)
        refuse_within(self.indices, sentence)
        self.controls.refuse(sentence)
