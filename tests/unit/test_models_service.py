"""The model library: registering, activating and rolling back, with every step in the audit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from qc_station.domain.model_version import ModelVersion, parts_needed, tightest_rate
from qc_station.interpreter import keep_constants_alive
from qc_station.services.manifest import read_version
from qc_station.services.models import LibraryError, ModelLibrary

keep_constants_alive()


class MemoryStore:
    """Stands where the database would."""

    def __init__(self) -> None:
        self.rows: list[ModelVersion] = []

    def add(self, version: ModelVersion) -> None:
        self.rows.append(version)

    def versions(self, recipe: str | None) -> list[ModelVersion]:
        return [row for row in self.rows if recipe in (None, row.recipe)]

    def set_active(self, recipe: str, model_id: str, at: datetime) -> None:
        self.rows = [
            row
            if row.recipe != recipe
            else replace(row, active=True, activated_at=at)
            if row.model_id == model_id
            else replace(row, active=False)
            for row in self.rows
        ]


class Audit:
    def __init__(self) -> None:
        self.events: list[tuple[str, str, str]] = []

    def append(self, actor: str, action: str, subject: str, details: dict[str, Any]) -> None:
        self.events.append((actor, action, subject))


def bundle(folder: Path, name: str, created: str = "2026-11-22T10:00:00+00:00") -> Path:
    path = folder / name
    path.mkdir(parents=True)
    manifest = {
        "bundle_id": name,
        "model": "patch_memory",
        "product": "bottle",
        "classes": ["broken_large"],
        "created_at": created,
        "limits": {
            "ok": 2.31, "ng": 3.4, "method": "good", "ok_rate": 0.05, "ng_rate": 0.005,
        },
        "calibration": {"n_good": 209, "n_defect": 0},
        "metrics": {"overkill": {"value": 0.04, "low": 0.02, "high": 0.08, "n": 209}},
        "parent": None,
    }  # fmt: skip
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


@pytest.fixture
def library(qtbot: QtBot) -> ModelLibrary:
    return ModelLibrary(MemoryStore(), Audit())


def test_limits_and_what_the_calibration_supports_come_from_the_manifest(tmp_path: Path) -> None:
    version = read_version(bundle(tmp_path, "patch_memory-1-aa"))
    assert (version.ok_limit, version.ng_limit) == (2.31, 3.4)
    assert version.ok_claim.supported == pytest.approx(1 / 210)
    assert version.ok_claim.is_supported and version.ng_claim.is_supported
    assert version.metrics["overkill"].n == 209


def test_a_rate_needs_enough_parts() -> None:
    assert [parts_needed(rate) for rate in (0.05, 0.01)] == [19, 99]
    assert tightest_rate(0) is None


def test_activation_is_exclusive_announced_and_audited(
    qtbot: QtBot, library: ModelLibrary, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        library.register(bundle(tmp_path, name))
    library.activate("a", "ann")
    with qtbot.waitSignal(library.activated) as told:
        library.activate("b", "ann")
    assert told.args[0].model_id == "b" and told.args[0].active
    assert [v.model_id for v in library.versions("bottle") if v.active] == ["b"]
    assert library._audit.events[-1] == ("ann", "model.activated", "b")


def test_roll_back_returns_to_the_version_before_and_again(
    library: ModelLibrary, tmp_path: Path
) -> None:
    for name in ("a", "b", "never_active"):
        library.register(bundle(tmp_path, name))
    library.activate("a", "ann")
    library.activate("b", "ann")
    assert library.rollback("bottle", "ann").model_id == "a"
    assert library._audit.events[-1] == ("ann", "model.rolled_back", "a")
    assert library.rollback("bottle", "ann").model_id == "b"


def test_roll_back_with_nothing_before_says_so(library: ModelLibrary, tmp_path: Path) -> None:
    library.register(bundle(tmp_path, "a"))
    library.activate("a", "ann")
    with pytest.raises(LibraryError) as told:
        library.rollback("bottle", "ann")
    assert told.value.code == "nothing_to_roll_back"


def test_a_bundle_that_is_gone_is_not_activated(library: ModelLibrary, tmp_path: Path) -> None:
    path = bundle(tmp_path, "a")
    library.register(path)
    (path / "manifest.json").unlink()
    with pytest.raises(LibraryError) as told:
        library.activate("a", "ann")
    assert told.value.code == "bundle_missing"
    assert library.active("bottle") is None


def test_registering_twice_keeps_one(library: ModelLibrary, tmp_path: Path) -> None:
    path = bundle(tmp_path, "a")
    library.register(path)
    library.register(path)
    assert len(library.versions()) == 1


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"bundle_id": "x"}'])
def test_a_broken_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(LibraryError) as told:
        read_version(tmp_path)
    assert told.value.code == "bundle_damaged"
    assert str(tmp_path) in str(told.value)
