"""Ends the program in order on Ctrl+C and SIGTERM. Knows nothing of what it ends."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QCoreApplication, QSocketNotifier

CANCELLED = 130


@contextmanager
def quit_on_signals(application: QCoreApplication) -> Iterator[None]:
    """While inside, the two signals make the event loop end with exit status 130.

    A signal handler in Python only runs between byte codes, and an idle event loop executes
    none: the signal's number, written to a socket by the interpreter, wakes the loop.
    """
    receiver, sender = socket.socketpair()
    for end in (receiver, sender):
        end.setblocking(False)
    notifier = QSocketNotifier(receiver.fileno(), QSocketNotifier.Type.Read)

    def drain() -> None:
        receiver.recv(64)

    def leave(_number: int, _frame: FrameType | None) -> None:
        application.exit(CANCELLED)

    notifier.activated.connect(drain)
    old_wakeup = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    old = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(old_wakeup)
        notifier.setEnabled(False)
        notifier.deleteLater()
        receiver.close()
        sender.close()
