"""Running a predictor over labelled pictures and keeping what the metrics need. No torch here."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.layout import Problem, Sample, read_pictures
from engine.data.masks import mask_at_map_size, read_mask
from engine.errors import EngineError
from engine.inference.predictor import Predictor

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]
WARM_UP = 3
MAPS_IN_MEMORY = 256 * 2**20  # bytes of anomaly maps; more of them lie in a temporary file


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One picture as the model saw it.

    ``stratum`` is "good", the defect class, "anomaly" or "" (unlabelled). ``mask`` is bool [h, w]
    at the map's size: all False for a good picture, None where the truth per pixel is not known;
    such a picture counts in no pixel metric. ``anomaly_map`` float32 [h, w] may lie on the disk.
    ``latency_ms`` is from uint8 RGB pixels of the picture's own size to score, map and verdict;
    the rest is as in ``Prediction``.
    """

    sample: Sample
    stratum: str
    score: float
    verdict: str
    reason: str
    class_name: str | None
    anomaly_map: NDArray[np.float32]
    mask: NDArray[np.bool_] | None
    latency_ms: float
    p_value: float
    novelty_p: float | None
    class_prob: NDArray[np.float32]
    embedding: NDArray[np.float32]
    branch: str | None = None


class MapStore:
    """Room for the float32 maps of a test set, in a temporary file where they are large: the
    system then writes out what memory is too small for. Maps are exact either way."""

    def __init__(self, pictures: int, in_memory: int | None = None) -> None:
        self._pictures = pictures
        self._limit = MAPS_IN_MEMORY if in_memory is None else in_memory
        self._planes: NDArray[np.float32] | None = None
        self._used = 0

    def keep(self, anomaly_map: NDArray[np.float32]) -> NDArray[np.float32]:
        """A lasting copy of a map [h, w]; all maps of a model have one size."""
        if self._planes is None:
            shape = (self._pictures, *anomaly_map.shape)
            if 4 * int(np.prod(shape)) <= self._limit:
                self._planes = np.empty(shape, np.float32)
            else:
                with tempfile.TemporaryFile() as file:  # the mapping keeps it alive
                    self._planes = np.memmap(file, np.float32, "w+", shape=shape)
        plane: NDArray[np.float32] = self._planes[self._used]
        plane[:] = anomaly_map
        self._used += 1
        return plane


def judge(
    predictor: Predictor, samples: list[Sample], problems: list[Problem], progress: Progress
) -> list[Judged]:
    """Predict all samples, batch one, and prepare their masks; problems are added to the list.

    The first picture is predicted a few times before the clock counts. Raises EngineError
    score_not_finite, and what ``progress`` raises to cancel.
    """
    judged: list[Judged] = []
    progress("evaluate", 0, len(samples))
    skipped = len(problems)
    maps = MapStore(len(samples))
    for sample, rgb in read_pictures(samples, problems):
        if not judged:
            for _ in range(WARM_UP):
                predictor.predict(rgb)
        start = time.perf_counter()
        prediction = predictor.predict(rgb)
        latency_ms = (time.perf_counter() - start) * 1000
        if not (np.isfinite(prediction.score) and np.isfinite(prediction.anomaly_map).all()):
            raise EngineError(
                "score_not_finite",
                f"The model {predictor.bundle_id} gives no finite score for {sample.path}; it "
                f"cannot be measured. Teach it again.",
                path=str(sample.path),
            )
        height, width = prediction.anomaly_map.shape
        judged.append(
            Judged(
                sample=sample,
                stratum=sample.label or "",
                score=prediction.score,
                verdict=prediction.verdict,
                reason=prediction.reason,
                class_name=prediction.class_name,
                anomaly_map=maps.keep(prediction.anomaly_map),
                mask=_truth(sample, rgb.shape[:2], height, width, problems),
                latency_ms=latency_ms,
                p_value=prediction.p_value,
                novelty_p=prediction.novelty_p,
                class_prob=prediction.class_prob,
                embedding=prediction.embedding,
                branch=prediction.branch,
            )
        )
        unreadable = sum(p.code == "picture_unreadable" for p in problems[skipped:])
        progress("evaluate", min(len(judged) + unreadable, len(samples)), len(samples))
    return judged


def _truth(
    sample: Sample,
    size: tuple[int, ...],
    height: int,
    width: int,
    problems: list[Problem],
) -> NDArray[np.bool_] | None:
    """What is known per pixel.

    A defect picture whose mask is empty is kept out of the pixel metrics: somebody called the part
    defective but marked nothing, so neither "no pixel is wrong" nor any region is known.
    """
    if sample.is_good:
        return np.zeros((height, width), dtype=bool)
    if sample.mask_path is None:
        return None
    try:
        mask = read_mask(sample.mask_path)
    except EngineError as error:
        problems.append(Problem("mask_unreadable", sample.mask_path, f"{error} {_LEFT_OUT}"))
        return None
    if mask.shape != tuple(size):
        problems.append(
            Problem(
                "mask_size",
                sample.mask_path,
                f"The mask {sample.mask_path} has another size than its picture. {_LEFT_OUT}",
            )
        )
        return None
    if not mask.any():
        problems.append(
            Problem(
                "mask_empty",
                sample.mask_path,
                f"The mask {sample.mask_path} of a defect marks no pixel. {_LEFT_OUT}",
            )
        )
        return None
    resized = mask_at_map_size(mask, height, width)
    if not resized.any():
        problems.append(
            Problem(
                "mask_vanished",
                sample.mask_path,
                f"The defect in {sample.mask_path} is smaller than one pixel of the "
                f"{width}×{height} anomaly map. {_LEFT_OUT}",
            )
        )
        return None
    return resized


_LEFT_OUT = "The picture is left out of the pixel metrics."
