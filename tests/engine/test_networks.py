"""The reference networks: shapes, real sizes, freezing, rates, and maps that are Grad-CAM."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from torch import nn

from engine.comparison.cost import count_gflops
from engine.errors import EngineError
from engine.models import autoencoder, cnn_custom, efficientnet, resnet50, vit_small
from engine.models.network import Classifier, Network, PooledHead
from engine.models.registry import NETWORKS, create_network

CLASSES = ("good", "bent", "cut")
SIZE = 64
CLASSIFIERS = [name for name in NETWORKS if name != "autoencoder"]


@dataclass
class _Rate:
    rate: float = 1e-3


@dataclass
class _Config:
    optimiser: _Rate = field(default_factory=_Rate)


def made(name: str, size: int = SIZE, weights: str = "none") -> Network:
    classes = ("good",) if name == "autoencoder" else CLASSES
    return create_network(name, classes, size, weights, seed=0)[0].eval()


def pictures(count: int = 2, size: int = SIZE) -> torch.Tensor:
    rng = np.random.default_rng(0)
    return torch.from_numpy(rng.integers(0, 256, (count, size, size, 3)).astype(np.uint8))


def tables() -> dict[str, dict[str, str]]:
    """The first word of each row and its value, by network, from the modules' docstrings."""
    found: dict[str, dict[str, str]] = {}
    for module in (autoencoder, cnn_custom, efficientnet, resnet50, vit_small):
        name = ""
        for line in (module.__doc__ or "").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not line.startswith("|") or len(cells) != 2 or cells[1].startswith("---"):
                continue
            if not cells[0]:
                name = cells[1]
                found[name] = {}
            else:
                found[name][cells[0].split()[0]] = cells[1]
    return found


def rates(network: Network, epoch: int) -> dict[str, float]:
    return {g["name"]: g["lr"] for g in network.parameter_groups(_Config(), epoch)}


@pytest.mark.parametrize("name", list(NETWORKS))
@torch.inference_mode()
def test_every_network_keeps_the_contract(name: str) -> None:
    network = made(name)
    limits = torch.tensor([-1e9, 1e9])
    score, class_prob, anomaly_map, embedding, verdict = network(pictures(), limits)
    outputs = 1 if name == "autoencoder" else len(CLASSES)
    assert score.shape == (2,) and class_prob.shape == (2, outputs)
    assert anomaly_map.shape == (2, SIZE, SIZE) and embedding.shape[0] == 2
    torch.testing.assert_close(class_prob.sum(1), torch.ones(2))
    assert verdict.tolist() == [1, 1]


@pytest.mark.parametrize("name", list(NETWORKS))
def test_size_and_operations_are_those_of_the_table(name: str) -> None:
    table = tables()[name]
    classes = ("good",) if name == "autoencoder" else ("good", *"bcdefghi")
    network = create_network(name, classes, 224, "none")[0].eval()
    assert f"{sum(p.numel() for p in network.parameters()):,}" == table["parameters"]
    pixels = torch.zeros(1, 224, 224, 3, dtype=torch.uint8)
    assert f"{count_gflops(network, (pixels, torch.zeros(2))):.2f}" == table["GFLOPs"]


def test_the_counter_knows_every_operation() -> None:
    """A 3x3 convolution from 2 to 4 channels on 8x8 places: 2 * 9 * 2 * 4 * 64 operations."""
    network = nn.Conv2d(2, 4, 3, padding=1)
    found = count_gflops(network, (torch.zeros(1, 2, 8, 8),))
    assert found == pytest.approx(2 * 9 * 2 * 4 * 64 / 1e9)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_map_is_grad_cam_of_the_binary_logit(name: str) -> None:
    network = made(name)
    assert isinstance(network, Classifier)
    for module in network.modules():  # statistics that are not the initial ones
        if isinstance(module, nn.BatchNorm1d):
            assert module.running_mean is not None and module.running_var is not None
            nn.init.normal_(module.running_mean, 0.0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
    x01 = torch.rand(3, 3, SIZE, SIZE)
    features = network.trunk(network.normalise(x01)).detach().requires_grad_(True)
    logit = network.head.binary(network.head(features))[:, 0]
    (gradient,) = torch.autograd.grad(logit.sum(), features)
    by_hand = network.head.pull_back(features)
    torch.testing.assert_close(by_hand, gradient.sum((2, 3)), rtol=1e-3, atol=1e-6)


def test_resnet_is_unfrozen_in_three_phases() -> None:
    network = made("resnet50")
    network.settings = _pretrained(network)
    base = 1e-3
    assert rates(network, 0) == rates(network, 9) == {"head.": base}
    assert rates(network, 10) == {"head.": base, "backbone.layer4.": base}
    assert rates(network, 20)["backbone.layer3."] == pytest.approx(1e-4)
    assert rates(network, 29).keys() == {"head.", "backbone.layer4.", "backbone.layer3."}
    last = rates(network, 30)
    assert last["head."] == pytest.approx(1e-4)
    ordered = [last[f"backbone.layer{i}."] for i in (4, 3, 2, 1)] + [last["backbone."]]
    assert ordered == sorted(ordered, reverse=True) and len(set(ordered)) == 5
    trained = {id(p) for g in network.parameter_groups(_Config(), 30) for p in g["params"]}
    assert trained == {id(p) for p in network.parameters()}


def test_frozen_parts_take_no_gradient_and_keep_their_statistics() -> None:
    network = made("resnet50")
    network.settings = _pretrained(network)
    network.train()
    network.set_epoch(0)
    frozen = dict(network.named_parameters())["backbone.conv1.weight"]
    assert not frozen.requires_grad
    stem = network.get_submodule("backbone.bn1")
    assert not stem.training
    before = stem.state_dict()["running_mean"].clone()
    network.analyse(torch.rand(4, 3, SIZE, SIZE)).binary.sum().backward()
    torch.testing.assert_close(stem.state_dict()["running_mean"], before)
    network.train()
    network.set_epoch(30)
    assert frozen.requires_grad and stem.training


@pytest.mark.parametrize("name", ["efficientnet_b0", "efficientnet_lite0"])
def test_efficientnet_freezes_four_stages_and_half_of_the_fifth(name: str) -> None:
    network = made(name)
    network.settings = _pretrained(network)
    network.train()
    network.set_epoch(0)
    trained = {n for n, p in network.named_parameters() if p.requires_grad}
    for stage in range(4):
        assert not any(n.startswith(f"backbone.blocks.{stage}.") for n in trained)
    assert not any(n.startswith(("backbone.conv_stem", "backbone.blocks.4.0.")) for n in trained)
    fifth = len(network.get_submodule("backbone.blocks.4"))  # type: ignore[arg-type]
    assert any(n.startswith(f"backbone.blocks.4.{fifth - 1}.") for n in trained)
    for stage in (5, 6):
        every = {n for n, _ in network.named_parameters() if f"blocks.{stage}." in n}
        assert every and every <= trained


def test_efficientnet_drops_paths_while_it_is_trained() -> None:
    network = made("efficientnet_b0")
    depths = [m.drop_prob for m in network.modules() if type(m).__name__ == "DropPath"]
    assert max(depths) == pytest.approx(0.2, abs=0.02) and min(depths) < 0.03
    x = torch.rand(1, 3, SIZE, SIZE).expand(16, -1, -1, -1)
    backbone = network.get_submodule("backbone")
    backbone.train()
    for module in backbone.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    said = backbone(x)
    assert (said - said[:1]).abs().max() > 1e-3 * said.abs().max()


def test_without_learnt_weights_nothing_is_frozen() -> None:
    for name in ("resnet50", "efficientnet_b0", "vit_small"):
        network = made(name)
        network.set_epoch(0)
        assert all(p.requires_grad for p in network.parameters())


def test_the_same_seed_makes_the_same_network() -> None:
    one, other = made("cnn_custom"), made("cnn_custom")
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_a_pooled_head_reads_a_feature_map() -> None:
    head = PooledHead(8, 3, widths=(6, 4)).eval()
    assert head(torch.rand(2, 8, 5, 5)).shape == (2, 4)


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(EngineError, match="alexnet"):
        create_network("alexnet", CLASSES, SIZE)


@torch.inference_mode()
def test_an_autoencoder_s_score_is_that_of_its_worst_region() -> None:
    network = made("autoencoder")
    x = torch.rand(1, 3, SIZE, SIZE)
    said = network.analyse(x)
    assert said.reconstruction is not None and said.reconstruction.shape == x.shape
    worse = x.clone()
    worse[:, :, :8, :8] = said.reconstruction[:, :, :8, :8] + 2.0
    errors = (2.0 * (said.reconstruction - worse)).square().mean(1)
    assert errors[0, :8, :8].mean() > 4.0
    assert network._score(errors.unsqueeze(1)) > said.binary  # type: ignore[operator]


def _pretrained(network: Network) -> object:
    import dataclasses

    return dataclasses.replace(network.settings, pretrained=True)
