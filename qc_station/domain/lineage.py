"""Which model came from which, laid out for a picture. No Qt, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qc_station.domain.model_version import ModelVersion


class Standing(StrEnum):
    """What a version is to its product."""

    ACTIVE = "active"  # inspects
    EARLIER = "earlier"  # has inspected
    CANDIDATE = "candidate"  # never has


def standing(version: ModelVersion) -> Standing:
    """Active, earlier, or a candidate."""
    if version.active:
        return Standing.ACTIVE
    return Standing.CANDIDATE if version.activated_at is None else Standing.EARLIER


@dataclass(frozen=True, slots=True)
class Node:
    """A version's place: ``column`` by age (0 the oldest), ``lane`` by branch (0 the first);
    ``parent``: the column of the one it was made from, None where that is not in the library."""

    version: ModelVersion
    column: int
    lane: int
    parent: int | None


def lay_out(versions: Sequence[ModelVersion]) -> list[Node]:
    """Versions of one product from the oldest to the newest.

    The first one made from a version goes on in its lane, further ones and those without a parent
    begin a lane of their own.
    """
    nodes: list[Node] = []
    column_of: dict[str, int] = {}
    continued: set[int] = set()
    lanes = 0
    for column, version in enumerate(sorted(versions, key=lambda v: (v.created_at, v.model_id))):
        parent = column_of.get(version.parent) if version.parent is not None else None
        if parent is not None and parent not in continued:
            lane = nodes[parent].lane
            continued.add(parent)
        else:
            lane, lanes = lanes, lanes + 1
        nodes.append(Node(version, column, lane, parent))
        column_of[version.model_id] = column
    return nodes
