"""A whole comparison as one JSON object, from what its runs left. Must not know tables or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.calibration.intervals import CONFIDENCE
from engine.comparison.plan import FORMAT, Plan, RunPlan, read_json
from engine.comparison.resampling import Draws, RunArrays, draw
from engine.comparison.runs import Outcome
from engine.comparison.summary import mean_terms, plain_figure, summarise
from engine.errors import EngineError
from engine.evaluation.bootstrap import RESAMPLES
from engine.evaluation.composite import SCENARIOS, SPECIFICATION, rank_models


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A run with its results: ``report`` of evaluate, ``record`` of training and cost."""

    run: RunPlan
    report: dict[str, Any]
    record: dict[str, Any]


def read_finished(outcomes: Sequence[Outcome]) -> list[Finished]:
    """The results of the runs that have some. Raises EngineError nothing_finished."""
    found = []
    for outcome in outcomes:
        if not outcome.has_results:
            continue
        report, record = read_json(outcome.run.report), read_json(outcome.run.record)
        if report is not None and record is not None:
            found.append(Finished(outcome.run, report, record))
    if not found:
        failed = next((one for one in outcomes if one.sentence), None)
        reason = f" {failed.run.name}: {failed.sentence}" if failed is not None else ""
        raise EngineError(
            "nothing_finished",
            f"None of the {len(outcomes)} runs has a result, so there is nothing to compare."
            f"{reason}",
        )
    return found


def compare(
    plan: Plan, outcomes: Sequence[Outcome], finished: Sequence[Finished], command: str
) -> dict[str, Any]:
    """The comparison: header, models, composite, rankings, runs."""
    by_model: dict[str, list[Finished]] = {}
    for one in finished:
        by_model.setdefault(one.run.model, []).append(one)
    models: dict[str, Any] = {}
    for model, own in by_model.items():
        models[model] = summarise([one.report for one in own]) | {
            "seeds": [one.run.seed for one in own],
            "cost": _cost([one.record for one in own]),
        }
    drawn = draw({model: _arrays(own) for model, own in by_model.items()})
    return {
        "format": FORMAT,
        "header": _header(plan, finished, command),
        "models": models,
        "composite": _composite(by_model, models, drawn),
        "runs": [_run(outcome, finished) for outcome in outcomes],
    }


def _header(plan: Plan, finished: Sequence[Finished], command: str) -> dict[str, Any]:
    first = finished[0]
    data = plan.runs[0].config.data
    return {
        "data": str(plan.dataset.root.absolute()),
        "name": plan.dataset.name,
        "layout": plan.dataset.layout,
        "classes": list(plan.dataset.classes),
        "protocol": plan.protocol,
        "split_hash": plan.split_hash,
        "split_seed": data.split_seed,
        "fractions": list(data.fractions),
        "subsets": plan.subsets,
        "counts": first.report["counts"],
        "seeds": list(plan.seeds),
        "models": list(plan.models),
        "confidence": CONFIDENCE,
        "resamples": RESAMPLES,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": ", ".join(sorted({one.record.get("commit", "unknown") for one in finished})),
        "devices": sorted({one.record["training"]["device"] for one in finished}),
        "evaluated_on": sorted({one.report["device"] for one in finished}),
        "versions": first.record["versions"],
        "command": command,
        "problems": [problem.sentence for problem in plan.dataset.problems],
    }


def _composite(
    by_model: Mapping[str, Sequence[Finished]], models: Mapping[str, Any], drawn: Draws | None
) -> dict[str, Any]:
    """Scores by model and scenario, rankings, and how far each model is behind the first."""
    terms = {model: mean_terms([one.report for one in own]) for model, own in by_model.items()}
    headless = frozenset(model for model, facts in models.items() if not facts["class_head"])
    ranking = rank_models(terms, headless)
    scores: dict[str, Any] = {}
    for model, own in by_model.items():
        scores[model] = {
            name: _score([one.report for one in own], name, model, drawn) for name in SCENARIOS
        }
    return {
        "terms": terms,
        "without_class_head": sorted(headless),
        "weights": {name: dict(weights) for name, weights in SCENARIOS.items()},
        "scores": scores,
        "ranking": {name: [model for model, _ in order] for name, order in ranking.items()},
        "behind_first": {name: _behind(order, name, drawn) for name, order in ranking.items()},
        "paired": drawn is not None,
        "n": drawn.n if drawn is not None else 0,
    }


def _score(
    reports: Sequence[Mapping[str, Any]], scenario: str, model: str, drawn: Draws | None
) -> dict[str, Any]:
    values = [one["composite"]["scenarios"][scenario]["score"] for one in reports]
    if any(value is None for value in values):
        values = []
    found = plain_figure(values, drawn.n if drawn is not None else 0).to_json()
    if drawn is not None and values:
        interval = drawn.interval(scenario, model)
        found |= {"low": interval.low, "high": interval.high}
    return found


def _behind(
    order: Sequence[tuple[str, float | None]], scenario: str, drawn: Draws | None
) -> dict[str, Any]:
    """Score of the first less the model's, with its interval over common resamples."""
    out: dict[str, Any] = {}
    first, best = order[0]
    for model, score in order[1:]:
        if best is None or score is None:
            continue
        facts: dict[str, Any] = {"value": best - score, "low": None, "high": None, "n": 0}
        if drawn is not None:
            interval, ahead = drawn.difference(scenario, first, model)
            facts |= {"low": interval.low, "high": interval.high, "n": drawn.n, "ahead": ahead}
        out[model] = facts
    return out


def _arrays(own: Sequence[Finished]) -> list[RunArrays]:
    """What the composite is resampled from; a run whose file is gone leaves none."""
    found = []
    for one in own:
        try:
            found.append(RunArrays.read(one.run.arrays))
        except (OSError, KeyError, ValueError) as error:
            raise EngineError(
                "arrays_damaged",
                f"{one.run.arrays} cannot be read ({error}); delete {one.run.record} and repeat "
                "the command to do this run again.",
                path=str(one.run.arrays),
            ) from error
    return found


def _cost(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Parameters and operations of the first run, times and memory over seeds."""
    costs = [one["cost"] for one in records]
    training = [one["training"] for one in records]
    whole = [one for one in training if not one["resumed"]]
    openvino = [one["openvino"]["median_ms"] for one in costs if one["openvino"] is not None]
    return {
        "parameters": costs[0]["parameters"],
        "memory_values": costs[0]["memory_values"],
        "gflops": costs[0]["gflops"],
        "input_size": costs[0]["input_size"],
        "peak_memory_mb": plain_figure(one["peak_memory_mb"] for one in whole).to_json(),
        "seconds_per_epoch": plain_figure(
            one.get("seconds_per_epoch") for one in training
        ).to_json(),
        "epochs": plain_figure(one.get("epochs") for one in training).to_json(),
        "training_s": plain_figure(one["seconds"] for one in whole).to_json(),
        "latency_ms": plain_figure(one["latency"]["median_ms"] for one in costs).to_json(),
        "fps": plain_figure(1e3 / one["latency"]["median_ms"] for one in costs).to_json(),
        "throughput": plain_figure(one["throughput"] for one in costs).to_json(),
        "throughput_batch": costs[0]["throughput_batch"],
        "openvino_ms": plain_figure(openvino).to_json(),
        "device": costs[0]["device"],
        "resumed": len(training) - len(whole),
    }


def _run(outcome: Outcome, finished: Sequence[Finished]) -> dict[str, Any]:
    run = outcome.run
    facts: dict[str, Any] = {
        "model": run.model,
        "seed": run.seed,
        "status": outcome.status,
        "code": outcome.code,
        "sentence": outcome.sentence,
        "folder": str(run.folder),
        "identity": run.identity,
    }
    found = next((one for one in finished if one.run is run), None)
    if found is not None:
        training = found.record["training"]
        facts |= {
            name: training.get(name)
            for name in ("epochs", "best_epoch", "stopped", "seconds", "peak_memory_mb", "device")
        }
        facts |= {
            "bundle": found.record["bundle"],
            "score": found.report["composite"]["scenarios"][SPECIFICATION]["score"],
            "finished_at": found.record["finished_at"],
        }
    return facts
