"""The report's figures as SVG drawings. Must not know HTML, nor how figures are measured.

Every function returns SVG text, or None where there is nothing to draw. Drawings hold no text of
the report's language that is not given to them through ``words``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from engine.comparison.words import Words

INK, GRID = "#33383d", "#dfe3e6"
# Okabe and Ito's colours, which the colour-blind tell apart; black and grey at the end
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7f7f7f")
DASHES = ("-", "--", "-.", ":")
STYLE: Any = {
    "font.size": 9,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "svg.hashsalt": "qc-engine",
    "figure.facecolor": "white",
}
GRID_POINTS = 201
MOST_POINTS = 500
MOST_BANDS = 4  # models; more of them hide each other
PERPLEXITY = 30.0
SMALL = (4.2, 3.2)
SIDES = ("before", "after")


def roc_figure(files: Mapping[str, Sequence[Path]], words: Words) -> str | None:
    """ROC curves: models to the array files of their runs."""
    with rc_context(STYLE):
        figure = Figure(figsize=(7.4, 4.6), layout="constrained")
        axes = figure.subplots()
        drawn = 0
        for place, (model, runs) in enumerate(files.items()):
            curves = [curve for curve in map(_roc_on_grid, runs) if curve is not None]
            if not curves:
                continue
            drawn += 1
            grid, rates = np.linspace(0, 1, GRID_POINTS), np.stack(curves)
            colour, dash = line_style(place)
            axes.plot(grid, rates.mean(0), dash, color=colour, linewidth=1.8, label=model)
            if len(curves) > 1 and len(files) <= MOST_BANDS:
                low, high = rates.min(0), rates.max(0)
                axes.fill_between(grid, low, high, color=colour, alpha=0.12, linewidth=0)
        if not drawn:
            return None
        axes.plot([0, 1], [0, 1], color="#9aa1a7", linewidth=0.8, linestyle=(0, (2, 3)))
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.02), xlabel=words("fpr"), ylabel=words("tpr"))
        axes.set_aspect("equal")
        figure.legend(loc="outside right center", frameon=False)
        _localised(axes, words)
        return to_svg(figure)


def confusion_figure(head: Mapping[str, Any], words: Words) -> str:
    """A row-normalised confusion matrix with its counts."""
    table = np.array(head["confusion"], np.int64)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    labels = list(head["labels"])
    count = len(labels)
    side = max(3.2, 0.52 * count + 1.5)
    with rc_context(STYLE | {"axes.grid": False}):
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Greys", vmin=0.0, vmax=1.25)
        size = 8 if count < 7 else 6.5
        for row in range(count):
            for column in range(count):
                if table[row, column]:
                    dark = shares[row, column] > 0.65
                    text = f"{words.number(shares[row, column], 2)}\n{table[row, column]}"
                    colour = "white" if dark else INK
                    axes.text(
                        column, row, text, ha="center", va="center", color=colour, fontsize=size
                    )
        axes.set_xticks(range(count), labels, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(count), labels)
        axes.tick_params(length=0, labelsize=size)
        axes.set(xlabel=words("answer"), ylabel=words("truth"))
        for side_name in ("top", "right"):
            axes.spines[side_name].set_visible(True)
        return to_svg(figure)


def learning_figure(histories: Sequence[Sequence[Mapping[str, Any]]], words: Words) -> str | None:
    """Losses and validation F1 by epoch (or step) of a model's runs, a line for each seed."""
    histories = [history for history in histories if history]
    if not histories:
        return None
    by_step = "epoch" not in histories[0][0]
    with rc_context(STYLE):
        figure = Figure(figsize=SMALL, layout="constrained")
        axes = figure.subplots()
        right = axes.twinx()
        right.grid(False)
        for number, history in enumerate(histories):
            for where, name, colour, dash in (
                (axes, "train_loss", "#7f7f7f", "-"),
                (axes, "validation_loss", COLOURS[0], "-"),
                (right, "validation_f1", COLOURS[1], "--"),
            ):
                x, y = _series(history, name)
                if not x:
                    continue
                label = words(name) if number == 0 else None
                mark = "o" if len(x) == 1 else None
                where.plot(
                    x, y, dash, color=colour, linewidth=1.1, marker=mark, markersize=3, label=label
                )
        right.set_ylim(-0.02, 1.05)
        axes.set(xlabel=words("step" if by_step else "epoch"), ylabel=words("loss"))
        right.set_ylabel("F1")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        low, high = axes.get_xlim()
        axes.set_xlim(min(low, 0.5), max(high, 1.5))
        for one in (axes, right):
            _localised(one, words)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value, 0)))
        figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=7.5)
        return to_svg(figure)


def reliability_figure(binary: Mapping[str, Any] | None, words: Words) -> str | None:
    """Reliability diagrams of the chance of a defect before and after temperature scaling, with
    the number of pictures in each bin, from ``calibration.binary`` of a report; None for models
    that give no chance, or have no temperature."""
    if binary is None or any(not (binary.get(side) or {}).get("bins") for side in SIDES):
        return None
    most = max(int(one["n"]) for side in SIDES for one in binary[side]["bins"])
    with rc_context(STYLE):
        figure = Figure(figsize=SMALL, layout="constrained")
        above, below = figure.subplots(
            2, 2, sharex=True, sharey="row", gridspec_kw={"height_ratios": (5, 2)}
        )
        for side, axes, counts in zip(SIDES, above, below, strict=True):
            quality = binary[side]
            title = words(f"reliability.{side}", t=words.number(binary["temperature"], 2))
            axes.set_title(f"{title}\nECE {words.number(quality['ece'])}", fontsize=8)
            axes.plot([0, 1], [0, 1], color="#9aa1a7", linewidth=0.8, linestyle=(0, (2, 3)))
            _bins(axes, counts, quality["bins"], COLOURS[0 if side == "after" else 1])
            axes.set(xlim=(-0.02, 1.02), ylim=(-0.04, 1.04))
            counts.set(ylim=(0, 1.9 * most), xlabel=words("chance"))
            counts.yaxis.set_major_locator(MaxNLocator(2, integer=True))
            for one in (axes, counts):
                one.set_xticks([0.0, 0.5, 1.0])
                one.tick_params(labelsize=7)
                _localised(one, words)
        above[0].set_ylabel(words("share_defective"))
        below[0].set_ylabel(words("images"))
        return to_svg(figure)


def embedding_figure(arrays: Path, colours: Mapping[str, str], words: Words) -> str | None:
    """t-SNE (van der Maaten and Hinton, JMLR 2008) of a run's embeddings, coloured by class."""
    from sklearn.manifold import TSNE

    with np.load(arrays, allow_pickle=False) as stored:
        values, labels = stored["embeddings"].astype(np.float64), stored["labels"]
    rows = np.unique(np.linspace(0, len(values) - 1, MOST_POINTS).round().astype(int))
    values, labels = values[rows], labels[rows]
    if len(values) < 5 or not np.isfinite(values).all() or float(np.ptp(values)) < 1e-12:
        return None
    perplexity = min(PERPLEXITY, (len(values) - 1) / 3)
    places = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(values)
    with rc_context(STYLE | {"axes.grid": False}):
        figure = Figure(figsize=SMALL, layout="constrained")
        axes = figure.subplots()
        for label in sorted(set(labels.tolist()), key=lambda name: (name != "good", name)):
            chosen = labels == label
            colour = colours.get(label, "#999999")
            mark = "o" if label == "good" else "^"
            size = 13 if len(values) > 150 else 26
            axes.scatter(
                places[chosen, 0],
                places[chosen, 1],
                s=size,
                color=colour,
                marker=mark,
                linewidths=0,
                label=label,
            )
        axes.set_xticks([])
        axes.set_yticks([])
        figure.legend(loc="outside right upper", frameon=False, fontsize=7)
        return to_svg(figure)


def class_colours(labels: Sequence[str]) -> dict[str, str]:
    """A colour for every class, "good" in grey."""
    wheel = [*COLOURS[:-2], "#8c6d31", "#843c39", "#5254a3", "#000000"]
    others = sorted(label for label in labels if label != "good")
    found = {label: wheel[place % len(wheel)] for place, label in enumerate(others)}
    return {"good": "#9aa1a7", **found}


def line_style(place: int) -> tuple[str, str]:
    """Colour and dashes of the n-th model."""
    return COLOURS[place % len(COLOURS)], DASHES[(place // 2) % len(DASHES)]


def to_svg(figure: Figure) -> str:
    """The drawing as SVG text without dates."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def _bins(axes: Axes, counts: Axes, bins: Sequence[Mapping[str, Any]], colour: str) -> None:
    """Bins of a reliability diagram with their Wilson intervals, and their pictures below."""
    share = np.array([one["frequency"] for one in bins])
    low = np.array([one["frequency_low"] for one in bins])
    high = np.array([one["frequency_high"] for one in bins])
    spread = np.clip([share - low, high - share], 0.0, None)
    said = [one["confidence"] for one in bins]
    axes.errorbar(
        said, share, spread, fmt="o-", color=colour, markersize=3, linewidth=1.0, elinewidth=0.7
    )
    middles = [(one["low"] + one["high"]) / 2 for one in bins]
    widths = [0.9 * (one["high"] - one["low"]) for one in bins]
    bars = counts.bar(middles, [one["n"] for one in bins], widths, color=colour, linewidth=0)
    counts.bar_label(bars, fontsize=5.5, padding=1, rotation=90)


def _roc_on_grid(file: Path) -> NDArray[np.float64] | None:
    """True-positive rate at evenly spaced false-positive rates, the highest of each step."""
    with np.load(file, allow_pickle=False) as stored:
        fpr, tpr = stored["roc_fpr"], stored["roc_tpr"]
    if not len(fpr):
        return None
    grid = np.linspace(0, 1, GRID_POINTS)
    after = np.searchsorted(fpr, grid, side="right")
    before = np.maximum(after - 1, 0)
    last = np.minimum(after, len(fpr) - 1)
    width = np.maximum(fpr[last] - fpr[before], 1e-12)
    share = np.clip((grid - fpr[before]) / width, 0.0, 1.0)
    return np.asarray(tpr[before] + share * (tpr[last] - tpr[before]), np.float64)


def _series(history: Sequence[Mapping[str, Any]], name: str) -> tuple[list[float], list[float]]:
    """Epochs or steps, and the values there that are numbers."""
    x, y = [], []
    for entry in history:
        validation = entry.get("validation") or {}
        value = {
            "train_loss": (entry.get("train") or {}).get("loss", entry.get("loss")),
            "validation_loss": validation.get("loss"),
            "validation_f1": validation.get("f1", entry.get("f1")),
        }[name]
        if value is not None:
            x.append(float(entry.get("epoch", entry.get("step", 0))))
            y.append(float(value))
    return x, y


def _localised(axes: Axes, words: Words) -> None:
    """Decimal commas where the language has them."""

    def write(value: float, _: int | None) -> str:
        plain = f"{value:.4g}"
        digits = len(plain.partition(".")[2]) if "e" not in plain else 0
        return words.number(value, digits)

    axes.xaxis.set_major_formatter(FuncFormatter(write))
    axes.yaxis.set_major_formatter(FuncFormatter(write))
