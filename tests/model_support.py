"""Model bundles of a few bytes, with true hashes, for tests that load no model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def write_bundle(
    folder: Path, name: str, *, parent: str | None = None, product: str = "bottle",
    created: str = "2026-11-22T10:00:00+00:00", changes: Mapping[str, object] | None = None,
) -> Path:  # fmt: skip
    """A bundle folder below ``folder``; its id is its name."""
    path = folder / name
    path.mkdir(parents=True)
    contents = {"weights.safetensors": name.encode() * 3000, "model.onnx": b"onnx" * 2000}
    for file, data in contents.items():
        (path / file).write_bytes(data)
    manifest = {
        "format_version": 1,
        "bundle_id": name,
        "model": "patch_memory",
        "product": product,
        "classes": ["broken_large"],
        "created_at": created,
        "limits": {"ok": 2.31, "ng": 3.4, "method": "good", "ok_rate": 0.05, "ng_rate": 0.005},
        "calibration": {"n_good": 209, "n_defect": 12},
        "metrics": {"overkill": {"value": 0.04, "low": 0.02, "high": 0.08, "n": 209}},
        "parent": parent,
        "files": {file: hashlib.sha256(data).hexdigest() for file, data in contents.items()},
        **(changes or {}),
    }
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path
