"""A real hybrid, small, meets a kind of defect that it was never shown: never an OK."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fixtures_bundle import tiny_picture

from engine.bundle import load_bundle
from engine.data.layout import load_dataset
from engine.evaluation.report import evaluate_bundle
from engine.inference.openvino_runtime import OpenVinoPredictor
from engine.training.hybrid import HybridTraining
from engine.training.hybrid_train import HybridOptions, train_hybrid

COUNTS = {
    "train": {"good": 30, "slash": 10},
    "calibration": {"good": 14, "slash": 5},
    "held_out": {"good": 10, "slash": 6, "stain": 8},
}


def _picture(kind: str, seed: int) -> np.ndarray:
    picture = tiny_picture(seed, defect=kind == "slash")
    if kind == "stain":
        rng = np.random.default_rng(seed)
        x, y = (int(v) for v in rng.integers(36, 60, 2))
        cv2.circle(picture, (x, y), 9, (30, 120, 230), -1, cv2.LINE_AA)
    return picture


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("withheld")
    items, seed = [], 0
    for subset, classes in COUNTS.items():
        for kind, count in classes.items():
            for _ in range(count):
                seed += 1
                path = root / f"{kind}-{seed}.png"
                cv2.imwrite(str(path), _picture(kind, seed)[..., ::-1])
                item: dict[str, Any] = {"path": path.name, "label": kind, "subset": subset}
                if kind == "slash":
                    differs = np.abs(_picture(kind, seed).astype(int) - tiny_picture(seed)).max(2)
                    item["mask"] = f"mask-{seed}.png"
                    cv2.imwrite(str(root / item["mask"]), (differs > 40).astype(np.uint8) * 255)
                items.append(item)
    content = {"format": "qc-station-snapshot", "version": 1, "product": "disc", "items": items}
    (root / "snapshot.json").write_text(json.dumps(content))
    return root


@pytest.fixture(scope="module")
def hybrid(snapshot: Path) -> Path:
    how = HybridTraining(
        steps=12, batch=8, warm_up=2, validations=2, average=0.5, synthetic_pictures=12
    )
    options = HybridOptions(device="cpu", input_size=64, training=how)
    out = snapshot / "bundle"
    train_hybrid(load_dataset(snapshot), out, options)
    return out


def test_the_withheld_class_is_never_called_ok(hybrid: Path, snapshot: Path) -> None:
    result = evaluate_bundle(hybrid, load_dataset(snapshot), device="openvino")
    stains = result["classes"]["stain"]
    assert stains["images"] == 8 and stains["verdicts"]["OK"] == 0
    assert result["multiclass"]["left_out"] == {"stain": 8}
    novelty = result["calibration"]["novelty"]
    assert novelty["rate"] == pytest.approx(1 / 31)  # 30 good parts support no smaller one
    assert novelty["defects_novel"]["value"] > 0.5
    assert result["classes"]["good"]["verdicts"]["OK"] >= 8


def test_even_a_classifier_that_calls_everything_ok_is_overruled(
    hybrid: Path, snapshot: Path
) -> None:
    """Limits beyond all scores stand for a classifier that is sure of every part."""
    bundle = load_bundle(hybrid)
    limits = replace(bundle.manifest.limits, ok=1e6, ng=2e6)
    blind = replace(bundle, manifest=replace(bundle.manifest, limits=limits))
    predictor = OpenVinoPredictor(blind)
    try:
        stains = [predictor.predict(_picture("stain", seed)) for seed in range(500, 508)]
        goods = [predictor.predict(_picture("good", seed)) for seed in range(600, 610)]
    finally:
        predictor.close()
    assert [(one.verdict, one.reason) for one in stains] == [("REVIEW", "novel")] * 8
    assert all(one.novelty_p is not None and one.score < 1e6 for one in stains)
    assert sum(one.verdict == "OK" for one in goods) >= 8
