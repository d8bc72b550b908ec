"""One engine job (teach, evaluate …) in a process of its own. Knows not what the job means."""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from engine.ipc.messages import JobDone, JobFailed, JobProgress, ProtocolError, decode
from qc_station.backend.command import LineBuffer, Tail, engine_command, set_command

log = logging.getLogger(__name__)
job_log = logging.getLogger("engine.job")

_CANCEL_MS = 5000
_KILL_MS = 5000


class JobRunner(QObject):
    """Runs one job at a time; ends with exactly one of ``finished`` and ``failed``.

    ``failed`` codes: the engine's own, cancelled, job_died (no word before the end),
    job_not_started. GUI thread only.
    """

    progress = Signal(str, int, int, float)  # stage, done, total, seconds left (-1: unknown)
    finished = Signal(object)  # dict, what --json would have printed
    failed = Signal(str, str)  # code, English sentence

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = tuple(command) if command is not None else engine_command()
        self._process: QProcess | None = None
        self._out, self._err, self._tail = LineBuffer(), LineBuffer(), Tail()
        self._result: dict[str, Any] | None = None
        self._failure: JobFailed | None = None
        self._cancelled = False
        self._patience = QTimer(self, singleShot=True, interval=_CANCEL_MS)
        self._patience.timeout.connect(self._kill)

    @property
    def running(self) -> bool:
        """Whether a job runs."""
        return self._process is not None

    @property
    def stderr_tail(self) -> str:
        """The last lines the job wrote for people; kept after its end."""
        return self._tail.text

    def start(self, argv: list[str]) -> None:
        """Start `engine <argv> --progress jsonl`. RuntimeError while another job runs."""
        if self._process is not None:
            raise RuntimeError("a job is running")
        self._out, self._err, self._tail = LineBuffer(), LineBuffer(), Tail()
        self._result, self._failure, self._cancelled = None, None, False
        process = QProcess(self)
        set_command(process, self._command, [*argv, "--progress", "jsonl"])
        process.setStandardInputFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read_messages)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start()

    def cancel(self) -> None:
        """Ask the job to end (SIGTERM); after 5 s it is killed. ``failed("cancelled")`` follows."""
        if self._process is not None and not self._cancelled:
            self._cancelled = True
            self._process.terminate()
            self._patience.start()

    def stop(self) -> None:
        """Cancel and wait for the end. Needs no event loop."""
        process = self._process
        if process is None:
            return
        self._cancelled = True
        process.blockSignals(True)
        process.terminate()
        if not process.waitForFinished(_CANCEL_MS):
            process.kill()
            process.waitForFinished(_KILL_MS)
        self._on_finished()

    @Slot()
    def _kill(self) -> None:
        if self._process is not None:
            log.warning("The cancelled job did not end; it is killed")
            self._process.kill()

    @Slot()
    def _read_messages(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        for line in self._out.feed(data):
            self._handle(line)

    def _handle(self, line: bytes) -> None:
        try:
            message = decode(line)
        except ProtocolError:
            job_log.info("%s", line.decode("utf-8", "replace"))
            return
        match message:
            case JobProgress():
                left = -1.0 if message.seconds_left is None else message.seconds_left
                self.progress.emit(message.stage, message.done, message.total, left)
            case JobDone():
                self._result = message.result
            case JobFailed():
                self._failure = message
            case _:
                log.error("A job sent %s", type(message).__name__)

    @Slot()
    def _read_log(self) -> None:
        if self._process is not None:
            for line in self._err.feed(bytes(self._process.readAllStandardError().data())):
                job_log.info("%s", self._tail.add(line))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            sentence = f"The engine cannot be started: {self._process.errorString()}"
            self._drop()
            self.failed.emit("job_not_started", sentence)

    @Slot()
    def _on_finished(self) -> None:
        process = self._process
        if process is None:
            return
        self._read_messages()
        self._read_log()
        for line in self._out.flush():
            self._handle(line)
        for line in self._err.flush():
            job_log.info("%s", self._tail.add(line))
        crashed = process.exitStatus() is QProcess.ExitStatus.CrashExit
        exit_code = process.exitCode()
        self._drop()
        if self._result is not None:
            if exit_code:
                log.warning("The job ended with %s after its result", exit_code)
            self.finished.emit(self._result)
        elif self._cancelled:
            self.failed.emit("cancelled", "The job was cancelled.")
        elif self._failure is not None:
            self.failed.emit(self._failure.code, self._failure.message)
        else:
            self.failed.emit("job_died", _obituary(crashed, exit_code, self._tail.last))

    def _drop(self) -> None:
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.deleteLater()


def _obituary(crashed: bool, exit_code: int, last_line: str) -> str:
    if crashed:
        name = next((s.name for s in signal.Signals if s.value == exit_code), str(exit_code))
        how = f"was ended by {name}"
        if name == "SIGKILL":
            how += " (the system may have run out of memory)"
    else:
        how = f"ended with exit code {exit_code}"
    last = f" Its last words: {last_line}" if last_line else ""
    return f"The job {how} without an answer.{last}"
