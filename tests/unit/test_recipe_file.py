"""Recipes as signed files: what comes back, and every way in which a file may lie."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from qc_station.domain.access import Action
from qc_station.domain.recipe import DefectClass, Recipe, RecipeError, Storage
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.triggers import TriggerMode
from qc_station.services.permits import AccessError
from qc_station.services.recipe_exchange import RecipeExchange
from qc_station.services.recipe_file import (
    RECIPE,
    SIGNATURE,
    _json,
    _message,
    read_file,
    write_file,
)
from qc_station.services.recipes import RecipeService
from qc_station.services.signing import SigningKey, TrustedKeys, fingerprint, verified

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OWN, OTHER = SigningKey(b"\x01" * 32), SigningKey(b"\x02" * 32)
CABLE = Recipe(
    "cable", "demo:/pictures", 4, NOON, "Eva", "faster", trigger=TriggerMode.TIMER,
    interval_ms=250, classes=(DefectClass("cut", "Cut", "Coupure"),),
    storage=Storage(Keep.SAMPLED, 20, 30),
)  # fmt: skip


class MemoryRecipes:
    def __init__(self) -> None:
        self.rows: list[Recipe] = []

    def names(self) -> list[str]:
        return list({row.name for row in self.rows})

    def revisions(self, name: str) -> list[Recipe]:
        return [row for row in self.rows if row.name == name]

    def add(self, recipe: Recipe) -> None:
        self.rows.append(recipe)


class Audit:
    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []

    def append(self, actor: str, action: str, subject: str, details: dict[str, Any]) -> None:
        self.events.append((action, subject))


class Station:
    """Recipes and keys of one station."""

    def __init__(self, home: Path, key: SigningKey = OWN) -> None:
        self.recipes = RecipeService(MemoryRecipes())
        self.audit = Audit()
        self.exchange = RecipeExchange(
            self.recipes, key, TrustedKeys(home / "trusted.json"), self.audit
        )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cable-4.qcrecipe"
    write_file(CABLE, path, OTHER, "Eva")
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pack(path: Path, content: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return path


def signed(path: Path, recipe: dict[str, object], key: SigningKey = OTHER) -> Path:
    """A file with any content, signed as it should be."""
    data = _json(recipe)
    files = {RECIPE: hashlib.sha256(data).hexdigest()}
    signature = {
        "format": 1, "algorithm": "ed25519", "public_key": key.public.hex(),
        "signature": key.sign(_message(files)).hex(), "files": files,
    }  # fmt: skip
    return pack(path, {RECIPE: data, SIGNATURE: _json(signature)})


def refused(path: Path) -> str:
    with pytest.raises(RecipeError) as error:
        read_file(path)
    return error.value.code


def test_a_recipe_comes_back_as_it_was_written_with_its_signer(file: Path) -> None:
    read = read_file(file)
    assert read.recipe == CABLE
    assert read.public == OTHER.public
    assert (read.exported_by, read.exported_at.tzinfo) == ("Eva", UTC)
    assert read.fingerprint == fingerprint(OTHER.public)
    assert not list(file.parent.glob(".*"))


def test_the_private_key_is_the_owners_only_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    first = SigningKey.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).public == first.public
    assert SigningKey.load(tmp_path / "another.key").public != first.public


def test_every_changed_byte_of_the_recipe_is_found(file: Path, tmp_path: Path) -> None:
    content = members(file)
    for place in range(0, len(content[RECIPE]), 7):
        data = bytearray(content[RECIPE])
        data[place] ^= 1
        changed = pack(tmp_path / "changed.qcrecipe", {**content, RECIPE: bytes(data)})
        assert refused(changed) == "recipe_file_changed"


def swap_key(signature: dict[str, Any]) -> None:
    signature["public_key"] = OWN.public.hex()


def no_key(signature: dict[str, Any]) -> None:
    signature["public_key"] = None


def half_signature(signature: dict[str, Any]) -> None:
    signature["signature"] = signature["signature"][:64]


def other_hash(signature: dict[str, Any]) -> None:
    signature["files"] = {RECIPE: "0" * 64}


def more_files(signature: dict[str, Any]) -> None:
    signature["files"]["other.json"] = "0" * 64


def other_algorithm(signature: dict[str, Any]) -> None:
    signature["algorithm"] = "none"


@pytest.mark.parametrize(
    "change", [swap_key, no_key, half_signature, other_hash, more_files, other_algorithm]
)
def test_a_changed_signature_is_found(
    file: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    content = members(file)
    signature = json.loads(content[SIGNATURE])
    change(signature)
    path = pack(tmp_path / "changed.qcrecipe", {**content, SIGNATURE: _json(signature)})
    assert refused(path) == "recipe_file_changed"


def test_a_signature_of_something_else_does_not_count(file: Path) -> None:
    """The purpose is part of what is signed: the key may sign other things one day."""
    files = {RECIPE: hashlib.sha256(members(file)[RECIPE]).hexdigest()}
    bare = OTHER.sign(_json({"format": 1, "files": files}))
    assert not verified(OTHER.public, bare, _message(files))


def test_files_that_are_none_are_said_to_be_none(file: Path, tmp_path: Path) -> None:
    content = members(file)
    odd = tmp_path / "odd.qcrecipe"
    odd.write_bytes(b"a letter to the customer")
    assert refused(odd) == "recipe_file_unreadable"
    odd.write_bytes(file.read_bytes()[:-40])
    assert refused(odd) == "recipe_file_unreadable"
    assert refused(pack(odd, {RECIPE: content[RECIPE]})) == "recipe_file_unsigned"
    assert refused(pack(odd, {})) == "recipe_file_unexpected"
    for data in (b"[]", b"{", b"\xff\xfe", b"[" * 100_000):
        assert refused(pack(odd, {**content, SIGNATURE: data})) == "recipe_file_unreadable"
    assert refused(pack(odd, content, zipfile.ZIP_LZMA)) == "recipe_file_unreadable"


@pytest.mark.parametrize("name", ["../recipe.json", "/etc/passwd", "golden/1.png", "..\\x"])
def test_nothing_but_recipe_and_signature_is_accepted(
    file: Path, tmp_path: Path, name: str
) -> None:
    path = pack(tmp_path / "more.qcrecipe", {**members(file), name: b"x"})
    before = sorted(tmp_path.rglob("*"))
    assert refused(path) == "recipe_file_unexpected"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_that_stands_twice_is_refused(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.qcrecipe"
    content = members(file)
    with pytest.warns(UserWarning), zipfile.ZipFile(path, "w") as packed:
        for name in (RECIPE, SIGNATURE, RECIPE):
            packed.writestr(name, content[name])
    assert refused(path) == "recipe_file_unexpected"


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(
    file: Path, tmp_path: Path
) -> None:
    content = members(file)
    bomb = pack(tmp_path / "bomb.qcrecipe", {**content, RECIPE: b" " * (300 << 20)})
    assert bomb.stat().st_size < 1 << 20
    assert refused(bomb) == "recipe_file_large"
    fat = tmp_path / "fat.qcrecipe"
    fat.write_bytes(bytes(5 << 20))
    assert refused(fat) == "recipe_file_large"


def test_another_version_says_so(file: Path, tmp_path: Path) -> None:
    content = json.loads(members(file)[RECIPE])
    path = tmp_path / "new.qcrecipe"
    assert refused(signed(path, {**content, "format": 2})) == "recipe_file_version"
    newer = {**json.loads(members(file)[SIGNATURE]), "format": 2}
    assert refused(pack(path, {**members(file), SIGNATURE: _json(newer)})) == "recipe_file_version"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "x" * 81}, "product_name_long"),
        ({"name": None, "settings": 3}, "recipe_file_unreadable"),
        ({"revision": "new"}, "recipe_file_unreadable"),
        ({"created_at": "yesterday"}, "recipe_file_unreadable"),
        ({"settings": {"interval_ms": -5}}, "recipe_file_field"),
        ({"settings": {"trigger": "magic"}}, "recipe_file_field"),
    ],
)
def test_a_signed_file_with_wrong_values_is_refused(
    file: Path, tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    content = json.loads(members(file)[RECIPE])
    assert refused(signed(tmp_path / "odd.qcrecipe", {**content, **changes})) == code


def test_a_file_that_could_not_be_written_leaves_the_old_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qc_station.services.recipe_file.os.fsync", full)
    with pytest.raises(OSError):
        write_file(replace(CABLE, interval_ms=1), file, OTHER, "Eva")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_an_unknown_signer_is_asked_for_and_remembered(
    file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    station = Station(tmp_path)
    read = station.exchange.read(file)
    assert station.exchange.signer(read) is None
    with pytest.raises(RecipeError) as error:
        station.exchange.import_file(read, "from line 3", "Ann")
    assert error.value.code == "recipe_key_unknown"
    assert station.recipes.names() == []
    with pytest.raises(RecipeError):
        station.exchange.trust(read, "  ", "Ann")
    station.exchange.trust(read, "Line 3", "Ann")
    assert Station(tmp_path).exchange.signer(read) == "Line 3"
    kept = station.exchange.import_file(read, "from line 3", "Ann")
    assert (kept.name, kept.revision, kept.reason) == ("cable", 1, "from line 3")
    assert kept.with_content_of(CABLE) == kept.with_content_of(kept)
    assert [action for action, _ in station.audit.events] == [
        "recipe.key_trusted", "recipe.imported",
    ]  # fmt: skip


def test_an_import_is_the_next_revision_and_overwrites_nothing(
    file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    station = Station(tmp_path, OTHER)
    station.recipes.create("Cable", "demo:/own")
    station.recipes.revise("Cable", "own", interval_ms=900)
    read = station.exchange.read(file)
    assert station.exchange.signer(read) == ""
    kept = station.exchange.import_file(read, "back again", "Ann")
    assert (kept.name, kept.revision, kept.interval_ms) == ("Cable", 3, 250)
    assert [r.interval_ms for r in station.recipes.revisions("Cable")] == [250, 900, None]


def test_an_export_is_read_by_another_station(tmp_path: Path, qtbot: QtBot) -> None:
    one, two = Station(tmp_path / "a", OWN), Station(tmp_path / "b", OTHER)
    (tmp_path / "b").mkdir()
    one.recipes.create("cable", "demo:/pictures")
    kept = one.recipes.revise("cable", "slow", interval_ms=800)
    one.exchange.export("cable", tmp_path / "x.qcrecipe", "Eva")
    read = two.exchange.read(tmp_path / "x.qcrecipe")
    assert read.recipe == kept
    assert read.fingerprint == one.exchange.own_fingerprint
    assert two.exchange.signer(read) is None


def test_a_damaged_list_of_keys_trusts_nobody(file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    station = Station(tmp_path)
    read = station.exchange.read(file)
    station.exchange.trust(read, "Line 3", "Ann")
    for text in ("{", "[]", '{"a": 3}'):
        (tmp_path / "trusted.json").write_text(text)
        assert station.exchange.signer(read) is None


def test_a_file_that_is_gone_has_a_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(RecipeError) as error:
        Station(tmp_path).exchange.read(tmp_path / "gone.qcrecipe")
    assert error.value.code == "recipe_file_missing"


def test_who_may_not_is_refused_at_each_step(file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    asked: list[Action] = []

    def nobody(action: Action) -> None:
        asked.append(action)
        raise AccessError("not_permitted", "no")

    recipes = RecipeService(MemoryRecipes())
    keys = TrustedKeys(tmp_path / "trusted.json")
    exchange = RecipeExchange(recipes, OWN, keys, Audit(), nobody)
    read = read_file(file)
    for call in (
        lambda: exchange.export("cable", tmp_path / "x", "Eva"), lambda: exchange.read(file),
        lambda: exchange.trust(read, "Line 3", "Eva"),
        lambda: exchange.import_file(read, "why", "Eva"),
    ):  # fmt: skip
        with pytest.raises(AccessError):
            call()
    assert asked == [Action.EXPORT, *[Action.CHANGE_RECIPE] * 3]
    assert keys.name_of(read.public) is None and recipes.names() == []
