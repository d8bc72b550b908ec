"""What the Inspect page says: the hatched warning and when there is one, lots. No widgets."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui.messages import count, error_sentence, reason_sentence, verdict_word
from qc_station.ui.state_messages import state_advice, state_why, state_word

translate = QCoreApplication.translate


class Warning(NamedTuple):
    """The huge word, why, and what to do."""

    word: str
    why: str
    advice: str


def warning(
    state: StationState,
    reason: StateReason,
    newest: Inspection | None,
    failure: tuple[str, str] | None,
    *,
    teaching: bool,
) -> Warning | None:
    """The warning of the moment, or None: nobody may take a part or the station for inspected.

    ``newest`` is the last answered part, ``failure`` (code, sentence) a start-up that failed.
    """
    if failure is not None:
        word = state_word(StationState.NOT_INSPECTING)
        return Warning(word, error_sentence(*failure), state_advice(StateReason.NO_MODEL))
    if state is StationState.NOT_INSPECTING and not teaching:
        return Warning(state_word(state), state_why(reason), state_advice(reason))
    missed = newest is not None and newest.verdict is Verdict.NOT_INSPECTED
    if state is StationState.INSPECTING and newest is not None and missed:
        advice = translate("InspectWords", "Take part {} out: the line treats it as NG.")
        return Warning(
            verdict_word(Verdict.NOT_INSPECTED),
            reason_sentence(newest.reason, newest),
            advice.format(newest.part_number),
        )
    return None


def lot_news(lot: str, parts: int) -> str:
    """A lot has begun, or goes on with so many parts; an empty one: it has ended."""
    if not lot:
        return translate("InspectWords", "No lot from now on.")
    if not parts:
        return translate("InspectWords", "Lot {} has begun.").format(lot)
    text = translate("InspectWords", "Lot {lot} goes on: {parts} parts so far.")
    return text.format(lot=lot, parts=count(parts))
