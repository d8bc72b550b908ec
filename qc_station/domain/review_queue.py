"""What an expert is asked first: expected cost, diversity, random OK parts, hidden repeats.

Pure: knows no clock, no log and no window. Costs are in units of one false alarm.

Order. A part waits with the expected cost of the machine's answer being wrong. The limits say how
probable a defect is: 5 % at the OK limit, 95 % at the NG limit, a straight line between them.
- REVIEW between the limits: the cost of the cheaper of both answers, min(p·escape, (1−p)·alarm).
- REVIEW for any other reason: the limits say nothing of the part, so p is the one at which both
  answers cost the same, escape·alarm / (escape + alarm), which is the most there is.
- NG: (1−p)·alarm, where 1−p falls from 5 % at the NG limit as limit / score (50 % without a
  limit), and p·(1−class confidence)·wrong class where the machine named a class.
OK parts do not wait by cost: those below the limit are asked about by chance only, see ``drawn``.

Diversity. Parts are alike when product, class and score (in tenths of the NG limit) are the same
and less than ten minutes lie between them. The next part is the one with the largest cost divided
by one plus the number of parts like it among those chosen before it and the last twenty answered.

Random OK parts. Every fifth question is one, in an order of their own that is random, too: were
they ordered by score, the answered ones would no longer be a fair sample of all OK parts.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Inspection, Reason, Review, Verdict

AT_THE_LIMIT = 0.05
"""How often the machine is wrong at a limit; limits are set for this rate by default."""
ALIKE_WITHIN = timedelta(minutes=10)
SCORE_BINS = 10
REMEMBERED = 20
DRAWN_EVERY = 5


class Rank(IntEnum):
    """Why a part is in the queue; the values are those of the database."""

    NOT_ASKED = 0
    BY_COST = 1
    DRAWN = 2


class Show(StrEnum):
    """Which part of the queue an expert wants to see."""

    ALL = "all"
    MINE = "mine"  # parts that a colleague gave to me
    DISPUTED = "disputed"  # parts whose experts disagree


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which waiting parts; ``parts`` narrows them as in the history."""

    show: Show = Show.ALL
    parts: HistoryFilter = field(default_factory=HistoryFilter)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """Costs in false alarms, shares in [0, 1]; ``key`` makes the draws those of one station."""

    escape_cost: float = 10.0
    false_alarm_cost: float = 1.0
    wrong_class_cost: float = 0.5
    ok_share: float = 0.0
    repeat_share: float = 0.0
    key: str = ""


NO_DRAWS = QueueRules()
"""Default costs, and nobody is asked about OK parts or twice."""


@dataclass(frozen=True, slots=True)
class PartNote:
    """What an expert is to know of a part: who asks, and which answers contradict each other."""

    asked_by: str = ""
    given_to: str = ""
    dispute: tuple[Review, ...] = ()

    def takes_part(self, reviewer: str) -> bool:
        """Whether the reviewer is one of those who disagree."""
        return any(review.reviewer == reviewer for review in self.dispute)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting part as the order sees it. ``level`` is the score in tenths of the NG limit."""

    inspection_id: str
    kind: tuple[str, str | None, int | None]
    captured_at: datetime
    cost: float = 0.0
    drawn: bool = False


def expected_cost(part: Inspection, rules: QueueRules) -> float:
    """Expected cost of the machine's answer, in the unit of the costs; 0 for other verdicts."""
    escape, alarm = rules.escape_cost, rules.false_alarm_cost
    if part.verdict is Verdict.NG:
        good = _good_beyond(part)
        confidence = 1.0 if part.class_confidence is None else part.class_confidence
        wrong_class = (1.0 - good) * (1.0 - confidence) if part.class_name else 0.0
        return good * alarm + wrong_class * rules.wrong_class_cost
    if part.verdict is not Verdict.REVIEW:
        return 0.0
    defect = _defect_between(part)
    if defect is None:
        return escape * alarm / (escape + alarm) if escape + alarm > 0.0 else 0.0
    return min(defect * escape, (1.0 - defect) * alarm)


def place(part: Inspection, rules: QueueRules) -> tuple[Rank, float]:
    """Rank and weight of a part that is being written down."""
    if part.verdict in (Verdict.REVIEW, Verdict.NG):
        return Rank.BY_COST, expected_cost(part, rules)
    if part.verdict is Verdict.OK and part.image_path is not None:
        draw = uniform(rules.key, "ok", part.inspection_id)
        if draw < rules.ok_share:
            return Rank.DRAWN, 1.0 - draw
    return Rank.NOT_ASKED, 0.0


def uniform(key: str, purpose: str, subject: str) -> float:
    """A number in [0, 1) that only the key, the purpose and the subject decide (BLAKE2b, 53 bits).

    Uniform over subjects, and independent of everything the machine said of a part.
    """
    digest = hashlib.blake2b(
        f"{purpose}\x00{subject}".encode(), digest_size=8, key=key.encode()[:64]
    ).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2.0**53


def kind_of(
    recipe: str, class_name: str | None, score: float | None, ng_limit: float | None
) -> tuple[str, str | None, int | None]:
    """What makes parts alike but for the time: product, class, score in tenths of the NG limit."""
    if score is None or ng_limit is None or ng_limit <= 0.0:
        return recipe, class_name, None
    return recipe, class_name, int(SCORE_BINS * score / ng_limit)


def deal(
    waiting: Iterable[Candidate],
    drawn: Sequence[Candidate],
    answered: Iterable[Candidate],
    limit: int,
) -> list[Candidate]:
    """The order in which parts are asked about; see the head of this module.

    ``waiting`` have costs, ``drawn`` are in their random order, ``answered`` are the last ones,
    oldest first. At most ``limit`` parts.
    """
    left = sorted(waiting, key=lambda one: -one.cost)
    seen = deque(answered, maxlen=REMEMBERED)
    alike = [sum(_alike(one, other) for other in seen) for one in left]
    since = _since_drawn(seen)
    random = deque(drawn)
    order: list[Candidate] = []
    while len(order) < limit and (left or random):
        if random and (since >= DRAWN_EVERY - 1 or not left):
            order.append(random.popleft())
            since = 0
            continue
        best = max(range(len(left)), key=lambda at: left[at].cost / (1 + alike[at]))
        chosen = left.pop(best)
        alike.pop(best)
        for at, other in enumerate(left):
            alike[at] += _alike(chosen, other)
        order.append(chosen)
        since += 1
    return order


def _since_drawn(answered: Sequence[Candidate]) -> int:
    since = 0
    for one in reversed(answered):
        if one.drawn:
            break
        since += 1
    return since


def _alike(one: Candidate, other: Candidate) -> bool:
    near = abs(one.captured_at - other.captured_at) < ALIKE_WITHIN
    return near and one.kind == other.kind


def _good_beyond(part: Inspection) -> float:
    score, limit = part.score, part.ng_limit
    if score is None or limit is None or not 0.0 <= limit <= score or score <= 0.0:
        return 0.5
    return AT_THE_LIMIT * limit / score


def _defect_between(part: Inspection) -> float | None:
    score, low, high = part.score, part.ok_limit, part.ng_limit
    if part.reason is not Reason.BETWEEN_LIMITS or score is None or low is None or high is None:
        return None
    if not low < high or not low <= score <= high:
        return None
    return AT_THE_LIMIT + (1.0 - 2.0 * AT_THE_LIMIT) * (score - low) / (high - low)
