"""Form of a recipe: camera and pace, model and limits, defect names, pictures. No services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.model_version import ModelVersion
from qc_station.domain.recipe import Limits, Recipe, Storage
from qc_station.domain.recipe_fields import RANGES, Keep
from qc_station.domain.triggers import TriggerMode
from qc_station.ui import learning_words
from qc_station.ui import recipe_words as words
from qc_station.ui.widgets.class_table import ClassTable
from qc_station.ui.widgets.optional_spin import OptionalSpin

LABEL_PX, FIELD_PX = 150, 34


class RecipeForm(QWidget):
    """Shows a recipe; ``changes`` is what the fields say. Limits are shown and kept as they are."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: Limits | None = None
        self._versions: Sequence[ModelVersion] = ()
        self._filling = False
        self.camera = QLineEdit(self)
        self.camera.setObjectName("recipe_camera")
        self.trigger = self._combo("recipe_trigger", [None, *TriggerMode])
        self.interval = self._spin("interval_ms", 50, words.milliseconds)
        self.deadline = self._spin("deadline_ms", 50, words.milliseconds)
        self.stop_after = self._spin("stop_after_ng", 1, words.stop_words)
        self.model = self._combo("recipe_model", [None])
        self.limits_text = QLabel(self)
        self.limits_text.setWordWrap(True)
        self.keep = self._combo("recipe_keep", list(Keep))
        low, high = RANGES["every"]
        self.every = OptionalSpin(low, high, 1, self._every_words, lambda: "–", self)
        self.every.setMinimum(low)
        self.every.setObjectName("recipe_every")
        low, high = RANGES["days"]
        self.days = OptionalSpin(
            low, high, 1, words.days_words, lambda: words.days_words(None), self
        )
        self.days.setObjectName("recipe_days")
        self.classes = ClassTable(self)
        self._labels: dict[QWidget, QLabel] = {}
        self._build()
        self._connect()
        self.retranslate()

    def show_recipe(self, recipe: Recipe, versions: Sequence[ModelVersion]) -> None:
        """Fills the fields; ``versions`` are the product's models, newest first."""
        self._filling = True
        self._versions = versions
        self._limits = recipe.limits
        self.camera.setText(recipe.camera)
        self.camera.setCursorPosition(0)
        self._choose(self.trigger, recipe.trigger)
        self.interval.set_number(recipe.interval_ms)
        self.deadline.set_number(recipe.deadline_ms)
        self.stop_after.set_number(recipe.stop_after_ng)
        self._fill_models(recipe.model_id)
        self._choose(self.keep, recipe.storage.keep)
        self.every.setValue(recipe.storage.every)
        self.days.set_number(recipe.storage.days)
        used = next((v for v in versions if v.model_id == recipe.model_id), None)
        used = used or next((v for v in versions if v.active), None)
        self.classes.show_classes(recipe.classes, used.classes if used is not None else ())
        self._filling = False
        self.retranslate()

    def changes(self) -> dict[str, Any]:
        """Field → value, for ``RecipeService.revise``; RecipeError for what cannot be."""
        trigger = self.trigger.currentData()  # Qt keeps an enum as its text
        return {
            "camera": self.camera.text().strip(),
            "trigger": TriggerMode(trigger) if trigger is not None else None,
            "interval_ms": self.interval.number,
            "deadline_ms": self.deadline.number,
            "stop_after_ng": self.stop_after.number,
            "model_id": self.model.currentData(),
            "classes": self.classes.classes(),
            "storage": Storage(Keep(self.keep.currentData()), self.every.value(), self.days.number),
        }

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._filling = True
        for title, text in zip(
            self._titles,
            (
                self.tr("Camera and pace"), self.tr("Model and limits"),
                self.tr("Pictures"), self.tr("Defect names"),
            ),
            strict=True,
        ):  # fmt: skip
            title.setText(text)
        for widget, text in (
            (self.camera, self.tr("&Camera")), (self.trigger, self.tr("&Trigger")),
            (self.interval, self.tr("&Interval")), (self.deadline, self.tr("&Deadline")),
            (self.stop_after, self.tr("Stop after &NG in a row")),
            (self.model, self.tr("&Model")), (self.limits_text, self.tr("Limits")),
            (self.keep, self.tr("&Keep pictures")), (self.every, self.tr("&OK parts")),
            (self.days, self.tr("Delete &after")),
        ):  # fmt: skip
            self._labels[widget].setText(text)
            widget.setAccessibleName(text.replace("&", ""))
        self.camera.setToolTip(
            self.tr("For example opencv:0, rtsp://…, folder:/pictures, video:/film.mp4")
        )
        self.days.setToolTip(
            self.tr("Pictures of parts that were answered or painted, or wait for review, stay.")
        )
        for index in range(self.trigger.count()):
            mode = self.trigger.itemData(index)
            text = (
                words.station_setting() if mode is None else words.trigger_title(TriggerMode(mode))
            )
            self.trigger.setItemText(index, text)
        for index in range(self.keep.count()):
            self.keep.setItemText(index, words.keep_title(Keep(self.keep.itemData(index))))
        for index in range(self.model.count()):
            self.model.setItemText(index, self._model_words(self.model.itemData(index)))
        for spin in (self.interval, self.deadline, self.stop_after, self.every, self.days):
            spin.retranslate()
        self.limits_text.setText(words.limits_words(self._limits))
        self.classes.retranslate()
        self._show_every()
        self._filling = False

    # ---- inside ---------------------------------------------------------------------------

    def _combo(self, name: str, values: Sequence[object]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(18)
        for value in values:
            box.addItem("", value)
        return box

    def _spin(self, name: str, step: int, text: Any) -> OptionalSpin:
        low, high = RANGES[name]
        spin = OptionalSpin(low, high, step, text, words.station_setting, self)
        spin.setObjectName(f"recipe_{name}")
        return spin

    def _every_words(self, value: int) -> str:
        return self.tr("one in {}").format(value)

    def _build(self) -> None:
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.camera, self.trigger, self.interval, self.deadline, self.stop_after),
            (self.model, self.limits_text),
            (self.keep, self.every, self.days),
        )
        boxes = [QFrame(self) for _ in range(4)]
        self._titles = [QLabel(self) for _ in boxes]
        columns = []
        for box, title in zip(boxes, self._titles, strict=True):
            box.setProperty("role", "card")
            title.setStyleSheet("font-weight: 600;")
            column = QVBoxLayout(box)
            column.setContentsMargins(14, 8, 14, 10)
            column.setSpacing(6)
            column.addWidget(title)
            columns.append(column)
        for column, fields in zip(columns[:3], rows, strict=True):
            form = QFormLayout()
            form.setVerticalSpacing(5)
            form.setHorizontalSpacing(10)
            form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            column.addLayout(form)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            for field in fields:
                label = QLabel(self)
                label.setBuddy(field)
                label.setMinimumSize(LABEL_PX, FIELD_PX)
                self._labels[field] = label
                form.addRow(label, field)
        columns[3].addWidget(self.classes, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        for box in boxes[:3]:
            left.addWidget(box)
        left.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(left, 1)
        layout.addWidget(boxes[3], 1)

    def _connect(self) -> None:
        self.camera.textChanged.connect(self._on_change)
        self.classes.changed.connect(self._on_change)
        for box in (self.trigger, self.model, self.keep):
            box.currentIndexChanged.connect(self._on_change)
        for spin in (self.interval, self.deadline, self.stop_after, self.every, self.days):
            spin.valueChanged.connect(self._on_change)

    def _on_change(self) -> None:
        if not self._filling:
            self._show_every()
            self.changed.emit()

    def _show_every(self) -> None:
        self.every.setEnabled(self.keep.currentData() == Keep.SAMPLED)

    def _choose(self, box: QComboBox, value: object) -> None:
        box.setCurrentIndex(next((i for i in range(box.count()) if box.itemData(i) == value), 0))

    def _fill_models(self, pinned: str | None) -> None:
        self.model.clear()
        ids = [version.model_id for version in self._versions]
        if pinned is not None and pinned not in ids:
            ids.append(pinned)
        for model_id in (None, *ids):
            self.model.addItem("", model_id)
        self._choose(self.model, pinned)

    def _model_words(self, model_id: str | None) -> str:
        if model_id is None:
            return self.tr("the active one")
        version = next((v for v in self._versions if v.model_id == model_id), None)
        if version is None:
            return self.tr("{} (not on this station)").format(model_id)
        return f"{version.short_name} · {learning_words.version_date(version)}"
