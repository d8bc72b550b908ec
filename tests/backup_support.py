"""A station's home with parts, an answer, a model and a painted mask, for tests of backups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from db.store import Store
from qc_station.services.audit import AuditLog
from qc_station.services.backup_archive import Origin
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_writer import VerdictWriter
from tests.store_support import NOON, make_frame, make_heatmap, make_part

SECRET = "b4dge-secret-0001"


def fill_home(home: Path, parts: int = 3) -> Store:
    """Parts with pictures, one mask, a model, settings and a secret; the open store."""
    home.mkdir(parents=True, exist_ok=True)
    store = Store.open(home / "station.sqlite3")
    images = ImageStore(home / "images")
    writer = VerdictWriter(store, images, "1")
    for number in range(1, parts + 1):
        writer.write(make_part(number), make_frame(number).pixels, make_heatmap(number))
    images.write_mask(images.plan("part-1", NOON.date()).image, 1, np.eye(64, dtype=np.uint8))
    model = home / "models" / "patch_memory-1"
    model.mkdir(parents=True)
    (model / "manifest.json").write_text(json.dumps({"bundle_id": model.name}))
    (model / "weights.safetensors").write_bytes(bytes(range(256)) * 400)
    (home / "settings.toml").write_text('version = 1\nstation = "abc"\n')
    (home / "access.key").write_text(SECRET)
    AuditLog(store).append("ann", "model.activated", "patch_memory-1")
    return store


@contextmanager
def filled(home: Path, parts: int = 3) -> Iterator[Store]:
    """``fill_home``, closed at the end."""
    store = fill_home(home, parts)
    try:
        yield store
    finally:
        store.close()


def origin(home: Path) -> Origin:
    """The home's station."""
    return Origin(home, "abc", "0.1")


def files_below(folder: Path) -> dict[str, bytes]:
    """Name → content of everything below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
