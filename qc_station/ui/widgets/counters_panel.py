"""Counters of the shift: total, verdicts, first-pass yield. Shows what it is told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from qc_station.domain.counters import Counters
from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.messages import count, percent, verdict_title
from qc_station.ui.widgets.signs import paint_sign


class SignLabel(QWidget):
    """A small verdict sign for use beside words."""

    def __init__(self, verdict: Verdict, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = verdict
        self._size = size
        self.setFixedSize(size, size)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_sign(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._verdict)


class CountersPanel(QFrame):
    """Six figures in two rows, each with its name, verdicts with their sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("counters")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._counters = Counters()
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(0)
        signs = {
            "ok": Verdict.OK,
            "ng": Verdict.NG,
            "review": Verdict.REVIEW,
            "not_inspected": Verdict.NOT_INSPECTED,
        }
        cells = ("total", "ok", "ng", "yield", "review", "not_inspected")
        for index, key in enumerate(cells):
            row, column = 2 * (index // 3), 2 * (index % 3)
            name = QLabel(self)
            name.setProperty("role", "muted")
            value = QLabel(self)
            value.setObjectName(f"counter_{key}")
            if key in signs:
                layout.addWidget(SignLabel(signs[key], 15, self), row, column)
                layout.addWidget(name, row, column + 1)
            else:
                layout.addWidget(name, row, column, 1, 2)
            layout.addWidget(value, row + 1, column, 1, 2)
            layout.setColumnStretch(column + 1, 1)
            self._names[key], self._values[key] = name, value
        self.set_page_height(740)
        self.retranslate()

    def set_page_height(self, pixels: int) -> None:
        """Figures grow with the page."""
        for value in self._values.values():
            value.setStyleSheet(f"font-size: {round(pixels * 0.036)}px; font-weight: 600;")
        for name in self._names.values():
            name.setStyleSheet(f"font-size: {max(theme.px(13), round(pixels * 0.0175))}px;")

    @Slot(object)
    def show_counters(self, counters: Counters) -> None:
        """Shows these counters."""
        self._counters = counters
        values = {
            "total": count(counters.total),
            "ok": count(counters.ok),
            "ng": count(counters.ng),
            "review": count(counters.review),
            "not_inspected": count(counters.not_inspected),
            "yield": percent(counters.first_pass_yield, 1),
        }
        for key, text in values.items():
            self._values[key].setText(text)
            self._values[key].setAccessibleName(f"{self._names[key].text()}: {text}")

    def retranslate(self) -> None:
        """Names and numbers in the current language."""
        names = {
            "total": self.tr("Parts"),
            "ok": verdict_title(Verdict.OK),
            "ng": verdict_title(Verdict.NG),
            "review": verdict_title(Verdict.REVIEW),
            "not_inspected": verdict_title(Verdict.NOT_INSPECTED),
            "yield": self.tr("First-pass yield"),
        }
        for key, text in names.items():
            self._names[key].setText(text)
        self.setAccessibleName(self.tr("Counters of this shift"))
        self.setToolTip(
            self.tr(
                "Since the shift began. First-pass yield: share of all parts that were OK at once."
            )
        )
        self.show_counters(self._counters)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def value(self, key: str) -> str:
        """Text of one figure, by its key: ``total``, ``ok``, … ``yield``."""
        return self._values[key].text()
