"""Type a few letters, press Enter: every command of the window in one list. Shows what it gets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.ui import theme
from qc_station.ui.models.command_search import Command, found

WIDTH_PX = 640
ROW_PX = 46
ROWS = 9
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_COMMAND = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QDialog):
    """The field keeps the keyboard; arrows walk the list, Enter runs, Escape leaves."""

    def __init__(
        self,
        commands: list[Command],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("command_palette")
        self.setWindowTitle(self.tr("Command palette"))
        self._commands = commands
        self.field = QLineEdit(self)
        self.field.setObjectName("palette_field")
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Search commands"))
        self.field.setProperty("touch", True)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedSize(theme.px(WIDTH_PX), theme.px(ROW_PX) * ROWS + 6)
        self.list.itemClicked.connect(self._run)
        self.list.currentItemChanged.connect(self._tell)
        self.said = QLabel(self)
        self.said.setObjectName("palette_said")
        self.said.setProperty("role", "muted")
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(theme.px(40))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 8)
        for widget in (self.field, self.list, self.said):
            layout.addWidget(widget)
        self._search("")

    @property
    def current(self) -> Command | None:
        """The command that Enter would run."""
        item = self.list.currentItem()
        found: Command | None = item.data(_COMMAND) if item is not None else None
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that belong to the list while somebody types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return bool(super().eventFilter(watched, event))

    def _search(self, query: str) -> None:
        self.list.clear()
        for command in found(query, self._commands):
            item = QListWidgetItem(self.list)
            item.setData(_COMMAND, command)
            spoken = (command.name, command.place, command.keys, command.refusal)
            item.setText(", ".join(part for part in spoken if part))
        self.list.setCurrentRow(0)
        if not self.list.count():
            self.said.setText(self.tr("No command fits. Try fewer letters."))

    def _run(self) -> None:
        command = self.current
        if command is None or command.refusal:
            self._tell()  # stays open: the sentence says what to do first
            return
        self.accept()
        command.run()

    def _tell(self) -> None:
        command = self.current
        if command is not None:
            hint = self.tr("↑ ↓ choose · Enter runs · Esc closes")
            self.said.setText(command.refusal or hint)
            self.list.setAccessibleDescription(self.list.currentItem().text())


class _Delegate(QStyledItemDelegate):
    """Name and place on the left, keys on the right; what is refused is paler."""

    def __init__(self, shown: QListWidget) -> None:
        super().__init__(shown)
        self._list = shown

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        command = index.data(_COMMAND)
        row: QRect = option.rect
        painter.save()
        if index.row() == self._list.currentRow():
            painter.fillRect(row, QColor(theme.SELECTION))
        inside = row.adjusted(12, 0, -12, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(theme.TEXT_MUTED if command.refusal else theme.TEXT))
        painter.setFont(theme.large_font(theme.px(15)))
        name = f"✓ {command.name}" if command.checked else command.name
        room = inside.width() - theme.px(150)
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(inside, left, name)
        after = painter.fontMetrics().horizontalAdvance(name) + 12
        painter.setFont(theme.large_font(theme.px(13)))
        painter.setPen(QColor(theme.TEXT_MUTED))
        keys = painter.fontMetrics().horizontalAdvance(command.keys) + 12
        place = inside.adjusted(after, 0, -keys, 0)
        elided = painter.fontMetrics().elidedText(
            command.place, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, left, elided)
        painter.drawText(inside, right, command.keys)
        painter.restore()
