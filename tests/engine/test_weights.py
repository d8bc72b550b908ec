"""Weights: packaged, from a file of another naming, unreadable, of another architecture."""

from __future__ import annotations

from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file

from engine.errors import EngineError
from engine.models.registry import create_network
from engine.models.weights import create_pretrained, fill, read_state

CLASSES = ("good", "bent")


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
        assert (facts.matched, facts.wanted) == (len(state), len(state)), file.name
        torch.testing.assert_close(network.state_dict()["conv1.weight"], state["conv1.weight"])
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "safe.safetensors")
    _, facts = create_pretrained("resnet18", None, str(tmp_path / "safe.safetensors"))
    assert facts.used == "file" and facts.matched == len(state)


def test_a_classifier_of_other_classes_is_left_out_and_reported(tmp_path: Path) -> None:
    torch.save(timm.create_model("resnet18", num_classes=1000).state_dict(), tmp_path / "w.pth")
    _, facts = create_pretrained("resnet18", None, str(tmp_path / "w.pth"), num_classes=7)
    assert facts.unmatched[:2] == ("fc.weight", "fc.bias")


def test_other_names_in_the_same_order_fit_by_position(tmp_path: Path) -> None:
    network = timm.create_model("resnet18")
    renamed = {f"layer_{i}": v + 1 for i, v in enumerate(network.state_dict().values())}
    facts = fill(network, renamed, tmp_path / "w.pth")
    assert facts.matched == facts.wanted


def test_another_architecture_is_refused(tmp_path: Path) -> None:
    torch.save(timm.create_model("resnet34").state_dict(), tmp_path / "w.pth")
    with pytest.raises(EngineError, match="do not belong") as caught:
        create_network("efficientnet_b0", CLASSES, 64, str(tmp_path / "w.pth"))
    assert caught.value.code == "weights_mismatch"


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


def test_the_hub_without_a_network_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr("timm.create_model", offline)
    with pytest.raises(EngineError, match="could not be downloaded") as caught:
        create_pretrained("resnet18", None, "hub")
    assert caught.value.code == "weights_missing"
