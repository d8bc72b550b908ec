"""Fixtures of the window's tests, and the guards: no test may leave a window, timer or thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
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
    """Fails a test that leaves a visible window, a running timer in one, or a thread behind."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    qapp = request.getfixturevalue("qapp")
    QLocale.setDefault(QLocale("en_GB"))
    windows = set(qapp.topLevelWidgets())
    threads = set(threading.enumerate())
    yield
    # qtbot closes its widgets after this fixture, because it was asked for later.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    registered = {ref() for ref, _ in getattr(request.node, "qt_widgets", [])}
    left = [
        widget
        for widget in qapp.topLevelWidgets()
        if widget not in windows and widget not in registered and widget.isVisible()
    ]
    timers = [timer for widget in left for timer in widget.findChildren(QTimer) if timer.isActive()]
    names = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"windows left open: {left}"
    assert not timers, f"timers left running: {timers}"
    assert not names, f"threads left running: {names}"
