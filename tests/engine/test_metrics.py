"""Metrics against scikit-learn and against brute force; intervals against published values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage, stats
from sklearn import metrics as reference

from engine.calibration.intervals import (
    auroc_interval,
    clopper_pearson,
    promised_rate,
    share,
    wilson,
)
from engine.evaluation import bootstrap, metrics


def _scores(seed: int, n: int = 400, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.random(n) < 0.3
    labels[:2] = (True, False)
    scores = rng.normal(labels * 1.2, 1.0) * 7 + 40
    return labels, np.round(scores / 5) if ties else scores


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_image_metrics_agree_with_scikit_learn(seed: int, ties: bool) -> None:
    labels, scores = _scores(seed, ties=ties)
    assert metrics.auroc(labels, scores) == pytest.approx(
        reference.roc_auc_score(labels, scores), abs=1e-12
    )
    assert metrics.average_precision(labels, scores) == pytest.approx(
        reference.average_precision_score(labels, scores), abs=1e-12
    )
    precision, recall, _ = reference.precision_recall_curve(labels, scores)
    best = np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12))
    assert metrics.f1_max(labels, scores) == pytest.approx(best, abs=1e-12)
    for ours, theirs in zip(
        metrics.roc(labels, scores),
        reference.roc_curve(labels, scores, drop_intermediate=False),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs)


def test_scores_count_as_they_are() -> None:
    labels = np.array([False, False, True, True])
    assert metrics.auroc(labels, [-5.0, 3.0, 3.0 + 1e-12, 1e9]) == 1.0
    assert metrics.auroc(labels, [2, 2, 2, 2]) == 0.5
    assert metrics.auroc(labels, [3.0, 4.0, 1.0, 2.0]) == 0.0
    with pytest.raises(ValueError, match="NaN"):
        metrics.auroc(labels, [0.0, np.nan, 1.0, 2.0])
    with pytest.raises(ValueError, match="positives and negatives"):
        metrics.auroc([True, True], [1.0, 2.0])


def test_perfect_separation_is_exactly_one() -> None:
    for n in (10, 83, 1001, 70_001):
        labels = np.arange(n) < n // 3
        assert metrics.auroc(labels, labels * 0.1 + np.linspace(0, 0.01, n)) == 1.0
        assert metrics.auroc(labels, -1.0 * labels) == pytest.approx(0.0, abs=1e-12)


def _brute_force_aupro(maps: np.ndarray, masks: np.ndarray, limit: float) -> float:
    """As Bergmann et al. describe it: every threshold in turn, then the trapezoidal rule."""
    regions = []
    for index, mask in enumerate(masks):
        labelled, count = ndimage.label(mask, structure=np.ones((3, 3)))
        regions += [(index, labelled == k) for k in range(1, count + 1)]
    fprs, pros = [0.0], [0.0]
    for threshold in np.unique(maps)[::-1]:
        flagged = maps >= threshold
        fprs.append(flagged[~masks].mean())
        pros.append(float(np.mean([flagged[i][region].mean() for i, region in regions])))
    inside = [k for k, fpr in enumerate(fprs) if fpr <= limit]
    x, y = [fprs[k] for k in inside], [pros[k] for k in inside]
    if x[-1] < limit:
        k = inside[-1] + 1
        share_of_step = (limit - fprs[k - 1]) / (fprs[k] - fprs[k - 1])
        x.append(limit)
        y.append(pros[k - 1] + share_of_step * (pros[k] - pros[k - 1]))
    return float(np.trapezoid(y, x)) / limit


def _maps(seed: int, ties: bool, n: int = 5, size: int = 24) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    masks = np.zeros((n, size, size), bool)
    for index in range(1, n):  # the first picture is good
        for _ in range(3):
            y, x = rng.integers(0, size - 6, 2)
            masks[index, y : y + rng.integers(1, 6), x : x + rng.integers(1, 6)] = True
    maps = rng.normal(0, 1, masks.shape) + masks * rng.uniform(0, 3, (n, 1, 1))
    maps = ndimage.gaussian_filter(maps, (0, 1, 1)) * 3 + 10
    return (np.round(maps * 2) if ties else maps).astype(np.float32), masks


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("limit", [0.05, 0.3, 1.0])
def test_aupro_agrees_with_brute_force(seed: int, ties: bool, limit: float) -> None:
    maps, masks = _maps(seed, ties)
    exact = _brute_force_aupro(maps, masks, limit)
    assert metrics.aupro(maps, masks, limit) == pytest.approx(exact, abs=1e-12)


def test_aupro_gives_every_region_the_same_weight() -> None:
    masks = np.zeros((1, 20, 20), bool)
    masks[0, 1:11, 1:11] = True  # 100 pixels, found
    masks[0, 15, 15] = True  # one pixel, the lowest of all
    maps = np.where(masks, 5.0, 1.0).astype(np.float32)
    maps[0, 15, 15] = 0.0
    assert metrics.aupro(maps, masks) == pytest.approx(0.5)


def test_regions_touching_at_a_corner_are_one() -> None:
    mask = np.zeros((6, 6), bool)
    mask[1, 1] = mask[2, 2] = mask[4, 5] = True
    regions = metrics.regions_of(mask)
    assert regions.count == 2
    np.testing.assert_allclose(regions.weights, [0.5, 0.5, 1.0])
    assert metrics.regions_of(np.zeros((6, 6), bool)).count == 0


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    for (r, n), (low, high) in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        assert wilson(r, n) == pytest.approx((low, high), abs=5e-5)
    assert wilson(15, 18) == pytest.approx((0.608, 0.942), abs=1e-3)


@pytest.mark.parametrize(("k", "n"), [(0, 59), (3, 20), (15, 18), (63, 63), (1, 1)])
def test_clopper_pearson_agrees_with_scipy(k: int, n: int) -> None:
    expected = stats.binomtest(k, n).proportion_ci(method="exact")
    assert clopper_pearson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_shares_of_nothing_say_why() -> None:
    for function in (share, promised_rate):
        empty = function(0, 0, "good pictures")
        assert empty.value is None and empty.reason == "There are no good pictures."
        assert function(20, 20, "x").high == 1.0
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_a_perfect_auroc_keeps_a_width() -> None:
    low, high = auroc_interval(1.0, 63, 20)
    assert high == 1.0 and 0.9 < low < 0.99
    assert auroc_interval(1.0, 630, 200)[0] > low
    assert auroc_interval(0.0, 5, 5)[0] == 0.0


def test_the_auroc_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(5)
    truth = stats.norm.cdf(1.5 / np.sqrt(2))
    labels = np.arange(60) < 30
    inside = 0
    for _ in range(300):
        value = metrics.auroc(labels, rng.normal(labels * 1.5, 1.0))
        low, high = auroc_interval(value, 30, 30)
        inside += low <= truth <= high
    assert 0.91 <= inside / 300 <= 0.99


def _pictures(maps: np.ndarray, masks: np.ndarray) -> bootstrap.PictureHistograms:
    edges = bootstrap.bin_edges(np.sort(maps[masks]), np.sort(maps[~masks]))
    regions = [metrics.regions_of(mask) for mask in masks]
    rows = list(zip(maps, masks, regions, strict=True))
    return bootstrap.PictureHistograms(
        np.array([bootstrap.histogram(m[mask], edges) for m, mask, _ in rows]),
        np.array([bootstrap.histogram(m[~mask], edges) for m, mask, _ in rows]),
        np.array([bootstrap.histogram(m[mask], edges, r.weights) for m, mask, r in rows]),
        np.array([float(r.count) for r in regions]),
    )


@pytest.mark.parametrize("size", [24, 128])  # below and far above the number of bins
def test_histograms_give_the_metrics_of_a_resample(size: int) -> None:
    maps, masks = _maps(11, ties=False, n=6, size=size)
    pictures = _pictures(maps, masks)
    tolerance = 1e-12 if maps.size <= bootstrap.BINS else 1e-3
    for drawn in ([0, 1, 2, 3, 4, 5], [0, 0, 2, 2, 3, 5]):
        times = np.bincount(drawn, minlength=6)[None].astype(float)
        found = bootstrap.curve_metrics(pictures.weighted(times))
        some, truth = maps[drawn], masks[drawn]
        exact = {
            "auroc": metrics.auroc(truth.ravel(), some.ravel()),
            "aupro": metrics.aupro(some, truth),
            "ap": metrics.average_precision(truth.ravel(), some.ravel()),
            "f1_max": metrics.f1_max(truth.ravel(), some.ravel()),
        }
        for name, value in exact.items():
            assert found[name][0] == pytest.approx(value, abs=tolerance), name


def test_resampling_keeps_the_strata() -> None:
    strata = ["good"] * 5 + ["a"] * 3 + ["b"]
    times = bootstrap.resample_counts(strata, seed=1, resamples=50)
    assert times.shape == (50, 9)
    np.testing.assert_array_equal(times[:, :5].sum(axis=1), 5)
    np.testing.assert_array_equal(times[:, 5:8].sum(axis=1), 3)
    np.testing.assert_array_equal(times[:, 8], 1)
    assert times[:, :5].std() > 0.5
    np.testing.assert_array_equal(times, bootstrap.resample_counts(strata, seed=1, resamples=50))


def test_intervals_surround_the_exact_value_and_repeat() -> None:
    maps, masks = _maps(2, ties=False, n=12, size=96)
    exact = {"aupro": metrics.aupro(maps, masks)}
    strata = ["good"] + ["scratch"] * 11
    first = bootstrap.bootstrap_curves(_pictures(maps, masks), strata, exact)["aupro"]
    assert first.value == exact["aupro"]
    assert first.low is not None and first.high is not None
    assert first.low < first.value < first.high
    assert first.method == bootstrap.BINNED_METHOD and first.n == 12
    assert first == bootstrap.bootstrap_curves(_pictures(maps, masks), strata, exact)["aupro"]


def test_one_defect_picture_gives_a_value_without_interval() -> None:
    maps, masks = _maps(2, ties=False, n=2)
    found = bootstrap.bootstrap_curves(_pictures(maps, masks), ["good", "a"], {"aupro": 0.5})
    assert found["aupro"].value == 0.5 and found["aupro"].low is None and found["aupro"].note


def test_an_f1_without_a_mistake_keeps_a_width() -> None:
    truth = np.arange(16) < 10
    found = bootstrap.bootstrap_f1(truth, truth, ["bad"] * 10 + ["good"] * 6)
    low, _ = wilson(10, 10)
    assert found.value == found.high == 1.0 and found.low == pytest.approx(2 * low / (1 + low))
    called = truth ^ (np.arange(16) % 5 == 0)
    found = bootstrap.bootstrap_f1(truth, called, ["bad"] * 10 + ["good"] * 6)
    assert found.value == pytest.approx(reference.f1_score(truth, called))
    assert found.method == bootstrap.METHOD and found.low < found.value < found.high  # type: ignore[operator]  # both are there
    assert bootstrap.bootstrap_f1(~truth & truth, truth, ["good"] * 16).value is None
