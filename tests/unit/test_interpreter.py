"""A station that runs for months sends more signals than True has references."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
from qc_station.interpreter import keep_constants_alive

keep_constants_alive()
keep_constants_alive()

class Sender(QObject):
    sent = Signal(object)

application = QCoreApplication([])
sender = Sender()
for _ in range(50_000):
    sender.sent.emit(1)
    sender.setObjectName("x")
"""


def test_fifty_thousand_signals_do_not_abort_the_interpreter() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
