"""How long the next log-in has to wait after failures. Pure rules over one database row.

An attempt is counted before it is checked, so that ending the program during the check gives
nobody a free guess; a success clears the count.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from db.records import LogInAttemptRecord
from db.repositories.users import LogInAttemptRepository
from db.store import Session

DELAYS_S = (1, 2, 4, 8)
"""After the first failures in a row, in seconds."""
LOCK_OUT_FIRST_S = 300
LOCK_OUT_LONGEST_S = 3600
FORGOTTEN_AFTER = timedelta(hours=24)


def delay_s(failures: int) -> int:
    """Seconds to wait after so many failures in a row; from the fifth on it is a lock-out."""
    if failures <= 0:
        return 0
    if failures <= len(DELAYS_S):
        return DELAYS_S[failures - 1]
    doublings = min(failures - len(DELAYS_S) - 1, 10)
    return min(LOCK_OUT_FIRST_S << doublings, LOCK_OUT_LONGEST_S)


def locked_out(failures: int) -> bool:
    """Whether so many failures are a lock-out and not only a delay."""
    return failures > len(DELAYS_S)


def begin(session: Session, subject: str, now: datetime) -> tuple[int, int]:
    """Counts an attempt: (seconds still to wait, failures if this one fails, too).

    Whoever has to wait is not counted. A clock that was set back cannot lengthen a wait.
    """
    attempts = LogInAttemptRepository(session)
    attempts.forget_before(now - FORGOTTEN_AFTER)
    known = attempts.get(subject)
    failures = known.failures if known else 0
    if known is not None and known.last_at > now:
        known = LogInAttemptRecord(
            subject, failures, now, now + timedelta(seconds=delay_s(failures))
        )
        attempts.put(known)
    if known is not None and known.blocked_until > now:
        return math.ceil((known.blocked_until - now).total_seconds()), failures
    failures += 1
    until = now + timedelta(seconds=delay_s(failures))
    attempts.put(LogInAttemptRecord(subject, failures, now, until))
    return 0, failures
