"""A model as one file: a zip with its bundle and the sha256 of each file. No Qt, no weights read.

What is taken in is checked before it gets a place: the file against its own list, the bundle
against its manifest, the kinds of files against the ones a bundle is made of. Nothing in it is
ever executed or unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qc_station.services.backup_archive import Meter
from qc_station.services.backup_files import hash_file, sync_folder
from qc_station.services.manifest import MANIFEST, LibraryError, read_manifest
from qc_station.services.progress import Report, report_nothing

SUFFIX = ".qcmodel"
FORMAT = 1
BUNDLE_FORMAT = 1
"""The bundles that this program's engine opens (engine.bundle.FORMAT_VERSION)."""
LIST = "qcmodel.json"
_KINDS = frozenset({".json", ".safetensors", ".onnx", ".sha256"})
_CHUNK = 1 << 20
_LONGEST_LIST = 5_000_000
_SPARE_BYTES = 20_000_000


def export_model(
    bundle: Path, target: Path, recipe: str, version: str, report: Report = report_nothing
) -> Path:
    """Writes a bundle as one file that appears whole or not at all.

    Raises LibraryError bundle_missing, bundle_damaged, model_file_unwritable; Cancelled.
    """
    manifest = read_manifest(bundle)
    files = sorted(path for path in bundle.iterdir() if path.suffix in _KINDS and path.is_file())
    meter = Meter(report, "model_read", sum(path.stat().st_size for path in files))
    entries = {}
    for path in files:
        digest = hash_file(path, meter)
        entries[path.name] = {"sha256": digest, "size": path.stat().st_size}
    _refuse_damaged(manifest, {name: str(entry["sha256"]) for name, entry in entries.items()})
    facts = {
        "format": FORMAT,
        "bundle_id": manifest["bundle_id"],
        "recipe": recipe,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": version,
        "files": entries,
    }
    part = target.with_name(target.name + ".part")
    meter = Meter(report, "model_write", sum(path.stat().st_size for path in files))
    try:
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:
                packed.writestr(LIST, json.dumps(facts, indent=1))
                for path in files:
                    with path.open("rb") as reading, packed.open(path.name, "w") as writing:
                        while chunk := reading.read(_CHUNK):
                            writing.write(chunk)
                            meter(len(chunk))
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LibraryError(
            "model_file_unwritable",
            f"{target} cannot be written: {error.strerror or error}.",
            path=str(target),
        ) from error
    return target


def import_model(source: Path, models: Path, report: Report = report_nothing) -> tuple[Path, str]:
    """Takes a model file in below ``models``; the bundle's folder and its product.

    Raises LibraryError: model_file_wrong, model_file_newer, model_file_damaged (``file`` says
    which), model_known, bundle_version, model_file_unwritable; Cancelled. Nothing is left then.
    """
    try:
        with zipfile.ZipFile(source) as packed:
            facts, entries = _read_list(packed, source)
            return _take_in(packed, facts, entries, models, report)
    except zipfile.BadZipFile as error:
        raise _wrong(source) from error
    except OSError as error:
        raise LibraryError(
            "model_file_unwritable",
            f"{source.name} cannot be read or kept: {error.strerror or error}.",
            path=str(source),
        ) from error


def _take_in(
    packed: zipfile.ZipFile, facts: Mapping[str, Any], entries: Mapping[str, tuple[str, int]],
    models: Path, report: Report,
) -> tuple[Path, str]:  # fmt: skip
    bundle_id = str(facts["bundle_id"])
    place = models / bundle_id
    if place.exists():
        raise LibraryError(
            "model_known", f"The model {bundle_id} is in the library already.", model=bundle_id
        )
    models.mkdir(parents=True, exist_ok=True)
    total = sum(size for _digest, size in entries.values())
    if shutil.disk_usage(models).free < total + _SPARE_BYTES:
        raise LibraryError("disk_full", "There is too little room on the disk for the model.")
    work = models / f".import-{bundle_id}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        meter = Meter(report, "model_write", total)
        for name, (digest, size) in entries.items():
            _unpack(packed, name, digest, size, work / name, meter)
        manifest = read_manifest(work)
        if manifest.get("format_version", 1) != BUNDLE_FORMAT:
            raise LibraryError(
                "bundle_version", "The model was made by another version of the program."
            )
        if manifest.get("bundle_id") != bundle_id:
            raise _damaged(MANIFEST)
        _refuse_damaged(manifest, {name: digest for name, (digest, _size) in entries.items()})
        work.rename(place)
        sync_folder(models)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return place, str(facts.get("recipe") or manifest.get("product") or bundle_id)


def _unpack(
    packed: zipfile.ZipFile, name: str, digest: str, size: int, target: Path, meter: Meter
) -> None:
    """One file, never more of it than its entry says."""
    found, written = hashlib.sha256(), 0
    try:
        with packed.open(name) as reading, target.open("wb") as writing:
            while chunk := reading.read(_CHUNK):
                written += len(chunk)
                if written > size:
                    raise _damaged(name)
                found.update(chunk)
                writing.write(chunk)
                meter(len(chunk))
            writing.flush()
            os.fsync(writing.fileno())
    except (KeyError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise _damaged(name) from error
    if written != size or found.hexdigest() != digest:
        raise _damaged(name)


def _read_list(
    packed: zipfile.ZipFile, source: Path
) -> tuple[Mapping[str, Any], dict[str, tuple[str, int]]]:
    try:
        if packed.getinfo(LIST).file_size > _LONGEST_LIST:
            raise _wrong(source)
        facts = json.loads(packed.read(LIST))
    except KeyError as error:
        raise _wrong(source) from error
    except (ValueError, zipfile.BadZipFile) as error:
        raise _damaged(LIST) from error
    if not isinstance(facts, dict) or not isinstance(facts.get("format"), int):
        raise _damaged(LIST)
    if facts["format"] > FORMAT:
        raise LibraryError(
            "model_file_newer",
            f"{source.name} was written by a newer version of QC Station: install that one.",
        )
    try:
        entries = {
            str(name): (str(entry["sha256"]), int(entry["size"]))
            for name, entry in facts["files"].items()
        }
        bundle_id = str(facts["bundle_id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(LIST) from error
    for name in (*entries, bundle_id):
        if not name or name != Path(name).name or name.startswith(".") or "\\" in name:
            raise _damaged(name)
    if MANIFEST not in entries or any(Path(name).suffix not in _KINDS for name in entries):
        raise _damaged(LIST)
    return facts, entries


def _refuse_damaged(manifest: Mapping[str, Any], hashes: Mapping[str, str]) -> None:
    """Each file that the manifest names is there and as it says."""
    files = manifest.get("files") or {}
    for name, digest in files.items():
        if hashes.get(name) != digest:
            raise LibraryError(
                "model_file_damaged",
                f"The file {name} of the model is damaged. Get the model again.",
                file=name,
            )


def _damaged(name: str) -> LibraryError:
    return LibraryError(
        "model_file_damaged", f"The model file is damaged at {name}. Get it again.", file=name
    )


def _wrong(source: Path) -> LibraryError:
    return LibraryError(
        "model_file_wrong",
        f"{source.name} is no model file: choose one that ends in {SUFFIX}.",
        path=str(source),
    )
