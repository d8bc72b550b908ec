"""How commands report: progress bars, JSON results, job lines, errors. Knows no command."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from engine.errors import EngineError, file_error
from engine.ipc.messages import JobDone, JobFailed, JobProgress, encode
from engine.ipc.parent import die_with_parent

DONE, BAD_INPUT, CANCELLED = 0, 2, 130
LINE_PERIOD_S = 0.1
JOB_NICENESS = 10


def add_report_arguments(parser: argparse.ArgumentParser, *, progress: bool = True) -> None:
    """Add --json, and --progress for commands that take long."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    if progress:
        parser.add_argument(
            "--progress",
            choices=("bar", "jsonl", "none"),
            default="bar",
            help="bars on stderr, or JSON lines on stdout for the station",
        )


class Reporter:
    """Progress of one command, in whichever form was asked for, and its cancellation.

    SIGTERM and Ctrl-C ask the work to stop at its next step; ``cancelled`` says so. Times left
    are estimated from the ``weights`` of the stages (their usual shares of the whole).
    """

    def __init__(
        self, arguments: argparse.Namespace, weights: dict[str, float] | None = None
    ) -> None:
        self._form: str = getattr(arguments, "progress", "none")
        self._weights = weights or {}
        self._start = time.monotonic()
        self._last_line = 0.0
        self._stop = threading.Event()
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Reporter:
        if self._form == "jsonl":
            _become_a_job()
        if threading.current_thread() is threading.main_thread():
            self._previous = {
                number: signal.signal(number, self._ask_to_stop)
                for number in (signal.SIGINT, signal.SIGTERM)
            }
        else:
            self._previous = {}
        if self._form == "bar" and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bars = Progress(console=Console(stderr=True))
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def cancelled(self) -> bool:
        """Whether the user has asked to stop."""
        return self._stop.is_set()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Report ``done`` of ``total`` steps of a stage."""
        if self._bars is not None:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage.replace("_", " "), total=total)
            self._bars.update(self._tasks[stage], completed=done, total=total)
        elif self._form == "jsonl":
            now = time.monotonic()
            if done < total and now - self._last_line < LINE_PERIOD_S:
                return
            self._last_line = now
            left = self._seconds_left(stage, done, total)
            _line(encode(JobProgress(stage=stage, done=done, total=total, seconds_left=left)))

    def note(self, stage: str, sentence: str) -> None:
        """Say that a stage of many has ended: a line on stderr in place of its bar."""
        if self._form != "bar":
            return
        if self._bars is None:
            print(sentence, file=sys.stderr)
            return
        if stage in self._tasks:
            self._bars.remove_task(self._tasks.pop(stage))
        self._bars.console.print(sentence, highlight=False, markup=False)

    def _seconds_left(self, stage: str, done: int, total: int) -> float | None:
        if stage not in self._weights:
            return None
        before = 0.0
        for name, weight in self._weights.items():
            if name == stage:
                share = before + weight * done / max(total, 1)
                break
            before += weight
        share /= sum(self._weights.values())
        elapsed = time.monotonic() - self._start
        return round(elapsed * (1.0 - share) / share, 1) if share > 0.02 else None

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()


def run_reported(
    arguments: argparse.Namespace,
    work: Callable[[Reporter], dict[str, Any]],
    show: Callable[[dict[str, Any]], None],
    weights: dict[str, float] | None = None,
) -> int:
    """Do a command's work and report the outcome; returns the exit code.

    ``show`` prints the result for a reader; with --json it is printed as JSON instead, with
    --progress jsonl as the job's last line. An EngineError becomes its sentence on stderr, and so
    does what the system refuses: a folder that cannot be written to, a full disk.
    """
    as_lines = getattr(arguments, "progress", None) == "jsonl"
    try:
        with Reporter(arguments, weights) as reporter:
            result = work(reporter)
    except EngineError as error:
        return _refuse(error, arguments, as_lines)
    except OSError as error:
        if error.errno is None or isinstance(error, ConnectionError):
            raise  # no file: a library that does not load, or nobody reads our output any more
        return _refuse(file_error(error), arguments, as_lines)
    if as_lines:
        _line(encode(JobDone(result=result)))
    elif arguments.json:
        _line(json.dumps(result, ensure_ascii=False))
    else:
        show(result)
    return DONE


def _refuse(error: EngineError, arguments: argparse.Namespace, as_lines: bool) -> int:
    """Say in the form that was asked for what went wrong; returns the exit code."""
    if as_lines:
        _line(encode(JobFailed(code=error.code, message=str(error))))
    elif arguments.json:
        facts: dict[str, Any] = {"code": error.code, "message": str(error)}
        if "problems" in error.params:
            facts["problems"] = error.params["problems"]
        _line(json.dumps({"error": facts}, ensure_ascii=False))
    print(f"qc-engine: {error}", file=sys.stderr)
    return CANCELLED if error.code == "cancelled" else BAD_INPUT


def _line(text: str) -> None:
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def _become_a_job() -> None:
    """A job of the station gives way to inspection and ends when the station does."""
    die_with_parent()
    if hasattr(os, "nice"):
        os.nice(JOB_NICENESS)
