"""States of the engine process and of the station, as the window shows them. Pure vocabulary."""

from __future__ import annotations

from enum import StrEnum


class EngineState(StrEnum):
    """Where the inference process stands. Only READY with a loaded model answers parts."""

    STOPPED = "stopped"  # nobody asked for it, or it was stopped on purpose
    STARTING = "starting"  # the process runs, its greeting has not arrived
    LOADING = "loading"  # a bundle is being loaded and warmed up
    READY = "ready"  # listening; inspects if a model is loaded
    RESTARTING = "restarting"  # it died or went silent; the next start is due after the back-off
    FAILED = "failed"  # a restart would not help: bundle refused, program missing, other protocol
