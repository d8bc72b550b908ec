"""What figures are drawn from: scores, probabilities, embeddings and example maps of the pictures
that were measured, in one .npz file without pickles. Must not know models or drawing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Manifest
from engine.data.layout import Dataset
from engine.evaluation.judging import Judged
from engine.evaluation.metrics import regions_of, roc

EXAMPLES = 2  # pictures of every label whose maps are kept


def arrays_of(judged: list[Judged], dataset: Dataset, manifest: Manifest) -> dict[str, Any]:
    """Arrays by name; N pictures in listing order, K outputs of the class head.

    ids, paths, mask_paths, labels, verdicts, reasons, class_names: text [N] ("" where there is
    none); defect int8 [N] (1, 0, -1 unknown); label_index int64 [N] into class_outputs, -1
    without one; scores, p_values, novelty_p (NaN: no memory), latency_ms float64 [N]; class_prob
    float32 [N, K]; class_outputs text [K]; embeddings float32 [N, D]; threshold,
    region_threshold, map_full_scale float64 []; roc_fpr, roc_tpr, roc_thresholds float64 [R];
    region_count, region_overlap float64 [N]: the picture's defect regions and the sum of their
    shares above the region threshold, NaN where the truth per pixel is not known (PRO is the
    quotient of the two sums over pictures).
    Examples: example_index int64 [M] rows, example_maps float16 [M, h, w] raw maps,
    example_masks bool [M, h, w], example_known bool [M]: the first pictures of every label by
    id, so that models measured on the same pictures show the same ones.
    """
    outputs = manifest.class_outputs
    labels = [one.stratum for one in judged]
    limit = manifest.limits.ok if manifest.threshold is None else manifest.threshold
    ids = [_id(one.sample.path, dataset.root) for one in judged]
    values: dict[str, Any] = {
        "ids": _text(ids),
        "paths": _text([str(one.sample.path.absolute()) for one in judged]),
        "mask_paths": _text([str(one.sample.mask_path or "") for one in judged]),
        "labels": _text(labels),
        "defect": np.array(
            [int(one.sample.is_defect) if one.stratum else -1 for one in judged], np.int8
        ),
        "label_index": np.array(
            [outputs.index(name) if name in outputs else -1 for name in labels], np.int64
        ),
        "scores": np.array([one.score for one in judged], np.float64),
        "verdicts": _text([one.verdict for one in judged]),
        "reasons": _text([one.reason for one in judged]),
        "class_names": _text([one.class_name or "" for one in judged]),
        "p_values": np.array([one.p_value for one in judged], np.float64),
        "novelty_p": np.array(
            [np.nan if one.novelty_p is None else one.novelty_p for one in judged], np.float64
        ),
        "latency_ms": np.array([one.latency_ms for one in judged], np.float64),
        "class_prob": np.stack([one.class_prob for one in judged]).astype(np.float32),
        "class_outputs": _text(list(outputs)),
        "embeddings": np.stack([one.embedding for one in judged]).astype(np.float32),
        "threshold": np.array(limit, np.float64),
        "region_threshold": np.array(manifest.region_threshold, np.float64),
        "map_full_scale": np.array(manifest.heatmap_full_scale, np.float64),
    }
    values |= _regions(judged, manifest.region_threshold)
    return values | _roc(values) | _examples(judged, ids)


def write_arrays(file: Path, arrays: dict[str, Any]) -> None:
    """Write the arrays at once or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            np.savez_compressed(stream, **arrays)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _roc(values: dict[str, Any]) -> dict[str, NDArray[np.float64]]:
    known = values["defect"] >= 0
    defect = values["defect"][known] == 1
    names = ("roc_fpr", "roc_tpr", "roc_thresholds")
    if not defect.any() or defect.all():
        return {name: np.zeros(0) for name in names}
    return dict(zip(names, roc(defect, values["scores"][known]), strict=True))


def _regions(judged: list[Judged], threshold: float) -> dict[str, NDArray[np.float64]]:
    facts = np.full((2, len(judged)), np.nan)
    for row, one in enumerate(judged):
        if one.mask is not None:
            regions = regions_of(one.mask)
            found = (one.anomaly_map > threshold)[one.mask]
            facts[:, row] = regions.count, float(regions.weights[found].sum())
    return {"region_count": facts[0], "region_overlap": facts[1]}


def _examples(judged: list[Judged], ids: list[str]) -> dict[str, NDArray[Any]]:
    rows: list[int] = []
    for label in sorted({one.stratum for one in judged}):
        of_label = [row for row, one in enumerate(judged) if one.stratum == label]
        rows += sorted(of_label, key=lambda row: ids[row])[:EXAMPLES]
    maps = np.stack([judged[row].anomaly_map for row in rows])
    limit = float(np.finfo(np.float16).max)
    masks = np.zeros(maps.shape, bool)
    known = np.zeros(len(rows), bool)
    for place, row in enumerate(rows):
        mask = judged[row].mask
        if mask is not None:
            masks[place], known[place] = mask, True
    return {
        "example_index": np.array(rows, np.int64),
        "example_maps": np.clip(maps, -limit, limit).astype(np.float16),
        "example_masks": masks,
        "example_known": known,
    }


def _id(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _text(values: list[str]) -> NDArray[np.str_]:
    return np.array(values, dtype=np.str_)
