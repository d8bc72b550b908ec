"""The comparison's tables, in one language, for any output. Must not know HTML or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.comparison.summary import RATES, VERDICTS
from engine.comparison.words import NOTHING, Words
from engine.evaluation.composite import SCENARIOS, SPECIFICATION

BINARY = ("auroc", "f1", "precision", "recall", "specificity", "accuracy", "ap", "f1_max")
MULTI = ("auroc_ovr_macro", "f1_macro", "f1_weighted", "accuracy")
PIXEL_AT = ("pro", "iou", "dice")
TYPES = ("recall", "precision", "f1", "pro", "aupro", "named")
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Cell:
    """Text, a smaller ``detail`` below it, and whether it is the best of its column."""

    text: str
    detail: str = ""
    best: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first ``labels`` columns are text, the others numbers."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    labels: int = 1


def all_tables(comparison: Mapping[str, Any], words: Words) -> list[Table]:
    """Every table that has a row."""
    builders = (
        composite_table,
        scenario_table,
        weights_table,
        binary_table,
        multiclass_table,
        pixel_table,
        type_table,
        class_table,
        verdict_table,
        calibration_table,
        cost_table,
        runs_table,
    )
    return [table for table in (build(comparison, words) for build in builders) if table.rows]


def figure_cell(figure: Mapping[str, Any] | None, words: Words, *, percent: bool = False) -> Cell:
    """Mean ± sd, and below it the interval with its n."""
    if figure is None or figure["mean"] is None:
        return Cell(NOTHING)
    scale, digits = (100.0, 1) if percent else (1.0, 3)
    unit = words.percent_sign if percent else ""
    scaled = {key: _times(figure[key], scale) for key in ("mean", "sd", "low", "high")}
    detail = words("n", n=figure["n"]) if figure["n"] else ""
    if scaled["low"] is not None and scaled["high"] is not None:
        detail = f"{words.interval(scaled['low'], scaled['high'], digits)} {detail}".strip()
    elif figure["n"]:
        detail = f"{words('no_interval')}, {detail}"
    return Cell(words.spread(scaled, digits) + unit, detail)


def composite_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Scores, how far behind the first, and the terms that they are made of."""
    composite, models = comparison["composite"], comparison["models"]
    behind = composite["behind_first"][SPECIFICATION]
    order = composite["ranking"][SPECIFICATION]
    rows = []
    for place, model in enumerate(order):
        score = composite["scores"][model][SPECIFICATION]
        facts = models[model]
        multi = facts["multiclass"]
        late = Cell(words("first")) if place == 0 and score["mean"] is not None else None
        rows.append(
            (
                Cell(model),
                replace(figure_cell(score, words), best=place == 0 and score["mean"] is not None),
                late or _difference(behind.get(model), words),
                *(figure_cell(facts["image"][name], words) for name in ("auroc", "f1", "recall")),
                figure_cell(facts["pixel"]["at_threshold"]["pro"], words),
                Cell(words("no_head"))
                if multi is None
                else figure_cell(multi["auroc_ovr_macro"], words),
            )
        )
    notes = [words("note.figures")]
    paired = "note.composite" if composite["paired"] else "note.unpaired"
    notes.append(words(paired, resamples=comparison["header"]["resamples"]))
    if composite["without_class_head"]:
        notes.append(words("note.no_head", models=", ".join(composite["without_class_head"])))
    columns = ("model", "score", "behind", "auroc", "f1", "recall", "pro", "auroc_multi")
    return _table("composite", words, columns, rows, notes)


def short_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """What fits a terminal: scores, the main figure of each level, and two costs."""
    composite, models = comparison["composite"], comparison["models"]
    rows = []
    for model in composite["ranking"][SPECIFICATION]:
        facts = models[model]
        figures = (
            composite["scores"][model][SPECIFICATION],
            facts["image"]["auroc"],
            facts["pixel"]["at_threshold"]["pro"],
        )
        cost = facts["cost"]
        costs = (words.number(cost["gflops"], 2), words.number(cost["latency_ms"]["mean"], 1))
        texts = [model, *map(words.spread, figures), *costs]
        rows.append(tuple(Cell(text) for text in texts))
    columns = ("model", "score", "auroc", "pro", "gflops", "ms")
    return _table("composite", words, columns, rows)


def scenario_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """For each scenario the models from the best to the worst."""
    composite = comparison["composite"]
    rows = []
    for place in range(len(comparison["models"])):
        cells = [Cell(str(place + 1))]
        for scenario in SCENARIOS:
            model = composite["ranking"][scenario][place]
            score = composite["scores"][model][scenario]
            cells.append(Cell(model, words.spread(score), place == 0 and score["mean"] is not None))
        rows.append(tuple(cells))
    return _table("scenarios", words, ("rank", *SCENARIOS), rows, labels=1 + len(SCENARIOS))


def weights_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """What each term weighs in each scenario."""
    weights = comparison["composite"]["weights"]
    terms = ("auroc", "f1", "recall", "precision", "pro", "auroc_multi")
    rows = [
        (
            Cell(words(name)),
            *(Cell(words.number(weights[name].get(term, 0.0))) for term in terms),
        )
        for name in SCENARIOS
    ]
    return _table("weights", words, ("model", *terms), rows, first="")


def binary_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Level 1: good or defective."""
    return _figures(
        "binary", comparison, words, BINARY, lambda facts: facts["image"], [words("note.frozen")]
    )


def multiclass_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Level 2: which class, of the models that name one."""
    return _figures(
        "multiclass", comparison, words, MULTI, lambda facts: facts["multiclass"],
        [words("note.answers")],
    )  # fmt: skip


def pixel_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Level 3: where it is."""
    first = next(iter(comparison["models"].values()))["pixel"]
    rows = []
    for model, facts in comparison["models"].items():
        at, curves = facts["pixel"]["at_threshold"], facts["pixel"]["curves"]
        cells = [figure_cell(at[name], words) for name in PIXEL_AT]
        cells.insert(1, figure_cell(curves["aupro"], words))
        cells += [figure_cell(at[name], words) for name in ("precision", "recall")]
        cells += [figure_cell(curves[name], words) for name in ("ap", "f1_max", "auroc")]
        rows.append((Cell(model), *cells))
    columns = (
        *("model", "pro", "aupro", "iou", "dice", "pixel_precision", "pixel_recall"),
        *("pixel_ap", "pixel_f1_max", "pixel_auroc"),
    )
    note = words("note.pixel", pictures=first["pictures"], regions=first["regions"])
    return _table("pixel", words, columns, _with_best(rows), [note])


def type_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Each defect type for each model."""
    names = list(
        dict.fromkeys(t for facts in comparison["models"].values() for t in facts["types"])
    )
    rows = []
    for name in names:
        for model, facts in comparison["models"].items():
            if name in facts["types"]:
                own = facts["types"][name]
                cells = (figure_cell(own[key], words) for key in TYPES)
                rows.append((Cell(name), Cell(model), Cell(str(own["images"])), *cells))
    columns = ("type", "model", "images", *TYPES)
    return _table("types", words, columns, rows, [words("note.types")], labels=2)


def class_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Precision, recall and F1 of each output of the class head."""
    rows = []
    heads = {m: f["multiclass"] for m, f in comparison["models"].items() if f["multiclass"]}
    for label in dict.fromkeys(label for head in heads.values() for label in head["labels"]):
        for model, head in heads.items():
            if label in head["per_class"]:
                own = head["per_class"][label]
                cells = (figure_cell(own[key], words) for key in ("precision", "recall", "f1"))
                rows.append((Cell(label), Cell(model), Cell(str(own["support"])), *cells))
    columns = ("class", "model", "support", "precision", "recall", "f1")
    return _table("classes", words, columns, rows, labels=2)


def verdict_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Escape, overkill and review, and what the limits rest on."""
    rows, contradicted = [], []
    for model, facts in comparison["models"].items():
        rates, calibration = facts["verdicts"], facts["calibration"]
        said = " / ".join(str(rates["counts"][name]) for name in VERDICTS)
        goods, defects = calibration["goods"], calibration["defects"]
        rows.append(
            (
                Cell(model),
                *(figure_cell(rates[name], words, percent=True) for name in RATES),
                Cell(said),
                Cell(words("calibrated_value", goods=goods, defects=defects)),
            )
        )
        contradicted += [
            words(
                "note.contradicted_item",
                model=model,
                side=words(f"{side}_side"),
                count=count,
                seeds=len(facts["seeds"]),
            )
            for side, count in calibration["contradicted"].items()
            if count
        ]
    notes = [words("note.verdicts")]
    if contradicted:
        notes.append(words("note.contradicted", list=words("and").join(contradicted)))
    return _table("verdicts", words, ("model", *RATES, "said", "calibrated_on"), rows, notes)


def calibration_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Confidence before and after temperature scaling."""
    rows = []
    for model, facts in comparison["models"].items():
        for kind in ("binary", "classes"):
            found = facts["calibration"][kind]
            if found is None:
                continue
            cells = [_before_and_after(found, name, words) for name in ("nll", "brier", "ece")]
            temperature = Cell(words.spread(found["temperature"], 2))
            rows.append((Cell(model), Cell(words(kind)), temperature, *cells))
    columns = ("model", "answer", "temperature", "nll", "brier", "ece")
    return _table("calibration", words, columns, rows, [words("note.calibration")], labels=2)


def cost_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Parameters, arithmetic, memory and time."""
    rows, resumed = [], 0
    for model, facts in comparison["models"].items():
        cost = facts["cost"]
        resumed += cost["resumed"]
        stored = words.number(cost["memory_values"] / MILLION, 2)
        bank = words("bank", count=stored) if cost["memory_values"] else ""
        batch = words("batch", batch=cost["throughput_batch"])
        rows.append(
            (
                Cell(model),
                Cell(str(cost["input_size"])),
                Cell(words.number(cost["parameters"] / MILLION, 2), bank),
                Cell(words.number(cost["gflops"], 2)),
                Cell(words.spread(cost["peak_memory_mb"], 0)),
                Cell(words.spread(cost["seconds_per_epoch"], 2)),
                Cell(words.spread(cost["training_s"], 1)),
                Cell(words.spread(cost["latency_ms"], 2)),
                Cell(words.spread(cost["fps"], 0)),
                Cell(words.spread(cost["throughput"], 0), batch),
                Cell(words.spread(cost["openvino_ms"], 2)),
            )
        )
    devices = sorted({facts["cost"]["device"] for facts in comparison["models"].values()})
    notes = [words("note.cost", device=", ".join(devices))]
    if resumed:
        notes.append(words("note.resumed", count=resumed))
    columns = (
        *("model", "input_size", "parameters", "gflops", "peak_memory", "s_per_epoch"),
        *("training_s", "latency", "fps", "throughput", "openvino"),
    )
    return _table("cost", words, columns, rows, notes)


def runs_table(comparison: Mapping[str, Any], words: Words) -> Table:
    """Every run that has a result."""
    rows = []
    for run in comparison["runs"]:
        if run["status"] not in ("done", "skipped"):
            continue
        epochs = run["epochs"]
        ended = run["stopped"] or ("epochs_done" if epochs else None)
        rows.append(
            (
                Cell(run["model"]),
                Cell(str(run["seed"])),
                Cell(NOTHING if epochs is None else str(epochs)),
                Cell(NOTHING if run["best_epoch"] is None else str(run["best_epoch"])),
                Cell(NOTHING if ended is None else words(ended)),
                Cell(words.number(run["seconds"], 1)),
                Cell(words.number(run["score"])),
                Cell(run["device"]),
            )
        )
    columns = ("model", "seed", "epochs", "best_epoch", "stopped", "seconds", "score", "device")
    return _table("runs", words, columns, rows)


def _figures(
    key: str,
    comparison: Mapping[str, Any],
    words: Words,
    names: tuple[str, ...],
    place: Any,
    notes: Iterable[str] = (),
) -> Table:
    """Models by figures, the best of each column marked; models without them are left out."""
    rows = []
    for model, facts in comparison["models"].items():
        if place(facts) is not None:
            rows.append((Cell(model), *(figure_cell(place(facts)[name], words) for name in names)))
    return _table(key, words, ("model", *names), _with_best(rows), notes)


def _with_best(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The highest of each column marked, as printed: what reads the same is as good."""
    out = [list(row) for row in rows]
    for column in range(1, len(rows[0]) if len(rows) > 1 else 0):
        shown = [row[column].text.split("\u00a0")[0] for row in rows]
        best = max((text for text in shown if text != NOTHING), default=None)
        for row, text in zip(out, shown, strict=True):
            row[column] = replace(row[column], best=text == best)
    return [tuple(row) for row in out]


def _before_and_after(found: Mapping[str, Any], name: str, words: Words) -> Cell:
    """What temperature scaling made of a figure; models without one have only the result."""
    before, after = found["before"][name]["mean"], words.spread(found["after"][name])
    text = after if before is None else f"{words.number(before)} → {after}"
    return Cell(text, words("n", n=found["after"][name]["n"]))


def _difference(facts: Mapping[str, Any] | None, words: Words) -> Cell:
    if facts is None:
        return Cell(NOTHING)
    detail = words("no_interval")
    if facts["low"] is not None:
        interval = words.interval(facts["low"], facts["high"])
        detail = f"{interval} {words('n', n=facts['n'])}"
    return Cell(words.number(facts["value"]), detail)


def _table(
    key: str,
    words: Words,
    columns: Iterable[str],
    rows: Iterable[tuple[Cell, ...]],
    notes: Iterable[str] = (),
    labels: int = 1,
    first: str | None = None,
) -> Table:
    titles = [words(name) for name in columns]
    if first is not None:
        titles[0] = first
    title = words(f"table.{key}")
    return Table(key, title, tuple(titles), tuple(rows), tuple(notes), labels)


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
