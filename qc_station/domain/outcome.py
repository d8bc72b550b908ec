"""What the engine answered for one part, before it is written down. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Inspection, Reason, Region, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Engine's answer. ``heatmap`` is a uint8 [h, w] plane (0 normal … 255 strongly anomalous)."""

    verdict: Verdict
    reason: Reason
    detail: str = ""
    model_id: str | None = None
    score: float | None = None
    p_value: float | None = None
    ok_limit: float | None = None
    ng_limit: float | None = None
    class_name: str | None = None
    class_confidence: float | None = None
    regions: tuple[Region, ...] = ()
    heatmap: NDArray[np.uint8] | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePart:
    """A good part that others are compared with by eye; ``pixels`` are uint8 RGB [H, W, 3]."""

    inspection: Inspection
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PartResult:
    """A written-down part with the pixels it was judged on: the heatmap belongs to this frame."""

    inspection: Inspection
    frame: Frame
    heatmap: NDArray[np.uint8] | None
