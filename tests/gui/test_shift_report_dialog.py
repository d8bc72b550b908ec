"""The shift report in the window: which shift, one page whatever there is, PDF and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.domain.access import Action
from qc_station.domain.counters import Counters
from qc_station.domain.golden import CheckRecord, CheckResult
from qc_station.domain.production_report import Answers, Bucket, ProductionReport
from qc_station.domain.quality_figures import pareto
from qc_station.domain.shift_report import Alarm, ModelUse, ShiftReport
from qc_station.domain.verdict import Reason
from qc_station.services.permits import Permits
from qc_station.services.shifts import Shift
from qc_station.services.tasks import TaskPool
from qc_station.ui.dialogs.shift_report import ShiftReportDialog, file_name
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.shift_report_page import FOOT, HEIGHT, MARGIN, page_image, pdf_bytes

NOW = datetime(2026, 11, 25, 10, 30).astimezone()
STARTS = ("06:00", "14:00", "22:00")


def made(shift: Shift, much: int = 1) -> ShiftReport:
    """A report with ``much`` times what a usual shift has."""
    counts = Counters(ok=900, ng=60, review=20, not_inspected=5)
    bucket = Bucket(shift.start, shift.start + timedelta(hours=1), counts, Answers(2, 9, 1, 30))
    defects = pareto({f"defect_{index}": 20 - index for index in range(4 * much)})
    minute = timedelta(minutes=1)
    failed = CheckRecord("bottle", CheckResult.FAILED, shift.start, "Max", failed=("G1",))
    return ShiftReport(
        "here", shift.start, shift.end, NOW,
        ProductionReport(shift.start, shift.end, None, (bucket,), defects),
        ("Claire",) * much,
        tuple((reason, 3) for reason in list(Reason)[5 : 6 + much]),
        tuple(Alarm("camera_fault", shift.start, shift.start + minute) for _ in range(3 * much)),
        (failed,) * much,
        tuple(ModelUse("bottle", f"model-{index}", 10) for index in range(much)),
    )  # fmt: skip


class Reports:
    """Answers with a made-up report; notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Shift] = []
        self.problem: Exception | None = None

    def report(self, shift: Shift) -> ShiftReport:
        self.asked.append(shift)
        if self.problem is not None:
            raise self.problem
        return made(shift)


class Rights(Permits):
    forbidden: frozenset[Action] = frozenset()

    def allows(self, action: Action) -> bool:
        return action not in self.forbidden


class Desk:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.reports, self.permits, self.tasks = Reports(), Rights(), TaskPool()
        self.path: Path | None = None
        self.suggested: list[str] = []
        self.dialog = ShiftReportDialog(
            self.reports, STARTS, self.tasks, self.permits, now=lambda: NOW, choose_path=self._ask
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.show()

    def _ask(self, _parent: QWidget, suggested: str, _kind: str) -> Path | None:
        self.suggested.append(suggested)
        return self.path

    def wait(self) -> ShiftReport:
        self.qtbot.waitUntil(lambda: self.dialog.report is not None)
        assert self.dialog.report is not None
        return self.dialog.report


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, language: LanguageSwitch) -> Iterator[Desk]:
    opened = Desk(qtbot, tmp_path)
    yield opened
    opened.tasks.close()


def local(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour).astimezone(UTC)


def test_the_shift_is_chosen(desk: Desk) -> None:
    assert (desk.wait().start, desk.dialog.day.isVisible()) == (local(25, 6), False)
    assert not desk.dialog.page.pixmap().isNull()
    desk.dialog.which.setCurrentIndex(1)
    assert desk.dialog.report is None and not desk.dialog.pdf.isEnabled()
    assert desk.wait().start == local(24, 22)
    desk.dialog.which.setCurrentIndex(2)
    desk.dialog.day.setDate(QDate(2026, 11, 20))
    desk.dialog.start.setCurrentIndex(1)
    assert desk.wait().start == local(20, 14)


def test_a_shift_that_has_not_begun_has_no_figures(desk: Desk) -> None:
    desk.wait()
    desk.dialog.which.setCurrentIndex(2)
    desk.dialog.start.setCurrentIndex(2)  # 22:00 today
    assert desk.dialog.page.text() == "This shift has not begun yet."
    assert not desk.dialog.pdf.isEnabled() and not desk.dialog.csv.isEnabled()


def test_page_and_table_are_saved_under_date_and_shift(desk: Desk) -> None:
    desk.wait()
    desk.path = desk.folder / "report"
    desk.dialog.save_pdf()
    desk.qtbot.waitUntil(lambda: "report.pdf" in desk.dialog.toast.text)
    assert (desk.folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    desk.dialog.save_csv()
    desk.qtbot.waitUntil(lambda: "report.csv" in desk.dialog.toast.text)
    assert b"first_pass_yield" in (desk.folder / "report.csv").read_bytes()
    assert desk.suggested == [
        "shift-report_2026-11-25_06-00.pdf", "shift-report_2026-11-25_06-00.csv"
    ]  # fmt: skip


def test_what_cannot_be_saved_or_read_is_said(desk: Desk) -> None:
    desk.wait()
    desk.path = desk.folder / "taken.pdf"
    desk.path.mkdir()
    desk.dialog.save_pdf()
    desk.qtbot.waitUntil(lambda: "was not saved" in desk.dialog.toast.text)
    desk.reports.problem = StoreError("store_unavailable", "The database is gone.")
    desk.dialog.which.setCurrentIndex(1)
    desk.qtbot.waitUntil(lambda: "database" in desk.dialog.page.text())
    assert not desk.dialog.pdf.isEnabled()


def test_rights_are_asked(desk: Desk) -> None:
    desk.wait()
    desk.permits.forbidden = frozenset({Action.EXPORT})
    desk.permits.changed.emit()
    assert not desk.dialog.csv.isEnabled() and desk.dialog.csv.refusal
    desk.permits.forbidden = frozenset({Action.VIEW_RECORDS})
    desk.permits.changed.emit()
    assert not desk.dialog.isVisible()


def test_the_page_follows_the_language(desk: Desk, language: LanguageSwitch) -> None:
    desk.wait()
    before = desk.dialog.page.pixmap().toImage()
    language.switch("fr")
    desk.qtbot.waitUntil(lambda: desk.dialog.windowTitle() == "Rapport d’équipe")
    assert desk.dialog.page.pixmap().toImage() != before
    assert desk.dialog.which.currentText() == "Équipe en cours"


# -- the page --------------------------------------------------------------------------------------


def pixels(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()  # the bits go with the picture


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("much", [0, 1, 3, 40])
def test_one_page_is_always_enough(
    qapp: QApplication, language: LanguageSwitch, code: str, much: int
) -> None:
    language.switch(code)
    report = made(Shift(local(25, 6), local(25, 14)), much)
    data = pdf_bytes(report, "title")
    assert data.count(b"/Type /Page\n") == 1
    drawn = pixels(page_image(report, 2.0))
    foot = round(2 * (HEIGHT - MARGIN - FOOT))
    assert drawn[foot - 8 : foot + 8].min() == 255  # the lists end above the signatures
    assert drawn[foot:].min() < 255
    margin = round(2 * MARGIN) - 4
    assert drawn[:, :margin].min() == 255 and drawn[:, -margin:].min() == 255
    assert drawn[:margin].min() == 255


def test_a_shift_that_goes_on_says_so(qapp: QApplication, language: LanguageSwitch) -> None:
    report = made(Shift(local(25, 6), local(25, 14)))
    over = replace(report, made_at=report.end)
    head = slice(0, 2 * 90)
    assert not np.array_equal(
        pixels(page_image(report, 2.0))[head], pixels(page_image(over, 2.0))[head]
    )


def test_files_lie_in_the_order_of_the_shifts() -> None:
    names = [file_name(Shift(local(24, hour), local(25, 6)), "pdf") for hour in (6, 14, 22)]
    assert names == sorted(names)
