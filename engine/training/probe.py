"""The hybrid's probe: which patches an expert would mark, by logistic regression. Knows no heads.

A line through frozen ImageNet features and the memory's distances needs few examples. Pictures
with a mask give their marked patches; one that is known to be defective but has no mask gives the
patches that the memory finds strangest. Each picture counts by the square root of its number of
patches, so that one large defect does not outvote ten small ones; defects and goods weigh the same.

Synthetic defects count like real ones (with 25 labelled, one seed, they raised its AUROC from 0.970
to 0.985). Without them, measured on magnetic tile (80 % by stem, other 20 %, mean of three choices
of labels), image AUROC; memory alone has 0.973, a supervised net alone 0.76-0.80, 0.83-0.87, 0.92
and 0.96:

| labelled defects | 10 | 25 | 50 | 100 |
|---|---|---|---|---|
| probe | 0.952 | 0.970 | 0.972 | 0.979 |
| probe and memory | 0.972 | 0.978 | 0.977 | 0.981 |
| the same without the distances as features | 0.961 | 0.968 | 0.971 | |
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from engine.models.probed import PROBE_PEAK, Probed
from engine.training.hybrid_data import Parts, Remembered

COVERED = 0.4  # share of a patch that a mask must cover
FEWEST_PATCHES = 3  # of a defect so small that it covers none: those it covers most
MOST_PATCHES = 60  # of one defect
STRANGEST = 10  # patches of a defect without a mask
OTHERS = 100  # patches beside the defect of the same picture
GOODS = 20_000  # patches of good pictures
STRENGTH = 10_000.0  # of the data against the penalty; features have unit length in each level
ROUNDS = 300
AT_ONCE = 64  # pictures whose patches are copied at a time


@torch.no_grad()
def set_probe(
    model: Probed,
    parts: Parts,
    said: Remembered,
    patches: torch.Tensor,
    seed: int,
    learn: NDArray[np.bool_] | None = None,
) -> None:
    """Fit the probe to the pictures' patches [n, P, D], or those of the pictures ``learn`` bool
    [n], and put it into the model, whose distance scales are set; where no picture is known to be
    defective it stays silent."""
    learn = np.ones(len(parts.good), bool) if learn is None else learn
    distances = [
        (raw - scale[0]) / scale[1]
        for raw, scale in (
            (said.distance, model.distance_scale),
            (said.coarse, model.coarse_scale),
        )
    ]
    fitted = fit_probe(patches, torch.stack(distances, 2), parts, seed, learn)
    model.probe.copy_(torch.from_numpy(fitted))
    marked = marked_of(model, said, patches, np.flatnonzero(parts.good & learn))
    peak = marked.topk(PROBE_PEAK, dim=1).values.mean(1)
    model.probe_scale.copy_(torch.stack([peak.mean(), peak.std().clamp(min=1e-6)]))


@torch.no_grad()
def marked_of(
    model: Probed, said: Remembered, patches: torch.Tensor, rows: NDArray[np.int64]
) -> torch.Tensor:
    """The probe's logits [m, P] for the pictures ``rows`` of patches [n, P, D]."""
    found = [
        model.marked(patches[some], said.distance[some], said.coarse[some])
        for some in torch.from_numpy(rows).to(patches.device).split(AT_ONCE)
    ]
    return torch.cat(found)


def fit_probe(
    patches: torch.Tensor,
    distances: torch.Tensor,
    parts: Parts,
    seed: int,
    learn: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Weights of features and distances and the offset, float32 [D + 3], for patches [n, P, D]
    whose scaled distances are [n, P, 2], from the pictures ``learn`` bool [n]; zeros where none of
    them is known to be defective."""
    rng = np.random.default_rng((seed, 0x50726F))
    count = patches.shape[1]
    cover = _cover(parts.masks, count)
    strangeness = distances[:, :, 0].float().cpu().numpy()
    marked: list[torch.Tensor] = []
    clean: list[torch.Tensor] = []
    shares: list[NDArray[np.float64]] = []

    def rows(picture: Any, patch: Any) -> torch.Tensor:
        both = torch.cat([patches[picture, patch], distances[picture, patch]], 1)
        return both.float().cpu()

    for picture in np.flatnonzero(~parts.good & learn):
        known = bool(parts.mask_known[picture])
        chosen = _chosen(cover[picture], strangeness[picture], known, rng)
        if not len(chosen):
            continue
        marked.append(rows(picture, chosen))
        shares.append(np.full(len(chosen), len(chosen) ** -0.5))
        if known:
            beside = np.flatnonzero(cover[picture] == 0.0)
            clean.append(rows(picture, rng.permutation(beside)[:OTHERS]))
    if not marked:
        return np.zeros(patches.shape[2] + 3, np.float32)
    goods = np.flatnonzero(parts.good & learn)
    total = len(goods) * count
    drawn = rng.choice(total, min(GOODS, total), replace=False)
    clean.append(rows(goods[drawn // count], drawn % count))
    wrong, right = torch.cat(marked).numpy(), torch.cat(clean).numpy()
    weight = np.concatenate(shares)
    weight = np.concatenate([weight / weight.sum(), np.full(len(right), 1.0 / len(right))]) / 2.0
    truth = np.concatenate([np.ones(len(wrong)), np.zeros(len(right))])
    fitted = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    fitted.fit(np.concatenate([wrong, right]), truth, sample_weight=weight)
    return np.append(fitted.coef_[0], fitted.intercept_).astype(np.float32)


def _cover(masks: NDArray[np.bool_], patches: int) -> NDArray[np.float32]:
    """Share of each patch that the masks cover, float32 [n, P]."""
    grid = round(patches**0.5)
    planes = torch.from_numpy(masks).unsqueeze(1)
    found = [F.adaptive_avg_pool2d(part.float(), grid) for part in planes.split(64)]
    cover: NDArray[np.float32] = torch.cat(found).flatten(1).numpy()
    return cover


def _chosen(
    cover: NDArray[np.float32],
    strangeness: NDArray[np.float32],
    mask_known: bool,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """The patches of one defective picture that stand for its defect."""
    if not mask_known:
        return np.argsort(-strangeness, kind="stable")[:STRANGEST]
    rows = np.flatnonzero(cover > COVERED)
    if len(rows) < FEWEST_PATCHES:
        rows = np.argsort(-cover, kind="stable")[:FEWEST_PATCHES]
        rows = rows[cover[rows] > 0.0]
    return rng.permutation(rows)[:MOST_PATCHES]
