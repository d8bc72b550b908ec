"""Fixtures of the window's tests, and the guards: no test may leave a window, timer, thread or
process."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from collections.abc import Iterator

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QTimer
from PySide6.QtWidgets import QApplication

from qc_station.interpreter import keep_constants_alive
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
keep_constants_alive()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The one application, with the station's look."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def language(qapp: QApplication) -> Iterator[LanguageSwitch]:
    """The language switch; English again afterwards."""
    switch = LanguageSwitch()
    switch.switch("en")
    yield switch
    switch.switch("en")
    QCoreApplication.processEvents()


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a visible window, a running timer, a thread or a process behind."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    qapp = request.getfixturevalue("qapp")
    QLocale.setDefault(QLocale("en_GB"))
    windows = set(qapp.topLevelWidgets())
    threads = set(threading.enumerate())
    ticking, processes = set(map(id, running_timers())), child_processes()
    yield
    # qtbot closes its widgets after this fixture, because it was asked for later.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    registered = [ref() for ref, _ in getattr(request.node, "qt_widgets", [])]
    left = [
        widget
        for widget in qapp.topLevelWidgets()
        if widget not in windows and widget not in registered and widget.isVisible()
    ]
    timers = _left_ticking(ticking, registered)
    if timers:
        gc.collect()  # what nobody refers to any more is no leftover
        timers = _left_ticking(ticking, registered)
    names = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"windows left open: {left}"
    assert not timers, f"timers left running: {timers}"
    assert not names, f"threads left running: {names}"
    started = child_processes() - processes
    assert not started, f"processes left running: {started}"


def running_timers() -> list[QTimer]:
    """Every running timer that Python knows, wherever it belongs."""
    found = [thing for thing in gc.get_objects() if type(thing) is QTimer]
    return [timer for timer in found if shiboken6.isValid(timer) and timer.isActive()]


def child_processes() -> set[tuple[int, str]]:
    """(id, command) of what was started here and still runs; Python's own tracker of shared memory
    stays until the end."""
    found: set[tuple[int, str]] = set()
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            command = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in command:
                found.add((child.pid, command))
    return found


def _left_ticking(before: set[int], widgets: list[object]) -> list[str]:
    """What runs now, did not run before and belongs to none of these widgets."""
    return [
        f"{timer} of {timer.parent()}, {timer.interval()} ms"
        for timer in running_timers()
        if id(timer) not in before and not _of(timer, widgets)
    ]


def _of(timer: QTimer, widgets: list[object]) -> bool:
    """Whether it goes with one of these widgets."""
    owner = timer.parent()
    while owner is not None:
        if owner in widgets:
            return True
        owner = owner.parent()
    return False
