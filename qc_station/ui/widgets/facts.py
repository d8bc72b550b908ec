"""A two-column list of facts about one part. Knows inspections and words, no services."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from qc_station.domain.verdict import Inspection, Label
from qc_station.ui.messages import class_title, label_title, number, percent
from qc_station.ui.models.history_model import local_time
from qc_station.ui.override_words import override_sentence


class FactsPanel(QWidget):
    """Names on the left, values on the right; values can be selected and copied."""

    def __init__(self, parent: QWidget | None = None, *, brief: bool = False) -> None:
        """``brief`` leaves out what would sway or slow an expert: file names tell the truth."""
        super().__init__(parent)
        self.setObjectName("facts")
        self._brief = brief
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._names: list[QLabel] = []
        self._values: list[QLabel] = []

    def show_part(self, part: Inspection | None) -> None:
        """All facts of a part, or nothing."""
        rows = self._rows(part) if part is not None else []
        while len(self._names) < len(rows):
            self._add_row()
        for index, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            shown = index < len(rows)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(rows[index][0])
                value.setText(rows[index][1])
                value.setAccessibleName(rows[index][0])

    def texts(self) -> dict[str, str]:
        """What is shown, by name."""
        return {
            name.text(): value.text()
            for name, value in zip(self._names, self._values, strict=True)
            if not name.isHidden()
        }

    def _add_row(self) -> None:
        name, value = QLabel(self), QLabel(self)
        name.setProperty("role", "muted")
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        value.setWordWrap(True)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._names)
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(value, row, 1)
        self._names.append(name)
        self._values.append(value)

    def _rows(self, part: Inspection) -> list[tuple[str, str]]:
        rows = [(self.tr("Time"), local_time(part))]
        if part.serial:
            rows.append((self.tr("Serial number"), part.serial))
        if part.golden_check is not None:
            rows.append((self.tr("Golden sample"), self.tr("laid in for a check, no production")))
        if part.class_name:
            rows.append((self.tr("Defect"), self._class(part)))
        if self._brief:
            return rows
        if part.score is not None:
            rows.append((self.tr("Score"), number(part.score)))
        if part.ok_limit is not None and part.ng_limit is not None:
            limits = self.tr("OK up to {ok}, NG above {ng}").format(
                ok=number(part.ok_limit), ng=number(part.ng_limit)
            )
            rows.append((self.tr("Limits"), limits))
        if part.p_value is not None:
            rows.append((self.tr("p-value"), number(part.p_value, 3)))
        rows.append((self.tr("Expert's answer"), self._review(part)))
        if part.override is not None:
            rows.append((self.tr("Override"), override_sentence(part)))
        if part.model_id:
            rows.append((self.tr("Model"), part.model_id.rsplit("-", 1)[-1]))
        if part.latency_ms is not None:
            rows.append((self.tr("Latency"), self.tr("{} ms").format(number(part.latency_ms, 0))))
        if part.source:
            rows.append((self.tr("File"), "/".join(part.source.replace("\\", "/").split("/")[-2:])))
        rows.append((self.tr("Product"), part.recipe))
        if part.lot:
            rows.append((self.tr("Lot"), part.lot))
        return rows

    def _class(self, part: Inspection) -> str:
        title = class_title(part.class_name)
        if part.class_confidence is None:
            return title
        return self.tr("{name} ({confidence} sure)").format(
            name=title, confidence=percent(part.class_confidence)
        )

    def _review(self, part: Inspection) -> str:
        review = part.review
        if review is None:
            return self.tr("not reviewed")
        answer = label_title(review.label)
        if review.label is Label.DEFECT and review.class_name:
            answer = class_title(review.class_name)
        return self.tr("{answer}, by {who}").format(answer=answer, who=review.reviewer)
