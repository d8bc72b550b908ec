"""The shift report: which shift, a preview of the page, PDF and CSV. Queries off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QDate, QEvent, Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.shift_report import ShiftReport
from qc_station.services.export import keep_file
from qc_station.services.permits import Permits
from qc_station.services.shift_report import report_csv
from qc_station.services.shifts import Shift, shift_at, shift_before, shifts_of
from qc_station.services.tasks import Task, TaskPool
from qc_station.ui.access_words import refusal
from qc_station.ui.icons import icon
from qc_station.ui.messages import error_sentence
from qc_station.ui.shift_report_page import WIDTH, page_image, pdf_bytes
from qc_station.ui.time_words import clock
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.toast import Toast

PAGE_PX = 760
THIS, LAST, OTHER = "this", "last", "other"
ChoosePath = Callable[[QWidget, str, str], Path | None]


class Reports(Protocol):
    """The part of ShiftReportService that is used here; called from a worker thread."""

    def report(self, shift: Shift) -> ShiftReport: ...


def ask_path(parent: QWidget, suggested: str, kind: str) -> Path | None:
    """The system's file dialog; None when it was cancelled."""
    name, _chosen = QFileDialog.getSaveFileName(parent, "", suggested, f"{kind.upper()} (*.{kind})")
    return Path(name) if name else None


def file_name(shift: Shift, kind: str) -> str:
    """By date and start of the shift, so that files lie in their order."""
    return f"shift-report_{shift.start.astimezone():%Y-%m-%d_%H-%M}.{kind}"


class ShiftReportDialog(QDialog):
    """Begins with the shift that goes on."""

    def __init__(
        self,
        reports: Reports,
        shift_starts: Sequence[str],
        tasks: TaskPool,
        permits: Permits,
        parent: QWidget | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        choose_path: ChoosePath = ask_path,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shift_report_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._reports = reports
        self._starts = tuple(shift_starts)
        self._tasks = tasks
        self._permits = permits
        self._now = now
        self._choose_path = choose_path
        self._task: Task | None = None
        self.report: ShiftReport | None = None
        self._build()
        self.retranslate()
        self._show_permits()
        self.which.currentIndexChanged.connect(self._on_which)
        self.day.dateChanged.connect(self._on_day)
        self.start.currentIndexChanged.connect(self.read)
        self.pdf.clicked.connect(self.save_pdf)
        self.csv.clicked.connect(self.save_csv)
        self.close_button.clicked.connect(self.accept)
        permits.changed.connect(self._on_permits)
        self._on_which()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.which, self.start = QComboBox(self), QComboBox(self)
        self.which.setObjectName("report_which")
        self.start.setObjectName("report_start")
        self.day = QDateEdit(self)
        self.day.setObjectName("report_day")
        self.day.setCalendarPopup(True)
        today = self._now().astimezone().date()
        self.day.setMaximumDate(QDate(today.year, today.month, today.day))
        self.day.setDate(self.day.maximumDate())
        self.page = QLabel(self)
        self.page.setObjectName("report_page")
        self.page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea(self)
        scroll.setObjectName("report_scroll")
        scroll.setWidget(self.page)
        scroll.setWidgetResizable(True)
        self.paper = scroll
        self.pdf, self.csv = GuardedButton(self), GuardedButton(self)
        self.pdf.setObjectName("report_pdf")
        self.pdf.setProperty("role", "primary")
        self.pdf.setIcon(icon("export", "#FFFFFF"))
        self.csv.setObjectName("report_csv")
        self.csv.setIcon(icon("export"))
        self.close_button = QPushButton(self)
        self.close_button.setObjectName("report_close")
        self.toast = Toast(self)
        head = QHBoxLayout()
        for widget in (self.which, self.day, self.start):
            head.addWidget(widget)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.toast, 1)
        for button in (self.csv, self.pdf, self.close_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        self.resize(860, 740)

    # ---- which shift ----------------------------------------------------------------------

    @property
    def shift(self) -> Shift:
        """The shift that is chosen."""
        this = shift_at(self._now(), self._starts)
        chosen = self.which.currentData()
        if chosen == LAST:
            return shift_before(this, self._starts)
        if chosen == OTHER:
            return self._of_day()[max(0, self.start.currentIndex())]
        return this

    def _of_day(self) -> list[Shift]:
        picked = self.day.date()
        day = date(picked.year(), picked.month(), picked.day())
        return shifts_of(day, self._starts)

    @Slot()
    def _on_which(self) -> None:
        other = self.which.currentData() == OTHER
        self.day.setVisible(other)
        self.start.setVisible(other)
        if other:
            self._offer_starts()
        self.read()

    @Slot()
    def _on_day(self) -> None:
        self._offer_starts()
        self.read()

    def _offer_starts(self) -> None:
        chosen = self.start.currentIndex()
        self.start.blockSignals(True)
        self.start.clear()
        for shift in self._of_day():
            self.start.addItem(
                self.tr("{start} – {end}").format(start=clock(shift.start), end=clock(shift.end))
            )
        self.start.setCurrentIndex(max(0, chosen))
        self.start.blockSignals(False)

    # ---- reading and showing --------------------------------------------------------------

    @Slot()
    def read(self) -> None:
        """Gathers the chosen shift in the background; an answer that came too late is dropped."""
        if self._task is not None:
            self._task.cancel()
        self.report = None
        self._show_ready()
        shift = self.shift
        if shift.start >= self._now():
            self._say_on_page(self.tr("This shift has not begun yet."))
            return
        self._say_on_page(self.tr("Gathering the figures …"))
        self._task = self._tasks.run(
            lambda: self._reports.report(shift), self._on_report, self._on_failed, self
        )

    def _on_report(self, report: ShiftReport) -> None:
        self._task = None
        self.report = report
        self._show_page()
        self._show_ready()

    def _on_failed(self, error: Exception) -> None:
        self._task = None
        self._say_on_page(error_sentence(getattr(error, "code", ""), str(error)))

    def _say_on_page(self, text: str) -> None:
        self.page.setPixmap(QPixmap())
        self.page.setText(text)

    def _show_page(self) -> None:
        if self.report is None:
            return
        ratio = self.devicePixelRatioF()
        image = page_image(self.report, PAGE_PX / WIDTH * ratio)
        image.setDevicePixelRatio(ratio)
        self.page.setPixmap(QPixmap.fromImage(image))

    def _show_ready(self) -> None:
        for button in (self.pdf, self.csv):
            button.setEnabled(self.report is not None)

    @Slot()
    def _on_permits(self) -> None:
        if not self._permits.allows(Action.VIEW_RECORDS):
            self.reject()
        self._show_permits()

    def _show_permits(self) -> None:
        self.csv.refuse(refusal(self._permits, Action.EXPORT))

    # ---- saving ---------------------------------------------------------------------------

    @Slot()
    def save_pdf(self) -> None:
        """Asks for a file and writes the page."""
        report = self.report
        if report is not None:
            title = file_name(Shift(report.start, report.end), "pdf").removesuffix(".pdf")
            self._save("pdf", pdf_bytes(report, title))

    @Slot()
    def save_csv(self) -> None:
        """Asks for a file and writes the table."""
        if self.report is not None:
            self._save("csv", report_csv(self.report))

    def _save(self, kind: str, data: bytes) -> None:
        assert self.report is not None
        shift = Shift(self.report.start, self.report.end)
        path = self._choose_path(self, file_name(shift, kind), kind)
        if path is None:
            return
        if path.suffix.lower() != f".{kind}":
            path = path.with_name(f"{path.name}.{kind}")
        self._tasks.run(
            lambda: keep_file(path, data), lambda _: self._on_saved(path), self._on_unsaved, self
        )

    def _on_saved(self, path: Path) -> None:
        self.toast.show_text(self.tr("Saved: {}").format(path), undo=False)

    def _on_unsaved(self, error: Exception) -> None:
        said = error_sentence(getattr(error, "code", ""), str(error))
        self.toast.show_text(
            self.tr("The report was not saved: {}").format(said), undo=False, stay=True
        )

    def retranslate(self) -> None:
        """Texts in the current language, the page included."""
        self.setWindowTitle(self.tr("Shift report"))
        chosen = max(0, self.which.currentIndex())
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItem(self.tr("This shift"), THIS)
        self.which.addItem(self.tr("Last shift"), LAST)
        self.which.addItem(self.tr("Another shift"), OTHER)
        self.which.setCurrentIndex(chosen)
        self.which.blockSignals(False)
        self.which.setAccessibleName(self.tr("Which shift"))
        self.day.setAccessibleName(self.tr("Day on which the shift began"))
        self.start.setAccessibleName(self.tr("Shift of that day"))
        self.page.setAccessibleName(self.tr("Preview of the page"))
        self.paper.setAccessibleName(self.tr("Preview of the page"))
        set_words(self.pdf, self.tr("Save PDF …"), self.tr("Save the report as PDF"))
        set_words(self.csv, self.tr("Save CSV …"), self.tr("Save the report as CSV"))
        set_words(self.close_button, self.tr("Close (Esc)"), self.tr("Close the report"))
        self.toast.retranslate()
        self._show_permits()
        self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
