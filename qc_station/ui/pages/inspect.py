"""The operator's page: picture, one huge verdict, counters, last parts. Knows the station service.

What is drawn over a picture always belongs to that picture: the canvas gets pixels, heatmap and
regions of one PartResult together, or live pixels alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from qc_station.backend.api import LoadedModel
from qc_station.domain.access import Action
from qc_station.domain.counters import Counters
from qc_station.domain.outcome import PartResult, ReferencePart
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Inspection
from qc_station.services.permits import Permits
from qc_station.services.recipes import RecipeService
from qc_station.services.station import StationService
from qc_station.ui.access_words import refusal
from qc_station.ui.inspect_words import lot_news, warning
from qc_station.ui.line_keys import LineKeys
from qc_station.ui.sounds import Sound, Sounds, play
from qc_station.ui.widgets.counters_panel import CountersPanel
from qc_station.ui.widgets.inspect_controls import InspectControls
from qc_station.ui.widgets.limits_note import LimitsNote
from qc_station.ui.widgets.part_view import PartView
from qc_station.ui.widgets.verdict_banner import NotInspectingBanner
from qc_station.ui.widgets.verdict_pane import VerdictPane

MARGIN = 12
UNRELEASED = (StateReason.GOLDEN_FAILED, StateReason.GOLDEN_OVERDUE)
LIVE_INTERVAL_MS = 33
LIVE_TILE_EVERY = 4
"""The small live tile is refreshed every this many timer ticks while a part fills the canvas."""


class InspectPage(QWidget):
    """Everything an operator needs, three metres away and with gloves on."""

    heatmap_opacity_changed = Signal(float)
    cancel_requested = Signal()  # stop preparing or teaching
    check_requested = Signal()  # check the golden samples
    leave_full_screen = Signal()
    new_lot_asked = Signal()
    override_wanted = Signal(object)  # Inspection
    reference_wanted = Signal(str)  # product

    def __init__(
        self,
        station: StationService,
        *,
        heatmap_opacity: float = 0.5,
        heatmap_visible: bool = True,
        sound: bool = False,
        recipes: RecipeService | None = None,
        play: Callable[[Sound], None] = play,
        permits: Permits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspect_page")
        self._station = station
        self._sounds = Sounds(sound, play)
        self._permits = permits if permits is not None else Permits(self)
        self._current: PartResult | None = None
        self._working = False
        self._failure: tuple[str, str] | None = None
        self._recipes = recipes
        self._model_id: str | None = None  # the last one that was loaded
        self._live_frame_id: int | None = None
        self._ticks = 0
        self._full_screen = False
        self._referred: str | None = None  # the product whose reference was asked for
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
        station.counters_changed.connect(self._on_counters)
        station.lot_changed.connect(self._on_lot)
        self.counters.show_tallies(station.tallies)
        self._permits.changed.connect(self._show_buttons)
        self.retranslate()

    # Construction --------------------------------------------------------------------------

    def _build(self, opacity: float) -> None:
        self.limits = LimitsNote(self._recipes, self)
        self.view = PartView(opacity, self)
        self.canvas, self.strip = self.view.canvas, self.view.strip
        self.next_serial, self.note = self.view.next_serial, self.view.note
        self.strip.selected.connect(self._on_selected)
        self.view.comparing_changed.connect(self._ask_reference)
        self.pane = VerdictPane(self)
        self.banner, self.details = self.pane.banner, self.pane.details
        self.teaching = self.pane.teaching
        self.details.override.clicked.connect(self.ask_override)
        self.teaching.cancel_requested.connect(self.cancel_requested)
        self.counters = CountersPanel(self)
        self.counters.new_lot_asked.connect(self.new_lot_asked)
        self.controls = InspectControls(opacity, self)
        self.controls.opacity_changed.connect(self._on_opacity)
        self.controls.check.clicked.connect(self.check_requested)
        self.not_inspecting = NotInspectingBanner(self)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.pane, 1)
        right.addWidget(self.limits)
        right.addWidget(self.counters)
        right.addWidget(self.controls)
        page = QHBoxLayout(self)
        page.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        page.setSpacing(MARGIN)
        page.addWidget(self.view, 58)
        page.addLayout(right, 42)
        self.counters.setMinimumWidth(200)
        QWidget.setTabOrder(self.controls, self.strip)

    def _make_actions(self) -> None:
        """Page-wide keys. They win over a focused button, so Space always means the same."""
        for key, sequences, slot in (
            ("trigger", (), self.trigger),
            ("start_pause", (), self.toggle_running),
            ("back_to_live", ("Escape",), self.escape),
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
        self.view.back.clicked.connect(self.back_to_live)
        self.controls.leave.clicked.connect(self.leave_full_screen)

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
        checking = self._station.state_reason is StateReason.GOLDEN_CHECK
        return (self._station.state is StationState.PAUSED and not checking) or played

    @Slot()
    def back_to_live(self) -> None:
        """Stops looking back."""
        self.strip.choose(None)

    def set_foot_switch(self, trigger: str, pause: str) -> None:
        """Which of F13 to F24 inspects a part, and which starts and pauses."""
        self.foot_keys = (trigger, pause)
        for key, sequences in (("trigger", ("Space", trigger)), ("start_pause", ("F5", pause))):
            shortcuts = [QKeySequence(sequence) for sequence in sequences]
            self.actions_by_key[key].setShortcuts(shortcuts)

    @Slot()
    def escape(self) -> None:
        """One step out: from looking back to live, then from full screen to the window."""
        if self.strip.chosen is not None:
            self.back_to_live()
        elif self._full_screen:
            self.leave_full_screen.emit()

    @Slot()
    def ask_override(self) -> None:
        """Somebody wants to decide otherwise about the part looked at; it stays on the page."""
        part = self.strip.chosen or self._current
        if part is not None:
            self.strip.choose(part)
            self.override_wanted.emit(part.inspection)

    @Slot(object)
    def show_decision(self, inspection: Inspection) -> None:
        """What was decided about a part, in the strip and wherever it is shown."""
        renewed = self.strip.replace(inspection)
        current = self._current
        if current and current.inspection.inspection_id == inspection.inspection_id:
            self._current = renewed or replace(current, inspection=inspection)
        self._show_state()

    def set_full_screen(self, full: bool) -> None:
        """Whether the page is alone on the screen: it then shows the way out, and troubles."""
        self._full_screen = full
        self.view.set_full_screen(full)
        self.controls.set_full_screen(full)
        if full:
            self.setFocus()  # what had the keyboard may be hidden now
        self._show_state()

    def say(self, text: str) -> None:
        """A line over the picture that goes by itself."""
        self.view.say(text)

    def set_sound(self, on: bool) -> None:
        """Whether parts and stops are heard."""
        self._sounds.on = on

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
        kept = self._model_id is not None
        kept = kept and self._station.state is not StationState.NOT_INSPECTING
        self.view.say_refused(code, sentence, kept)

    # The reference -------------------------------------------------------------------------

    @Slot()
    @Slot(bool)
    def _ask_reference(self, _on: bool = True) -> None:
        """Asks once for each product that is looked at while the reference is wanted."""
        part = self.shown_part
        product = part.inspection.recipe if part is not None else self._station.recipe
        if self.view.comparing and product != self._referred:
            self._referred = product
            self.view.reference.wait()
            self.reference_wanted.emit(product)
        elif not self.view.comparing:
            self._referred = None

    @Slot()
    def renew_reference(self) -> None:
        """Another part may be the reference now; the one shown stays until it is there."""
        if self.view.comparing and self._referred is not None:
            self.reference_wanted.emit(self._referred)

    @Slot(str, object)
    def show_reference(self, product: str, reference: ReferencePart | None) -> None:
        """What was found; an answer for another product comes too late."""
        if product == self._referred:
            self.view.reference.show_part(reference)

    @Slot(str, str, str)
    def show_reference_problem(self, product: str, code: str, sentence: str) -> None:
        """It could not be read."""
        if product == self._referred:
            self.view.reference.show_problem(code, sentence)

    # What the station says -----------------------------------------------------------------

    @Slot(object, str)
    def _on_state(self, state: StationState, reason: str) -> None:
        if state is StationState.INSPECTING:
            self._failure = None
        self._sounds.state(state, StateReason(reason))
        self._show_state()
        self._show_picture()

    @Slot(object)
    def _on_counters(self, _shift: Counters) -> None:
        self.counters.show_tallies(self._station.tallies)

    @Slot(str)
    def _on_lot(self, lot: str) -> None:
        self.say(lot_news(lot, self._station.tallies.lot.total))

    @Slot(object)
    def _on_model(self, model: LoadedModel | None) -> None:
        """Another model makes the refusal old news; the same one loaded again does not."""
        self.limits.show_model(model)
        if model is not None and model.model_id != self._model_id:
            self._model_id = model.model_id
            self.view.refused.dismiss()

    @Slot(object)
    def _on_part(self, part: PartResult) -> None:
        self._current = part
        self.strip.add(part)
        self._sounds.part(part.inspection.verdict)
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
            self.view.show_part(part)
        self.view.write_caption(part)
        self._ask_reference()

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
        self.pane.show_teaching(teaching)
        self.actions_by_key["back_to_live"].setEnabled(chosen is not None or self._full_screen)
        part = chosen or (self._current if running or state is StationState.FINISHED else None)
        if part is not None:
            self.pane.show_part(part.inspection)
        else:
            self.pane.show_state(state, reason, self._station.ng_in_a_row)
        self._show_warning(teaching)
        self._show_buttons()
        self.view.write_caption(self.shown_part)

    def _show_warning(self, teaching: bool) -> None:
        """Hatches the page's top when a part or the whole station is not inspected."""
        station, newest = self._station, self._current
        found = warning(
            station.state, station.state_reason, newest.inspection if newest else None,
            self._failure, teaching=teaching,
        )  # fmt: skip
        if found is None:
            self.not_inspecting.hide()
            return
        self.not_inspecting.show_state(found.word, found.why, found.advice)
        self.not_inspecting.show()
        self.not_inspecting.raise_()

    @Slot()
    def _show_buttons(self) -> None:
        not_allowed = refusal(self._permits, Action.RUN_INSPECTION)
        self.controls.run.refuse(not_allowed)
        self.counters.lot.refuse(not_allowed)
        self.details.override.refuse(refusal(self._permits, Action.OVERRIDE))
        self.controls.check.refuse(not_allowed)
        self.controls.check.setVisible(self._station.state_reason in UNRELEASED)
        at_rest = self._at_rest and not self._working
        inspecting = self._station.state is StationState.INSPECTING and not self._working
        self.controls.show_state(
            paused=at_rest, can_pause=at_rest or inspecting, can_trigger=inspecting
        )
        self.actions_by_key["trigger"].setEnabled(self.controls.trigger.isEnabled())
        self.actions_by_key["start_pause"].setEnabled(self.controls.run.isEnabled())

    @Slot(float)
    def _on_opacity(self, opacity: float) -> None:
        self.canvas.set_opacity(opacity)
        self.heatmap_opacity_changed.emit(opacity)

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setAccessibleName(self.tr("Inspect"))
        self.limits.retranslate()
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
        for widget in (self.pane, self.counters):
            widget.set_page_height(self.height())
        self.not_inspecting.place(self.width(), self.height(), MARGIN)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and not event.modifiers():
            self.canvas.hold_bare(True)
        elif event.key() == Qt.Key.Key_O and not event.modifiers():
            if not event.isAutoRepeat():
                self.view.compare.toggle()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.strip.step(+1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and not event.isAutoRepeat():
            self.canvas.hold_bare(False)
        else:
            super().keyReleaseEvent(event)
