"""Which pictures a folder holds, with labels and subsets. Must not know models or metrics.

Three layouts are recognised: MVTec AD (``train/good``, ``test/<class>``, ``ground_truth/<class>``),
class folders (``good`` beside one folder per defect class) and station snapshots (snapshot.json).
What is wrong with single files is listed in ``Dataset.problems`` and never stops the rest.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.data.images import list_images, picture_size, read_image
from engine.errors import EngineError

READ_AHEAD = 16  # pictures; of 5 megapixels they take 240 MB
GOOD = "good"
ANOMALY = "anomaly"  # a defect whose class is not known
GOOD_FOLDERS = frozenset({"good", "ok", "normal"})
MASK_FOLDER = "ground_truth"
SNAPSHOT_FILE = "snapshot.json"
MINIMUM_GOOD = 10

Subset = Literal["train", "test", "calibration", "held_out"]
Layout = Literal["mvtec", "classes", "snapshot"]


@dataclass(frozen=True)
class Sample:
    """One picture and what is known of it.

    ``label`` is "good", a defect class, "anomaly" (a defect of unknown class) or None (unknown).
    ``declared_sha256`` is what a snapshot says of the file; ``sha256`` believes it.
    """

    path: Path
    label: str | None
    subset: Subset
    mask_path: Path | None = None
    part_id: str | None = None
    declared_sha256: str | None = None

    @cached_property
    def sha256(self) -> str:
        """Hash of the file, computed on first use. Raises EngineError picture_unreadable."""
        if self.declared_sha256:
            return self.declared_sha256
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise EngineError(
                "picture_unreadable",
                f"The picture {self.path} cannot be opened ({error.strerror or error}).",
                path=str(self.path),
            ) from error

    @property
    def is_good(self) -> bool:
        """Known to be a good part."""
        return self.label == GOOD

    @property
    def is_defect(self) -> bool:
        """Known to be a defective part, of whatever class."""
        return self.label is not None and self.label != GOOD


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the data, as one sentence. ``code`` is snake_case and stable."""

    code: str
    path: Path
    sentence: str


@dataclass(frozen=True)
class Dataset:
    """The pictures of one folder. ``classes`` are the defect classes by name, sorted; "anomaly" is
    none of them. ``problems`` grows while pictures are decoded with ``read_pictures``."""

    root: Path
    name: str
    layout: Layout
    samples: tuple[Sample, ...]
    classes: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def of_subset(self, *subsets: Subset) -> list[Sample]:
        """Samples of the named subsets, in listing order."""
        return [sample for sample in self.samples if sample.subset in subsets]


def load_dataset(folder: Path) -> Dataset:
    """Recognise the layout of a folder (or of a snapshot file) and list its pictures.

    Raises EngineError folder_missing, layout_unknown, no_pictures, snapshot_damaged,
    snapshot_version.
    """
    from engine.data.snapshot import load_snapshot  # it builds on this module

    if folder.is_file() and folder.suffix.lower() == ".json":
        return load_snapshot(folder)
    if not folder.is_dir():
        raise EngineError(
            "folder_missing",
            f"The folder {folder} does not exist; check the path.",
            path=str(folder),
        )
    if (folder / SNAPSHOT_FILE).is_file():
        return load_snapshot(folder / SNAPSHOT_FILE)
    if (folder / "train").is_dir() or (folder / "test").is_dir():
        return _load_mvtec(folder)
    return _load_class_folders(folder)


def require_good(
    dataset: Dataset,
    *subsets: Subset,
    minimum: int = MINIMUM_GOOD,
) -> list[Sample]:
    """Good samples of the subsets ("train" if none is named), or a refusal in one sentence.

    Raises EngineError no_good_pictures, few_good_pictures.
    """
    good = [sample for sample in dataset.of_subset(*(subsets or ("train",))) if sample.is_good]
    check_good_count(dataset, len(good), minimum=minimum)
    return good


def check_good_count(dataset: Dataset, count: int, *, minimum: int = MINIMUM_GOOD) -> None:
    """Refuse to teach on too few good pictures; call it again with the number that decoded.

    Raises EngineError no_good_pictures, few_good_pictures.
    """
    where = {"mvtec": "train/good", "classes": "good", "snapshot": SNAPSHOT_FILE}[dataset.layout]
    if count == 0:
        raise EngineError(
            "no_good_pictures",
            f"{dataset.root} holds no good picture to teach on; put at least {minimum} pictures "
            f"of good parts into {where}.",
            path=str(dataset.root),
            minimum=minimum,
        )
    if count < minimum:
        raise EngineError(
            "few_good_pictures",
            f"{dataset.root} holds only {count} readable good pictures in {where}; teaching "
            f"needs at least {minimum}.",
            path=str(dataset.root),
            count=count,
            minimum=minimum,
        )


def read_pictures(
    samples: list[Sample], problems: list[Problem], ahead: int = 0
) -> Iterator[tuple[Sample, NDArray[np.uint8]]]:
    """Decode samples in their order, uint8 RGB [H, W, 3]; unreadable ones are listed and skipped.

    ``ahead`` pictures are decoded beforehand on all processors; 0 where a clock is running.
    """
    if ahead == 0:
        reads: Iterator[Callable[[], NDArray[np.uint8]]] = (
            partial(read_image, sample.path) for sample in samples
        )
        yield from _readable(samples, reads, problems)
        return
    with ThreadPoolExecutor(min(ahead, os.cpu_count() or 1), "read") as pool:
        yield from _readable(samples, _read_ahead(pool, samples, ahead), problems)


def _read_ahead(
    pool: ThreadPoolExecutor, samples: list[Sample], ahead: int
) -> Iterator[Callable[[], NDArray[np.uint8]]]:
    """What gives each picture; so many more are under way."""
    pending: deque[Future[NDArray[np.uint8]]] = deque()
    for sample in samples:
        pending.append(pool.submit(read_image, sample.path))
        if len(pending) > ahead:
            yield pending.popleft().result
    while pending:
        yield pending.popleft().result


def _readable(
    samples: list[Sample],
    reads: Iterator[Callable[[], NDArray[np.uint8]]],
    problems: list[Problem],
) -> Iterator[tuple[Sample, NDArray[np.uint8]]]:
    for sample, read in zip(samples, reads, strict=True):
        try:
            rgb = read()
        except EngineError as error:
            problems.append(Problem(error.code, sample.path, f"{error} It is skipped."))
            continue
        yield sample, rgb


def defect_classes(samples: list[Sample]) -> tuple[str, ...]:
    """Names of the known defect classes, sorted."""
    return tuple(sorted({s.label for s in samples if s.label and s.label not in (GOOD, ANOMALY)}))


def mask_size_problem(sample: Sample) -> Problem | None:
    """What is wrong with the size of a sample's mask, if anything.

    Files that cannot be read are no matter of size: they are reported when they are decoded.
    """
    if sample.mask_path is None:
        return None
    try:
        mask_size, size = picture_size(sample.mask_path), picture_size(sample.path)
    except EngineError:
        return None
    if mask_size == size:
        return None
    return Problem(
        "mask_size",
        sample.mask_path,
        f"The mask {sample.mask_path} is {mask_size[1]}×{mask_size[0]} pixels, its picture "
        f"{sample.path.name} is {size[1]}×{size[0]}; the picture is left out of the pixel "
        f"metrics.",
    )


def _load_mvtec(root: Path) -> Dataset:
    samples: list[Sample] = []
    problems: list[Problem] = []
    for subset in ("train", "test"):
        for folder in _subfolders(root / subset):
            samples += _read_class_folder(folder, subset, root, problems)
    return _finish(root, "mvtec", samples, problems)


def _load_class_folders(root: Path) -> Dataset:
    folders = [f for f in _subfolders(root) if f.name != MASK_FOLDER and list_images(f)]
    if not folders:
        loose = len(list_images(root))
        raise EngineError(
            "layout_unknown",
            f"{root} is no data set: expected train/good and test/<class> (MVTec AD), or a folder "
            f"named good beside one folder per defect class, or {SNAPSHOT_FILE}."
            + (f" Move its {loose} pictures into a folder named good." if loose else ""),
            path=str(root),
        )
    samples: list[Sample] = []
    problems: list[Problem] = []
    for folder in folders:
        samples += _read_class_folder(folder, "train", root, problems)
    return _finish(root, "classes", samples, problems)


def _finish(root: Path, layout: Layout, samples: list[Sample], problems: list[Problem]) -> Dataset:
    if not samples:
        raise EngineError(
            "no_pictures",
            f"{root} holds no picture (PNG, JPEG, BMP or TIFF) in its class folders.",
            path=str(root),
        )
    problems += _stray_masks(root, samples)
    checked = []
    for sample in samples:
        problem = mask_size_problem(sample)
        if problem is not None:
            problems.append(problem)
            sample = Sample(sample.path, sample.label, sample.subset)
        checked.append(sample)
    return Dataset(
        root, root.resolve().name, layout, tuple(checked), defect_classes(checked), problems
    )


def _read_class_folder(
    folder: Path, subset: Subset, root: Path, problems: list[Problem]
) -> list[Sample]:
    label = label_of_folder(folder.name)
    masks = _masks_by_stem(root / MASK_FOLDER / folder.name)
    samples = []
    for path in list_images(folder):
        mask = None if label == GOOD else masks.get(path.stem)
        if masks and mask is None and label != GOOD:
            problems.append(
                Problem(
                    "mask_missing",
                    path,
                    f"The picture {path} has no mask although others of its class do; it is left "
                    f"out of the pixel metrics.",
                )
            )
        samples.append(Sample(path, label, subset, mask))
    return samples


def label_of_folder(name: str) -> str:
    """The label that a class folder stands for: good, ok and normal are "good"."""
    return GOOD if name.lower() in GOOD_FOLDERS else name


def _subfolders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith("."))


def _masks_by_stem(folder: Path) -> dict[str, Path]:
    """Masks of one class by the stem of their picture: ``<stem>_mask.*`` before ``<stem>.*``."""
    if not folder.is_dir():
        return {}
    masks: dict[str, Path] = {}
    for path in list_images(folder):
        if path.stem.endswith("_mask"):
            masks[path.stem.removesuffix("_mask")] = path
        else:
            masks.setdefault(path.stem, path)
    return masks


def _stray_masks(root: Path, samples: list[Sample]) -> Iterator[Problem]:
    """Masks in ground_truth that belong to no picture."""
    pictures = {(sample.path.parent.name, sample.path.stem) for sample in samples}
    for folder in _subfolders(root / MASK_FOLDER):
        for stem, mask in _masks_by_stem(folder).items():
            if (folder.name, stem) not in pictures:
                yield Problem(
                    "mask_without_picture",
                    mask,
                    f"The mask {mask} belongs to no picture: there is no {folder.name}/{stem} "
                    f"among the pictures; it is ignored.",
                )
