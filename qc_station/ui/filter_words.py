"""Names in words what a chosen figure of the statistics narrows the history to. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.filters import HistoryFilter
from qc_station.ui.messages import class_title, figures, label_title, number
from qc_station.ui.time_words import span

translate = QCoreApplication.translate


def narrowed_to(filter_: HistoryFilter) -> str:
    """Time range, product, defect, answer, model and scores of a filter; its verdicts are shown
    elsewhere."""
    found: list[str] = []
    if filter_.from_ is not None and filter_.to is not None:
        found.append(span(filter_.from_, filter_.to))
    if filter_.recipe is not None:
        found.append(filter_.recipe)
    if filter_.defect is not None:
        found.append(class_title(filter_.defect or "anomaly"))
    if filter_.answer is not None:
        answer = label_title(filter_.answer)
        found.append(translate("FilterWords", "expert's answer: {}").format(answer))
    if filter_.model_id is not None:
        short = filter_.model_id.rsplit("-", 1)[-1]
        found.append(translate("FilterWords", "model {}").format(short))
    scores = _scores(filter_.score_above, filter_.score_up_to)
    if scores:
        found.append(scores)
    if filter_.novel is not None:
        seen = translate("FilterWords", "without parts never seen before")
        found.append(translate("FilterWords", "never seen before") if filter_.novel else seen)
    return " · ".join(found)


def _scores(above: float | None, up_to: float | None) -> str:
    if above is not None and up_to is not None:
        low, high = figures(above, up_to)
        words = translate("FilterWords", "score above {low}, up to {high}")
        return words.format(low=low, high=high)
    if above is not None:
        return translate("FilterWords", "score above {}").format(number(above))
    if up_to is not None:
        return translate("FilterWords", "score up to {}").format(number(up_to))
    return ""
