"""Signals sent for months do not use up True; loading and running are free of collections."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from qc_station.interpreter import settle_memory, uncollected

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


def test_collection_is_off_while_a_program_loads_and_on_again_whatever_happens() -> None:
    with pytest.raises(ValueError, match="broken"), uncollected():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()  # it was off before
    finally:
        gc.enable()


def test_what_was_loaded_is_left_out_of_collections() -> None:
    try:
        settle_memory()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
