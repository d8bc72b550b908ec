"""Names in words what a chosen figure of the statistics narrows the history to. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.filters import HistoryFilter
from qc_station.ui.messages import class_title, label_title
from qc_station.ui.time_words import span

translate = QCoreApplication.translate


def narrowed_to(filter_: HistoryFilter) -> str:
    """Time range, product, defect and answer of a filter; its verdicts are shown elsewhere."""
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
    return " · ".join(found)
