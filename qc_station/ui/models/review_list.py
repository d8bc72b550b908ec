"""The next parts to ask about, in the page's hands: skipped ones last. Knows no widgets."""

from __future__ import annotations

from qc_station.domain.review_queue import QueueFilter
from qc_station.domain.verdict import Inspection
from qc_station.ui.models.review_source import ReviewLike

QUEUE = 50
REFILL_BELOW = 8


class ReviewList:
    """Asks the service for parts and remembers which ones were put off."""

    def __init__(self, review: ReviewLike) -> None:
        self._review = review
        self._waiting: list[Inspection] = []
        self._skipped: list[str] = []
        self.wanted = QueueFilter()

    @property
    def waiting(self) -> list[Inspection]:
        """The next parts, the first one first, without the one on the screen."""
        return list(self._waiting)

    @property
    def short(self) -> bool:
        """Whether it is time to ask the service for more."""
        return len(self._waiting) < REFILL_BELOW

    def refresh(self, reviewer: str, shown: Inspection | None) -> None:
        """Asks the service again; the part that is shown is left out."""
        found = self._review.queue(QUEUE, reviewer, self.wanted)
        order = {name: place for place, name in enumerate(self._skipped)}
        found.sort(key=lambda part: order.get(part.inspection_id, -1))
        current = shown.inspection_id if shown is not None else None
        self._waiting = [part for part in found if part.inspection_id != current]

    def narrow(self, wanted: QueueFilter) -> None:
        """Other parts are wanted from now on."""
        self.wanted = wanted
        self._waiting = []

    def next(self) -> Inspection | None:
        """Takes the first part out."""
        return self._waiting.pop(0) if self._waiting else None

    def put_off(self, part: Inspection) -> None:
        """Asks about this part after all the others."""
        if part.inspection_id in self._skipped:
            self._skipped.remove(part.inspection_id)
        self._skipped.append(part.inspection_id)
        self._waiting.append(part)

    def put_first(self, part: Inspection) -> None:
        """Asks about this part next."""
        self.drop(part.inspection_id)
        self._waiting.insert(0, part)

    def drop(self, inspection_id: str) -> None:
        """This part is no longer to be asked about."""
        self._waiting = [part for part in self._waiting if part.inspection_id != inspection_id]
