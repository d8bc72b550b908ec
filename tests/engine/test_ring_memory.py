"""Pixels in shared memory between two processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.ipc.messages import RingSpec
from engine.ipc.ring import Ring, RingError

READER = """
import sys
from engine.ipc.messages import RingSpec
from engine.ipc.ring import Ring
ring = Ring.attach(RingSpec(sys.argv[1], 2, 4096), 5)
print(int(ring.read(1, 77).sum()), flush=True)
ring.write(0, 78, ring.view(1, 77))
if sys.argv[2] == "killed":
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def ring() -> Iterator[Ring]:
    made = Ring.create(2, 4096, generation=5)
    yield made
    made.close()


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.mark.parametrize("end", ["normal", "killed"])
def test_another_process_reads_and_answers_and_its_end_keeps_the_memory(
    ring: Ring, end: str
) -> None:
    pixels = picture()
    ring.write(1, 77, pixels)
    command = [sys.executable, "-c", READER, ring.spec.name, end]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert int(child.stdout) == int(pixels.sum())
    assert "leaked" not in child.stderr
    assert Path("/dev/shm", ring.spec.name).exists()
    assert np.array_equal(ring.read(0, 78), pixels)


def test_grey_planes_keep_their_shape(ring: Ring) -> None:
    plane = picture()[..., 0]
    ring.write(0, 1, plane)
    assert ring.read(0, 1).shape == (20, 30)


def test_a_slot_is_read_only_for_the_ticket_it_was_written_for(ring: Ring) -> None:
    ring.write(0, 1, picture())
    with pytest.raises(RingError) as caught:
        ring.read(0, 2)
    assert caught.value.code == "slot_stale"
    with pytest.raises(RingError, match="holds ticket 0"):
        ring.read(1, 1)


def test_a_process_of_another_generation_is_refused(ring: Ring) -> None:
    old = Ring.attach(ring.spec, generation=4)
    ring.write(0, 1, picture())
    with pytest.raises(RingError, match="generation 5, not ticket 1 of generation 4"):
        old.read(0, 1)
    old.write(0, 1, picture())
    with pytest.raises(RingError, match="generation 4"):
        ring.read(0, 1)
    old.close()


def test_views_cannot_be_written(ring: Ring) -> None:
    ring.write(0, 1, picture())
    with pytest.raises(ValueError):
        ring.view(0, 1)[0, 0, 0] = 1


def test_wrong_slots_sizes_and_types_are_refused(ring: Ring) -> None:
    with pytest.raises(RingError) as caught:
        ring.write(0, 1, np.zeros((40, 40, 3), np.uint8))
    assert caught.value.code == "slot_too_small"
    with pytest.raises(RingError):
        ring.write(2, 1, picture())
    with pytest.raises(ValueError):
        ring.write(0, 1, np.zeros((4, 4), np.float32))


def test_close_deletes_the_segment_once_and_later_use_says_so() -> None:
    ring = Ring.create(1, 64, 1)
    spec = ring.spec
    ring.close()
    ring.close()
    assert not Path("/dev/shm", spec.name).exists()
    with pytest.raises(RingError, match="closed"):
        ring.read(0, 1)
    with pytest.raises(RingError, match="does not exist"):
        Ring.attach(spec, 1)


def test_a_segment_smaller_than_announced_is_refused(ring: Ring) -> None:
    with pytest.raises(RingError, match="instead of"):
        Ring.attach(RingSpec(ring.spec.name, 100, 4096), 5)


def test_more_memory_than_there_is_is_an_error_not_a_bus_error() -> None:
    with pytest.raises(RingError) as caught:
        Ring.create(4, 1 << 42, 1)
    assert caught.value.code == "ring_no_memory"
