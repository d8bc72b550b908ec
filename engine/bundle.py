"""A model on disk: manifest.json + weights.safetensors + model.onnx. Must not know torch."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.errors import EngineError, file_error

FORMAT_VERSION = 1
MANIFEST_FILE = "manifest.json"
CHECKSUM_FILE = "manifest.sha256"
WEIGHTS_FILE = "weights.safetensors"
ONNX_FILE = "model.onnx"
SPLIT_FILE = "split.json"


@dataclass(frozen=True, slots=True)
class Limits:
    """Verdict limits on the raw score: OK up to ``ok``, NG above ``ng``, REVIEW in between.

    ``method`` is "good" (both limits from good parts alone) or "mondrian" (one from the defects,
    one from the goods). ``ok_rate`` is what was asked of the OK limit (share of good parts above
    it; with "mondrian" the share of defects at or below it), ``ng_rate`` the share of good parts
    above the NG limit. ``*_supported`` is False where the sample is too small for that rate and
    the limit is an extrapolation. ``highest_good`` is the highest score of any known good part.
    ``novelty_rate`` is the p-value among good parts at or below which a part is unlike anything
    seen, for bundles with a patch memory beside their score; 0 is no such test.
    """

    ok: float
    ng: float
    method: str
    ok_rate: float
    ng_rate: float
    ok_supported: bool
    ng_supported: bool
    highest_good: float
    novelty_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that is known about a model, as written in manifest.json.

    ``input_size`` and ``map_size`` are the edges in pixels of the square model input and anomaly
    map; ``mean`` and ``std`` apply to pixels in [0, 1]; ``heatmap_full_scale`` and
    ``region_threshold`` are raw map values; ``files`` maps file names to sha256.
    ``class_outputs`` names the entries of the graph's ``class_prob`` where they are not just
    ``classes`` (a trained network also gives the good part's share); ``threshold`` is the raw
    score, frozen on validation pictures, above which a part counts as defective in figures such
    as F1 (None: the OK limit); ``training`` says how a network was trained.
    """

    bundle_id: str
    model: str
    product: str
    classes: tuple[str, ...]
    input_size: int
    map_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    backbone: str
    limits: Limits
    calibration: dict[str, Any]
    heatmap_full_scale: float
    region_threshold: float
    data_hash: str
    data_counts: dict[str, int]
    metrics: dict[str, Any]
    versions: dict[str, str]
    created_at: str
    parent: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    class_outputs: tuple[str, ...] = ()
    threshold: float | None = None
    training: dict[str, Any] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_json(self) -> str:
        """Manifest as indented JSON text."""
        return json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read ``to_json`` text; unknown fields are ignored. Raises ValueError, KeyError or
        TypeError on anything that is no manifest."""
        raw = json.loads(text)
        if not isinstance(raw, dict):
            raise TypeError("a manifest is a JSON object")
        known = {f.name for f in dataclasses.fields(cls)}
        values: dict[str, Any] = {name: raw[name] for name in known if name in raw}
        limits = raw["limits"]
        names = [f.name for f in dataclasses.fields(Limits)]
        values["limits"] = Limits(**{name: limits[name] for name in names if name in limits})
        for name in ("classes", "mean", "std", "class_outputs"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


@dataclass(frozen=True)
class Bundle:
    """An opened and verified bundle folder. ``tensors`` are read on first use.

    A model that is made of others keeps their bundles' files in its own folder, each name with
    the part's before it ("fast.model.onnx"); ``prefix`` is that of a part.
    """

    path: Path
    manifest: Manifest
    prefix: str = ""

    @property
    def onnx_path(self) -> Path:
        """The exported graph, uint8 pixels to score and map."""
        return self.path / f"{self.prefix}{ONNX_FILE}"

    @cached_property
    def tensors(self) -> dict[str, NDArray[Any]]:
        """Memory bank, prototypes, calibration scores and backbone weights by name."""
        name = f"{self.prefix}{WEIGHTS_FILE}"
        try:
            return dict(load((self.path / name).read_bytes()))
        except (OSError, SafetensorError) as error:
            raise _damaged(self.path, name) from error

    def part(self, name: str) -> Bundle:
        """A model inside this one, as the bundle that it would be alone; its files were verified
        with this one's. Raises EngineError bundle_damaged where it is not there."""
        prefix = f"{name}."
        needed = [f"{prefix}{file}" for file in (MANIFEST_FILE, WEIGHTS_FILE, ONNX_FILE)]
        for file in needed:
            if file not in self.manifest.files:
                raise _damaged(self.path, file)
        try:
            text = (self.path / needed[0]).read_text(encoding="utf-8")
            return Bundle(self.path, Manifest.from_json(text), prefix)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self.path, needed[0]) from error


def new_bundle_id(model: str, now: datetime | None = None) -> str:
    """A sortable, unique name such as "patch_memory-20261122T215800Z-ab12cd34"."""
    moment = now or datetime.now(UTC)
    return f"{model}-{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def write_bundle(
    path: Path,
    manifest: Manifest,
    tensors: Mapping[str, NDArray[Any]],
    onnx: bytes,
    extras: Mapping[str, bytes] | None = None,
) -> Manifest:
    """Write a bundle folder at once or not at all, and return the manifest with its checksums.

    Everything goes to a temporary sibling folder, is flushed to the disk, and then takes its
    place by a rename. An older bundle at ``path`` is replaced; another folder is refused.
    ``extras`` are further files by plain name (split.json: which pictures it was trained on).
    """
    path = path.absolute()
    _check_free(path)
    contiguous = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    contents = {**(extras or {}), WEIGHTS_FILE: save(contiguous), ONNX_FILE: onnx}
    files = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    manifest = dataclasses.replace(manifest, files=files)
    contents[MANIFEST_FILE] = manifest.to_json().encode()
    contents[CHECKSUM_FILE] = _checksum_line(contents[MANIFEST_FILE])

    path.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    temporary = path.with_name(f".{path.name}.{token}.tmp")
    old = path.with_name(f".{path.name}.{token}.old")
    temporary.mkdir()
    try:
        for name, data in contents.items():
            _write_synced(temporary / name, data)
        _sync_folder(temporary)
        if path.exists():
            path.rename(old)
        temporary.rename(path)
        _sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        if old.exists() and not path.exists():
            old.rename(path)
        raise
    if old.exists():
        shutil.rmtree(old)
    return manifest


def part_files(name: str, bundle: Bundle) -> dict[str, bytes]:
    """A bundle's files as those of a part, for ``write_bundle``'s ``extras``."""
    return {
        f"{name}.{MANIFEST_FILE}": bundle.manifest.to_json().encode(),
        f"{name}.{WEIGHTS_FILE}": (bundle.path / WEIGHTS_FILE).read_bytes(),
        f"{name}.{ONNX_FILE}": (bundle.path / ONNX_FILE).read_bytes(),
    }


def check_bundle_path(path: Path) -> None:
    """Refuse, before hours of work, a folder that ``write_bundle`` could not write.

    Nothing is left behind. Raises EngineError bundle_path_taken, not_writable, disk_full.
    """
    path = path.absolute()
    _check_free(path)
    above = next(folder for folder in path.parents if folder.exists())
    trial = above / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        raise file_error(OSError(error.errno, error.strerror, str(path))) from error


def load_bundle(path: Path) -> Bundle:
    """Open a bundle after checking the format version and the sha256 of every file.

    Raises EngineError with code bundle_missing, bundle_damaged (``file`` names the bad one) or
    bundle_version.
    """
    manifest_path = path / MANIFEST_FILE
    if not manifest_path.is_file():
        raise EngineError(
            "bundle_missing",
            f"There is no model bundle at {path}; teach one first or check the path.",
            path=str(path),
        )
    try:
        raw = manifest_path.read_bytes()
        text = raw.decode("utf-8")
        version = json.loads(text)["format_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, MANIFEST_FILE) from error
    if version != FORMAT_VERSION:
        raise EngineError(
            "bundle_version",
            f"The model bundle {path} has format version {version}; this program reads version "
            f"{FORMAT_VERSION}. Teach the model again with this program.",
            path=str(path),
            version=version,
            supported=FORMAT_VERSION,
        )
    checksum = path / CHECKSUM_FILE
    if not checksum.is_file() or checksum.read_bytes() != _checksum_line(raw):
        raise _damaged(path, MANIFEST_FILE)
    try:
        manifest = Manifest.from_json(text)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, MANIFEST_FILE) from error
    for name in sorted({WEIGHTS_FILE, ONNX_FILE, *manifest.files}):
        file = path / name
        if not file.is_file() or _sha256(file) != manifest.files.get(name):
            raise _damaged(path, name)
    return Bundle(path, manifest)


def _checksum_line(manifest: bytes) -> bytes:
    """What ``sha256sum manifest.json`` prints: the limits in it are as precious as the weights."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST_FILE}\n".encode()


def _damaged(path: Path, file: str) -> EngineError:
    return EngineError(
        "bundle_damaged",
        f"The model bundle {path} is damaged: {file} is missing or was changed. "
        "Restore it from a backup or teach the model again.",
        path=str(path),
        file=file,
    )


def _check_free(path: Path) -> None:
    if path.exists() and not _replaceable(path):
        raise EngineError(
            "bundle_path_taken",
            f"{path} exists and is not a model bundle; choose another folder.",
            path=str(path),
        )


def _replaceable(path: Path) -> bool:
    return path.is_dir() and ((path / MANIFEST_FILE).is_file() or not any(path.iterdir()))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_synced(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open folders; NTFS journals the rename itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
