"""What is said around the tables: the header, the result in a few sentences, the method.

Must not know HTML or Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.comparison.words import Words
from engine.evaluation.composite import SCENARIOS, SPECIFICATION

SHOWN_HASH = 16


def header_lines(header: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """Titles and values."""
    counts = header["counts"]
    subsets = words("and").join(
        f"{words(name)} {sum(own.values())} ("
        + ", ".join(f"{label} {count}" for label, count in own.items())
        + ")"
        for name, own in header["subsets"].items()
        if own
    )
    tested = words(
        "counts_value",
        n=counts["evaluated"],
        good=counts["good"],
        defect=counts["defect"],
        pixel=counts["pixel_pictures"],
        regions=counts["regions"],
    )
    split = words(
        "split_value", hash=f"{header['split_hash'][:SHOWN_HASH]}…", seed=header["split_seed"]
    )
    device = words(
        "device_value",
        trained=", ".join(header["devices"]),
        evaluated=", ".join(header["evaluated_on"]),
    )
    return [
        (words("data"), f"{header['name']} ({header['data']})"),
        (words("counts"), tested),
        (words("subsets"), subsets),
        (words("protocol"), words(header["protocol"])),
        (words("split"), split),
        (words("seeds"), ", ".join(map(str, header["seeds"]))),
        (words("date"), words.date(header["created_at"])),
        (words("commit"), header["commit"].replace("unknown", words("unknown"))),
        (words("device"), device),
        (words("command"), header["command"]),
    ]


def result_sentences(comparison: Mapping[str, Any], words: Words) -> list[str]:
    """Who wins, by how much, and how certain that is."""
    composite, header = comparison["composite"], comparison["header"]
    order = composite["ranking"][SPECIFICATION]
    winner = order[0]
    score = composite["scores"][winner][SPECIFICATION]
    said = [words("result.none")] if score["mean"] is None else _winner(comparison, words)
    unfinished = sum(run["status"] not in ("done", "skipped") for run in comparison["runs"])
    if unfinished:
        said.append(words("result.failed", count=unfinished, total=len(comparison["runs"])))
    if len(header["devices"]) > 1:
        said.append(words("result.devices"))
    return said


def method_sentences(comparison: Mapping[str, Any], words: Words) -> list[str]:
    """How everything was measured."""
    header = comparison["header"]
    versions = ", ".join(f"{name} {version}" for name, version in header["versions"].items())
    divided = "method.split" if header["protocol"] == "supervised" else "method.one_class"
    return [
        words(divided),
        words("method.test"),
        words("method.interval"),
        words("method.versions", list=versions),
    ]


def _winner(comparison: Mapping[str, Any], words: Words) -> list[str]:
    composite, header = comparison["composite"], comparison["header"]
    winner = composite["ranking"][SPECIFICATION][0]
    score = composite["scores"][winner][SPECIFICATION]
    seeds = len(comparison["models"][winner]["seeds"])
    said = [
        words(
            "result.single_seed" if seeds == 1 else "result.winner",
            model=winner,
            score=_score(score, words),
            seeds=seeds,
            n=header["counts"]["evaluated"],
        ),
        _lead(composite, words),
        _scenarios(composite, winner, words),
    ]
    return [sentence for sentence in said if sentence]


def _score(score: Mapping[str, Any], words: Words) -> str:
    if score.get("low") is None:
        return words.spread(score)
    return f"{words.spread(score)} {words.interval(score['low'], score['high'])}"


def _lead(composite: Mapping[str, Any], words: Words) -> str:
    behind = composite["behind_first"][SPECIFICATION]
    second = next((m for m in composite["ranking"][SPECIFICATION][1:] if m in behind), None)
    if second is None:
        return words("result.alone")
    gap = behind[second]
    if gap["low"] is None:
        return words("result.no_interval", second=second, gap=words.number(gap["value"]))
    key = "result.certain" if gap["low"] > 0.0 else "result.uncertain"
    interval = words.interval(gap["low"], gap["high"])
    said = words(key, second=second, gap=words.number(gap["value"]), interval=interval)
    first = composite["ranking"][SPECIFICATION][0]
    scores = (composite["scores"][model][SPECIFICATION] for model in (first, second))
    if any(score["low"] is None for score in scores):
        said = f"{said} {words('result.saturated')}"
    return said


def _scenarios(composite: Mapping[str, Any], winner: str, words: Words) -> str:
    others = [name for name in SCENARIOS if name != SPECIFICATION]
    firsts = {name: composite["ranking"][name][0] for name in others}
    if len(composite["ranking"][SPECIFICATION]) < 2:
        return ""
    if set(firsts.values()) == {winner}:
        return words("result.all_scenarios")
    pairs = (words("pair", name=words(name), value=firsts[name]) for name in others)
    listed = words("and").join(pairs)
    return words("result.scenarios", list=listed)
