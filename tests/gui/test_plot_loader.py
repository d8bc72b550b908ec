"""pyqtgraph comes in the GUI thread, in steps: imported in a worker it crashed the program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from qc_station.ui.plot_loader import PlotLoader

PACKAGE = Path(__file__).resolve().parents[2] / "qc_station"
FIRST_TIME = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from qc_station.ui.plot_loader import PlotLoader

imported = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "pyqtgraph":
            imported.append(threading.current_thread() is threading.main_thread())

sys.meta_path.insert(0, Watch())
application = QApplication([])
loader, turns = PlotLoader(), []
beat = QTimer(interval=0)
beat.timeout.connect(lambda: turns.append(loader.loaded))
loader.ready.connect(application.quit)
loader.start()
beat.start()
assert not imported and not loader.loaded
application.exec()
assert imported == [True], imported
assert len(turns) >= 10, turns
assert "cuda.bindings" not in sys.modules
import qc_station.ui.widgets.chart
"""


def test_the_event_loop_runs_between_the_steps_of_the_first_import() -> None:
    run = subprocess.run([sys.executable, "-c", FIRST_TIME], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_second_page_need_not_wait(qtbot: QtBot) -> None:
    for _ in range(2):
        loader = PlotLoader()
        with qtbot.waitSignal(loader.ready, timeout=20_000):
            loader.start()
        assert loader.loaded
        loader.start()
        assert not loader._timer.isActive()


def test_nobody_else_imports_it_by_name() -> None:
    """An import that is a statement follows PlotLoader; one at run time could be in a thread."""
    for path in PACKAGE.rglob("*.py"):
        if path.name == "plot_loader.py":
            continue
        text = path.read_text()
        strings = [
            node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)
        ]
        assert "pyqtgraph" not in strings, path
