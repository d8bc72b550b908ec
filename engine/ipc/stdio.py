"""A clean pipe to the parent: takes stdin and stdout away from libraries that print or read.

Must not import anything heavy: it is called before everything else in a child process.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import BinaryIO

from engine.ipc.messages import Message, encode


class LineWriter:
    """Writes one message per line; whole lines whatever thread calls. OSError if nobody reads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, message: Message) -> None:
        """Send one message now."""
        line = encode(message).encode("ascii") + b"\n"
        with self._lock:
            self._stream.write(line)
            self._stream.flush()


def claim_stdout() -> LineWriter:
    """The process's real stdout for messages; from now on print() and fd 1 go to stderr."""
    sys.stdout.flush()
    private = os.dup(1)  # not inheritable: grandchildren cannot hold the pipe open
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return LineWriter(os.fdopen(private, "wb"))


def claim_stdin() -> BinaryIO:
    """The process's real stdin for messages; fd 0 becomes empty for everybody else."""
    private = os.dup(0)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return os.fdopen(private, "rb")
