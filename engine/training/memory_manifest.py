"""The manifest of models that carry a patch memory. Must not know how they are trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Limits, Manifest, new_bundle_id
from engine.calibration.figures import out_of_fold_figures
from engine.calibration.fusion import Fusion
from engine.data.layout import Dataset, Sample
from engine.models.backbones import BACKBONES
from engine.models.patch_memory import PatchMemorySettings
from engine.training.facts import calibration_facts, data_hash, versions
from engine.training.hybrid_data import Parts
from engine.training.map_fusion import MapFusion


class Asked(Protocol):
    """What both kinds of options say."""

    @property
    def product(self) -> str | None: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def ok_rate(self) -> float: ...
    @property
    def ng_rate(self) -> float: ...
    @property
    def escape_rate(self) -> float: ...


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Scores float32 [n] and [m] of good and defective parts that the model has not learnt from,
    what follows from them, and ``source``: what they are, for the figures."""

    good: NDArray[np.float32]
    defect: NDArray[np.float32]
    limits: Limits
    maps: MapFusion
    threshold: float | None
    source: str


def manifest_of(
    model: str,
    dataset: Dataset,
    options: Asked,
    memory: PatchMemorySettings,
    class_outputs: tuple[str, ...],
    judged: Judged,
    *,
    samples: Sequence[Sample],
    temperatures: dict[str, Any],
    counts: dict[str, int],
    settings: dict[str, Any],
    facts: dict[str, Any],
) -> Manifest:
    """Everything that the bundle says of itself; ``samples`` are those it has learnt from."""
    spec = BACKBONES[memory.backbone]
    asked = {
        "ok_rate": options.ok_rate,
        "ng_rate": options.ng_rate,
        "escape_rate": options.escape_rate,
    }
    defects = judged.defect if len(judged.defect) else None
    return Manifest(
        bundle_id=new_bundle_id(model),
        model=model,
        product=options.product or dataset.name,
        classes=class_outputs[1:],
        class_outputs=class_outputs,
        input_size=memory.input_size,
        map_size=memory.input_size,
        mean=spec.mean,
        std=spec.std,
        backbone=spec.name,
        limits=judged.limits,
        calibration={
            **calibration_facts(judged.limits, asked, judged.good, defects),
            "temperature": temperatures,
        },
        heatmap_full_scale=judged.maps.full_scale,
        region_threshold=judged.maps.threshold,
        threshold=judged.threshold,
        data_hash=data_hash(samples),
        data_counts={**counts, "problems": len(dataset.problems)},
        metrics=out_of_fold_figures(judged.good, defects, judged.limits, judged.source),
        versions=versions(),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=options.parent,
        settings=settings,
        training=facts,
    )


def fusion_facts(fusion: Fusion, maps: MapFusion) -> dict[str, Any]:
    """How scores and maps were joined, as JSON for a manifest."""
    return {
        "chosen": fusion.chosen,
        "weights": [round(float(w), 4) for w in fusion.weights],
        "offset": round(fusion.offset, 4),
        "validation_auroc": fusion.auroc,
        "map_weights": list(maps.weights),
        "map_average_precision": maps.average_precision,
    }


def label_counts(
    train: Parts, outputs: tuple[str, ...], calibrated: Judged, bank: torch.Tensor
) -> dict[str, int]:
    """How many pictures of what kind a model has learnt from and was calibrated on."""
    return {
        "good": int(train.good.sum()),
        "defect": int((~train.good).sum()),
        "calibration_good": len(calibrated.good),
        "calibration_defect": len(calibrated.defect),
        "masks": int((train.mask_known & ~train.good).sum()),
        "bank": len(bank),
        **{f"class:{name}": int((train.labels == i).sum()) for i, name in enumerate(outputs) if i},
    }
