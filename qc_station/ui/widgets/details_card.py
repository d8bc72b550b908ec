"""What a part's verdict means: defect name with confidence, and the one sentence why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui import theme
from qc_station.ui.icons import icon
from qc_station.ui.messages import class_title, count, percent, reason_sentence
from qc_station.ui.override_words import override_sentence
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

NO_BREAK = "\N{NO-BREAK SPACE}"


class DetailsCard(QFrame):
    """Empty until a part was judged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._inspection: Inspection | None = None
        self.headline = QLabel(self)
        self.headline.setObjectName("defect_name")
        self.headline.setWordWrap(True)
        self.why = QLabel(self)
        self.why.setObjectName("why")
        self.why.setWordWrap(True)
        self.overridden = QLabel(self)
        self.overridden.setObjectName("overridden")
        self.overridden.setWordWrap(True)
        self.overridden.hide()
        self.override = GuardedButton(icon("override"), "", self)
        self.override.setObjectName("override")
        self.override.hide()
        self.facts = QLabel(self)
        self.facts.setProperty("role", "muted")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(4)
        layout.addWidget(self.headline)
        layout.addWidget(self.why)
        layout.addWidget(self.overridden)
        layout.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.override, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(foot)
        self.set_page_height(740)
        self.show_inspection(None)
        self._name_button()

    def set_page_height(self, pixels: int) -> None:
        """Letters grow with the page."""
        self.headline.setStyleSheet(f"font-size: {round(pixels * 0.042)}px; font-weight: 600;")
        self.why.setStyleSheet(f"font-size: {round(pixels * 0.027)}px;")
        self.overridden.setStyleSheet(
            f"font-size: {round(pixels * 0.025)}px; font-weight: 600; padding: 4px 8px;"
            f"border-left: 5px solid palette(link); background: palette(base);"
        )
        self.facts.setStyleSheet(f"font-size: {max(theme.px(13), round(pixels * 0.018))}px;")

    def show_inspection(self, inspection: Inspection | None) -> None:
        """Shows a written-down part, or nothing."""
        self._inspection = inspection
        if inspection is None:
            self.show_state(self.tr("No part has been inspected yet."), "")
            return
        headline = self._headline(inspection)
        self.headline.setText(headline)
        self.headline.setVisible(bool(headline))
        self.why.setText(reason_sentence(inspection.reason, inspection))
        sentence = override_sentence(inspection)
        self.overridden.setText(sentence)
        self.overridden.setVisible(bool(sentence))
        spoken = self.tr("Override the verdict of part {}").format(inspection.part_number)
        set_words(self.override, self.tr("Override …"), spoken)
        self.override.show()
        local = inspection.captured_at.astimezone()
        facts = [
            self.tr("Part {}").format(inspection.part_number),
            local.strftime("%H:%M:%S"),
        ]
        if inspection.serial:
            facts.insert(1, self.tr("Serial {}").format(inspection.serial))
        if inspection.latency_ms is not None:
            facts.append(self.tr("{} ms").format(count(round(inspection.latency_ms))))
        self.facts.setText("   ·   ".join(facts))

    def _name_button(self) -> None:
        set_words(self.override, self.tr("Override …"))
        self.override.setToolTip(self.tr("Decide otherwise than the machine (Ctrl+Shift+V)"))

    def clear(self) -> None:
        """Shows nothing."""
        self._inspection = None
        for widget in (self.headline, self.overridden, self.override):
            widget.hide()
        for label in (self.headline, self.why, self.facts):
            label.clear()

    def show_state(self, why: str, advice: str) -> None:
        """Shows why there is no part to show, and what to do."""
        self._inspection = None
        for widget in (self.headline, self.overridden, self.override):
            widget.hide()
        self.headline.setText("")
        sentences = [why or self.tr("No part has been inspected yet."), advice]
        self.why.setText("\n".join(sentence for sentence in sentences if sentence))
        self.facts.setText("")

    def _headline(self, inspection: Inspection) -> str:
        if inspection.verdict not in (Verdict.NG, Verdict.REVIEW):
            return ""
        if not inspection.class_name:
            return self.tr("Unknown defect") if inspection.verdict is Verdict.NG else ""
        name = class_title(inspection.class_name)
        if inspection.verdict is Verdict.REVIEW:
            name = self.tr("{}?").format(name)
        if inspection.class_confidence is None:
            return name
        return self.tr("{name} – {confidence}").format(
            name=name, confidence=percent(inspection.class_confidence).replace(" ", NO_BREAK)
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name_button()
            if self._inspection:
                self.show_inspection(self._inspection)
        super().changeEvent(event)
