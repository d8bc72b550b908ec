"""Why a part is asked about: a colleague wants to know, or experts disagree. Knows no service."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from qc_station.domain.review_queue import PartNote
from qc_station.domain.verdict import Label, Review
from qc_station.ui.messages import class_title, label_title


class ReviewNote(QFrame):
    """Hidden while there is nothing to say. The box is for those who disagree: they may only
    answer together.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_note")
        self._note = PartNote()
        self._reviewer = ""
        self._words = QLabel(self)
        self._words.setObjectName("review_note_words")
        self._words.setWordWrap(True)
        self._words.setStyleSheet("font-weight: 600;")
        self._box = QCheckBox(self)
        self._box.setObjectName("review_together")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._words)
        layout.addWidget(self._box)
        self.show_note(PartNote(), "")

    @property
    def together(self) -> bool:
        """Whether the answer is given together with those who disagree."""
        return self._box.isChecked() and not self._box.isHidden()

    @property
    def note(self) -> PartNote:
        """What the note is about."""
        return self._note

    @property
    def text(self) -> str:
        """What is said; empty when nothing is."""
        return self._words.text()

    def show_note(self, note: PartNote, reviewer: str) -> None:
        """What is to be said of the part on the screen to this reviewer."""
        self._note, self._reviewer = note, reviewer
        self._box.setChecked(False)
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        note = self._note
        if note.dispute:
            text = self.tr("The experts disagree. {answers}. Your answer decides.").format(
                answers=" · ".join(self._said(review) for review in note.dispute)
            )
        elif note.asked_by and note.given_to == self._reviewer:
            text = self.tr("{} asks for your answer.").format(note.asked_by)
        elif note.given_to:
            text = self.tr("Waits for the answer of {}.").format(note.given_to)
        else:
            text = ""
        others = [one.reviewer for one in note.dispute if one.reviewer != self._reviewer]
        self._words.setText(text)
        self._box.setText(self.tr("Answered together with {}").format(", ".join(others)))
        self._box.setVisible(note.takes_part(self._reviewer))
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _said(self, review: Review) -> str:
        answer = label_title(review.label)
        if review.label is Label.DEFECT and review.class_name:
            answer = class_title(review.class_name)
        return self.tr("{who}: {answer}").format(who=review.reviewer, answer=answer)
