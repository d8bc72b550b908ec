"""The training loop, its callbacks, losses and rates, on a tiny network."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from training_support import TinyNetwork, draw_parts, pictures_of, small_config, trained

from engine.errors import EngineError
from engine.training.batches import Batch, Batches
from engine.training.callbacks import BestWeights, Callback, EarlyStop
from engine.training.config import OptimiserSettings, ScheduleSettings, StoppingSettings
from engine.training.distributed import World
from engine.training.figures import auroc, f1_of, macro_f1
from engine.training.losses import Position, class_sums, class_weights, mix_up
from engine.training.schedule import Optimiser, Plateau
from engine.training.tasks import ClassifierTask, TrainingData


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("parts"))


def test_training_learns_to_tell_defects(parts: Path) -> None:
    config = small_config(epochs=25, optimiser__rate=0.01, mixup__alpha=0.0)
    loop = trained(pictures_of(parts, config), config, [BestWeights("f1")])
    first, last = loop.history[0], loop.history[-1]
    assert last["train"]["loss"] < 0.8 * first["train"]["loss"]
    assert max(record["validation"]["auroc"] for record in loop.history) > 0.9
    assert loop.steps == loop.total_steps == len(loop.step_losses)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(parts: Path) -> None:
    def weights(seed: int) -> list[np.ndarray]:
        config = small_config(seed=seed, epochs=2)
        loop = trained(pictures_of(parts, config), config)
        return [value.numpy().copy() for value in loop.task.network.state_dict().values()]

    first, again, other = weights(1), weights(1), weights(2)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_accumulating_two_batches_is_one_step_of_both(parts: Path) -> None:
    """Gradients of half batches, averaged: without batch statistics the same as of the whole."""

    def steps(batch_size: int, accumulation: int) -> list[torch.Tensor]:
        config = small_config(
            epochs=1,
            batch_size=batch_size,
            mixup__alpha=0.0,
            losses__class_weights="none",
            augmentation__balance_ratio=0.0,
            optimiser__accumulation=accumulation,
        )
        data = pictures_of(parts, config)
        network = _without_batch_statistics(TinyNetwork())
        task = ClassifierTask(network, config, World())
        trained(data, config, task=task)
        return [value.detach().clone() for value in network.parameters()]

    for whole, halves in zip(steps(10, 1), steps(5, 2), strict=True):
        torch.testing.assert_close(whole, halves, rtol=1e-4, atol=1e-5)


def _without_batch_statistics(network: TinyNetwork) -> TinyNetwork:
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d | torch.nn.Dropout | torch.nn.Dropout2d):
            module.train = lambda mode=True, module=module: module  # type: ignore[method-assign]
            module.training = False
    return network


class _Spoiled(Batches):
    """Gives a picture of no numbers in one epoch."""

    spoil_at = 0

    def epoch(self, number: int) -> Any:
        for batch in super().epoch(number):
            if number == self.spoil_at:
                batch.pixels[0] = math.nan
            yield batch


def _spoiled(data: TrainingData, at: int) -> TrainingData:
    data.batches.__class__ = _Spoiled
    data.batches.spoil_at = at  # type: ignore[attr-defined]
    return data


def test_a_loss_that_is_no_number_stops_and_keeps_the_best_weights(parts: Path) -> None:
    config = small_config(epochs=6)
    kept: list[dict[str, torch.Tensor]] = []

    class Copy(Callback):
        def on_epoch(self, loop: Any, record: Any) -> None:
            kept.append({k: v.clone() for k, v in loop.task.network.state_dict().items()})

    best = BestWeights("loss")
    loop = trained(_spoiled(pictures_of(parts, config), 2), config, [best, Copy()])
    assert loop.stopped == "loss_not_finite"
    assert loop.epoch == 2
    for name, value in loop.task.network.state_dict().items():
        assert torch.equal(value, kept[best.epoch - 1][name])
        assert torch.isfinite(value.float()).all()


def test_a_loss_that_was_never_a_number_is_refused(parts: Path) -> None:
    config = small_config()
    with pytest.raises(EngineError) as refused:
        trained(_spoiled(pictures_of(parts, config), 0), config, [BestWeights("f1")])
    assert refused.value.code == "loss_not_finite"
    assert "epoch 1, batch 1" in str(refused.value)


def test_frozen_parts_stay_as_they_are_and_join_in_later(parts: Path) -> None:
    config = small_config(epochs=4)
    seen: list[tuple[torch.Tensor, torch.Tensor, dict[str, float]]] = []

    class Look(Callback):
        phases = 0

        def on_phase(self, loop: Any) -> None:
            self.phases += 1

        def on_epoch(self, loop: Any, record: Any) -> None:
            stem = loop.task.network.stem
            seen.append((stem[0].weight.clone(), stem[1].running_mean.clone(), record["rates"]))

    look = Look()
    trained(pictures_of(parts, config), config, [look], frozen_epochs=2)
    start = TinyNetwork().stem
    assert torch.equal(seen[1][0], start[0].weight)
    assert torch.equal(seen[1][1], start[1].running_mean)
    assert not torch.equal(seen[2][0], start[0].weight)
    assert look.phases == 1
    assert seen[0][2] == {"head": 1e-3}
    assert seen[3][2] == {"head": 1e-3, "stem": 5e-4}


class _Losses(Callback):
    """Pretends that validation found these losses."""

    def __init__(self, losses: list[float]) -> None:
        self._losses = losses

    def on_epoch(self, loop: Any, record: Any) -> None:
        record["validation"]["loss"] = self._losses[record["epoch"] - 1]


def test_early_stopping_waits_for_its_patience_and_its_least_difference(parts: Path) -> None:
    config = small_config(epochs=9)
    losses = [1.0, 0.8, 0.7999, 0.7995, 0.7999, 0.5, 0.4, 0.3, 0.2]
    stop = EarlyStop(StoppingSettings(patience=3, min_delta=1e-3))
    loop = trained(pictures_of(parts, config), config, [_Losses(losses), stop])
    assert (loop.stopped, loop.epoch) == ("early_stop", 5)


def test_the_best_weights_are_those_of_the_highest_figure_then_of_the_lowest_loss() -> None:
    best = BestWeights("f1")
    network = torch.nn.Linear(1, 1)

    class Fake:
        task = type("", (), {"network": network})

    for epoch, (f1, loss) in enumerate(
        [(0.5, 0.9), (0.8, 0.7), (0.8, 0.6), (0.9, math.nan), (0.7, 0.1)], 1
    ):
        network.weight.data.fill_(float(epoch))
        best.on_epoch(Fake, {"epoch": epoch, "validation": {"f1": f1, "loss": loss}})  # type: ignore[arg-type]
    best.on_end(Fake)  # type: ignore[arg-type]
    assert best.epoch == 3
    assert network.weight.item() == 3.0


def test_without_the_figure_the_lowest_loss_is_the_best() -> None:
    best = BestWeights("f1")
    network = torch.nn.Linear(1, 1)

    class Fake:
        task = type("", (), {"network": network})

    for epoch, loss in enumerate([0.9, 0.2, 0.5], 1):
        best.on_epoch(Fake, {"epoch": epoch, "validation": {"f1": math.nan, "loss": loss}})  # type: ignore[arg-type]
    assert best.epoch == 2


def test_the_plateau_is_torchs() -> None:
    settings = ScheduleSettings(factor=0.5, patience=2, threshold=1e-2, minimum=1e-4)
    losses = [1.0, 0.9, 0.899, 0.9, 0.95, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.Adam([parameter], lr=1e-3)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.5, patience=2, threshold=1e-2, min_lr=1e-4, eps=0.0
    )
    ours = Plateau(settings)
    for loss in losses:
        theirs.step(loss)
        ours.see(loss)
        assert ours.rate(1e-3) == pytest.approx(optimiser.param_groups[0]["lr"], rel=1e-12)
    assert ours.rate(1e-5) == 1e-5  # a group below the minimum is not raised to it


def test_moments_outlive_a_change_of_groups() -> None:
    network = TinyNetwork(frozen_epochs=1)
    config = small_config()
    optimiser = Optimiser(network, OptimiserSettings())
    plateau = Plateau(ScheduleSettings())
    network.set_epoch(0)
    assert not optimiser.begin_epoch(network.parameter_groups(config, 0), plateau)
    network.analyse(torch.rand(4, 3, 32, 32)).binary.sum().backward()
    optimiser.torch.step()
    before = {name: value.clone() for name, value in optimiser.state_tensors().items()}
    network.set_epoch(1)
    assert optimiser.begin_epoch(network.parameter_groups(config, 1), plateau)
    after = optimiser.torch.state[network.binary.weight]
    assert torch.equal(after["exp_avg"], before["binary.weight:exp_avg"])
    assert float(after["step"]) == 1.0


def test_class_weights_are_those_of_the_specification() -> None:
    weights = class_weights(
        {"good": 169, "dot": 60, "line": 30, "anomaly": 9}, ("good", "dot", "line")
    )
    counts = np.array([169, 60, 30])
    expected = 259 / (3 * counts)
    np.testing.assert_allclose(weights.numpy(), expected / expected.sum(), rtol=1e-6)
    assert class_weights({"good": 3}, ("good", "dot")).tolist() == [1.0, 0.0]


def test_the_class_loss_is_torchs_weighted_mean_over_known_classes() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 3, generator=generator)
    label = torch.tensor([0, 1, 2, -1, 1, -1])
    weights = torch.tensor([0.2, 0.5, 0.3])
    mean = World().mean_of(*class_sums(logits, label, weights, None, 0.1))
    expected = F.cross_entropy(logits, label, weights, ignore_index=-1, label_smoothing=0.1)
    torch.testing.assert_close(mean, expected)
    nothing = World().mean_of(*class_sums(logits, torch.full((6,), -1), weights, None, 0.1))
    assert float(nothing) == 0.0


def test_mixup_is_a_function_of_seed_and_place() -> None:
    pixels = torch.rand(5, 3, 4, 4)
    mixed = mix_up(pixels, 0.2, 7, Position(3, 4))
    again = mix_up(pixels, 0.2, 7, Position(3, 4))
    assert torch.equal(mixed.pixels, again.pixels)
    assert mixed.partner.tolist() == [1, 0, 3, 2, 4]
    expected = mixed.share * pixels[0] + (1 - mixed.share) * pixels[1]
    torch.testing.assert_close(mixed.pixels[0], expected)
    shares = {mix_up(pixels, 0.2, 7, Position(0, batch)).share for batch in range(20)}
    assert len(shares) == 20
    assert mix_up(pixels, 0.0, 7, Position(0, 0)).pixels is pixels


def test_mixup_mixes_the_answers_as_it_mixes_the_pictures() -> None:
    logits = torch.randn(2, 3, generator=torch.Generator().manual_seed(1))
    label, weights = torch.tensor([0, 2]), torch.tensor([0.2, 0.5, 0.3])
    mixed = mix_up(torch.rand(2, 3, 4, 4), 0.2, 0, Position(0, 0))
    loss, weight = class_sums(logits, label, weights, mixed)
    one = F.cross_entropy(logits, label, weights, reduction="none")
    other = F.cross_entropy(logits, label[[1, 0]], weights, reduction="none")
    torch.testing.assert_close(loss, (mixed.share * one + (1 - mixed.share) * other).sum())
    torch.testing.assert_close(weight, weights[label].sum())


def test_validation_says_what_scikit_learn_says(parts: Path) -> None:
    from sklearn.metrics import f1_score, roc_auc_score

    rng = np.random.default_rng(0)
    truth, scores = rng.random(50) > 0.7, rng.normal(size=50).round(1)
    assert f1_of(scores > 0, truth) == pytest.approx(f1_score(truth, scores > 0))
    assert auroc(scores, truth) == pytest.approx(roc_auc_score(truth, scores))
    label, found = rng.integers(0, 3, 50), rng.integers(0, 3, 50)
    assert macro_f1(found, label) == pytest.approx(f1_score(label, found, average="macro"))


def test_pictures_of_an_unknown_class_teach_the_binary_head_alone(parts: Path) -> None:
    config = small_config()
    data = pictures_of(parts, config)
    task = ClassifierTask(TinyNetwork(), config, World())
    task.prepare(data)
    task.begin_epoch(0)
    batch = next(iter(data.batches.epoch(0)))
    unknown = Batch(
        batch.pixels,
        torch.full_like(batch.label, -1),
        torch.ones_like(batch.binary),
        batch.mask,
        batch.mask_known,
        batch.index,
    )
    losses = task.losses(unknown, Position(0, 0))
    losses["loss"].backward()
    assert float(losses["class"]) == 0.0
    assert float(task.network.binary.weight.grad.abs().sum()) > 0.0  # type: ignore[union-attr]
