"""Ties golden samples to the main window: menu, button, dialogs, what is said of them. No SQL."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog

from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.golden import CheckRecord
from qc_station.domain.state import StateReason
from qc_station.domain.verdict import Inspection
from qc_station.services.golden_check import GoldenCheck
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.permits import Permits
from qc_station.services.station import StationService
from qc_station.services.tasks import TaskPool
from qc_station.services.verdict_log import VerdictLog
from qc_station.ui.dialogs.golden_check import GoldenCheckDialog
from qc_station.ui.dialogs.golden_samples import GoldenSamplesDialog
from qc_station.ui.dialogs.release import ReleaseDialog
from qc_station.ui.golden_words import result_title
from qc_station.ui.main_window import MainWindow

NEWEST = 30


class GoldenDesk(QObject):
    """Opens at most one dialog at a time."""

    parts_wanted = Signal(object)  # HistoryFilter: the parts in doubt

    def __init__(
        self,
        window: MainWindow,
        station: StationService,
        samples: GoldenSamples,
        release: GoldenRelease,
        log: VerdictLog,
        tasks: TaskPool,
        permits: Permits,
        *,
        who: Callable[[], str],
        looked_at: Callable[[], Inspection | None],
        adopt: Callable[[QDialog, bool], None] = lambda _dialog, _foot_switch: None,
    ) -> None:
        """``looked_at`` is the part that History shows: it is offered first as a new sample.

        ``adopt`` takes a dialog's input into account for the idle lock, and its foot switch for
        the line where the dialog has no use for it.
        """
        super().__init__(window)
        self._window = window
        self._station = station
        self._samples = samples
        self._release = release
        self._log = log
        self._tasks = tasks
        self._permits = permits
        self._who = who
        self._looked_at = looked_at
        self._adopt = adopt
        self._dialog: QDialog | None = None
        window.bind("station.golden_check", self.begin_check)
        window.bind("station.golden_samples", self.manage)
        window.bind("station.release", self.ask_release)
        window.bind("history.since_check", self.show_since_check)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._dialog

    @Slot()
    def begin_check(self) -> None:
        """The guided check of the product's samples; says so where there are none."""
        golden = self._samples.of(self._release.recipe)
        if self._dialog is not None or not self._permits.allows(Action.RUN_INSPECTION):
            return
        if not golden.samples:
            self._window.say(
                self.tr("{} has no golden samples: Station, Golden samples.").format(
                    self._release.recipe
                )
            )
            return
        check = GoldenCheck(self._station, self._release, golden, who=self._who)
        check.finished.connect(self._on_finished)
        dialog = GoldenCheckDialog(
            check, self._release, self._samples, self._log, self._tasks, self._permits,
            self._window, foot_keys=self._window.foot_keys,
            pressed=self._window.line_keys.pressed,
        )  # fmt: skip
        dialog.parts_wanted.connect(self.parts_wanted)
        self._open(dialog)

    def manage(self) -> None:
        """The samples of the product that is inspected."""
        recipe = self._release.recipe
        if self._dialog is not None:
            return
        if not recipe:
            self._window.say(self.tr("Teach a product first."))
            return
        newest = self._log.query(HistoryFilter(recipe=recipe), 0, NEWEST)
        looked_at = self._looked_at()
        parts = [part for part in newest if part.score is not None]
        if looked_at is not None and looked_at.recipe == recipe:
            parts = [looked_at, *(one for one in parts if one != looked_at)]
        self._open(GoldenSamplesDialog(self._samples, recipe, parts, self._permits, self._window))

    def ask_release(self) -> None:
        """A maintainer gives the reason why the station inspects without a good check."""
        if self._dialog is not None:
            return
        if self._release.standing.block is StateReason.NONE:
            self._window.say(self.tr("The station is released: nothing stands in its way."))
            return
        self._open(ReleaseDialog(self._release, self._permits, self._window))

    def show_since_check(self) -> None:
        """The parts that a failed or overdue check leaves in doubt, in the history."""
        self.parts_wanted.emit(self._release.in_doubt())

    @Slot()
    def close(self) -> None:
        """Before the services stop: a check that is under way ends and is written down."""
        if self._dialog is not None:
            self._dialog.close()

    @Slot(object)
    def _on_finished(self, record: CheckRecord) -> None:
        self._window.say(self.tr("Golden-sample check: {}.").format(result_title(record.result)))

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._on_closed)
        self._adopt(dialog, not isinstance(dialog, GoldenCheckDialog))
        dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        if self.sender() is self._dialog:
            self._dialog = None
            self._window.pages[self._window.page].setFocus()
