"""What a part's verdict means: defect name with confidence, and the one sentence why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui.messages import class_title, count, percent, reason_sentence


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
        self.facts = QLabel(self)
        self.facts.setProperty("role", "muted")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(4)
        layout.addWidget(self.headline)
        layout.addWidget(self.why)
        layout.addStretch(1)
        layout.addWidget(self.facts)
        self.set_page_height(740)
        self.show_inspection(None)

    def set_page_height(self, pixels: int) -> None:
        """Letters grow with the page."""
        self.headline.setStyleSheet(f"font-size: {round(pixels * 0.042)}px; font-weight: 600;")
        self.why.setStyleSheet(f"font-size: {round(pixels * 0.027)}px;")
        self.facts.setStyleSheet(f"font-size: {max(13, round(pixels * 0.018))}px;")

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

    def clear(self) -> None:
        """Shows nothing."""
        self._inspection = None
        self.headline.hide()
        for label in (self.headline, self.why, self.facts):
            label.clear()

    def show_state(self, why: str, advice: str) -> None:
        """Shows why there is no part to show, and what to do."""
        self._inspection = None
        self.headline.hide()
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
            name=name, confidence=percent(inspection.class_confidence)
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._inspection:
            self.show_inspection(self._inspection)
        super().changeEvent(event)
