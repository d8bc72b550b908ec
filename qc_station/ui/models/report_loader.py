"""Reads statistics in a worker thread; only the newest question is answered. Knows no widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from qc_station.domain.production_report import ProductionReport


class StatisticsLike(Protocol):
    """The part of StatisticsService that is used here; called from a worker thread."""

    def recipes(self) -> list[str]: ...
    def report(
        self, start: datetime, end: datetime, recipe: str | None, wanted: Callable[[], bool]
    ) -> ProductionReport | None: ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """An answer, or the ``problem`` why there is none and its ``code``. ``seconds`` is how long it
    took."""

    generation: int
    seconds: float
    report: ProductionReport | None = None
    recipes: tuple[str, ...] = ()
    problem: str = ""
    code: str = ""


class ReportLoader(QObject):
    """One worker thread; a question that was overtaken stops at its next query."""

    loaded = Signal(object)  # Loaded, of the newest question
    _answered = Signal(object)

    def __init__(self, service: StatisticsLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._generation = 0
        self._answered_generation = 0
        self._closed = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="statistics")
        self._answered.connect(self._on_answer)

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return self._answered_generation != self._generation

    def ask(self, start: datetime, end: datetime, recipe: str | None) -> None:
        """Asks; what was asked before is no longer wanted."""
        if not self._closed:
            self._generation += 1
            self._worker.submit(self._work, self._generation, start, end, recipe)

    def drop(self) -> None:
        """Nobody waits any more."""
        self._generation += 1
        self._answered_generation = self._generation

    def close(self) -> None:
        """Joins the worker; for the end of the program."""
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _work(self, generation: int, start: datetime, end: datetime, recipe: str | None) -> None:
        """In the worker thread."""

        def wanted() -> bool:
            return generation == self._generation and not self._closed

        if not wanted():
            return
        began = time.monotonic()
        try:
            recipes = tuple(self._service.recipes())
            report = self._service.report(start, end, recipe, wanted)
        except Exception as error:  # noqa: BLE001 — the page shows the sentence
            seconds = time.monotonic() - began
            code = str(getattr(error, "code", ""))
            self._answered.emit(Loaded(generation, seconds, problem=str(error), code=code))
            return
        if report is not None:
            seconds = time.monotonic() - began
            self._answered.emit(Loaded(generation, seconds, report, recipes))

    @Slot(object)
    def _on_answer(self, answer: Loaded) -> None:
        if answer.generation == self._generation:
            self._answered_generation = answer.generation
            self.loaded.emit(answer)
