"""Bouncing contacts and scanners that type, told apart from fingers by time."""

from __future__ import annotations

import pytest

from qc_station.domain.keys import CODE_MAX, Debounce, Wedge


@pytest.mark.parametrize(
    ("edges", "parts"),
    [
        ("+0 -200 +400 -600", 2),
        ("+0 -2 +5 -9 +14 -300", 1),  # bounces while it closes
        ("+0 -300 +304 -309 +320 -330", 1),  # bounces while it opens
        ("+0 +45 +90 +135", 1),  # each bounce is close to the one before
        ("+0 -10 +60 -70", 2),
    ],
)
def test_a_bouncing_contact_is_one_part(edges: str, parts: int) -> None:
    contact = Debounce()
    pressed = 0
    for edge in edges.split():
        if edge[0] == "+":
            pressed += contact.pressed(float(edge[1:]))
        else:
            contact.released(float(edge[1:]))
    assert pressed == parts


def test_a_clock_that_starts_again_swallows_nothing() -> None:
    contact = Debounce()
    assert contact.pressed(1_000_000) and contact.pressed(5)


def typed(wedge: Wedge, text: str, gap_ms: float, start_ms: float = 1000.0) -> float:
    for index, character in enumerate(text):
        wedge.add(character, start_ms + index * gap_ms)
    return start_ms + len(text) * gap_ms


@pytest.mark.parametrize("gap_ms", [0, 1, 20, 60])
def test_a_scanner_types_faster_than_fingers(gap_ms: float) -> None:
    wedge = Wedge()
    assert wedge.end(typed(wedge, "SN-4711 A", gap_ms)) == "SN-4711 A"


def test_fingers_type_no_code() -> None:
    wedge = Wedge()
    assert wedge.end(typed(wedge, "SN-4711", 90)) is None
    assert wedge.end(typed(wedge, "ab", 5)) is None, "two keys at once are no code"
    end = typed(wedge, "SN-4711", 5)
    assert wedge.end(end + 400) is None, "Enter came from a finger"
    assert wedge.end(end + 410) is None


def test_what_was_typed_before_a_scan_is_no_part_of_it() -> None:
    wedge = Wedge()
    typed(wedge, "hh", 100, start_ms=0)
    assert wedge.end(typed(wedge, "SN-4711", 5)) == "SN-4711"


def test_half_a_code_is_told_and_never_taken_for_a_code() -> None:
    wedge = Wedge()
    end = typed(wedge, "SN-4", 5)
    assert wedge.end(typed(wedge, "711", 5, start_ms=end + 150)) == ""
    assert wedge.end(typed(wedge, "SN-4711", 5, start_ms=5000)) == "SN-4711"


def test_a_code_without_an_end_is_told_as_well() -> None:
    wedge = Wedge()
    assert wedge.end(typed(wedge, "x" * (CODE_MAX + 1), 1)) == ""


def test_the_first_character_does_not_yet_belong_to_a_code() -> None:
    wedge = Wedge()
    assert not wedge.add("H", 0)
    assert wedge.add("A", 10)
    assert not wedge.follows(2000)
