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
        return [item for item, _share in self._shares()]

    def _shares(self) -> list[tuple[QLayoutItem, int]]:
        """All parts that are shown, with their stretch."""
        found = ((self.itemAt(index), self.stretch(index)) for index in range(self.count()))
        return [(item, share) for item, share in found if item is not None and not item.isEmpty()]

    def _beside(self, width: int) -> bool:
        edges = self.contentsMargins()
        return self._least_width() + edges.left() + edges.right() <= width

    def _least_width(self) -> int:
        """Of all parts beside each other."""
        items = self._items()
        widths = sum(item.minimumSize().width() for item in items)
        return widths + self.spacing() * max(0, len(items) - 1)

    def _height(self, width: int, *, least: bool) -> int:
        shares, edges, beside = self._shares(), self.contentsMargins(), self._beside(width)
        width -= edges.left() + edges.right()
        spare = width - self._least_width()
        total = sum(share for _item, share in shares)
        heights = []
        for item, share in shares:
            room = item.minimumSize().width()
            if not beside:
                room = width
            elif share == total:
                room += spare
            else:
                room = max(room, width * share // total)
            heights.append(_height_of(item, room, least))
        between = self.spacing() * max(0, len(shares) - 1)
        inside = max(heights, default=0) if beside else sum(heights) + between
        return inside + edges.top() + edges.bottom()


def _height_of(item: QLayoutItem, width: int, least: bool) -> int:
    if item.hasHeightForWidth():
        return item.heightForWidth(width)  # a QBoxLayout gives it no less
    return (item.minimumSize() if least else item.sizeHint()).height()
