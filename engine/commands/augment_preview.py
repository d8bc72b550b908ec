"""qc-engine augment-preview: sheets of augmented pictures. Must not know how they are made."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

if TYPE_CHECKING:
    from engine.data.layout import Dataset, Sample

NAME = "augment-preview"
HELP = "Draw sheets of augmented training pictures."
MOST_PER_CLASS = 40  # pictures decoded of each class


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--data", type=Path, required=True, help="data set folder or snapshot.json")
    parser.add_argument("--out", type=Path, required=True, help="PNG file to write")
    parser.add_argument(
        "--per-class", type=int, default=12, metavar="N", help="variations of each, default 12"
    )
    parser.add_argument("--augmentation", choices=("targeted", "plain", "none"), default="targeted")
    parser.add_argument(
        "--synthetic", action="store_true", help="show synthetic defects of every kind, too"
    )
    parser.add_argument("--size", type=int, default=224, help="the network's input, default 224 px")
    parser.add_argument("--seed", type=int, default=0)
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw and report."""
    return run_reported(arguments, lambda reporter: _preview(arguments, reporter), _show)


def _preview(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data.layout import load_dataset
    from engine.errors import EngineError

    for option, lowest, highest in (("per_class", 1, 120), ("size", 32, 1024)):
        value = getattr(arguments, option)
        if not lowest <= value <= highest:
            name = option.replace("_", "-")
            raise EngineError(
                "option_out_of_range",
                f"--{name} {value} is out of range; give {lowest} to {highest}.",
                option=name,
            )
    dataset = load_dataset(arguments.data)
    if arguments.out.suffix.lower() != ".png":
        raise EngineError(
            "suffix_wrong",
            f"{arguments.out} is no PNG file; give --out a name that ends in .png.",
            path=str(arguments.out),
        )
    import cv2

    from engine.training.augmentation import AugmentationSettings
    from engine.training.pictures import Pictures
    from engine.training.preview import PreviewOptions, contact_sheet

    settings = AugmentationSettings(kind=arguments.augmentation)
    samples = _training_samples(dataset)
    pictures = Pictures.read(
        _some_of_each(samples),
        ("good", *dataset.classes),
        settings.cached_size(arguments.size),
        problems=dataset.problems,
        tick=lambda done, total: reporter.progress("read", done, total),
    )
    if len(pictures) == 0:
        raise EngineError(
            "no_pictures",
            f"{arguments.data} holds no labelled picture that can be read.",
            path=str(arguments.data),
        )
    counts = Counter(str(sample.label) for sample in samples)
    sheet = contact_sheet(
        pictures,
        counts,
        PreviewOptions(
            arguments.per_class, arguments.size, arguments.seed, settings, arguments.synthetic
        ),
    )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    _, encoded = cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    arguments.out.write_bytes(encoded.tobytes())
    return {
        "path": str(arguments.out.absolute()),
        "classes": dict(sorted(counts.items())),
        "width": sheet.shape[1],
        "height": sheet.shape[0],
        "problems": [
            {"code": p.code, "path": str(p.path), "message": p.sentence} for p in dataset.problems
        ],
    }


def _training_samples(dataset: Dataset) -> list[Sample]:
    """The labelled pictures to train on; all of them where none of those is defective."""
    labelled = [sample for sample in dataset.samples if sample.label is not None]
    training = [sample for sample in labelled if sample.subset == "train"]
    return training if any(sample.is_defect for sample in training) else labelled


def _some_of_each(samples: list[Sample]) -> list[Sample]:
    """Pictures of each label, spread over its listing; a sheet needs no more."""
    chosen: list[Sample] = []
    for label in sorted({str(sample.label) for sample in samples}):
        own = [sample for sample in samples if sample.label == label]
        chosen += own[:: max(1, len(own) // MOST_PER_CLASS)]
    return chosen


def _show(result: dict[str, Any]) -> None:
    print(f"{result['path']} ({result['width']}×{result['height']} pixels)")
    for label, count in result["classes"].items():
        print(f"  {label:<24} {count}")
    for problem in result["problems"]:
        print(f"- {problem['message']}")
