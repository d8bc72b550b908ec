"""A recipe as one signed file: a zip of recipe.json and signature.json. Knows no store.

The signature is over the format and the sha256 of every other member. Members are read into
memory up to a limit and never written anywhere, so that no name in the file can reach the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qc_station.domain.recipe import Recipe, RecipeError, check_name
from qc_station.services.signing import SigningKey, fingerprint, verified

SUFFIX = ".qcrecipe"
FORMAT = 1
RECIPE, SIGNATURE = "recipe.json", "signature.json"
MOST_BYTES = 1 << 20  # of one member, unpacked
MOST_FILE_BYTES = 4 << 20
_PURPOSE = b"qc-station recipe file\n"


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """What a file whose signature holds says. ``public`` is the signer's key."""

    recipe: Recipe
    public: bytes
    exported_by: str
    exported_at: datetime

    @property
    def fingerprint(self) -> str:
        """The signer's key for people to compare."""
        return fingerprint(self.public)


def write_file(recipe: Recipe, path: Path, key: SigningKey, by: str) -> None:
    """Write a recipe signed with this station's key; a file of that name is replaced. OSError."""
    content = {
        "format": FORMAT,
        "name": recipe.name,
        "camera": recipe.camera,
        "revision": recipe.revision,
        "created_at": recipe.created_at.isoformat(),
        "created_by": recipe.created_by,
        "settings": recipe.to_settings(),
        "exported_by": by,
        "exported_at": datetime.now(UTC).isoformat(),
    }
    data = _json(content)
    files = {RECIPE: hashlib.sha256(data).hexdigest()}
    signature = {
        "format": FORMAT,
        "algorithm": "ed25519",
        "public_key": key.public.hex(),
        "signature": key.sign(_message(files)).hex(),
        "files": files,
    }
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(RECIPE, data)
                packed.writestr(SIGNATURE, _json(signature))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read_file(path: Path) -> RecipeFile:
    """Read and verify a file. RecipeError recipe_file_… with a sentence; OSError.

    Whether its signer is trusted is for the caller to ask.
    """
    if path.stat().st_size > MOST_FILE_BYTES:
        raise _too_large()
    try:
        with zipfile.ZipFile(path) as packed:
            members = _members(packed)
    except (zipfile.BadZipFile, zlib.error, zipfile.LargeZipFile, EOFError, NotImplementedError,
            RuntimeError, ValueError) as error:  # fmt: skip
        if isinstance(error, RecipeError):
            raise
        raise RecipeError(
            "recipe_file_unreadable", "This is no recipe file, or it is damaged."
        ) from error
    public = _check(members)
    return _parse(_object(members[RECIPE]), public)


def _members(packed: zipfile.ZipFile) -> dict[str, bytes]:
    names = [info.filename for info in packed.infolist()]
    if sorted(names) != sorted((RECIPE, SIGNATURE)):
        if SIGNATURE not in names and RECIPE in names:
            raise RecipeError("recipe_file_unsigned", "This recipe file is not signed.")
        raise RecipeError(
            "recipe_file_unexpected",
            "This file holds other things than a recipe and its signature; it is not read.",
        )
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(info.compress_type not in plain for info in packed.infolist()):
        raise RecipeError("recipe_file_unreadable", "This is no recipe file, or it is damaged.")
    found = {}
    for name in names:
        with packed.open(name) as member:
            data = member.read(MOST_BYTES + 1)  # what the header says of the size is not believed
        if len(data) > MOST_BYTES:
            raise _too_large()
        found[name] = data
    return found


def _check(members: Mapping[str, bytes]) -> bytes:
    """The signer's public key; RecipeError unless the signature is over exactly these members."""
    signature = _object(members[SIGNATURE])
    _check_format(signature)
    public, signed = _hex(signature.get("public_key")), _hex(signature.get("signature"))
    files = {RECIPE: hashlib.sha256(members[RECIPE]).hexdigest()}
    same = signature.get("algorithm") == "ed25519" and signature.get("files") == files
    if not (same and verified(public, signed, _message(files))):
        raise RecipeError(
            "recipe_file_changed",
            "This file was changed after it was signed; it is not read. Ask for it again.",
        )
    return public


def _check_format(content: Mapping[str, Any]) -> None:
    if content.get("format") != FORMAT:
        raise RecipeError(
            "recipe_file_version",
            "This file was written by another version of QC Station that this one cannot read.",
        )


def _parse(content: Mapping[str, Any], public: bytes) -> RecipeFile:
    _check_format(content)
    try:
        name, camera, by = (str(content[key]) for key in ("name", "camera", "created_by"))
        recipe = Recipe.from_settings(
            check_name(name), camera, int(content["revision"]),
            datetime.fromisoformat(content["created_at"]), by, dict(content["settings"]),
        )  # fmt: skip
        exported_at = datetime.fromisoformat(content["exported_at"])
        exported_by = str(content["exported_by"])
    except RecipeError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RecipeError(
            "recipe_file_unreadable", "This is no recipe file, or it is damaged."
        ) from error
    if recipe.damaged:
        names = ", ".join(item.name for item in recipe.damaged)
        raise RecipeError(
            "recipe_file_field",
            f"The recipe in this file has values that this station cannot use: {names}.",
            fields=names,
        )
    return RecipeFile(recipe, public, exported_by, exported_at)


def _message(files: Mapping[str, str]) -> bytes:
    return _PURPOSE + _json({"format": FORMAT, "files": dict(files)})


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1).encode("utf-8")


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecipeError(
            "recipe_file_unreadable", "This is no recipe file, or it is damaged."
        ) from error
    if not isinstance(value, dict):
        raise RecipeError("recipe_file_unreadable", "This is no recipe file, or it is damaged.")
    return value


def _hex(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""


def _too_large() -> RecipeError:
    return RecipeError("recipe_file_large", "This file is too large to be a recipe.")
