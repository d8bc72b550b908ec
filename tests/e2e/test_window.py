"""An operator's, an expert's and a maintainer's turn in one real window with the real engine."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.engine import sqlite_module
from qc_station.app import main
from qc_station.domain.triggers import TriggerMode
from qc_station.settings.schema import Settings
from qc_station.settings.store import SettingsStore
from qc_station.ui.main_window import MainWindow

RETRAIN_S = 240
ANSWERS = 8


@pytest.fixture
def home(station_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a taught station that plays its pictures again and again, ten a second."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    copy = tmp_path / "home"
    shutil.copytree(station_home, copy, ignore=shutil.ignore_patterns("station.lock"))
    SettingsStore(copy / "settings.toml").save(
        Settings(
            language="en", recipe="bottle", trigger_mode=TriggerMode.FOLDER, interval_ms=100,
            deadline_ms=20_000,
        )
    )  # fmt: skip
    return copy


def in_window(qtbot: QtBot, arguments: list[str], turn: Callable[[MainWindow], None]) -> int:
    """Runs ``main(arguments)`` and, inside its event loop, ``turn``; then closes the window."""
    failures: list[BaseException] = []

    def window() -> MainWindow:
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))

    def drive() -> None:
        try:
            turn(window())
        except BaseException as failure:  # noqa: BLE001 - raised again by the test
            failures.append(failure)
        finally:
            window().close()

    QTimer.singleShot(1000, drive)
    status = main(arguments)
    if failures:
        raise failures[0]
    return status


# Python's own SQLite beside the station's in one process would drop the locks of the station's.
sqlite3 = sqlite_module()


def newest_model(database: Path) -> str | None:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        row = connection.execute(
            "SELECT model_id FROM inspections ORDER BY part_number DESC LIMIT 1"
        ).fetchone()
    return row[0] if row else None


def reviews(database: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(
            "SELECT i.verdict, r.label FROM reviews r JOIN inspections i "
            "ON i.inspection_id = r.inspection_id ORDER BY r.seq"
        ).fetchall()


def test_review_by_keys_then_retrain_then_the_new_model_inspects(
    qtbot: QtBot, home: Path, small_bottle: Path
) -> None:
    database = home / "station.sqlite3"
    first_model = newest_model(database)
    assert first_model

    def turn(window: MainWindow) -> None:
        def visible(name: str) -> QWidget:
            return window.findChild(QWidget, name)

        inspect, review = window.pages["inspect"], window.pages["review"]
        qtbot.waitUntil(lambda: inspect.shown_part is not None, timeout=60_000)
        qtbot.keyClick(inspect, Qt.Key.Key_F5)  # pause
        assert inspect.banner.word == "PAUSED"

        window.actions_set["view.review"].trigger()
        qtbot.waitUntil(lambda: review.part is not None, timeout=20_000)
        assert review.part.verdict.value == "REVIEW"
        for _ in range(ANSWERS):
            part = review.part
            if part is None:
                break
            if part.truth == "good":
                qtbot.keyClick(review, Qt.Key.Key_G)
            else:
                qtbot.keyClick(review, Qt.Key.Key_N)
                qtbot.keyClicks(QApplication.focusWidget(), part.truth or "scratch")
                qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            asked = part.inspection_id
            qtbot.waitUntil(
                lambda asked=asked: review.part is None or review.part.inspection_id != asked,
                timeout=10_000,
            )

        window.actions_set["learning.retrain"].trigger()
        activate = visible("result_activate")
        assert isinstance(activate, QPushButton)
        qtbot.waitUntil(lambda: activate.isVisible(), timeout=RETRAIN_S * 1000)
        qtbot.mouseClick(activate, Qt.MouseButton.LeftButton)

        window.actions_set["view.inspect"].trigger()
        qtbot.waitUntil(inspect.controls.run.isEnabled, timeout=20_000)  # the model is loaded
        qtbot.keyClick(inspect, Qt.Key.Key_F5)  # go on
        qtbot.waitUntil(lambda: newest_model(database) != first_model, timeout=60_000)

    arguments = [
        "--home", str(home), "--data", str(small_bottle),
        "--camera", f"folder:{small_bottle / 'test'}?loop=1",
    ]  # fmt: skip
    assert in_window(qtbot, arguments, turn) == 0

    answered = reviews(database)
    assert ("REVIEW", "good") in answered or ("REVIEW", "defect") in answered
    new_model = newest_model(database)
    assert new_model and new_model != first_model
    assert {path.name for path in (home / "models").iterdir()} == {first_model, new_model}
