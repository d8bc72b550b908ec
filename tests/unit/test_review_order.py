"""Expected cost, diversity and draws, as arithmetic without a database."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean

import pytest
from store_support import NOON, make_part

from qc_station.domain.consistency import consistency
from qc_station.domain.quality_figures import Share
from qc_station.domain.review_queue import (
    Candidate,
    QueueRules,
    Rank,
    deal,
    expected_cost,
    kind_of,
    place,
    uniform,
)
from qc_station.domain.verdict import Inspection, Reason, Verdict

RULES = QueueRules()


def review(score: float | None, reason: Reason = Reason.BETWEEN_LIMITS) -> Inspection:
    part: Inspection = make_part(1, verdict=Verdict.REVIEW, reason=reason, score=score)
    return part


def ng(score: float | None, name: str | None = None, confidence: float | None = None) -> Inspection:
    part: Inspection = make_part(
        1, verdict=Verdict.NG, score=score, class_name=name, class_confidence=confidence
    )
    return part


def test_a_review_costs_what_the_cheaper_answer_would_cost() -> None:
    assert expected_cost(review(2.0), RULES) == pytest.approx(0.05 * 10)
    assert expected_cost(review(3.0), RULES) == pytest.approx(0.05 * 1)
    assert expected_cost(review(2.5), RULES) == pytest.approx(0.5)
    most = max(expected_cost(review(2.0 + step / 1000), RULES) for step in range(1001))
    assert most == pytest.approx(10 / 11, abs=0.01)
    for unknown in (review(9.0, Reason.NOVEL), review(None), review(1.0)):
        assert expected_cost(unknown, RULES) == pytest.approx(10 / 11)
    assert expected_cost(review(9.0, Reason.NOVEL), QueueRules(0.0, 0.0)) == 0.0


def test_an_ng_costs_less_the_clearer_it_is() -> None:
    assert expected_cost(ng(3.0), RULES) == pytest.approx(0.05)
    assert expected_cost(ng(6.0), RULES) == pytest.approx(0.025)
    assert expected_cost(ng(None), RULES) == pytest.approx(0.5)
    assert expected_cost(ng(3.0, "dent", 0.6), RULES) == pytest.approx(0.05 + 0.95 * 0.4 * 0.5)
    assert expected_cost(ng(3.0, "dent"), RULES) == pytest.approx(0.05)
    assert expected_cost(make_part(1), RULES) == 0.0


def test_costs_change_the_order() -> None:
    near_ok, near_ng = review(2.02), review(2.9)
    assert expected_cost(near_ok, RULES) > expected_cost(near_ng, RULES)
    cheap_escape = QueueRules(escape_cost=0.1)
    assert expected_cost(near_ok, cheap_escape) < expected_cost(near_ng, cheap_escape)


def test_ok_parts_are_drawn_by_chance_whatever_their_score() -> None:
    rules = QueueRules(ok_share=0.05, key="station")
    drawn: list[float] = []
    for number in range(20_000):
        part = make_part(number, score=1.0 if number % 2 else 0.1, image_path="x.png")
        rank, weight = place(part, rules)
        if rank is Rank.DRAWN:
            assert 0.95 < weight <= 1.0
            drawn.append(number % 2)
        assert place(part, rules) == (rank, weight)
    assert len(drawn) / 20_000 == pytest.approx(0.05, abs=0.005)
    assert mean(drawn) == pytest.approx(0.5, abs=0.05)


def test_only_ok_parts_with_a_picture_are_drawn() -> None:
    everything = QueueRules(ok_share=1.0)
    assert place(make_part(1, image_path="x.png"), everything)[0] is Rank.DRAWN
    assert place(make_part(1), everything) == (Rank.NOT_ASKED, 0.0)
    assert place(make_part(1, verdict=Verdict.NOT_INSPECTED), everything)[0] is Rank.NOT_ASKED
    assert place(ng(4.0), everything)[0] is Rank.BY_COST
    nothing = QueueRules(ok_share=0.0)
    assert place(make_part(1, image_path="x.png"), nothing)[0] is Rank.NOT_ASKED


def test_draws_of_two_stations_are_not_the_same() -> None:
    one = [uniform("a", "ok", str(number)) for number in range(1000)]
    assert one == [uniform("a", "ok", str(number)) for number in range(1000)]
    assert one != [uniform("b", "ok", str(number)) for number in range(1000)]
    assert one != [uniform("a", "repeat", str(number)) for number in range(1000)]
    assert all(0.0 <= draw < 1.0 for draw in one)


def candidate(name: str, cost: float = 0.5, minutes: float = 0.0, kind: str = "a") -> Candidate:
    return Candidate(name, (kind, None, None), NOON + timedelta(minutes=minutes), cost)


def names(order: list[Candidate]) -> list[str]:
    return [one.inspection_id for one in order]


def test_the_most_expensive_first_but_not_twenty_of_a_kind() -> None:
    run = [candidate(f"run{number}", 0.9, number / 10) for number in range(20)]
    other = [candidate("other", 0.4, kind="b"), candidate("later", 0.4, minutes=60)]
    order = names(deal([*run, *other], [], [], 50))
    assert order[0] == "run0" and set(order[2:4]) == {"other", "later"}
    assert len(order) == 22 == len(set(order))
    assert names(deal([*run, *other], [], [], 2)) == order[:2]


def test_what_was_answered_before_counts_as_chosen() -> None:
    run = [candidate(f"run{number}", 0.9) for number in range(3)]
    other = candidate("other", 0.4, kind="b")
    assert names(deal([*run, other], [], [candidate("x"), candidate("y")], 9))[0] == "other"


def test_every_fifth_question_is_a_random_ok_part() -> None:
    waiting = [candidate(f"w{number}", kind=str(number)) for number in range(9)]
    drawn = [Candidate(f"d{number}", ("a", None, None), NOON, 0.0, True) for number in range(4)]
    order = names(deal(waiting, drawn, [], 50))
    assert [at for at, name in enumerate(order) if name[0] == "d"] == [4, 9, 11, 12]
    assert [name for name in order if name[0] == "d"] == ["d0", "d1", "d2", "d3"]
    three = [candidate("x", kind="x"), candidate("y", kind="y"), candidate("z", kind="z")]
    assert names(deal(waiting, drawn, three, 9)).index("d0") == 1
    assert names(deal(waiting, drawn, [*three, drawn[0]], 9)).index("d0") == 4


def test_kinds_are_product_class_and_tenths_of_the_limit() -> None:
    assert kind_of("cable", "dent", 2.45, 3.0) == ("cable", "dent", 8)
    assert kind_of("cable", None, None, 3.0) == kind_of("cable", None, 1.0, 0.0)
    assert kind_of("cable", None, 0.0, 3.0) == ("cable", None, 0)


def test_agreement_and_kappa_of_a_reviewer_with_themselves() -> None:
    pairs = [("g", "g")] * 20 + [("g", "d")] * 5 + [("d", "g")] * 10 + [("d", "d")] * 15
    found = consistency("Ann", pairs)
    assert found.agreed == Share(35, 50)
    assert found.kappa == pytest.approx(0.4)  # the textbook's table
    assert consistency("Ann", []).kappa is None
    always = consistency("Ann", [("g", "g")] * 9)
    assert always.agreed == Share(9, 9) and always.kappa is None
    assert consistency("Ann", [("g", "d"), ("d", "g")]).kappa == pytest.approx(-1.0)
