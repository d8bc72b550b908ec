"""What `predict --explain` adds: options, pictures of the evidence, facts. Must not know models."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bundle import Manifest
from engine.commands.reporting import Reporter
from engine.data.images import read_image
from engine.errors import EngineError
from engine.inference.comparison import drawing
from engine.inference.explanation import (
    METHODS,
    NEAREST,
    Explanation,
    check_method,
    class_index,
    load_explainer,
    overlay,
)

SHOWN = 1024  # longer side in pixels of each half of a drawing
GAP = 8  # pixels of white between the halves


@dataclass(frozen=True, slots=True)
class Explaining:
    """What was asked for; ``target`` "" asks about the decision, ``everything`` about OK parts
    too."""

    method: str
    target: str
    everything: bool

    def check(self, manifest: Manifest) -> None:
        """Raises EngineError explanation_* where this model cannot be asked so."""
        check_method(manifest, self.method)
        if self.target and self.method == NEAREST:
            raise EngineError(
                "explain_options",
                "The nearest good patches are the same for every class; leave --explain-class out.",
            )
        if self.target:
            class_index(manifest, self.target)


@dataclass(frozen=True, slots=True)
class Judged:
    """A picture, its row of the result, and the PNG that its drawing goes to, if any."""

    path: Path
    row: dict[str, Any]
    file: Path | None


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--explain", choices=METHODS, help="say which pixels speak for the answer")
    parser.add_argument("--explain-class", metavar="NAME", help="for this class, not the decision")
    parser.add_argument("--explain-all", action="store_true", help="explain OK parts too")
    parser.add_argument(
        "--explanations",
        type=Path,
        help="write the picture and its evidence, side by side, as PNGs into this folder",
    )


def asked(arguments: argparse.Namespace) -> Explaining | None:
    """What the options ask for. Raises EngineError explain_options where they do not fit."""
    method: str | None = arguments.explain
    if method is None:
        given = (arguments.explain_class, arguments.explain_all, arguments.explanations)
        if any(given):
            raise EngineError(
                "explain_options",
                "--explanations, --explain-class and --explain-all need a method: add --explain "
                f"with one of {', '.join(METHODS)}.",
            )
        return None
    if arguments.explanations is None and not arguments.json and arguments.progress != "jsonl":
        raise EngineError(
            "explain_options",
            "Say with --explanations into which folder the explanations go, or ask for --json.",
        )
    return Explaining(method, arguments.explain_class or "", arguments.explain_all)


def explain(
    parts: list[Judged], how: Explaining, bundle: Path, device: str, reporter: Reporter
) -> list[dict[str, str]]:
    """Fill "explanation" in the rows of the parts that are not OK (of all with ``everything``);
    returns the problems. Raises EngineError cancelled and what ``load_explainer`` raises."""
    parts = [part for part in parts if how.everything or part.row["verdict"] != "OK"]
    problems: list[dict[str, str]] = []
    if not parts:
        return problems
    explainer = load_explainer(bundle, how.method, device)
    try:
        for done, part in enumerate(parts):
            reporter.progress("explain", done, len(parts))
            if reporter.cancelled():
                raise EngineError("cancelled", "Explaining was cancelled.")
            try:
                rgb = read_image(part.path)
            except EngineError as error:  # it was there when it was judged
                facts = {"code": error.code, "path": str(part.path), "message": str(error)}
                problems.append(facts)
                continue
            said = explainer.explain(rgb, how.target)
            if part.file is not None:
                _write(part.file, _drawn(rgb, said))
            part.row["explanation"] = {
                "method": said.method,
                "target": said.target,
                "score": said.score,
                "peak": _peak(said),
                "seconds": round(said.seconds, 3),
                "file": str(part.file) if part.file is not None else None,
                "nearest": _nearest(said),
            }
    finally:
        explainer.close()
    reporter.progress("explain", len(parts), len(parts))
    return problems


def side_by_side(rgb: NDArray[np.uint8], plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture uint8 RGB [H, W, 3] and, right of it, the evidence uint8 [h, w] over it; large
    pictures are made smaller."""
    height, width = rgb.shape[:2]
    scale = min(1.0, SHOWN / max(height, width))
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    gap = np.full((rgb.shape[0], GAP, 3), 255, np.uint8)
    return np.hstack([rgb, gap, overlay(rgb, plane)])


def _drawn(rgb: NDArray[np.uint8], said: Explanation) -> NDArray[np.uint8]:
    if said.comparison is not None:
        return drawing(said.comparison)
    return side_by_side(rgb, said.plane())


def _nearest(said: Explanation) -> list[dict[str, Any]] | None:
    """The nearest good patches as JSON values; None of another method."""
    if said.comparison is None:
        return None
    return [
        {
            "distance": round(near.distance, 5),
            "picture": near.name or None,
            "x": None if near.x is None else round(near.x, 4),
            "y": None if near.y is None else round(near.y, 4),
        }
        for near in said.comparison.neighbours
    ]


def _peak(said: Explanation) -> dict[str, float] | None:
    """Fractions of the picture's width and height; None where nothing speaks for the answer."""
    peak = said.peak()
    return None if peak is None else {"x": round(peak[0], 4), "y": round(peak[1], 4)}


def _write(file: Path, rgb: NDArray[np.uint8]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    if not done:
        raise EngineError("explanation_unwritable", f"The drawing {file} could not be encoded.")
    file.write_bytes(data.tobytes())
