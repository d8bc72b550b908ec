"""Pixels in shared memory: a ring of fixed slots. Must not know messages, models or Qt.

The station creates a ring, the engine attaches to it. A slot holds a header and one array of
uint8; the header carries the ring's generation and a ticket, so that whoever reads a slot knows
that it was written for this very request. Each engine process gets rings of its own: a process
that outlives its place writes into memory nobody reads any more.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import struct
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ipc.messages import RingSpec

_HEADER = struct.Struct("<8sQQIIII")  # magic, generation, ticket, height, width, channels, spare
_HEADER_BYTES = 64  # keeps pixels aligned to a cache line
_MAGIC = b"QCSLOT\x00\x01"
_EMPTY = b"\x00" * _HEADER.size
_LINUX_FOLDER = Path("/dev/shm")
NAME_PREFIX = "qcs-"


class RingError(Exception):
    """A slot cannot be written or read; the sentence says why.

    Codes: ring_gone, ring_no_memory, slot_range, slot_too_small, slot_stale.
    """

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(message)
        self.code = code
        self.params: dict[str, Any] = params


class Ring:
    """One shared-memory segment of ``spec.slots`` slots with ``spec.slot_bytes`` pixels each."""

    def __init__(self, memory: SharedMemory, spec: RingSpec, generation: int, owner: bool) -> None:
        self._memory: SharedMemory | None = memory
        self._owner = owner
        self.spec = spec
        self.generation = generation

    @classmethod
    def create(cls, slots: int, slot_bytes: int, generation: int) -> Ring:
        """A new ring, its memory reserved now: a full /dev/shm is RingError(ring_no_memory) here
        and not a bus error at the first write."""
        size = slots * (_HEADER_BYTES + slot_bytes)
        name = f"{NAME_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            memory = SharedMemory(name, create=True, size=size)
        except OSError as error:
            raise _no_memory(size) from error
        try:
            _reserve(name, size)
        except OSError as error:
            memory.close()
            memory.unlink()
            raise _no_memory(size) from error
        return cls(memory, RingSpec(name, slots, slot_bytes), generation, owner=True)

    @classmethod
    def attach(cls, spec: RingSpec, generation: int) -> Ring:
        """The ring another process created; this process will never delete it."""
        try:
            memory = _open_untracked(spec.name)
        except OSError as error:
            raise RingError(
                "ring_gone", f"The shared memory {spec.name} does not exist.", name=spec.name
            ) from error
        needed = spec.slots * (_HEADER_BYTES + spec.slot_bytes)
        if memory.size < needed:
            memory.close()
            raise RingError(
                "ring_gone",
                f"The shared memory {spec.name} has {memory.size} bytes instead of {needed}.",
                name=spec.name,
            )
        return cls(memory, spec, generation, owner=False)

    def write(self, slot: int, ticket: int, pixels: NDArray[np.uint8]) -> None:
        """Copy uint8 [h, w] or [h, w, 3] into a slot. The header is written last, so that a
        writer killed half-way leaves a slot that nobody accepts."""
        if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
            raise ValueError(f"a slot takes uint8 [h, w] or [h, w, c], not {pixels.dtype}")
        if pixels.nbytes > self.spec.slot_bytes:
            raise RingError(
                "slot_too_small",
                f"A picture of {pixels.nbytes} bytes does not fit a slot of "
                f"{self.spec.slot_bytes} bytes.",
                needed=pixels.nbytes,
                slot_bytes=self.spec.slot_bytes,
            )
        start = self._start(slot)
        buffer = self._buffer()
        buffer[start : start + _HEADER.size] = _EMPTY
        height, width = pixels.shape[:2]
        channels = pixels.shape[2] if pixels.ndim == 3 else 0
        target = np.ndarray(pixels.shape, np.uint8, buffer, start + _HEADER_BYTES)
        np.copyto(target, pixels)
        _HEADER.pack_into(
            buffer, start, _MAGIC, self.generation, ticket, height, width, channels, 0
        )

    def read(self, slot: int, ticket: int) -> NDArray[np.uint8]:
        """A copy of the slot's array; RingError(slot_stale) unless it was written for ticket."""
        view = self.view(slot, ticket)
        return view.copy()

    def view(self, slot: int, ticket: int) -> NDArray[np.uint8]:
        """Like read without the copy: read-only, and valid only until the slot is answered.
        Drop it before ``close``."""
        start = self._start(slot)
        buffer = self._buffer()
        magic, generation, found, height, width, channels, _ = _HEADER.unpack_from(buffer, start)
        if magic != _MAGIC or generation != self.generation or found != ticket:
            raise RingError(
                "slot_stale",
                f"Slot {slot} holds ticket {found} of generation {generation}, not ticket "
                f"{ticket} of generation {self.generation}.",
                slot=slot,
            )
        shape = (height, width, channels) if channels else (height, width)
        if height * width * max(channels, 1) > self.spec.slot_bytes:
            raise RingError("slot_stale", f"Slot {slot} has an impossible header.", slot=slot)
        array: NDArray[np.uint8] = np.ndarray(shape, np.uint8, buffer, start + _HEADER_BYTES)
        array.flags.writeable = False
        return array

    def close(self) -> None:
        """Detach, and delete the segment if this process created it. Can be called twice."""
        memory, self._memory = self._memory, None
        if memory is None:
            return
        # A view somebody still holds keeps the mapping until it is dropped, not the name.
        with contextlib.suppress(BufferError):
            memory.close()
        if self._owner:
            with contextlib.suppress(FileNotFoundError):
                memory.unlink()

    def _buffer(self) -> memoryview:
        buffer = self._memory.buf if self._memory is not None else None
        if buffer is None:
            raise RingError("ring_gone", f"The shared memory {self.spec.name} is closed.")
        return buffer

    def _start(self, slot: int) -> int:
        if not 0 <= slot < self.spec.slots:
            raise RingError("slot_range", f"There is no slot {slot}.", slot=slot)
        return slot * (_HEADER_BYTES + self.spec.slot_bytes)


def _reserve(name: str, size: int) -> None:
    """Make the kernel set the pages aside (Linux; elsewhere segments are committed at once)."""
    if not sys.platform.startswith("linux"):
        return
    descriptor = os.open(_LINUX_FOLDER / name, os.O_RDWR)
    try:
        os.posix_fallocate(descriptor, 0, size)
    finally:
        os.close(descriptor)


def _no_memory(size: int) -> RingError:
    return RingError(
        "ring_no_memory",
        f"{size / 2**20:.0f} MiB of shared memory could not be had; enlarge /dev/shm or use "
        "smaller pictures.",
        bytes=size,
    )


def _open_untracked(name: str) -> SharedMemory:
    """Attach without the resource tracker, which would delete the segment when this process ends
    (before Python 3.13 attaching registers too, and starts a tracker process for it)."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    with _no_tracker():
        return SharedMemory(name)


@contextlib.contextmanager
def _no_tracker() -> Iterator[None]:
    """Only for the engine's command thread, which is the only one there that attaches."""
    register = resource_tracker.register
    resource_tracker.register = lambda *_: None
    try:
        yield
    finally:
        resource_tracker.register = register
