"""Keeps pictures and heatmaps as files so that a power cut leaves whole ones or none. No SQL."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from numpy.typing import NDArray

from db.errors import StoreError, as_store_error

_INCOMING = ".incoming"
_PNG_FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)
_PNG_MASK = (*_PNG_FAST, cv2.IMWRITE_PNG_BILEVEL, 1)
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


@dataclass(frozen=True, slots=True)
class PlannedPaths:
    """Where a part's files will be, relative to the station's home; said before they exist."""

    image: str
    heatmap: str


class ImageStore:
    """Lossless PNG files below ``root``, one folder per day. Safe to use from several threads.

    Files are written to ``root/.incoming``, synced, then renamed to their place. Paths given out
    and taken are relative to the station's home (``root.parent``) and use forward slashes.
    """

    def __init__(self, root: Path) -> None:
        """``root`` is StationPaths.images; it is created on first write."""
        self.root = root

    def plan(self, inspection_id: str, day: date) -> PlannedPaths:
        """The paths that ``write`` and ``write_heatmap`` will return."""
        if not _SAFE_ID.fullmatch(inspection_id):
            raise StoreError(
                "inspection_id_unsafe",
                f"{inspection_id!r} cannot be part of a file name.",
                inspection_id=inspection_id,
            )
        stem = f"{self.root.name}/{day:%Y/%m/%d}/{inspection_id}"
        return PlannedPaths(f"{stem}.png", f"{stem}.heatmap.png")

    def write(self, inspection_id: str, pixels: NDArray[np.uint8], day: date) -> str:
        """Write uint8 RGB [H, W, 3] durably; its path. StoreError disk_full, store_read_only …"""
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"a picture is uint8 [H, W, 3], not {pixels.dtype} {pixels.shape}")
        relative = self.plan(inspection_id, day).image
        self._write(relative, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        return relative

    def write_heatmap(self, inspection_id: str, heatmap: NDArray[np.uint8], day: date) -> str:
        """Write a uint8 [h, w] plane durably next to the picture; its path."""
        if heatmap.dtype != np.uint8 or heatmap.ndim != 2:
            raise ValueError(f"a heatmap is uint8 [h, w], not {heatmap.dtype} {heatmap.shape}")
        relative = self.plan(inspection_id, day).heatmap
        self._write(relative, heatmap)
        return relative

    def read(self, relative: str) -> NDArray[np.uint8]:
        """The picture as uint8 RGB [H, W, 3]; StoreError picture_missing / picture_damaged."""
        decoded = self._read(relative, cv2.IMREAD_COLOR)
        return np.ascontiguousarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def read_heatmap(self, relative: str) -> NDArray[np.uint8]:
        """The heatmap as uint8 [h, w]; StoreError as for ``read``."""
        return self._read(relative, cv2.IMREAD_GRAYSCALE)

    def path(self, relative: str) -> Path:
        """The absolute path of a stored file; StoreError when it would lie outside ``root``."""
        pure = PurePosixPath(relative)
        if pure.is_absolute() or ".." in pure.parts or pure.parts[:1] != (self.root.name,):
            raise StoreError(
                "picture_missing", f"{relative} is not a stored picture.", path=relative
            )
        return self.root.parent.joinpath(*pure.parts)

    def write_mask(self, image_path: str, region: int, mask: NDArray[np.uint8]) -> tuple[str, str]:
        """Write a mask uint8 [H, W] (0: outside) durably beside its picture; path and sha256.

        The name holds the content's hash: a version is never overwritten by another, and writing
        the same one again is harmless.
        """
        if mask.dtype != np.uint8 or mask.ndim != 2:
            raise ValueError(f"a mask is uint8 [h, w], not {mask.dtype} {mask.shape}")
        data = _encoded(np.where(mask != 0, np.uint8(255), np.uint8(0)), _PNG_MASK)
        digest = hashlib.sha256(data).hexdigest()
        stem = image_path.removesuffix(".png")
        relative = f"{stem}.mask-{region}-{digest[:16]}.png"
        self._keep(relative, data)
        return relative, digest

    def read_mask(self, relative: str, sha256: str) -> NDArray[np.uint8]:
        """A mask as uint8 [H, W] of 0 and 1; StoreError mask_missing, mask_damaged."""
        try:
            data = self.path(relative).read_bytes()
        except (FileNotFoundError, StoreError) as error:
            raise StoreError(
                "mask_missing", f"The painted mask {relative} is gone.", path=relative
            ) from error
        except OSError as error:
            raise as_store_error(error) from error
        whole = hashlib.sha256(data).hexdigest() == sha256
        flags = cv2.IMREAD_GRAYSCALE
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags) if whole else None
        if decoded is None:
            raise StoreError(
                "mask_damaged", f"The painted mask {relative} cannot be read.", path=relative
            )
        return np.asarray(decoded != 0, dtype=np.uint8)

    def write_golden(self, pixels: NDArray[np.uint8]) -> tuple[str, str]:
        """Keep a copy of a golden sample's picture, uint8 RGB [H, W, 3]; path and sha256.

        The name holds the content's hash, and the folder is no day's: what tidies up days leaves
        it alone. Writing the same picture again is harmless.
        """
        data = _encoded(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _PNG_FAST)
        digest = hashlib.sha256(data).hexdigest()
        relative = f"{self.root.name}/golden/{digest[:32]}.png"
        self._keep(relative, data)
        return relative, digest

    def read_golden(self, relative: str, sha256: str) -> NDArray[np.uint8]:
        """The picture as uint8 RGB [H, W, 3]; StoreError picture_missing / picture_damaged."""
        pixels = self.read(relative)
        if hashlib.sha256(self.path(relative).read_bytes()).hexdigest() != sha256:
            raise StoreError(
                "picture_damaged", f"The picture {relative} is not the one that was kept.",
                path=relative,
            )  # fmt: skip
        return pixels

    def exists(self, relative: str) -> bool:
        """Whether the file is in its place, which means that it is whole."""
        return self.path(relative).is_file()

    def clear_incoming(self) -> int:
        """Remove what a crash left half-written; only while nobody writes. How many files."""
        folder = self.root / _INCOMING
        count = 0
        try:
            if folder.is_dir():
                for path in folder.iterdir():
                    path.unlink()
                    count += 1
        except OSError as error:
            raise as_store_error(error) from error
        return count

    def remove(self, relative: str) -> None:
        """Delete a file that no row points at; nothing happens when it is gone."""
        try:
            self.path(relative).unlink(missing_ok=True)
        except OSError as error:
            raise as_store_error(error) from error

    def probe(self, n_bytes: int = 4 << 20) -> None:
        """Write and remove ``n_bytes``; StoreError while pictures cannot be kept."""
        path = self.root / _INCOMING / "probe"
        try:
            _make_folder(path.parent)
            try:
                with path.open("wb") as file:
                    file.write(bytes(n_bytes))
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise as_store_error(error) from error

    def _write(self, relative: str, pixels: NDArray[np.uint8] | cv2.typing.MatLike) -> None:
        self._keep(relative, _encoded(pixels, _PNG_FAST))

    def _keep(self, relative: str, data: bytes) -> None:
        target = self.path(relative)
        temporary = self.root / _INCOMING / target.name
        try:
            _make_folder(temporary.parent)
            _make_folder(target.parent)
            try:
                with temporary.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
            _sync_folder(target.parent)
        except OSError as error:
            raise as_store_error(error) from error

    def _read(self, relative: str, mode: int) -> NDArray[np.uint8]:
        try:
            data = np.fromfile(self.path(relative), dtype=np.uint8)
        except FileNotFoundError as error:
            raise StoreError(
                "picture_missing", f"The picture {relative} is gone.", path=relative
            ) from error
        except OSError as error:
            raise as_store_error(error) from error
        decoded = cv2.imdecode(data, mode) if data.size else None
        if decoded is None:
            raise StoreError(
                "picture_damaged", f"The picture {relative} cannot be read.", path=relative
            )
        return np.asarray(decoded, dtype=np.uint8)


def _encoded(pixels: NDArray[np.uint8] | cv2.typing.MatLike, how: Sequence[int]) -> bytes:
    encoded, data = cv2.imencode(".png", pixels, how)
    if not encoded:
        raise StoreError("picture_unencodable", "The picture cannot be written as PNG.")
    return data.tobytes()


def _make_folder(folder: Path) -> None:
    """Create ``folder`` so that it survives a power cut: each new entry's parent is synced."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        _sync_folder(new.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no fsync of folders; NTFS journals the rename
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
