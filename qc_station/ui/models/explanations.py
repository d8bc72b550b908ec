"""The explanation of the part on the screen: asked for, waited for, given. Knows no widget."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from qc_station.domain.explanation import OCCLUSION, Explanation


class ExplainerLike(Protocol):
    """The part of ExplainerClient that is used here."""

    @property
    def explained(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    def explain(self, pixels: NDArray[np.uint8], method: str = ...) -> int: ...
    def stop(self, number: int) -> None: ...


class Step(Enum):
    """How far it is."""

    IDLE = auto()
    WAITING = auto()
    GIVEN = auto()
    REFUSED = auto()


class PartExplanation(QObject):
    """At most one explanation at a time; what comes for an earlier part is never shown."""

    changed = Signal()

    def __init__(self, explainer: ExplainerLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explainer = explainer
        self._number: int | None = None
        self.step = Step.IDLE
        self.method = OCCLUSION  # asked for last
        self.given: Explanation | None = None
        self.refusal = ("", "")  # code, sentence
        explainer.explained.connect(self._on_explained)
        explainer.failed.connect(self._on_failed)

    def ask(self, pixels: NDArray[np.uint8], method: str) -> None:
        """Ask about uint8 RGB [H, W, 3] by one of the engine's methods."""
        self.leave()
        self.method = method
        self._number = self._explainer.explain(pixels, method)
        self._enter(Step.WAITING)

    def leave(self) -> None:
        """Another part, or enough seen."""
        number, self._number = self._number, None
        if number is not None:
            self._explainer.stop(number)
        self.given, self.refusal = None, ("", "")
        if self.step is not Step.IDLE:
            self._enter(Step.IDLE)

    @Slot(object)
    def _on_explained(self, explanation: Explanation) -> None:
        if explanation.number == self._number:
            self._number, self.given = None, explanation
            self._enter(Step.GIVEN)

    @Slot(int, str, str)
    def _on_failed(self, number: int, code: str, sentence: str) -> None:
        if number == self._number:
            self._number, self.refusal = None, (code, sentence)
            self._enter(Step.REFUSED)

    def _enter(self, step: Step) -> None:
        self.step = step
        self.changed.emit()
