"""Splitters and table columns of a window as texts for the settings. Knows no page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QSplitter, QTableView, QWidget

Part = QSplitter | QHeaderView


def save_layout(window: QWidget) -> tuple[str, ...]:
    """One text, ``name:base64``, for each named splitter and table below the window."""
    return tuple(
        f"{name}:{base64.b64encode(part.saveState().data()).decode('ascii')}"
        for name, part in _parts(window)
    )


def restore_layout(window: QWidget, texts: Sequence[str]) -> int:
    """Puts splitters and columns where they were; how many. What does not fit is left alone."""
    kept = dict(text.split(":", 1) for text in texts if ":" in text)
    restored = 0
    for name, part in _parts(window):
        data = QByteArray.fromBase64(kept.get(name, "").encode("ascii", "ignore"))
        if not data.isEmpty():
            restored += part.restoreState(data)
    return restored


def _parts(window: QWidget) -> Iterator[tuple[str, Part]]:
    for splitter in window.findChildren(QSplitter):
        if splitter.objectName():
            yield splitter.objectName(), splitter
    for table in window.findChildren(QTableView):
        if table.objectName():
            header = table.horizontalHeader()
            # The state of a table with other columns is of no use after an update.
            yield f"{table.objectName()}.{header.count()}", header
