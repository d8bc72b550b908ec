"""Weights: packaged, from a file of another naming, unreadable, of another architecture."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file
from torch import nn

from engine.errors import EngineError
from engine.models.registry import create_network
from engine.models.weights import create_pretrained, fill, read_state

CLASSES = ("good", "bent")


def counted(state: dict[str, torch.Tensor]) -> int:
    """How many tensors count."""
    return sum(not name.endswith("num_batches_tracked") for name in state)


def saved(name: str, file: Path, **arguments: object) -> dict[str, torch.Tensor]:
    """Random weights of a timm network in a file, and as they are."""
    state = timm.create_model(name, pretrained=False, **arguments).state_dict()
    torch.save(state, file)
    return state


def test_auto_takes_the_packaged_weights_and_freezes() -> None:
    network, facts = create_network("efficientnet_lite0", CLASSES, 64, "auto")
    assert facts.used == "packaged" and facts.pretrained and network.settings.pretrained
    assert facts.matched == facts.wanted and not facts.unmatched


def test_auto_without_a_package_trains_from_scratch_and_says_so() -> None:
    network, facts = create_network("resnet50", CLASSES, 64, "auto")
    assert facts.used == "none" and not network.settings.pretrained
    assert "from scratch" in facts.note and "--weights FILE" in facts.note


def test_a_file_fills_a_network_whatever_wraps_its_names(tmp_path: Path) -> None:
    source = timm.create_model("resnet18")
    state = source.state_dict()
    for file, content in (
        (tmp_path / "plain.pth", state),
        (tmp_path / "wrapped.pth", {"state_dict": {f"module.{k}": v for k, v in state.items()}}),
        (tmp_path / "nested.pth", {"model": {f"module.backbone.{k}": v for k, v in state.items()}}),
    ):
        torch.save(content, file)
        network, facts = create_pretrained("resnet18", None, str(file))
        assert facts.matched == facts.wanted == counted(state), file.name
        torch.testing.assert_close(network.state_dict()["conv1.weight"], state["conv1.weight"])
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "safe.safetensors")
    _, facts = create_pretrained("resnet18", None, str(tmp_path / "safe.safetensors"))
    assert facts.used == "file" and facts.matched == counted(state)
    assert facts.asked == facts.source == "safe.safetensors"  # no folder of this machine
    content = (tmp_path / "safe.safetensors").read_bytes()
    assert facts.sha256 == hashlib.sha256(content).hexdigest()


def test_a_classifier_of_other_classes_is_left_out_and_reported(tmp_path: Path) -> None:
    torch.save(timm.create_model("resnet18", num_classes=1000).state_dict(), tmp_path / "w.pth")
    _, facts = create_pretrained("resnet18", None, str(tmp_path / "w.pth"), num_classes=7)
    assert facts.unmatched[:2] == ("fc.weight", "fc.bias")


def test_other_names_in_the_same_order_fit_by_position(tmp_path: Path) -> None:
    network = timm.create_model("resnet18")
    renamed = {f"layer_{i}": v + 1 for i, v in enumerate(network.state_dict().values())}
    facts = fill(network, renamed, tmp_path / "w.pth")
    assert facts.matched == facts.wanted


@pytest.mark.parametrize(
    ("source", "network", "left"),
    [
        ("resnet101", "resnet50", "layer3.6.conv1.weight"),  # fills all of it, and much is left
        ("seresnet50", "resnet50", "layer1.0.se.fc1.weight"),
        ("efficientnet_b0", "efficientnet_lite0", "blocks.0.0.se.conv_reduce.weight"),
        ("resnet34", "efficientnet_b0", "conv1.weight"),
        ("efficientnet_lite0", "efficientnet_b0", "missing in the file"),
        ("vit_small_patch32_224", "vit_small", "another shape in the file: patch_embed.proj"),
    ],
)
def test_another_architecture_is_refused(
    tmp_path: Path, source: str, network: str, left: str
) -> None:
    saved(source, tmp_path / "w.pth")
    with pytest.raises(EngineError, match="do not belong to") as caught:
        create_network(network, CLASSES, 64, str(tmp_path / "w.pth"))
    assert caught.value.code == "weights_mismatch"
    assert left in str(caught.value) and "Choose a file of" in str(caught.value)
    assert len(str(caught.value)) < 600  # a few names stand for hundreds


def test_a_file_without_one_tensor_of_the_network_is_refused(tmp_path: Path) -> None:
    state = saved("resnet50", tmp_path / "w.pth")
    del state["layer3.2.conv2.weight"]
    torch.save(state, tmp_path / "w.pth")
    with pytest.raises(EngineError, match=r"layer3\.2\.conv2\.weight"):
        create_network("resnet50", CLASSES, 64, str(tmp_path / "w.pth"))


def test_a_file_of_an_older_pytorch_has_no_counters_and_fits(tmp_path: Path) -> None:
    state = saved("resnet50", tmp_path / "w.pth")
    old = {name: value for name, value in state.items() if "num_batches_tracked" not in name}
    assert len(old) < len(state)
    torch.save(old, tmp_path / "old.pth")
    network, facts = create_network("resnet50", CLASSES, 64, str(tmp_path / "old.pth"))
    assert facts.matched == facts.wanted == len(old) - 2
    assert facts.unmatched == ("fc.weight", "fc.bias")  # the file's own classifier
    assert network.settings.pretrained


def test_a_position_embedding_of_another_grid_is_resampled(tmp_path: Path) -> None:
    file = tmp_path / "vit.pth"
    state = saved("vit_small_patch16_224", file)
    state["pos_embed"] = torch.linspace(0.0, 1.0, 197).reshape(1, 197, 1).expand(1, 197, 384)
    torch.save(state, file)
    network, facts = create_network("vit_small", CLASSES, 256, str(file))
    made = network.state_dict()["backbone.pos_embed"]
    assert made.shape == (1, 257, 384)
    torch.testing.assert_close(made[:, 0], state["pos_embed"][:, 0])  # the class's stays
    patches = made[0, 1:, 0]
    assert patches[-1] > patches[128] > patches[0] >= 0.0  # still rises from corner to corner
    assert facts.matched == facts.wanted
    assert "14 × 14" in facts.note and "16 × 16" in facts.note


def test_a_position_embedding_that_cannot_be_resampled_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vit.pth"
    state = saved("vit_small_patch16_224", file)
    torch.save(state | {"pos_embed": torch.zeros(1, 198, 384)}, file)  # a distilled one's
    with pytest.raises(EngineError, match="another shape in the file: pos_embed"):
        create_network("vit_small", CLASSES, 256, str(file))


def test_torchvision_s_names_of_the_same_network_fit(tmp_path: Path) -> None:
    from torchvision.models import efficientnet_b0, resnet50

    for name, source in (("resnet50", resnet50()), ("efficientnet_b0", efficientnet_b0())):
        torch.save(source.state_dict(), tmp_path / "w.pth")
        network, facts = create_network(name, CLASSES, 64, str(tmp_path / "w.pth"))
        assert facts.matched == facts.wanted, name
        first = next(iter(source.parameters()))
        torch.testing.assert_close(next(network.get_submodule("backbone").parameters()), first)


def test_a_sorted_file_of_other_names_is_no_other_order(tmp_path: Path) -> None:
    """Biases then come before weights of the same shape."""
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
    state = {f"x.{name}": value for name, value in network.state_dict().items()}
    assert fill(network, state, tmp_path / "w.pth").matched == 6
    mixed = {name: state[name] for name in ("x.0.weight", "x.0.bias")}
    mixed |= {name: state[name] for name in sorted(state) if name.startswith("x.1.")}
    with pytest.raises(EngineError, match="do not belong"):
        fill(network, mixed, tmp_path / "w.pth")


@pytest.mark.parametrize("name", ["cnn_custom", "autoencoder"])
def test_weights_for_a_network_without_a_pretrained_part_are_refused(name: str) -> None:
    classes = ("good",) if name == "autoencoder" else CLASSES
    for weights in ("auto", "none"):
        assert not create_network(name, classes, 32, weights)[1].pretrained
    for weights in ("hub", "w.pth"):
        with pytest.raises(EngineError, match=f"{name} has no pre-trained part") as caught:
            create_network(name, classes, 32, weights)
        assert caught.value.code == "weights_unused"


def test_what_cannot_be_read_safely_is_refused(tmp_path: Path) -> None:
    import pickle

    with pytest.raises(EngineError) as missing:
        read_state(tmp_path / "none.pth")
    assert missing.value.code == "weights_missing"
    (tmp_path / "evil.pth").write_bytes(pickle.dumps({"a": Path}))
    with pytest.raises(EngineError) as evil:
        read_state(tmp_path / "evil.pth")
    assert evil.value.code == "weights_unreadable"
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(EngineError, match="state dict"):
        read_state(tmp_path / "list.pth")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A hub whose port is closed, and an empty cache."""
    closed = "http://127.0.0.1:9/{repo_id}/resolve/{revision}/{filename}"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", closed)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(("name", "packaged"), [("resnet50", False), ("efficientnet_lite0", True)])
def test_the_hub_without_a_network_ends_soon_in_a_sentence(
    offline: None, name: str, packaged: bool
) -> None:
    start = time.monotonic()
    with pytest.raises(EngineError, match="could not be downloaded") as caught:
        create_network(name, CLASSES, 64, "hub")
    assert time.monotonic() - start < 15.0  # the repetitions of a download take a minute
    assert caught.value.code == "weights_missing"
    assert "--weights FILE" in str(caught.value)
    assert ("--weights auto" in str(caught.value)) == packaged  # elsewhere it is from scratch


def test_what_the_hub_has_given_before_needs_no_network(offline: None, tmp_path: Path) -> None:
    repository = tmp_path / "cache" / "models--timm--resnet50.a1_in1k"
    kept = repository / "snapshots" / "abc" / "model.safetensors"
    kept.parent.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    state = timm.create_model("resnet50").state_dict()
    save_file({k: v.contiguous() for k, v in state.items()}, kept)
    network, facts = create_network("resnet50", CLASSES, 64, "hub")
    assert (facts.used, facts.source) == ("hub", "timm/resnet50.a1_in1k")
    assert network.settings.pretrained and set(facts.unmatched) == {"fc.weight", "fc.bias"}
    torch.testing.assert_close(network.state_dict()["backbone.conv1.weight"], state["conv1.weight"])
