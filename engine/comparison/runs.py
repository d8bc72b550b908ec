"""One run of a comparison: train, evaluate, measure the cost, write it down. Must not know reports.

Everything is written so that a killed run loses little: training goes on from its own checkpoint,
a trained model is not trained again, and ``run.json`` comes last.
"""

from __future__ import annotations

import dataclasses
import gc
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import load_bundle
from engine.comparison.cost import measure_cost, parts_of
from engine.comparison.plan import FORMAT, Plan, RunPlan, is_finished, read_json, write_json
from engine.comparison.progress import Cancelled, Forecast, Progress, Tracker, Watch
from engine.data.images import read_image
from engine.data.layout import Dataset
from engine.errors import EngineError, file_error
from engine.evaluation.report import EvaluateOptions, evaluate_bundle
from engine.training.facts import find_device, gpu_memory_said
from engine.training.request import Request, checkpoint_path
from engine.training.train import device_name, peak_memory_mb, reset_peak_memory, train

DONE, SKIPPED, FAILED, MISSING = "done", "skipped", "failed", "missing"
CANCELLED = "cancelled"
UNKNOWN = "unknown"
TIMED_PICTURES = 64
KEPT_FACTS = (
    *("epochs", "best_epoch", "stopped", "seconds_per_epoch", "training_seconds", "precision"),
    *("processes", "steps_per_second", "history", "weights", "epoch_pictures"),
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: done, skipped (finished before), failed with its ``code`` and ``sentence``,
    or missing (not asked for by now)."""

    run: RunPlan
    status: str
    code: str = ""
    sentence: str = ""

    @property
    def has_results(self) -> bool:
        """Whether there is a report."""
        return self.status in (DONE, SKIPPED)


def run_all(
    plan: Plan, device_asked: str, watch: Watch, *, restart: bool = False, discard: bool = False
) -> list[Outcome]:
    """Do every run that is not finished, one after the other; a failed one does not stop the rest.

    Raises EngineError device_unavailable, and cancelled: what is finished then stays, and the next
    call goes on.
    """
    device = find_device(device_asked)
    finished = {run.folder for run in plan.runs if not restart and is_finished(run)}
    pending = [run for run in plan.runs if run.folder not in finished]
    tracker = Tracker(watch, Forecast([run.model for run in pending], _seconds_known(plan)))
    outcomes = []
    for run in plan.runs:
        if run.folder in finished:
            outcomes.append(Outcome(run, SKIPPED))
            watch.note(run.name, f"{run.name}: finished before, skipped")
            continue
        if watch.cancelled():
            raise _cancelled(run)
        tracker.begin(run.name)
        start = time.perf_counter()
        outcome = _attempt(plan, run, device, tracker.tick, watch.cancelled, restart=restart)
        if outcome.status == DONE:
            sentence = f"{run.name}: done in {time.perf_counter() - start:.0f} s"
            if discard:
                shutil.rmtree(run.bundle, ignore_errors=True)
        else:
            sentence = f"{run.name}: failed. {outcome.sentence}"
        tracker.end(sentence, finished=outcome.status == DONE)
        outcomes.append(outcome)
    return outcomes


def cost_again(plan: Plan, device_asked: str, watch: Watch) -> list[Outcome]:
    """Measure the cost of every finished run whose model was kept once more, one after the other.

    Raises EngineError device_unavailable, cancelled, and those of ``measure_cost``.
    """
    device = find_device(device_asked)
    runs = [run for run in plan.runs if is_finished(run) and run.bundle.is_dir()]
    tracker = Tracker(watch, Forecast([run.model for run in runs], {}))
    for run in runs:
        if watch.cancelled():
            raise _cancelled(run)
        tracker.begin(run.name)
        record = read_json(run.record) or {}
        with arithmetic_kept(), gpu_memory_said():
            cost = measure_cost(run.bundle, _some_pictures(run), device, _cost_tick(tracker.tick))
        write_json(run.record, record | {"cost": dataclasses.asdict(cost)})
        tracker.end(f"{run.name}: {cost.latency.median_ms:.1f} ms a picture", finished=True)
        gc.collect()
    return find_outcomes(plan)


def _cost_tick(tick: Progress) -> Callable[[int, int], None]:
    return lambda done, total: tick("cost", done, total)


def find_outcomes(plan: Plan) -> list[Outcome]:
    """What there is without doing anything."""
    return [Outcome(run, SKIPPED if is_finished(run) else MISSING) for run in plan.runs]


def _attempt(
    plan: Plan,
    run: RunPlan,
    device: torch.device,
    tick: Progress,
    cancelled: Cancelled,
    *,
    restart: bool,
) -> Outcome:
    """One run; what it fails with becomes a sentence, unless the user has cancelled."""
    try:
        with gpu_memory_said():
            _run(plan, run, device, tick, cancelled, restart=restart)
    except EngineError as error:
        if error.code == CANCELLED:
            raise _cancelled(run) from error
        return Outcome(run, FAILED, error.code, str(error))
    except OSError as error:
        known = file_error(error)
        return Outcome(run, FAILED, known.code, str(known))
    except (RuntimeError, ValueError, ArithmeticError, MemoryError) as error:
        _log.exception("%s failed", run.name)
        kind = type(error).__name__
        first = (str(error).strip().splitlines() or ["no message"])[0]
        return Outcome(run, FAILED, "run_failed", f"The run stopped with {kind}: {first}")
    finally:
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()
    return Outcome(run, DONE)


def _cancelled(run: RunPlan) -> EngineError:
    return EngineError(
        CANCELLED,
        f"The comparison was cancelled at {run.name}; what is finished stays, repeat the command "
        "to go on.",
    )


def _run(
    plan: Plan,
    run: RunPlan,
    device: torch.device,
    tick: Progress,
    cancelled: Cancelled,
    *,
    restart: bool,
) -> None:
    run.folder.mkdir(parents=True, exist_ok=True)
    state = read_json(run.state) or {}
    known = state.get("identity") == run.identity and not restart
    if not known:
        _forget(run)
        state = {"format": FORMAT, "identity": run.identity, "trained": None}
        write_json(run.state, state)
    trained = state.get("trained") if run.bundle.is_dir() else None
    if trained is None:
        trained = _train(plan, run, device, tick, cancelled)
        write_json(run.state, state | {"trained": trained})
    with arithmetic_kept():
        report = evaluate_bundle(
            run.bundle,
            _fresh(plan),
            EvaluateOptions(plan.protocol, None, run.arrays),
            runtime_for(device),
            tick,
            cancelled,
        )
        write_json(run.report, report)
        cost = measure_cost(run.bundle, _some_pictures(run), device, _cost_tick(tick))
    manifest = load_bundle(run.bundle).manifest
    write_json(
        run.record,
        {
            "format": FORMAT,
            "identity": run.identity,
            "model": run.model,
            "seed": run.seed,
            "split_hash": plan.split_hash,
            "bundle": manifest.bundle_id,
            "config": run.config.to_dict(),
            "training": trained,
            "cost": dataclasses.asdict(cost),
            "versions": manifest.versions,
            "commit": commit() or UNKNOWN,
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )


def _train(
    plan: Plan, run: RunPlan, device: torch.device, tick: Progress, cancelled: Cancelled
) -> dict[str, Any]:
    """Train and return the facts: wall time and peak memory are measured here, alike for all
    models."""
    resumed = checkpoint_path(run.bundle).is_file()
    reset_peak_memory(device)
    start = time.perf_counter()
    request = Request(_fresh(plan), run.bundle, run.config, device=device.type)
    manifest = train(request, tick, cancelled)
    if manifest is None:  # only the other processes of a distributed training return nothing
        raise EngineError("run_failed", "Training returned no model; run compare in one process.")
    seconds = round(time.perf_counter() - start, 2)
    # a model made of others has their histories, and the mark began anew with each of them
    parts = [part.manifest.training for part in parts_of(load_bundle(run.bundle))]
    peaks = [float(part.get("peak_memory_mb") or 0.0) for part in parts]
    histories = [part["history"] for part in parts if part.get("history")]
    facts = {"history": histories[0] if histories else []} | manifest.training
    return {
        "seconds": seconds,
        "resumed": resumed,
        "peak_memory_mb": max(peak_memory_mb(device), *peaks),
        "device": device_name(device),
        "device_type": device.type,
        "counts": manifest.data_counts,
        **{name: facts[name] for name in KEPT_FACTS if name in facts},
    }


def _some_pictures(run: RunPlan) -> list[NDArray[np.uint8]]:
    """At most 64 of the pictures tested on, evenly chosen, for the latency."""
    with np.load(run.arrays, allow_pickle=False) as arrays:
        paths = [str(path) for path in arrays["paths"]]
    rows = np.unique(np.linspace(0, len(paths) - 1, TIMED_PICTURES).round().astype(int))
    return [read_image(Path(paths[row])) for row in rows]


def _fresh(plan: Plan) -> Dataset:
    """The data set with a list of problems of its own: each run finds its own."""
    return dataclasses.replace(plan.dataset, problems=list(plan.dataset.problems))


def _forget(run: RunPlan) -> None:
    """Empty the run's folder of what another configuration left there, its checkpoints included;
    a folder that no run has made is left as it is."""
    if any("format" in (read_json(file) or {}) for file in (run.state, run.record)):
        shutil.rmtree(run.folder)
        run.folder.mkdir()


def runtime_for(device: torch.device) -> str:
    """Where to evaluate: as a station would, on the GPU, else through OpenVINO where it is."""
    if device.type == "cuda":
        return "cuda"
    return "openvino" if find_spec("openvino") is not None else "torch"


def _seconds_known(plan: Plan) -> dict[str, list[float]]:
    """How long the training of runs that are there already took, by model."""
    known: dict[str, list[float]] = {}
    for run in plan.runs:
        record = read_json(run.record) if is_finished(run) else None
        if record is not None and not record["training"]["resumed"]:
            known.setdefault(run.model, []).append(float(record["training"]["seconds"]))
    return known


@contextmanager
def arithmetic_kept() -> Iterator[None]:
    """Inference turns TF32 off; the next training must not depend on what ran before it."""
    matmul, convolution = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = matmul
        torch.backends.cudnn.allow_tf32 = convolution


def commit() -> str | None:
    """The commit of this program: what QC_COMMIT says, for a copy that lies elsewhere without its
    history, else git; None where neither knows."""
    if said := os.environ.get("QC_COMMIT"):
        return said
    try:
        done = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"],
            capture_output=True,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
