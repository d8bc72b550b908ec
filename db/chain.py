"""Hash chains over appended rows: a changed, moved or missing row is found. Knows no tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.errors import StoreError

GENESIS = "0" * 64


class ChainLock(IntEnum):
    """Keys of PostgreSQL's advisory locks; one per chain."""

    REVIEWS = 0x51430001
    AUDIT = 0x51430002
    MASKS = 0x51430003
    OVERRIDES = 0x51430004
    REPEATS = 0x51430005


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a chain as it is stored."""

    seq: int
    content: Mapping[str, object]
    previous_hash: str
    hash: str


def canonical_json(content: Mapping[str, object]) -> str:
    """The one spelling of ``content``: sorted keys, no spaces, UTF-8, times as UTC ISO text."""
    return json.dumps(
        content,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=_plain,
    )


def link_hash(previous_hash: str, content: Mapping[str, object]) -> str:
    """sha256 over the previous hash and the canonical JSON of the row."""
    return hashlib.sha256((previous_hash + canonical_json(content)).encode()).hexdigest()


def lock_chain(session: Session, lock: ChainLock) -> None:
    """Keep other writers from appending until the commit; SQLite's BEGIN IMMEDIATE did already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(lock)})


def verify_links(name: str, links: Iterable[Link]) -> int:
    """Check a chain from its first row; how many rows. StoreError chain_broken names the first."""
    previous, count = GENESIS, 0
    for link in links:
        count += 1
        whole = (
            link.seq == count
            and link.previous_hash == previous
            and link.hash == link_hash(previous, link.content)
        )
        if not whole:
            raise StoreError(
                "chain_broken",
                f"Row {count} of the {name} was changed or removed after it was written.",
                chain=name,
                row=count,
            )
        previous = link.hash
    return count


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")
