"""The comparison as one HTML file without anything from outside. Must not know measuring.

No script, no link: it can be mailed, kept for years, and printed by any browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from engine.calibration.temperature import BINS
from engine.comparison.examples import Example, data_uri, draw_examples
from engine.comparison.figures import (
    MOST_BANDS,
    MOST_POINTS,
    class_colours,
    confusion_figure,
    embedding_figure,
    learning_figure,
    reliability_figure,
    roc_figure,
)
from engine.comparison.page_style import STYLE_SHEET
from engine.comparison.result import Finished
from engine.comparison.sentences import header_lines, method_sentences, result_sentences
from engine.comparison.tables import Cell, Table, all_tables
from engine.comparison.words import Words

ROWS_KEPT_TOGETHER = 12  # longer tables may run over a page


def to_html(comparison: Mapping[str, Any], finished: Sequence[Finished], words: Words) -> str:
    """The whole page; the figures are drawn from the files of the finished runs."""
    title = escape(words("of", name=comparison["header"]["name"]))
    parts = [
        "<!doctype html>",
        f'<html lang="{words.language}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{STYLE_SHEET}</style></head>",
        f"<body><main><h1>{title}</h1>",
        *_header(comparison, words),
        *_result(comparison, words),
    ]
    for table in all_tables(comparison, words):
        parts += _section(table)
    parts += _figures(comparison, finished, words)
    parts += _unfinished(comparison, words)
    parts += _method(comparison, words)
    parts += ["</main></body></html>", ""]
    return "\n".join(parts)


def _header(comparison: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield "<dl>"
    lines = header_lines(comparison["header"], words)
    for title, value in lines:
        shown = escape(value)
        if title == words("command"):
            shown = f"<code>{shown}</code>"
        yield f"<dt>{escape(title)}</dt><dd>{shown}</dd>"
    yield "</dl>"


def _result(comparison: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield f'<h2>{escape(words("summary"))}</h2><div class="result">'
    for sentence in result_sentences(comparison, words):
        yield f"<p>{escape(sentence)}</p>"
    yield "</div>"


def _section(table: Table) -> Iterator[str]:
    kind = ' class="keep"' if len(table.rows) <= ROWS_KEPT_TOGETHER else ""
    yield f'<section{kind} id="{table.key}"><h2>{escape(table.title)}</h2>'
    yield '<div class="scroll"><table>'
    heads = (
        f'<th scope="col"{_left(place, table)}>{escape(title)}</th>'
        for place, title in enumerate(table.columns)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    before = ""
    for row in table.rows:
        begins = table.labels == 2 and before not in ("", row[0].text)
        cells = list(row)
        if table.labels == 2 and row[0].text == before:
            cells[0] = Cell("")
        before = row[0].text
        drawn = (f"<td{_left(n, table)}>{_cell(cell)}</td>" for n, cell in enumerate(cells))
        yield f'<tr class="group">{"".join(drawn)}</tr>' if begins else f"<tr>{''.join(drawn)}</tr>"
    yield "</tbody></table></div>"
    yield from (f'<p class="note">{escape(note)}</p>' for note in table.notes)
    yield "</section>"


def _figures(
    comparison: Mapping[str, Any], finished: Sequence[Finished], words: Words
) -> Iterator[str]:
    by_model: dict[str, list[Finished]] = {}
    for one in finished:
        by_model.setdefault(one.run.model, []).append(one)
    yield f"<h2>{escape(words('figures'))}</h2>"
    files = {model: [one.run.arrays for one in own] for model, own in by_model.items()}
    counts = comparison["header"]["counts"]
    roc = roc_figure(files, words)
    if roc is not None:
        note = words("figure.roc_note", n=counts["evaluated"])
        if len(files) <= MOST_BANDS and len(finished) > len(files):
            note = f"{note} {words('figure.roc_band')}"
        drawn = _image(roc, words("figure.roc_alt"))
        yield from _group("roc", [f"<figure>{drawn}</figure>"], note, words, plain=True)
    heads = {m: f["multiclass"] for m, f in comparison["models"].items() if f["multiclass"]}
    pictures = [
        _captioned(model, confusion_figure(head, words), words("figure.confusion_alt", model=model))
        for model, head in heads.items()
    ]
    if pictures:
        model, head = next(iter(heads.items()))
        seeds = len(comparison["models"][model]["seeds"])
        note = words("figure.confusion_note", seeds=seeds, n=head["n"])
        yield from _group("confusion", pictures, note, words)
    first = {model: own[0] for model, own in by_model.items()}
    yield from _examples(first, words)
    honest = {
        model: reliability_figure(one.report["calibration"].get("binary"), words)
        for model, one in first.items()
    }
    seed = next(iter(first.values())).run.seed
    note = words("figure.reliability_note", seed=seed, bins=BINS)
    yield from _per_model("reliability", honest, note, words)
    learning = {
        model: learning_figure([one.record["training"].get("history", []) for one in own], words)
        for model, own in by_model.items()
    }
    yield from _per_model("learning", learning, words("figure.learning_note"), words)
    labels = list(next(iter(finished)).report["classes"])
    colours = class_colours(labels)
    spots = {m: embedding_figure(one.run.arrays, colours, words) for m, one in first.items()}
    note = words("figure.tsne_note", seed=seed, most=MOST_POINTS)
    yield from _per_model("tsne", spots, note, words)


def _per_model(
    key: str, drawings: Mapping[str, str | None], note: str, words: Words
) -> Iterator[str]:
    """One drawing for each model that has one."""
    drawn = [
        _captioned(model, svg, words(f"figure.{key}_alt", model=model))
        for model, svg in drawings.items()
        if svg is not None
    ]
    if drawn:
        yield from _group(key, drawn, note, words)


def _group(
    key: str, drawings: Iterable[str], note: str, words: Words, *, plain: bool = False
) -> Iterator[str]:
    title = escape(words(f"figure.{key}"))
    inner = "\n".join(drawings)
    body = inner if plain else f'<div class="grid">{inner}</div>'
    yield f'<section id="{key}"><h3>{title}</h3>{body}<p class="note">{escape(note)}</p></section>'


def _examples(first: Mapping[str, Finished], words: Words) -> Iterator[str]:
    examples = draw_examples({model: one.run.arrays for model, one in first.items()})
    if not examples:
        return
    seed = next(iter(first.values())).run.seed
    yield f'<section id="examples"><h3>{escape(words("figure.examples"))}</h3>'
    titles = ["", words("picture"), words("mask"), *first]
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    yield f'<table class="examples"><thead><tr>{heads}</tr></thead><tbody>'
    yield from (_example(example, list(first), words) for example in examples)
    note = escape(words("figure.examples_note", seed=seed))
    yield f'</tbody></table><p class="note">{note}</p></section>'


def _example(example: Example, models: Sequence[str], words: Words) -> str:
    name = example.name
    cells = [f'<td class="t"><b>{escape(example.label)}</b><small>{escape(name)}</small></td>']
    cells.append(f"<td>{_img(example.picture, words('picture_alt', picture=name))}</td>")
    if example.mask is None:
        cells.append(f"<td>{escape(words('mask_unknown'))}</td>")
    else:
        cells.append(f"<td>{_img(example.mask, words('mask_alt', picture=name))}</td>")
    for model in models:
        alt = words("map_alt", model=model, picture=name)
        drawn = example.maps.get(model)
        cells.append(f"<td>{_img(drawn, alt) if drawn else ''}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _unfinished(comparison: Mapping[str, Any], words: Words) -> Iterator[str]:
    runs = [run for run in comparison["runs"] if run["status"] not in ("done", "skipped")]
    if not runs:
        return
    yield f'<section class="keep" id="failed"><h2>{escape(words("failed"))}</h2><table><thead><tr>'
    yield "".join(f'<th class="t">{escape(words(k))}</th>' for k in _FAILED_COLUMNS)
    yield "</tr></thead><tbody>"
    for run in runs:
        key = "status.failed" if run["status"] == "failed" else "missing"
        state = f'<span class="badge {run["status"]}">{escape(words(key))}</span>'
        reason = f'<span lang="en">{escape(run["sentence"])}</span>'
        cells = (escape(run["model"]), str(run["seed"]), state, reason)
        yield "".join(("<tr>", *(f'<td class="t">{cell}</td>' for cell in cells), "</tr>"))
    yield "</tbody></table></section>"


_FAILED_COLUMNS = ("model", "seed", "status", "reason")


def _method(comparison: Mapping[str, Any], words: Words) -> Iterator[str]:
    yield f'<section class="keep" id="method"><h2>{escape(words("method"))}</h2>'
    yield from (f"<p>{escape(line)}</p>" for line in method_sentences(comparison, words))
    problems = comparison["header"]["problems"]
    if problems:
        yield f"<p>{escape(words('method.problems', count=len(problems)))} "
        yield f'<span lang="en">{escape(problems[0])}</span></p>'
    yield "</section>"


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    text = f"<b>{text}</b>" if cell.best else text
    return f"{text}<small>{escape(cell.detail)}</small>" if cell.detail else text


def _left(place: int, table: Table) -> str:
    return ' class="t"' if place < table.labels else ""


def _captioned(title: str, svg: str, alt: str) -> str:
    return f"<figure><figcaption>{escape(title)}</figcaption>{_image(svg, alt)}</figure>"


def _image(svg: str, alt: str) -> str:
    return _img(data_uri("image/svg+xml", svg.encode()), alt)


def _img(source: str, alt: str) -> str:
    return f'<img src="{source}" alt="{escape(alt, quote=True)}">'
