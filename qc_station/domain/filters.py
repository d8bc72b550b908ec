"""What a person may ask of the history. Pure data: knows no SQL and no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qc_station.domain.verdict import Label, Verdict


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Every field narrows the answer; the empty filter means all parts, newest first.

    ``from_`` (included) and ``to`` (excluded) bound ``captured_at`` and must be aware times.
    ``verdicts`` is empty for any verdict. ``class_name`` matches the machine's class and the
    expert's. ``reviewed`` is None for both, True for parts with a standing expert answer, which
    ``answer`` names. ``overridden`` leaves parts that a person has decided about otherwise.
    ``defect`` is the name that stands: the expert's where there is one, else the machine's; ""
    for defects without a name. Parts that an expert called good are no defects.
    ``score_above`` (excluded) and ``score_up_to`` (included) bound the raw score; ``novel`` True
    means parts that were called unlike any part seen, False all others.
    ``text`` is looked for, ignoring case, in serial number, source, camera, detail, inspection id
    and lot; digits alone also match the part number. Parts of golden-sample checks are no
    production: ``golden`` asks for them, and for nothing else.
    """

    from_: datetime | None = None
    to: datetime | None = None
    verdicts: frozenset[Verdict] = frozenset()
    recipe: str | None = None
    model_id: str | None = None
    lot: str | None = None
    class_name: str | None = None
    reviewed: bool | None = None
    overridden: bool = False
    answer: Label | None = None
    defect: str | None = None
    score_above: float | None = None
    score_up_to: float | None = None
    novel: bool | None = None
    text: str = ""
    golden: bool = False

    def __post_init__(self) -> None:
        """Refuse naive times: they would silently shift the window by the local offset."""
        for moment in (self.from_, self.to):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("history filters take aware times (UTC), not naive ones")
