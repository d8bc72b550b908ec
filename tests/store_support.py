"""Parts and stores for the tests of the log; also run as a child process that is killed.

``python store_support.py HOME STEP`` writes part 1, then kills itself with SIGKILL at STEP of
writing part 2: announced, half_picture, picture, heatmap, in_transaction, committed.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.repositories.inspections import InspectionRepository
from db.store import Store
from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Inspection, Reason, Region, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_writer import VerdictWriter

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEPS = ("announced", "half_picture", "picture", "heatmap", "in_transaction", "committed")


def make_part(number: int, **changes: Any) -> Inspection:
    """Part ``number``, captured that many seconds after noon, OK unless said otherwise."""
    values: dict[str, Any] = {
        "inspection_id": f"part-{number}",
        "part_number": number,
        "captured_at": NOON + timedelta(seconds=number),
        "decided_at": NOON + timedelta(seconds=number, milliseconds=40),
        "camera": "folder:/pictures",
        "source": f"{number:03}.png",
        "truth": "good",
        "recipe": "bottle",
        "model_id": "patch_memory-1",
        "verdict": Verdict.OK,
        "reason": Reason.BELOW_OK_LIMIT,
        "detail": "",
        "score": 1.25,
        "p_value": 0.5,
        "ok_limit": 2.0,
        "ng_limit": 3.0,
        "class_name": None,
        "class_confidence": None,
        "regions": (Region(0.1, 0.2, 0.3, 0.4, 5.5),),
        "latency_ms": 12.5,
        "image_path": None,
        "heatmap_path": None,
    }
    return Inspection(**{**values, **changes})


def make_frame(number: int, size: int = 64) -> Frame:
    """A noisy frame, so that its PNG is about as large as its pixels."""
    pixels = np.random.default_rng(number).integers(0, 256, (size, size, 3), dtype=np.uint8)
    pixels.setflags(write=False)
    captured = NOON + timedelta(seconds=number)
    return Frame(number, pixels, captured, float(number), "folder:/pictures")


def make_heatmap(number: int, size: int = 16) -> NDArray[np.uint8]:
    """A noisy heatmap."""
    return np.random.default_rng(number).integers(0, 256, (size, size), dtype=np.uint8)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DyingImages(ImageStore):
    step = ""

    def write(self, inspection_id: str, pixels: NDArray[np.uint8], day: Any) -> str:
        if self.step == "announced":
            _die()
        if self.step == "half_picture":
            half = self.root / ".incoming" / f"{inspection_id}.png"
            half.write_bytes(b"\x89PNG\r\n\x1a\n")
            _die()
        path = super().write(inspection_id, pixels, day)
        if self.step == "picture":
            _die()
        return path

    def write_heatmap(self, inspection_id: str, heatmap: NDArray[np.uint8], day: Any) -> str:
        path = super().write_heatmap(inspection_id, heatmap, day)
        if self.step == "heatmap":
            _die()
        return path


def main(home: Path, step: str) -> None:
    """Write part 1, die while writing part 2."""
    store = Store.open(home / "station.sqlite3")
    images = _DyingImages(home / "images")
    writer = VerdictWriter(store, images, "1")
    writer.write(make_part(1), make_frame(1).pixels, make_heatmap(1))
    sys.stdout.write("part 1 is acknowledged\n")
    sys.stdout.flush()
    images.step = step
    if step == "in_transaction":
        remove = InspectionRepository.remove_intent

        def dying(self: InspectionRepository, inspection_id: str) -> None:
            remove(self, inspection_id)
            _die()

        InspectionRepository.remove_intent = dying  # type: ignore[method-assign]
    writer.write(make_part(2, verdict=Verdict.NG), make_frame(2).pixels, make_heatmap(2))
    _die()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
