"""The whole command on small pictures: runs, resuming, failures, and every file that it leaves."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from training_support import draw_parts

from engine.cli import main
from engine.comparison import cost
from engine.comparison.plan import Options, is_finished, make_plan
from engine.comparison.progress import Watch
from engine.comparison.resampling import RunArrays, terms
from engine.comparison.runs import run_all
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.evaluation.composite import NO_CLASS_HEAD

CONFIG = """
epochs = 1
batch_size = 8
[data]
workers = 0
input_size = 64
[models.cnn_custom.data]
input_size = 32
[models.autoencoder.options]
unheard_of = 1
"""
MODELS = ("cnn_custom", "patch_memory", "autoencoder")  # the last one fails by its options
VOID = ("meta", "img", "br")


@dataclass(frozen=True)
class Compared:
    """The folder of a comparison, its data, and what was printed."""

    out: Path
    data: Path
    config: Path
    code: int
    printed: dict[str, Any]

    @property
    def line(self) -> list[str]:
        """The command that was given."""
        return [
            *("compare", "--models", *MODELS, "--seeds", "2", "--data", str(self.data)),
            *("--out", str(self.out), "--config", str(self.config), "--language", "both"),
            *("--device", "cpu", "--json", "--progress", "none"),
        ]

    def options(self, **changes: Any) -> Options:
        """The same as options."""
        same = Options(self.out, MODELS, seeds=2, config=self.config)
        return dataclasses.replace(same, **changes)


@pytest.fixture(scope="module", autouse=True)
def brief_measurements() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost, "REPEATS", 3)
        patch.setattr(cost, "WARM_UP", 1)
        yield


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, brief_measurements: None) -> Compared:
    folder = tmp_path_factory.mktemp("compare")
    data = draw_parts(folder / "parts", goods=20, defects=5, size=64)
    config = folder / "config.toml"
    config.write_text(CONFIG)
    out = folder / "out"
    unknown = Compared(out, data, config, -1, {})
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("engine.commands.reporting._line", printed.append)
        code = main(unknown.line)
    return Compared(out, data, config, code, json.loads(printed[-1]))


def test_models_and_seeds_are_trained_and_measured_on_the_same_pictures(compared: Compared) -> None:
    assert compared.code == 0
    models = compared.printed["models"]
    assert set(models) == {"cnn_custom", "patch_memory"}
    tested = set()
    for model in models:
        for seed in (0, 1):
            folder = compared.out / "runs" / f"{model}-seed{seed}"
            report = json.loads((folder / "report.json").read_text())
            assert report["protocol"] == "supervised"
            with np.load(folder / "arrays.npz") as arrays:
                tested.add(tuple(arrays["ids"].tolist()))
            record = json.loads((folder / "run.json").read_text())
            assert record["split_hash"] == compared.printed["header"]["split_hash"]
            assert (folder / "bundle" / "manifest.json").is_file()
    assert len(tested) == 1
    subsets = compared.printed["header"]["subsets"]
    assert sum(subsets["held_out"].values()) == len(tested.pop())


def test_every_level_is_averaged_over_the_seeds(compared: Compared) -> None:
    network = compared.printed["models"]["cnn_custom"]
    for figure in (
        network["image"]["auroc"],
        network["multiclass"]["f1_macro"],
        network["pixel"]["at_threshold"]["pro"],
        network["types"]["dot"]["recall"],
        network["cost"]["latency_ms"],
    ):
        assert figure["seeds"] == 2
        assert figure["mean"] == pytest.approx(np.mean(figure["values"]))
        assert figure["sd"] == pytest.approx(np.std(figure["values"], ddof=1))
    assert network["cost"]["parameters"] > 1e6
    assert network["cost"]["seconds_per_epoch"]["mean"] > 0
    memory = compared.printed["models"]["patch_memory"]["cost"]
    assert memory["seconds_per_epoch"]["mean"] is None
    assert memory["memory_values"] > 0 and memory["gflops"] > 0
    assert memory["openvino_ms"]["mean"] > 0


def test_a_model_without_class_head_scores_0_on_the_last_term_and_the_table_says_so(
    compared: Compared,
) -> None:
    composite = compared.printed["composite"]
    assert composite["without_class_head"] == ["patch_memory"]
    terms_ = composite["terms"]["patch_memory"]
    weights = composite["weights"]["specification"]
    others = sum(weights[name] * terms_[name] for name in weights if name != "auroc_multi")
    assert composite["scores"]["patch_memory"]["specification"]["mean"] == pytest.approx(others)
    report = json.loads((compared.out / "runs/patch_memory-seed0/report.json").read_text())
    assert report["composite"]["notes"] == [NO_CLASS_HEAD]
    assert "0, no class head" in (compared.out / "tables.md").read_text()


def test_the_resampled_terms_are_those_of_the_report(compared: Compared) -> None:
    for model in ("cnn_custom", "patch_memory"):
        folder = compared.out / "runs" / f"{model}-seed1"
        report = json.loads((folder / "report.json").read_text())["composite"]["terms"]
        arrays = RunArrays.read(folder / "arrays.npz")
        once = terms(arrays, np.ones((1, len(arrays.ids))))
        for name, value in report.items():
            if value is not None:
                assert once[name][0] == pytest.approx(value, abs=1e-9), name


def test_a_model_that_fails_is_reported_and_the_others_go_on(compared: Compared) -> None:
    failed = [run for run in compared.printed["runs"] if run["status"] == "failed"]
    assert [(run["model"], run["seed"]) for run in failed] == [
        ("autoencoder", 0),
        ("autoencoder", 1),
    ]
    assert failed[0]["code"] == "config_key_unknown"
    page = (compared.out / "report-en.html").read_text()
    assert "2 of 6 runs have no result" in page
    assert "autoencoder takes no [options]" in page


def test_a_gpu_that_is_too_small_fails_its_run_with_the_sentence_of_train(
    compared: Compared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise torch.cuda.OutOfMemoryError("CUDA out of memory")

    options = compared.options(out=tmp_path, models=("cnn_custom",), seeds=1)
    plan = make_plan(load_dataset(compared.data), options)
    monkeypatch.setattr("engine.comparison.runs.train", full)
    (outcome,) = run_all(plan, "cpu", Watch())
    assert (outcome.status, outcome.code) == ("failed", "gpu_memory")
    assert "--input-size" in outcome.sentence and "CUDA" not in outcome.sentence


def test_where_every_run_fails_the_command_does(compared: Compared, tmp_path: Path, capsys) -> None:
    line = ["compare", "--models", "autoencoder", "--seeds", "1", "--data", str(compared.data)]
    line += ["--out", str(tmp_path), "--config", str(compared.config), "--device", "cpu"]
    assert main(line) == 2
    assert "autoencoder takes no [options]" in capsys.readouterr().err


def test_finished_runs_are_skipped_and_a_changed_one_runs_again(
    compared: Compared, tmp_path: Path
) -> None:
    copied = tmp_path / "out" / "runs" / "patch_memory-seed0"
    shutil.copytree(compared.out / "runs" / "patch_memory-seed0", copied)
    dataset, said = load_dataset(compared.data), []
    watch = Watch(note=lambda _, sentence: said.append(sentence))
    one = compared.options(out=tmp_path / "out", models=("patch_memory",), seeds=1)
    before = json.loads((copied / "run.json").read_text())
    outcomes = run_all(make_plan(dataset, one), "cpu", watch)
    assert [outcome.status for outcome in outcomes] == ["skipped"]
    assert said == ["patch_memory, seed 0: finished before, skipped"]
    assert json.loads((copied / "run.json").read_text()) == before

    changed = compared.config.read_text() + "[models.patch_memory.options]\ncoreset_share = 0.01\n"
    (tmp_path / "changed.toml").write_text(changed)
    other = dataclasses.replace(one, config=tmp_path / "changed.toml")
    outcomes = run_all(make_plan(dataset, other), "cpu", watch, discard=True)
    assert [outcome.status for outcome in outcomes] == ["done"]
    after = json.loads((copied / "run.json").read_text())
    assert after["identity"] != before["identity"]
    assert after["bundle"] != before["bundle"]
    assert not (copied / "bundle").exists()


def test_what_one_model_changes_leaves_the_other_models_finished(compared: Compared) -> None:
    dataset = load_dataset(compared.data)
    same = make_plan(dataset, compared.options())
    assert {run.model for run in same.runs if is_finished(run)} == {"cnn_custom", "patch_memory"}
    config = compared.out / "other.toml"
    config.write_text(CONFIG.replace("[models.cnn_custom.data]", "[models.cnn_custom.data]\n#\n"))
    assert make_plan(dataset, compared.options(config=config)).runs == same.runs
    config.write_text(CONFIG + "[models.cnn_custom.mixup]\nalpha = 0.0\n")
    plan = make_plan(dataset, compared.options(config=config))
    assert {run.model for run in plan.runs if is_finished(run)} == {"patch_memory"}


def test_a_mask_painted_anew_makes_all_runs_run_again(compared: Compared, tmp_path: Path) -> None:
    data = shutil.copytree(compared.data, tmp_path / "parts")
    same = make_plan(load_dataset(data), compared.options())
    assert any(is_finished(run) for run in same.runs)  # the pictures may lie elsewhere
    masks = sorted((data / "ground_truth" / "dot").iterdir())
    masks[0].write_bytes(masks[1].read_bytes())
    changed = make_plan(load_dataset(data), compared.options())
    assert not any(is_finished(run) for run in changed.runs)


def test_cancelling_ends_at_the_next_step_and_keeps_what_is_finished(compared: Compared) -> None:
    plan = make_plan(load_dataset(compared.data), compared.options())
    with pytest.raises(EngineError) as stopped:
        run_all(plan, "cpu", Watch(cancelled=lambda: True), restart=False)
    assert stopped.value.code == "cancelled"
    assert "repeat the command to go on" in str(stopped.value)
    assert sum(is_finished(run) for run in plan.runs) == 4


def test_a_second_call_writes_the_report_from_what_is_there(compared: Compared, capsys) -> None:
    (compared.out / "report-fr.html").unlink()
    assert main([*compared.line, "--report-only"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["composite"]["scores"] == compared.printed["composite"]["scores"]
    assert {run["status"] for run in again["runs"]} == {"skipped", "missing"}
    assert (compared.out / "report-fr.html").is_file()


def test_costs_that_were_measured_side_by_side_are_measured_again_alone(
    compared: Compared, capsys
) -> None:
    folders = [compared.out / "runs" / f"cnn_custom-seed{seed}" for seed in (0, 1)]
    before = [json.loads((folder / "run.json").read_text()) for folder in folders]
    slow = before[0]["cost"] | {"latency": {"median_ms": 1e6, "p95_ms": 1e6, "repeats": 1}}
    (folders[0] / "run.json").write_text(json.dumps(before[0] | {"cost": slow}))
    page = compared.out / "report-en.html"
    stamp = page.stat().st_mtime_ns
    line = [word for word in compared.line if word not in MODELS[1:]]
    assert main([*line, "--cost-again", "--no-report"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["files"] == [] and page.stat().st_mtime_ns == stamp
    after = [json.loads((folder / "run.json").read_text()) for folder in folders]
    assert all(0.0 < one["cost"]["latency"]["median_ms"] < 1e5 for one in after)
    for old, new in zip(before, after, strict=True):
        assert old | {"cost": None} == new | {"cost": None}
        assert old["cost"]["gflops"] == new["cost"]["gflops"]


class Page(HTMLParser):
    """Checks that tags close in order, and keeps texts and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_is_one_whole_file_in_its_language(compared: Compared, language: str) -> None:
    content = (compared.out / f"report-{language}.html").read_text(encoding="utf-8")
    assert len(content) < 8e6
    assert not re.search(r"https?://|<script|<link|url\(", content)
    page = Page()
    page.feed(content)
    assert page.open == []
    assert ("html", "lang", language) in page.attributes
    pictures = [value for tag, name, value in page.attributes if (tag, name) == ("img", "src")]
    assert len(pictures) > 10 and all(value.startswith("data:image/") for value in pictures)
    texts = [value for tag, name, value in page.attributes if (tag, name) == ("img", "alt")]
    assert len(texts) == len(pictures) and all(texts)
    sections = {value for tag, name, value in page.attributes if (tag, name) == ("section", "id")}
    assert sections >= {"composite", "scenarios", "binary", "multiclass", "pixel", "types"}
    assert sections >= {"verdicts", "calibration", "cost", "roc", "confusion", "examples"}
    assert sections >= {"learning", "tsne", "failed", "method", "reliability"}
    (honest,) = (text for text in texts if re.match("Reliability|Diagramme de fiab", text))
    assert "cnn_custom" in honest  # the distances of a memory are no chances
    shown = " ".join(page.text)
    assert all(model in shown for model in MODELS)
    mean = compared.printed["models"]["patch_memory"]["image"]["auroc"]["mean"]
    number = f"{mean:.3f}"
    assert (number if language == "en" else number.replace(".", ",")) in shown
    assert "@page" in content and "break-inside: avoid" in content


def test_the_csv_holds_every_figure_with_its_count(compared: Compared) -> None:
    with (compared.out / "comparison.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = {("image", "auroc"), ("pixel", "pro"), ("pixel_curves", "aupro"), ("cost", "gflops")}
    for model in ("cnn_custom", "patch_memory"):
        own = [row for row in rows if row["model"] == model]
        assert wanted <= {(row["section"], row["figure"]) for row in own}
        area = next(row for row in own if (row["section"], row["figure"]) == ("image", "auroc"))
        figure = compared.printed["models"][model]["image"]["auroc"]
        assert float(area["mean"]) == figure["mean"] and int(area["n"]) == figure["n"]
    assert {row["item"] for row in rows if row["section"] == "type"} == {"dot", "line"}
