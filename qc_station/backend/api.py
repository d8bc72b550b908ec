"""What the services may expect of an inspector, whoever stands behind it. Knows no process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance

from qc_station.domain.frame import Frame


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """The model that answers parts.

    Limits are raw scores and those that decide: the recipe's where ``limits_given``, else the
    model's own, None where its set supports none.
    """

    model_id: str
    model: str
    product: str
    classes: tuple[str, ...]
    ok_limit: float | None
    ng_limit: float | None
    device: str
    warm_up_ms: float
    path: Path
    map_width: int = 256
    map_height: int = 256
    limits_given: bool = False


class InspectorLike(Protocol):
    """Judges parts. ``answered(int part, Outcome)`` comes exactly once for each accepted part.

    It never comes from inside ``inspect``; ``close`` answers whatever is still pending before it
    returns (NOT_INSPECTED), and later parts are answered ENGINE_DOWN. GUI thread only.
    """

    @property
    def answered(self) -> SignalInstance: ...

    @property
    def pending(self) -> int:
        """Parts accepted and not answered yet."""
        ...

    def inspect(self, part: int, frame: Frame, deadline_s: float) -> None:
        """Accept a part; ValueError if a part of this number is pending."""
        ...

    def close(self) -> None: ...
