"""Model versions of one product as a table. Knows no services."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from qc_station.domain.model_version import ModelVersion
from qc_station.ui import learning_words as words
from qc_station.ui.messages import number


class VersionColumn(IntEnum):
    """Columns of the version table, in their order."""

    STATE = 0
    NAME = 1
    DATE = 2
    PICTURES = 3
    OK_LIMIT = 4
    NG_LIMIT = 5
    PARENT = 6


class VersionModel(QAbstractTableModel):
    """Newest first, as the library gives them."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._versions: list[ModelVersion] = []

    def show_versions(self, versions: list[ModelVersion]) -> None:
        """Shows other versions."""
        self.beginResetModel()
        self._versions = versions
        self.endResetModel()

    def version(self, row: int) -> ModelVersion | None:
        """The version in a row."""
        return self._versions[row] if 0 <= row < len(self._versions) else None

    def row_of(self, model_id: str) -> int | None:
        """Where a version stands."""
        ids = [version.model_id for version in self._versions]
        return ids.index(model_id) if model_id in ids else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """All versions."""
        return 0 if parent is not None and parent.isValid() else len(self._versions)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """As many as VersionColumn has."""
        return 0 if parent is not None and parent.isValid() else len(VersionColumn)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text; the active version in bold and with a mark."""
        version = self.version(index.row()) if index.isValid() else None
        if version is None:
            return None
        column = VersionColumn(index.column())
        if role == Qt.ItemDataRole.FontRole and version.active:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column in (VersionColumn.OK_LIMIT, VersionColumn.NG_LIMIT)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return version.model_id
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            VersionColumn.STATE: self.tr("● in use") if version.active else "",
            VersionColumn.NAME: version.short_name,
            VersionColumn.DATE: words.version_date(version),
            VersionColumn.PICTURES: words.version_pictures(version),
            VersionColumn.OK_LIMIT: number(version.ok_limit),
            VersionColumn.NG_LIMIT: number(version.ng_limit),
            VersionColumn.PARENT: version.parent.rsplit("-", 1)[-1] if version.parent else "–",
        }[column]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section in (VersionColumn.OK_LIMIT, VersionColumn.NG_LIMIT)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            VersionColumn.STATE: self.tr("State"),
            VersionColumn.NAME: self.tr("Model"),
            VersionColumn.DATE: self.tr("Taught"),
            VersionColumn.PICTURES: self.tr("Pictures"),
            VersionColumn.OK_LIMIT: self.tr("OK up to"),
            VersionColumn.NG_LIMIT: self.tr("NG above"),
            VersionColumn.PARENT: self.tr("Made from"),
        }[VersionColumn(section)]

    def retranslate(self) -> None:
        """Every text again in the new language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(VersionColumn) - 1)
        if self._versions:
            last = self.index(len(self._versions) - 1, len(VersionColumn) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
