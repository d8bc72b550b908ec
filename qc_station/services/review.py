"""The review queue: which parts to ask an expert about, and the answers. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from db.store import Store
from qc_station.domain.verdict import Inspection, Label, Review


class ReviewService(QObject):
    """Answers are appended; undo appends a withdrawal. Call it from the owner's thread."""

    changed = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        """``store`` is the open database."""
        super().__init__(parent)

    def queue(self, limit: int = 50) -> list[Inspection]:
        """Not yet reviewed: REVIEW first, most uncertain first, then NG nearest its limit."""
        raise NotImplementedError

    def remaining(self) -> int:
        """Length of the whole queue."""
        raise NotImplementedError

    def answer(
        self, inspection_id: str, label: Label, class_name: str | None, reviewer: str
    ) -> Inspection:
        """Append one answer; DEFECT needs a class name, the others must have none."""
        raise NotImplementedError

    def undo(self) -> Inspection | None:
        """Withdraw the last answer of this session; the part, back in the queue, or None."""
        raise NotImplementedError

    def class_names(self) -> list[str]:
        """Defect classes known from answers and from the machine, sorted."""
        raise NotImplementedError

    def labelled(self, recipe: str) -> list[tuple[Inspection, Review]]:
        """Standing answers GOOD and DEFECT of a recipe, oldest first (CANNOT_TELL left out)."""
        raise NotImplementedError
