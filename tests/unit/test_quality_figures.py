"""Formulas of process control against values worked out by hand or by other means."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from qc_station.domain.quality_figures import Share, laney_p_chart, pareto, quantile, wilson


def test_wilson_interval_agrees_with_its_textbook_values() -> None:
    low, high = wilson(15, 18)  # 0.6078 to 0.9416 (Newcombe 1998, method 3)
    assert (low, high) == (pytest.approx(0.6078, abs=5e-5), pytest.approx(0.9416, abs=5e-5))
    z2 = statistics.NormalDist().inv_cdf(0.975) ** 2
    assert wilson(0, 10) == (0.0, pytest.approx(z2 / (10 + z2)))
    assert wilson(10, 10) == (pytest.approx(10 / (10 + z2)), 1.0)
    for limit in wilson(7, 40):  # its definition: |p − π| = z √(π(1−π)/n)
        assert (7 / 40 - limit) ** 2 == pytest.approx(z2 * limit * (1 - limit) / 40)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(count, of)


def test_a_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).value is None and Share(0, 0).interval is None
    assert Share(1, 4).value == 0.25


def test_quantiles_are_those_of_the_values_behind_the_bins() -> None:
    bins = [(1.0, 2), (5.0, 1), (9.0, 7)]
    values = np.repeat([1.0, 5.0, 9.0], [2, 1, 7])
    for share in (0.0, 0.05, 0.2, 0.21, 0.3, 0.5, 0.95, 1.0):
        wanted = float(np.quantile(values, share, method="inverted_cdf"))
        assert quantile(bins, share) == wanted, share
    with pytest.raises(ValueError, match="needs values"):
        quantile([], 0.5)


def test_pareto_puts_the_most_frequent_first_and_ends_at_the_whole() -> None:
    bars = pareto({"bent": 1, "crack": 6, "fray": 0, "cut": 1})
    assert [(bar.name, bar.count) for bar in bars] == [("crack", 6), ("bent", 1), ("cut", 1)]
    assert [bar.cumulative for bar in bars] == [0.75, 0.875, 1.0]
    assert pareto({}) == ()


def test_laney_limits_worked_out_by_hand() -> None:
    """Subgroups 2/100, 6/100, 4/400: p̄ = 12/600 = 0.02.

    σ = √(0.0196) = 0.14 over √n: 0.014, 0.014, 0.007. z = 0, 0.04/0.014 = 2.857142…,
    −0.01/0.007 = −1.428571…. Ranges 2.857142…, 4.285714…, mean 3.571428…; σz = mean / 1.128.
    """
    chart = laney_p_chart([(2, 100), (6, 100), (4, 400)])
    assert chart is not None
    assert chart.centre == pytest.approx(0.02)
    assert chart.sigma_z == pytest.approx((20 / 7 + 30 / 7) / 2 / 1.128)
    first, _second, third = chart.points
    assert first is not None and third is not None
    assert first.high == pytest.approx(0.02 + 3 * 0.014 * chart.sigma_z)
    assert first.low == 0.0, "clipped"
    assert third.high == pytest.approx(0.02 + 3 * 0.007 * chart.sigma_z)
    assert chart.outside == () and not chart.settled


def test_a_steady_binomial_process_has_sigma_z_of_one_and_keeps_its_limits() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.integers(300, 900, 4000)
    chart = laney_p_chart(list(zip(rng.binomial(sizes, 0.05), sizes, strict=True)))
    assert chart is not None and chart.settled
    assert chart.sigma_z == pytest.approx(1.0, abs=0.04)
    assert len(chart.outside) / 4000 < 0.01


def test_overdispersion_widens_the_limits_and_a_shift_still_shows() -> None:
    """With huge subgroups a plain p chart alarms nearly always (Laney 2002); p′ does not."""
    rng = np.random.default_rng(4)
    size = 200_000
    shares = np.clip(rng.normal(0.05, 0.004, 60), 0, 1)
    subgroups = [(int(rng.binomial(size, share)), size) for share in shares]
    chart = laney_p_chart([*subgroups, (int(0.08 * size), size)])
    assert chart is not None and chart.sigma_z > 5
    plain = 3 * math.sqrt(chart.centre * (1 - chart.centre) / size)
    assert sum(abs(bad / n - chart.centre) > plain for bad, n in subgroups) > 30
    assert chart.outside == (60,)


def test_periods_without_parts_are_gaps_and_two_are_needed() -> None:
    chart = laney_p_chart([(1, 50), (0, 0), (3, 50)])
    assert chart is not None and chart.points[1] is None and chart.subgroups == 2
    assert laney_p_chart([(1, 50), (0, 0)]) is None


@pytest.mark.parametrize("bad", [0, 40])
def test_without_variation_the_limits_lie_on_the_centre(bad: int) -> None:
    chart = laney_p_chart([(bad, 40), (bad, 40)])
    assert chart is not None and chart.sigma_z == 0.0 and chart.outside == ()
