"""One guided check: sample after sample is laid in, judged and compared. No widgets, no SQL."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from db.errors import StoreError
from qc_station.domain.golden import (
    SECONDS_A_SAMPLE,
    CheckRecord,
    CheckResult,
    GoldenSample,
    GoldenSet,
    RetryReason,
    SampleResult,
)
from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.part_flow import utc_now
from qc_station.services.station import StationService


class Step(StrEnum):
    """What the check waits for."""

    LAY_IN = "lay_in"  # the person lays the sample in and presses
    ANSWER = "answer"  # the station's answer
    DIFFERS = "differs"  # not as expected: once more, or go on
    DONE = "done"


class GoldenCheck(QObject):
    """From ``begin`` to ``finished`` there is no production. GUI thread."""

    changed = Signal()
    finished = Signal(object)  # CheckRecord; it is in the audit log
    problem = Signal(str, str)  # code, sentence: the check could not be written down

    def __init__(
        self,
        station: StationService,
        release: GoldenRelease,
        golden: GoldenSet,
        *,
        who: Callable[[], str] = lambda: "station",
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``golden`` has at least one sample."""
        super().__init__(parent)
        self._station = station
        self._release = release
        self._golden = golden
        self._who = who
        self._clock = clock
        self._monotonic = monotonic
        self._recipe = release.recipe
        self._check_id = uuid.uuid4().hex
        self._began_s = monotonic()
        self._number: int | None = None
        self._retried: RetryReason | None = None
        self._first_try: SampleResult | None = None  # differed, and the second is not judged yet
        self._model_id: str | None = None
        self.step = Step.LAY_IN
        self.results: list[SampleResult] = []
        self.parts: dict[str, Inspection] = {}  # the last answer, by sample
        self.differing: SampleResult | None = None
        self.unanswered: Inspection | None = None  # the last try came to nothing, and why
        self.refused = False  # the station could not inspect when it was asked to
        self.record: CheckRecord | None = None
        station.sample_done.connect(self._on_sample)

    @property
    def samples(self) -> tuple[GoldenSample, ...]:
        """All samples, in the order in which they are laid in."""
        return self._golden.samples

    @property
    def sample(self) -> GoldenSample | None:
        """The one to lay in; None at the end."""
        return self.samples[len(self.results)] if len(self.results) < len(self.samples) else None

    @property
    def seconds_left(self) -> int:
        """Of the time planned for all samples; negative when it takes longer. No limit."""
        planned = SECONDS_A_SAMPLE * len(self.samples)
        return round(planned - (self._monotonic() - self._began_s))

    @property
    def model_id(self) -> str | None:
        """The model that answers."""
        model = self._station.loaded_model
        return model.model_id if model is not None else None

    def begin(self) -> None:
        """Production stops; the first sample is to be laid in."""
        self._station.set_checking(True)

    def inspect(self) -> None:
        """The sample lies in its place. AccessError."""
        if self.step is not Step.LAY_IN:
            return
        self.unanswered = None
        self._number = self._station.trigger_sample(self._check_id)
        self.refused = self._number is None
        if self._number is not None:
            self.step = Step.ANSWER
        self.changed.emit()

    def retry(self, reason: RetryReason) -> None:
        """The sample is laid in once more, for a reason that is written down."""
        if self.step is Step.DIFFERS and self.may_retry:
            self._retried = reason
            self._first_try, self.differing = self.differing, None
            self.step = Step.LAY_IN
            self.changed.emit()

    @property
    def may_retry(self) -> bool:
        """Each sample has one second try."""
        return self._retried is None

    def accept(self) -> None:
        """The difference stands: the sample has failed."""
        if self.step is Step.DIFFERS and self.differing is not None:
            self._keep(self.differing)

    def cancel(self) -> None:
        """Ends it. A check with a sample that failed has failed, also when it is cut short."""
        if self.step is not Step.DONE:
            open_difference = self.differing or self._first_try
            if open_difference is not None:
                self.results.append(open_difference)
            failed = any(not result.passed for result in self.results)
            self._end(CheckResult.FAILED if failed else CheckResult.CANCELLED)

    @Slot(object)
    def _on_sample(self, result: PartResult) -> None:
        part = result.inspection
        if self.step is not Step.ANSWER or part.part_number != self._number:
            return
        self.step = Step.LAY_IN
        sample = self.sample
        assert sample is not None
        if part.verdict is Verdict.NOT_INSPECTED:
            self.unanswered = part  # says nothing of the sample: it may be laid in again
            self.changed.emit()
            return
        if part.recipe != self._recipe or self._model_id not in (None, part.model_id):
            self.cancel()  # another product or model has taken over meanwhile
            return
        self._model_id = part.model_id
        self.parts[sample.name] = part
        found = SampleResult(
            sample.name, sample.expected, part.verdict, part.score,
            sample.band_for(part.model_id),
            sample.fits(part.verdict, part.score, part.model_id),
            part.inspection_id, self._retried,
        )  # fmt: skip
        if found.passed:
            self._keep(found)
        else:
            self.differing = found
            self.step = Step.DIFFERS
            self.changed.emit()

    def _keep(self, result: SampleResult) -> None:
        self.results.append(result)
        self.differing, self._first_try, self._retried = None, None, None
        if len(self.results) < len(self.samples):
            self.step = Step.LAY_IN
            self.changed.emit()
        else:
            passed = all(one.passed for one in self.results)
            self._end(CheckResult.PASSED if passed else CheckResult.FAILED)

    def _end(self, result: CheckResult) -> None:
        self.step = Step.DONE
        self._station.sample_done.disconnect(self._on_sample)
        failed = tuple(one.name for one in self.results if not one.passed)
        record = CheckRecord(
            self._recipe, result, self._clock(), self._who(), self._check_id, self._model_id,
            failed, len(self.results),
        )  # fmt: skip
        self.record = record
        try:
            self._release.finish(record, self.results, self._monotonic() - self._began_s)
        except StoreError as error:
            self.problem.emit(error.code, str(error))
        else:
            self.finished.emit(record)
        finally:
            self._station.set_checking(False)
            self.changed.emit()
