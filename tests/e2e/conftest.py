"""Small real data sets for end-to-end tests: links to the shared pictures, no copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TRAIN_GOOD = 30
TEST_EACH = 5


@pytest.fixture(scope="session")
def small_bottle(
    shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """MVTec bottle, 30 good pictures to teach from and 5 of each kind to inspect."""
    source = shared_data("mvtec_bottle_512")
    root = tmp_path_factory.mktemp("data") / "bottle"
    wanted = sorted((source / "train" / "good").iterdir())[:TRAIN_GOOD]
    for kind in sorted((source / "test").iterdir()):
        wanted += sorted(kind.iterdir())[:TEST_EACH]
        if (source / "ground_truth" / kind.name).is_dir():
            wanted += sorted((source / "ground_truth" / kind.name).iterdir())[:TEST_EACH]
    for picture in wanted:
        link = root / picture.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(picture)
    return root
