"""The review queue: what is asked first, what an answer does, what undo does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_part

from db.errors import StoreError
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.store import Session, Store
from qc_station.domain.verdict import Inspection, Label, Reason, Verdict
from qc_station.services.audit import AuditLog
from qc_station.services.inspection_records import to_record
from qc_station.services.review import ReviewService


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "station.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store, qtbot: QtBot) -> ReviewService:
    def fill(session: Session) -> None:
        for part in (
            make_part(1),
            review(2, 2.1),
            review(3, 2.5),
            review(4, 9.0, reason=Reason.NOVEL),
            make_part(5, verdict=Verdict.NG, reason=Reason.ABOVE_NG_LIMIT, score=30.0),
            make_part(6, verdict=Verdict.NG, reason=Reason.ABOVE_NG_LIMIT, score=3.1,
                      class_name="scratch"),
            make_part(7, verdict=Verdict.NOT_INSPECTED, reason=Reason.DEADLINE, score=None),
        ):  # fmt: skip
            InspectionRepository(session).add(to_record(part, "1", NOON))

    store.write(fill)
    return ReviewService(store)


def review(number: int, score: float, reason: Reason = Reason.BETWEEN_LIMITS) -> Inspection:
    return make_part(number, verdict=Verdict.REVIEW, reason=reason, score=score)


def numbers(service: ReviewService) -> list[int]:
    return [part.part_number for part in service.queue(50)]


def test_uncertain_parts_reach_the_review_queue_first(service: ReviewService) -> None:
    # REVIEW: near the OK limit (the dear escape), novel, in the middle; NG: near the limit, far.
    assert numbers(service) == [4, 2, 3, 6, 5]
    assert service.remaining() == 5
    assert [part.part_number for part in service.queue(2)] == [4, 2]


def test_an_answer_takes_the_part_out_and_keeps_the_verdict(
    service: ReviewService, store: Store, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(service.changed, timeout=1000):
        part = service.answer("part-3", Label.DEFECT, " bent_wire ", "Eva")
    assert part.verdict is Verdict.REVIEW
    assert part.review is not None
    assert (part.review.label, part.review.class_name) == (Label.DEFECT, "bent_wire")
    assert numbers(service) == [4, 2, 6, 5]
    assert service.class_names() == ["bent_wire", "scratch"]
    assert AuditLog(store).verify().reviews == 1


def test_undo_withdraws_the_last_answers_one_by_one(service: ReviewService, store: Store) -> None:
    service.answer("part-4", Label.GOOD, None, "Eva")
    service.answer("part-3", Label.CANNOT_TELL, None, "Eva")
    service.answer("part-4", Label.DEFECT, None, "Eva")
    first = service.undo()
    assert first is not None and first.review is not None and first.review.label is Label.GOOD
    second = service.undo()
    assert second is not None and (second.part_number, second.review) == (3, None)
    assert service.undo() is not None
    assert service.undo() is None
    assert numbers(service) == [4, 2, 3, 6, 5]
    assert AuditLog(store).verify().reviews == 6
    messages = store.read(lambda session: OutboxRepository(session).unsent(20))
    assert [message.message_id for message in messages] == [f"review-{n}" for n in range(1, 7)]


def test_the_same_answer_again_changes_nothing(service: ReviewService, store: Store) -> None:
    service.answer("part-4", Label.GOOD, None, "Eva")
    service.answer("part-4", Label.GOOD, None, "Eva")
    assert AuditLog(store).verify().reviews == 1
    assert service.undo() is not None and service.undo() is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (Label.GOOD, "dent"),
        (Label.DEFECT, "Good"),
        (Label.DEFECT, "a\nb"),
        (Label.DEFECT, "x" * 65),
    ],
)
def test_a_class_name_that_makes_no_sense_is_refused(
    service: ReviewService, label: Label, name: str
) -> None:
    with pytest.raises(StoreError) as caught:
        service.answer("part-4", label, name, "Eva")
    assert caught.value.code == "review_class_name"


def test_an_unknown_part_is_refused(service: ReviewService) -> None:
    with pytest.raises(StoreError) as caught:
        service.answer("part-99", Label.GOOD, None, "Eva")
    assert caught.value.code == "inspection_missing"


def test_labelled_parts_come_in_the_order_of_the_answers(service: ReviewService) -> None:
    service.answer("part-5", Label.DEFECT, "dent", "Eva")
    service.answer("part-2", Label.GOOD, None, "Eva")
    service.answer("part-1", Label.CANNOT_TELL, None, "Eva")
    found = [(part.part_number, answer.label) for part, answer in service.labelled("bottle")]
    assert found == [(5, Label.DEFECT), (2, Label.GOOD), (1, Label.CANNOT_TELL)]
    assert service.labelled("cable") == []
