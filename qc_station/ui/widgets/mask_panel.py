"""Tools, classes and regions beside the picture while an expert paints. Knows no part, no store."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.annotation import UNNAMED
from qc_station.ui.messages import class_title, count, percent
from qc_station.ui.models.mask_painter import LARGEST, SMALLEST, MaskPainter, Tool
from qc_station.ui.widgets.answer_panel import ClassEntry, KeyButton, class_key
from qc_station.ui.widgets.mask_colours import colour_of, index_of

TOOL_KEYS = {
    Tool.BRUSH: "B",
    Tool.ERASER: "X",
    Tool.POLYGON: "P",
    Tool.FILL: "F",
    Tool.MODEL: "R",
}
SLIDER_STEPS = 1000


class RegionList(QListWidget):
    """Only moves by arrows: every letter belongs to the page."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()


class MaskPanel(QWidget):
    """Shows the painter's state and changes it; every button has a key that does the same."""

    left = Signal()  # painting is done
    class_named = Signal(str)  # a new class

    def __init__(self, painter: MaskPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mask_panel")
        self._painter = painter
        self._classes: list[str] = []
        self._class_buttons: list[KeyButton] = []
        self._saved = QLabel(self)
        self._build()
        painter.state_changed.connect(self.show_state)
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    def offer(self, classes: list[str]) -> None:
        """The classes in the order of their digits."""
        self._classes = list(classes)
        while len(self._class_buttons) < len(classes):
            index = len(self._class_buttons)
            button = self._button(str(index + 1) if index < 9 else "", f"mask_class_{index + 1}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, at=index: self.choose_class(at + 1))
            self._class_list.addWidget(button)
            self._class_buttons.append(button)
        self._name_classes()
        self.show_state()

    def choose_class(self, digit: int) -> None:
        """The class with this digit, if there is one."""
        if 1 <= digit <= len(self._classes):
            self._painter.name(self._classes[digit - 1])
        self.show_state()

    def ask_new_class(self) -> None:
        """Opens the entry for a new name."""
        self._entry.clear()
        self._entry.show()
        self._entry.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def say_saved(self, text: str) -> None:
        """Whether all is kept."""
        self._saved.setText(text)

    @property
    def saved_text(self) -> str:
        """What is said of it."""
        return self._saved.text()

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def show_state(self) -> None:
        """Everything as the painter has it."""
        painter = self._painter
        for tool, button in self._tools.items():
            button.setChecked(painter.tool is tool)
        model = painter.tool is Tool.MODEL
        self._size_row.setVisible(not model)
        self._threshold_row.setVisible(model)
        with QSignalBlocker(self._size), QSignalBlocker(self._threshold):
            if size_of(self._size.value()) != painter.size:  # small sizes hold several places
                self._size.setValue(slider_of(painter.size))
            self._threshold.setValue(painter.threshold)
        self._size_value.setText(self.tr("{} px").format(count(painter.size)))
        self._threshold_value.setText(percent(painter.threshold / 255))
        name = class_title(painter.class_name)
        if painter.chosen is None:
            self._class_title.setText(self.tr("Next region: {}").format(name))
        else:
            self._class_title.setText(
                self.tr("Region {number}: {name}").format(number=painter.chosen, name=name)
            )
        for button, class_name in zip(self._class_buttons, self._classes, strict=False):
            button.setChecked(class_name == painter.class_name)
        annotation = painter.annotation
        self._undo.setEnabled(
            annotation is not None and (annotation.can_undo or bool(painter.corners))
        )
        self._redo.setEnabled(annotation is not None and annotation.can_redo)
        self._delete.setEnabled(painter.chosen is not None)
        self._another.setEnabled(painter.chosen is not None)
        self._close_shape.setEnabled(model or bool(painter.corners))
        self._list_regions()

    def retranslate(self) -> None:
        """Every text in the current language."""
        words = {
            Tool.BRUSH: self.tr("Brush"),
            Tool.ERASER: self.tr("Eraser"),
            Tool.POLYGON: self.tr("Polygon"),
            Tool.FILL: self.tr("Fill"),
            Tool.MODEL: self.tr("Model's region"),
        }
        for tool, button in self._tools.items():
            button.set_words(words[tool])
        self._close_shape.set_key(self.tr("Enter"))
        self._close_shape.set_words(self.tr("Accept"))
        self._done.set_key(self.tr("Esc"))
        self._done.set_words(self.tr("Done painting"))
        self._another.set_words(self.tr("Another region"))
        self._delete.set_key(self.tr("Del"))
        self._delete.set_words(self.tr("Delete"))
        self._undo.set_key(self.tr("Ctrl+Z"))
        self._undo.set_words(self.tr("Undo"))
        self._redo.set_key(self.tr("Ctrl+Shift+Z"))
        self._redo.set_words(self.tr("Redo"))
        self._new.set_words(self.tr("New defect class …"))
        self._entry.setPlaceholderText(self.tr("Name of the defect, then Enter"))
        self._entry.setAccessibleName(self.tr("Name of a new defect class"))
        self._size_words.setText(self.tr("Brush size"))
        self._size.setAccessibleName(self.tr("Brush size"))
        self._size.setToolTip(self.tr("Brush size ([ smaller, ] larger, Ctrl and wheel)"))
        self._threshold_words.setText(self.tr("From heat"))
        self._threshold.setAccessibleName(self.tr("Heat from which the model's region is taken"))
        self._threshold.setToolTip(
            self.tr("Heat from which the model's region is taken ([ less, ] more)")
        )
        self._regions.setAccessibleName(self.tr("Painted regions"))
        self._regions.setToolTip(self.tr("Painted regions (T: the next one)"))
        self._name_classes()
        self.show_state()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _list_regions(self) -> None:
        annotation = self._painter.annotation
        numbers = list(self._painter.regions)
        with QSignalBlocker(self._regions):
            while self._regions.count() > len(numbers):
                self._regions.takeItem(self._regions.count() - 1)
            for row, number in enumerate(numbers):
                assert annotation is not None
                if row == self._regions.count():
                    self._regions.addItem(QListWidgetItem())
                item = self._regions.item(row)
                name = annotation.class_of(number)
                item.setText(
                    self.tr("{number} · {name}").format(number=number, name=class_title(name))
                )
                item.setData(Qt.ItemDataRole.UserRole, number)
                item.setIcon(swatch(index_of(name, self._classes)))
            chosen = self._painter.chosen
            self._regions.setCurrentRow(numbers.index(chosen) if chosen in numbers else -1)

    def _name_classes(self) -> None:
        for button, name in zip(self._class_buttons, self._classes, strict=False):
            button.set_words(class_title(name))
            button.set_colour(colour_of(index_of(name, self._classes)).name())

    @Slot(int)
    def _row_chosen(self, row: int) -> None:
        if row >= 0:
            self._painter.choose(int(self._regions.item(row).data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _take_entry(self) -> None:
        name = class_key(self._entry.text())
        self._leave_entry()
        if name and name != UNNAMED:
            self.class_named.emit(name)

    @Slot()
    def _leave_entry(self) -> None:
        if not self._entry.isHidden():
            self._entry.hide()
            parent = self.parentWidget()
            if parent is not None:
                parent.setFocus()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        painter = self._painter
        self._tools: dict[Tool, KeyButton] = {}
        tools = QGridLayout()
        tools.setSpacing(6)
        for place, (tool, key) in enumerate(TOOL_KEYS.items()):
            button = self._button(key, f"mask_{tool.value}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, tool=tool: painter.take(tool))
            self._tools[tool] = button
            tools.addWidget(button, place // 2, place % 2)
        self._close_shape = self._button("Enter", "mask_accept")
        self._close_shape.clicked.connect(painter.finish)
        tools.addWidget(self._close_shape, 2, 1)
        self._size_row, self._size_words, self._size, self._size_value = self._slider_row(
            "mask_size", SLIDER_STEPS
        )
        self._size.valueChanged.connect(lambda value: painter.resize(size_of(value)))
        self._threshold_row, self._threshold_words, self._threshold, self._threshold_value = (
            self._slider_row("mask_threshold", 255)
        )
        self._threshold.setMinimum(1)
        self._threshold.valueChanged.connect(painter.set_threshold)
        self._undo = self._button("Ctrl+Z", "mask_undo")
        self._undo.clicked.connect(painter.undo)
        self._redo = self._button("Ctrl+Shift+Z", "mask_redo")
        self._redo.clicked.connect(painter.redo)
        self._another = self._button("A", "mask_another")
        self._another.clicked.connect(lambda: painter.choose(None))
        self._delete = self._button("Del", "mask_delete")
        self._delete.clicked.connect(painter.delete)
        self._done = self._button("Esc", "mask_done")
        self._done.clicked.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(tools)
        layout.addWidget(self._size_row)
        layout.addWidget(self._threshold_row)
        layout.addLayout(self._build_regions())
        layout.addWidget(self._build_classes(), 1)
        layout.addLayout(_row(self._undo, self._redo))
        layout.addLayout(_row(self._saved, self._done))

    def _build_regions(self) -> QVBoxLayout:
        self._regions = RegionList(self)
        self._regions.setObjectName("mask_regions")
        self._regions.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._regions.setMinimumHeight(44)
        self._regions.setMaximumHeight(70)
        self._regions.currentRowChanged.connect(self._row_chosen)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._regions)
        column.addLayout(_row(self._another, self._delete))
        return column

    def _build_classes(self) -> QWidget:
        self._class_title = QLabel(self)
        self._class_title.setObjectName("mask_class_title")
        self._class_title.setProperty("role", "muted")
        self._saved.setObjectName("mask_saved")
        self._saved.setProperty("role", "muted")
        self._new = self._button("N", "mask_new_class")
        self._new.clicked.connect(self.ask_new_class)
        self._entry = ClassEntry(self)
        self._entry.setObjectName("mask_class_entry")
        self._entry.setMinimumHeight(36)
        self._entry.setMaxLength(60)
        self._entry.hide()
        self._entry.returnPressed.connect(self._take_entry)
        self._entry.given_up.connect(self._leave_entry)
        self._class_list = QVBoxLayout()
        self._class_list.setSpacing(4)
        inner = QWidget(self)
        inner_layout = QVBoxLayout(inner)
        inner_layout.setContentsMargins(0, 0, 4, 0)
        inner_layout.setSpacing(4)
        inner_layout.addLayout(self._class_list)
        inner_layout.addWidget(self._new)
        inner_layout.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(44)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)  # setWidget switches it on
        whole = QWidget(self)
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._class_title)
        layout.addWidget(self._entry)
        layout.addWidget(scroll, 1)
        return whole

    def _slider_row(self, name: str, highest: int) -> tuple[QWidget, QLabel, QSlider, QLabel]:
        row = QWidget(self)
        words, value = QLabel(row), QLabel(row)
        slider = QSlider(Qt.Orientation.Horizontal, row)
        slider.setObjectName(name)
        slider.setRange(0, highest)
        slider.setSingleStep(max(1, highest // 60))
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        value.setMinimumWidth(56)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words)
        layout.addWidget(slider, 1)
        layout.addWidget(value)
        return row, words, slider, value

    def _button(self, key: str, name: str) -> KeyButton:
        button = KeyButton(key, self, compact=True)
        button.setObjectName(name)
        return button


def _row(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in (first, second):
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
        row.addWidget(widget, 1)
    return row


def swatch(index: int) -> QPixmap:
    """A small square of a class's colour."""
    pixmap = QPixmap(14, 14)
    pixmap.fill(colour_of(index))
    return pixmap


def size_of(value: int) -> int:
    """The brush size at a place of the slider: finer where brushes are small."""
    return round(SMALLEST + (LARGEST - SMALLEST) * (value / SLIDER_STEPS) ** 2)


def slider_of(size: int) -> int:
    """The slider's place of a brush size."""
    return round(SLIDER_STEPS * math.sqrt((size - SMALLEST) / (LARGEST - SMALLEST)))
