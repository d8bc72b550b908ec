"""What somebody should know after a start or a failed save, as notes of the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Slot

from qc_station.services.recovery import Recovery
from qc_station.settings.store import LoadReport
from qc_station.ui.desktop import open_folder
from qc_station.ui.main_window import MainWindow
from qc_station.ui.messages import count
from qc_station.ui.settings_words import load_sentence
from qc_station.ui.time_words import local
from qc_station.ui.widgets.news_bar import Note, NoteAction


class StartNews(QObject):
    """Tells the window; knows where the station keeps its files."""

    def __init__(self, window: MainWindow, home: Path) -> None:
        super().__init__(window)
        self._window = window
        self._home = home

    def tell_settings(self, report: LoadReport) -> None:
        """A settings file that could not be used as it was."""
        if load_sentence(report):
            open_home = NoteAction(self._open_words, partial(open_folder, self._home))
            self._window.news.tell(Note("settings", partial(load_sentence, report), (open_home,)))

    def tell_recovery(self, recovery: Recovery | None) -> None:
        """What was found after an unclean end; nothing after a clean one."""
        if recovery is None:
            return
        actions = []
        if recovery.interrupted_parts:
            actions.append(NoteAction(self._show_parts_words, self._show("history")))
        if recovery.cut_off_jobs:
            actions.append(NoteAction(self._show_learning_words, self._show("learning")))
        words = partial(self._recovery_words, recovery)
        self._window.news.tell(Note("recovery", words, tuple(actions)))

    @Slot(str)
    def tell_unsaved(self, why: str) -> None:
        """Settings that could not be saved; an empty reason: they could, this time."""
        if why:
            self._window.news.tell(Note("unsaved", partial(self._unsaved_words, why)))
        else:
            self._window.news.drop("unsaved")

    def _show(self, page: str) -> Callable[[], object]:
        return partial(self._window.show_page, page)

    def _open_words(self) -> str:
        return self.tr("Open folder")

    def _show_parts_words(self) -> str:
        return self.tr("Show the parts")

    def _show_learning_words(self) -> str:
        return self.tr("Show Learning")

    def _unsaved_words(self, why: str) -> str:
        return self.tr(
            "The settings could not be saved ({}). They hold until the program ends."
        ).format(why)

    def _recovery_words(self, recovery: Recovery) -> str:
        parts, jobs = recovery.interrupted_parts, recovery.cut_off_jobs
        sentences = [self.tr("The station did not end in order last time.")]
        if recovery.begun is not None:
            begun = QLocale().toString(local(recovery.begun), QLocale.FormatType.ShortFormat)
            sentences = [self.tr("The run of {} did not end in order.").format(begun)]
        if parts == 1:
            sentences.append(self.tr("One part was interrupted: it is logged as not inspected."))
        elif parts:
            sentences.append(
                self.tr("{} parts were interrupted: they are logged as not inspected.").format(
                    count(parts)
                )
            )
        else:
            sentences.append(self.tr("No part was interrupted."))
        if jobs:
            sentences.append(
                self.tr("A teaching run was cut off: its model was not made; start it again.")
            )
        sentences.append(
            self.tr("Finished strokes of masks are kept; a shape that was not closed is lost.")
        )
        return " ".join(sentences)
