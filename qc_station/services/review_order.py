"""Lists the parts that an expert is asked about, in their order. Knows no widgets, no Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from db.records import InspectionRecord, QueuedRecord
from db.repositories.repeats import RepeatRepository
from db.repositories.review_queue import BY_COST, DRAWN, ReviewQueueRepository
from db.store import Session
from qc_station.domain.review_queue import (
    REMEMBERED,
    Candidate,
    QueueFilter,
    QueueRules,
    Show,
    deal,
    kind_of,
    uniform,
)
from qc_station.domain.verdict import Verdict
from qc_station.services.inspection_records import to_query

_WINDOW = 300
"""How many of the most expensive parts the order looks at to choose different ones."""
_REPEAT_AFTER = 20
"""How many other answers lie between an answer and its repeat, at least."""
_REPEAT_OF = 500
"""How many answers back a repeat may reach."""
_BETWEEN_REPEATS = 5


class ReviewOrder:
    """Remembers the last answers of one session, so that the next parts differ from them."""

    def __init__(self, rules: Callable[[], QueueRules]) -> None:
        self._rules = rules
        self._answered: deque[Candidate] = deque(maxlen=REMEMBERED)
        self._repeats: dict[str, int] = {}  # part → first answer, while it is asked about again
        self._since_repeat = 0

    def parts(
        self, session: Session, limit: int, reviewer: str, wanted: QueueFilter
    ) -> list[InspectionRecord]:
        """At most ``limit`` parts for this reviewer, the first to be asked about first."""
        queue = ReviewQueueRepository(session, reviewer, to_query(wanted.parts))
        if wanted.show is Show.DISPUTED:
            return queue.records(queue.disputed(limit))
        given = queue.given(limit)
        if wanted.show is Show.MINE:
            return queue.records(given)
        dealt = deal(
            [_candidate(record) for record in queue.waiting(BY_COST, _WINDOW)],
            [_candidate(record, drawn=True) for record in queue.waiting(DRAWN, limit)],
            self._answered,
            limit + len(given),
        )
        first = list(dict.fromkeys([*self._repeat(session, reviewer, wanted), *given]))
        rest = [one.inspection_id for one in dealt if one.inspection_id not in first]
        return queue.records([*first, *rest][:limit])

    def length(self, session: Session, reviewer: str, wanted: QueueFilter) -> int:
        """How many parts wait for this reviewer."""
        queue = ReviewQueueRepository(session, reviewer, to_query(wanted.parts))
        if wanted.show is Show.DISPUTED:
            return queue.disputed_count()
        if wanted.show is Show.MINE:
            return queue.given_count()
        return queue.length() + (len(self._repeats) if wanted == QueueFilter() else 0)

    def repeat_of(self, inspection_id: str) -> int | None:
        """The first answer, while the part is asked about once more."""
        return self._repeats.get(inspection_id)

    def note_answer(self, part: InspectionRecord) -> None:
        """The reviewer has answered this part."""
        self._repeats.pop(part.inspection_id, None)
        self._since_repeat += 1
        if part.queue_rank == 0:
            return
        kind = kind_of(part.recipe, part.class_name, part.score, part.ng_limit)
        drawn = part.verdict == Verdict.OK.value
        self._answered.append(Candidate(part.inspection_id, kind, part.captured_at, 0.0, drawn))

    def note_undo(self, inspection_id: str) -> None:
        """The reviewer has taken the answer to this part back."""
        left = [one for one in self._answered if one.inspection_id != inspection_id]
        self._answered = deque(left, maxlen=REMEMBERED)

    def note_repeat(self, inspection_id: str) -> None:
        """The reviewer has answered this part once more."""
        self._repeats.pop(inspection_id, None)
        self._since_repeat = 0

    def ask_again(self, inspection_id: str, answer: int) -> None:
        """A second answer was taken back: the part is still asked about once more."""
        self._repeats[inspection_id] = answer

    def ask_openly(self, inspection_id: str) -> None:
        """The part was chosen by hand: an answer to it is an answer, not a repeat."""
        self._repeats.pop(inspection_id, None)

    def forget(self) -> None:
        """Somebody else may come."""
        self._answered.clear()
        self._repeats.clear()
        self._since_repeat = 0

    def _repeat(self, session: Session, reviewer: str, wanted: QueueFilter) -> list[str]:
        """The part that is asked about once more, if it is time for one."""
        rules = self._rules()
        if wanted != QueueFilter() or rules.repeat_share <= 0.0:
            return []
        if not self._repeats and self._since_repeat >= _BETWEEN_REPEATS:
            found = RepeatRepository(session).candidates(reviewer, _REPEAT_AFTER, _REPEAT_OF)
            for answer, inspection_id in reversed(found):
                if uniform(rules.key, "repeat", str(answer)) < rules.repeat_share:
                    self._repeats[inspection_id] = answer
                    break
        return list(self._repeats)


def _candidate(record: QueuedRecord, *, drawn: bool = False) -> Candidate:
    kind = kind_of(record.recipe, record.class_name, record.score, record.ng_limit)
    return Candidate(record.inspection_id, kind, record.captured_at, record.weight, drawn)
