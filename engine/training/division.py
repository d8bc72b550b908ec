"""Which pictures train and which validate, by protocol. Must not know networks or torch."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import cast

from engine.data.layout import Dataset, check_good_count
from engine.data.split import GroupBy, split_dataset, split_hash, split_to_json
from engine.errors import EngineError
from engine.training.config import AUTO, ONE_CLASS, SUPERVISED, DataSettings

ONE_CLASS_MODELS = ("autoencoder", "patch_memory")


@dataclass(frozen=True, slots=True)
class Division:
    """A data set whose subsets train and calibration are training and validation.

    ``split`` is the snapshot for the bundle, None where the test pictures are the data set's own
    ``test`` folder: of class folders it says which pictures the model has seen, even where it
    keeps none for testing. ``split_hash`` identifies the division.
    """

    dataset: Dataset
    protocol: str
    split: bytes | None
    split_hash: str


def divide(dataset: Dataset, model: str, protocol: str, how: DataSettings) -> Division:
    """Divide a data set for a model.

    A snapshot's subsets are used as they are. Of folders, "supervised" divides all labelled
    pictures; "one-class" holds a share of the good training pictures back. Models that learn from
    good parts alone train on those of their subset. Raises EngineError protocol_unsupported and
    those of ``split_dataset``.
    """
    if protocol == AUTO:
        folders = dataset.layout != "snapshot"
        protocol = ONE_CLASS if folders and model in ONE_CLASS_MODELS else SUPERVISED
    if protocol == ONE_CLASS and model not in ONE_CLASS_MODELS:
        raise EngineError(
            "protocol_unsupported",
            f"{model} learns from labelled defects and cannot be trained one-class; choose "
            f"--protocol supervised, or one of {', '.join(ONE_CLASS_MODELS)}.",
            model=model,
            protocol=protocol,
        )
    if dataset.layout == "snapshot":
        return Division(dataset, protocol, split_to_json(dataset), split_hash(dataset))
    if protocol == SUPERVISED:
        group_by = cast(GroupBy, how.group_by)
        divided = split_dataset(dataset, how.fractions, how.split_seed, group_by)
        return Division(divided, protocol, split_to_json(divided), split_hash(divided))
    divided = hold_back(dataset, how)
    split = split_to_json(divided) if dataset.layout == "classes" else None
    return Division(divided, protocol, split, split_hash(divided))


def hold_back(dataset: Dataset, how: DataSettings) -> Dataset:
    """The good training pictures of a folder, a share of them in the subset calibration.

    Raises EngineError no_good_pictures, few_good_pictures.
    """
    good = tuple(sample for sample in dataset.of_subset("train") if sample.is_good)
    check_good_count(dataset, len(good))
    share = how.validation_share
    divided = split_dataset(
        dataclasses.replace(dataset, samples=good),
        (1.0 - share, share, 0.0),
        how.split_seed,
        cast(GroupBy, how.group_by),
    )
    return dataclasses.replace(divided, layout=dataset.layout)


def check_division(
    division: Division, *, good: int, defects: int, needs_defects: bool, validation_good: int
) -> None:
    """Refuse to train on too little; the numbers are those of the pictures that could be read.

    Raises EngineError no_good_pictures, few_good_pictures, no_defect_pictures,
    no_validation_pictures.
    """
    dataset = division.dataset
    check_good_count(dataset, good)
    if needs_defects and defects == 0:
        raise EngineError(
            "no_defect_pictures",
            f"{dataset.root} holds no defective picture to train on; label some, or teach a "
            "patch_memory, which needs none.",
            path=str(dataset.root),
        )
    if validation_good == 0:
        raise EngineError(
            "no_validation_pictures",
            f"{dataset.root} holds no good picture to validate on; split it with qc-engine split.",
            path=str(dataset.root),
        )
