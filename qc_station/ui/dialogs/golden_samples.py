"""The maintainer's list of golden samples: add, expectation, score band, times, remove. No SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.golden import MOST_HOURS, GoldenSample, GoldenSet
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.permits import Permits
from qc_station.ui.golden_words import band_words
from qc_station.ui.messages import error_sentence, number, verdict_title
from qc_station.ui.models.history_model import local_time
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.toast import Toast

ROW_PX = 40
HIGHEST_SCORE = 1e6
KNOWN = (Verdict.OK, Verdict.NG)


class GoldenSamplesDialog(QDialog):
    """Samples on the left, the chosen one on the right. Every change is a revision at once."""

    def __init__(
        self,
        samples: GoldenSamples,
        recipe: str,
        parts: Sequence[Inspection],
        permits: Permits,
        parent: QWidget | None = None,
    ) -> None:
        """``parts`` may become samples: the one looked at in History first, then the newest."""
        super().__init__(parent)
        self.setObjectName("golden_samples_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._samples = samples
        self._recipe = recipe
        self._parts = tuple(parts)
        self._permits = permits
        self._golden = GoldenSet()
        self._build()
        self._connect()
        self.retranslate()
        self._read("")

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = QLabel(self)
        self.title.setProperty("role", "title")
        self.table = QTableWidget(0, 4, self)
        self.table.setObjectName("golden_table")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.empty = QLabel(self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.part = QComboBox(self)
        self.part.setObjectName("golden_part")
        self.part.setMinimumContentsLength(20)
        self.name = QLineEdit(self)
        self.name.setObjectName("golden_name")
        self.name.setMaxLength(40)
        self.add = QPushButton(self)
        self.add.setObjectName("golden_add")
        self.interval = QSpinBox(self)
        self.interval.setObjectName("golden_interval")
        self.interval.setRange(0, MOST_HOURS)
        self.interval.setKeyboardTracking(False)
        self.shift = QCheckBox(self)
        self.shift.setObjectName("golden_shift")
        self._part_label, self._name_label = QLabel(self), QLabel(self)
        self._interval_label = QLabel(self)
        pairs = ((self._part_label, self.part), (self._name_label, self.name))
        self._interval_label.setBuddy(self.interval)
        adding = QGridLayout()
        for row, (label, field) in enumerate(pairs):
            label.setBuddy(field)
            adding.addWidget(label, row, 0)
            adding.addWidget(field, row, 1)
        adding.addWidget(self.add, 1, 2)
        adding.setColumnStretch(1, 1)
        times = QHBoxLayout()
        times.addWidget(self._interval_label)
        times.addWidget(self.interval)
        times.addSpacing(20)
        times.addWidget(self.shift)
        times.addStretch(1)
        self.toast = Toast(self)
        self.close_button = QPushButton(self)
        self.close_button.setObjectName("golden_close")
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addWidget(self.empty)
        left.addLayout(adding)
        left.addLayout(times)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 3)
        columns.addLayout(self._build_form(), 2)
        foot = QHBoxLayout()
        foot.addWidget(self.toast, 1)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.title)
        layout.addLayout(columns, 1)
        layout.addLayout(foot)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.resize(1080, 680)

    def _build_form(self) -> QVBoxLayout:
        self.canvas = PictureCanvas(self)
        self.canvas.setMinimumSize(280, 210)
        self.expected = QComboBox(self)
        self.expected.setObjectName("golden_expected")
        for verdict in KNOWN:
            self.expected.addItem(verdict_title(verdict), verdict)
        self.low, self.high = QDoubleSpinBox(self), QDoubleSpinBox(self)
        for box, name in ((self.low, "golden_low"), (self.high, "golden_high")):
            box.setObjectName(name)
            box.setDecimals(4)
            box.setRange(-HIGHEST_SCORE, HIGHEST_SCORE)
            box.setSingleStep(0.05)
        self.model = QLabel(self)
        self.model.setProperty("role", "muted")
        self.model.setWordWrap(True)
        self.save = QPushButton(self)
        self.save.setObjectName("golden_save")
        self.remove = QPushButton(self)
        self.remove.setObjectName("golden_remove")
        self._expected_label, self._low_label, self._high_label = (QLabel(self) for _ in range(3))
        grid = QGridLayout()
        rows = (
            (self._expected_label, self.expected), (self._low_label, self.low),
            (self._high_label, self.high),
        )  # fmt: skip
        for row, (title, widget) in enumerate(rows):
            title.setBuddy(widget)
            grid.addWidget(title, row, 0)
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        form = QVBoxLayout()
        form.addWidget(self.canvas, 1)
        form.addLayout(grid)
        form.addWidget(self.model)
        form.addLayout(buttons)
        return form

    def _connect(self) -> None:
        self.table.currentCellChanged.connect(self._on_row)
        self.add.clicked.connect(self.add_part)
        self.name.returnPressed.connect(self.add_part)
        self.save.clicked.connect(self.save_sample)
        self.remove.clicked.connect(self.remove_sample)
        self.interval.valueChanged.connect(self._on_times)
        self.shift.toggled.connect(self._on_times)
        self.close_button.clicked.connect(self.accept)
        self._permits.changed.connect(self._on_permits)

    # ---- what is pressed ------------------------------------------------------------------

    @property
    def chosen(self) -> GoldenSample | None:
        """The sample that the form shows."""
        row = self.table.currentRow()
        found = self._golden.samples
        return found[row] if 0 <= row < len(found) else None

    @Slot()
    def add_part(self) -> None:
        """The chosen part becomes a sample; what the machine said of it is expected."""
        part, name = self.part.currentData(), self.name.text()
        if part is None:
            self._say(self.tr("Inspect the sample first, then add it here."))
            return
        expected = Verdict.OK if part.verdict is Verdict.OK else Verdict.NG
        if self._ask(lambda: self._samples.add(self._recipe, part, name, expected)):
            self.name.clear()
            self._read(name.strip())
            self._say(self.tr("{} has been added.").format(name.strip()))

    @Slot()
    def save_sample(self) -> None:
        """Another expectation or band of the chosen sample."""
        sample = self.chosen
        if sample is None:
            return
        expected = Verdict(self.expected.currentData())  # Qt keeps the text of an enum
        low, high = self.low.value(), self.high.value()
        change = self._samples.change
        if self._ask(lambda: change(self._recipe, sample.name, expected, low, high)):
            self._read(sample.name)
            self._say(self.tr("{} has been saved.").format(sample.name))

    @Slot()
    def remove_sample(self) -> None:
        """The chosen sample is not checked any more."""
        sample = self.chosen
        if sample is None:
            return
        if self._ask(lambda: self._samples.remove(self._recipe, sample.name)):
            self._read("")
            self._say(self.tr("{} has been removed.").format(sample.name))

    @Slot()
    def _on_times(self) -> None:
        hours, at_shift = self.interval.value(), self.shift.isChecked()
        if self._ask(lambda: self._samples.schedule(self._recipe, hours, at_shift)):
            self._golden = self._samples.of(self._recipe)

    def _ask(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:  # noqa: BLE001 — the dialog shows the sentence
            self._say(error_sentence(getattr(error, "code", ""), str(error)))
            return False
        return True

    def _say(self, text: str) -> None:
        self.toast.show_text(text, undo=False)

    @Slot()
    def _on_permits(self) -> None:
        if not self._permits.allows(Action.CHANGE_RECIPE):
            self.reject()

    # ---- showing --------------------------------------------------------------------------

    def _read(self, chosen: str) -> None:
        self._golden = self._samples.of(self._recipe)
        self.table.setRowCount(len(self._golden.samples))
        self._fill()
        names = [sample.name for sample in self._golden.samples]
        row = names.index(chosen) if chosen in names else min(0, len(names) - 1)
        self.table.setCurrentCell(row, 0)
        self._show_sample()
        for field in (self.interval, self.shift):
            field.blockSignals(True)
        self.interval.setValue(self._golden.interval_h)
        self.shift.setChecked(self._golden.at_shift_start)
        for field in (self.interval, self.shift):
            field.blockSignals(False)

    def _fill(self) -> None:
        for row, sample in enumerate(self._golden.samples):
            cells = (
                sample.name, verdict_title(sample.expected), band_words(sample.low, sample.high),
                sample.model_id.rsplit("-", 1)[-1],
            )  # fmt: skip
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.empty.setVisible(not self._golden.samples)

    @Slot(int, int, int, int)
    def _on_row(self, row: int, _column: int, before: int, _before_column: int) -> None:
        if row != before:
            self._show_sample()

    def _show_sample(self) -> None:
        sample = self.chosen
        for widget in (self.expected, self.low, self.high, self.save, self.remove):
            widget.setEnabled(sample is not None)
        if sample is None:
            self.canvas.clear()
            self.model.clear()
            return
        try:
            self.canvas.set_picture(self._samples.picture(sample))
        except Exception as error:  # noqa: BLE001 — the sample can be removed all the same
            self.canvas.clear()
            self._say(error_sentence(getattr(error, "code", ""), str(error)))
        self.expected.setCurrentIndex(KNOWN.index(sample.expected))
        self.low.setValue(sample.low)
        self.high.setValue(sample.high)
        self.model.setText(
            self.tr("The band holds for model {}; of another one only the verdict is checked.")
            .format(sample.model_id.rsplit("-", 1)[-1])
        )  # fmt: skip

    def _offer_parts(self) -> None:
        chosen = self.part.currentIndex()
        self.part.clear()
        for part in self._parts:
            score = number(part.score) if part.score is not None else "–"
            self.part.addItem(
                self.tr("{number} · {time} · {verdict} · score {score}").format(
                    number=part.part_number, time=local_time(part),
                    verdict=verdict_title(part.verdict), score=score,
                ),
                part,
            )  # fmt: skip
        if not self._parts:
            self.part.addItem(self.tr("Nothing has been inspected yet."), None)
        self.part.setCurrentIndex(max(0, chosen))

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Golden samples"))
        self.title.setText(self.tr("Golden samples of {}").format(self._recipe))
        self.table.setAccessibleName(self.tr("Golden samples"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Name"), self.tr("Expected"), self.tr("Scores"), self.tr("Model")]
        )
        self.empty.setText(
            self.tr(
                "No samples yet. Lay a part in whose verdict is known, inspect it, then add it "
                "here: some good ones and one of each defect."
            )
        )
        self._part_label.setText(self.tr("&Part"))
        self.part.setAccessibleName(self.tr("Part that becomes a sample"))
        self._name_label.setText(self.tr("&Name on the sample"))
        self.name.setAccessibleName(self.tr("Name on the sample"))
        set_words(self.add, self.tr("Add"), self.tr("Add the part as a golden sample"))
        self._interval_label.setText(self.tr("&Hours between checks"))
        self.interval.setAccessibleName(self.tr("Hours between checks, 0 for none"))
        self.interval.setSpecialValueText(self.tr("none"))
        self.shift.setText(self.tr("A check at each &shift start"))
        self._expected_label.setText(self.tr("&Expected"))
        self.expected.setAccessibleName(self.tr("Expected verdict"))
        self._low_label.setText(self.tr("Score &from"))
        self.low.setAccessibleName(self.tr("Lower end of the score band"))
        self._high_label.setText(self.tr("Score &to"))
        self.high.setAccessibleName(self.tr("Upper end of the score band"))
        set_words(self.save, self.tr("Save"), self.tr("Save the sample's expectation"))
        set_words(self.remove, self.tr("Remove"), self.tr("Remove the sample"))
        set_words(self.close_button, self.tr("Close (Esc)"), self.tr("Close the golden samples"))
        self.canvas.setAccessibleName(self.tr("Picture of the chosen sample"))
        self.toast.retranslate()
        self._offer_parts()
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
