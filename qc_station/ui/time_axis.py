"""Labels of a plot's time axis: round local times, few enough to be read. No widgets."""

from __future__ import annotations

from datetime import datetime, timedelta

from qc_station.domain.time_buckets import bucket_step, round_times
from qc_station.ui.time_words import clock, day

MOST_LABELS = 7


def time_ticks(start: datetime, end: datetime) -> tuple[tuple[float, str], ...]:
    """(seconds since 1970, label): hours within two days, days beyond."""
    step = bucket_step(start, end, MOST_LABELS)
    write = clock if step < timedelta(days=1) and end - start <= timedelta(days=2) else day
    return tuple(
        (moment.timestamp(), write(moment))
        for moment in round_times(start, end, step)
        if start <= moment <= end
    )
