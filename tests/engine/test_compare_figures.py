"""How figures of several seeds are joined, ranked and written, on numbers worked out by hand."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import string
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.calibration.temperature import quality
from engine.commands.compare import STAGES, add_arguments, command_line
from engine.commands.reporting import Reporter
from engine.comparison.cost import count_gflops
from engine.comparison.figures import reliability_figure
from engine.comparison.outputs import to_csv
from engine.comparison.plan import Options, make_plan, trainable
from engine.comparison.progress import STEPS, Forecast, Tracker, Watch
from engine.comparison.resampling import RunArrays, draw
from engine.comparison.result import _composite
from engine.comparison.sentences import result_sentences
from engine.comparison.summary import mean_figure, mean_terms, plain_figure, seed_half_width
from engine.comparison.tables import scenario_table
from engine.comparison.words import WORDS, Words
from engine.data.layout import Dataset
from engine.errors import EngineError
from engine.evaluation.composite import SCENARIOS, composite_report
from engine.models.registry import NETWORKS
from engine.training.memory_models import TRAINERS


def estimate(value: float | None, low: float | None, high: float | None, n: int = 50) -> Any:
    return {"value": value, "low": low, "high": high, "n": n, "method": "Wilson"}


def test_mean_spread_and_interval_are_those_worked_out_by_hand() -> None:
    figure = mean_figure(
        [estimate(0.80, 0.70, 0.85), estimate(0.82, 0.74, 0.87), estimate(0.87, 0.80, 0.92)]
    )
    assert figure.mean == pytest.approx(0.83)
    sd = math.sqrt((0.03**2 + 0.01**2 + 0.04**2) / 2)  # 0.0360555
    assert figure.sd == pytest.approx(sd)
    seeds = 4.302653 * sd / math.sqrt(3)  # Student's t with two degrees of freedom
    assert figure.low == pytest.approx(0.83 - math.hypot((0.10 + 0.08 + 0.07) / 3, seeds), abs=1e-6)
    assert figure.high == pytest.approx(0.83 + math.hypot(0.05, seeds), abs=1e-6)
    assert (figure.n, figure.values) == (50, (0.80, 0.82, 0.87))


def test_one_seed_has_its_own_interval_and_no_spread() -> None:
    figure = mean_figure([estimate(0.9, 0.8, 0.95)])
    assert (figure.mean, figure.sd) == (0.9, None)
    assert (figure.low, figure.high) == (pytest.approx(0.8), pytest.approx(0.95))
    assert seed_half_width([0.9]) == 0.0


def test_seeds_that_agree_are_no_surer_than_their_pictures() -> None:
    figure = mean_figure([estimate(1.0, 0.9, 1.0)] * 3)
    assert figure.sd == 0.0
    assert (figure.low, figure.high) == (pytest.approx(0.9), 1.0)


def test_an_interval_without_spread_is_none() -> None:
    silent = estimate(1.0, 1.0, 1.0) | {"note": "Every resample gave the same value."}
    figure = mean_figure([silent, estimate(0.9, 0.8, 1.0)])
    assert figure.mean == pytest.approx(0.95)
    assert figure.low is None and figure.high is None


def test_what_no_run_has_stays_none() -> None:
    assert mean_figure([None, estimate(None, None, None)]).mean is None
    assert plain_figure([None, math.nan]).mean is None


def report(recall: float, precision: float | None, pro: float, head: bool = True) -> dict[str, Any]:
    """What composite scores need of a report."""
    terms = {"auroc": 0.9, "f1": 0.8, "recall": recall, "pro": pro, "precision": precision}
    terms["auroc_multi"] = 0.7 if head else None
    return {"composite": composite_report(terms, class_head=head)}


class Own:
    """A finished run of which only the report is looked at."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report


def compared(runs: dict[str, list[dict[str, Any]]], headless: tuple[str, ...] = ()) -> Any:
    by_model: Any = {model: [Own(one) for one in own] for model, own in runs.items()}
    facts = {m: {"class_head": m not in headless, "seeds": [0] * len(runs[m])} for m in runs}
    return {
        "models": facts,
        "composite": _composite(by_model, facts, None),
        "header": {"counts": {"evaluated": 40}, "devices": ["CPU"]},
        "runs": [],
    }


def test_each_scenario_has_its_own_ranking() -> None:
    runs = {
        "catches": [report(1.0, 0.5, 0.5), report(0.9, 0.5, 0.5)],
        "exact": [report(0.5, 1.0, 0.5), report(0.5, 1.0, 0.5)],
        "draws": [report(0.6, 0.6, 0.95, head=False), report(0.6, 0.6, 0.95, head=False)],
    }
    comparison = compared(runs, headless=("draws",))
    ranking = comparison["composite"]["ranking"]
    assert ranking["recall_first"][0] == "catches"
    assert ranking["precision_first"][0] == "exact"
    assert ranking["localisation_first"][0] == "draws"
    table = scenario_table(comparison, Words("en"))
    assert [row[0].text for row in table.rows] == ["1", "2", "3"]
    firsts = [cell.text for cell in table.rows[0][1:]]
    assert firsts == [ranking[name][0] for name in SCENARIOS]
    score = comparison["composite"]["scores"]["catches"]["recall_first"]
    weights = SCENARIOS["recall_first"]
    terms = {"auroc": 0.9, "f1": 0.8, "recall": 0.95, "pro": 0.5, "auroc_multi": 0.7}
    assert score["mean"] == pytest.approx(sum(weights[name] * terms[name] for name in weights))
    assert score["sd"] == pytest.approx(weights["recall"] * np.std([1.0, 0.9], ddof=1))


def test_a_model_that_lacks_a_term_in_one_run_is_not_ranked_by_it() -> None:
    runs = {
        "odd": [report(0.9, 0.9, 0.9), report(0.9, None, 0.9)],
        "sound": [report(0.5, 0.5, 0.5)],
    }
    assert mean_terms(runs["odd"])["precision"] is None
    composite = compared(runs)["composite"]
    assert composite["ranking"]["precision_first"] == ["sound", "odd"]
    assert composite["scores"]["odd"]["precision_first"]["mean"] is None
    assert composite["ranking"]["recall_first"] == ["odd", "sound"]


def arrays(scores: list[float], ids: str = "abcdefgh") -> RunArrays:
    defect = np.array([False] * 4 + [True] * 4)
    return RunArrays(
        ids=np.array(list(ids)),
        labels=np.where(defect, "dent", "good"),
        defect=defect,
        flagged=np.array(scores) > 0.5,
        scores=np.array(scores),
        class_index=defect.astype(np.int64),
        class_prob=None,
        region_count=defect.astype(np.float64),
        region_overlap=0.5 * defect,
    )


def test_the_difference_of_two_models_is_drawn_on_the_same_pictures() -> None:
    better = arrays([0.1, 0.2, 0.3, 0.6, 0.5, 0.7, 0.8, 0.9])
    worse = arrays([0.1, 0.2, 0.6, 0.7, 0.1, 0.7, 0.2, 0.9])
    drawn = draw({"better": [better, better], "worse": [worse]}, resamples=400)
    assert drawn is not None and drawn.n == 8
    gap, ahead = drawn.difference("specification", "better", "worse")
    assert ahead > 0.9
    assert gap.low is not None and gap.high is not None and gap.low < gap.high
    own = drawn.interval("specification", "worse")
    assert own.low is not None and own.high is not None
    same, _ = draw({"a": [better], "b": [better]}, 50).difference("specification", "a", "b")  # type: ignore[union-attr]
    assert same.low is None  # no resample tells them apart


def test_models_on_other_pictures_have_no_difference() -> None:
    one, other = arrays([0.1] * 8), arrays([0.1] * 8, ids="abcdefgx")
    assert draw({"one": [one], "other": [other]}, resamples=10) is None


def test_the_result_says_when_nothing_is_settled() -> None:
    comparison = compared({"a": [report(0.9, 0.9, 0.9)], "b": [report(0.89, 0.9, 0.9)]})
    english = " ".join(result_sentences(comparison, Words("en")))
    assert "a has the highest composite score" in english
    assert "nothing says what another seed would give" in english
    assert "no interval for this difference" in english
    gap = {"value": 0.0015, "low": -0.01, "high": 0.02, "n": 40}
    comparison["composite"]["behind_first"]["specification"]["b"] = gap
    assert "do not settle" in " ".join(result_sentences(comparison, Words("en")))
    assert "ne départagent" in " ".join(result_sentences(comparison, Words("fr")))


def test_flops_of_known_layers_count_a_multiply_add_as_two() -> None:
    convolution = nn.Conv2d(3, 8, 3, padding=1)
    flops = 1e9 * count_gflops(convolution, (torch.zeros(1, 3, 16, 16),))
    assert flops == 2 * (3 * 3 * 3) * 8 * 16 * 16
    assert 1e9 * count_gflops(nn.Linear(10, 5), (torch.zeros(1, 10),)) == pytest.approx(100)

    class Attention(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.scaled_dot_product_attention(x, x, x)

    expected = 2 * (2 * 7 * 7 * 16)  # the products with the keys and with the values
    assert 1e9 * count_gflops(Attention(), (torch.zeros(1, 1, 7, 16),)) == pytest.approx(expected)


def test_the_time_left_comes_from_the_runs_that_are_finished() -> None:
    forecast = Forecast(["slow", "quick", "slow", "quick"], {})
    assert forecast.left(0.0, 0.0) is None
    assert forecast.left(30.0, 0.5) == pytest.approx(30 + 3 * 60)  # all others like this one
    forecast.finish(60.0)
    forecast.finish(10.0)
    assert forecast.left(0.0, 0.0) == pytest.approx(60 + 10)
    forecast.finish(None)
    assert forecast.left(4.0, 0.1) == pytest.approx(6.0)
    forecast.finish(10.0)
    assert forecast.left(0.0, 0.0) == 0.0


def test_progress_names_the_run_and_is_extrapolated_to_the_forecast() -> None:
    now, told, notes = [0.0], [], []
    watch = Watch(lambda *line: told.append(line), lambda _, sentence: notes.append(sentence))
    tracker = Tracker(watch, Forecast(["a", "b"], {"a": [100.0], "b": [100.0]}), lambda: now[0])
    tracker.begin("a, seed 0")
    for second in range(1, 51):
        now[0] = float(second)
        tracker.tick("train", second, 100)
    assert told[0] == ("a, seed 0", 0, STEPS)
    runs = [done for stage, done, _ in told if stage == "runs"]
    share = runs[-1] / STEPS
    assert now[0] * (1 - share) / share == pytest.approx(150, rel=0.05)
    named = [done for stage, done, _ in told if stage == "a, seed 0"]
    assert named == sorted(named) and named[-1] > 0
    tracker.end("a, seed 0: done", finished=True)
    assert notes == ["a, seed 0: done"]


def test_the_station_is_told_the_run_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = Reporter(Namespace(progress="jsonl"), STAGES)
    reporter.progress("resnet50, seed 1", 10, STEPS)
    reporter._last_line = 0.0
    reporter._start -= 100.0
    reporter.progress("runs", STEPS // 2, STEPS)
    reporter.note("resnet50, seed 1", "done")  # job lines have no sentences
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["stage"] == "resnet50, seed 1"
    assert (second["stage"], second["seconds_left"]) == ("runs", pytest.approx(100.0, rel=0.01))


def test_a_run_that_ends_leaves_a_line_for_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    Reporter(Namespace(progress="bar")).note("resnet50, seed 1", "resnet50, seed 1: done in 9 s")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "resnet50, seed 1: done in 9 s\n")


def test_cells_that_a_spreadsheet_would_run_are_made_harmless() -> None:
    figure = plain_figure([0.5]).to_json()
    scores = {name: figure for name in SCENARIOS}
    facts: dict[str, Any] = {
        "image": {"auroc": figure},
        "pixel": {"at_threshold": {}, "curves": {}},
        "verdicts": {},
        "cost": {},
        "multiclass": None,
        "types": {"=cmd|' /C calc'!A0": {"recall": figure, "images": 3}},
    }
    comparison = {"models": {"m": facts}, "composite": {"scores": {"m": scores}}}
    text = to_csv(comparison)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["type", "m", "'=cmd|' /C calc'!A0", "recall"] in [row[:4] for row in rows]
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row)


def shown(drawing: str) -> list[str]:
    """The texts of an SVG drawing: matplotlib notes each in a comment beside its outlines."""
    return re.findall(r"<!-- (.*?) -->", drawing)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reliability_is_drawn_before_and_after_with_the_pictures_of_each_bin(language: str) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, 300)
    labels = (rng.random(300) < 1 / (1 + np.exp(-logits / 2.5))).astype(int)
    binary = {
        "temperature": 2.5,
        "before": quality(logits, labels),
        "after": quality(logits / 2.5, labels),
    }
    words = Words(language)
    drawing = reliability_figure(binary, words)
    assert drawing is not None
    texts = shown(drawing)
    for side in ("before", "after"):
        numbers = [str(one["n"]) for one in binary[side]["bins"]]
        assert sum(map(int, numbers)) == 300
        assert not Counter(numbers) - Counter(texts), side
        assert f"ECE {words.number(binary[side]['ece'])}" in texts
    assert words("reliability.before") in texts and words("share_defective") in texts
    assert words("reliability.after", t=words.number(2.5, 2)) in texts
    assert drawing == reliability_figure(binary, words)


def test_a_model_without_chances_or_temperature_has_no_reliability_diagram() -> None:
    some = quality([1.0, -1.0], [1, 0])
    nothing = quality([], [])
    for binary in (
        None,
        {"temperature": None, "before": None, "after": some},
        {"temperature": 1.0, "before": nothing, "after": nothing},
    ):
        assert reliability_figure(binary, Words("en")) is None


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    alike = {key for key, (english, french) in WORDS.items() if english == french}
    for key, both in WORDS.items():
        assert all(text.strip() for text in both), key
        names = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in both]
        assert names[0] == names[1], key
        if key in alike:
            assert len(both[0].split()) <= 3, f"{key} is not translated"


def test_numbers_are_written_as_the_language_writes_them() -> None:
    english, french = Words("en"), Words("fr")
    figure = {"mean": 0.98765, "sd": 0.0123}
    assert english.spread(figure) == "0.988\u00a0±\u00a00.012"
    assert french.spread(figure) == "0,988\u00a0±\u00a00,012"
    assert english.interval(0.5, 1.0, 2) == "[0.50,\u00a01.00]"
    assert french.interval(0.5, 1.0, 2) == "[0,50\u00a0;\u00a01,00]"
    assert english.number(12345.6, 1) == "12,345.6"
    assert french.number(12345.6, 1) == "12\u202f345,6"
    assert french.number(None) == "–"


def test_the_command_line_is_written_as_it_would_be_typed() -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    words = ["--models", "resnet50", "hybrid", "--data", "my parts", "--out", "o", "--restart"]
    arguments = parser.parse_args(words)
    assert arguments.discard_bundles is False
    line = command_line(arguments)
    assert line.startswith("qc-engine compare --models resnet50 hybrid --seeds 3 --first-seed 0")
    assert "--data 'my parts'" in line and line.endswith("--restart")
    assert "--discard-bundles" not in line


def test_all_that_the_program_trains_is_compared_by_default() -> None:
    assert set(trainable()) == {*NETWORKS, *TRAINERS, "cascade"}
    assert set(trainable("one-class")) == {"autoencoder", "patch_memory"}


def test_an_unknown_model_is_refused_before_anything_runs() -> None:
    empty = Dataset(Path("data"), "data", "mvtec", (), ())
    with pytest.raises(EngineError) as refused:
        make_plan(empty, Options(Path("out"), ("resnet51",)))
    assert refused.value.code == "model_unknown"
    assert "resnet50" in str(refused.value)
