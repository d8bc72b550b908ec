"""The good patches that a part's most anomalous patch is nearest to: on request, as other
explanations. Must not import torch before it is asked for.

A patch memory judges by the distance to what it remembers of good parts; this shows what that is.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from engine.bundle import SOURCES_FILE, Bundle, Manifest, damaged
from engine.data.bank_sources import BankSources, middle
from engine.data.images import Placement
from engine.errors import EngineError
from engine.inference.comparison import Comparison, Neighbour, Seen
from engine.inference.explanation import NEAREST, Explanation
from engine.ipc.messages import NEIGHBOURS
from engine.models import cascade


class NearestExplainer:
    """Compares with the memory of one bundle; of a cascade, the expert's."""

    def __init__(self, bundle: Bundle) -> None:
        """Raises EngineError explanation_no_sources, bundle_damaged, explanation_unsupported."""
        from engine.models.nearest import NearestModel
        from engine.models.registry import restore_model

        self._bundle = bundle
        if bundle.manifest.model == cascade.NAME:
            bundle = bundle.part(cascade.EXPERT)
        self._sources = read_sources(bundle)
        self._explained = bundle.manifest
        self._model = NearestModel(restore_model(bundle), bundle.tensors.get("bank"))

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._bundle.manifest

    def explain(self, rgb: NDArray[np.uint8], target: str = "") -> Explanation:
        """The most anomalous patch in uint8 RGB [H, W, 3], marked in the evidence, and the nearest
        good ones; distances do not depend on ``target``, so one is refused."""
        from engine.inference.outputs import check_picture, fitted

        began = time.perf_counter()
        if target:
            raise EngineError(
                "explanation_class",
                "The nearest good patches are the same for every class; ask about the decision.",
                target=target,
            )
        check_picture(rgb)
        pixels, where = fitted(rgb, self._explained)
        grid = self._model.grid
        found = self._model.find(pixels, _inside(where, grid), NEIGHBOURS)
        x, y = middle(found.patch, grid)
        box = tuple(v / where.size for v in (where.left, where.top, where.width, where.height))
        part = Seen(pixels, x, y, 1.0 / grid, (box[0], box[1], box[2], box[3]))
        area = where.area
        comparison = Comparison(
            part,
            area.x + _share(x, box[0], box[2]) * area.width,
            area.y + _share(y, box[1], box[3]) * area.height,
            tuple(map(self._neighbour, found.rows, found.distances)),
        )
        return Explanation(
            NEAREST,
            target,
            self._evidence(found.patch, where),
            found.distances[0],
            time.perf_counter() - began,
            comparison=comparison,
        )

    def _neighbour(self, row: int, distance: float) -> Neighbour:
        sources, spot = self._sources, self._sources.spot(row)
        if spot is None:  # noted by nobody: learnt later
            return Neighbour(distance)
        try:
            square = sources.square(spot.picture)
        except ValueError as error:
            raise damaged(self._bundle.path, SOURCES_FILE) from error
        seen = None
        if square is not None:
            x, y = middle(int(sources.patch[row]), sources.grid)
            left, top, width, height = (float(value) for value in sources.boxes[spot.picture])
            seen = Seen(square, x, y, 1.0 / sources.grid, (left, top, width, height))
        return Neighbour(distance, spot.name, spot.x, spot.y, seen)

    def _evidence(self, patch: int, where: Placement) -> NDArray[np.float32]:
        """1 at the patch, 0 elsewhere, float32 [map_size, map_size], stretched like the picture."""
        plane = np.zeros((self._model.grid, self._model.grid), np.float32)
        plane[divmod(patch, self._model.grid)] = 1.0
        plane = plane.repeat(where.size // self._model.grid, 0)
        plane = plane.repeat(where.size // self._model.grid, 1)
        size = self.manifest.map_size
        return where.cut(plane, size, size)

    def close(self) -> None:
        """Free the model."""
        del self._model


def read_sources(bundle: Bundle) -> BankSources:
    """Where the rows of a bundle's bank come from. Raises EngineError explanation_no_sources for a
    bundle of an older program, bundle_damaged."""
    path = bundle.sources_path
    if path is None:
        raise EngineError(
            "explanation_no_sources",
            "This model was taught by an older program and does not remember which pictures its "
            "good patches come from; teach it again to see them.",
            model=bundle.manifest.model,
        )
    try:
        return BankSources.from_bytes(path.read_bytes())
    except (OSError, ValueError) as error:
        raise damaged(bundle.path, path.name) from error


def _inside(where: Placement, grid: int) -> NDArray[np.bool_]:
    """The patches whose middle lies in the picture, not in its reflected margin, bool [P]."""
    at = (np.arange(grid) + 0.5) / grid * where.size
    rows = (at >= where.top) & (at <= where.top + where.height)
    columns = (at >= where.left) & (at <= where.left + where.width)
    return (rows[:, np.newaxis] & columns).reshape(-1)


def _share(at: float, start: float, long: float) -> float:
    return min(max((at - start) / long, 0.0), 1.0)
