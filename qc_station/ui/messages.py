"""What the window says in words: verdicts, reasons, errors, defect classes. No widgets.

Every function looks its text up at the moment of the call, so that a language switch shows at the
next repaint. Numbers are written by the current default QLocale.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from qc_station.domain.verdict import Inspection, Label, Reason, Removal, Verdict
from qc_station.ui import defect_names
from qc_station.ui.error_words import error_words

translate = QCoreApplication.translate


def number(value: float, decimals: int = 2) -> str:
    """A number in the current language's way of writing."""
    return QLocale().toString(float(value), "f", decimals)


def figures(*values: float) -> list[str]:
    """Numbers that are compared with each other: enough decimals that different ones differ."""
    texts: list[str] = []
    for decimals in range(2, 7):
        texts = [number(value, decimals) for value in values]
        if len(set(texts)) == len(set(values)):
            break
    return texts


def count(value: int) -> str:
    """A whole number with the current language's group separators."""
    return QLocale().toString(int(value))


def percent(share: float | None, decimals: int = 0) -> str:
    """A share in [0, 1] as per cent; a dash when unknown."""
    if share is None:
        return "–"
    return translate("Numbers", "{} %").format(number(share * 100.0, decimals))


def shortened(text: str, longest: int) -> str:
    """``text`` with its middle left out where it has more than ``longest`` characters."""
    if len(text) <= longest:
        return text
    end = (longest - 1) // 2
    return f"{text[: longest - 1 - end]}…{text[-end:]}"


def verdict_word(verdict: Verdict) -> str:
    """The one huge word, in capitals."""
    return {
        Verdict.OK: translate("Verdict", "OK"),
        Verdict.NG: translate("Verdict", "NG"),
        Verdict.REVIEW: translate("Verdict", "REVIEW"),
        Verdict.NOT_INSPECTED: translate("Verdict", "NOT INSPECTED"),
    }[verdict]


def verdict_title(verdict: Verdict) -> str:
    """The verdict in a table, a filter or a tooltip."""
    return {
        Verdict.OK: translate("VerdictTitle", "OK"),
        Verdict.NG: translate("VerdictTitle", "NG"),
        Verdict.REVIEW: translate("VerdictTitle", "Review"),
        Verdict.NOT_INSPECTED: translate("VerdictTitle", "Not inspected"),
    }[verdict]


def label_title(label: Label) -> str:
    """An expert's answer."""
    return {
        Label.GOOD: translate("Label", "Good"),
        Label.DEFECT: translate("Label", "Defect"),
        Label.CANNOT_TELL: translate("Label", "Can't tell"),
    }[label]


def class_title(name: str | None) -> str:
    """A defect class as people say it: its recipe's name for it, or ``plain_class_title``."""
    return (defect_names.name_of(name) if name else "") or plain_class_title(name)


def plain_class_title(name: str | None) -> str:
    """A defect class without a name of its own; unknown ones are made readable, not hidden."""
    if not name:
        return translate("DefectClass", "Unknown defect")
    known = {
        "good": translate("DefectClass", "Good"),
        "anomaly": translate("DefectClass", "Defect without a name"),
        # Cable (SPEC)
        "bent_wire": translate("DefectClass", "Bent wire"),
        "cable_swap": translate("DefectClass", "Wires swapped"),
        "combined": translate("DefectClass", "Several defects"),
        "cut_inner_insulation": translate("DefectClass", "Cut inner insulation"),
        "cut_outer_insulation": translate("DefectClass", "Cut outer insulation"),
        "missing_cable": translate("DefectClass", "Missing conductor"),
        "missing_wire": translate("DefectClass", "Missing strands"),
        "poke_insulation": translate("DefectClass", "Pierced insulation"),
        # Bottle (MVTec AD)
        "broken_large": translate("DefectClass", "Large break"),
        "broken_small": translate("DefectClass", "Small break"),
        "contamination": translate("DefectClass", "Contamination"),
        # Magnetic tile
        "blowhole": translate("DefectClass", "Blowhole"),
        "break": translate("DefectClass", "Break"),
        "crack": translate("DefectClass", "Crack"),
        "fray": translate("DefectClass", "Fray"),
        "uneven": translate("DefectClass", "Uneven surface"),
    }
    key = name.lower()
    for prefix in ("", "mt_"):
        if key.startswith(prefix) and key[len(prefix) :] in known:
            return known[key[len(prefix) :]]
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def no_picture_sentence(part: Inspection) -> str:
    """Why a part has no picture."""
    if part.removal is Removal.RULE:
        return translate("Picture", "The recipe does not keep the picture of this OK part.")
    if part.removal is Removal.AGE:
        return translate("Picture", "The picture was deleted after the days set in the recipe.")
    return translate("Picture", "No picture was kept of this part.")


def reason_sentence(reason: Reason, inspection: Inspection | None = None) -> str:
    """Why the verdict was given, in one sentence; with the numbers when they are known."""
    score = inspection.score if inspection else None
    ok_limit = inspection.ok_limit if inspection else None
    ng_limit = inspection.ng_limit if inspection else None
    p_value = inspection.p_value if inspection else None
    if score is not None:
        if reason is Reason.BELOW_OK_LIMIT and ok_limit is not None:
            shown, ok = figures(score, ok_limit)
            return translate("Reason", "Score {score} is below the OK limit {ok}.").format(
                score=shown, ok=ok
            )
        if reason is Reason.ABOVE_NG_LIMIT and ng_limit is not None:
            shown, ng = figures(score, ng_limit)
            return translate("Reason", "Score {score} is above the NG limit {ng}.").format(
                score=shown, ng=ng
            )
        if reason is Reason.BETWEEN_LIMITS and ok_limit is not None and ng_limit is not None:
            shown, ok, ng = figures(score, ok_limit, ng_limit)
            return translate(
                "Reason",
                "Uncertain: score {score} lies between the OK limit {ok} and the NG limit {ng}.",
            ).format(score=shown, ok=ok, ng=ng)
        if reason is Reason.NOT_SUPPORTED and ok_limit is not None and score > ok_limit:
            shown, ok = figures(score, ok_limit)
            return translate(
                "Reason",
                "Score {score} is above the OK limit {ok}; "
                "the model knows too few parts to call it NG.",
            ).format(score=shown, ok=ok)
        if reason is Reason.NOVEL and p_value is not None:
            return translate(
                "Reason",
                "Looks unlike any part seen so far (score {score}, p = {p}).",
            ).format(score=number(score), p=number(p_value, 3))
    return _plain_reason(reason)


def _plain_reason(reason: Reason) -> str:
    return {
        Reason.BELOW_OK_LIMIT: translate("Reason", "The score is below the OK limit."),
        Reason.ABOVE_NG_LIMIT: translate("Reason", "The score is above the NG limit."),
        Reason.BETWEEN_LIMITS: translate(
            "Reason", "Uncertain: the score lies between the OK limit and the NG limit."
        ),
        Reason.NOVEL: translate("Reason", "Looks unlike any part seen so far."),
        Reason.NOT_SUPPORTED: translate(
            "Reason", "The model knows too few parts to be sure at the rate asked for."
        ),
        Reason.NO_MODEL: translate("Reason", "No model is loaded."),
        Reason.ENGINE_DOWN: translate("Reason", "The inspection engine was not running."),
        Reason.ENGINE_FAULT: translate("Reason", "The inspection engine reported a fault."),
        Reason.DEADLINE: translate("Reason", "No answer before the deadline."),
        Reason.QUEUE_FULL: translate("Reason", "Parts came faster than they can be inspected."),
        Reason.CAMERA_FAULT: translate("Reason", "The camera gave no picture."),
        Reason.PICTURE_UNUSABLE: translate("Reason", "The picture could not be used."),
        Reason.STORE_FAULT: translate("Reason", "The verdict could not be written down."),
        Reason.DISK_FULL: translate("Reason", "The disk is full."),
        Reason.PRODUCT_CHANGED: translate(
            "Reason", "Another product was chosen while this part was under way."
        ),
        Reason.NOT_RELEASED: translate(
            "Reason", "The station is not released: its golden samples must be checked first."
        ),
        Reason.INTERRUPTED: translate("Reason", "The station stopped during this part."),
    }[reason]


def reason_title(reason: Reason) -> str:
    """The reason in a narrow table column."""
    return {
        Reason.BELOW_OK_LIMIT: translate("ReasonTitle", "Below OK limit"),
        Reason.ABOVE_NG_LIMIT: translate("ReasonTitle", "Above NG limit"),
        Reason.BETWEEN_LIMITS: translate("ReasonTitle", "Between limits"),
        Reason.NOVEL: translate("ReasonTitle", "Never seen"),
        Reason.NOT_SUPPORTED: translate("ReasonTitle", "Too few references"),
        Reason.NO_MODEL: translate("ReasonTitle", "No model"),
        Reason.ENGINE_DOWN: translate("ReasonTitle", "Engine not running"),
        Reason.ENGINE_FAULT: translate("ReasonTitle", "Engine fault"),
        Reason.DEADLINE: translate("ReasonTitle", "Too late"),
        Reason.QUEUE_FULL: translate("ReasonTitle", "Line too fast"),
        Reason.CAMERA_FAULT: translate("ReasonTitle", "Camera fault"),
        Reason.PICTURE_UNUSABLE: translate("ReasonTitle", "Unusable picture"),
        Reason.STORE_FAULT: translate("ReasonTitle", "Not written down"),
        Reason.DISK_FULL: translate("ReasonTitle", "Disk full"),
        Reason.PRODUCT_CHANGED: translate("ReasonTitle", "Product changed"),
        Reason.NOT_RELEASED: translate("ReasonTitle", "Not released"),
        Reason.INTERRUPTED: translate("ReasonTitle", "Interrupted"),
    }[reason]


def error_sentence(
    code: str, fallback: str = "", params: Mapping[str, object] | None = None
) -> str:
    """The sentence for an error code; its English original when the code has no translation."""
    sentence = error_words().get(code) or fallback
    if not sentence:
        sentence = translate("Error", "Something went wrong ({code}).").format(code=code)
    for name, value in (params or {}).items():
        if str(value) not in sentence and name in ("path", "file"):
            sentence = f"{sentence} ({value})"
    return sentence
