"""Finds a command by a few letters of its name. Knows neither widgets nor what a command does."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Something to ask for: its name, where it belongs, its keys, and why it is refused now.

    ``refusal`` is empty when it can run.
    """

    name: str
    place: str
    keys: str
    refusal: str
    run: Callable[[], object]
    checked: bool = False


def plain(text: str) -> str:
    """Small letters without accents, as they are typed in a hurry."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def fits(query: str, text: str) -> float | None:
    """How well ``text`` answers ``query``, higher is better; None: not at all.

    Every word of the query must occur: as it stands, or letter after letter beginning at the
    start of a word.
    """
    total, where = 0.0, plain(text)
    for word in plain(query).split():
        best = _fits_word(word, where)
        if best is None:
            return None
        total += best
    return total - len(where) / 1000


def found(query: str, commands: Iterable[Command]) -> list[Command]:
    """The commands that fit, best first; all in their order where nothing is asked."""
    if not query.strip():
        return list(commands)
    rated = [
        (score, command)
        for command in commands
        if (score := fits(query, f"{command.name} {command.place}")) is not None
    ]
    return [command for _score, command in sorted(rated, key=lambda pair: -pair[0])]


def _fits_word(word: str, text: str) -> float | None:
    at = text.find(word)
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            return 3.0 + (1.0 if at == 0 else 0.0)  # the beginning of a word, of the name
        at = text.find(word, at + 1)
    if word in text:
        return 2.0
    starts = [i for i, c in enumerate(text) if c == word[0] and (i == 0 or text[i - 1] == " ")]
    scattered = [_scattered(word, text[start:]) for start in starts]
    return max((score for score in scattered if score is not None), default=None)


def _scattered(word: str, text: str) -> float | None:
    """Letters in this order with others between; 0 … 1, more for initials and runs."""
    at, good = -1, 0
    for letter in word:
        following = text.find(letter, at + 1)
        if following < 0:
            return None
        good += following == at + 1 or text[following - 1] == " "
        at = following
    return good / len(word)
