"""The pair of shared-memory rings one engine process works with. Knows no queue and no verdict."""

from __future__ import annotations

from engine.ipc.messages import Attach
from engine.ipc.ring import Ring, RingError

_ROUND_BYTES = 1 << 16


class SlotPair:
    """A frame ring and a map ring with the same slot numbers, and which of them are free.

    A slot is free again only after its request was answered, late or not.
    """

    def __init__(self, generation: int, slots: int, frame_bytes: int, map_bytes: int) -> None:
        """Raises RingError(ring_no_memory)."""
        self.generation = generation
        self.frames = Ring.create(slots, _round(frame_bytes), generation)
        try:
            self.maps = Ring.create(slots, _round(map_bytes), generation)
        except RingError:
            self.frames.close()
            raise
        self._free = list(range(slots))

    def fits(self, generation: int, frame_bytes: int, map_bytes: int) -> bool:
        """Whether the rings belong to this process and are large enough."""
        return (
            generation == self.generation
            and frame_bytes <= self.frames.spec.slot_bytes
            and map_bytes <= self.maps.spec.slot_bytes
        )

    @property
    def attach(self) -> Attach:
        """The request that makes the engine use these rings."""
        return Attach(self.generation, self.frames.spec, self.maps.spec)

    @property
    def has_free(self) -> bool:
        """Whether a slot can be taken."""
        return bool(self._free)

    @property
    def idle(self) -> bool:
        """Whether no slot is taken."""
        return len(self._free) == self.frames.spec.slots

    def take(self) -> int:
        """A free slot."""
        return self._free.pop(0)

    def give_back(self, slot: int) -> None:
        """The request of this slot was answered."""
        self._free.append(slot)

    def close(self) -> None:
        """Delete both segments."""
        self.frames.close()
        self.maps.close()


def _round(size: int) -> int:
    return max(1, -(-size // _ROUND_BYTES)) * _ROUND_BYTES
