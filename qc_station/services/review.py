"""The review queue: which parts to ask an expert about, and the answers. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from PySide6.QtCore import QObject, Signal, Slot

from db.disputes import open_dispute, standing_answers
from db.errors import StoreError
from db.records import InspectionRecord, OutboxRecord, ReviewRecord
from db.repositories.assignments import AssignmentRepository
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.repeats import RepeatRepository
from db.repositories.review_queue import drawn_answers, open_parts, set_weights
from db.repositories.reviews import ReviewRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.annotation import UNNAMED
from qc_station.domain.consistency import Consistency, consistency
from qc_station.domain.quality_figures import Share
from qc_station.domain.review_queue import (
    NO_DRAWS,
    PartNote,
    QueueFilter,
    QueueRules,
    Show,
    expected_cost,
)
from qc_station.domain.verdict import Inspection, Label, Review
from qc_station.services.inspection_records import to_inspection, to_review
from qc_station.services.permits import Require, allow_everything
from qc_station.services.review_order import ReviewOrder

_GOOD_WORDS = frozenset({"good", "ok", "normal"})
_LONGEST_CLASS_NAME = 64
_PACE_ANSWERS = 60
_PAUSE = timedelta(minutes=2)
_FEWEST_INTERVALS = 5
_WEIGHED_AT_ONCE = 2000
ESCAPE_RANGE = timedelta(days=30)
"""The parts that the escape rate beside the queue is about."""


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer of this session, for undo; ``repeats`` is the first answer of a second one."""

    seq: int
    reviewer: str
    repeats: int | None = None


class ReviewService(QObject):
    """Answers are appended; undo appends a withdrawal. Call it from the owner's thread."""

    changed = Signal()

    def __init__(
        self,
        store: Store,
        parent: QObject | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        require: Require = allow_everything,
        offered: Callable[[], Iterable[str]] = tuple,
        rules: Callable[[], QueueRules] = lambda: NO_DRAWS,
        who: Callable[[], str] = lambda: "",
    ) -> None:
        """``store`` is the open database; ``clock`` gives aware UTC; ``offered`` are defect classes
        to choose from although no part had them yet; ``rules`` of the queue are those of now;
        ``who`` tells for whom the queue is where a call does not.
        """
        super().__init__(parent)
        self._require = require
        self._store = store
        self._clock = clock
        self._offered = offered
        self._rules = rules
        self._who = who
        self._order = ReviewOrder(rules)
        self._given: list[_Given] = []

    # ---- what waits -----------------------------------------------------------------------

    def queue(
        self, limit: int = 50, reviewer: str = "", wanted: QueueFilter | None = None
    ) -> list[Inspection]:
        """The next parts for this reviewer; domain.review_queue says in which order.

        Parts that the reviewer answered before are shown without that answer.
        """
        narrow, name = wanted or QueueFilter(), reviewer or self._who()
        records = self._store.read(lambda session: self._order.parts(session, limit, name, narrow))
        parts = [to_inspection(record) for record in records]
        if narrow.show is Show.DISPUTED:
            return parts
        return [replace(part, review=None) for part in parts]

    def remaining(self, reviewer: str = "", wanted: QueueFilter | None = None) -> int:
        """How many parts wait for this reviewer."""
        narrow, name = wanted or QueueFilter(), reviewer or self._who()
        return self._store.read(lambda session: self._order.length(session, name, narrow))

    def pace_s(self, reviewer: str) -> float | None:
        """Seconds this reviewer takes for a part: the median of the last intervals without
        pauses; None before there are enough.
        """
        times = self._store.read(
            lambda session: ReviewRepository(session).times(reviewer, _PACE_ANSWERS)
        )
        taken = [late - early for late, early in pairwise(times)]
        worked = [one.total_seconds() for one in taken if timedelta(0) < one < _PAUSE]
        return median(worked) if len(worked) >= _FEWEST_INTERVALS else None

    def note(self, inspection_id: str) -> PartNote:
        """Who asks about a part, and which experts disagree on it."""

        def work(session: Session) -> PartNote:
            given = AssignmentRepository(session).of(inspection_id)
            dispute = open_dispute(standing_answers(ReviewRepository(session).of(inspection_id)))
            return PartNote(
                given.assigned_by if given else "",
                given.assignee if given else "",
                tuple(to_review(answer) for answer in dispute),
            )

        return self._store.read(work)

    def ask_openly(self, inspection_id: str) -> None:
        """The part was chosen by hand: the next answer to it is no hidden repeat."""
        self._order.ask_openly(inspection_id)

    # ---- answering ------------------------------------------------------------------------

    def answer(
        self,
        inspection_id: str,
        label: Label,
        class_name: str | None,
        reviewer: str,
        together: bool = False,
    ) -> Inspection:
        """Append one answer and return the part with it; the last answer of a part stands.

        Only DEFECT takes a class name, and may go without ("a defect, kind unknown"). Giving the
        own standing answer again changes nothing. An answer to a part whose experts disagree
        decides; those who disagree may only give it ``together``. Raises StoreError
        inspection_missing, review_class_name, review_disputed, or what the store says, AccessError
        when it is not allowed.
        """
        self._require(Action.ANSWER_REVIEWS)
        name = _checked_class(label, class_name)
        first = self._order.repeat_of(inspection_id)
        if first is not None:
            return self._answer_again(inspection_id, first, label, name, reviewer)
        at = self._clock()

        def work(session: Session) -> tuple[ReviewRecord | None, InspectionRecord]:
            before = _found(session, inspection_id)
            reviews = ReviewRepository(session)
            dispute = open_dispute(standing_answers(reviews.of(inspection_id)))
            _check_dispute(dispute, reviewer, together)
            if not dispute and _says_the_same(before.review, label, name, reviewer):
                return None, before
            answer = reviews.answer(inspection_id, label.value, name, reviewer, at)
            AssignmentRepository(session).answered(inspection_id, reviewer, answer.seq, at)
            OutboxRepository(session).add(_message(answer))
            if dispute:
                facts = {"between": [one.reviewer for one in dispute], "answer": answer.seq}
                AuditRepository(session).append(
                    at, reviewer, "review.decided", inspection_id, facts
                )
            return answer, _found(session, inspection_id)

        answer, record = self._store.write(work)
        self._order.note_answer(record)
        if answer is not None:
            self._given.append(_Given(answer.seq, reviewer))
            self.changed.emit()
        return to_inspection(record)

    def undo(self) -> Inspection | None:
        """Withdraw the last answer of this session; the part as it is then, or None.

        AccessError when it is not allowed.
        """
        self._require(Action.ANSWER_REVIEWS)
        if not self._given:
            return None
        given = self._given[-1]
        at = self._clock()

        def work(session: Session) -> InspectionRecord:
            if given.repeats is not None:
                again = RepeatRepository(session).withdraw(given.seq, given.reviewer, at)
                return _found(session, again.inspection_id)
            withdrawal = ReviewRepository(session).withdraw(given.seq, given.reviewer, at)
            AssignmentRepository(session).withdrawn(given.seq)
            OutboxRepository(session).add(_message(withdrawal))
            return _found(session, withdrawal.inspection_id)

        try:
            record = self._store.write(work)
        except StoreError as error:
            if error.code == "review_withdrawn":  # committed although an error was reported
                self._given.pop()
            raise
        self._given.pop()
        if given.repeats is not None:
            self._order.ask_again(record.inspection_id, given.repeats)
        else:
            self._order.note_undo(record.inspection_id)
        self.changed.emit()
        return to_inspection(record)

    @Slot()
    def forget_session(self) -> None:
        """Somebody else may come: nobody withdraws another person's answers."""
        self._given.clear()
        self._order.forget()

    # ---- colleagues -----------------------------------------------------------------------

    def give(self, inspection_id: str, assignee: str, giver: str) -> None:
        """Ask a colleague about a part: it waits for their answer, answered before or not.

        Giving a part to oneself takes it back. StoreError inspection_missing, AccessError.
        """
        self._require(Action.ANSWER_REVIEWS)
        at = self._clock()

        def work(session: Session) -> None:
            assignments = AssignmentRepository(session)
            if assignee == giver:
                assignments.take_back(inspection_id, at)
            else:
                assignments.give(inspection_id, assignee, giver, at)
            AuditRepository(session).append(
                at, giver, "review.given", inspection_id, {"to": assignee}
            )

        self._store.write(work)
        self.changed.emit()

    # ---- figures --------------------------------------------------------------------------

    def escapes(self) -> Share:
        """Defective parts among the OK parts that chance chose and experts called good or
        defective, of the last 30 days.
        """
        since = self._clock() - ESCAPE_RANGE
        found = self._store.read(lambda session: drawn_answers(session, since))
        defects = found.get(Label.DEFECT.value, 0)
        return Share(defects, defects + found.get(Label.GOOD.value, 0))

    def consistencies(self) -> list[Consistency]:
        """How often each reviewer gave the same answer twice, by name."""
        pairs = self._store.read(lambda session: RepeatRepository(session).pairs())
        names = sorted({pair.reviewer for pair in pairs}, key=str.casefold)
        return [
            consistency(name, [(p.first, p.second) for p in pairs if p.reviewer == name])
            for name in names
        ]

    def class_names(self) -> list[str]:
        """Defect classes known from answers, painted regions, the machine or a recipe, sorted."""
        names = self._store.read(lambda session: InspectionRepository(session).class_names())
        offered = {name for name in self._offered() if name.lower() not in _GOOD_WORDS}
        return [name for name in sorted({*names, *offered}) if name != UNNAMED]

    def labelled(self, recipe: str) -> list[tuple[Inspection, Review]]:
        """Undisputed answers of a recipe, CANNOT_TELL included, in the order they were given."""
        records = self._store.read(lambda session: InspectionRepository(session).labelled(recipe))
        parts = [to_inspection(record) for record in records]
        return [(part, part.review) for part in parts if part.review is not None]

    def weigh_anew(self) -> None:
        """Order the waiting parts by the costs of now. From any thread; in short transactions."""
        rules, after = self._rules(), 0
        while True:
            last = self._store.write(lambda session, after=after: _weigh(session, after, rules))  # type: ignore[misc]
            if last is None:
                return
            after = last

    # ---- inside ---------------------------------------------------------------------------

    def _answer_again(
        self, inspection_id: str, first: int, label: Label, name: str | None, reviewer: str
    ) -> Inspection:
        """The second answer of a hidden repeat: it is compared, it never stands."""
        at = self._clock()

        def work(session: Session) -> tuple[int, InspectionRecord]:
            again = RepeatRepository(session).answer(first, label.value, name, reviewer, at)
            return again.seq, _found(session, inspection_id)

        seq, record = self._store.write(work)
        self._order.note_repeat(inspection_id)
        self._given.append(_Given(seq, reviewer, first))
        self.changed.emit()
        return to_inspection(record)


def _weigh(session: Session, after: int, rules: QueueRules) -> int | None:
    """The next parts; the last row number, or None behind the last one."""
    found = open_parts(session, after, _WEIGHED_AT_ONCE)
    set_weights(session, {seq: expected_cost(to_inspection(part), rules) for seq, part in found})
    return found[-1][0] if found else None


def _check_dispute(dispute: tuple[ReviewRecord, ...], reviewer: str, together: bool) -> None:
    if together or all(answer.reviewer != reviewer for answer in dispute):
        return
    raise StoreError(
        "review_disputed",
        "You are one of those who disagree: answer together, or leave it to somebody else.",
    )


def _says_the_same(
    standing: ReviewRecord | None, label: Label, name: str | None, reviewer: str
) -> bool:
    if standing is None:
        return False
    said = (standing.label, standing.class_name, standing.reviewer)
    return said == (label.value, name, reviewer)


def _found(session: Session, inspection_id: str) -> InspectionRecord:
    record = InspectionRepository(session).get(inspection_id)
    if record is None:
        raise StoreError(
            "inspection_missing",
            f"Part {inspection_id} is not in the log.",
            inspection_id=inspection_id,
        )
    return record


def _checked_class(label: Label, class_name: str | None) -> str | None:
    name = (class_name or "").strip()
    if not name:
        return None
    allowed = (
        label is Label.DEFECT
        and len(name) <= _LONGEST_CLASS_NAME
        and name.isprintable()
        and name.lower() not in _GOOD_WORDS
    )
    if not allowed:
        raise StoreError(
            "review_class_name",
            f"{name!r} cannot be the defect class of this answer: choose another name.",
            class_name=name,
        )
    return name


def _message(review: ReviewRecord) -> OutboxRecord:
    return OutboxRecord(
        message_id=f"review-{review.seq}",
        topic="review",
        payload={
            "inspection_id": review.inspection_id,
            "label": review.label,
            "class_name": review.class_name,
            "reviewer": review.reviewer,
            "withdraws": review.withdraws,
        },
        created_at=review.reviewed_at,
    )
