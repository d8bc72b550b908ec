"""The colleagues who can be asked about a part. Knows names, no users."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget


class ColleagueMenu(QMenu):
    """``chosen`` carries a name; the own one means that nobody is asked any more."""

    chosen = Signal(str)

    def __init__(
        self, names: Sequence[str], me: str, *, asked: bool, parent: QWidget | None = None
    ) -> None:
        """``asked``: whether I have asked somebody about this part."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("review_colleagues")
        for name in names:
            self._add(self.tr("Ask {}").format(name), name)
        if asked:
            self._add(self.tr("Ask nobody any more"), me)

    def open_above(self, widget: QWidget) -> None:
        """Where the button is that asked for it, with the keyboard on the first name."""
        self.popup(widget.mapToGlobal(QPoint(0, -self.sizeHint().height())))
        self.setActiveAction(self.actions()[0])

    def _add(self, text: str, name: str) -> None:
        action = self.addAction(text)
        action.triggered.connect(lambda _checked=False: self.chosen.emit(name))
