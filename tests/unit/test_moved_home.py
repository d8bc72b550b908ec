"""A home that was moved or restored elsewhere still knows what its models were taught from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from db.store import Store
from qc_station.services.manifest import read_version
from qc_station.services.model_store import DatabaseVersionStore
from qc_station.services.teaching_set import moved_with_home, original_pictures
from qc_station.settings.paths import StationPaths
from tests.model_support import write_bundle


def collected(home: Path) -> Path:
    """A collection of the camera, and the snapshot of a retraining that names its pictures."""
    good = home / "snapshots" / "20261101" / "train" / "good"
    good.mkdir(parents=True)
    for index in range(3):
        (good / f"{index}.png").write_bytes(b"png")
    later = home / "snapshots" / "20261102"
    later.mkdir()
    items = [
        {"path": str(path), "label": "good", "subset": "train"} for path in sorted(good.iterdir())
    ]
    (later / "snapshot.json").write_text(json.dumps({"version": 1, "items": items}))
    return later


def test_pictures_are_found_below_the_new_home(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    paths = StationPaths(old).ensure()
    snapshot = collected(old)
    store = Store.open(paths.database)
    bundle = write_bundle(paths.models, "m-1")
    DatabaseVersionStore(store, paths.models).add(
        read_version(bundle, recipe="bottle", taught_from=str(snapshot))
    )
    store.close()
    shutil.move(old, new)
    moved = StationPaths(new)
    store = Store.open(moved.database)
    try:
        version = DatabaseVersionStore(store, moved.models).versions("bottle")[0]
    finally:
        store.close()
    assert version.path == new / "models" / "m-1"
    assert version.taught_from == str(new / "snapshots" / "20261102")
    found = [candidate.path for candidate in original_pictures(Path(version.taught_from))]
    assert found == [
        new / "snapshots" / "20261101" / "train" / "good" / f"{n}.png" for n in (0, 1, 2)
    ]


def test_pictures_that_are_really_gone_keep_their_name(tmp_path: Path) -> None:
    gone = "/media/usb/bottle"
    assert moved_with_home(Path(gone), tmp_path) == Path(gone)
    lost = Path("/old/snapshots/x")
    assert moved_with_home(lost, tmp_path) == lost
