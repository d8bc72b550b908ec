"""From labelled pictures to the bundle of a patch probe. Must not know the command line.

Nothing is held back: every part is judged by a memory, a probe and a class answer that have not
learnt from it (out of fold), and fusion, limits, map and thresholds come from these answers. So all
labels teach and all labels calibrate, which with ten of them is the difference.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler

from engine.bundle import SOURCES_FILE, SPLIT_FILE, Manifest, write_bundle
from engine.calibration.conformal import find_limits, with_novelty
from engine.calibration.figures import OUT_OF_FOLD
from engine.calibration.fusion import Fusion, fit_fusion
from engine.calibration.temperature import temperature_facts
from engine.calibration.thresholds import youden_threshold
from engine.data.layout import Dataset, check_good_count, defect_classes, require_good
from engine.errors import EngineError
from engine.inference.outputs import GOOD_SCORES, NOVELTY_SCORES
from engine.models.backbones import weights_facts
from engine.models.patch_memory import PatchMemory
from engine.models.patch_probe import NAME, PatchProbe, PatchProbeSettings, create_patch_probe
from engine.models.registry import WEIGHTS_PREFIX
from engine.training.export import export_probed
from engine.training.facts import Cancelled, Progress, checked, find_device
from engine.training.hybrid import set_scales
from engine.training.hybrid_data import Parts, Remembered, read_parts, remember, sources_of
from engine.training.map_fusion import MapFusion, choose_map
from engine.training.memory import extract
from engine.training.memory_manifest import Judged, fusion_facts, label_counts, manifest_of
from engine.training.probe import marked_of, set_probe
from engine.training.teach import DEFECT_SCORES, REGION_QUANTILE, TeachOptions, at_most, teach

FEWEST_DEFECTS = 5
FOLDS = 5
DETECTORS = ("memory", "probe")
PRIOR = np.ones(2)  # both are deviations of good parts
MAP_WEIGHTS = ((1.0, 0.0), (1.0, 0.3), (1.0, 1.0), (0.3, 1.0), (0.0, 1.0))
GOODS_OF_THE_MAP = 100  # good pictures whose pixels help to choose the map
MASKS_OF_THE_MAP = 200  # defective ones; choosing takes 5 MB of memory for each
CLASS_STRENGTH = 0.01  # of the data against the penalty, for features of unit variance
ROUNDS = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What is said of n parts by what has not learnt from them: ``probe`` scores float64 [n],
    ``marked`` logits [n, P], features ``seen`` where these lie float64 [n, D] and, of the classes,
    logits float64 [n, K - 1]."""

    probe: NDArray[np.float64]
    marked: torch.Tensor
    seen: NDArray[np.float64]
    classes: NDArray[np.float64]


def teach_probe(
    dataset: Dataset,
    out: Path,
    options: TeachOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    split: bytes | None = None,
) -> Manifest:
    """Teach on the labelled pictures of the subsets train and calibration, never on others.

    ``split`` and the stages reported to ``progress`` are those of ``teach``, with "probe" after
    them. Raises EngineError as ``teach`` does, and no_defect_pictures.
    """
    options = options or TeachOptions()
    tick = checked(progress, cancelled)
    start = time.perf_counter()
    require_good(dataset, "train", "calibration")
    parts, settings = _read(dataset, options, tick)
    device = find_device(options.device)
    torch.manual_seed(options.seed)
    model = create_patch_probe(settings, options.weights).eval().to(device)
    patches = _patches(model.memory, parts, device, tick)
    memory, said = remember(model.memory, parts, patches, options.coreset_share, options.seed, tick)
    set_scales(model, parts, said)
    held = _cross_fitted(model, parts, said, patches, options.seed, tick)
    set_probe(model, parts, said, patches, options.seed)
    temperatures = _set_classes(model, parts, held)
    fusion, scores = _fused(model, parts, said, held)
    maps = _choose_map(model, parts, said, held)
    good, defect = scores[parts.good], scores[~parts.good]
    limits = find_limits(good, defect, options.ok_rate, options.ng_rate, options.escape_rate)
    limits = with_novelty(limits, len(good))
    tick("export", 0, 1)
    novelty = said.score.cpu().numpy()[parts.good]
    model = model.cpu()
    threshold = youden_threshold(scores, ~parts.good)
    judged = Judged(good, defect, limits, maps, threshold, OUT_OF_FOLD)
    manifest = manifest_of(
        NAME, dataset, options, settings.memory, settings.class_outputs, judged,
        samples=parts.samples,
        temperatures=temperatures,
        counts=label_counts(parts, settings.class_outputs, judged, memory.rows),
        settings=settings.to_manifest()
        | {"seed": options.seed, "coreset_share": options.coreset_share},
        facts={
            "seconds": round(time.perf_counter() - start, 2),
            "fusion": fusion_facts(fusion, maps),
            "classes_out_of_fold": _class_figures(parts, held),
            "weights": weights_facts(model.memory.backbone),
        },
    )  # fmt: skip
    tensors: dict[str, NDArray[Any]] = {
        "bank": memory.rows.cpu().numpy(),
        GOOD_SCORES: np.sort(good),
        DEFECT_SCORES: np.sort(defect),
        NOVELTY_SCORES: np.sort(novelty),
    }
    for name, value in model.state_dict().items():
        tensors[WEIGHTS_PREFIX + name] = value.numpy()
    extras = {SOURCES_FILE: sources_of(memory, parts, patches.shape[1], dataset.root)}
    if split is not None:
        extras[SPLIT_FILE] = split
    written = write_bundle(out, manifest, tensors, export_probed(model), extras)
    if progress is not None:
        progress("export", 1, 1)
    return written


def teach_best(
    dataset: Dataset,
    out: Path,
    options: TeachOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    split: bytes | None = None,
) -> Manifest:
    """As ``teach``: a patch probe where enough labelled defects can be read, else a memory."""
    known = dataset.of_subset("train", "calibration")
    if sum(sample.is_defect for sample in known) >= FEWEST_DEFECTS:
        problems = list(dataset.problems)
        try:
            return teach_probe(dataset, out, options, progress, cancelled, split)
        except EngineError as error:
            if error.code != "no_defect_pictures":
                raise
            dataset.problems[:] = problems  # copies and unreadable pictures did not count
    return teach(dataset, out, options, progress, cancelled, split)


def _read(
    dataset: Dataset, options: TeachOptions, tick: Progress
) -> tuple[Parts, PatchProbeSettings]:
    present = [s for s in dataset.of_subset("train", "calibration") if s.is_good or s.is_defect]
    wanted = at_most(present, options.seed, dataset)
    classes = defect_classes(wanted)
    graph = options.graph
    outputs = ("good", *classes)
    parts = read_parts(
        wanted, outputs, graph.input_size, graph.fit, dataset.problems,
        lambda done, total: tick("read", done, total),
    )  # fmt: skip
    check_good_count(dataset, int(parts.good.sum()))
    if int((~parts.good).sum()) < FEWEST_DEFECTS:
        raise EngineError(
            "no_defect_pictures",
            f"{dataset.root} holds fewer than {FEWEST_DEFECTS} defective pictures to learn from; "
            "label more, or teach a patch_memory, which needs none.",
            path=str(dataset.root),
        )
    return parts, PatchProbeSettings(outputs, graph)


def _patches(
    memory: PatchMemory, parts: Parts, device: torch.device, tick: Progress
) -> torch.Tensor:
    goods = parts.pixels[parts.good]
    memory.measure_levels(torch.from_numpy(goods[:: max(1, len(goods) // 32)]).to(device))
    return extract(memory, list(parts.pixels), device, lambda a, b: tick("features", a, b))


def _cross_fitted(
    model: PatchProbe,
    parts: Parts,
    said: Remembered,
    patches: torch.Tensor,
    seed: int,
    tick: Progress,
) -> _Held:
    """Every part judged by a probe and a class answer of the other folds' parts."""
    fold = _folds(parts, seed)
    count = int(fold.max()) + 1
    defects = len(model.class_bias)
    probe = np.zeros(len(parts))
    marked = torch.zeros(patches.shape[:2], device=patches.device)
    for index in range(count):
        tick("probe", index, count + 1)
        inside = np.flatnonzero(fold == index)
        set_probe(model, parts, said, patches, seed, fold != index)
        marked[inside] = marked_of(model, said, patches, inside)
        probe[inside] = model.probe_score(marked[inside]).cpu().numpy()
    seen = _seen(model, patches, marked)
    classes = np.zeros((len(parts), defects))
    for index in range(count):
        inside, others = fold == index, (fold != index) & (parts.labels > 0)
        weight, bias = _class_line(seen[others], parts.labels[others], defects)
        classes[inside] = seen[inside] @ weight.T + bias
    tick("probe", count, count + 1)
    return _Held(probe, marked, seen, classes)


def _folds(parts: Parts, seed: int) -> NDArray[np.int64]:
    """A fold for every picture; those of one part share one, goods and defects are spread alike."""
    rng = np.random.default_rng((seed, 0x50F0))
    fold = np.zeros(len(parts), np.int64)
    place_of: dict[str, int] = {}
    for kind in (parts.good, ~parts.good):
        rows = np.flatnonzero(kind)
        for number, row in enumerate(rng.permutation(rows)):
            sample = parts.samples[row]
            group = sample.part_id or sample.sha256
            fold[row] = place_of.setdefault(group, number % FOLDS)
    return fold


@torch.inference_mode()
def _seen(model: PatchProbe, patches: torch.Tensor, marked: torch.Tensor) -> NDArray[np.float64]:
    """Features float64 [n, D] where the probe finds a defect."""
    found = [
        model.seen(some, logits)
        for some, logits in zip(patches.split(32), marked.split(32), strict=True)
    ]
    return torch.cat(found).cpu().numpy().astype(np.float64)


def _set_classes(model: PatchProbe, parts: Parts, held: _Held) -> dict[str, Any]:
    """Fit the class answer on all defects of known class and put it, with the temperature that
    their held-out answers ask for, into the model; facts for the manifest. It learns from the
    features where held-out probes looked, since those are what it will be shown."""
    known = parts.labels > 0
    if not known.any():
        return temperature_facts(None, None)
    facts = temperature_facts(None, (held.classes[known], parts.labels[known] - 1))
    weight, bias = _class_line(held.seen[known], parts.labels[known], len(model.class_bias))
    for target, value in ((model.class_weight, weight), (model.class_bias, bias)):
        target.copy_(torch.from_numpy(value / facts["classes"]).to(target.dtype))
    return facts


def _class_line(
    seen: NDArray[np.float64], labels: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights [K - 1, D] and offsets [K - 1] of multinomial logistic regression on features
    [n, D] and class indices from 1; a class without an example gets none of the weight."""
    weight, bias = np.zeros((classes, seen.shape[1])), np.full(classes, -20.0)
    present = np.unique(labels)
    if len(present) < 2:
        bias[present - 1] = 0.0
        return weight, bias
    scaler = StandardScaler().fit(seen)
    line = LogisticRegression(C=CLASS_STRENGTH, max_iter=ROUNDS).fit(
        scaler.transform(seen), labels
    )  # fmt: skip
    slopes, offsets = line.coef_, line.intercept_
    if len(present) == 2:  # one line tells both
        slopes = np.concatenate([-slopes, slopes]) / 2.0
        offsets = np.concatenate([-offsets, offsets]) / 2.0
    slopes = slopes / scaler.scale_
    weight[present - 1] = slopes
    bias[present - 1] = offsets - slopes @ scaler.mean_
    return weight, bias


def _fused(
    model: PatchProbe, parts: Parts, said: Remembered, held: _Held
) -> tuple[Fusion, NDArray[np.float32]]:
    """Fit the fusion on held-out answers and put it into the model; their log-odds."""
    memory = model.scaled_score(said.score).cpu().numpy().astype(np.float64)
    scores = np.stack([memory, held.probe], 1)
    fusion = fit_fusion(scores, ~parts.good, DETECTORS, PRIOR)
    model.fusion.copy_(torch.tensor([*fusion.weights.tolist(), fusion.offset]))
    return fusion, np.asarray(scores @ fusion.weights + fusion.offset, np.float32)


@torch.inference_mode()
def _choose_map(model: PatchProbe, parts: Parts, said: Remembered, held: _Held) -> MapFusion:
    """How memory and probe draw the map, by pixel AP on held-out defects with masks. Without one
    the memory draws alone, and regions begin where good parts' maps end, as in ``teach``."""
    goods = np.flatnonzero(parts.good)
    some = goods[:: max(1, len(goods) // GOODS_OF_THE_MAP)][:GOODS_OF_THE_MAP]
    masked = np.flatnonzero(parts.mask_known & ~parts.good)
    if len(masked) > MASKS_OF_THE_MAP:
        drawn = np.random.default_rng(0).permutation(masked)[:MASKS_OF_THE_MAP]
        masked = np.sort(drawn)
    planes, truth, peaks = [], [], []
    for row in np.concatenate([masked, some]):
        place = parts.places[row]
        rows = slice(place.top, place.top + place.height)
        columns = slice(place.left, place.left + place.width)
        both = model.planes(said.distance[row : row + 1], held.marked[row : row + 1])
        inside = both[:, 0, rows, columns].flatten(1)
        planes.append(inside)
        truth.append(torch.from_numpy(parts.masks[row][rows, columns].reshape(-1).copy()))
        if parts.good[row]:
            peaks.append(float(inside[0].max()))
    maps = choose_map(
        torch.cat(planes, 1), torch.cat(truth).to(planes[0].device), MAP_WEIGHTS, (1.0, 0.0)
    )
    if not len(masked):
        threshold = max(float(np.quantile(peaks, REGION_QUANTILE)) + maps.offset, 1e-3)
        maps = dataclasses.replace(maps, threshold=threshold, full_scale=2.0 * threshold)
    model.map_fusion.copy_(torch.tensor([*maps.weights, maps.offset]))
    return maps


def _class_figures(parts: Parts, held: _Held) -> dict[str, Any]:
    """Macro F1 and accuracy of held-out defects of known class among each other."""
    known = parts.labels > 0
    if not known.any():
        return {"n": 0}
    truth, named = parts.labels[known], held.classes[known].argmax(1) + 1
    return {
        "n": int(known.sum()),
        "f1_macro": float(f1_score(truth, named, average="macro", zero_division=0.0)),
        "accuracy": float((truth == named).mean()),
    }
