"""qc-engine render-cables: a rendered data set on disk. Must not know how cables are drawn."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

NAME = "render-cables"
HELP = "Render a cable data set with exact defect masks."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--out", type=Path, required=True, help="new folder for the data set")
    parser.add_argument("--size", type=int, default=512, help="pixels, default 512")
    parser.add_argument("--seed", type=int, default=0, help="same seed, same pictures")
    parser.add_argument("--train-good", type=int, metavar="N", help="default 80")
    parser.add_argument("--test-good", type=int, metavar="N", help="default 58")
    parser.add_argument("--defects", type=int, metavar="N", help="pictures per class, default 12")
    parser.add_argument(
        "--mvtec-counts",
        action="store_true",
        help="as many pictures of each kind as the MVTec AD category has (224, 58, 92)",
    )
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Render and report."""
    return run_reported(
        arguments, lambda reporter: _render(arguments, reporter), _show, {"render": 1.0}
    )


def _render(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data import cable
    from engine.errors import EngineError

    given = [
        option
        for option in ("train_good", "test_good", "defects")
        if getattr(arguments, option) is not None
    ]
    if arguments.mvtec_counts and given:
        names = " and ".join("--" + option.replace("_", "-") for option in given)
        raise EngineError(
            "options_exclude_each_other",
            f"--mvtec-counts sets all numbers of pictures; leave out {names}.",
            options=names,
        )
    start = time.perf_counter()
    if arguments.mvtec_counts:
        train_good, test_good = cable.MVTEC_TRAIN_GOOD, cable.MVTEC_TEST_GOOD
        defects: Any = cable.MVTEC_DEFECTS
    else:
        train_good = 80 if arguments.train_good is None else arguments.train_good
        test_good = 58 if arguments.test_good is None else arguments.test_good
        defects = 12 if arguments.defects is None else arguments.defects
    written = cable.write_dataset(
        arguments.out,
        size=arguments.size,
        seed=arguments.seed,
        train_good=train_good,
        test_good=test_good,
        defects_per_class=defects,
        progress=reporter.progress,
        is_cancelled=reporter.cancelled,
    )
    seconds = time.perf_counter() - start
    return {
        "path": str(written.root.absolute()),
        "pictures": written.pictures,
        "counts": dict(written.counts),
        "size": arguments.size,
        "seed": arguments.seed,
        "seconds": round(seconds, 2),
        "pictures_per_s": round(written.pictures / max(seconds, 1e-9), 1),
    }


def _show(result: dict[str, Any]) -> None:
    print(
        f"{result['pictures']} pictures of {result['size']} px written to {result['path']} "
        f"in {result['seconds']:.1f} s"
    )
    for folder, count in result["counts"].items():
        print(f"  {folder:<28} {count}")
