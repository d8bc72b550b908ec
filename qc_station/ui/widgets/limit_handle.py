"""The grip of one limit above the plot: dragged by mouse, moved by arrow keys. Knows no scores."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.messages import number
from qc_station.ui.models.limits_view import FINE

HEIGHT_PX = 30
TIP_PX = 8
PADDING_PX = 10
COARSE_STEPS = 10


class LimitHandle(QWidget):
    """A flag with its tip at the limit; the OK limit's lies left of it, the NG limit's right, as
    far as there is room.

    ``stepped`` carries a number of steps (a fraction with Shift), ``dragged`` where the limit is
    wanted, as x in the parent's coordinates.
    """

    stepped = Signal(float)
    dragged = Signal(float)

    def __init__(self, verdict: Verdict, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"limit_{verdict.value.lower()}")
        self._left = verdict is Verdict.OK
        self._colour = QColor(theme.VERDICT_COLOURS[verdict].sign)
        self._words = ""
        self._grip = 0.0
        self._tip = 0.0  # where the limit is, from the left edge
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def say(self, name: str, sign: str, value: float, decimals: int) -> None:
        """``name`` is read out with the value, ``sign`` stands before it on the flag."""
        shown = number(value, decimals)
        self._words = f"{sign} {shown}"
        self.setAccessibleName(f"{name}: {shown}")
        self.resize(self.sizeHint())
        self.update()

    def place(self, x: float) -> None:
        """Puts the tip to ``x`` in the parent's coordinates."""
        parent = self.parentWidget()
        room = parent.width() - self.width() if parent is not None else 0
        left = min(max(0.0, x - self.width() if self._left else x), max(0.0, float(room)))
        self.move(round(left), 0)
        self._tip = x - round(left)
        self.update()

    def _limit(self) -> float:
        return self.x() + self._tip

    @property
    def words(self) -> str:
        """What stands on the flag."""
        return self._words

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words) + 2 * PADDING_PX
        return QSize(width, HEIGHT_PX)

    # ---- keyboard and mouse ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move by a step, with Shift by a tenth of one; the page keys by ten."""
        steps = {
            Qt.Key.Key_Left: -1.0, Qt.Key.Key_Down: -1.0,
            Qt.Key.Key_Right: 1.0, Qt.Key.Key_Up: 1.0,
            Qt.Key.Key_PageDown: -COARSE_STEPS, Qt.Key.Key_PageUp: COARSE_STEPS,
        }  # fmt: skip
        found = steps.get(Qt.Key(event.key()))
        if found is None:
            super().keyPressEvent(event)
            return
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.stepped.emit(found / FINE if fine else found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the mouse while its button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position()).x() + self._grip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold where the mouse is: the limit keeps its distance from it."""
        self._grip = self._limit() - self.mapToParent(event.position()).x()

    # ---- drawing --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5 - TIP_PX)
        tip = min(max(self._tip, body.left()), body.right())
        flag = [
            body.topLeft(), body.topRight(), body.bottomRight(),
            QPointF(min(tip + TIP_PX, body.right()), body.bottom()), QPointF(tip, self.height()),
            QPointF(max(tip - TIP_PX, body.left()), body.bottom()), body.bottomLeft(),
        ]  # fmt: skip
        painter.setPen(QPen(QColor(theme.FOCUS if self.hasFocus() else theme.BORDER_STRONG), 2.0))
        painter.setBrush(QColor(theme.RAISED))
        painter.drawPolygon(QPolygonF(flag))
        painter.setPen(self._colour.darker(115))
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self._words)

    def focusInEvent(self, event: object) -> None:
        """Lies on top of the other one."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.raise_()
