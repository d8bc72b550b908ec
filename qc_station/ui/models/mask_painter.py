"""The painting tools as a state machine over one annotation. Knows points and keys of no widget.

The canvas tells where the pointer is; what changed is told by signals. Whatever is painted goes to
the chosen region, or begins a new one where none is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from qc_station.domain.annotation import UNNAMED, Annotation
from qc_station.domain.mask_shapes import (
    Patch,
    Point,
    connected,
    everything,
    hole_around,
    polygon,
    stretched,
    stroke,
)

SMALLEST, LARGEST = 1, 400
FIRST_SIZE_SHARE = 0.03
"""Of the picture's longer side: the brush that a part begins with."""

DEFECT_LEVEL = 127
"""The engine scales a heatmap so that a region counts above this value."""


class Tool(StrEnum):
    """What the hand holds."""

    BRUSH = "brush"
    ERASER = "eraser"
    POLYGON = "polygon"
    FILL = "fill"
    MODEL = "model"  # accept the model's region


class Refusal(StrEnum):
    """Why nothing was painted."""

    NOT_CLOSED = "not_closed"
    NO_HEATMAP = "no_heatmap"
    NOTHING_HOT = "nothing_hot"
    TOO_MANY = "too_many"
    TOO_SMALL = "too_small"


class MaskPainter(QObject):
    """``touched`` while a stroke goes on, ``changed`` with the regions of each finished step."""

    touched = Signal(object)  # Box
    changed = Signal(object)  # list of region numbers
    state_changed = Signal()  # tool, chosen region, class, brush, threshold, corners
    refused = Signal(object)  # Refusal

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.annotation: Annotation | None = None
        self.tool: Tool | None = None
        self.chosen: int | None = None
        self.class_name = UNNAMED
        self.size = 12
        self.threshold = DEFECT_LEVEL
        self.corners: list[Point] = []
        self._heat: NDArray[np.uint8] | None = None
        self._plane: NDArray[np.uint8] | None = None
        self._sized_for: tuple[int, int] | None = None
        self._last: Point | None = None  # of the stroke that goes on
        self._painting = 0  # the region it paints

    # ---- what is painted on ---------------------------------------------------------------

    def open(
        self,
        annotation: Annotation,
        heatmap: NDArray[np.uint8] | None,
        class_name: str | None,
    ) -> None:
        """Another part: its regions, its heatmap uint8 [h, w], what the machine calls it."""
        self.close()
        self.annotation = annotation
        self._plane = heatmap
        self.class_name = class_name or UNNAMED
        if annotation.numbers:
            self.chosen = annotation.numbers[0]
            self.class_name = annotation.class_of(self.chosen)
        if self._sized_for != annotation.shape:
            self._sized_for = annotation.shape
            self.size = max(3, round(max(annotation.shape) * FIRST_SIZE_SHARE))
        highest = int(heatmap.max()) if heatmap is not None else 0
        self.threshold = DEFECT_LEVEL if highest >= DEFECT_LEVEL else max(1, highest * 4 // 5)
        self.state_changed.emit()

    def close(self) -> None:
        """The part goes; a stroke that goes on is finished, the tool is put down."""
        self.release()
        self.annotation = self._heat = self._plane = self.chosen = self._last = self.tool = None
        self.corners = []
        self.state_changed.emit()

    @property
    def stroking(self) -> bool:
        """Whether a stroke is going on."""
        return self._last is not None

    def model_mask(self) -> NDArray[np.bool_] | None:
        """What the heatmap calls defective at this threshold, bool [H, W]."""
        if self._heat is None and self._plane is not None and self.annotation is not None:
            self._heat = stretched(self._plane, self.annotation.shape)
        return None if self._heat is None else self._heat >= self.threshold

    # ---- choosing -------------------------------------------------------------------------

    def take(self, tool: Tool | None) -> None:
        """Takes a tool in hand, or puts it down."""
        if tool is not None and self.annotation is None:
            return
        self.release()
        self.corners = []
        self.tool = tool
        if tool is Tool.MODEL and self.model_mask() is None:
            self.refused.emit(Refusal.NO_HEATMAP)
        self.state_changed.emit()

    def resize(self, size: int) -> None:
        """The diameter of brush and eraser in pixels of the picture."""
        self.size = min(LARGEST, max(SMALLEST, size))
        self.state_changed.emit()

    def set_threshold(self, threshold: int) -> None:
        """From which heat on the model's region is taken, 1 … 255."""
        self.threshold = min(255, max(1, threshold))
        self.state_changed.emit()

    def choose(self, number: int | None) -> None:
        """The region that is painted next; None: a new one."""
        self.release()
        if self.annotation is None or (number is not None and number not in self.regions):
            return
        self.chosen = number
        if number is not None:
            self.class_name = self.annotation.class_of(number)
        self.state_changed.emit()

    def choose_next(self) -> None:
        """The region after the chosen one, round and round."""
        after = [n for n in self.regions if self.chosen is not None and n > self.chosen]
        if self.regions:
            self.choose((after or self.regions)[0])

    @property
    def regions(self) -> Sequence[int]:
        """Region numbers of the part."""
        return self.annotation.numbers if self.annotation is not None else ()

    def name(self, class_name: str) -> None:
        """The class of the chosen region, or of the next one; a stroke ends first."""
        self.release()
        self.class_name = class_name
        if self.annotation is not None and self.chosen is not None:
            self._tell(self.annotation.rename(self.chosen, class_name))
        self.state_changed.emit()

    # ---- the pointer ----------------------------------------------------------------------

    def press(self, at: Point) -> None:
        """Puts the tool down at a point."""
        if self.annotation is None or self.stroking:
            return
        if self.tool in (Tool.BRUSH, Tool.ERASER):
            if self.tool is Tool.ERASER:
                self.annotation.begin_erasing()
            elif not self._begin():
                return
            self._last = at
            self.move(at)
        elif self.tool is Tool.POLYGON:
            self.corners = [*self.corners, at]
            self.state_changed.emit()
        elif self.tool is Tool.FILL:
            self._fill(at)
        elif self.tool is Tool.MODEL:
            self._take_model(at)

    def move(self, at: Point) -> None:
        """Draws on to a point while the brush is down."""
        if self.annotation is None or self._last is None:
            return
        patch = stroke(self._last, at, self.size, self.annotation.shape)
        if self.tool is Tool.ERASER:
            box = self.annotation.erase(patch)
        else:
            box = self.annotation.paint(self._painting, patch)
        self._last = at
        if box is not None:
            self.touched.emit(box)

    def release(self) -> None:
        """Lifts the brush: the stroke is finished."""
        if self.annotation is not None and self._last is not None:
            self._last = None
            self._tell(self.annotation.end())

    # ---- finishing, taking back -----------------------------------------------------------

    def finish(self) -> None:
        """Closes the polygon, or takes all that the model calls defective."""
        if self.tool is Tool.POLYGON and self.corners and self.annotation is not None:
            corners, self.corners = self.corners, []
            patch = polygon(corners, self.annotation.shape)
            if patch is None:
                self.refused.emit(Refusal.TOO_SMALL)
            self._add(patch)
        elif self.tool is Tool.MODEL:
            self._take_model(None)

    def drop_corner(self) -> bool:
        """Takes the last corner of the polygon back; False when there was none."""
        dropped = bool(self.corners)
        self.corners = self.corners[:-1]
        self.state_changed.emit()
        return dropped

    def back_out(self) -> bool:
        """Gives up the polygon or stroke that goes on; False when there was none."""
        busy = self.stroking or bool(self.corners)
        if self.stroking and self.annotation is not None:
            self._last = None
            self._tell(self.annotation.give_up())
        self.corners = []
        self.state_changed.emit()
        return busy

    def delete(self) -> None:
        """Removes the chosen region."""
        self.release()
        if self.annotation is not None and self.chosen is not None:
            self._tell(self.annotation.delete(self.chosen))

    def undo(self) -> None:
        """Takes the last step back; of a polygon, its last corner."""
        if self.annotation is not None and not self.drop_corner():
            self._last = None
            self._tell(self.annotation.undo())

    def redo(self) -> None:
        """Does the step again that was taken back."""
        if self.annotation is not None and not self.stroking:
            self._tell(self.annotation.redo())

    # ---- within ---------------------------------------------------------------------------

    def _begin(self) -> bool:
        assert self.annotation is not None
        if self.chosen is None and self.annotation.full:
            self.refused.emit(Refusal.TOO_MANY)
            return False
        self._painting = self.annotation.begin(self.chosen, self.class_name)
        return True

    def _add(self, patch: Patch | None) -> None:
        if patch is not None and self.annotation is not None and self._begin():
            self.annotation.paint(self._painting, patch)
            self._tell(self.annotation.end())
        self.state_changed.emit()

    def _fill(self, at: Point) -> None:
        assert self.annotation is not None
        row, column = self._pixel(at)
        others = [number for number in self.regions if number != self.chosen]
        for number in (*([self.chosen] if self.chosen is not None else []), *others):
            hole = hole_around(self.annotation.plane(number) != 0, row, column)
            if hole is not None:
                self.choose(number)
                self._add(hole)
                return
        self.refused.emit(Refusal.NOT_CLOSED)

    def _take_model(self, at: Point | None) -> None:
        mask = self.model_mask()
        if mask is None:
            self.refused.emit(Refusal.NO_HEATMAP)
            return
        patch = connected(mask, *self._pixel(at)) if at is not None else everything(mask)
        if patch is None:
            self.refused.emit(Refusal.NOTHING_HOT)
        self._add(patch)

    def _pixel(self, at: Point) -> tuple[int, int]:
        assert self.annotation is not None
        height, width = self.annotation.shape
        return min(height - 1, max(0, int(at[1]))), min(width - 1, max(0, int(at[0])))

    def _tell(self, numbers: list[int]) -> None:
        """After a step: the chosen region is one that is there, and everybody hears of it."""
        if self.annotation is None:
            return
        there = [number for number in numbers if number in self.regions]
        if there and self.chosen not in there and self.tool is not Tool.ERASER:
            self.chosen = there[-1]
        if self.chosen not in self.regions:
            self.chosen = self.regions[-1] if self.regions else None
        if self.chosen is not None:
            self.class_name = self.annotation.class_of(self.chosen)
        if numbers:
            self.changed.emit(numbers)
        self.state_changed.emit()
