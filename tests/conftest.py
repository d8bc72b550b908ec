"""Fixtures that several test folders share. No Qt here: the GUI tests have their own conftest."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Threads that wait for work must not keep a core busy: beside another process of the tests a
# training then takes ten times as long. To be set before the first import of torch.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

pytest_plugins = ["fixtures_bundle"]  # tiny_bundle: a real model, taught once a session

REPOSITORY = Path(__file__).resolve().parents[1]
MakeDataset = Callable[..., Path]


@pytest.fixture(autouse=True)
def _the_tests_are_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that reports as a job of the station lowers its priority for good; run within the
    tests' own process it would slow down all tests after it."""
    monkeypatch.setattr("engine.commands.reporting._become_a_job", lambda: None)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Function from the name of a data set to its folder; the test skips where it is missing.

    The folder is ``../shared/data`` beside the repository, or what QC_SHARED_DATA says.
    """
    root = Path(os.environ.get("QC_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")

    def find(name: str) -> Path:
        folder = root / name
        if not folder.is_dir():
            pytest.skip(f"needs the pictures in {folder} (or QC_SHARED_DATA)")
        return folder

    return find


def _part_picture(
    seed: int, size: int = 64, defect: tuple[int, int, int, int] | None = None
) -> NDArray[np.uint8]:
    """A grey disc on dark ground, uint8 RGB [size, size, 3]; ``defect`` (x, y, w, h) is bright."""
    rng = np.random.default_rng(seed)
    picture = rng.normal(40, 3, (size, size, 3))
    shift = rng.integers(-1, 2, 2)
    rows, columns = np.mgrid[:size, :size]
    disc = np.hypot(rows - size / 2 - shift[0], columns - size / 2 - shift[1]) < size * 0.35
    picture[disc] += 90
    if defect is not None:
        x, y, width, height = defect
        picture[y : y + height, x : x + width] = (230, 40, 40)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _write_picture(path: Path, rgb: NDArray[np.uint8]) -> Path:
    """Write RGB or grey pixels in the format of the suffix, making folders as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR) if rgb.ndim == 3 else rgb
    done, data = cv2.imencode(path.suffix, stored)
    assert done
    path.write_bytes(data.tobytes())
    return path


@pytest.fixture
def part_picture() -> Callable[..., NDArray[np.uint8]]:
    """``part_picture(seed, size=64, defect=None)``: pixels of a synthetic part."""
    return _part_picture


@pytest.fixture
def write_picture() -> Callable[[Path, NDArray[np.uint8]], Path]:
    """``write_picture(path, pixels)``: write RGB or grey pixels and return the path."""
    return _write_picture


@pytest.fixture
def add_part(tmp_path: Path) -> Callable[[Path | str, int], Path]:
    """``add_part(path, seed)``: write a synthetic good part; relative paths are in tmp_path."""

    def add(path: Path | str, seed: int) -> Path:
        return _write_picture(tmp_path / path, _part_picture(seed))

    return add


@pytest.fixture
def make_mvtec(tmp_path: Path) -> MakeDataset:
    """Factory of a small MVTec AD folder of synthetic parts.

    ``make_mvtec(train_good=12, test_good=4, defects={"scratch": 3}, size=64, masks=True)``
    """

    def make(
        name: str = "product",
        *,
        train_good: int = 12,
        test_good: int = 4,
        defects: Mapping[str, int] | None = None,
        size: int = 64,
        masks: bool = True,
    ) -> Path:
        root = tmp_path / name
        for index in range(train_good):
            _write_picture(root / f"train/good/{index:03}.png", _part_picture(index, size))
        for index in range(test_good):
            _write_picture(root / f"test/good/{index:03}.png", _part_picture(1000 + index, size))
        wanted = {"scratch": 3} if defects is None else defects
        for number, (label, count) in enumerate(wanted.items()):
            for index in range(count):
                box = (size // 4 + index, size // 3, 4 + size // 8, 3 + number)
                picture = _part_picture(2000 + 100 * number + index, size, box)
                _write_picture(root / f"test/{label}/{index:03}.png", picture)
                if masks:
                    mask = np.zeros((size, size), np.uint8)
                    mask[box[1] : box[1] + box[3], box[0] : box[0] + box[2]] = 255
                    _write_picture(root / f"ground_truth/{label}/{index:03}_mask.png", mask)
        return root

    return make
