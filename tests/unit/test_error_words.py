"""The error gate: every code that qc_station, engine or db can emit has a sentence in the window.

A code without one shows its English original in a French window.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from qc_station.ui.error_words import error_words

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for package in ("qc_station", "engine", "db")
    for path in (ROOT / package).rglob("*.py")
    if ROOT / "qc_station" / "ui" not in path.parents
)
FAMILIES = {
    "EngineError",
    "CameraError",
    "PictureError",
    "StoreError",
    "LibraryError",
    "RingError",
    "AccessError",
    "RecipeError",
    "GoldenError",
}
HELPERS = {"_error", "_fail", "_fault", "_end_badly", "_enter", "restart", "Failed", "JobFailed"}
SIGNALS = {"failed", "load_failed", "_broken"}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")

NEVER_IN_THE_WINDOW = {
    # states of the engine, not faults: they have words in state_messages
    "engine_loading",
    "engine_no_model",
    "engine_ready",
    "engine_starting",
    # options and reports of the qc-engine command line
    "arrays_damaged",
    "explain_options",
    "explanation_unwritable",
    "explanations_over_heatmaps",
    "explanations_over_pictures",
    "figure_unwritable",
    "heatmaps_over_pictures",
    "nothing_finished",
    "option_missing",
    "option_out_of_range",
    "options_exclude_each_other",
    "package_missing",
    "path_missing",
    "run_failed",
    "self_test_failed",
    "teaching_failed",
    # training, dividing and comparing, which are done from the command line
    "augmentation_out_of_range",
    "augmentation_unknown",
    "batch_not_divisible",
    "checkpoint_damaged",
    "checkpoint_other",
    "config_key_unknown",
    "config_unreadable",
    "config_unused",
    "config_value_wrong",
    "devices_unsupported",
    "fractions_wrong",
    "gpu_memory",
    "no_split",
    "protocol_unsupported",
    "split_elsewhere",
    "split_out_missing",
    "suffix_wrong",
    "synthetic_unknown",
    "training_process_failed",
    "weights_of_one_model",
    "weights_unused",
    # the jobs' table, which no page shows
    "job_missing",
    # a programming error: a slot that was never lent
    "slot_range",
    "slot_stale",
}
FROM_ELSEWHERE = {"give_up", "interrupted", "model_refused", "product_taught_elsewhere"}
"""Said by the window, the station's wiring or the jobs' table, which pass them in another way."""


def literals(node: ast.expr) -> Iterator[str]:
    """Codes among the branches of an expression."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)
    elif isinstance(node, ast.Call):
        for argument in node.args:  # getattr(error, "code", "bundle_not_kept"), str(…)
            yield from literals(argument)
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
        and node.value != "code"
    ):
        yield node.value


def emits(call: ast.Call) -> bool:
    """Whether a call passes an error code on."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "emit" and isinstance(function, ast.Attribute):
        owner = function.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return name in SIGNALS
    return name in FAMILIES or name in HELPERS


def codes(source: Path) -> Iterator[tuple[str, str]]:
    """(code, place) of everything that a file can emit."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        found: list[str] = []
        if isinstance(node, ast.Call) and emits(node):
            given = [word.value for word in node.keywords if word.arg == "code"]
            found = [code for value in (*node.args, *given) for code in literals(value)]
        elif isinstance(node, ast.Assign) and source.parent.name == "backend":
            names = {getattr(t, "attr", getattr(t, "id", "")) for t in node.targets}
            if names & {"code", "_end_code"}:
                found = list(literals(node.value))
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Dict)
            and getattr(node.targets[0], "id", "") == "_SENTENCES"
        ):
            found = [code for key in node.value.keys if key for code in literals(key)]
        for code in found:
            yield code, f"{source.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


EMITTED = {code: place for source in SOURCES for code, place in codes(source)}


def test_the_collector_sees_every_way_of_emitting() -> None:
    for code in (
        "busy", "bundle_damaged", "bundle_not_kept", "camera_frozen", "engine_died", "job_died",
        "out_of_memory", "protocol_version", "ring_no_memory", "snapshot_failed", "store_damaged",
        "unknown_model",
    ):  # fmt: skip
        assert code in EMITTED, code


def test_every_code_has_a_sentence_of_its_own() -> None:
    without = {
        code: place
        for code, place in EMITTED.items()
        if code not in error_words() and code not in NEVER_IN_THE_WINDOW
    }
    assert not without, f"add them to qc_station/ui/error_words.py: {without}"


def test_no_sentence_is_left_of_a_code_that_nobody_emits() -> None:
    dead = set(error_words()) - set(EMITTED) - FROM_ELSEWHERE
    assert not dead, f"remove them from qc_station/ui/error_words.py: {sorted(dead)}"
    assert not NEVER_IN_THE_WINDOW - set(EMITTED), "exempted, but nobody emits it"


def test_every_sentence_is_a_sentence() -> None:
    for code, sentence in error_words().items():
        assert sentence[0].isupper() and sentence[-1] in ".?", code
