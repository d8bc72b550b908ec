"""The operator's page: picture, one huge verdict, counters, last parts. Knows the station service.

What is drawn over a picture always belongs to that picture: the canvas gets pixels, heatmap and
regions of one PartResult together, or live pixels alone.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.backend.api import LoadedModel
from qc_station.domain.access import Action
from qc_station.domain.outcome import PartResult
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Verdict
from qc_station.services.permits import Permits
from qc_station.services.station import StationService
from qc_station.ui.access_words import refusal
from qc_station.ui.icons import icon
from qc_station.ui.line_keys import LineKeys
from qc_station.ui.messages import error_sentence, reason_sentence, verdict_word
from qc_station.ui.state_messages import state_advice, state_why, state_word
from qc_station.ui.widgets.counters_panel import CountersPanel
from qc_station.ui.widgets.details_card import DetailsCard
from qc_station.ui.widgets.floating_note import FloatingNote
from qc_station.ui.widgets.inspect_controls import InspectControls
from qc_station.ui.widgets.model_refused_note import ModelRefusedNote
from qc_station.ui.widgets.next_serial_button import NextSerialButton
from qc_station.ui.widgets.part_strip import PartStrip
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.teaching_panel import TeachingPanel
from qc_station.ui.widgets.verdict_banner import NotInspectingBanner, VerdictBanner

MARGIN = 12
LIVE_INTERVAL_MS = 33
NOTE_MS = 10_000
LIVE_TILE_EVERY = 4
"""The small live tile is refreshed every this many timer ticks while a part fills the canvas."""


class InspectPage(QWidget):
    """Everything an operator needs, three metres away and with gloves on."""

    heatmap_opacity_changed = Signal(float)
    cancel_requested = Signal()  # stop preparing or teaching

    def __init__(
        self,
        station: StationService,
        *,
        heatmap_opacity: float = 0.5,
        heatmap_visible: bool = True,
        sound: bool = False,
        permits: Permits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspect_page")
        self._station = station
        self._sound = sound
        self._permits = permits if permits is not None else Permits(self)
        self._current: PartResult | None = None
        self._working = False
        self._failure: tuple[str, str] | None = None
        self._model_id: str | None = None  # the last one that was loaded
        self._live_frame_id: int | None = None
        self._ticks = 0
        self.actions_by_key: dict[str, QAction] = {}
        self._build(heatmap_opacity)
        self.canvas.set_heatmap_visible(heatmap_visible)
        self._make_actions()
        self.line_keys = LineKeys(self)
        self.line_keys.watch(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LIVE_INTERVAL_MS)
        self._timer.timeout.connect(self._poll_live)
        station.state_changed.connect(self._on_state)
        station.part_done.connect(self._on_part)
        station.model_changed.connect(self._on_model)
        station.counters_changed.connect(self.counters.show_counters)
        self.counters.show_counters(station.counters)
        self._permits.changed.connect(self._show_buttons)
        self.retranslate()

    # Construction --------------------------------------------------------------------------

    def _build(self, opacity: float) -> None:
        self.caption = QLabel(self)
        self.caption.setObjectName("picture_caption")
        self.caption.setStyleSheet("font-size: 16px; font-weight: 600;")
        self.back = QPushButton(icon("live"), "", self)
        self.back.setObjectName("back_to_live")
        self.canvas = PictureCanvas(self)
        self.canvas.set_opacity(opacity)
        self.strip = PartStrip(self)
        self.strip.selected.connect(self._on_selected)
        self.banner = VerdictBanner(self)
        self.details = DetailsCard(self)
        self.teaching = TeachingPanel(self)
        self.teaching.cancel_requested.connect(self.cancel_requested)
        self.counters = CountersPanel(self)
        self.controls = InspectControls(opacity, self)
        self.controls.opacity_changed.connect(self._on_opacity)
        self.not_inspecting = NotInspectingBanner(self)
        self.refused = ModelRefusedNote(self)
        self.next_serial = NextSerialButton(self)
        self.note = FloatingNote(self, NOTE_MS)

        head = QHBoxLayout()
        head.addWidget(self.caption, 1)
        head.addWidget(self.next_serial)
        head.addWidget(self.back)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addLayout(head)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.strip)
        verdict = QWidget(self)
        column = QVBoxLayout(verdict)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.details, 1)
        self.pane = QStackedWidget(self)
        self.pane.addWidget(verdict)
        self.pane.addWidget(self.teaching)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.pane, 1)
        right.addWidget(self.counters)
        right.addWidget(self.controls)
        page = QHBoxLayout(self)
        page.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        page.setSpacing(MARGIN)
        page.addLayout(left, 58)
        page.addLayout(right, 42)
        for widget in (self.canvas, self.pane, self.strip, self.counters):
            widget.setMinimumWidth(200)
        QWidget.setTabOrder(self.controls, self.strip)
        QWidget.setTabOrder(self.strip, self.canvas)

    def _make_actions(self) -> None:
        """Page-wide keys. They win over a focused button, so Space always means the same."""
        for key, sequences, slot in (
            ("trigger", (), self.trigger),
            ("start_pause", (), self.toggle_running),
            ("back_to_live", ("Escape",), self.back_to_live),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(sequence) for sequence in sequences])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setAutoRepeat(False)
            action.triggered.connect(slot)
            self.addAction(action)
            self.actions_by_key[key] = action
        self.set_foot_switch("F13", "F14")
        self.controls.run.clicked.connect(self.toggle_running)
        self.controls.trigger.clicked.connect(self.trigger)
        self.back.clicked.connect(self.back_to_live)

    # Commands ------------------------------------------------------------------------------

    @Slot()
    def trigger(self) -> None:
        """One part now."""
        if self.controls.trigger.isEnabled():
            self._station.trigger()

    @Slot()
    def toggle_running(self) -> None:
        """Pauses or goes on; at the end of a folder, plays it again."""
        if not self.controls.run.isEnabled():
            return
        if self._at_rest:
            self._station.resume()
        else:
            self._station.pause()

    @property
    def _at_rest(self) -> bool:
        """Whether the next press of the button starts inspection."""
        played = self._station.state_reason is StateReason.PICTURES_EXHAUSTED
        return self._station.state is StationState.PAUSED or played

    @Slot()
    def back_to_live(self) -> None:
        """Stops looking back."""
        self.strip.choose(None)

    def say(self, sentence: str) -> None:
        """News of the line over the picture's lower edge, for a while; never over a warning."""
        ground = self.canvas.geometry()
        if self.refused.isVisible():
            ground.setBottom(self.refused.geometry().top())
        self.note.place(ground)
        self.note.say(sentence)

    def set_foot_switch(self, trigger: str, pause: str) -> None:
        """Which of F13 to F24 inspects a part, and which starts and pauses."""
        self.foot_keys = (trigger, pause)
        for key, sequences in (("trigger", ("Space", trigger)), ("start_pause", ("F5", pause))):
            shortcuts = [QKeySequence(sequence) for sequence in sequences]
            self.actions_by_key[key].setShortcuts(shortcuts)

    def set_sound(self, on: bool) -> None:
        """Whether an NG part beeps."""
        self._sound = on

    def set_heatmap_visible(self, visible: bool) -> None:
        """Shows or hides heatmaps until told otherwise."""
        self.canvas.set_heatmap_visible(visible)

    @Slot(bool)
    def set_working(self, working: bool) -> None:
        """The station is being prepared (pictures rendered, a first model taught)."""
        self._working = working
        if working:
            self._failure = None
        self._show_state()

    @Slot(str, int, int, float)
    def show_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        """Progress of preparing or teaching; seen while that is what the station does."""
        self.teaching.show_progress(stage, done, total, seconds_left)

    @Slot(str, str)
    def show_failure(self, code: str, sentence: str) -> None:
        """Preparing failed: the sentence stays until the station inspects."""
        self._failure = (code, sentence)
        self._working = False
        self._show_state()

    @Slot(str, str)
    def show_model_refused(self, code: str, sentence: str) -> None:
        """A new model could not be loaded: said over the picture, while inspection goes on."""
        self.refused.place(self.canvas.geometry())
        kept = self._model_id is not None
        kept = kept and self._station.state is not StationState.NOT_INSPECTING
        self.refused.show_refusal(code, sentence, kept)

    # What the station says -----------------------------------------------------------------

    @Slot(object, str)
    def _on_state(self, state: StationState, reason: str) -> None:
        if state is StationState.INSPECTING:
            self._failure = None
        self._show_state()
        self._show_picture()

    @Slot(object)
    def _on_model(self, model: LoadedModel | None) -> None:
        """Another model makes the refusal old news; the same one loaded again does not."""
        if model is not None and model.model_id != self._model_id:
            self._model_id = model.model_id
            self.refused.dismiss()

    @Slot(object)
    def _on_part(self, part: PartResult) -> None:
        self._current = part
        self.strip.add(part)
        if self._sound and part.inspection.verdict in (Verdict.NG, Verdict.NOT_INSPECTED):
            QApplication.beep()
        self._show_state()
        if self.strip.chosen is None:
            self._show_picture()

    @Slot(object)
    def _on_selected(self, part: PartResult | None) -> None:
        self._show_state()
        self._show_picture()

    # Showing -------------------------------------------------------------------------------

    @property
    def shown_part(self) -> PartResult | None:
        """The part on the canvas; None while it shows the live camera."""
        if self.strip.chosen is not None:
            return self.strip.chosen
        return None if self.live_on_canvas else self._current

    @property
    def live_on_canvas(self) -> bool:
        """The live camera fills the canvas: nothing judged yet, or the station is at rest."""
        if self.strip.chosen is not None:
            return False
        if self._station.state in (StationState.INSPECTING, StationState.FINISHED):
            return self._current is None
        return True

    def _show_picture(self) -> None:
        part = self.shown_part
        if part is None:
            self._live_frame_id = None
            self._show_live(force=True)
        else:
            if self.canvas.pixels is not part.frame.pixels:
                self.canvas.set_picture(part.frame.pixels)
            self.canvas.set_heatmap(part.heatmap)
            self.canvas.set_regions(part.inspection.regions)
        self._write_caption()

    @Slot()
    def _poll_live(self) -> None:
        self._ticks += 1
        self._show_live(force=False)

    def _show_live(self, force: bool) -> None:
        frame = self._station.live.latest()
        if frame is None:
            if self.live_on_canvas and force:
                self.canvas.clear()
            return
        if frame.frame_id == self._live_frame_id and not force:
            return
        if self.live_on_canvas:
            self.canvas.set_picture(frame.pixels)
        elif self._ticks % LIVE_TILE_EVERY and not force:
            return
        self._live_frame_id = frame.frame_id
        self.strip.show_live(frame.pixels)

    def _show_state(self) -> None:
        state, reason = self._station.state, self._station.state_reason
        running = state is StationState.INSPECTING
        chosen = self.strip.chosen
        teaching = (self._working or state is StationState.TEACHING) and chosen is None
        self.pane.setCurrentIndex(1 if teaching else 0)
        self.back.setVisible(chosen is not None)
        self.actions_by_key["back_to_live"].setEnabled(chosen is not None)
        part = chosen or (self._current if running or state is StationState.FINISHED else None)
        if part is not None:
            verdict = part.inspection.verdict
            self.banner.show_verdict(verdict, verdict_word(verdict))
            self.details.show_inspection(part.inspection)
        else:
            at_rest = None if running else Verdict.NOT_INSPECTED
            self.banner.show_verdict(at_rest, state_word(state))
            if state is StationState.NOT_INSPECTING:
                self.details.clear()  # the hatched warning above says it all
            else:
                self.details.show_state(state_why(reason), state_advice(reason))
        self._show_warning(teaching)
        self._show_buttons()
        self._write_caption()

    def _show_warning(self, teaching: bool) -> None:
        """Hatches the page's top when a part or the whole station is not inspected."""
        state, reason = self._station.state, self._station.state_reason
        if self._failure is not None:
            self.not_inspecting.show_state(
                state_word(StationState.NOT_INSPECTING),
                error_sentence(*self._failure),
                state_advice(StateReason.NO_MODEL),
            )
        elif state is StationState.NOT_INSPECTING and not teaching:
            self.not_inspecting.show_state(
                state_word(state), state_why(reason), state_advice(reason)
            )
        elif (
            state is StationState.INSPECTING
            and self._current is not None
            and self._current.inspection.verdict is Verdict.NOT_INSPECTED
        ):
            inspection = self._current.inspection
            self.not_inspecting.show_state(
                verdict_word(Verdict.NOT_INSPECTED),
                reason_sentence(inspection.reason, inspection),
                self.tr("Take part {} out: the line treats it as NG.").format(
                    inspection.part_number
                ),
            )
        else:
            self.not_inspecting.hide()
            return
        self.not_inspecting.show()
        self.not_inspecting.raise_()

    @Slot()
    def _show_buttons(self) -> None:
        self.controls.run.refuse(refusal(self._permits, Action.RUN_INSPECTION))
        at_rest = self._at_rest and not self._working
        inspecting = self._station.state is StationState.INSPECTING and not self._working
        self.controls.show_state(
            paused=at_rest, can_pause=at_rest or inspecting, can_trigger=inspecting
        )
        self.actions_by_key["trigger"].setEnabled(self.controls.trigger.isEnabled())
        self.actions_by_key["start_pause"].setEnabled(self.controls.run.isEnabled())

    def _write_caption(self) -> None:
        part = self.shown_part
        if part is None:
            text = self.tr("Live picture")
        else:
            number = part.inspection.part_number
            if self.strip.chosen is not None:
                text = self.tr("Looking back: part {}").format(number)
            else:
                text = self.tr("Part {}").format(number)
        self.caption.setText(text)

    @Slot(float)
    def _on_opacity(self, opacity: float) -> None:
        self.canvas.set_opacity(opacity)
        self.heatmap_opacity_changed.emit(opacity)

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setAccessibleName(self.tr("Inspect"))
        self.canvas.setAccessibleName(self.tr("Picture with heatmap"))
        self.back.setText(self.tr("Back to live (Esc)"))
        self.refused.retranslate()
        self._show_state()

    # Events --------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._show_picture()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self.canvas.hold_bare(False)
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for widget in (self.banner, self.details, self.counters):
            widget.set_page_height(self.height())
        self.not_inspecting.place(self.width(), self.height(), MARGIN)
        self.refused.place(self.canvas.geometry())
        self.note.place(self.canvas.geometry())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and not event.modifiers():
            self.canvas.hold_bare(True)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.strip.step(+1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and not event.isAutoRepeat():
            self.canvas.hold_bare(False)
        else:
            super().keyReleaseEvent(event)
