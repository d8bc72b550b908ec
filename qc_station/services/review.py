"""The review queue: which parts to ask an expert about, and the answers. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal, Slot

from db.errors import StoreError
from db.records import InspectionRecord, OutboxRecord, ReviewRecord
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.reviews import ReviewRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.annotation import UNNAMED
from qc_station.domain.verdict import Inspection, Label, Review
from qc_station.services.inspection_records import to_inspection
from qc_station.services.permits import Require, allow_everything

_GOOD_WORDS = frozenset({"good", "ok", "normal"})
_LONGEST_CLASS_NAME = 64


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
    ) -> None:
        """``store`` is the open database; ``clock`` gives aware UTC; ``offered`` are defect classes
        to choose from although no part had them yet."""
        super().__init__(parent)
        self._require = require
        self._store = store
        self._clock = clock
        self._offered = offered
        self._given: list[tuple[int, str]] = []  # answers of this session, for undo

    def queue(self, limit: int = 50) -> list[Inspection]:
        """Not yet reviewed: REVIEW first, most uncertain first, then NG nearest its limit."""
        records = self._store.read(lambda session: _log(session).review_queue(limit))
        return [to_inspection(record) for record in records]

    def remaining(self) -> int:
        """Length of the whole queue."""
        return self._store.read(lambda session: _log(session).review_queue_length())

    def answer(
        self, inspection_id: str, label: Label, class_name: str | None, reviewer: str
    ) -> Inspection:
        """Append one answer and return the part with it; the last answer of a part stands.

        Only DEFECT takes a class name, and may go without ("a defect, kind unknown"). Giving the
        standing answer again changes nothing. Raises StoreError inspection_missing,
        review_class_name, or what the store says, AccessError when it is not allowed.
        """
        self._require(Action.ANSWER_REVIEWS)
        name = _checked_class(label, class_name)
        at = self._clock()

        def work(session: Session) -> tuple[ReviewRecord | None, InspectionRecord]:
            before = _found(session, inspection_id)
            standing = before.review
            if standing and (standing.label, standing.class_name) == (label.value, name):
                return None, before
            answer = ReviewRepository(session).answer(
                inspection_id, label.value, name, reviewer, at
            )
            OutboxRepository(session).add(_message(answer))
            return answer, _found(session, inspection_id)

        answer, record = self._store.write(work)
        if answer is not None:
            self._given.append((answer.seq, reviewer))
            self.changed.emit()
        return to_inspection(record)

    def undo(self) -> Inspection | None:
        """Withdraw the last answer of this session; the part as it is then, or None.

        AccessError when it is not allowed.
        """
        self._require(Action.ANSWER_REVIEWS)
        if not self._given:
            return None
        seq, reviewer = self._given[-1]
        at = self._clock()

        def work(session: Session) -> InspectionRecord:
            withdrawal = ReviewRepository(session).withdraw(seq, reviewer, at)
            OutboxRepository(session).add(_message(withdrawal))
            return _found(session, withdrawal.inspection_id)

        try:
            record = self._store.write(work)
        except StoreError as error:
            if error.code == "review_withdrawn":  # committed although an error was reported
                self._given.pop()
            raise
        self._given.pop()
        self.changed.emit()
        return to_inspection(record)

    @Slot()
    def forget_session(self) -> None:
        """Somebody else may come: nobody withdraws another person's answers."""
        self._given.clear()

    def class_names(self) -> list[str]:
        """Defect classes known from answers, painted regions, the machine or a recipe, sorted."""
        names = self._store.read(lambda session: _log(session).class_names())
        offered = {name for name in self._offered() if name.lower() not in _GOOD_WORDS}
        return [name for name in sorted({*names, *offered}) if name != UNNAMED]

    def labelled(self, recipe: str) -> list[tuple[Inspection, Review]]:
        """Standing answers of a recipe, CANNOT_TELL included, in the order they were given."""
        records = self._store.read(lambda session: _log(session).labelled(recipe))
        parts = [to_inspection(record) for record in records]
        return [(part, part.review) for part in parts if part.review is not None]


def _log(session: Session) -> InspectionRepository:
    return InspectionRepository(session)


def _found(session: Session, inspection_id: str) -> InspectionRecord:
    record = _log(session).get(inspection_id)
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
