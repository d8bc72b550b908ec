"""The worth of labels: who is labelled first, what is known then, and the whole command."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_support import draw_parts

from engine.bundle import Limits
from engine.cli import main
from engine.comparison import label_curve
from engine.comparison.label_curve import _next_labels, draw_curve, macro_f1
from engine.comparison.label_outputs import WORDS, notes, to_page
from engine.comparison.label_plan import (
    CurveOptions,
    CurvePlan,
    Point,
    fewest_labels,
    finished,
    identity,
    parse_labels,
    plan_curve,
)
from engine.comparison.labelling import (
    ORDERS,
    Judgement,
    known_by,
    pool_defects,
    queued,
    shuffled,
)
from engine.comparison.plan import Options, make_plan, write_json
from engine.comparison.progress import Watch
from engine.comparison.words import Words
from engine.data.layout import load_dataset
from engine.data.split import split_dataset
from engine.errors import EngineError
from engine.training.config import default_config

CONFIG = """
[data]
input_size = 64
[options]
tuned_from = 7
[options.training]
steps = 3
batch = 6
warm_up = 1
validations = 1
average = 0.5
synthetic_pictures = 4
"""
LIMITS = Limits(1.0, 3.0, "good", 0.1, 0.01, True, True, 2.0)


def judged(content: str, verdict: str, score: float, reason: str = "between_limits") -> Judgement:
    return Judgement(content, verdict, reason, score, True)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("labels"), goods=30, defects=10, size=64)


def test_the_queue_offers_uncertain_parts_first_and_ok_parts_last() -> None:
    order = queued(
        [
            judged("ok", "OK", 0.2),
            judged("nearly ng", "OK", 0.9),
            judged("clear", "NG", 9.0),
            judged("just ng", "NG", 3.1),
            judged("edge", "REVIEW", 1.1),
            judged("middle", "REVIEW", 2.0),
            judged("strange", "REVIEW", 0.1, "novel"),
        ],
        LIMITS,
    )
    names = [one.content for one in order]
    assert names == ["middle", "strange", "edge", "just ng", "clear", "nearly ng", "ok"]


def test_good_parts_in_the_queue_are_looked_at_but_are_no_labels() -> None:
    record = {
        "queue": [
            ("a", False, False), ("b", True, False), ("c", True, False), ("d", False, True),
            ("e", True, True), ("f", True, True),
        ]
    }  # fmt: skip
    assert _next_labels(record, ["b"], 3) == (["b", "c", "e"], 4, 1)


def test_after_so_many_labels_only_these_defects_are_known(parts: Path) -> None:
    split = split_dataset(load_dataset(parts), seed=0)
    order = shuffled(pool_defects(split), seed=1)
    assert order != shuffled(pool_defects(split), seed=2)
    known = known_by(split, order[:7])
    defects = [s for s in known.samples if s.is_defect and s.subset != "held_out"]
    assert {s.sha256 for s in defects} == set(order[:7])
    labels = {s.sha256: s.label for s in defects}
    for name in ("dot", "line"):  # the third of the first five of each class validates
        own = [content for content in order[:7] if labels[content] == name]
        checked = [s.sha256 for s in defects if s.label == name and s.subset == "calibration"]
        assert checked == own[2:3]
    few = known_by(split, order[:3])
    assert sum(s.subset == "calibration" and s.is_defect for s in few.samples) == 1
    assert len(known.of_subset("held_out")) == len(split.of_subset("held_out"))
    goods = [s for s in split.samples if s.is_good]
    assert [s for s in known.samples if s.is_good] == goods


def test_numbers_beyond_the_pool_become_all_of_it(parts: Path) -> None:
    config = default_config("hybrid")
    options = CurveOptions(parts / "out", config, (0, 5, 999), False, ("random", "queue"), 2)
    plan = plan_curve(load_dataset(parts), options)
    assert plan.pool == 16
    assert [p.labels for p in plan.chains[0]] == [0, 16]  # the ends are the same in every order
    assert [p.labels for p in plan.chains[1]] == [p.labels for p in plan.chains[2]] == [5]
    assert [p.order for chain in plan.chains[:3] for p in chain] == ["any", "any", *ORDERS]
    assert len(plan.chains) == 6


def planned(parts: Path, model: str, labels: str, *orders: str) -> CurvePlan:
    counts, everything = parse_labels(labels)
    config = default_config(model).replaced(data__input_size=64)
    options = CurveOptions(parts.parent / "out", config, counts, everything, orders, seeds=1)
    return plan_curve(load_dataset(parts), options)


def counts_of(plan: CurvePlan) -> list[list[int]]:
    return [[point.labels for point in chain] for chain in plan.chains]


def test_an_unknown_model_is_named_as_compare_names_it(parts: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as compared:
        make_plan(load_dataset(parts), Options(tmp_path, ("nosuch",)))
    draw_parts(tmp_path / "goods", goods=12, defects=1)
    for folder in (parts, tmp_path / "goods"):
        with pytest.raises(EngineError) as caught:
            planned(folder, "nosuch", "0,all", "random")
        assert caught.value.code == "model_unknown"
        assert str(caught.value).startswith(str(compared.value).rstrip("."))


def test_the_queue_begins_with_the_model_without_labels(parts: Path) -> None:
    plan = planned(parts, "hybrid", "5,10", "queue")
    assert counts_of(plan) == [[0], [5, 10]] and plan.added and plan.start == 0
    both = planned(parts, "hybrid", "5,10", "random", "queue")
    assert counts_of(both) == [[0], [5, 10], [5, 10]] and both.shared == (0,)
    alone = planned(parts, "hybrid", "5,10", "queue")
    assert both.chains[0][0] == alone.chains[0][0]  # one process may do it for another
    assert not planned(parts, "hybrid", "0,5,10", "queue").added
    assert counts_of(planned(parts, "hybrid", "5,10", "random")) == [[5], [10]]
    assert counts_of(planned(parts, "hybrid", "all", "queue")) == [[16], []]  # no order to choose


def test_numbers_that_are_too_few_for_a_model_are_left_out(parts: Path) -> None:
    plan = planned(parts, "resnet50", "0,5,all", "random", "queue")
    assert counts_of(plan) == [[5, 16], [], []] and plan.left_out == (0,)
    assert plan.start == 5 and plan.shared == (5, 16)
    assert planned(parts, "cascade", "0,1,5", "random").left_out == (0, 1)
    assert {fewest_labels(m) for m in ("hybrid", "patch_memory", "autoencoder")} == {0}
    assert planned(parts, "hybrid", "0,1", "random").left_out == ()
    with pytest.raises(EngineError, match="fewer than 1 labelled") as caught:
        planned(parts, "resnet50", "0", "random")
    assert caught.value.code == "option_out_of_range"


def drawn(plan: CurvePlan, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The curve with a stand-in for training whose queue holds all parts by their hash."""
    figure = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9}

    def measure(plan: CurvePlan, point: Point, labelled: list[str], extra: Any, *_: Any) -> Any:
        record = {
            "identity": identity(plan, point, labelled),
            "order": point.order,
            "labels": point.labels,
            "seed": point.seed,
            "model": plan.config.model,
            "seconds": 1.0,
            "figures": dict.fromkeys(label_curve.FIGURES, figure),
            "labelled": labelled,
            "queue": [(s.sha256, True, False) for s in queue if s.sha256 not in labelled],
            "device": "a device",
            "commit": "abc1234",
            "finished_at": "2026-11-24T00:00:00+00:00",
            **extra,
        }
        write_json(point.record, record)
        seen.append(record)
        return record

    seen: list[dict[str, Any]] = []
    queue = sorted(pool_defects(plan.dataset), key=lambda sample: sample.sha256)
    monkeypatch.setattr(label_curve, "_measure", measure)
    curve = draw_curve(plan, "cpu", Watch())
    return curve | {"seen": seen, "queue": [sample.sha256 for sample in queue]}


def test_the_queue_s_first_labels_are_the_queue_s(
    parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve = drawn(planned(parts, "hybrid", "4,8", "queue"), monkeypatch)
    assert [r["labels"] for r in curve["seen"]] == [0, 4, 8]
    assert curve["seen"][1]["labelled"] == curve["queue"][:4]
    assert curve["seen"][2]["labelled"] == curve["queue"][:8]
    assert notes(curve, Words("en")) == [
        "The point without labels was added: the review queue begins with its model."
    ]


def test_a_classifier_s_queue_goes_on_from_the_first_random_labels(
    parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(parts, "cnn_custom", "0,4,8", "random", "queue")
    curve = drawn(plan, monkeypatch)
    begun, drawn_next, queued_next = curve["seen"]
    assert (begun["order"], drawn_next["order"]) == ("any", "random")
    pool = pool_defects(plan.dataset)
    assert begun["labelled"] == shuffled(pool, 0)[:4]
    assert queued_next["order"] == "queue" and queued_next["labelled"][:4] == begun["labelled"]
    others = [content for content in curve["queue"] if content not in begun["labelled"]]
    assert queued_next["labelled"][4:] == others[:4]
    assert [p["labels"] for p in curve["curves"]["queue"]] == [4, 8]
    said = " ".join(notes(curve, Words("en")))
    assert "cnn_custom cannot be trained with so few labelled defects: no point for 0." in said
    assert "begins with a model of labels drawn at random (4)" in said
    assert "au sort" in " ".join(notes(curve, Words("fr")))


def test_a_point_measured_without_its_queue_is_measured_again(
    parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(parts, "hybrid", "0,5", "random", "queue")
    point = plan.chains[0][0]
    record = {"identity": identity(plan, point, []), "queue": []}
    write_json(point.record, record)
    assert finished(plan, point, []) is None
    alone = planned(parts, "hybrid", "0,5", "random")
    assert finished(alone, alone.chains[0][0], []) == record


def test_what_is_no_number_is_refused() -> None:
    assert parse_labels("0, 25,all") == ((0, 25), True)
    for text in ("", "ten", "5,-1"):
        with pytest.raises(EngineError, match="--labels"):
            parse_labels(text)


def test_macro_f1_counts_classes_that_were_never_labelled(tmp_path: Path) -> None:
    file = tmp_path / "arrays.npz"
    np.savez(
        file,
        class_outputs=np.array(["good", "dot"]),
        labels=np.array(["good", "dot", "line", "line"]),
        class_prob=np.array([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7], [0.6, 0.4]]),
        scores=np.array([0.1, 0.6, 0.7, 0.4]),
        threshold=np.array(0.5),
    )
    # good: 1 of 1 found among 2 named so (F1 2/3), dot the same, line never (0)
    assert macro_f1(file) == pytest.approx((2 / 3 + 2 / 3 + 0.0) / 3)
    np.savez(
        file,
        class_outputs=np.zeros(0, str),
        labels=np.array(["good"]),
        class_prob=np.zeros((1, 0)),
        scores=np.zeros(1),
        threshold=np.array(0.5),
    )
    assert macro_f1(file) is None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outside += [v for n, v in attrs if n in ("src", "href") and v and "://" in v]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_command_draws_both_orders_and_goes_on_where_it_stopped(
    parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "small.toml"
    config.write_text(CONFIG)
    out = tmp_path / "curve"
    line = [
        *("label-curve", "--data", str(parts), "--out", str(out), "--labels", "0,6,all"),
        *("--seeds", "1", "--config", str(config), "--device", "cpu", "--language", "both"),
        *("--json", "--progress", "none"),
    ]
    assert main(line) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    for order in ("random", "queue"):
        points = result["curves"][order]
        assert [p["labels"] for p in points] == [0, 6, 16]
        assert [p["model"] for p in points] == ["patch_memory", "hybrid", "hybrid"]
        assert all(0.0 <= p["figures"]["auroc"]["mean"] <= 1.0 for p in points)
        assert points[0]["figures"]["f1_macro"]["mean"] is None
        assert points[2]["figures"]["f1_macro"]["mean"] > 0.0
    assert result["curves"]["queue"][1]["reviewed"] >= 6
    assert not list(out.rglob("bundle"))

    with (out / "label-curve.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["labels"] for row in rows} == {"0", "6", "16"}
    pages = {
        language: (out / f"label-curve-{language}.html").read_text() for language in ("en", "fr")
    }
    for page in pages.values():
        parser = _Text()
        parser.feed(page)
        assert not parser.outside and "<svg" in page
    assert "review queue" in pages["en"] and "review queue" not in pages["fr"]
    assert "file de revue" in pages["fr"]

    stamps = {file: file.stat().st_mtime_ns for file in out.rglob("point.json")}
    assert len(stamps) == 4
    next(iter(stamps)).unlink()
    assert main(line) == 0
    again = json.loads(capsys.readouterr().out)
    kept = [f for f, stamp in stamps.items() if f.stat().st_mtime_ns == stamp]
    assert len(kept) == 3  # only the missing point was trained again
    for order, points in result["curves"].items():
        for before, after in zip(points, again["curves"][order], strict=True):
            assert before["figures"]["auroc"] == after["figures"]["auroc"]


def test_every_sentence_is_there_in_both_languages() -> None:
    for english, french in WORDS.values():
        assert english and french
    assert to_page.__doc__ and Words("fr").number(0.5) == "0,500"


def test_without_defects_there_is_no_curve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_parts(tmp_path / "data", goods=12, defects=0)
    code = main(
        ["label-curve", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "o"), "--json"]
    )
    assert code == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] in ("no_defect_pictures", "layout_unknown")
