"""Asks a colleague about the part on the screen. Knows the review service, not the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from qc_station.domain.review_queue import PartNote
from qc_station.domain.verdict import Inspection
from qc_station.ui import messages
from qc_station.ui.widgets.colleague_menu import ColleagueMenu


class Giving(Protocol):
    """The part of ReviewService that is used here."""

    def give(self, inspection_id: str, assignee: str, giver: str) -> None: ...


class ColleagueDesk(QObject):
    """``given`` and ``taken_back`` follow what was chosen; ``said`` tells it in a sentence."""

    given = Signal()
    taken_back = Signal()
    said = Signal(str, bool)  # sentence, whether it is to stay

    def __init__(
        self,
        review: Giving,
        reviewer: Callable[[], str],
        colleagues: Callable[[], list[str]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._review = review
        self._reviewer = reviewer
        self._colleagues = colleagues
        self._window = parent
        self._part: Inspection | None = None

    def ask(self, part: Inspection, note: PartNote, anchor: QWidget) -> None:
        """Offers the colleagues above ``anchor``."""
        me = self._reviewer()
        names = [name for name in self._colleagues() if name != me]
        if not names:
            nobody = self.tr("There is no other expert: an administrator can add one under Users.")
            self.said.emit(nobody, False)
            return
        self._part = part
        menu = ColleagueMenu(names, me, asked=note.asked_by == me, parent=self._window)
        menu.chosen.connect(self.give)
        menu.open_above(anchor)

    @Slot(str)
    def give(self, name: str) -> None:
        """Asks this colleague about the part; oneself takes it back."""
        part, me = self._part, self._reviewer()
        if part is None:
            return
        try:
            self._review.give(part.inspection_id, name, me)
        except Exception as error:  # noqa: BLE001 — said on the page, the part stays
            code = str(getattr(error, "code", ""))
            self.said.emit(messages.error_sentence(code, str(error)), True)
            return
        if name == me:
            self.said.emit(self.tr("Part {} is yours again.").format(part.part_number), False)
            self.taken_back.emit()
            return
        said = self.tr("{name} is asked about part {number}.")
        self.said.emit(said.format(name=name, number=part.part_number), False)
        self.given.emit()
