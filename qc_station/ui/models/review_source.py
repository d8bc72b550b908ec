"""What the Review page needs of the services, so that tests can stand in for them."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from qc_station.domain.verdict import Inspection, Label
from qc_station.ui.models.picture_loader import PictureSource


class ReviewLike(Protocol):
    """The part of ReviewService that is used here."""

    @property
    def changed(self) -> SignalInstance: ...
    def queue(self, limit: int = 50) -> list[Inspection]: ...
    def remaining(self) -> int: ...
    def answer(
        self, inspection_id: str, label: Label, class_name: str | None, reviewer: str
    ) -> Inspection: ...
    def undo(self) -> Inspection | None: ...
    def class_names(self) -> list[str]: ...


class ReviewLog(PictureSource, Protocol):
    """The part of VerdictLog that is used here."""

    @property
    def recorded(self) -> SignalInstance: ...
