"""What an expert paints on one part: regions, each with a class and a mask. numpy only.

Every finished operation is one step of a bounded history. A step keeps, for each region that it
changed, the class before and after and which pixels of one rectangle changed, one bit for each:
taking a step back and doing it again are the same exclusive or.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qc_station.domain.mask_shapes import Box, Patch, everything

UNNAMED = "anomaly"
"""Class of a region whose defect has no name yet; the same word as in a snapshot."""

STEPS_KEPT = 200
MOST_REGIONS = 99


@dataclass(frozen=True, slots=True, eq=False)
class MaskRegion:
    """One region as it is kept: ``plane`` is uint8 [H, W], 1 inside and 0 outside."""

    number: int
    class_name: str
    plane: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class RegionChange:
    """What became of one region; ``plane`` is a copy, None when the region is gone."""

    number: int
    class_name: str | None
    plane: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Delta:
    """One region's share of a step; a class of None: the region was not there."""

    number: int
    before: str | None
    after: str | None
    box: Box | None
    toggled: NDArray[np.uint8]  # packed bits of the box


@dataclass(slots=True, eq=False)
class _Stroke:
    """A step that is still going on: the pixels toggled so far, by region."""

    before: dict[int, str | None]
    toggled: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)


class Annotation:
    """The regions of one picture and how they came about. Numbers are never given twice."""

    def __init__(
        self, height: int, width: int, regions: Iterable[MaskRegion] = (), next_number: int = 1
    ) -> None:
        """``next_number`` is above every number that this part's regions ever had."""
        self.shape = (height, width)
        self._planes: dict[int, NDArray[np.uint8]] = {}
        self._classes: dict[int, str] = {}
        self._next = next_number
        for region in regions:
            if region.plane.shape != self.shape:
                raise ValueError(f"a mask of {region.plane.shape} for a picture of {self.shape}")
            self._planes[region.number] = region.plane.copy()
            self._classes[region.number] = region.class_name
            self._next = max(self._next, region.number + 1)
        self._done: list[tuple[_Delta, ...]] = []
        self._undone: list[tuple[_Delta, ...]] = []
        self._stroke: _Stroke | None = None

    # ---- what there is --------------------------------------------------------------------

    @property
    def numbers(self) -> list[int]:
        """Regions in the order of their numbers."""
        return sorted(self._planes)

    @property
    def full(self) -> bool:
        """Whether no further region can be begun."""
        return len(self._planes) >= MOST_REGIONS

    def class_of(self, number: int) -> str:
        """The class of a region; KeyError when there is none."""
        return self._classes[number]

    def plane(self, number: int) -> NDArray[np.uint8]:
        """The mask of a region, uint8 [H, W] of 0 and 1; a view, to be read only."""
        return self._planes[number]

    def area(self, number: int) -> int:
        """Pixels of a region."""
        return int(np.count_nonzero(self._planes[number]))

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step that was taken back can be done again."""
        return bool(self._undone)

    def changes(self, numbers: Iterable[int]) -> tuple[RegionChange, ...]:
        """These regions as they are now, as copies that another thread may keep."""
        return tuple(
            RegionChange(number, self._classes[number], self._planes[number].copy())
            if number in self._planes
            else RegionChange(number, None, None)
            for number in numbers
        )

    # ---- painting -------------------------------------------------------------------------

    def begin(self, number: int | None, class_name: str) -> int:
        """Begins a step that paints a region (None: a new one of this class); its number."""
        self.end()
        self._stroke = _Stroke({n: self._classes[n] for n in self._planes})
        if number is None or number not in self._planes:
            number = self._next
            self._next += 1
            self._stroke.before[number] = None
            self._planes[number] = np.zeros(self.shape, np.uint8)
            self._classes[number] = class_name
        return number

    def begin_erasing(self) -> None:
        """Begins a step that takes paint away from every region."""
        self.end()
        self._stroke = _Stroke({n: self._classes[n] for n in self._planes})

    def paint(self, number: int, patch: Patch | None) -> Box | None:
        """Adds pixels to a region within a step; the rectangle that changed."""
        return self._put(number, patch, 1)

    def erase(self, patch: Patch | None) -> Box | None:
        """Takes pixels away from every region within a step; the rectangle that changed."""
        changed: Box | None = None
        for number in self.numbers:
            box = self._put(number, patch, 0)
            changed = box.union(changed) if box is not None else changed
        return changed

    def end(self) -> list[int]:
        """Ends the step; the regions it changed. Regions without a pixel are gone."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return []
        deltas = []
        for number, before in stroke.before.items():
            box = stroke.boxes.get(number)
            if not self._planes[number].any():
                self._drop(number)
            if box is not None:
                bits = np.packbits(stroke.toggled[number][box.slices])
                deltas.append(_Delta(number, before, self._classes.get(number), box, bits))
        return self._keep(tuple(deltas))

    def give_up(self) -> list[int]:
        """Ends the step as if it had not been; the regions it had changed."""
        return self._swap(self._done.pop(), back=True) if self.end() else []

    def delete(self, number: int) -> list[int]:
        """Removes a region; the regions changed."""
        self.end()
        whole = everything(self._planes[number] != 0)
        bits = np.packbits(whole.bits) if whole is not None else np.zeros(0, np.uint8)
        box = whole.box if whole is not None else None
        delta = _Delta(number, self._classes[number], None, box, bits)
        self._drop(number)
        return self._keep((delta,))

    def rename(self, number: int, class_name: str) -> list[int]:
        """Gives a region another class; the regions changed."""
        self.end()
        before = self._classes[number]
        if before == class_name:
            return []
        self._classes[number] = class_name
        return self._keep((_Delta(number, before, class_name, None, np.zeros(0, np.uint8)),))

    def undo(self) -> list[int]:
        """Takes the last step back; the regions changed."""
        self.end()
        if not self._done:
            return []
        step = self._done.pop()
        self._undone.append(step)
        return self._swap(step, back=True)

    def redo(self) -> list[int]:
        """Does the step again that was taken back last; the regions changed."""
        self.end()
        if not self._undone:
            return []
        step = self._undone.pop()
        self._done.append(step)
        return self._swap(step, back=False)

    # ---- within ---------------------------------------------------------------------------

    def _put(self, number: int, patch: Patch | None, value: int) -> Box | None:
        if patch is None or self._stroke is None:
            return None
        here = self._planes[number][patch.box.slices]
        toggled = patch.bits & (here != value)
        if not toggled.any():
            return None
        here[toggled] = value
        stroke = self._stroke
        if number not in stroke.toggled:
            stroke.toggled[number] = np.zeros(self.shape, bool)
        stroke.toggled[number][patch.box.slices] ^= toggled
        stroke.boxes[number] = patch.box.union(stroke.boxes.get(number))
        return patch.box

    def _keep(self, step: tuple[_Delta, ...]) -> list[int]:
        if step:
            self._done = [*self._done[1 - STEPS_KEPT :], step]
            self._undone = []
        return [delta.number for delta in step]

    def _swap(self, step: tuple[_Delta, ...], *, back: bool) -> list[int]:
        for delta in step:
            number = delta.number
            name = delta.before if back else delta.after
            plane = self._planes.setdefault(number, np.zeros(self.shape, np.uint8))
            if delta.box is not None:
                rows, columns = delta.box.shape
                bits = np.unpackbits(delta.toggled, count=rows * columns)
                plane[delta.box.slices] ^= bits.reshape(rows, columns)
            if name is None:
                self._drop(number)
            else:
                self._classes[number] = name
        return [delta.number for delta in step]

    def _drop(self, number: int) -> None:
        self._planes.pop(number, None)
        self._classes.pop(number, None)
