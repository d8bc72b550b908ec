"""Log files of one station and what happens to errors that nobody caught. No widgets."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType

MAX_BYTES = 2_000_000
KEPT_FILES = 5
_NAMES = ("qc-station-file", "qc-station-console")


def log_file(folder: Path) -> Path:
    """The file that the station writes below ``folder``; older ones have .1, .2 … after it."""
    return folder / "station.log"


def configure_logging(folder: Path, *, console_level: int = logging.WARNING) -> Path:
    """Logs to ``folder/station.log`` (rotated) and warnings to stderr; returns the file."""
    path = log_file(folder)
    file_handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    file_handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(console_level)
    console.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for old in [handler for handler in root.handlers if handler.name in _NAMES]:
        root.removeHandler(old)
        old.close()
    handlers: tuple[logging.Handler, ...] = (file_handler, console)
    for name, handler in zip(_NAMES, handlers, strict=True):
        handler.name = name
        root.addHandler(handler)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    return path


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("qc_station").critical("Uncaught error", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        name = arguments.thread.name if arguments.thread else "a thread"
        logging.getLogger("qc_station").critical(
            "Uncaught error in %s",
            name,
            exc_info=(arguments.exc_type, arguments.exc_value, arguments.exc_traceback),
        )
