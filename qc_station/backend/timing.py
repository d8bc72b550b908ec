"""How patient the supervisor is with the engine process. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupervisorTiming:
    """Patience in seconds. While it starts or loads the engine may be silent for longer: the
    import of a large library holds the interpreter lock and with it the heartbeat."""

    silence_s: float = 1.0
    start_silence_s: float = 30.0
    load_silence_s: float = 30.0
    load_limit_s: float = 180.0
    first_backoff_s: float = 0.2
    last_backoff_s: float = 10.0
    stable_s: float = 10.0  # ready for this long: the next fault starts with the first back-off
