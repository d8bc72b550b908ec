"""Counters of shift, lot and all parts: verdicts, first-pass yield. Shows what it is told."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from qc_station.domain.counters import Counters, Tallies
from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.messages import count, percent, shortened, verdict_title
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.signs import paint_sign

ROWS = ("shift", "lot", "total")
_VERDICTS = {
    "ok": Verdict.OK,
    "ng": Verdict.NG,
    "review": Verdict.REVIEW,
    "not_inspected": Verdict.NOT_INSPECTED,
}
_SHARES = {"shift": 0.033, "lot": 0.025, "total": 0.025}
"""Height of the figures as a share of the page's height."""
_MARGIN, _GAP = 14, 8
COLUMNS = ("total", *_VERDICTS, "yield")
_LONGEST_SHOWN = 14
"""Characters of a lot's name that fit beside the figures; the tooltip has all."""


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
    """One row for each of shift, lot and total; the lot's name is the button of a new lot."""

    new_lot_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("counters")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tallies = Tallies()
        self._page_height = 740
        self._fitted: dict[str, int] = {}
        self._values: dict[tuple[str, str], QLabel] = {}
        self._heads: dict[str, QWidget] = {}
        self._names: dict[str, QLabel] = {}
        self.lot = GuardedButton(self)
        self.lot.setObjectName("new_lot")
        self.lot.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lot.clicked.connect(self.new_lot_asked)
        self._lay_out()
        self.set_page_height(740)
        self.retranslate()

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        layout.setHorizontalSpacing(_GAP)
        layout.setVerticalSpacing(1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, key in enumerate(COLUMNS, start=1):
            head = SignLabel(_VERDICTS[key], 17, self) if key in _VERDICTS else QLabel(self)
            head.setProperty("role", "muted")
            layout.addWidget(head, 0, column, right)
            layout.setColumnStretch(column, 1)
            self._heads[key] = head
        for row, name in enumerate(ROWS, start=1):
            if name == "lot":
                layout.addWidget(self.lot, row, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self._names[name] = QLabel(self)
                layout.addWidget(self._names[name], row, 0)
            for column, key in enumerate(COLUMNS, start=1):
                value = QLabel(self)
                value.setObjectName(f"counter_{name}_{key}")
                layout.addWidget(value, row, column, right)
                self._values[name, key] = value

    def set_page_height(self, pixels: int) -> None:
        """Figures grow with the page."""
        self._page_height = pixels
        size = max(theme.px(13), round(pixels * 0.0185))
        for label in self._names.values():
            label.setStyleSheet(f"font-size: {size}px;")
        for head in self._heads.values():
            head.setStyleSheet(f"font-size: {max(theme.px(13), round(pixels * 0.0165))}px;")
        self.lot.setStyleSheet(
            f"QPushButton {{ font-size: {size}px; padding: 2px 8px; min-height: {size + 8}px; }}"
            "QPushButton:focus { padding: 1px 7px; }"
        )
        self._fit()

    def _fit(self) -> None:
        """Figures as large as the page's height asks for, but none is cut off."""
        names = max(self.lot.sizeHint().width(), self._names["shift"].sizeHint().width())
        gaps = 2 * _MARGIN + _GAP * len(COLUMNS)
        room = self.width() - names - gaps
        sizes = {row: self._page_height * share for row, share in _SHARES.items()}
        wanted = sum(self._column_width(key, sizes) for key in COLUMNS)
        scale = min(1.0, room / wanted) if wanted else 1.0
        fitted = {row: max(11, int(size * scale)) for row, size in sizes.items()}
        if fitted == self._fitted:
            return  # a new style costs more than a new number, and parts come often
        self._fitted = fitted
        for (row, _), value in self._values.items():
            value.setStyleSheet(f"font-size: {fitted[row]}px; font-weight: 600;")

    def _column_width(self, key: str, sizes: Mapping[str, float]) -> float:
        widths = [
            QFontMetricsF(theme.large_font(round(size), bold=True)).horizontalAdvance(
                self._values[row, key].text()
            )
            for row, size in sizes.items()
        ]
        return max(*widths, self._heads[key].sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot(object)
    def show_tallies(self, tallies: Tallies) -> None:
        """Shows these counters."""
        self._tallies = tallies
        titles = {"shift": self._names["shift"].text(), "total": self._names["total"].text()}
        titles["lot"] = self._lot_title()
        columns = self._column_titles()
        for row in ROWS:
            counters: Counters = getattr(tallies, row)
            no_lot = row == "lot" and not tallies.lot_name
            for key in COLUMNS:
                value = self._values[row, key]
                value.setText("–" if no_lot else _figure(counters, key))
                value.setAccessibleName(f"{titles[row]}, {columns[key]}: {value.text()}")
        self._name_lot()
        self._fit()

    def _lot_title(self) -> str:
        name = self._tallies.lot_name
        return self.tr("Lot {}").format(name) if name else self.tr("No lot")

    def _name_lot(self) -> None:
        title = self._lot_title()
        name = shortened(self._tallies.lot_name, _LONGEST_SHOWN)
        shown = self.tr("Lot {}").format(name) if name else title
        self.lot.setText(shown.replace("&", "&&"))
        self.lot.setAccessibleName(self.tr("{}: begin another lot").format(title))
        self.lot.setToolTip(self.tr("{}\nPress for a new lot (Ctrl+N)").format(title))

    def _column_titles(self) -> dict[str, str]:
        titles = {key: verdict_title(verdict) for key, verdict in _VERDICTS.items()}
        return {"total": self.tr("Parts"), **titles, "yield": self.tr("First-pass yield")}

    def retranslate(self) -> None:
        """Names and numbers in the current language."""
        for key, title in self._column_titles().items():
            head = self._heads[key]
            head.setToolTip(title)
            head.setAccessibleName(title)
        for key, text in (("total", self.tr("Parts")), ("yield", self.tr("Yield"))):
            head = self._heads[key]
            assert isinstance(head, QLabel)
            head.setText(text)
        self._names["shift"].setText(self.tr("Shift"))
        self._names["total"].setText(self.tr("Total"))
        self.setAccessibleName(self.tr("Counters of shift, lot and all parts"))
        self.setToolTip(
            self.tr(
                "Since the shift began, of the running lot, and of all parts in the log. "
                "First-pass yield: share of all parts that were OK at once."
            )
        )
        self.show_tallies(self._tallies)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def value(self, key: str, row: str = "shift") -> str:
        """Text of one figure, by its column: ``total``, ``ok``, … ``yield``."""
        return self._values[row, key].text()


def _figure(counters: Counters, key: str) -> str:
    if key == "yield":
        return percent(counters.first_pass_yield, 1)
    return count(int(getattr(counters, key)))
