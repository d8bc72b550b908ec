"""Which of a part's answers contradict each other. Pure: knows no tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from db.records import ReviewRecord


def standing_answers(rows: Iterable[ReviewRecord]) -> list[ReviewRecord]:
    """The answers of a part that were not withdrawn, in their order."""
    found = list(rows)
    withdrawn = {row.withdraws for row in found}
    return [row for row in found if row.label is not None and row.seq not in withdrawn]


def open_dispute(answers: Sequence[ReviewRecord]) -> tuple[ReviewRecord, ...]:
    """The last answers of the experts who disagree, the newest last; empty without a dispute.

    Two experts disagree when label or class of their last answers differ. The next answer after
    that decides, whoever gives it; whoever answers later may disagree with the decision.
    """
    last: dict[str, ReviewRecord] = {}
    disputed = False
    for answer in answers:
        if disputed:
            last, disputed = {answer.reviewer: answer}, False
            continue
        last.pop(answer.reviewer, None)
        disputed = any(contradict(answer, other) for other in last.values())
        last[answer.reviewer] = answer
    return tuple(last.values()) if disputed else ()


def contradict(one: ReviewRecord, other: ReviewRecord) -> bool:
    """Whether two answers say different things of a part."""
    return (one.label, one.class_name) != (other.label, other.class_name)
