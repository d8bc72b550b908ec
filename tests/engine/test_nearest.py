"""explain nearest: a part's patch beside the good ones it is nearest to, and what is remembered."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fixtures_bundle import tiny_picture
from numpy.typing import NDArray

from engine.bundle import SOURCES_FILE, load_bundle, write_bundle
from engine.cli import main
from engine.data import bank_sources
from engine.data.bank_sources import NO_PICTURE, BankSources
from engine.data.images import WHOLE, Area, placement, read_image
from engine.data.layout import Sample
from engine.errors import EngineError
from engine.inference.comparison import drawing
from engine.inference.explanation import NEAREST, load_explainer
from engine.inference.nearest import read_sources
from engine.ipc.messages import PATCH_PX

CABLES = 10


@pytest.fixture(scope="module")
def cables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few rendered cables: good parts to teach on."""
    out = tmp_path_factory.mktemp("cables") / "data"
    command = ["render-cables", "--out", str(out), "--size", "128", "--train-good", str(CABLES)]
    assert main([*command, "--test-good", "1", "--defects", "0", "--progress", "none"]) == 0
    return out


@pytest.fixture(scope="module")
def taught(cables: Path) -> Path:
    """A memory of them at 96 px, whose bank has room for every patch."""
    out = cables.parent / "bundle"
    command = ["teach", "--data", str(cables), "--out", str(out), "--input-size", "96"]
    assert main([*command, "--progress", "none"]) == 0
    return out


def changed(bundle: Path, out: Path, extras: Mapping[str, bytes]) -> Path:
    """A copy of a bundle with other further files, all its checksums right."""
    was = load_bundle(bundle)
    write_bundle(out, was.manifest, was.tensors, was.onnx_path.read_bytes(), extras)
    return out


def refusal(bundle: Path, rgb: NDArray[np.uint8]) -> EngineError:
    with pytest.raises(EngineError) as refused:
        load_explainer(bundle, NEAREST).explain(rgb)
    return refused.value


def test_a_taught_picture_is_nearest_to_itself_at_its_own_place(taught: Path, cables: Path) -> None:
    explainer = load_explainer(taught, NEAREST)
    for picture in sorted((cables / "train" / "good").iterdir())[:3]:
        said = explainer.explain(read_image(picture))
        found = said.comparison
        assert found is not None and len(found.neighbours) == 3
        first = found.neighbours[0]
        assert first.name == f"train/good/{picture.name}"
        assert first.distance == pytest.approx(0.0, abs=1e-3) and said.score == first.distance
        assert first.x == pytest.approx(found.x) and first.y == pytest.approx(found.y)
        distances = [near.distance for near in found.neighbours]
        assert distances == sorted(distances)
        assert first.seen is not None
        difference = np.abs(first.seen.tile().astype(int) - found.part.tile().astype(int))
        assert difference.mean() < 6.0  # JPEG


def test_a_defect_is_far_from_the_good_patches_and_its_place_is_marked(tiny_bundle: Path) -> None:
    explainer = load_explainer(tiny_bundle, NEAREST)
    good = explainer.explain(tiny_picture(99))
    bad = explainer.explain(tiny_picture(500, defect=True))
    assert bad.score > 1.3 * good.score
    assert bad.comparison is not None
    x, y = bad.comparison.x, bad.comparison.y
    assert 0.25 < x < 0.75 and 0.25 < y < 0.75  # the slash lies across the middle
    peak = bad.peak()
    assert peak is not None and np.allclose(peak, (x, y), atol=0.05)
    tiles = bad.comparison.tiles()
    assert tiles.shape == (4 * PATCH_PX, PATCH_PX, 3) and tiles.dtype == np.uint8
    with pytest.raises(EngineError) as refused:
        explainer.explain(tiny_picture(1), "dent")
    assert refused.value.code == "explanation_class"


def test_predict_draws_the_four_side_by_side(
    tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "bad.png"
    cv2.imwrite(str(picture), tiny_picture(500, defect=True)[..., ::-1])
    command = ["predict", str(picture), "--bundle", str(tiny_bundle), "--device", "openvino"]
    command += ["--json", "--explain", "nearest"]
    assert main([*command, "--explanations", str(tmp_path / "out")]) == 0
    (row,) = json.loads(capsys.readouterr().out)["pictures"]
    said: dict[str, Any] = row["explanation"]
    assert said["method"] == "nearest" and len(said["nearest"]) == 3
    for near in said["nearest"]:
        assert near["picture"].startswith("train/good/") and near["distance"] > 0.0
        assert 0.0 <= near["x"] <= 1.0 and 0.0 <= near["y"] <= 1.0
    drawn = read_image(Path(said["file"]))
    assert drawn.shape[:2] == (2 * PATCH_PX + 8 + 28, 4 * PATCH_PX + 3 * 8)
    assert main([*command, "--explain-class", "dent"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"].startswith("expla")


def test_a_bundle_of_an_older_program_still_judges_and_says_what_is_missing(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    old = changed(tiny_bundle, tmp_path / "old", {})
    error = refusal(old, tiny_picture(1))
    assert error.code == "explanation_no_sources" and "teach it again" in str(error)
    occlusion = load_explainer(old, "occlusion", "openvino")
    assert occlusion.explain(tiny_picture(500, defect=True)).peak() is not None
    occlusion.close()


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_list_of_pictures_is_a_sentence(
    tiny_bundle: Path, tmp_path: Path, data: bytes
) -> None:
    bad = changed(tiny_bundle, tmp_path / "bad", {SOURCES_FILE: data})
    error = refusal(bad, tiny_picture(1))
    assert error.code == "bundle_damaged" and SOURCES_FILE in str(error)


def test_a_file_that_was_changed_is_found_when_the_bundle_is_opened(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "b")
    file = tmp_path / "b" / SOURCES_FILE
    data = bytearray(file.read_bytes())
    data[-50] ^= 1
    file.write_bytes(data)
    with pytest.raises(EngineError) as refused:
        load_bundle(tmp_path / "b")
    assert refused.value.code == "bundle_damaged" and SOURCES_FILE in str(refused.value)


def test_rows_without_a_note_and_pictures_without_a_copy_are_named_as_far_as_known(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    known = read_sources(load_bundle(tiny_bundle))
    unknown = np.full_like(known.picture, NO_PICTURE)
    later = dataclasses.replace(known, picture=unknown).to_bytes()
    bare = dataclasses.replace(known, copies=(b"",) * len(known.names)).to_bytes()
    broken = dataclasses.replace(known, copies=(b"x",) * len(known.names)).to_bytes()
    bundle = changed(tiny_bundle, tmp_path / "later", {SOURCES_FILE: later})
    said = load_explainer(bundle, NEAREST).explain(tiny_picture(500, defect=True)).comparison
    assert said is not None
    assert all(near.name == "" and near.seen is None for near in said.neighbours)
    assert said.tiles().shape == (PATCH_PX, PATCH_PX, 3)
    assert drawing(said).shape[1] == 4 * PATCH_PX + 3 * 8
    bundle = changed(tiny_bundle, tmp_path / "bare", {SOURCES_FILE: bare})
    said = load_explainer(bundle, NEAREST).explain(tiny_picture(500, defect=True)).comparison
    assert said is not None
    assert all(near.name and near.x is not None and near.seen is None for near in said.neighbours)
    bundle = changed(tiny_bundle, tmp_path / "broken", {SOURCES_FILE: broken})
    assert refusal(bundle, tiny_picture(1)).code == "bundle_damaged"


def test_a_model_without_a_memory_is_told_apart(tiny_bundle: Path, tmp_path: Path) -> None:
    was = load_bundle(tiny_bundle)
    for name, settings in (("resnet50", {}), ("cascade", {"expert": "resnet50"})):
        manifest = dataclasses.replace(was.manifest, model=name, settings=settings)
        out = tmp_path / name
        write_bundle(out, manifest, was.tensors, was.onnx_path.read_bytes())
        error = refusal(out, tiny_picture(1))
        assert error.code == "explanation_unsupported" and "occlusion" in str(error)


def test_the_file_stays_within_its_bounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bank_sources, "MOST_PICTURES", 4)
    rng = np.random.default_rng(0)
    pixels = [rng.integers(0, 256, (512, 512, 3), dtype=np.uint8) for _ in range(8)]
    samples = [Sample(tmp_path / f"{'n' * 300}{i}.png", "good", "train") for i in range(8)]
    places = [placement(300, 600, 512, "letterbox")] * 8
    chosen = np.array([*range(4096 * 2, 4096 * 2 + 50), 0, 4096 * 5, 4096 * 7, 4096 * 7 + 1])
    made = bank_sources.bank_sources(chosen, 4096, samples, tmp_path, pixels, places)
    assert [number for number, copy in enumerate(made.copies) if copy] == [0, 2, 5, 7]
    square = made.square(2)
    assert square is not None and square.shape == (256, 256, 3)
    assert max(map(len, made.names)) == 200
    monkeypatch.setattr(bank_sources, "MOST_BYTES", 2 * len(made.copies[2]) + 100)
    small = bank_sources.bank_sources(chosen, 4096, samples, tmp_path, pixels, places)
    assert bool(small.copies[2]) and sum(map(len, small.copies)) <= bank_sources.MOST_BYTES
    assert len(small.to_bytes()) < bank_sources.MOST_BYTES + 10_000


def test_what_was_written_is_read_and_places_are_those_of_the_whole_picture() -> None:
    made = BankSources(
        grid=4,
        picture=np.array([1, NO_PICTURE, 0], np.int32),
        patch=np.array([5, 0, 0], np.int32),
        names=("a.png", "b.png"),
        boxes=np.array([[0, 0.25, 1, 0.5], [0, 0.25, 1, 0.5]], np.float32),
        area=Area(0.5, 0.0, 0.5, 1.0),
        copies=(b"", b"xyz"),
    )
    read = BankSources.from_bytes(made.to_bytes())
    assert (read.names, read.copies, read.area) == (made.names, made.copies, made.area)
    spot = read.spot(0)
    assert spot is not None and (spot.name, spot.picture) == ("b.png", 1)
    assert (spot.x, spot.y) == (0.5 + 0.375 * 0.5, 0.25)
    corner = read.spot(2)  # in the reflected margin above
    assert corner is not None and corner.y == 0.0
    assert read.spot(1) is None and read.spot(3) is None and read.square(0) is None
    wrong = dataclasses.replace(made, picture=np.array([2, 0, 0], np.int32), area=WHOLE)
    with pytest.raises(ValueError, match="contradicts"):
        BankSources.from_bytes(wrong.to_bytes())
