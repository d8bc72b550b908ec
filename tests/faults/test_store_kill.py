"""A process killed at any step of writing a part leaves a log that says what happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from store_support import STEPS, make_frame, make_heatmap, make_part

from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.store import Store
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.inspection_records import to_inspection
from qc_station.services.verdict_writer import VerdictWriter

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_writer_is_swept(tmp_path: Path, step: str) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "store_support", str(tmp_path), step],
        cwd=ROOT,
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == -9, child.stderr
    assert "acknowledged" in child.stdout

    store = Store.open(tmp_path / "station.sqlite3")
    try:
        images = ImageStore(tmp_path / "images")
        writer = VerdictWriter(store, images, "1")
        assert writer.sweep() == (0 if step == "committed" else 1)
        assert writer.sweep() == 0
        records = [
            store.read(lambda s, i=i: InspectionRepository(s).get(f"part-{i}")) for i in (1, 2)
        ]
        first, second = (to_inspection(record) for record in records if record is not None)
        assert first.verdict is Verdict.OK and first.image_path and first.heatmap_path
        assert np.array_equal(images.read(first.image_path), make_frame(1).pixels)
        assert np.array_equal(images.read_heatmap(first.heatmap_path), make_heatmap(1))
        if step == "committed":
            assert second.verdict is Verdict.NG
        else:
            assert (second.verdict, second.reason) == (Verdict.NOT_INSPECTED, Reason.INTERRUPTED)
        if step in {"announced", "half_picture"}:
            assert second.image_path is None
        else:
            assert second.image_path is not None
            assert np.array_equal(images.read(second.image_path), make_frame(2).pixels)
        kept = {part.heatmap_path for part in (first, second)} | {
            part.image_path for part in (first, second)
        }
        files = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("images/**/*.png")}
        assert files == kept - {None}, "every file belongs to a row"
        messages = store.read(lambda s: OutboxRepository(s).unsent(10))
        assert [message.payload["part_number"] for message in messages] == [1, 2]
        again = writer.write(make_part(2), make_frame(2).pixels, None)
        assert again == second, "a verdict that is written is never overwritten"
    finally:
        store.close()
