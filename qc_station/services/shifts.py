"""When the running shift and the day began. Pure arithmetic on local clock times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo


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


def day_start(now: datetime, zone: tzinfo | None = None) -> datetime:
    """The last local midnight, as aware UTC."""
    return _at(now.astimezone(zone), time(0, 0), 0, zone)


def _at(local: datetime, clock: time, days_ago: int, zone: tzinfo | None) -> datetime:
    naive = datetime.combine(local.date() - timedelta(days=days_ago), clock)
    aware = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return aware.astimezone(UTC)
