"""A short-lived child process that explains verdicts, seen from the process that starts it.

Must not know models or how explanations are made. The child is started with the first request,
reads requests as lines and answers them as lines; it ends by itself when nobody asks for a while,
and is killed when a request is not answered in time. Whatever happens to it, the process that
started it only ever sends a line and gets a line.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

from engine.ipc.messages import Explain, Explained, Failed, ProtocolError, decode, encode

log = logging.getLogger(__name__)
COMMAND = "explain-parts"
LATE_SENTENCE = "The explanation took too long and was given up; try again when the line is calm."
MOST_WAITING = 16  # so few lines always fit into the pipe: who asks is never held up by the child


def helper_command(bundle: str, model_id: str) -> list[str]:
    """Program and arguments of the child, in this very environment."""
    engine = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "engine"]
    return [*engine, COMMAND, "--bundle", bundle, "--model-id", model_id]


class Helper:
    """Hands requests to the child and its answers to ``answer``, each request exactly once unless
    it is forgotten. ``answer`` is called in threads of this class, except from ``ask``.

    ``ask`` must be called from a thread that lives as long as the process: the child ends with it.
    """

    def __init__(
        self, command: Sequence[str], answer: Callable[[Explained | Failed], None]
    ) -> None:
        self._command = list(command)
        self._answer = answer
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, threading.Timer] = {}

    def ask(self, request: Explain) -> None:
        """Give the child one request; starts the child where none runs."""
        line = encode(request).encode("ascii") + b"\n"
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                sentence = "Too many explanations are waiting; try again when some are done."
                self._fail(request.explanation, "explainer_busy", sentence)
                return
            try:
                self._write(line)
            except OSError as error:
                log.error("The explaining process cannot be started: %s", error)
                sentence = f"The explaining process cannot be started: {error}."
                self._fail(request.explanation, "explainer_ended", sentence)
                return
            late = threading.Timer(request.deadline_s, self._late, [request.explanation])
            late.daemon = True
            self._waiting[request.explanation] = late
            late.start()

    def forget(self, explanation: int) -> None:
        """Nobody waits for this answer any more; the child may go on with it."""
        with self._lock:
            late = self._waiting.pop(explanation, None)
            if late is not None:
                late.cancel()

    def stop(self, sentence: str) -> None:
        """End the child; what waits is answered with ``sentence``."""
        with self._lock:
            self._kill()
            self._give_up(sentence)

    # --- the child -------------------------------------------------------------------------

    def _write(self, line: bytes) -> None:
        """Write to the child that runs, or to a fresh one. The lock is held."""
        process = self._process
        if process is not None and process.poll() is None:
            try:
                _put(process, line)
                return
            except BrokenPipeError:  # it ended just now
                pass
        if process is not None:  # its reader has not seen its end yet
            self._kill()
            self._give_up("The explaining process ended; try again.")
        # one thread, and no GPU: those are for inspection
        environment = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._process = process
        threading.Thread(target=self._read, args=[process], daemon=True).start()
        _put(process, line)

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # what was not written yet
                process.stdin.close()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                try:
                    event = decode(line)
                except ProtocolError as error:
                    log.error("The explaining process said something unreadable: %s", error)
                    break
                if isinstance(event, Explained | Failed) and event.explanation is not None:
                    self._deliver(event, event.explanation)
        process.kill()
        code = process.wait()
        with self._lock:
            if process is self._process:  # nobody ended it on purpose
                self._process = None
                self._give_up(f"The explaining process ended with code {code}; try again.")

    def _deliver(self, event: Explained | Failed, explanation: int) -> None:
        with self._lock:
            late = self._waiting.pop(explanation, None)
        if late is not None:
            late.cancel()
            self._answer(event)

    def _late(self, explanation: int) -> None:
        """It hangs, or the machine is too busy: a fresh one for the next request."""
        with self._lock:
            if self._waiting.pop(explanation, None) is None:
                return
            self._kill()
            self._fail(explanation, "explanation_late", LATE_SENTENCE)
            self._give_up("The explaining process was ended because an earlier request was late.")

    def _give_up(self, sentence: str) -> None:
        """Answer everything that waits. The lock is held."""
        waiting, self._waiting = self._waiting, {}
        for explanation, late in waiting.items():
            late.cancel()
            self._fail(explanation, "explainer_ended", sentence)

    def _fail(self, explanation: int, code: str, sentence: str) -> None:
        self._answer(Failed(code, sentence, explanation=explanation))


def _put(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.flush()
