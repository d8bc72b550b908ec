"""What the window says after a start: damaged settings, an unclean end; nothing otherwise."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QTableView
from pytestqt.qtbot import QtBot
from store_support import make_part

from db.records import JobRecord
from db.repositories.jobs import JobRepository
from db.store import Store
from qc_station.services.recovery import RunMarker
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import Settings
from qc_station.settings.store import SettingsStore
from qc_station.ui import settings_words
from qc_station.ui.models.history_model import Column
from tests.gui.whole_window import whole_window


def settings_of(home: Path) -> SettingsStore:
    return SettingsStore(StationPaths(home).ensure().settings_file)


def test_a_clean_end_has_no_news(qapp: QApplication, tmp_path: Path) -> None:
    for _start in range(2):
        with whole_window(tmp_path / "home", qapp) as whole:
            assert whole.window.news.texts == []
            assert not whole.window.news.isVisible()


def test_a_damaged_settings_file_is_named_in_the_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    store = settings_of(tmp_path / "home")
    store.path.write_bytes(b"\x00\x01")
    with whole_window(tmp_path / "home", qapp) as whole:
        (text,) = whole.window.news.texts
        (aside,) = store.path.parent.glob("settings.broken-*")
        assert aside.name in text
        whole.shown.language.switch("fr")
        QApplication.processEvents()
        (french,) = whole.window.news.texts
        assert aside.name in french and "endommagé" in french
        row = whole.window.news.findChild(QPushButton)
        assert row is not None and row.text() == "Ouvrir le dossier"


def test_settings_that_went_back_to_their_defaults_are_named(
    qapp: QApplication, tmp_path: Path
) -> None:
    store = settings_of(tmp_path / "home")
    store.path.write_text('version = 1\ntheme = "pink"\nidle_lock_min = -1\n', encoding="utf-8")
    with whole_window(tmp_path / "home", qapp) as whole:
        (text,) = whole.window.news.texts
        assert "theme" in text and "idle lock" in text


def test_every_setting_has_a_name() -> None:
    for field in dataclasses.fields(Settings):
        title = settings_words.setting_title(field.name)
        assert title and "_" not in title, field.name


def test_settings_that_cannot_be_saved_are_said_until_they_can(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with whole_window(tmp_path / "home", qapp) as whole:
        save = SettingsStore.save

        def full(_store: SettingsStore, _settings: Settings) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(SettingsStore, "save", full)
        whole.station.save_settings(operator="Ana")
        (text,) = whole.window.news.texts
        assert "No space left" in text
        monkeypatch.setattr(SettingsStore, "save", save)
        whole.station.save_settings(operator="Bea")
        assert whole.window.news.texts == []


def unclean(home: Path, *, job: bool) -> None:
    """What a killed station leaves: its marker, and a teaching run that never ended."""
    paths = StationPaths(home).ensure()
    RunMarker(paths.run_marker).begin(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    if job:
        store = Store.open(paths.database)
        record = JobRecord("a" * 32, "bottle", "teach", "running", datetime.now(UTC), {})
        store.write(lambda session: JobRepository(session).start(record))
        store.close()


def test_an_unclean_end_is_told_once_with_what_was_found(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    unclean(home, job=True)
    with whole_window(home, qapp) as whole:
        (text,) = whole.window.news.texts
        assert "24/11/2026" in text
        assert "No part was interrupted" in text and "teaching run was cut off" in text
        (show, close) = whole.window.news.findChildren(QPushButton)
        qtbot.keyClick(show, Qt.Key.Key_Space)
        assert whole.window.page == "learning"
        qtbot.keyClick(close, Qt.Key.Key_Space)
        assert whole.window.news.texts == []
    with whole_window(home, qapp) as again:
        assert again.window.news.texts == [], "after a clean end there is nothing to say"


def test_interrupted_parts_are_counted(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unclean(tmp_path / "home", job=False)
    monkeypatch.setattr("qc_station.services.verdict_log.VerdictLog.sweep", lambda _log: 3)
    with whole_window(tmp_path / "home", qapp) as whole:
        (text,) = whole.window.news.texts
        assert text.count("3") and "not inspected" in text


def test_a_marker_that_holds_rubbish_still_tells_of_the_unclean_end(tmp_path: Path) -> None:
    marker = RunMarker(tmp_path / "running")
    (tmp_path / "running").write_bytes(b"\xff\x00")
    assert marker.begin(datetime.now(UTC)) == (True, None)
    marker.end()
    assert marker.begin(datetime.now(UTC)) == (False, None)
    RunMarker(tmp_path / "no" / "folder").begin(datetime.now(UTC))  # costs nothing but the note


def test_page_splitter_columns_and_size_come_back(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"

    def parts(window: object) -> tuple[QSplitter, QTableView]:
        splitter = window.findChild(QSplitter, "history_splitter")  # type: ignore[attr-defined]
        table = window.findChild(QTableView, "history_table")  # type: ignore[attr-defined]
        return splitter, table

    with whole_window(home, qapp) as whole:
        whole.station.verdict_log.record(make_part(1), None, None)
        assert whole.station.verdict_log.flush()
        whole.window.resize(1400, 900)
        whole.window.show_page("history")
        QApplication.processEvents()
        splitter, table = parts(whole.window)
        splitter.setSizes([600, 600])
        table.setColumnWidth(Column.TIME, 201)
        QApplication.processEvents()
        sizes = splitter.sizes()
    kept = settings_of(home).load()
    assert kept.clean
    assert kept.settings.window_page == "history"
    with whole_window(home, qapp, **dataclasses.asdict(kept.settings)) as again:
        again.window.resize(1400, 900)
        QApplication.processEvents()
        assert again.window.page == "history"
        splitter, table = parts(again.window)
        assert splitter.sizes() == sizes
        assert table.columnWidth(Column.TIME) == 201


def test_a_window_on_a_screen_that_is_gone_comes_back(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with whole_window(tmp_path / "home", qapp) as whole:
        window = whole.window
        place = window.save_place()
        monkeypatch.setattr(
            window, "restoreGeometry", lambda _data: bool(window.move(9000, 9000)) or True
        )
        assert window.restore_place(place)
        screen: QRect = qapp.primaryScreen().availableGeometry()
        assert screen.intersects(window.geometry())
        monkeypatch.undo()
        assert not window.restore_place("no geometry")
        assert not window.restore_place("Grüße")
