"""Old and new model side by side, better and worse by word and shape. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from qc_station.domain.learning import Change, ComparisonRow
from qc_station.ui import learning_words as words
from qc_station.ui import theme
from qc_station.ui.messages import count


class ChangeSign(QWidget):
    """Triangle up: better; triangle down: worse; two lines: same; a dot: not known."""

    def __init__(self, change: Change, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._change = change
        self.setFixedSize(QSize(18, 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shapes first, colour second."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._change is Change.BETTER:
            painter.setBrush(QColor(theme.OK_SIGN))
            top = QPointF(box.center().x(), box.top())
            painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
        elif self._change is Change.WORSE:
            painter.setBrush(QColor(theme.NG_SIGN))
            bottom = QPointF(box.center().x(), box.bottom())
            painter.drawPolygon(QPolygonF([box.topLeft(), box.topRight(), bottom]))
        elif self._change is Change.SAME:
            painter.setPen(QPen(QColor(theme.TEXT_MUTED), 2))
            for part in (0.35, 0.65):
                y = box.top() + box.height() * part
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        else:
            painter.setBrush(QColor(theme.TEXT_MUTED))
            painter.drawEllipse(box.center(), 2.5, 2.5)
        painter.end()


class ComparisonTable(QFrame):
    """One row per figure: name, old, new, change, held-out parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison_table")
        self._rows: tuple[ComparisonRow, ...] = ()
        self._names = ("", "")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 2)

    def show_rows(self, rows: tuple[ComparisonRow, ...], old: str = "", new: str = "") -> None:
        """Shows other figures; ``old`` and ``new`` name the models, if they are not the one in
        use and the new one."""
        self._rows, self._names = rows, (old, new)
        self.retranslate()

    def texts(self) -> list[list[str]]:
        """Cells that are shown, row by row, without the head."""
        found = []
        for row in range(1, len(self._rows) + 1):
            cells = [self._grid.itemAtPosition(row, column) for column in range(6)]
            widgets = [cell.widget() for cell in cells if cell is not None]
            found.append([w.text() for w in widgets if isinstance(w, QLabel)])
        return found

    def retranslate(self) -> None:
        """Every cell again in the current language."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        heads = (
            self.tr("On the same held-out parts"),
            self._names[0] or self.tr("Model in use"),
            self._names[1] or self.tr("New model"),
            "",
            self.tr("Change"),
            self.tr("Parts"),
        )
        for column, text in enumerate(heads):
            self._grid.addWidget(self._label(text, role="muted"), 0, column)
        for number, row in enumerate(self._rows, start=1):
            self._fill(number, row)
        self.setAccessibleName(
            self.tr("Comparison of two models")
            if all(self._names)
            else self.tr("Comparison of the model in use and the new model")
        )

    def _fill(self, place: int, row: ComparisonRow) -> None:
        self._grid.addWidget(self._label(words.measure_title(row.metric)), place, 0)
        if row.change is Change.UNKNOWN:
            self._grid.addWidget(self._label(words.too_few(row), role="muted"), place, 1, 1, 2)
        else:
            self._grid.addWidget(self._label(words.figure(row.metric, row.old)), place, 1)
            self._grid.addWidget(
                self._label(words.figure(row.metric, row.new), bold=True), place, 2
            )
        self._grid.addWidget(ChangeSign(row.change, self), place, 3)
        self._grid.addWidget(self._label(words.change_word(row.change)), place, 4)
        self._grid.addWidget(self._label(count(row.n)), place, 5)

    def _label(self, text: str, *, role: str = "", bold: bool = False) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        if role:
            label.setProperty("role", role)
        if bold:
            font = label.font()
            font.setBold(True)
            label.setFont(font)
        return label
