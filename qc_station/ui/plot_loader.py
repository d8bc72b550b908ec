"""Loads pyqtgraph when a page first needs it: in the GUI thread, in steps. Knows no page.

pyqtgraph makes Qt objects while it is imported, and reading Qt's classes in a worker crashed the
program. Most of the import's time goes into PySide's classes, which PySide makes at their first
use; made before, a few at a time, they leave the event loop free in between.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal, Slot

PLOTS = "pyqtgraph"
_OPTIONAL = "cuda.bindings"
"""pyqtgraph takes CUDA where it finds it; the window's process has no use for it."""
_CLASSES_A_STEP = 60


class PlotLoader(QObject):
    """``ready`` comes once, in a later turn of the event loop. GUI thread only."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self._loaded = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    @property
    def loaded(self) -> bool:
        """Whether modules that import pyqtgraph may be imported now."""
        return self._loaded

    @property
    def busy(self) -> bool:
        """Whether it is on its way."""
        return self._timer.isActive()

    def start(self) -> None:
        """Loads, unless that is done or under way."""
        if not self._loaded and not self._timer.isActive():
            self._steps = iter(()) if PLOTS in sys.modules else _steps()
            self._timer.start()

    def stop(self) -> None:
        """Nobody waits any more; what has been loaded stays."""
        self._timer.stop()

    @Slot()
    def _step(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._timer.stop()
            self._loaded = True
            self.ready.emit()


def _steps() -> Iterator[None]:
    """The import, cut where the event loop may run; about 10 ms each, the last ones 80 ms."""
    for module in (QtCore, QtGui, QtWidgets):
        names = dir(module)
        for first in range(0, len(names), _CLASSES_A_STEP):
            _make_classes(module, names[first : first + _CLASSES_A_STEP])
            yield
    for name in ("QtSvg", "QtOpenGL", "QtOpenGLWidgets", "QtTest"):
        importlib.import_module(f"PySide6.{name}")
        yield
    _import_plots()
    yield


def _make_classes(module: ModuleType, names: list[str]) -> None:
    """PySide makes a class when its name is first read."""
    for name in names:
        getattr(module, name, None)


def _import_plots() -> None:
    hidden = _OPTIONAL not in sys.modules
    if hidden:
        sys.modules[_OPTIONAL] = None  # type: ignore[assignment]  # "not there" to an import
    try:
        importlib.import_module(PLOTS)
    finally:
        if hidden:
            del sys.modules[_OPTIONAL]
