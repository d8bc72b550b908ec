"""When the running shift and the day began. Pure arithmetic on local clock times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


def shift_start(now: datetime, starts: Sequence[str], zone: tzinfo | None = None) -> datetime:
    """The latest shift start not after ``now``, as aware UTC.

    ``now`` is aware; ``starts`` are local times of the day ("06:00"), ``zone`` the local time
    zone (None: the computer's).
    """
    local = now.astimezone(zone)
    candidates = [
        _at(local, time.fromisoformat(start), days, zone) for start in starts for days in (0, 1)
    ]
    past = [moment for moment in candidates if moment <= now]
    return max(past) if past else day_start(now, zone)


@dataclass(frozen=True, slots=True)
class Shift:
    """From ``start`` (included) to ``end`` (excluded), aware UTC."""

    start: datetime
    end: datetime


def shift_at(now: datetime, starts: Sequence[str], zone: tzinfo | None = None) -> Shift:
    """The shift that ``now`` lies in; the one before it lies at its start less a moment."""
    start = shift_start(now, starts, zone)
    local = start.astimezone(zone)
    following = [
        _at(local, time.fromisoformat(at), days, zone) for at in starts for days in (0, -1)
    ]
    return Shift(start, min(moment for moment in following if moment > start))


def shift_before(shift: Shift, starts: Sequence[str], zone: tzinfo | None = None) -> Shift:
    """The shift that ended when this one began."""
    return shift_at(shift.start - timedelta(seconds=1), starts, zone)


def shifts_of(day: date, starts: Sequence[str], zone: tzinfo | None = None) -> list[Shift]:
    """The shifts that begin on a local day, in their order."""
    noon = datetime.combine(day, time(12, 0))
    local = noon.astimezone() if zone is None else noon.replace(tzinfo=zone)
    return [shift_at(_at(local, time.fromisoformat(at), 0, zone), starts, zone) for at in starts]


def day_start(now: datetime, zone: tzinfo | None = None) -> datetime:
    """The last local midnight, as aware UTC."""
    return _at(now.astimezone(zone), time(0, 0), 0, zone)


def _at(local: datetime, clock: time, days_ago: int, zone: tzinfo | None) -> datetime:
    naive = datetime.combine(local.date() - timedelta(days=days_ago), clock)
    aware = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return aware.astimezone(UTC)
