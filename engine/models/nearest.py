"""Which rows of its memory a model finds nearest to a patch. Must not know files or pictures.

The graph that judges keeps no index of the nearest row, since finding it takes five times the
minimum; here it is found for one patch, when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.errors import EngineError
from engine.models.patch_memory import PatchMemory
from engine.models.probed import Probed


@dataclass(frozen=True, slots=True)
class Nearest:
    """``patch`` is the most anomalous one of those asked about, ``rows`` the nearest of the memory,
    the nearest first, with their raw ``distances`` by the map's levels."""

    patch: int
    rows: tuple[int, ...]
    distances: tuple[float, ...]


class NearestModel:
    """The memory inside a model, on the CPU, and its bank."""

    def __init__(self, model: nn.Module, bank: NDArray[np.float32] | None) -> None:
        """Raises EngineError explanation_unsupported."""
        memory = model.memory if isinstance(model, Probed) else model
        if not isinstance(memory, PatchMemory) or bank is None:
            raise EngineError(
                "explanation_unsupported",
                "This model has no memory of good patches to compare with; choose occlusion.",
            )
        self._memory = memory
        self._bank = torch.from_numpy(np.array(bank))

    @property
    def grid(self) -> int:
        """Patches along an edge of the model's input."""
        return self._memory.grid

    @torch.inference_mode()
    def find(self, pixels: NDArray[np.uint8], asked: NDArray[np.bool_], count: int) -> Nearest:
        """For the patch farthest from the memory, by the levels that draw the map, among those
        ``asked`` about (bool [P]): its ``count`` nearest rows. ``pixels`` is uint8 [S, S, 3]."""
        memory, bank = self._memory, self._bank
        patches = memory.patches(torch.from_numpy(pixels).unsqueeze(0))
        _, fine = memory.search(patches, bank)
        distance = fine[0].masked_fill(~torch.from_numpy(asked), -1.0)
        patch = int(distance.argmax())
        levels = memory.fine_dimension
        gaps = (bank[:, :levels] - patches[0, patch, :levels]).pow(2).sum(1).sqrt()
        nearest = gaps.topk(min(count, len(gaps)), largest=False)
        return Nearest(patch, tuple(nearest.indices.tolist()), tuple(nearest.values.tolist()))
