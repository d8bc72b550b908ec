"""Columns side by side, or one above the other where the letters are too large for that."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QBoxLayout, QLayoutItem, QWidget

_WAYS = QBoxLayout.Direction


class Columns(QBoxLayout):
    """A row that turns into a column when its parts do not fit beside each other."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(_WAYS.LeftToRight, parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def minimumSize(self) -> QSize:
        """As narrow as the widest part; as high as it is now."""
        width = max((item.minimumSize().width() for item in self._items()), default=0)
        edges = self.contentsMargins()
        width += edges.left() + edges.right()
        given = self.geometry().width()
        if given < width:  # not placed yet
            heights = [item.minimumSize().height() for item in self._items()]
            height = max(heights, default=0) + edges.top() + edges.bottom()
        else:
            height = self.minimumHeightForWidth(given)
        return QSize(width, height)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(width, least=False)

    def minimumHeightForWidth(self, width: int) -> int:
        return self._height(width, least=True)

    def setGeometry(self, rect: QRect) -> None:
        """Turns first, then places the parts."""
        way = _WAYS.LeftToRight if self._beside(rect.width()) else _WAYS.TopToBottom
        if way != self.direction():
            self.setDirection(way)
        super().setGeometry(rect)

    def _items(self) -> list[QLayoutItem]:
        found = (self.itemAt(index) for index in range(self.count()))
        return [item for item in found if item is not None and not item.isEmpty()]

    def _beside(self, width: int) -> bool:
        edges = self.contentsMargins()
        return self._least_width() + edges.left() + edges.right() <= width

    def _least_width(self) -> int:
        """Of all parts beside each other."""
        items = self._items()
        widths = sum(item.minimumSize().width() for item in items)
        return widths + self.spacing() * max(0, len(items) - 1)

    def _room(self, item: QLayoutItem, width: int, spare: int) -> int:
        """About the width that a part gets beside the others."""
        shares = [self.stretch(index) for index in range(self.count())]
        own = next(share for index, share in enumerate(shares) if self.itemAt(index) is item)
        least = item.minimumSize().width()
        if own == sum(shares):
            return least + spare
        return max(least, width * own // max(1, sum(shares)))

    def _height(self, width: int, *, least: bool) -> int:
        items, edges, beside = self._items(), self.contentsMargins(), self._beside(width)
        width -= edges.left() + edges.right()
        spare = width - self._least_width()
        heights = [
            _height_of(item, self._room(item, width, spare) if beside else width, least)
            for item in items
        ]
        between = self.spacing() * max(0, len(items) - 1)
        inside = max(heights, default=0) if beside else sum(heights) + between
        return inside + edges.top() + edges.bottom()


def _height_of(item: QLayoutItem, width: int, least: bool) -> int:
    if item.hasHeightForWidth():
        return item.heightForWidth(width)  # a QBoxLayout gives it no less
    return (item.minimumSize() if least else item.sizeHint()).height()
