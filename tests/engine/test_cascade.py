"""A real cascade, small: clearly good parts skip the expert, all others are localised and fused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov
import pytest
from fixtures_bundle import tiny_picture
from numpy.typing import NDArray

from engine.bundle import Manifest, load_bundle
from engine.calibration.cascade import (
    CalibratedCascade,
    CascadeAnswers,
    CascadeRates,
    fit_cascade,
    fit_guard,
)
from engine.cli import main
from engine.commands.evaluate import show
from engine.data.images import read_image
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.evaluation.report import evaluate_bundle
from engine.inference.cascade_graph import JOIN_INPUTS, joining_graph, novelty_limit
from engine.inference.cascade_runtime import CascadePredictor
from engine.inference.decision import p_value
from engine.inference.explanation import NEAREST, load_explainer
from engine.inference.outputs import GOOD_SCORES
from engine.inference.predictor import Prediction, Predictor, load_predictor
from engine.models.cascade import EXPERT, FAST, CascadeRule
from engine.training.config import default_config
from engine.training.request import Request, begin_anew, checkpoint_path, waiting_path
from engine.training.train import train

SIZE = 64
COUNTS = {
    "train": {"good": 26, "slash": 10},
    "calibration": {"good": 20, "slash": 19},
    "held_out": {"good": 8, "slash": 5, "stain": 6},
}
EXPERT_HOW = {"steps": 4, "batch": 8, "warm_up": 1, "validations": 1, "average": 0.5}
OPTIONS = {"guard_patches": 120, "expert_options": {"training": EXPERT_HOW}}


def picture_of(kind: str, seed: int) -> NDArray[np.uint8]:
    """A good disc, one with the known slash, or one with the stain that is never shown."""
    picture = tiny_picture(seed, defect=kind == "slash")
    if kind == "stain":
        rng = np.random.default_rng(seed)
        x, y = (int(v) for v in rng.integers(36, 60, 2))
        cv2.circle(picture, (x, y), 9, (30, 120, 230), -1, cv2.LINE_AA)
    return picture


def write_snapshot(root: Path, counts: dict[str, dict[str, int]]) -> Path:
    root.mkdir(exist_ok=True)
    items, seed = [], 0
    for subset, classes in counts.items():
        for kind, count in classes.items():
            for _ in range(count):
                seed += 1
                item: dict[str, Any] = {"path": f"{seed}.png", "label": kind, "subset": subset}
                picture = picture_of(kind, seed)
                cv2.imwrite(str(root / item["path"]), picture[..., ::-1])
                if kind == "slash":
                    item["mask"] = f"mask-{seed}.png"
                    differs = np.abs(picture.astype(int) - tiny_picture(seed)).max(2) > 40
                    cv2.imwrite(str(root / item["mask"]), differs.astype(np.uint8) * 255)
                items.append(item)
    content = {"format": "qc-station-snapshot", "version": 1, "product": "disc", "items": items}
    (root / "snapshot.json").write_text(json.dumps(content))
    return root


def request_of(data: Path, out: Path, **changes: Any) -> Request:
    config = default_config("cascade").replaced(
        epochs=3, batch_size=12, data__input_size=SIZE, data__workers=0, options=OPTIONS
    )
    return Request(load_dataset(data), out, config.replaced(**changes), device="cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_snapshot(tmp_path_factory.mktemp("cascade"), COUNTS)


@pytest.fixture(scope="module")
def stages() -> list[str]:
    return []


@pytest.fixture(scope="module")
def bundle(data: Path, stages: list[str]) -> Path:
    out = data / "bundle"
    train(request_of(data, out), lambda stage, done, total: stages.append(stage))
    return out


@pytest.fixture(scope="module")
def cascade(bundle: Path) -> Iterator[CascadePredictor]:
    predictor = load_predictor(bundle, "openvino")
    assert isinstance(predictor, CascadePredictor)
    yield predictor
    predictor.close()


class Spy:
    """A real predictor that counts the pictures it is asked for."""

    def __init__(self, real: Predictor) -> None:
        self._real = real
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        self.asked += 1
        return self._real.predict(rgb)

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        self.asked += len(pictures)
        return self._real.predict_batch(pictures)


def watched(bundle: Path, cascade: CascadePredictor) -> tuple[CascadePredictor, Spy]:
    spy = Spy(cascade.expert)
    return CascadePredictor(load_bundle(bundle), cascade.fast, spy), spy


def test_a_clearly_good_part_never_starts_the_expert(
    bundle: Path, cascade: CascadePredictor
) -> None:
    watcher, spy = watched(bundle, cascade)
    pictures = [picture_of("good", seed) for seed in range(500, 512)]
    answers = [watcher.predict(picture) for picture in pictures]
    skipped = [answer for answer in answers if answer.branch == "fast"]
    assert len(skipped) >= 6 and spy.asked == len(answers) - len(skipped)
    manifest = watcher.manifest
    for answer in skipped:
        assert answer.verdict == "OK" and answer.score <= manifest.limits.ok
        assert answer.regions == () and answer.anomaly_map.shape == (SIZE, SIZE)
        assert answer.anomaly_map.max() < manifest.region_threshold
        assert answer.class_prob.shape == (2,) and answer.class_prob.sum() == pytest.approx(1.0)


def test_an_anomalous_part_is_localised_by_the_expert_and_named(
    bundle: Path, cascade: CascadePredictor
) -> None:
    watcher, spy = watched(bundle, cascade)
    picture = picture_of("slash", 700)
    answer = watcher.predict(picture)
    assert (answer.branch, answer.verdict, answer.class_name) == ("fused", "NG", "slash")
    assert spy.asked == 1 and answer.regions
    alone = cascade.expert.predict(picture)
    np.testing.assert_array_equal(answer.anomaly_map, alone.anomaly_map)
    rule = CascadeRule.from_manifest(watcher.manifest.settings)
    assert answer.score == rule.fused_score(cascade.fast.predict(picture).score, alone.score)


def test_both_runtimes_take_the_same_way(bundle: Path, cascade: CascadePredictor) -> None:
    other = load_predictor(bundle, "torch")
    pictures = [picture_of(kind, 800) for kind in ("good", "slash", "stain")]
    for one, two in zip(
        [cascade.predict(picture) for picture in pictures],
        other.predict_batch(pictures),
        strict=True,
    ):
        assert (one.branch, one.verdict, one.class_name) == (
            two.branch,
            two.verdict,
            two.class_name,
        )
        assert one.score == pytest.approx(two.score, rel=1e-3, abs=1e-3)
        np.testing.assert_allclose(one.class_prob, two.class_prob, atol=1e-3)
    other.close()


def test_a_batch_is_judged_like_its_pictures_alone(cascade: CascadePredictor) -> None:
    pictures = [picture_of(kind, 900 + i) for i, kind in enumerate(("slash", "good", "stain"))]
    for picture, answer in zip(pictures, cascade.predict_batch(pictures), strict=True):
        alone = cascade.predict(picture)
        assert (alone.branch, alone.verdict, alone.score) == (
            answer.branch, answer.verdict, answer.score,
        )  # fmt: skip
        assert answer.latency_ms > 0.0
    assert cascade.predict_batch([]) == []


def test_a_never_seen_defect_that_fools_the_classifier_is_not_skipped(
    bundle: Path, data: Path, cascade: CascadePredictor
) -> None:
    """A skip limit above all scores stands for a classifier that is sure of every part."""
    opened = load_bundle(bundle)
    settings = {**opened.manifest.settings, "skip_limit": 1e6}
    blind = replace(opened, manifest=replace(opened.manifest, settings=settings))
    fooled = CascadePredictor(blind, cascade.fast, cascade.expert)
    stains = [fooled.predict(picture_of("stain", seed)) for seed in range(600, 608)]
    goods = [fooled.predict(picture_of("good", seed)) for seed in range(620, 632)]
    assert all(one.branch == "fused" and one.verdict != "OK" for one in stains)
    assert sum(one.branch == "fast" for one in goods) >= 6


def test_the_manifest_says_how_many_parts_took_each_branch(bundle: Path, stages: list[str]) -> None:
    manifest = load_bundle(bundle).manifest
    facts = manifest.training["cascade"]
    assert "reason" not in facts["skip"] and facts["skip"]["validation_defects"] == 19
    shares = facts["validation"]
    assert shares["defects"]["value"] == 0.0 and shares["good_parts"]["value"] > 0.5
    assert shares["parts"]["n"] == 39 and shares["parts"]["method"] == "Wilson"
    assert manifest.settings["fast"] == "efficientnet_lite0"
    seen = list(dict.fromkeys(stages))
    assert seen[0] == "fast_read" and seen[-3:] == ["guard", "calibrate", "export"]
    assert seen.index("fast_export") < seen.index("expert_read")


def test_the_graph_scores_as_it_was_calibrated(
    bundle: Path, data: Path, cascade: CascadePredictor
) -> None:
    part = load_bundle(bundle).part(FAST)
    goods = [s for s in load_dataset(data).of_subset("calibration") if s.is_good]
    scores = sorted(cascade.fast.predict(read_image(sample.path)).score for sample in goods)
    np.testing.assert_allclose(scores, part.tensors[GOOD_SCORES], atol=2e-3)


@pytest.fixture(scope="module")
def report(bundle: Path, data: Path) -> dict[str, Any]:
    return evaluate_bundle(bundle, load_dataset(data), device="openvino")


def test_evaluate_says_what_the_short_cut_brings(report: dict[str, Any]) -> None:
    said = report["cascade"]
    assert sum(said["parts"].values()) == 19 == said["fast_share"]["parts"]["n"]
    counts = said["classes"]
    assert sum(c["fast"] for c in counts.values()) == said["parts"]["fast"]
    assert counts["stain"] == {"fast": 0, "fused": 6} and said["escapes"]["parts"] == 0
    assert said["escapes"]["n"] == 11 and said["escapes"]["high"] < 0.3
    times = said["latency_ms"]
    assert times["fast"]["n"] == said["parts"]["fast"] and times["fused"]["mean"] > 0.0
    fast, expert = (times[f"{name}_alone"]["median"] for name in ("fast", "expert"))
    skipped = said["fast_share"]["parts"]["value"]
    saved = {way: figures["of_all_parts"] for way, figures in said["saved"].items()}
    assert saved["against_both_models"] == pytest.approx(skipped * expert / (fast + expert))
    assert saved["against_expert_alone"] == pytest.approx(skipped - fast / expert)
    assert said["break_even"] == pytest.approx(fast / expert)
    assert report["classes"]["stain"]["verdicts"]["OK"] == 0
    assert report["image"]["auroc"]["value"] > 0.9


def test_the_commands_name_the_branch(
    bundle: Path, data: Path, report: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    picture = str(data / "1.png")
    words = ["predict", "--bundle", str(bundle), "--device", "openvino", "--json", picture]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["pictures"][0]["branch"] in ("fast", "fused")
    show(report)
    shown = capsys.readouterr().out
    assert "Branches of the cascade" in shown and "against the expert alone" in " ".join(
        shown.split()
    )


def test_an_export_is_three_graphs_that_decide_like_the_cascade(
    bundle: Path, cascade: CascadePredictor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "disc.onnx"
    assert main(["export", "--bundle", str(bundle), "--out", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert Path(result["parts"]["expert"]["path"]) == tmp_path / "disc.expert.onnx"
    assert "skipped" in result["parts"]["fast"]["outputs"]
    core = ov.Core()
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    fast, expert, join = (
        core.compile_model(tmp_path / name, "CPU", options)
        for name in ("disc.fast.onnx", "disc.expert.onnx", "disc.onnx")
    )
    for kind in ("good", "slash"):
        picture = cv2.resize(picture_of(kind, 650), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        answer = cascade.predict(picture)
        first, second = fast(picture[np.newaxis]), expert(picture[np.newaxis])
        assert bool(first["skipped"][0]) == (answer.branch == "fast")
        given = (
            first["score"], first["class_prob"], second["score"], second["class_prob"],
            first["skipped"],
        )  # fmt: skip
        joined = join(dict(zip(result["inputs"], given, strict=True)))
        assert joined["score"][0] == pytest.approx(answer.score, abs=1e-3)
        np.testing.assert_allclose(joined["class_prob"][0], answer.class_prob, atol=1e-3)
        assert ("OK", "REVIEW", "NG")[int(joined["verdict"][0])] == answer.verdict


@pytest.mark.parametrize("file", ["fast.model.onnx", "expert.manifest.json"])
def test_damage_to_one_part_refuses_the_bundle(bundle: Path, tmp_path: Path, file: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    content = bytearray((copy / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / file).write_bytes(content)
    with pytest.raises(EngineError, match=file) as caught:
        load_predictor(copy, "openvino")
    assert caught.value.code == "bundle_damaged"


def test_the_expert_explains_by_gradient_and_the_whole_by_occlusion(bundle: Path) -> None:
    for method in ("gradcam", "occlusion"):
        explainer = load_explainer(bundle, method, "cpu")
        said = explainer.explain(picture_of("slash", 660))
        assert explainer.manifest.model == "cascade"
        assert said.evidence.shape == (SIZE, SIZE) and said.evidence.max() > 0.0
        explainer.close()


def test_an_interrupted_training_goes_on_to_the_same_cascade(tmp_path: Path) -> None:
    """A classifier is the expert here. With six validation defects nothing is skipped."""
    counts = {"train": {"good": 12, "slash": 4}, "calibration": {"good": 6, "slash": 6}}
    data = write_snapshot(tmp_path / "data", counts)
    stages: list[str] = []

    def note(stage: str, done: int, total: int) -> None:
        stages.append(stage)

    def stop() -> bool:
        return bool(stages) and stages[-1] == "expert_read"

    options = {"expert": "efficientnet_lite0", "guard_patches": 40}
    request = request_of(data, tmp_path / "out", epochs=1, options=options)
    with pytest.raises(EngineError) as caught:
        train(request, note, stop)
    assert caught.value.code == "cancelled" and not request.out.exists()
    waiting = load_bundle(waiting_path(request.out)).manifest.bundle_id
    stages.clear()
    train(request, note)
    assert not any(stage.startswith("fast_") for stage in stages)
    first = load_bundle(request.out)
    assert first.part(FAST).manifest.bundle_id == waiting
    assert "there were 6" in first.manifest.training["cascade"]["skip"]["reason"]
    train(replace(request, out=tmp_path / "again"))
    second = load_bundle(tmp_path / "again")
    for one, two in ((first, second), *((first.part(n), second.part(n)) for n in (FAST, EXPERT))):
        assert one.tensors.keys() == two.tensors.keys()
        for name, value in one.tensors.items():
            np.testing.assert_array_equal(value, two.tensors[name], err_msg=name)
    assert first.manifest.settings == second.manifest.settings
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out", "again"}


def test_beginning_anew_forgets_the_waiting_fast_model(tmp_path: Path) -> None:
    waiting = waiting_path(tmp_path / "out")
    waiting.mkdir()
    for path in (checkpoint_path(tmp_path / "out"), checkpoint_path(waiting), waiting / "x"):
        path.touch()
    begin_anew(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_too_few_defects_to_train_on_are_a_sentence(tmp_path: Path) -> None:
    write_snapshot(tmp_path, {"train": {"good": 12, "slash": 1}, "calibration": {"good": 4}})
    with pytest.raises(EngineError, match="patch_memory") as caught:
        train(request_of(tmp_path, tmp_path / "out"))
    assert caught.value.code == "no_defect_pictures"


@pytest.mark.parametrize("wrong", [{"fast": "vit_small"}, {"expert": "autoencoder"}])
def test_models_that_cannot_be_a_part_are_refused(
    data: Path, tmp_path: Path, wrong: dict[str, str]
) -> None:
    with pytest.raises(EngineError, match=r"choose .*efficientnet_lite0") as caught:
        train(request_of(data, tmp_path / "out", options=wrong))
    assert caught.value.code == "config_value_wrong"


def answers_of(goods: int, defects: int, overlap: int = 0, seed: int = 0) -> CascadeAnswers:
    """Scores of two models; ``overlap`` defects look good to the fast one."""
    rng = np.random.default_rng(seed)
    defect = np.arange(goods + defects) >= goods
    fast = np.where(defect, rng.normal(3, 1, len(defect)), rng.normal(-3, 1, len(defect)))
    fast[goods : goods + overlap] = rng.normal(-4, 0.1, overlap)
    chances = np.full((len(defect), 3), 1 / 3, np.float32)
    sure = np.eye(3, dtype=np.float32)[1 + np.arange(len(defect)) % 2]
    return CascadeAnswers(
        fast=fast,
        expert=fast + rng.normal(0, 0.5, len(defect)),
        novelty=np.where(defect, 2.0, 1.0).astype(np.float32) + rng.random(len(defect), np.float32),
        defect=defect,
        labels=np.where(defect, 1 + np.arange(len(defect)) % 2, 0),
        fast_prob=chances,
        expert_prob=sure,
    )


def fitted(said: CascadeAnswers) -> CalibratedCascade:
    return fit_cascade(said, CascadeRates(), 0.02, -1.0)


def test_with_too_few_validation_defects_nothing_is_skipped_and_the_manifest_says_why() -> None:
    found = fitted(answers_of(100, 18))
    assert found.rule.skip_limit is None and not found.skipped.any()
    assert "needs 19 validation defects; there were 18" in found.facts["skip"]["reason"]
    assert not found.rule.skips(-1e9, 1.0)
    stored = json.loads(json.dumps(found.rule.to_manifest()))
    assert CascadeRule.from_manifest(stored) == found.rule


@pytest.mark.parametrize("overlap", [0, 1, 4, 15])
def test_every_skipped_score_is_at_or_below_the_ok_limit(overlap: int) -> None:
    said = answers_of(200, 120, overlap)
    said = replace(said, novelty=np.ones_like(said.novelty))  # a guard that sees nothing
    found = fitted(said)
    skipped, scores, limits = found.skipped, found.scores, found.limits
    assert (scores[skipped] <= limits.ok).all() and limits.method == "mondrian"
    let_go = int((scores[said.defect] <= limits.ok).sum())
    assert let_go <= 0.05 * 121 and int(skipped[said.defect].sum()) < 0.025 * 121
    if overlap == 0:
        assert skipped[~said.defect].mean() > 0.95
    if overlap == 15:  # more look good than may escape: the limit lies below them
        assert skipped[~said.defect].mean() < 0.3
    assert found.rule.fast_score(found.rule.skip_limit or 0.0, limits.ok) <= limits.ok


def test_an_unusual_part_and_one_without_a_score_are_looked_at_twice() -> None:
    rule = fitted(answers_of(100, 40)).rule
    assert rule.skips(-9.0, 0.5)
    for fast, chance in ((-9.0, 0.05), (-9.0, None), (9.0, 0.5), (-np.inf, 0.5), (np.nan, 0.5)):
        assert not rule.skips(fast, chance)


def test_a_guard_that_knows_something_else_sharpens_the_classifier() -> None:
    rng = np.random.default_rng(2)
    defect = np.arange(200) >= 120
    logit = (rng.normal(0, 1, 200) + 1.2 * defect).astype(np.float32)
    novelty = np.exp(0.1 * (rng.normal(0, 1, 200) + 1.5 * defect)).astype(np.float32)
    found = fit_guard(logit, novelty, defect)
    figures = found.facts["validation_auroc"]
    assert found.facts["chosen"] == "fused"
    assert figures["fused"] > max(figures["classifier"], figures["guard"])
    scores = found(logit, novelty)
    assert np.median(scores[~defect]) < 0.0 < np.median(scores[defect])


def test_the_better_class_head_has_the_word() -> None:
    found = fitted(answers_of(50, 40))
    figures = found.facts["classes"]["validation_f1"]
    assert figures["1"] < figures["0"] == 1.0 and found.rule.class_share < 1.0


def test_defects_without_a_class_have_only_a_score() -> None:
    rule = fitted(answers_of(50, 40)).rule
    good = np.ones(1, np.float32)
    np.testing.assert_allclose(rule.class_prob(0.0, good, good), [0.5])


@pytest.mark.parametrize("goods", [3, 9, 10, 47])
def test_the_exported_novelty_limit_is_the_p_value_rule(goods: int) -> None:
    known = np.random.default_rng(goods).random(goods, np.float32)
    rule = replace(fitted(answers_of(50, 40)).rule, ordinary_rate=max(0.1, 1 / (goods + 1)))
    limit = novelty_limit(rule, known)
    for value in (*known.tolist(), 0.0, 2.0):
        assert (value <= limit) == (p_value(value, np.sort(known)) > rule.ordinary_rate)


def test_the_joining_graph_says_what_the_rule_says() -> None:
    rule = replace(fitted(answers_of(50, 40)).rule, class_share=0.25)
    rng = np.random.default_rng(1)
    ok, ng = np.float32(-1.0), np.float32(1.5)
    fast, expert = rng.normal(0, 3, (2, 12)).astype(np.float32)
    chances = rng.dirichlet(np.ones(4), (2, 12)).astype(np.float32)
    skipped = rng.random(12) < 0.5
    given = (fast, chances[0], expert, chances[1], skipped, np.array([ok, ng]))
    model = ov.Core().compile_model(ov.Core().read_model(joining_graph(rule)), "CPU")
    said = model(dict(zip(JOIN_INPUTS, given, strict=True)))
    for i in range(12):
        score = rule.fused_score(float(fast[i]), float(expert[i]))
        among = rule.class_prob(score, chances[0, i], chances[1, i])
        if skipped[i]:
            score = rule.fast_score(float(fast[i]), float(ok))
            among = rule.class_prob(score, chances[0, i])
        assert said["score"][i] == pytest.approx(score, abs=1e-4)
        np.testing.assert_allclose(said["class_prob"][i], among, atol=1e-5)
        assert said["verdict"][i] == int(score > ok) + int(score > ng)


def test_parts_are_bundles_of_their_own(bundle: Path) -> None:
    whole = load_bundle(bundle)
    for name in (FAST, EXPERT):
        part = whole.part(name)
        assert isinstance(part.manifest, Manifest) and part.onnx_path.is_file()
        assert any(key.startswith("model.") for key in part.tensors)
    with pytest.raises(EngineError) as caught:
        whole.part("third")
    assert caught.value.code == "bundle_damaged"


def test_a_taught_part_is_nearest_to_itself(bundle: Path, data: Path) -> None:
    dataset = load_dataset(data)
    taught = next(sample for sample in dataset.of_subset("train") if sample.is_good)
    said = load_explainer(bundle, NEAREST).explain(read_image(taught.path)).comparison
    assert said is not None and len(said.neighbours) == 3
    first = said.neighbours[0]
    assert Path(first.name).name == taught.path.name and first.seen is not None
    assert first.distance == pytest.approx(0.0, abs=1e-3)
    assert first.x == pytest.approx(said.x) and first.y == pytest.approx(said.y)
