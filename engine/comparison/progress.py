"""How far a comparison is and how long it will take. Must not know what a run does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]
Note = Callable[[str, str], None]

STEPS = 1000  # of the stage "runs"
PERIOD_S = 0.12  # between two reports
# Usual shares of a run's time by stage, in their order; models go through some of them.
SHARES = {
    "read": 3.0,
    "features": 6.0,
    "memory": 3.0,
    "folds": 8.0,
    "train": 60.0,
    "calibrate": 2.0,
    "export": 4.0,
    "evaluate": 8.0,
    "metrics": 4.0,
    "cost": 2.0,
}
# Of a cascade's time, where the stages of its two models begin and how much they take.
PARTS = {"fast_": (0.0, 0.3), "expert_": (0.3, 0.55)}


def ignore(*_: object) -> None:
    """Nobody wants to know."""


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told: ``progress(stage, done, total)``; ``note(stage, sentence)`` when a run ends;
    ``cancelled()`` says whether to stop at the next step."""

    progress: Progress = ignore
    note: Note = ignore
    cancelled: Cancelled = never


class Forecast:
    """Time left over several runs, from the seconds that finished runs of each model took.

    A model that has none yet is expected to take the mean of the others; the run in progress is
    judged by its own share once that says something.
    """

    def __init__(self, pending: Sequence[str], seconds: Mapping[str, Sequence[float]]) -> None:
        self._pending = list(pending)
        self._seconds = {model: list(values) for model, values in seconds.items()}

    def finish(self, seconds: float | None) -> None:
        """The first pending run has ended, after so many seconds (None: it failed)."""
        model = self._pending.pop(0)
        if seconds is not None:
            self._seconds.setdefault(model, []).append(seconds)

    def left(self, elapsed: float, share: float) -> float | None:
        """Seconds until the last run ends; None as long as nothing is known. The first pending
        run has gone on for ``elapsed`` seconds and is done to ``share`` in [0, 1]."""
        if not self._pending:
            return 0.0
        now, later = self._pending[0], self._pending[1:]
        guess = elapsed / share if share > 0.02 else None
        known = {model: fmean(values) for model, values in self._seconds.items() if values}
        whole = known.get(now, guess) if share < 0.3 else guess
        if whole is None:
            whole = fmean(known.values()) if known else None
        if whole is None:
            return None
        others = {now: whole, **known}
        usual = fmean(others.values())
        return max(whole - elapsed, 0.0) + sum(others.get(model, usual) for model in later)


class Tracker:
    """Turns the stages of one run after the other into the stages "runs" and the run's name.

    ``runs`` is done to elapsed / (elapsed + left), so that whoever extrapolates it arrives at the
    forecast.
    """

    def __init__(
        self,
        watch: Watch,
        forecast: Forecast,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch, self._forecast, self._clock = watch, forecast, clock
        self._start = self._run_start = clock()
        self._last = -1e9
        self._share = 0.0
        self._name = ""
        self._turn = False

    def begin(self, name: str) -> None:
        """A run begins."""
        self._name, self._share, self._run_start = name, 0.0, self._clock()
        self._last = -1e9
        self._watch.progress(name, 0, STEPS)

    def tick(self, stage: str, done: int, total: int) -> None:
        """Where the run stands; the progress callback of training and evaluation."""
        begin, width = 0.0, 1.0
        for part, (first, share) in PARTS.items():
            if stage.startswith(part):
                stage, begin, width = stage.removeprefix(part), first, share
        before = 0.0
        for known, weight in SHARES.items():
            if known == stage:
                before += weight * min(1.0, done / max(1, total))
                reached = begin + width * before / sum(SHARES.values())
                self._share = max(self._share, reached)
                break
            before += weight
        now = self._clock()
        if now - self._last < PERIOD_S:
            return
        self._last, self._turn = now, not self._turn
        if self._turn:
            self._tell_runs(now)
        else:
            self._watch.progress(self._name, round(STEPS * self._share), STEPS)

    def end(self, sentence: str, *, finished: bool) -> None:
        """The run has ended, well or not."""
        now = self._clock()
        self._forecast.finish(now - self._run_start if finished else None)
        self._watch.progress(self._name, STEPS, STEPS)
        self._watch.note(self._name, sentence)
        self._share, self._run_start = 0.0, now
        self._tell_runs(now)

    def _tell_runs(self, now: float) -> None:
        left = self._forecast.left(now - self._run_start, self._share)
        if left is None:
            return
        elapsed = now - self._start
        self._watch.progress("runs", round(STEPS * elapsed / max(elapsed + left, 1e-9)), STEPS)
