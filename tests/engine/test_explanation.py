"""Explanations point at the pixels that decide, for every model, or are refused in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
import torch
from fixtures_bundle import tiny_picture
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from engine.bundle import Bundle, Limits, Manifest
from engine.errors import EngineError
from engine.inference.explanation import (
    GRADCAM,
    GRADCAM_PLUS,
    METHODS,
    OCCLUSION,
    CamExplainer,
    Explanation,
    OcclusionExplainer,
    check_method,
    load_explainer,
    overlay,
)
from engine.inference.outputs import GOOD_SCORES
from engine.inference.predictor import Prediction, Predictor
from engine.inference.torch_runtime import TorchPredictor
from engine.models.explanations import CamModel
from engine.models.hybrid import HybridSettings, create_hybrid, hybrid_memory
from engine.models.network import Classifier, Head, NetworkSettings
from engine.models.registry import NETWORKS, WEIGHTS_PREFIX, create_network

SIZE = 64
OUTPUTS = ("good", "bright", "dark")
CLASSIFIERS = [name for name in NETWORKS if name != "autoencoder"]
CAMS = (GRADCAM, GRADCAM_PLUS)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Threads of a small network wait for each other longer than they compute on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


# --- parts whose evidence is known -----------------------------------------------------------


def marked(bright: tuple[int, int] | None, dark: tuple[int, int] | None) -> NDArray[np.uint8]:
    """A grey picture with a bright and a dark spot at (x, y)."""
    picture = np.full((SIZE, SIZE, 3), 128, np.uint8)
    for place, value in ((bright, 255), (dark, 0)):
        if place is not None:
            cv2.circle(picture, place, 5, (value,) * 3, -1)
    return picture


class _Spots(Head):
    """Finds a part defective by its bright spots; the class "dark" is read from dark ones."""

    def __init__(self) -> None:
        super().__init__()
        self.binary, self.classes = nn.Linear(2, 1), nn.Linear(2, 3)
        self.binary.weight.data = torch.tensor([[1.0, 0.0]])
        self.classes.weight.data = torch.tensor([[-1.0, -1.0], [1.0, 0.0], [0.0, 1.0]])
        nn.init.zeros_(self.classes.bias)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features.mean((2, 3))

    def pull_back(self, features: torch.Tensor) -> torch.Tensor:
        return self.binary.weight.expand(features.shape[0], -1)


class Spots(Classifier):
    """Two channels on a grid of 4 px: how bright and how dark it is there."""

    def __init__(self) -> None:
        super().__init__(NetworkSettings(OUTPUTS, SIZE, (0.5,) * 3, (0.5,) * 3))
        self.head = _Spots()

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        grey = functional.avg_pool2d(x.mean(1, keepdim=True), 4)
        return torch.cat([grey, -grey], 1).clamp(min=0.1) - 0.1


class SpotsPredictor:
    """The same knowledge behind the predictor's interface, with class probabilities."""

    bundle_id, device_name = "spots", "none"

    def __init__(self) -> None:
        self.manifest = manifest_of("efficientnet_lite0", {})
        self.limits = self.manifest.limits

    def set_limits(self, limits: Limits) -> None:
        self.limits = limits

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        bright, dark = float((rgb > 200).mean()), float((rgb < 50).mean())
        probabilities = np.array([1.0 - bright - dark, 10 * bright, 10 * dark], np.float32)
        nothing = np.zeros((SIZE, SIZE), np.float32)
        return Prediction(
            bright, 0.5, "NG", "above_ng_limit", None, None, probabilities, nothing,
            np.zeros(1, np.float32), (), 0.0,
        )  # fmt: skip

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        return [self.predict(picture) for picture in pictures]

    def close(self) -> None:
        pass


def manifest_of(model: str, settings: dict[str, Any], backbone: str = "") -> Manifest:
    outputs = () if model == "autoencoder" else OUTPUTS
    return Manifest(
        bundle_id=model, model=model, product="spots", classes=outputs[1:], class_outputs=outputs,
        input_size=SIZE, map_size=SIZE, mean=(0.5,) * 3, std=(0.5,) * 3, backbone=backbone,
        limits=Limits(0.0, 0.001, "good", 0.05, 0.005, True, True, 0.0), calibration={},
        heatmap_full_scale=1.0, region_threshold=0.0, data_hash="", data_counts={}, metrics={},
        versions={}, created_at=datetime.now(UTC).isoformat(), settings=settings,
    )  # fmt: skip


def bundle_of(name: str) -> Bundle:
    """A bundle in memory, of a network with random heads."""
    if name == "hybrid":
        hybrid = create_hybrid(HybridSettings(OUTPUTS, hybrid_memory(SIZE)))
        nn.init.normal_(hybrid.heads.binary.weight)
        nn.init.normal_(hybrid.heads.mask.weight)
        manifest = manifest_of(name, hybrid.settings.to_manifest(), hybrid.settings.memory.backbone)
        rng = np.random.default_rng(0)
        bank = rng.normal(0, 1, (50, hybrid.memory.dimension)).astype(np.float32)
        network: nn.Module = hybrid
        tensors = {"bank": bank}
    else:
        outputs = ("good",) if name == "autoencoder" else OUTPUTS
        made, _ = create_network(name, outputs, SIZE, "auto", seed=2)
        manifest = manifest_of(name, dataclasses.asdict(made.settings), made.settings.backbone)
        network, tensors = made, {}
    tensors |= {WEIGHTS_PREFIX + key: value.numpy() for key, value in network.state_dict().items()}
    tensors[GOOD_SCORES] = np.zeros(1, np.float32)
    bundle = Bundle(Path(name), manifest)
    vars(bundle)["tensors"] = tensors  # as if they had been read
    return bundle


def place(plane: NDArray[np.generic]) -> tuple[int, int]:
    """x and y of the highest value."""
    y, x = np.unravel_index(int(plane.argmax()), plane.shape)
    return int(x), int(y)


def near(found: tuple[float, float], wanted: tuple[int, int], most: float = 6.0) -> bool:
    return float(np.hypot(found[0] - wanted[0], found[1] - wanted[1])) <= most


@pytest.mark.parametrize("method", CAMS)
@pytest.mark.parametrize(
    ("target", "wanted"), [(None, (14, 18)), (1, (14, 18)), (2, (48, 40)), (0, None)]
)
def test_gradients_point_at_the_spot_that_the_answer_comes_from(
    method: str, target: int | None, wanted: tuple[int, int] | None
) -> None:
    cam = CamModel(Spots().eval(), None, "cpu")
    plane, logit = cam.explain(marked((14, 18), (48, 40)), method == GRADCAM_PLUS, target)
    assert plane.shape == (SIZE, SIZE) and plane.dtype == np.float32
    if wanted is None:  # every spot speaks against "good"
        assert logit < 0.0 and not plane.any()
    else:
        assert plane.max() == 1.0 and near(place(plane), wanted)
        assert plane[60, 4] == 0.0


@pytest.mark.parametrize(("target", "wanted"), [("", (14, 18)), ("dark", (48, 40))])
def test_occlusion_points_at_the_spot_that_the_answer_comes_from(
    target: str, wanted: tuple[int, int]
) -> None:
    explainer = OcclusionExplainer(cast(Predictor, SpotsPredictor()))
    said = explainer.explain(marked((14, 18), (48, 40)), target)
    assert (said.method, said.target) == (OCCLUSION, target)
    peak = said.peak()
    assert peak is not None and near((SIZE * peak[0], SIZE * peak[1]), wanted, 8.0)
    assert said.plane().max() == 255
    assert said.evidence[60, 4] < 0.3 * said.evidence.max()


def test_a_part_without_a_reason_is_not_given_one() -> None:
    explainer = OcclusionExplainer(cast(Predictor, SpotsPredictor()))
    said = explainer.explain(marked(None, (48, 40)))
    assert said.peak() is None and not said.plane().any()


def test_little_evidence_is_not_drawn_as_much() -> None:
    evidence = np.zeros((8, 8), np.float32)
    evidence[2, 6] = 0.1
    weak = Explanation(OCCLUSION, "", evidence, 3.0, 0.1, clear=0.5)
    assert weak.peak() is None and weak.plane().max() == 51
    clear = dataclasses.replace(weak, clear=0.05)
    assert clear.peak() == (6.5 / 8, 2.5 / 8) and clear.plane().max() == 255


def test_the_taught_memory_is_explained_by_the_defect(tiny_bundle: Path) -> None:
    explainer = load_explainer(tiny_bundle, OCCLUSION, "openvino")
    picture = tiny_picture(500, defect=True)
    peak = explainer.explain(picture).peak()
    explainer.close()
    dark = np.argwhere(picture.max(2) < 60).mean(0) / picture.shape[0]
    assert peak is not None and np.hypot(peak[0] - dark[1], peak[1] - dark[0]) < 0.2


# --- every model -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CLASSIFIERS, "hybrid"])
def test_every_classifier_has_both_maps_for_decision_and_class(name: str) -> None:
    bundle = bundle_of(name)
    picture = tiny_picture(3, defect=True)[:80]  # not square
    score = TorchPredictor(bundle, "cpu").predict(picture).score
    for method in CAMS:
        explainer = CamExplainer(bundle, method, "cpu")
        planes = []
        for target in ("", "dark"):
            said = explainer.explain(picture, target)
            assert said.evidence.shape == (SIZE, SIZE) and said.evidence.dtype == np.float32
            assert np.isfinite(said.evidence).all() and said.evidence.min() >= 0.0
            assert said.evidence.max() in (0.0, pytest.approx(1.0, abs=0.3))
            assert (said.method, said.target) == (method, target)
            planes.append(said.evidence)
            if not target and name != "hybrid":  # of which the heads alone are asked
                assert said.score == pytest.approx(score, rel=1e-3, abs=1e-4)
        assert not np.array_equal(*planes) or not planes[0].any()
        explainer.close()


def test_of_a_cascade_the_expert_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    expert = bundle_of("hybrid")
    monkeypatch.setattr(Bundle, "part", lambda _bundle, name: {"expert": expert}[name])
    whole = Bundle(Path("cascade"), manifest_of("cascade", {}))
    explainer = CamExplainer(whole, GRADCAM, "cpu")
    picture = tiny_picture(3, defect=True)
    said = explainer.explain(picture, "dark")
    alone = CamExplainer(expert, GRADCAM, "cpu").explain(picture, "dark")
    np.testing.assert_array_equal(said.evidence, alone.evidence)
    assert explainer.manifest.bundle_id == "cascade" and said.score == alone.score


@pytest.mark.parametrize("name", ["efficientnet_lite0", "autoencoder", "hybrid"])
def test_occlusion_explains_models_of_every_kind(name: str) -> None:
    explainer = OcclusionExplainer(TorchPredictor(bundle_of(name), "cpu"))
    said = explainer.explain(tiny_picture(3, defect=True)[:80])
    assert said.evidence.shape == (SIZE, SIZE) and np.isfinite(said.evidence).all()
    assert said.evidence.min() >= 0.0 and said.seconds > 0.0
    explainer.close()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_map_inside_the_exported_graph_is_the_packages_grad_cam(name: str) -> None:
    network, _ = create_network(name, OUTPUTS, 96, "auto", seed=1)
    network.eval()
    pixels = cv2.resize(tiny_picture(3, defect=True), (96, 96))
    x01 = torch.from_numpy(pixels).permute(2, 0, 1)[None] / 255.0
    with torch.no_grad():
        said = network.analyse(x01)
        assert said.feature_map is not None
        grid = said.feature_map.shape[2]
        # at the grid's own size, because the package rectifies before it enlarges
        network.settings = dataclasses.replace(network.settings, input_size=grid)
        ours = network.anomaly_map(x01, said)[0].numpy()
        if ours.max() <= 0.0:  # nothing to compare: ask the opposite question
            head = network.head
            assert isinstance(head, Head)
            head.binary.weight.neg_()
            ours = -ours
    ours = np.maximum(ours, 0.0)
    plane, _ = CamModel(network, None, "cpu").explain(pixels, False, None)
    enlarged = cv2.resize(ours, (96, 96), interpolation=cv2.INTER_LINEAR)
    span = float(enlarged.max() - enlarged.min())
    np.testing.assert_allclose(plane, (enlarged - enlarged.min()) / span, atol=2e-3)


# --- refusals and drawings -------------------------------------------------------------------


@pytest.mark.parametrize("model", ["patch_memory", "autoencoder"])
@pytest.mark.parametrize("method", CAMS)
def test_a_model_without_a_class_is_refused_gradients_in_words(model: str, method: str) -> None:
    with pytest.raises(EngineError) as caught:
        check_method(manifest_of(model, {}), method)
    assert caught.value.code == "explanation_unsupported"
    assert model in str(caught.value) and "occlusion" in str(caught.value)


@pytest.mark.parametrize("model", ["patch_memory", "autoencoder", "resnet50", "hybrid"])
def test_every_model_may_be_occluded(model: str) -> None:
    check_method(manifest_of(model, {}), OCCLUSION)


def test_an_unknown_method_is_refused_with_the_known_ones(tiny_bundle: Path) -> None:
    with pytest.raises(EngineError) as caught:
        load_explainer(tiny_bundle, "magic")
    assert caught.value.code == "explanation_unknown"
    assert all(method in str(caught.value) for method in METHODS)


def test_an_unknown_class_is_refused_with_the_known_ones() -> None:
    explainer = OcclusionExplainer(cast(Predictor, SpotsPredictor()))
    with pytest.raises(EngineError) as caught:
        explainer.explain(marked(None, None), "scratch")
    assert caught.value.code == "explanation_class"
    assert "bright, dark" in str(caught.value)


def test_a_network_without_a_head_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        CamModel(nn.Conv2d(3, 1, 1), None, "cpu")
    assert caught.value.code == "explanation_unsupported"


def test_without_evidence_the_drawing_is_the_grey_picture() -> None:
    picture = tiny_picture(1)
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    np.testing.assert_array_equal(overlay(picture, np.zeros((32, 32), np.uint8)), grey)
    plane = np.zeros((96, 96), np.uint8)
    plane[10, 20] = 255
    drawn = overlay(picture, plane).astype(int)
    assert np.ptp(drawn[10, 20]) > 40 and np.ptp(drawn[50, 50]) == 0  # inferno ends in pale yellow
