"""The daily backup as a form: hour, how many are kept, what is in it, when to warn. No services."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QSpinBox, QWidget

from qc_station.domain.backup import BackupPlan


class BackupPlanForm(QFrame):
    """Emits the whole plan whenever somebody changes a field."""

    changed = Signal(object)  # BackupPlan

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._plan = BackupPlan()
        self._showing = False
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.daily = QCheckBox(self)
        self.daily.setObjectName("backup_daily")
        self.pictures = QCheckBox(self)
        self.pictures.setObjectName("backup_daily_pictures")
        self.hour = self._spin("backup_hour", 0, 23)
        self.keep = self._spin("backup_keep", 1, 365)
        self.warn = self._spin("backup_warn", 0, 365)
        self._labels = {spin: QLabel(self) for spin in (self.hour, self.keep, self.warn)}
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(6)
        layout.addWidget(self._title, 0, 0, 1, 2)
        layout.addWidget(self.daily, 1, 0, 1, 2)
        layout.addWidget(self.pictures, 2, 0, 1, 2)
        for row, (spin, label) in enumerate(self._labels.items(), start=3):
            label.setBuddy(spin)
            layout.addWidget(label, row, 0)
            layout.addWidget(spin, row, 1)
        layout.setColumnStretch(0, 1)
        for box in (self.daily, self.pictures):
            box.toggled.connect(self._tell)
        self.retranslate()

    def show_plan(self, plan: BackupPlan) -> None:
        """Shows another plan."""
        self._plan, self._showing = plan, True
        self.daily.setChecked(plan.daily)
        self.pictures.setChecked(plan.pictures)
        self.hour.setValue(plan.hour)
        self.keep.setValue(plan.keep)
        self.warn.setValue(plan.warn_days)
        self._showing = False
        self._enable()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Daily backup"))
        self.daily.setText(self.tr("Back up every day"))
        self.pictures.setText(self.tr("With all pictures (large)"))
        self._labels[self.hour].setText(self.tr("At"))
        self.hour.setSuffix(self.tr(":00"))
        self._labels[self.keep].setText(self.tr("Keep the newest"))
        self._labels[self.warn].setText(self.tr("Warn when the newest is older than"))
        self.warn.setSuffix(self.tr(" days"))
        self.warn.setSpecialValueText(self.tr("never warn"))
        self.daily.setAccessibleName(self.daily.text())
        self.pictures.setAccessibleName(self.pictures.text())
        self.hour.setAccessibleName(self.tr("Hour of the daily backup"))
        self.keep.setAccessibleName(self.tr("Number of daily backups that are kept"))
        self.warn.setAccessibleName(self.tr("Days until a warning"))

    def _spin(self, name: str, low: int, high: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setRange(low, high)
        spin.setKeyboardTracking(False)
        spin.setMinimumHeight(34)
        spin.setMinimumWidth(120)
        spin.valueChanged.connect(self._tell)
        return spin

    def _tell(self) -> None:
        if self._showing:
            return
        self._enable()
        self.changed.emit(
            BackupPlan(
                self.daily.isChecked(), self.hour.value(), self.keep.value(), self._plan.folder,
                self.warn.value(), self.pictures.isChecked(),
            )
        )  # fmt: skip

    def _enable(self) -> None:
        for widget in (self.pictures, self.hour, self.keep):
            widget.setEnabled(self.daily.isChecked())
