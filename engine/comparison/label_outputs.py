"""A label curve as figure, table, CSV and page, in English or French. Must not know training."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from engine.comparison.figures import STYLE, line_style, to_svg
from engine.comparison.label_curve import FIGURES
from engine.comparison.labelling import QUEUE
from engine.comparison.page_style import STYLE_SHEET
from engine.comparison.plan import write_json, write_text
from engine.comparison.words import Words
from engine.models import patch_memory, patch_probe

JSON_FILE, CSV_FILE, TABLE_FILE = "label-curve.json", "label-curve.csv", "label-curve.md"
DRAWN = ("auroc", "f1_macro", "dice")
OUT_OF_FOLD = (patch_memory.NAME, patch_probe.NAME)  # hold no label back for validation
CSV_COLUMNS = ("order", "labels", "figure", "mean", "sd", "low", "high", "n", "seeds")

WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "{name}: what expert labels are worth",
        "{name}\u00a0: ce que valent les annotations",
    ),
    "random": ("random order", "ordre aléatoire"),
    "queue": ("review queue's order", "ordre de la file de revue"),
    "labels": ("labelled defects", "défauts annotés"),
    "order": ("Order", "Ordre"),
    "reviewed": ("Parts looked at", "Pièces examinées"),
    "auroc": ("image AUROC", "AUROC image"),
    "f1_macro": ("macro F1 of all classes", "F1 macro de toutes les classes"),
    "dice": ("Dice at the frozen threshold", "Dice au seuil figé"),
    "aupro": ("AUPRO@0.3", "AUPRO@0.3"),
    "pixel_ap": ("pixel AP", "AP pixel"),
    "f1": ("F1 at the frozen threshold", "F1 au seuil figé"),
    "recall": ("recall at the frozen threshold", "rappel au seuil figé"),
    "test": (
        "Tested on {n} pictures that no training has seen ({counts}); division {hash}.",
        "Testé sur {n} images qu'aucun apprentissage n'a vues ({counts})\u00a0; division {hash}.",
    ),
    "how": (
        "Every point is a whole training on all good pictures of training and validation and so "
        "many labelled defects out of {pool}. {division} Seeds: {seeds}; mean and standard "
        "deviation over them; the band is the 95 % interval over pictures and seeds. Macro F1 "
        "counts classes that were never labelled as missed. Model {model}, on {device}, {date}, "
        "commit {commit}.",
        "Chaque point est un apprentissage complet sur toutes les images bonnes et le nombre "
        "indiqué de défauts annotés parmi {pool}. {division} Graines\u00a0: {seeds}\u00a0; moyenne "
        "et écart type sur celles-ci\u00a0; la bande est l'intervalle à 95\u00a0% sur les images "
        "et les graines. Le F1 macro compte comme manquées les classes jamais annotées. Modèle "
        "{model}, sur {device}, {date}, commit {commit}.",
    ),
    "validated": (
        "Every fifth of a class only validates; thresholds, fusion and limits come from "
        "validation.",
        "Un sur cinq de chaque classe ne sert qu'à la validation, dont viennent seuils, fusion et "
        "limites.",
    ),
    "out_of_fold": (
        "All of them teach; thresholds, fusion and limits come from answers out of fold.",
        "Tous servent à l'apprentissage\u00a0; seuils, fusion et limites viennent de réponses sur "
        "des pièces non apprises (validation croisée).",
    ),
    "left_out": (
        "{model} cannot be trained with so few labelled defects: no point for {counts}.",
        "{model} ne peut pas être entraîné avec si peu de défauts annotés\u00a0: pas de point "
        "pour {counts}.",
    ),
    "added": (
        "The point without labels was added: the review queue begins with its model.",
        "Le point sans annotation a été ajouté\u00a0: la file de revue commence avec son modèle.",
    ),
    "random_start": (
        "The review queue begins with a model of labels drawn at random ({start}), because "
        "{model} cannot be trained without any.",
        "La file de revue commence avec un modèle d'annotations tirées au sort ({start}), car "
        "{model} ne peut pas être entraîné sans annotation.",
    ),
}


def notes(curve: Mapping[str, Any], words: Words) -> list[str]:
    """What the curve does otherwise than it was asked, in sentences."""
    facts = {"model": curve["model"], "start": curve["start"]}
    found = []
    if curve["left_out"]:
        counts = ", ".join(str(count) for count in curve["left_out"])
        found.append(said(words, "left_out", counts=counts, **facts))
    if curve["added"]:
        found.append(said(words, "added"))
    if QUEUE in curve["curves"] and 0 < curve["start"] < curve["pool"]:
        found.append(said(words, "random_start", **facts))
    return found


def write_curve(out: Path, curve: Mapping[str, Any], languages: Sequence[str]) -> list[Path]:
    """Write everything and return the files. Raises OSError."""
    files = [out / JSON_FILE, out / CSV_FILE, out / TABLE_FILE]
    write_json(files[0], dict(curve))
    write_text(files[1], to_csv(curve))
    write_text(files[2], to_markdown(curve))
    for language in languages:
        page = out / f"label-curve-{language}.html"
        write_text(page, to_page(curve, Words(language)))
        files.append(page)
    return files


def said(words: Words, key: str, **values: Any) -> str:
    """A sentence of this page in the reader's language."""
    text = WORDS[key][0 if words.language == "en" else 1]
    return text.format(**values) if values else text


def curve_figure(curve: Mapping[str, Any], words: Words) -> str:
    """AUROC, macro F1 and Dice against the number of labelled defects, as SVG. The axis is that of
    log(1 + labels / 5), which has room for none and for hundreds."""
    with rc_context(STYLE):
        figure = Figure(figsize=(9.6, 3.6), layout="constrained")
        for axes, name in zip(figure.subplots(1, len(DRAWN)), DRAWN, strict=True):
            _draw(axes, curve, name, words)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
        return to_svg(figure)


def _draw(axes: Axes, curve: Mapping[str, Any], name: str, words: Words) -> None:
    ticks: set[int] = set()
    for place, (order, points) in enumerate(curve["curves"].items()):
        known = [p for p in points if p["figures"][name]["mean"] is not None]
        x = [float(p["labels"]) for p in known]
        y = [p["figures"][name]["mean"] for p in known]
        ticks |= {p["labels"] for p in points}
        colour, dash = line_style(place)
        axes.plot(x, y, dash, color=colour, marker="o", markersize=3, label=said(words, order))
        spans = [p for p in known if p["figures"][name]["low"] is not None]
        if len(spans) > 1:
            axes.fill_between(
                [float(p["labels"]) for p in spans],
                [p["figures"][name]["low"] for p in spans],
                [p["figures"][name]["high"] for p in spans],
                color=colour,
                alpha=0.12,
                linewidth=0,
            )
    axes.set_xscale("symlog", linthresh=5, linscale=0.6)
    axes.set_xticks(sorted(ticks), [str(tick) for tick in sorted(ticks)], fontsize=7.5)
    axes.minorticks_off()
    axes.set_ylim(top=min(1.02, axes.get_ylim()[1]))  # nothing lies above 1
    axes.set(xlabel=said(words, "labels"), title=said(words, name))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value, 3)))


def to_csv(curve: Mapping[str, Any]) -> str:
    """Every figure of every point in a row of its own."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(CSV_COLUMNS)
    for order, points in curve["curves"].items():
        for point in points:
            for name in FIGURES:
                figure = point["figures"][name]
                values = [figure[key] for key in ("mean", "sd", "low", "high", "n", "seeds")]
                shown = ["" if value is None else value for value in values]
                writer.writerow([order, point["labels"], name, *shown])
    return stream.getvalue()


def to_markdown(curve: Mapping[str, Any]) -> str:
    """The table with its explanation, in English."""
    words = Words("en")
    columns, rows = _table(curve, words)
    numbers = len(columns) - 1
    lines = [f"# {_title(curve, words)}", ""]
    lines += [line for sentence in _sentences(curve, words) for line in (sentence, "")]
    lines += ["| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * numbers]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def to_page(curve: Mapping[str, Any], words: Words) -> str:
    """One HTML file without anything from outside."""
    title = escape(_title(curve, words))
    columns, rows = _table(curve, words)
    figure = curve_figure(curve, words)
    parts = [
        "<!doctype html>",
        f'<html lang="{words.language}"><head><meta charset="utf-8">',
        f"<title>{title}</title><style>{STYLE_SHEET}</style></head>",
        f"<body><main><h1>{title}</h1>",
        f'<figure role="img" aria-label="{title}">{figure[figure.index("<svg") :]}</figure>',
        "<table><thead><tr>",
        *_cells("th", columns),
        "</tr></thead><tbody>",
        *("<tr>" + "".join(_cells("td", row)) + "</tr>" for row in rows),
        "</tbody></table>",
        *(f"<p>{escape(sentence)}</p>" for sentence in _sentences(curve, words)),
        "</main></body></html>",
        "",
    ]
    return "\n".join(parts)


def _cells(tag: str, texts: Sequence[str]) -> list[str]:
    """Cells of a row, of which the first is text and the others are numbers."""
    first, *others = (escape(text) for text in texts)
    cells = [f"<{tag}>{text}</{tag}>" for text in others]
    return [f'<{tag} class="t">{first}</{tag}>', *cells]


def _title(curve: Mapping[str, Any], words: Words) -> str:
    return said(words, "title", name=curve["product"])


def _sentences(curve: Mapping[str, Any], words: Words) -> list[str]:
    test = curve["test"]
    counts = ", ".join(f"{name} {count}" for name, count in test.items())
    seeds = len({point["seed"] for point in curve["points"]})
    return [
        said(words, "test", n=sum(test.values()), counts=counts, hash=curve["split_hash"][:12]),
        said(
            words,
            "how",
            pool=curve["pool"],
            division=said(words, "out_of_fold" if curve["model"] in OUT_OF_FOLD else "validated"),
            seeds=seeds,
            model=curve["model"],
            device=curve["device"],
            date=curve["finished_at"][:10],
            commit=curve["commit"],
        ),
        *notes(curve, words),
    ]


def _table(curve: Mapping[str, Any], words: Words) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: a row for every order and number of labels."""
    columns = [said(words, key) for key in ("order", "labels", "reviewed", *FIGURES)]
    rows = []
    for order, points in curve["curves"].items():
        for point in points:
            figures = [_shown(point["figures"][name], words) for name in FIGURES]
            looked_at = words.number(point["reviewed"], 0)
            rows.append([said(words, order), str(point["labels"]), looked_at, *figures])
    return columns, rows


def _shown(figure: Mapping[str, Any], words: Words) -> str:
    """Mean ± sd and the interval."""
    text = words.spread(figure)
    if figure["low"] is None:
        return text
    return f"{text} {words.interval(figure['low'], figure['high'], 2)}"
