"""Writes rendered cables as an MVTec AD data set, whole or not at all.

Must not know how pictures are drawn.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.data.cable.canvas import U8
from engine.data.cable.defects import DEFECTS
from engine.data.cable.render import GOOD, check_request, render_cable
from engine.errors import DISK_FULL, EngineError, file_error

MVTEC_TRAIN_GOOD, MVTEC_TEST_GOOD = 224, 58
# pictures per defect of the real category (Bergmann et al., CVPR 2019)
MVTEC_DEFECTS: Mapping[str, int] = {
    "bent_wire": 13,
    "cable_swap": 12,
    "combined": 11,
    "cut_inner_insulation": 14,
    "cut_outer_insulation": 10,
    "missing_cable": 12,
    "missing_wire": 10,
    "poke_insulation": 10,
}
LARGEST_COUNT = 999_999


@dataclass(frozen=True)
class Written:
    """What `write_dataset` wrote: pictures by folder name, masks excluded."""

    root: Path
    counts: Mapping[str, int]

    @property
    def pictures(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Job:
    folder: str
    number: int
    seed: int
    defect: str | None


def write_dataset(
    out: Path,
    size: int = 512,
    seed: int = 0,
    train_good: int = 80,
    test_good: int = 58,
    defects_per_class: int | Mapping[str, int] = 12,
    progress: Callable[[str, int, int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Render a data set to `out`: train/good, test/<class>, ground_truth/<class>/NNN_mask.png.

    `progress(stage, done, total)` is called after every picture with the stage "render". The
    folder appears when all is written; until then nothing but a hidden sibling exists, which goes
    away again on an error or when cancelled.

    Raises EngineError: folder_not_empty, bad_count, bad_picture_size, bad_seed, unknown_defect,
    not_writable, disk_full, cancelled.
    """
    jobs = list(_jobs(seed, train_good, test_good, _counts(defects_per_class)))
    check_request(seed, size, None)
    _check_counts(train_good, test_good)
    if not jobs:
        raise EngineError(
            "bad_count", "No pictures were asked for; give at least one of the counts above zero."
        )
    _check_free(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", suffix=".part", dir=out.parent))
    except OSError as error:
        raise _not_writable(out, error) from error
    try:
        counts: dict[str, int] = {}
        for done, job in enumerate(jobs):
            if is_cancelled is not None and is_cancelled():
                raise EngineError("cancelled", "Rendering was cancelled; nothing was written.")
            _write(draft, job, size)
            counts[job.folder] = counts.get(job.folder, 0) + 1
            if progress is not None:
                progress("render", done + 1, len(jobs))
        draft.chmod(0o755)
        if out.exists():
            out.rmdir()  # empty, as checked above
        draft.rename(out)
    except OSError as error:
        raise _not_writable(out, error) from error
    finally:
        if draft.exists():
            shutil.rmtree(draft)
    return Written(out, counts)


def _counts(wanted: int | Mapping[str, int]) -> dict[str, int]:
    counts = dict.fromkeys(DEFECTS, wanted) if isinstance(wanted, int) else dict(wanted)
    for name, count in counts.items():
        if name not in DEFECTS:
            check_request(0, 512, name)
        if not 0 <= count <= LARGEST_COUNT:
            raise _bad_count(name, count)
    return counts


def _check_counts(train_good: int, test_good: int) -> None:
    for name, count in (("train/good", train_good), ("test/good", test_good)):
        if not 0 <= count <= LARGEST_COUNT:
            raise _bad_count(name, count)


def _bad_count(name: str, count: int) -> EngineError:
    return EngineError(
        "bad_count",
        f"{count} pictures of {name} cannot be rendered; choose a number from 0 to "
        f"{LARGEST_COUNT}.",
        name=name,
        count=count,
    )


def _check_free(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise EngineError(
            "folder_not_empty",
            f"{out} is a file; choose a folder that does not exist yet.",
            path=str(out),
        )
    if out.is_dir() and any(out.iterdir()):
        raise EngineError(
            "folder_not_empty",
            f"The folder {out} is not empty; choose a new one, so that no picture is overwritten.",
            path=str(out),
        )


def _not_writable(out: Path, error: OSError) -> EngineError:
    if error.errno in DISK_FULL:
        return file_error(error)
    return EngineError(
        "not_writable",
        f"The data set cannot be written to {out}: {error.strerror or error}.",
        path=str(out),
    )


def _jobs(seed: int, train_good: int, test_good: int, defects: Mapping[str, int]) -> Iterator[_Job]:
    """Every picture has its own seed, whatever the counts, so that more pictures of one class
    change none of another."""
    groups: list[tuple[str, str | None, int]] = [
        (f"train/{GOOD}", None, train_good),
        (f"test/{GOOD}", None, test_good),
        *((f"test/{name}", name, defects[name]) for name in DEFECTS if name in defects),
    ]
    for folder, defect, count in groups:
        group = DEFECTS.index(defect) + 2 if defect else int(folder.startswith("test"))
        for number in range(count):
            state = np.random.SeedSequence((max(seed, 0), group, number)).generate_state(2)
            yield _Job(folder, number, int(state[0]) << 20 | int(state[1]) >> 12, defect)


def _write(root: Path, job: _Job, size: int) -> None:
    picture = render_cable(job.seed, size, job.defect)
    folder = root / job.folder
    folder.mkdir(parents=True, exist_ok=True)
    bgr = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR)
    _write_png(folder / f"{job.number:03d}.png", np.asarray(bgr, np.uint8))
    if job.defect is not None:
        folder = root / "ground_truth" / job.defect
        folder.mkdir(parents=True, exist_ok=True)
        _write_png(folder / f"{job.number:03d}_mask.png", picture.mask)


def _write_png(path: Path, pixels: U8) -> None:
    # run lengths only: on grainy pictures faster and smaller than the default search
    how = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)
    _, data = cv2.imencode(".png", pixels, how)
    path.write_bytes(data.tobytes())
