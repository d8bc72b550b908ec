"""Pictures inspected beside the line: a row for every file, the line first, nothing logged."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.backend.fake import FakeInspector
from qc_station.domain.access import Action
from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.batch import CAMERA, BatchRow, BatchService, find_pictures
from qc_station.services.permits import AccessError, Permits
from qc_station.services.tasks import TaskPool
from qc_station.settings.store import SettingsStore
from qc_station.ui.dialogs.batch import BatchDialog
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.models.batch_model import Column
from tests.gui.whole_window import whole_window

Write = Callable[[Path, NDArray[np.uint8]], Path]


class Bench:
    """A batch service with a fake engine and a line that the test controls."""

    def __init__(self) -> None:
        self.inspector = FakeInspector()
        self.tasks = TaskPool()
        self.on_the_line = 0
        self.batch = BatchService(
            self.inspector, self.tasks, lambda: self.on_the_line, lambda: "bottle"
        )
        self.rows: list[BatchRow] = []
        self.batch.row_done.connect(self.rows.append)

    def close(self) -> None:
        self.batch.close()
        self.inspector.close()
        self.tasks.close()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path, write_picture: Write) -> Path:
    """A white (OK), a black (NG) and a grey (REVIEW) picture."""
    for name, value in (("a_white", 250), ("b_black", 5), ("c_grey", 128)):
        write_picture(tmp_path / "parts" / f"{name}.png", np.full((32, 32, 3), value, np.uint8))
    return tmp_path / "parts"


def test_every_picture_gets_the_answer_of_the_engine(
    qtbot: QtBot, bench: Bench, folder: Path
) -> None:
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000) as ended:
        bench.batch.begin([folder])
    assert ended.args == [True]
    assert [(row.path.stem, row.inspection.verdict) for row in bench.rows] == [
        ("a_white", Verdict.OK), ("b_black", Verdict.NG), ("c_grey", Verdict.REVIEW),
    ]  # fmt: skip
    assert {row.inspection.camera for row in bench.rows} == {CAMERA}
    black = bench.rows[1]
    assert black.heatmap is not None and black.heatmap.max() == 220
    assert black.thumbnail is not None


def test_files_that_are_no_pictures_get_a_row_with_a_sentence(
    qtbot: QtBot, bench: Bench, folder: Path
) -> None:
    (folder / "b_torn.png").write_bytes((folder / "a_white.png").read_bytes()[:40])
    empty = folder.parent / "empty.jpg"
    empty.write_bytes(b"")
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000):
        bench.batch.begin([folder, empty, folder.parent / "gone.png"])
    assert len(bench.rows) == 6
    bad = {r.path.name: r.inspection for r in bench.rows if r.inspection.score is None}
    assert set(bad) == {"b_torn.png", "empty.jpg", "gone.png"}
    for inspection in bad.values():
        assert inspection.verdict is Verdict.NOT_INSPECTED
        assert inspection.reason is Reason.PICTURE_UNUSABLE
        assert inspection.detail.endswith(".")


def test_the_line_goes_first(qtbot: QtBot, bench: Bench, folder: Path) -> None:
    bench.on_the_line = 1
    with qtbot.waitSignal(bench.batch.listed, timeout=10_000):
        bench.batch.begin([folder])
    qtbot.waitUntil(lambda: bench.batch._ready is not None, timeout=10_000)
    bench.batch._give()
    assert bench.inspector.pending == 0, "no picture is given while the line has a part"
    bench.on_the_line = 0
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000):
        bench.batch._give()
        assert bench.inspector.pending == 1, "one at a time"
    assert len(bench.rows) == 3


def test_answers_of_the_line_are_not_taken_for_ones_own(
    qtbot: QtBot, bench: Bench, folder: Path
) -> None:
    numbers: list[int] = []
    bench.inspector.answered.connect(lambda number, _outcome: numbers.append(number))
    line = Frame(1, np.full((8, 8, 3), 5, np.uint8), datetime.now(UTC), 0.0, "line:")
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000):
        bench.inspector.inspect(1, line, 1.0)
        bench.batch.begin([folder])
    assert 1 in numbers
    assert all(number < 0 for number in numbers if number != 1)
    assert len(bench.rows) == 3


def test_cancelling_keeps_the_rows_and_ends_the_work(
    qtbot: QtBot, bench: Bench, folder: Path
) -> None:
    bench.batch.row_done.connect(lambda _row: bench.batch.cancel())
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000) as ended:
        bench.batch.begin([folder])
    assert ended.args == [False]
    assert len(bench.batch.rows) == 1
    assert not bench.batch.running


def test_an_empty_folder_and_a_missing_right_are_said(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    with qtbot.waitSignal(bench.batch.failed, timeout=10_000) as said:
        bench.batch.begin([tmp_path / "nothing"])
    assert said.args[0] == "folder_empty"

    def nobody(action: Action) -> None:
        raise AccessError("not_logged_in", "Log in.")

    closed = BatchService(bench.inspector, bench.tasks, lambda: 0, lambda: "", None, nobody)
    with pytest.raises(AccessError):
        closed.begin([tmp_path])
    assert not closed.running


def test_a_picture_that_is_named_twice_is_inspected_once(folder: Path) -> None:
    assert len(find_pictures([folder, folder / "a_white.png", folder])) == 3


@pytest.fixture
def dialog(qtbot: QtBot, bench: Bench, language: LanguageSwitch) -> BatchDialog:
    made = BatchDialog(bench.batch, Permits())
    qtbot.addWidget(made)
    made.show()
    return made


def files(dialog: BatchDialog) -> list[str]:
    return [
        Path(dialog.shown.index(row, Column.FILE).data()).stem
        for row in range(dialog.shown.rowCount())
    ]


def test_the_table_sorts_by_value_filters_and_opens_the_picture(
    qtbot: QtBot, bench: Bench, dialog: BatchDialog, folder: Path
) -> None:
    dialog.expect()
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000):
        bench.batch.begin([folder])
    dialog.table.sortByColumn(Column.SCORE, Qt.SortOrder.DescendingOrder)
    assert files(dialog) == ["b_black", "c_grey", "a_white"]
    dialog.table.sortByColumn(Column.VERDICT, Qt.SortOrder.AscendingOrder)
    assert files(dialog)[0] == "b_black", "what needs action is on top"
    dialog.verdict.setCurrentIndex(dialog.verdict.findData(Verdict.REVIEW))
    assert files(dialog) == ["c_grey"]
    dialog.verdict.setCurrentIndex(0)
    dialog.search.setText("black")
    assert files(dialog) == ["b_black"]
    dialog.table.selectRow(0)
    qtbot.waitUntil(lambda: dialog.canvas._plane is not None, timeout=10_000)
    assert dialog.canvas._pixels is not None and dialog.canvas._pixels.max() == 5
    assert "3" in dialog.text and not dialog.stop.isEnabled()


def test_the_table_is_exported_with_the_columns_of_the_history(
    qtbot: QtBot, bench: Bench, dialog: BatchDialog, folder: Path, tmp_path: Path
) -> None:
    dialog.expect()
    assert not dialog.export.isEnabled()
    with qtbot.waitSignal(bench.batch.finished, timeout=10_000):
        bench.batch.begin([folder])
    dialog.export_to(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: "out.csv" in dialog.toast.text, timeout=10_000)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["verdict"] for row in rows] == ["OK", "NG", "REVIEW"]
    assert {row["camera"] for row in rows} == {CAMERA}
    assert rows[0]["source"].endswith("a_white.png")
    dialog.export_to(tmp_path / "out.csv" / "impossible.csv")
    qtbot.waitUntil(lambda: "failed" in dialog.toast.text, timeout=10_000)


def test_closing_the_window_ends_the_batch(
    qtbot: QtBot, bench: Bench, dialog: BatchDialog, folder: Path
) -> None:
    bench.on_the_line = 1
    with qtbot.waitSignal(bench.batch.listed, timeout=10_000):
        bench.batch.begin([folder])
    with qtbot.waitSignal(bench.batch.finished, timeout=1000) as ended:
        dialog.close()
    assert ended.args == [False]


def drop(paths: list[Path]) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(40, 400), Qt.DropAction.CopyAction, data, buttons, keys)
    event.keep = data  # type: ignore[attr-defined] - Qt only borrows it
    return event


def test_dropped_folders_are_inspected_remembered_and_never_logged(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, folder: Path
) -> None:
    home = tmp_path / "home"
    with whole_window(home, qapp) as whole:
        batch = whole.station.batch
        with qtbot.waitSignal(batch.finished, timeout=10_000):
            whole.window.dropEvent(drop([folder]))
        dialog = whole.shown.batch.dialog
        assert dialog is not None and dialog.isVisible()
        assert dialog.model.rowCount() == 3
        assert whole.station.verdict_log.last_part_number() == 0, "the log knows nothing of them"
        assert whole.station.station.counters.total == 0
        offered = [command.name for command in whole.shown.commands.commands()]
        assert any(str(folder) in name for name in offered), "the palette has recent folders"
        dialog.close()
    assert SettingsStore(home / "settings.toml").load().settings.recent_folders == (str(folder),)


def test_other_files_are_refused_with_a_sentence(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    with whole_window(tmp_path / "home", qapp) as whole:
        whole.window.dropEvent(drop([text]))
        assert whole.shown.batch.dialog is None
        assert "PNG" in whole.window.statusBar().currentMessage()
        whole.shown.batch.begin_folder(tmp_path / "gone")
        assert "gone" in whole.window.statusBar().currentMessage()
