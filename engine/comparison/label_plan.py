"""The points of a label curve: what is trained with how many labels, and where it is kept.

Must not know training. A point's identity covers the labels before it, so that a curve goes on
where it was interrupted and nothing of another configuration is taken for its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.comparison.labelling import ORDERS, QUEUE, RANDOM, pool_defects
from engine.comparison.plan import MOST_SEEDS, NEUTRAL, check_model, read_json, trainable
from engine.data.layout import Dataset
from engine.data.split import split_hash
from engine.errors import EngineError
from engine.models import cascade, hybrid, patch_probe
from engine.models.registry import check_weights
from engine.training.config import SUPERVISED, TrainConfig
from engine.training.division import ONE_CLASS_MODELS, divide
from engine.training.facts import sha256_of, weights_content
from engine.training.hybrid_train import FEWEST_DEFECTS

FORMAT = "qc-label-curve-3"
LABELS = (0, 5, 10, 25, 50, 100)
ALL = "all"
ANY = "any"  # the order of points that are the same in every order
# models that good parts alone can train
WITHOUT_LABELS = (hybrid.NAME, patch_probe.NAME, *ONE_CLASS_MODELS)


@dataclass(frozen=True, slots=True)
class CurveOptions:
    """What to draw: ``labels`` are numbers of labelled defects, ``everything`` adds all there are;
    ``orders`` of "random" and "queue"; ``seeds`` runs of each, from
    ``first_seed`` on. ``config`` is the model's."""

    out: Path
    config: TrainConfig
    labels: tuple[int, ...] = LABELS
    everything: bool = True
    orders: tuple[str, ...] = ORDERS
    seeds: int = 3
    first_seed: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One training: an order, a number of labelled defects, a seed."""

    order: str
    labels: int
    seed: int
    folder: Path

    @property
    def name(self) -> str:
        """The point in words."""
        return f"{self.labels} labels, {self.order}, seed {self.seed}"

    @property
    def record(self) -> Path:
        """Written last: a point with it is finished."""
        return self.folder / "point.json"


@dataclass(frozen=True, slots=True)
class CurvePlan:
    """The divided data set and the points of each (order, seed), the fewest labels first.

    Without labels and with all of them the order makes no difference: these points (``shared``)
    are a chain of their own, with the order "any", and count for all. So does ``start``, the first
    point, whose model lays the queue: that without labels, even where it was not asked for
    (``added``); of a model that cannot be trained without, the fewest labels asked for, drawn at
    random. ``left_out`` are numbers asked for that are too few for the model.
    """

    dataset: Dataset
    config: TrainConfig
    split_hash: str
    pool: int
    chains: tuple[tuple[Point, ...], ...]
    shared: tuple[int, ...]
    orders: tuple[str, ...]
    start: int = 0
    added: bool = False
    left_out: tuple[int, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """All points, chain by chain."""
        return tuple(point for chain in self.chains for point in chain)


def plan_curve(dataset: Dataset, options: CurveOptions) -> CurvePlan:
    """Divide the data set and lay out the points.

    Raises EngineError model_unknown, option_out_of_range, weights_unused, no_defect_pictures and
    those of ``divide``.
    """
    check_model(options.config.model, trainable())
    check_weights(options.config.model, options.config.weights)
    _check(options)
    config = options.config.replaced(protocol=SUPERVISED)
    divided = divide(dataset, config.model, SUPERVISED, config.data).dataset
    pool = len({sample.sha256 for sample in pool_defects(divided)})
    if not pool:
        raise EngineError(
            "no_defect_pictures",
            f"{dataset.root} holds no defective picture to label; a label curve needs some.",
            path=str(dataset.root),
        )
    asked = sorted({count for count in options.labels if count < pool})
    if options.everything or any(count >= pool for count in options.labels):
        asked.append(pool)
    fewest = fewest_labels(config.model)
    wanted = [count for count in asked if count >= fewest]
    if not wanted:
        raise EngineError(
            "option_out_of_range",
            f"{config.model} cannot be trained with fewer than {fewest} labelled defects; give "
            "more to --labels, or choose --model hybrid.",
            option="labels",
        )
    added = QUEUE in options.orders and fewest == 0 and 0 < wanted[0] < pool
    wanted = [0, *wanted] if added else wanted
    start = wanted[0]
    shared = tuple(count for count in wanted if count in (start, pool))
    chains = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for order in (ANY, *options.orders):
            own = [count for count in wanted if (count in shared) == (order == ANY)]
            root = options.out.absolute() / "points"
            chain = tuple(
                Point(order, count, seed, root / f"{order}-{count}-seed{seed}") for count in own
            )
            chains.append(chain)
    return CurvePlan(
        dataset=divided,
        config=config,
        split_hash=split_hash(divided),
        pool=pool,
        chains=tuple(chains),
        shared=shared,
        orders=options.orders,
        start=start,
        added=added,
        left_out=tuple(count for count in asked if count < fewest),
    )


def fewest_labels(model: str) -> int:
    """Labelled defects without which a model cannot be trained."""
    if model in WITHOUT_LABELS:
        return 0
    return FEWEST_DEFECTS if model == cascade.NAME else 1


def identity(plan: CurvePlan, point: Point, labelled: Sequence[str]) -> str:
    """sha256 of all that decides a point's figures."""
    table = {name: value for name, value in plan.config.to_dict().items() if name not in NEUTRAL}
    table["data"] = {name: value for name, value in table["data"].items() if name != "workers"}
    table["weights"] = weights_content(plan.config.weights)
    whole = [FORMAT, table, plan.split_hash, point.order, point.seed, list(labelled)]
    return sha256_of(whole)


def finished(plan: CurvePlan, point: Point, labelled: Sequence[str]) -> dict[str, Any] | None:
    """The record of a point that was measured with these very labels."""
    record = read_json(point.record)
    if record is None or record.get("identity") != identity(plan, point, labelled):
        return None
    if lays_queue(plan, point) and not record.get("queue"):  # measured for another order alone
        return None
    return record


def lays_queue(plan: CurvePlan, point: Point) -> bool:
    """Whether the next labels follow from what this point's model says."""
    if QUEUE not in plan.orders or point.labels >= plan.pool:
        return False
    return point.order == QUEUE or point.labels == plan.start


def parse_labels(text: str) -> tuple[tuple[int, ...], bool]:
    """Numbers and whether "all" is among them, from "0,5,10,all". Raises EngineError
    option_out_of_range."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    numbers = [word for word in words if word != ALL]
    if not words or not all(word.isdigit() for word in numbers):
        raise EngineError(
            "option_out_of_range",
            f"--labels {text} is no list of numbers; give for example 0,10,50,all.",
            option="labels",
        )
    return tuple(int(word) for word in numbers), ALL in words


def _check(options: CurveOptions) -> None:
    if not 1 <= options.seeds <= MOST_SEEDS:
        raise EngineError(
            "option_out_of_range",
            f"--seeds {options.seeds} is out of range; give 1 to {MOST_SEEDS}.",
            option="seeds",
        )
    unknown = [order for order in options.orders if order not in ORDERS]
    if unknown or not options.orders:
        given = unknown[0] if unknown else "nothing"
        raise EngineError(
            "option_out_of_range",
            f"There is no order '{given}'; choose {RANDOM}, queue or both.",
            option="orders",
        )
