"""A network's bundle: torch and OpenVINO judge alike, and it is rebuilt from the bundle alone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fixtures_bundle import tiny_picture

from engine.bundle import Limits, Manifest, load_bundle, new_bundle_id, write_bundle
from engine.inference.openvino_runtime import OpenVinoPredictor
from engine.inference.outputs import GOOD_SCORES
from engine.inference.torch_runtime import TorchPredictor
from engine.models.registry import NETWORKS, WEIGHTS_PREFIX, create_network
from engine.training.export import export_network

SIZE = 64


def written(name: str, out: Path) -> Path:
    outputs = ("good",) if name == "autoencoder" else ("good", "bent", "cut")
    network, _ = create_network(name, outputs, SIZE, "auto", seed=1)
    network.eval()
    settings = dataclasses.asdict(network.settings)
    manifest = Manifest(
        bundle_id=new_bundle_id(name),
        model=name,
        product="disc",
        classes=outputs[1:],
        class_outputs=outputs if outputs[1:] else (),
        input_size=SIZE,
        map_size=SIZE,
        mean=network.settings.mean,
        std=network.settings.std,
        backbone=network.settings.backbone,
        limits=Limits(-1e6, -1e5, "good", 0.05, 0.005, True, True, -1e6),
        calibration={},
        heatmap_full_scale=1.0,
        region_threshold=0.0,
        data_hash="",
        data_counts={},
        metrics={},
        versions={},
        created_at=datetime.now(UTC).isoformat(),
        settings=settings,
    )
    tensors = {WEIGHTS_PREFIX + k: v.numpy() for k, v in network.state_dict().items()}
    tensors[GOOD_SCORES] = np.zeros(1, np.float32)
    write_bundle(out, manifest, tensors, export_network(network))
    return out


@pytest.mark.parametrize("name", list(NETWORKS))
def test_torch_and_openvino_judge_alike(name: str, tmp_path: Path) -> None:
    bundle = load_bundle(written(name, tmp_path / name))
    one, other = TorchPredictor(bundle, "cpu"), OpenVinoPredictor(bundle)
    for seed in (1, 2):
        picture = tiny_picture(seed, defect=seed == 2)
        a, b = one.predict(picture), other.predict(picture)
        assert a.score == pytest.approx(b.score, rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(a.class_prob, b.class_prob, atol=1e-4)
        scale = float(np.abs(a.anomaly_map).max()) or 1.0
        np.testing.assert_allclose(a.anomaly_map / scale, b.anomaly_map / scale, atol=1e-3)
        np.testing.assert_allclose(a.embedding, b.embedding, atol=1e-3)
        if name != "autoencoder":
            assert a.verdict == "NG" and a.class_name in ("bent", "cut")


def test_a_batch_is_judged_like_its_pictures_alone(tmp_path: Path) -> None:
    predictor = TorchPredictor(load_bundle(written("efficientnet_lite0", tmp_path / "b")), "cpu")
    pictures = [tiny_picture(seed) for seed in range(3)]
    together = predictor.predict_batch(pictures)
    for picture, answer in zip(pictures, together, strict=True):
        assert predictor.predict(picture).score == pytest.approx(answer.score, rel=1e-4, abs=1e-5)
