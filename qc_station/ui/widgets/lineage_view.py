"""Picture of which model came from which: oldest left, a line per branch. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from qc_station.domain.lineage import Node, Standing, lay_out, standing
from qc_station.domain.model_version import ModelVersion
from qc_station.ui import learning_words as words
from qc_station.ui import theme

STEP_PX, LANE_PX, RADIUS, MARGIN = 128, 52, 9, 54


def _step() -> int:
    """From one version to the next."""
    return theme.px(STEP_PX)


def _lane() -> int:
    """From one line of descent to the next."""
    return theme.px(LANE_PX)


class LineageView(QWidget):
    """Left and right choose a version, so does a click. A filled dot inspects, a ring with a dot
    has inspected, an empty ring never has."""

    chosen = Signal(object)  # ModelVersion

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lineage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._nodes: list[Node] = []
        self._current = -1

    @property
    def nodes(self) -> list[Node]:
        """What is drawn, oldest first."""
        return self._nodes

    def show_versions(self, versions: list[ModelVersion]) -> None:
        """Draws other versions."""
        current = self._nodes[self._current].version.model_id if self._current >= 0 else ""
        self._nodes = lay_out(versions)
        ids = [node.version.model_id for node in self._nodes]
        self._current = ids.index(current) if current in ids else -1
        self.setMinimumSize(self.sizeHint())
        self.resize(self.sizeHint())
        self.update()

    def choose(self, model_id: str) -> None:
        """Marks a version, without telling."""
        ids = [node.version.model_id for node in self._nodes]
        self._current = ids.index(model_id) if model_id in ids else -1
        self._scroll_to_current()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every column and lane."""
        columns = len(self._nodes)
        lanes = 1 + max((node.lane for node in self._nodes), default=0)
        return QSize(
            2 * theme.px(MARGIN) + _step() * max(1, columns - 1) + 30,
            24 + _lane() * lanes,
        )

    def retranslate(self) -> None:
        """Names in the current language."""
        self.setAccessibleName(self.tr("Lineage of the models"))
        self.setToolTip(
            self.tr("● in use   ◉ used before   ○ candidate – a line leads to what was made of it")
        )
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Grows with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_nodes"):
            self.setMinimumSize(self.sizeHint())
            self.resize(self.sizeHint())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines first, dots over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for node in self._nodes:
            if node.parent is not None:
                self._draw_line(painter, self._nodes[node.parent], node)
        for index, node in enumerate(self._nodes):
            self._draw_node(painter, node, index == self._current)
        if not self._nodes:
            painter.setPen(QColor(theme.TEXT_MUTED))
            text = self.tr("Nothing has been taught yet.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left: older, right: newer."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif self._nodes:
            self._choose_index(max(0, min(len(self._nodes) - 1, self._current + step)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses the dot that was pressed, or whose words were."""
        for index, node in enumerate(self._nodes):
            box = QRectF(-_step() / 2, -RADIUS - 4, _step(), _lane()).translated(self._place(node))
            if box.contains(event.position()):
                self._choose_index(index)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def _choose_index(self, index: int) -> None:
        self._current = index
        self._scroll_to_current()
        self.update()
        self.chosen.emit(self._nodes[index].version)

    def _scroll_to_current(self) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if self._current >= 0 and isinstance(area, QScrollArea):
            place = self._place(self._nodes[self._current])
            area.ensureVisible(round(place.x()), round(place.y()), _step(), _lane())

    def _place(self, node: Node) -> QPointF:
        return QPointF(
            theme.px(MARGIN) + 15 + node.column * _step(),
            24 + node.lane * _lane(),
        )

    def _draw_line(self, painter: QPainter, parent: Node, child: Node) -> None:
        begin, end = self._place(parent), self._place(child)
        path = QPainterPath(begin)
        if parent.lane == child.lane:
            path.lineTo(end)
        else:
            bend = QPointF(begin.x() + _step() * 0.4, end.y())
            path.cubicTo(QPointF(begin.x() + _step() * 0.3, begin.y()), bend, bend)
            path.lineTo(end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.BORDER_STRONG), 2))
        painter.drawPath(path)

    def _draw_node(self, painter: QPainter, node: Node, current: bool) -> None:
        place, kind = self._place(node), standing(node.version)
        if current:
            colour = theme.FOCUS if self.hasFocus() else theme.BORDER_STRONG
            painter.setPen(QPen(QColor(colour), 2))
            painter.setBrush(QColor(theme.SELECTION))
            box = QRectF(
                -_step() / 2 + 4,
                -RADIUS - 8,
                _step() - 8,
                _lane() + 10,
            )
            painter.drawRoundedRect(box.translated(place), 6, 6)
        painter.setPen(QPen(QColor(theme.TEXT), 2))
        filled = kind is Standing.ACTIVE
        painter.setBrush(QColor(theme.TEXT if filled else theme.RAISED))
        painter.drawEllipse(place, RADIUS, RADIUS)
        if kind is Standing.EARLIER:
            painter.setBrush(QColor(theme.TEXT))
            painter.drawEllipse(place, 2.5, 2.5)
        font = self.font()
        font.setBold(filled)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        for line, text in enumerate(
            (node.version.short_name, words.version_date(node.version).split(" ")[0])
        ):
            painter.setPen(QColor(theme.TEXT if line == 0 else theme.TEXT_MUTED))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _step() - 12)
            box = QRectF(
                -_step() / 2,
                RADIUS + 2 + line * theme.px(16),
                _step(),
                theme.px(18),
            ).translated(place)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, shown)
            font.setBold(False)
            painter.setFont(font)
