"""How a product's camera was set up: driver controls, commissioning baseline, drift. Pure data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SHARP_FROM = 0.6
"""Share of the baseline's focus index below which a picture counts as blurred. Parts differ by
some tenths; a fingerprint on the lens or a lens out of focus takes more than half of it."""
DARK_BELOW, BRIGHT_ABOVE = 0.75, 1.33
"""Shares of the baseline's brightness that a picture may have."""


class Control(StrEnum):
    """What a driver may let somebody set."""

    EXPOSURE = "exposure"
    GAIN = "gain"
    WHITE_BALANCE = "white_balance"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class ControlSetting:
    """What somebody wants: the driver's automatic, or this value in the driver's own unit."""

    control: Control
    value: float
    auto: bool = False


@dataclass(frozen=True, slots=True)
class ControlState:
    """What the driver says it does. ``auto`` is None where it offers no automatic."""

    control: Control
    value: float
    auto: bool | None = None

    def follows(self, wanted: ControlSetting) -> bool:
        """Whether the driver took what was wanted; drivers round values."""
        if wanted.auto:
            return self.auto is True
        near = math.isclose(self.value, wanted.value, rel_tol=0.02, abs_tol=1.0)
        return near and self.auto is not True


class Drift(StrEnum):
    """How pictures have moved away from the baseline; the values are codes for the screen."""

    NONE = ""
    BLURRED = "camera_blurred"
    DARK = "camera_dark"
    BRIGHT = "camera_bright"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Focus index (>= 0) and brightness [0, 1] while the picture was good; ``set_at`` aware UTC."""

    focus: float
    brightness: float
    set_at: datetime
    set_by: str

    def drift(self, focus: float | None, brightness: float | None) -> Drift:
        """What is wrong with pictures of these figures. Light first: it also changes focus."""
        if brightness is not None and brightness < self.brightness * DARK_BELOW:
            return Drift.DARK
        if brightness is not None and brightness > self.brightness * BRIGHT_ABOVE:
            return Drift.BRIGHT
        if focus is not None and focus < self.focus * SHARP_FROM:
            return Drift.BLURRED
        return Drift.NONE


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """Belongs to one product and one camera address; says nothing of another camera."""

    camera: str
    controls: tuple[ControlSetting, ...] = ()
    baseline: Baseline | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON values; ``from_json`` reads it again."""
        baseline = self.baseline
        return {
            "camera": self.camera,
            "controls": [
                {"control": c.control.value, "value": c.value, "auto": c.auto}
                for c in self.controls
            ],
            "baseline": baseline
            and {
                "focus": baseline.focus,
                "brightness": baseline.brightness,
                "set_at": baseline.set_at.isoformat(),
                "set_by": baseline.set_by,
            },
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CameraSetup:
        """A stored set-up; controls that this program does not know are left out."""
        known = {control.value for control in Control}
        baseline = values.get("baseline")
        return cls(
            values["camera"],
            tuple(
                ControlSetting(Control(c["control"]), float(c["value"]), bool(c["auto"]))
                for c in values.get("controls", ())
                if c["control"] in known
            ),
            Baseline(
                float(baseline["focus"]),
                float(baseline["brightness"]),
                datetime.fromisoformat(baseline["set_at"]),
                baseline["set_by"],
            )
            if baseline
            else None,
        )
