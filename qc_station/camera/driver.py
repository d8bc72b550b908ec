"""What an OpenCV driver really lets one set: exposure, gain, white balance, focus. Knows no Qt.

Drivers lie: ``set`` may say True and change nothing, ``get`` may answer 0 or -1 for what does not
exist. So a control counts only when a changed value can be read back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2

from qc_station.domain.camera_setup import Control, ControlSetting, ControlState

_STEPS = (1.0, -1.0, 10.0, -10.0, 100.0, -100.0)
"""Steps that are tried to see a value move: units and step sizes differ from driver to driver."""
_SWITCHES = ((1.0, 0.0), (3.0, 1.0), (0.75, 0.25))
"""Automatic on and off: most drivers; V4L2's exposure; DirectShow's exposure."""
_EXPOSURE_SWITCHES = ((3.0, 1.0), (0.75, 0.25), (1.0, 0.0))


class DriverLike(Protocol):
    """The part of cv2.VideoCapture that is used here."""

    def get(self, propId: int, /) -> float: ...
    def set(self, propId: int, value: float, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Property:
    value: int
    auto: int | None
    switches: tuple[tuple[float, float], ...] = _SWITCHES


_PROPERTIES = {
    Control.EXPOSURE: _Property(
        cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE, _EXPOSURE_SWITCHES
    ),
    Control.GAIN: _Property(cv2.CAP_PROP_GAIN, None),
    Control.WHITE_BALANCE: _Property(cv2.CAP_PROP_WB_TEMPERATURE, cv2.CAP_PROP_AUTO_WB),
    Control.FOCUS: _Property(cv2.CAP_PROP_FOCUS, cv2.CAP_PROP_AUTOFOCUS),
}


class DriverControls:
    """The controls of one open device, found once; afterwards set and read back."""

    def __init__(self, driver: DriverLike) -> None:
        """Tries every control and leaves it as it was."""
        self._driver = driver
        self._switches: dict[Control, tuple[float, float]] = {}
        self._found: list[Control] = []
        for control, prop in _PROPERTIES.items():
            if self._try(control, prop):
                self._found.append(control)

    def adjust(self, wanted: Sequence[ControlSetting]) -> tuple[ControlState, ...]:
        """Sets these; answers what every control of the driver says afterwards."""
        for setting in wanted:
            if setting.control not in self._found:
                continue
            prop = _PROPERTIES[setting.control]
            switch = self._switches.get(setting.control)
            if switch is not None and prop.auto is not None:
                self._driver.set(prop.auto, switch[0] if setting.auto else switch[1])
            if not setting.auto:
                self._driver.set(prop.value, setting.value)
        return tuple(self._state(control) for control in self._found)

    def _state(self, control: Control) -> ControlState:
        prop = _PROPERTIES[control]
        switch = self._switches.get(control)
        auto: bool | None = None
        if switch is not None and prop.auto is not None:
            auto = self._driver.get(prop.auto) == switch[0]
        return ControlState(control, float(self._driver.get(prop.value)), auto)

    def _try(self, control: Control, prop: _Property) -> bool:
        before = self._driver.get(prop.auto) if prop.auto is not None else 0.0
        switch = self._find_switch(prop)
        if switch is not None and prop.auto is not None:
            self._switches[control] = switch
            self._driver.set(prop.auto, switch[1])  # an automatic would refuse or undo a value
        moves = self._moves(prop.value)
        if switch is not None and prop.auto is not None:
            self._driver.set(prop.auto, before)
        return moves

    def _find_switch(self, prop: _Property) -> tuple[float, float] | None:
        if prop.auto is None:
            return None
        before = self._driver.get(prop.auto)
        for on, off in prop.switches:
            if before in (on, off) and all(self._takes(prop.auto, v) for v in (on, off)):
                self._driver.set(prop.auto, before)
                return on, off
        return None

    def _moves(self, prop: int) -> bool:
        before = self._driver.get(prop)
        if not math.isfinite(before):
            return False
        for step in _STEPS:
            self._driver.set(prop, before + step)
            if self._driver.get(prop) != before:
                self._driver.set(prop, before)
                return True
        return False

    def _takes(self, prop: int, value: float) -> bool:
        return bool(self._driver.set(prop, value)) and self._driver.get(prop) == value
