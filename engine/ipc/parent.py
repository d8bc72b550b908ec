"""A child process that never outlives its parent. Must not know why either of them runs."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel (Linux) to kill this process when the parent's starting thread ends.

    The parent must start its children from a thread that lives as long as itself; Qt's main
    thread does. Elsewhere, and for a parent that died before this call, ``ParentWatch`` and the
    end of stdin say so.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


class ParentWatch:
    """Remembers the parent and tells when it is gone (POSIX gives orphans another parent)."""

    def __init__(self) -> None:
        self._parent = os.getppid()

    def parent_gone(self) -> bool:
        """True once the process was handed to another parent. Always False on Windows."""
        return os.name == "posix" and os.getppid() != self._parent
