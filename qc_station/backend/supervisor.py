"""Keeps one `qc-engine serve` process alive and a bundle loaded in it. Knows no parts or pixels."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from engine.ipc.messages import (
    PROTOCOL_VERSION,
    Failed,
    GivenLimits,
    Heartbeat,
    Hello,
    Load,
    Loaded,
    ProtocolError,
    Ready,
    Request,
    Shutdown,
    Unload,
    Unloaded,
    decode,
    encode,
)
from qc_station.backend.api import LoadedModel
from qc_station.backend.command import LineBuffer, Tail, engine_command, set_command
from qc_station.backend.timing import SupervisorTiming
from qc_station.domain.recipe import Limits
from qc_station.domain.state import EngineState

log = logging.getLogger(__name__)
engine_log = logging.getLogger("engine")

_MOST_LOAD_DEATHS = 3
_EXIT_CUDA = 3
_TICK_MS = 100
_STOP_MS = 2000
_KILL_MS = 5000


@dataclass(frozen=True, slots=True)
class _Wanted:
    path: Path
    device: str
    limits: Limits | None

    def only_limits_differ(self, other: _Wanted | None) -> bool:
        return other is not None and (self.path, self.device) == (other.path, other.device)


class EngineSupervisor(QObject):
    """Starts, watches and restarts the inference process. GUI thread only (the kernel ends the
    child together with the thread that started it).

    Sentence codes of ``state_changed``: engine_stopped, engine_starting, engine_loading,
    engine_ready, engine_no_model, engine_died, engine_silent, engine_hung, engine_cuda_fault,
    engine_protocol, engine_not_started, protocol_version, and the bundle's own (bundle_damaged …).
    """

    state_changed = Signal(object, str)  # EngineState, sentence code
    model_loaded = Signal(object)  # LoadedModel
    load_failed = Signal(str, str)  # code, sentence; the model in use before stays in use
    heartbeat = Signal(object)  # Heartbeat
    event_received = Signal(object)  # what is not the supervisor's own: Inspected, Attached …
    child_lost = Signal()  # after the last of its events; its memory may be deleted

    def __init__(
        self,
        command: Sequence[str] | None = None,
        timing: SupervisorTiming | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = tuple(command) if command is not None else engine_command()
        self._timing = timing or SupervisorTiming()
        self._state = EngineState.STOPPED
        self._code = "engine_stopped"
        self._process: QProcess | None = None
        self._out, self._err, self._tail = LineBuffer(), LineBuffer(), Tail()
        self._wanted: _Wanted | None = None
        self._model: LoadedModel | None = None
        self._model_source: _Wanted | None = None
        self._request_id = 0
        self._loads: dict[int, _Wanted] = {}  # asked for, not answered
        self._generation = 0
        self._restarts = 0
        self._load_deaths = 0  # in a row
        self._backoff_s = self._timing.first_backoff_s
        self._heard_s = self._ticked_s = self._entered_s = time.monotonic()
        self._end_code = ""
        self._killed = False
        self._last_sentence = ""
        self._watch = QTimer(self, interval=_TICK_MS)
        self._watch.timeout.connect(self._tick)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._spawn)

    # --- what is known ---------------------------------------------------------------------

    @property
    def state(self) -> EngineState:
        """Where the process stands."""
        return self._state

    @property
    def sentence_code(self) -> str:
        """Why, as last said by ``state_changed``."""
        return self._code

    @property
    def last_sentence(self) -> str:
        """The engine's own English sentence behind a refusal, for the log and as a fallback."""
        return self._last_sentence

    @property
    def loaded_model(self) -> LoadedModel | None:
        """The model that answers now; None while there is no process or no bundle in it."""
        return self._model

    @property
    def accepts_parts(self) -> bool:
        """Whether a request sent now reaches a living process with a settled model."""
        process = self._process
        return (
            self._state is EngineState.READY
            and not self._killed
            and process is not None
            and process.state() == QProcess.ProcessState.Running
        )

    @property
    def generation(self) -> int:
        """Counts the processes started; stamps everything shared with one of them."""
        return self._generation

    @property
    def restarts(self) -> int:
        """How often the process had to be replaced since ``start``."""
        return self._restarts

    @property
    def pid(self) -> int | None:
        """Process id of the running engine."""
        return self._process.processId() or None if self._process is not None else None

    # --- commands --------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process; nothing happens if it runs or a restart is due."""
        if self._process is None and not self._again.isActive():
            self._restarts = 0
            self._backoff_s = self._timing.first_backoff_s
            self._spawn()

    def load(self, bundle_path: Path, device: str = "auto", limits: Limits | None = None) -> None:
        """Load a bundle now or as soon as the process is up, and again after every restart.

        ``limits`` decide in the place of the bundle's own. Where the bundle is loaded already they
        take over between two parts, and the engine stays ready.
        """
        self._wanted = _Wanted(bundle_path, device, limits)
        if self._process is not None and self._state in (
            EngineState.READY,
            EngineState.LOADING,
            EngineState.FAILED,
        ):
            self._send_load()

    def unload(self) -> None:
        """Drop the model; parts are answered NO_MODEL afterwards."""
        self._wanted = self._model_source = self._model = None
        if self._process is not None and self._state is not EngineState.STARTING:
            self._request_id += 1
            self._loads.clear()
            self.send(Unload(self._request_id))
            self._enter(EngineState.READY, "engine_no_model")

    def send(self, request: Request) -> None:
        """Queue one line for the process; without one it is lost, as ``child_lost`` told."""
        process = self._process
        if process is not None and process.state() != QProcess.ProcessState.NotRunning:
            process.write(encode(request).encode("ascii") + b"\n")

    def restart(self, code: str) -> None:
        """Kill the process for the stated reason; the back-off and the reload follow."""
        if self._process is not None and not self._killed:
            log.warning("Engine process %s is replaced: %s", self.pid, code)
            self._killed = True
            self._end_code = self._end_code or code
            self._process.kill()

    def stop(self) -> None:
        """End the process and wait for its end (a moment if it is well, else it is killed).
        Needs no event loop; afterwards ``start`` works again."""
        self._again.stop()
        self._watch.stop()
        process = self._process
        if process is not None:
            process.blockSignals(True)
            self.send(Shutdown())
            process.closeWriteChannel()
            if process.state() != QProcess.ProcessState.NotRunning and not (
                process.waitForFinished(_STOP_MS)
            ):
                process.kill()
                process.waitForFinished(_KILL_MS)
            self._drain()
            self._drop_child()
        self._enter(EngineState.STOPPED, "engine_stopped")

    # --- life of the child -----------------------------------------------------------------

    @Slot()
    def _spawn(self) -> None:
        self._generation += 1
        self._end_code, self._killed = "", False
        self._out, self._err, self._tail = LineBuffer(), LineBuffer(), Tail()
        process = QProcess(self)
        set_command(process, self._command, ["serve"])
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._heard_s = self._ticked_s = time.monotonic()
        self._enter(EngineState.STARTING, "engine_starting")
        self._watch.start()
        process.start()
        self.send(Hello(PROTOCOL_VERSION))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            self._last_sentence = self._process.errorString()
            log.error("The engine cannot be started: %s", self._last_sentence)
            self._watch.stop()
            self._drop_child()
            self._enter(EngineState.FAILED, "engine_not_started")

    @Slot()
    def _on_finished(self) -> None:
        process = self._process
        if process is None:
            return
        self._drain()
        self._watch.stop()
        crashed = process.exitStatus() is QProcess.ExitStatus.CrashExit
        exit_code = process.exitCode()
        code = self._end_code or "engine_died"
        if not self._end_code and not crashed and exit_code == _EXIT_CUDA:
            code = "engine_cuda_fault"
        kind = "signal" if crashed else "exit code"
        log.error("Engine process ended (%s, %s %s). %s", code, kind, exit_code, self._tail.last)
        settled = time.monotonic() - self._entered_s >= self._timing.stable_s
        if self._state is EngineState.READY and settled:
            self._backoff_s = self._timing.first_backoff_s
        if self._state is EngineState.LOADING:
            self._load_deaths += 1
        refused = code == "protocol_version"
        if not refused:  # the state says so before those who wait for parts are told
            self._enter(EngineState.RESTARTING, code)
        self._drop_child()
        if refused:
            self._enter(EngineState.FAILED, code)
            return
        if self._load_deaths >= _MOST_LOAD_DEATHS:
            self._give_up_loading(code)
        self._restarts += 1
        self._again.start(round(self._backoff_s * 1e3))
        self._backoff_s = min(self._backoff_s * 2, self._timing.last_backoff_s)

    def _give_up_loading(self, code: str) -> None:
        """A bundle that ends the engine whenever it is loaded is not tried for ever."""
        self._load_deaths = 0
        failed, self._wanted = self._wanted, self._model_source
        if failed == self._wanted:
            self._wanted = self._model_source = None
        self._last_sentence = self._tail.last
        self.load_failed.emit(code, self._tail.last)

    def _drop_child(self) -> None:
        process, self._process = self._process, None
        self._model = None
        self._loads.clear()
        if process is not None:
            process.blockSignals(True)
            process.deleteLater()
        self.child_lost.emit()

    @Slot()
    def _tick(self) -> None:
        now = time.monotonic()
        blind_s, self._ticked_s = now - self._ticked_s, now
        if blind_s > self._timing.silence_s / 2:
            self._heard_s = now  # this process slept, not the engine: its lines are still unread
            return
        timing = self._timing
        limit_s = {
            EngineState.STARTING: timing.start_silence_s,
            EngineState.LOADING: timing.load_silence_s,
        }.get(self._state, timing.silence_s)
        if now - self._heard_s > limit_s:
            self.restart("engine_silent")
        elif (
            self._state is EngineState.LOADING and now - self._entered_s > self._timing.load_limit_s
        ):
            self.restart("engine_hung")

    # --- what the child says ---------------------------------------------------------------

    def _drain(self) -> None:
        self._read_events()
        self._read_log()
        for line in self._err.flush():
            engine_log.info("%s", self._tail.add(line))

    @Slot()
    def _read_log(self) -> None:
        if self._process is not None:
            for line in self._err.feed(bytes(self._process.readAllStandardError().data())):
                engine_log.info("%s", self._tail.add(line))

    @Slot()
    def _read_events(self) -> None:
        if self._process is None:
            return
        for line in self._out.feed(bytes(self._process.readAllStandardOutput().data())):
            self._heard_s = time.monotonic()
            try:
                event = decode(line)
            except ProtocolError as error:
                log.error("The engine said something unreadable: %s", error)
                self.restart("engine_protocol")
                return
            self._handle(event)

    def _handle(self, event: object) -> None:
        match event:
            case Heartbeat():
                self.heartbeat.emit(event)
            case Ready():
                self._on_ready(event)
            case Loaded():
                self._on_loaded(event)
            case Failed(ticket=None, request_id=None, explanation=None):
                self._last_sentence = event.message
                log.error("Engine: %s", event.message)
                self._end_code = self._end_code or (
                    "protocol_version" if event.code == "protocol_version" else "engine_protocol"
                )
            case Failed(ticket=None, explanation=None):
                self._on_load_failed(event)
            case Unloaded():
                pass  # the state was changed when it was asked for
            case _:
                self.event_received.emit(event)

    def _on_ready(self, event: Ready) -> None:
        if event.protocol_version != PROTOCOL_VERSION:
            self._last_sentence = (
                f"The engine speaks protocol version {event.protocol_version}, this station speaks "
                f"version {PROTOCOL_VERSION}; install station and engine of the same release."
            )
            self.restart("protocol_version")
        elif self._wanted is not None:
            self._send_load()
        else:
            self._enter(EngineState.READY, "engine_no_model")

    def _send_load(self) -> None:
        wanted = self._wanted
        assert wanted is not None
        limits = wanted.limits
        given = GivenLimits(limits.model_id, limits.ok, limits.ng) if limits is not None else None
        self._request_id += 1
        self._loads[self._request_id] = wanted
        self.send(Load(self._request_id, str(wanted.path), wanted.device, given))
        settled = self._state is EngineState.READY and self._model is not None
        if not (settled and wanted.only_limits_differ(self._model_source)):
            self._enter(EngineState.LOADING, "engine_loading")

    def _on_loaded(self, event: Loaded) -> None:
        source = self._loads.pop(event.request_id, None)
        if source is None:
            return  # unloaded again before it was ready
        self._load_deaths = 0
        self._model_source = source
        self._model = LoadedModel(
            event.model_id,
            event.model,
            event.product,
            event.classes,
            event.ok_limit,
            event.ng_limit,
            event.device,
            event.warm_up_ms,
            source.path,
            event.map_width,
            event.map_height,
            limits_given=source.limits is not None,
        )
        self.model_loaded.emit(self._model)
        if event.request_id == self._request_id:
            self._enter(EngineState.READY, "engine_ready")

    def _on_load_failed(self, event: Failed) -> None:
        log.error("Bundle not loaded (%s): %s", event.code, event.message)
        self._loads.pop(event.request_id or 0, None)
        if event.request_id != self._request_id or event.code == "cuda_error":
            return  # superseded, or the process ends now and the next one tries again
        self._last_sentence = event.message
        self._wanted = self._model_source
        if self._model is not None:
            self._enter(EngineState.READY, "engine_ready")
        else:
            self._wanted = None
            self._enter(EngineState.FAILED, event.code)
        self.load_failed.emit(event.code, event.message)

    def _enter(self, state: EngineState, code: str) -> None:
        if (state, code) == (self._state, self._code):
            return
        self._state, self._code = state, code
        self._heard_s = self._entered_s = time.monotonic()
        log.info("Engine %s (%s)", state.value, code)
        self.state_changed.emit(state, code)
