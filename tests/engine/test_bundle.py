"""A bundle is written at once or not at all, and a changed byte is found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from engine.bundle import Bundle, Limits, Manifest, load_bundle, new_bundle_id, write_bundle
from engine.errors import EngineError


def make_manifest() -> Manifest:
    return Manifest(
        bundle_id=new_bundle_id("patch_memory"),
        model="patch_memory",
        product="bottle",
        classes=("crack", "fray"),
        input_size=256,
        map_size=256,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        backbone="efficientnet_lite0",
        limits=Limits(0.4, 0.7, "good", 0.05, 0.005, True, True, 0.7),
        calibration={"n_good": 209},
        heatmap_full_scale=1.0,
        region_threshold=0.5,
        data_hash="ab",
        data_counts={"good": 209},
        metrics={},
        versions={"torch": "2"},
        created_at="2026-11-22T22:00:00+00:00",
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "b"
    tensors = {"bank": np.arange(6, dtype=np.float32).reshape(2, 3).T}
    write_bundle(path, make_manifest(), tensors, b"graph")
    return path


def test_a_bundle_comes_back_as_written(written: Path) -> None:
    bundle = load_bundle(written)
    assert isinstance(bundle, Bundle)
    assert bundle.manifest.classes == ("crack", "fray")
    assert bundle.manifest.limits == make_manifest().limits
    assert bundle.tensors["bank"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert bundle.onnx_path.read_bytes() == b"graph"
    assert not [p for p in written.parent.iterdir() if p != written], "left-over folders"


@pytest.mark.parametrize("file", ["weights.safetensors", "model.onnx", "manifest.json"])
def test_one_flipped_byte_is_refused_and_the_file_named(written: Path, file: str) -> None:
    data = bytearray((written / file).read_bytes())
    spot = data.rindex(b"bottle") if file == "manifest.json" else -1
    data[spot] ^= 1
    (written / file).write_bytes(bytes(data))
    with pytest.raises(EngineError, match=file) as caught:
        load_bundle(written)
    assert (caught.value.code, caught.value.params["file"]) == ("bundle_damaged", file)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": 1}', "\x00"])
def test_a_broken_manifest_is_refused(written: Path, text: str) -> None:
    (written / "manifest.json").write_text(text)
    with pytest.raises(EngineError) as caught:
        load_bundle(written)
    assert caught.value.code == "bundle_damaged"


def test_another_format_version_is_refused_in_words(written: Path) -> None:
    raw = json.loads((written / "manifest.json").read_text())
    raw["format_version"] = 99
    (written / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(EngineError, match="version 99") as caught:
        load_bundle(written)
    assert caught.value.code == "bundle_version"


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        load_bundle(tmp_path / "nothing")
    assert caught.value.code == "bundle_missing"


def test_fields_of_a_newer_program_are_ignored(written: Path) -> None:
    raw = json.loads((written / "manifest.json").read_text())
    text = json.dumps({**raw, "signature": "later"})
    (written / "manifest.json").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (written / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    assert load_bundle(written).manifest.product == "bottle"


def test_an_older_bundle_is_replaced_but_no_other_folder(written: Path, tmp_path: Path) -> None:
    first = load_bundle(written).manifest.bundle_id
    write_bundle(written, make_manifest(), {"bank": np.ones((1, 2), np.float32)}, b"new")
    assert load_bundle(written).manifest.bundle_id != first
    assert len(list(written.parent.iterdir())) == 1
    holiday = tmp_path / "holiday"
    holiday.mkdir()
    (holiday / "beach.jpg").write_bytes(b"x")
    with pytest.raises(EngineError) as caught:
        write_bundle(holiday, make_manifest(), {}, b"")
    assert caught.value.code == "bundle_path_taken"
    assert (holiday / "beach.jpg").exists()


def test_a_failed_write_leaves_the_old_bundle(written: Path, monkeypatch) -> None:
    before = load_bundle(written).manifest.bundle_id

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.bundle._write_synced", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_bundle(written, make_manifest(), {}, b"")
    assert load_bundle(written).manifest.bundle_id == before
    assert len(list(written.parent.iterdir())) == 1


def test_a_limit_moved_by_hand_is_refused(written: Path) -> None:
    raw = json.loads((written / "manifest.json").read_text())
    raw["limits"]["ok"] = 99.0
    (written / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(EngineError, match=r"manifest\.json") as caught:
        load_bundle(written)
    assert caught.value.code == "bundle_damaged"
