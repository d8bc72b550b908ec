"""Runs inspection: when to trigger, what state that is, what it amounts to. No widgets, no SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from qc_station.backend.api import InspectorLike, LoadedModel
from qc_station.camera.capture import CaptureThread
from qc_station.camera.slots import LatestSlot
from qc_station.camera.status import CaptureStatus
from qc_station.domain.access import Action
from qc_station.domain.counters import Counters, Tallies
from qc_station.domain.lot import lot_name
from qc_station.domain.outcome import PartResult
from qc_station.domain.pace import Pace
from qc_station.domain.recipe import Recipe
from qc_station.domain.state import (
    CameraState,
    EngineState,
    StateReason,
    StationFacts,
    StationState,
    derive_state,
    with_engine,
)
from qc_station.domain.triggers import Refusal, TriggerMode, clean_serial
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.part_flow import PartFlow, utc_now
from qc_station.services.parts import Part
from qc_station.services.permits import Require, allow_everything
from qc_station.services.ports import EngineLike, PictureCodesLike, VerdictLogLike
from qc_station.services.tally import Tally
from qc_station.settings.schema import Settings

ROLL_MS = 10_000
_UNRELEASED = (StateReason.GOLDEN_FAILED, StateReason.GOLDEN_OVERDUE)
_RUNNING = (StationState.INSPECTING, StationState.NOT_INSPECTING, StationState.STARTING)


class StationService(QObject):
    """The inspecting station. All methods and signals belong to the GUI thread.

    Every accepted trigger ends as exactly one ``part_done``, which comes only after the log has
    acknowledged the part, or has said that it cannot (then NOT_INSPECTED). Golden samples end as
    ``sample_done`` instead: they are no production and count for nothing.
    """

    state_changed = Signal(object, str)  # StationState, StateReason
    part_done = Signal(object)  # PartResult
    sample_done = Signal(object)  # PartResult of a golden sample
    counters_changed = Signal(object)  # Counters since the shift's start
    model_changed = Signal(object)  # LoadedModel | None
    camera_changed = Signal(object)  # CaptureStatus
    lot_changed = Signal(str)  # the lot of the following parts; empty for none
    trigger_changed = Signal(object, int)  # TriggerMode, interval_ms
    next_serial_changed = Signal(str)  # the scanned one that the next part gets; "" for none
    finished = Signal()  # pictures exhausted or part limit reached, and all parts answered
    _capture_told = Signal()  # from the capture thread

    def __init__(
        self,
        capture: CaptureThread,
        inspector: InspectorLike,
        verdict_log: VerdictLogLike,
        settings: Settings,
        engine: EngineLike | None = None,
        clock: Callable[[], datetime] = utc_now,
        parent: QObject | None = None,
        require: Require = allow_everything,
        codes: PictureCodesLike | None = None,
    ) -> None:
        """Without ``engine``, call ``on_engine_state`` and ``on_model_loaded`` yourself.

        ``require`` is asked before what a person commands; what the line does needs nobody.
        """
        super().__init__(parent)
        self._require = require
        self._capture = capture
        self._log = verdict_log
        self._own = Pace(
            settings.trigger_mode, settings.interval_ms, settings.deadline_ms,
            settings.stop_after_ng,
        )  # fmt: skip
        self._mode, self._interval_ms = self._own.trigger, self._own.interval_ms
        self._deadline_s = self._own.deadline_ms / 1000
        self._stop_after_ng = self._own.stop_after_ng
        self._recipe_stop: int | None = None
        self._facts = StationFacts(camera=CameraState.CONNECTING, engine=EngineState.STARTING)
        self._state, self._reason = derive_state(self._facts)
        self._model: LoadedModel | None = None
        self._tally = Tally(clock, settings.shift_starts)
        self._running = False
        self._limit: int | None = None
        self._triggered = 0
        self._ng_in_a_row = 0
        self._flow = PartFlow(
            capture, inspector, verdict_log, settings.queue_capacity, self._blocker, clock,
            self, codes,
        )  # fmt: skip
        self._flow.set_recipe(settings.recipe)
        self._flow.lot = self._tally.lot = settings.lot
        self._flow.logged.connect(self._on_logged)
        self._flow.log_failed.connect(self._on_log_failed)
        self._flow.withdrawn.connect(self._on_withdrawn)
        self._flow.log_stuck.connect(self._on_log_stuck)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer)
        self._roll = QTimer(self)
        self._roll.setInterval(ROLL_MS)
        self._roll.timeout.connect(self._on_roll)
        self._capture_told.connect(self._on_capture, Qt.ConnectionType.QueuedConnection)
        capture.subscribe(lambda _: self._capture_told.emit())
        verdict_log.health_changed.connect(self._on_log_health)
        if engine is not None:
            engine.state_changed.connect(self.on_engine_state)
            engine.model_loaded.connect(self.on_model_loaded)
            self._set(engine=engine.state)

    @property
    def state(self) -> StationState:
        """What the station is doing."""
        return self._state

    @property
    def state_reason(self) -> StateReason:
        """Why."""
        return self._reason

    @property
    def live(self) -> LatestSlot:
        """The newest frame, for the live view (read it from a 16 ms timer)."""
        return self._capture.live

    @property
    def camera_status(self) -> CaptureStatus:
        """The camera now, with figures and its error."""
        return self._capture.status

    @property
    def counters(self) -> Counters:
        """Parts since the shift's start."""
        return self._tally.shift

    @property
    def counters_today(self) -> Counters:
        """Parts since midnight, local time."""
        return self._tally.today

    @property
    def tallies(self) -> Tallies:
        """Parts of the shift, of the lot and of the whole log."""
        return self._tally.tallies

    @property
    def recipe(self) -> str:
        """The product that is inspected; empty before the first."""
        return self._flow.recipe

    @property
    def lot(self) -> str:
        """The lot of the parts that are triggered now; empty for none."""
        return self._flow.lot

    @property
    def stop_after_ng(self) -> int:
        """NG parts in a row after which inspection pauses, for the present product; 0: never."""
        return self._stop_after_ng if self._recipe_stop is None else self._recipe_stop

    @property
    def ng_in_a_row(self) -> int:
        """NG parts since the last part that was none, or since the last pause."""
        return self._ng_in_a_row

    @property
    def counting_since(self) -> datetime:
        """When the shift of ``counters`` began (UTC)."""
        return self._tally.shift_since

    @property
    def loaded_model(self) -> LoadedModel | None:
        """The model that answers parts."""
        return self._model

    @property
    def trigger_mode(self) -> TriggerMode:
        """What triggers a part."""
        return self._mode

    @property
    def interval_ms(self) -> int:
        """Milliseconds between automatic parts."""
        return self._interval_ms

    @property
    def in_flight(self) -> int:
        """Triggered parts that have no logged answer yet."""
        return self._flow.count

    def start(self) -> None:
        """Starts the camera and the triggers. Reads the counters from the log first."""
        if self._running:
            return
        self._tally.load(self._log)
        self._flow.continue_after(self._log.last_part_number())
        self.counters_changed.emit(self.counters)
        self._running = True
        self._triggered = 0
        self._set(camera=CameraState.CONNECTING, finished=StateReason.NONE)
        self._capture.start()
        self._roll.start()
        self._pump()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Takes no new parts, waits for those under way, stops the camera.

        Parts that are not judged within ``timeout_s`` are written down as INTERRUPTED.
        """
        if not self._running:
            self._capture.stop()
            return
        self._running = False
        self._timer.stop()
        self._roll.stop()
        self._flow.wait_until_empty(timeout_s)
        self._flow.interrupt()
        self._log.flush()
        self._capture.stop()
        if self._facts.finished is StateReason.NONE:
            self._set(finished=StateReason.STOPPED)

    def pause(self) -> None:
        """No automatic parts and no key triggers until ``resume``; parts under way finish."""
        self._require(Action.RUN_INSPECTION)
        self._set(pause=StateReason.BY_OPERATOR)

    def resume(self) -> None:
        """Goes on after a pause; a folder that has been played is played again."""
        self._require(Action.RUN_INSPECTION)
        self._ng_in_a_row = 0
        if self._facts.finished is StateReason.PICTURES_EXHAUSTED:
            self.set_camera(self._capture.address)
        self._set(pause=StateReason.NONE)

    @property
    def refusal(self) -> Refusal | None:
        """Why a trigger would make no part now; None when it would."""
        facts = self._facts
        if facts.teaching:
            return Refusal.TEACHING
        if self._running and (self._ending or self._state is StationState.FINISHED):
            return Refusal.FINISHED
        if not self._running:
            return Refusal.NOT_RUNNING
        paused = facts.checking or facts.pause is not StateReason.NONE
        return Refusal.PAUSED if paused else None

    def trigger(self, serial: str | None = None) -> int | None:
        """One part now: its number, or None when it is refused (see ``refusal``).

        Every number it returns is answered by one ``part_done``, whatever happens; never from
        inside this call. ValueError for what cannot be a serial number.
        """
        self._require(Action.TRIGGER_PART)
        serial = clean_serial(serial or "")
        return self._begin(pulled=False, serial=serial) if self.refusal is None else None

    @property
    def next_serial(self) -> str:
        """The scanned serial number that the next part gets; empty for none."""
        return self._flow.next_serial or ""

    def set_next_serial(self, serial: str) -> None:
        """Whatever triggers the next part, this is its serial number. ValueError as ``trigger``."""
        self._require(Action.TRIGGER_PART)
        self._flow.next_serial = clean_serial(serial)
        self.next_serial_changed.emit(self.next_serial)

    def trigger_sample(self, check_id: str) -> int | None:
        """One golden sample of this check now: its number, answered by one ``sample_done``.

        None unless a check is under way and the station could inspect.
        """
        self._require(Action.RUN_INSPECTION)
        if not self._running or self._reason is not StateReason.GOLDEN_CHECK:
            return None
        return self._flow.begin(self._deadline_s, pulled=False, golden_check=check_id).number

    def set_checking(self, checking: bool) -> None:
        """While golden samples are checked there is no production."""
        self._set(checking=checking)

    def set_unreleased(self, reason: StateReason) -> None:
        """Why nothing may be inspected before a check (GOLDEN_FAILED, GOLDEN_OVERDUE), or NONE."""
        self._set(unreleased=reason)

    def set_trigger(self, mode: TriggerMode, interval_ms: int) -> None:
        """Another trigger from now on."""
        self._require(Action.CHANGE_SETTINGS)
        self._own = replace(self._own, trigger=mode, interval_ms=max(0, interval_ms))
        self._change_trigger(mode, max(0, interval_ms))

    def set_camera(self, url: str) -> None:
        """Another camera from now on; parts that wait for a frame of the old one are answered."""
        self._timer.stop()
        self._set(camera=CameraState.CONNECTING, finished=StateReason.NONE)
        self._capture.set_camera(url)

    def set_recipe(self, name: str, stop_after_ng: int | None = None) -> None:
        """The recipe name written with every following part; another product ends the lot.

        Parts under way are answered.

        ``stop_after_ng`` pauses after so many NG parts in a row while this product is inspected
        (0: never; None: as the settings say).
        """
        if name != self._flow.recipe:
            self._ng_in_a_row = 0
            if self._flow.recipe:
                self._begin_lot("")
        self._flow.set_recipe(name)
        self._recipe_stop = stop_after_ng

    def set_lot(self, name: str) -> None:
        """Every part triggered from now on belongs to this lot; "" for none.

        A lot that was begun before goes on counting. Raises AccessError, and ValueError for a
        name that is too long.
        """
        self._require(Action.RUN_INSPECTION)
        self._begin_lot(lot_name(name))

    def _begin_lot(self, name: str) -> None:
        if name != self._flow.lot:
            self._tally.begin_lot(name, self._log)
            self._flow.lot = name
            self.lot_changed.emit(name)
            self.counters_changed.emit(self.counters)

    def follow(self, recipe: Recipe | None) -> None:
        """Trigger, deadline and stop of a recipe; the station's own where it says nothing."""
        pace = self._own.under(recipe)
        self._deadline_s = pace.deadline_ms / 1000
        self._recipe_stop = recipe.stop_after_ng if recipe is not None else None
        if (pace.trigger, pace.interval_ms) != (self._mode, self._interval_ms):
            self._change_trigger(pace.trigger, pace.interval_ms)

    def set_deadline(self, deadline_ms: int) -> None:
        """Milliseconds from trigger to answer, for the following parts."""
        self._require(Action.CHANGE_SETTINGS)
        self._own = replace(self._own, deadline_ms=deadline_ms)
        self._deadline_s = deadline_ms / 1000

    def set_stop_after_ng(self, parts: int) -> None:
        """Pause after so many NG parts in a row, where the recipe does not say; 0: never."""
        self._require(Action.CHANGE_SETTINGS)
        self._own = replace(self._own, stop_after_ng=parts)
        self._stop_after_ng = parts

    def set_teaching(self, teaching: bool) -> None:
        """TEACHING while the camera shows parts to learn from: nothing is inspected."""
        self._set(teaching=teaching)

    def set_part_limit(self, parts: int | None) -> None:
        """Finish after this many triggered parts (counted from the start of the station)."""
        self._limit = parts
        self._settle()

    @Slot(object, str)
    def on_engine_state(self, state: EngineState, code: str = "") -> None:
        """The engine's supervisor says what the engine is doing."""
        facts = with_engine(self._facts, state)
        if code == "engine_no_model":
            facts = replace(facts, model_loaded=False, model_expected=False)
        if self._model is not None and not facts.model_loaded:
            self._model = None
            self.model_changed.emit(None)
        self._set(
            engine=state, model_expected=facts.model_expected, model_loaded=facts.model_loaded
        )

    @Slot(object)
    def on_model_loaded(self, model: LoadedModel | None) -> None:
        """The engine answers with this model from now on; None: it was unloaded."""
        self._model = model
        self.model_changed.emit(model)
        self._set(model_loaded=model is not None, model_expected=model is not None)

    # -- triggers ----------------------------------------------------------------------------

    @property
    def _pulls(self) -> bool:
        """Whether the next part is asked for when the previous one is answered."""
        stepped = self._capture.status.stepped
        return self._mode is TriggerMode.FOLDER or (self._mode is TriggerMode.TIMER and stepped)

    @property
    def _ending(self) -> bool:
        limit_reached = self._limit is not None and self._triggered >= self._limit
        return limit_reached or self._facts.camera is CameraState.EXHAUSTED

    def _change_trigger(self, mode: TriggerMode, interval_ms: int) -> None:
        self._mode, self._interval_ms = mode, interval_ms
        self._timer.stop()
        self.trigger_changed.emit(mode, interval_ms)
        self._pump()

    def _begin(self, pulled: bool, serial: str | None = None) -> int:
        self._triggered += 1
        had = self.next_serial
        number = self._flow.begin(self._deadline_s, pulled, serial).number
        if had:
            self.next_serial_changed.emit("")
        return number

    def _pump(self) -> None:
        """Sets the timer going, or stops it, as state and trigger want it."""
        by_hand = self._mode is TriggerMode.KEY or self._facts.checking
        if not self._running or self._ending or by_hand:
            self._timer.stop()
        elif self._pulls:
            self._pump_pull()
        elif self._state in _RUNNING and self._facts.been_ready:
            # The line does not wait for us: its parts are triggered and logged in a fault too.
            if not self._timer.isActive():
                self._timer.setSingleShot(False)
                self._timer.start(max(1, self._interval_ms))
        else:
            self._timer.stop()

    def _pump_pull(self) -> None:
        if self._state is not StationState.INSPECTING:
            self._timer.stop()  # pictures wait: none is burnt on a fault
        elif not self._timer.isActive() and not self._flow.pulling:
            self._timer.setSingleShot(True)
            self._timer.start(self._interval_ms if self._triggered else 0)

    @Slot()
    def _on_timer(self) -> None:
        if not self._running or self._ending:
            self._timer.stop()
        elif not self._pulls or not self._flow.pulling:
            self._begin(pulled=self._pulls or self._capture.status.finite)
            if self._ending:
                self._timer.stop()

    # -- answers -------------------------------------------------------------------------------

    def _blocker(self, part: Part) -> Reason | None:
        facts = self._facts
        if facts.engine in (EngineState.FAILED, EngineState.STOPPED):
            return Reason.ENGINE_DOWN
        has_model = facts.model_loaded or facts.model_expected
        if facts.engine is EngineState.READY and not has_model:
            return Reason.NO_MODEL
        if part.golden_check is None and facts.unreleased is not StateReason.NONE:
            return Reason.NOT_RELEASED
        return None  # a part may wait for an engine that is coming back, until its deadline

    @Slot(object)
    def _on_logged(self, result: PartResult) -> None:
        self._set(store_problem=StateReason.NONE)
        self._done(result)

    @Slot(object)
    def _on_log_failed(self, result: PartResult) -> None:
        if result.inspection.reason is Reason.DISK_FULL:
            self._set(store_problem=StateReason.DISK_FULL)
        elif result.inspection.reason is Reason.STORE_FAULT:
            self._set(store_problem=StateReason.STORE_FAULT)
        self._done(result)

    @Slot()
    def _on_log_stuck(self) -> None:
        """A verdict that cannot be written down is none: a disk that hangs stops inspection."""
        if self._facts.store_problem is StateReason.NONE:
            self._set(store_problem=StateReason.STORE_FAULT)

    @Slot(bool)
    def _on_log_health(self, healthy: bool) -> None:
        """The log tries by itself whether it can write again."""
        if healthy:
            self._set(store_problem=StateReason.NONE)
        elif self._facts.store_problem is StateReason.NONE:
            self._set(store_problem=StateReason.STORE_FAULT)

    def _done(self, result: PartResult) -> None:
        inspection = result.inspection
        if inspection.golden_check is not None:
            self.sample_done.emit(result)
            self._settle()
            return
        self._tally.count(inspection)
        self.part_done.emit(result)
        self.counters_changed.emit(self.counters)
        if inspection.verdict is Verdict.NG:
            self._ng_in_a_row += 1
        elif inspection.verdict is not Verdict.NOT_INSPECTED:
            self._ng_in_a_row = 0
        if self.stop_after_ng and self._ng_in_a_row >= self.stop_after_ng:
            self._set(pause=StateReason.CONSECUTIVE_NG)
        self._settle()

    @Slot()
    def _on_withdrawn(self) -> None:
        self._triggered -= 1
        if self.next_serial:
            self.next_serial_changed.emit(self.next_serial)
        self._settle()

    def _settle(self) -> None:
        """After anything that may have been the last thing under way."""
        idle = self._running and self._flow.count == 0
        if idle and self._ending and self._facts.finished is StateReason.NONE:
            exhausted = self._facts.camera is CameraState.EXHAUSTED
            reason = StateReason.PICTURES_EXHAUSTED if exhausted else StateReason.PART_LIMIT
            self._set(finished=reason)
            self.finished.emit()
        self._pump()

    @Slot()
    def _on_capture(self) -> None:
        if not self._running:
            return
        # Two threads tell, so news may arrive out of order: what counts is the state now.
        status = self._capture.status
        self._set(camera=status.state)
        self.camera_changed.emit(status)
        self._settle()

    @Slot()
    def _on_roll(self) -> None:
        if self._tally.roll():
            self.counters_changed.emit(self.counters)

    def _set(self, **facts: Any) -> None:
        """Takes over new facts and tells when they amount to another state."""
        self._facts = replace(self._facts, **facts)
        state, reason = derive_state(self._facts)
        able = state is StationState.INSPECTING or reason in _UNRELEASED
        if able and not self._facts.been_ready:
            self._facts = replace(self._facts, been_ready=True)
        if (state, reason) != (self._state, self._reason):
            self._state, self._reason = state, reason
            self.state_changed.emit(state, reason.value)
        self._pump()
