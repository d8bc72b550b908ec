"""Names of lots, typed or scanned. Pure text: knows no log."""

from __future__ import annotations

LONGEST_LOT = 64


def lot_name(text: str) -> str:
    """A lot's name as it is written down: without control characters of a scanner, one space
    between words; empty for no lot. Raises ValueError for more than LONGEST_LOT characters.
    """
    spaced = "".join(character if character.isprintable() else " " for character in text)
    name = " ".join(spaced.split())
    if len(name) > LONGEST_LOT:
        raise ValueError(f"the name of a lot has at most {LONGEST_LOT} characters")
    return name
