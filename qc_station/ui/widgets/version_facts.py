"""All that is known of one model version, in a list of name and value. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from qc_station.domain.lineage import Standing, standing
from qc_station.domain.model_version import Estimate, ModelVersion
from qc_station.ui import learning_words as words
from qc_station.ui import maintenance_words
from qc_station.ui.messages import class_title, count, number, percent

translate = QCoreApplication.translate


def standing_word(version: ModelVersion) -> str:
    """What a version is to its product, sign first."""
    return {
        Standing.ACTIVE: translate("Models", "● in use"),
        Standing.EARLIER: translate("Models", "◉ used before"),
        Standing.CANDIDATE: translate("Models", "○ candidate"),
    }[standing(version)]


def metric_title(name: str) -> str:
    """A figure of the manifest; unknown ones are made readable."""
    known = {
        "auroc": translate("Models", "Good and defective told apart (AUROC)"),
        "escape": translate("Models", "Defects passed as OK"),
        "overkill": translate("Models", "Good parts rejected as NG"),
        "review": translate("Models", "Parts sent to review"),
        "good_not_ok": translate("Models", "Good parts not passed as OK"),
    }
    return known.get(name) or name.replace("_", " ").capitalize()


def metric_text(name: str, value: Estimate) -> str:
    """A figure with its 95 % interval and the number of parts."""
    share = "auroc" not in name and 0.0 <= value.value <= 1.0

    def said(figure: float) -> str:
        return percent(figure, 1) if share else number(figure, 3)

    text = said(value.value)
    if value.low is not None and value.high is not None:
        text += f"  [{said(value.low)} … {said(value.high)}]"
    if value.n:
        text += "  " + translate("Models", "({} parts)").format(count(value.n))
    return text


class VersionFacts(QFrame):
    """A card that scrolls when there is much to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._version: ModelVersion | None = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setObjectName("version_title")
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("version_facts")
        self._scroll.setProperty("role", "reading")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(inside)
        inside.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 10, 10)
        layout.addWidget(self._title)
        layout.addWidget(self._scroll, 1)
        self.retranslate()

    def show_version(self, version: ModelVersion | None) -> None:
        """Shows another version, or none."""
        self._version = version
        self.retranslate()

    def texts(self) -> list[str]:
        """All that is said, for those who cannot see it."""
        labels = self._scroll.findChildren(QLabel)
        return [label.text() for label in labels if not label.isHidden()]

    def retranslate(self) -> None:
        """Every text in the current language."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._scroll.setAccessibleName(self.tr("Facts about the chosen model"))
        version = self._version
        if version is None:
            self._title.setText(self.tr("No model is chosen"))
            return
        self._title.setText(self.tr("Model {}").format(version.short_name))
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(self._rows(version)):
            label, text = QLabel(name, self), QLabel(value, self)
            label.setProperty("role", "muted")
            for words_of in (label, text):
                words_of.setWordWrap(True)
                words_of.setMinimumWidth(1)  # long words must not widen the column
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, 0, top)
            self._grid.addWidget(text, row, 1, top)

    def _rows(self, version: ModelVersion) -> list[tuple[str, str]]:
        parent = version.parent.rsplit("-", 1)[-1] if version.parent else "–"
        rows = [
            (self.tr("State"), standing_word(version)),
            (self.tr("Kind"), version.model),
            (self.tr("Taught"), words.version_date(version)),
            (self.tr("Made from"), parent),
            (self.tr("Pictures"), words.version_pictures(version)),
            (
                self.tr("Defects"),
                ", ".join(class_title(name) for name in version.classes)
                or self.tr("none named: good parts only"),
            ),
            (self.tr("OK limit"), words.ok_sentence(version.ok_claim)),
            (self.tr("NG limit"), words.ng_sentence(version.ng_claim)),
        ]
        rows += [(metric_title(n), metric_text(n, v)) for n, v in version.metrics.items()]
        if version.metrics:
            rows.append(("", self.tr("measured while it was taught; compare on held-out parts")))
        if version.activated_at is not None:
            moment = maintenance_words.moment(version.activated_at)
            rows.append((self.tr("Last activated"), moment))
        rows.append(
            (self.tr("Taught from"), version.taught_from or self.tr("not known (imported)"))
        )
        rows.append((self.tr("Name"), version.model_id))
        return rows
