"""Pictures come back bit for bit, and only from the store's own folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from store_support import make_frame, make_heatmap

from db.errors import StoreError
from qc_station.services.image_store import ImageStore

DAY = date(2026, 11, 22)


def test_pictures_and_heatmaps_are_lossless(tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "images")
    pixels, heatmap = make_frame(1).pixels, make_heatmap(1)
    picture_path = store.write("part-1", pixels, DAY)
    heatmap_path = store.write_heatmap("part-1", heatmap, DAY)
    assert (picture_path, heatmap_path) == (
        "images/2026/11/22/part-1.png",
        "images/2026/11/22/part-1.heatmap.png",
    )
    assert np.array_equal(store.read(picture_path), pixels)
    assert np.array_equal(store.read_heatmap(heatmap_path), heatmap)
    assert list((tmp_path / "images/.incoming").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a\\b", "x" * 200])
def test_an_unsafe_id_never_becomes_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError) as caught:
        ImageStore(tmp_path / "images").plan(name, DAY)
    assert caught.value.code == "inspection_id_unsafe"


@pytest.mark.parametrize("path", ["/etc/passwd", "images/../../x.png", "other/x.png", ""])
def test_nothing_outside_is_read(tmp_path: Path, path: str) -> None:
    with pytest.raises(StoreError) as caught:
        ImageStore(tmp_path / "images").read(path)
    assert caught.value.code == "picture_missing"


def test_wrong_arrays_are_refused(tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "images")
    with pytest.raises(ValueError, match="uint8"):
        store.write("part-1", np.zeros((4, 4), np.uint8), DAY)
    with pytest.raises(ValueError, match="uint8"):
        store.write_heatmap("part-1", np.zeros((4, 4), np.float32), DAY)  # type: ignore[arg-type]


def test_half_written_files_are_cleared(tmp_path: Path) -> None:
    store = ImageStore(tmp_path / "images")
    assert store.clear_incoming() == 0
    path = store.write("part-1", make_frame(1).pixels, DAY)
    (tmp_path / "images/.incoming/part-2.png").write_bytes(b"half")
    assert store.clear_incoming() == 1
    assert store.exists(path)
