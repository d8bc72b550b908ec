"""A model that looks at a part of the picture: blind outside, and right about places inside."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.bundle import load_bundle
from engine.cli import main
from engine.data.images import (
    LETTERBOX,
    STRETCH,
    WHOLE,
    Area,
    fit_for_model,
    fit_mask,
    fit_within,
    placement,
    split_fit,
)
from engine.errors import EngineError
from engine.inference.predictor import load_predictor
from qc_station.domain.roi import Roi
from qc_station.services.manifest import read_version

RIGHT = Area(0.5, 0.25, 0.5, 0.5)
HEIGHT, WIDTH = 96, 128


def picture(seed: int) -> np.ndarray:
    """Speckle; what lies on the left changes from part to part."""
    random = np.random.default_rng(seed)
    pixels = np.asarray(128 + random.normal(0, 12, (HEIGHT, WIDTH, 3)), np.uint8)
    cv2.circle(pixels, (24, 20 + seed * 7 % 56), 14, (20, 200, seed * 40 % 255), -1)
    return pixels


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Taught by the command on the right half's middle."""
    root = tmp_path_factory.mktemp("area")
    for index in range(12):
        path = root / "data" / "train" / "good" / f"{index:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(path), picture(index))
    arguments = ["teach", "--data", root / "data", "--out", root / "bundle", "--input-size", "64"]
    arguments += ["--area", "0.5,0.25,0.5,0.5", "--device", "cpu", "--progress", "none"]
    assert main([str(argument) for argument in arguments]) == 0
    return root / "bundle"


def test_an_area_travels_in_the_fit() -> None:
    assert split_fit(fit_within(LETTERBOX, RIGHT)) == (LETTERBOX, RIGHT)
    assert fit_within(STRETCH, WHOLE) == STRETCH
    assert split_fit(STRETCH) == (STRETCH, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0,0,1",
        "a,b,c,d",
        "0,0,0,1",
        "-0.1,0,0.5,0.5",
        "0.6,0,0.5,0.5",
        "nan,0,1,1",
        "0,0,1,inf",
    ],
)
def test_an_area_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(EngineError) as error:
        Area.parse(text)
    assert error.value.code == "area_unusable"


@pytest.mark.parametrize("fit", [STRETCH, LETTERBOX])
def test_only_the_area_is_seen_and_its_mask_lies_as_it_does(fit: str) -> None:
    rgb, mask = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), bool)
    rgb[24:72, 64:] = 200
    mask[24:72, 64:96] = True
    pixels, where = fit_for_model(rgb, 64, fit_within(fit, RIGHT))
    assert (pixels == 200).all()
    assert where.area == RIGHT and not where.whole
    fitted = fit_mask(mask, 64, fit_within(fit, RIGHT))
    left = fitted[where.top : where.top + where.height, where.left : where.left + where.width]
    assert left[:, : left.shape[1] // 2].all() and not left[:, left.shape[1] // 2 :].any()


def test_a_plane_comes_back_at_the_areas_place() -> None:
    where = placement(HEIGHT, WIDTH, 64, fit_within(STRETCH, RIGHT))
    plane = np.full((64, 64), 3.0, np.float32)
    plane[:, :32] = 1.0
    full = where.cut(plane, HEIGHT, WIDTH)
    assert full.shape == (HEIGHT, WIDTH)
    assert not full[:, :64].any() and not full[:24].any() and not full[72:].any()
    assert full[48, 70] == 1.0 and full[48, 120] == 3.0


def test_a_taught_model_is_blind_outside_its_area(bundle: Path) -> None:
    predictor = load_predictor(bundle, "openvino")
    plain = picture(40)
    outside, inside = plain.copy(), plain.copy()
    cv2.circle(outside, (40, 80), 12, (250, 20, 20), -1)
    cv2.circle(inside, (96, 48), 8, (250, 20, 20), -1)
    good = predictor.predict(plain)
    assert predictor.predict(outside).score == good.score
    bad = predictor.predict(inside)
    assert bad.verdict != "OK" and bad.score > 2 * good.score
    for region in bad.regions:
        assert region.x >= 0.49 and region.y >= 0.24 and region.y + region.height <= 0.76
    row, column = np.unravel_index(bad.anomaly_map.argmax(), bad.anomaly_map.shape)
    height, width = bad.anomaly_map.shape
    assert abs(column / width - 96 / WIDTH) < 0.08 and abs(row / height - 48 / HEIGHT) < 0.08
    predictor.close()


def test_the_bundle_and_the_station_know_the_area(bundle: Path) -> None:
    assert load_bundle(bundle).manifest.settings["fit"] == "letterbox@0.5,0.25,0.5,0.5"
    assert read_version(bundle).roi == Roi(0.5, 0.25, 0.5, 0.5)


def test_a_wrong_area_ends_the_command_before_it_teaches(tmp_path: Path) -> None:
    arguments = ["teach", "--data", str(tmp_path), "--out", str(tmp_path / "x"), "--area", "1,2"]
    assert main([*arguments, "--progress", "none"]) != 0
    assert not (tmp_path / "x").exists()
