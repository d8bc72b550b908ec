"""Brings pictures to the batch window: by drag and drop, from the menu, from recent folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from qc_station.services.batch import BatchService, usable
from qc_station.services.permits import AccessError, Permits
from qc_station.ui.access_desk import AccessDesk
from qc_station.ui.dialogs.batch import BatchDialog
from qc_station.ui.main_window import MainWindow
from qc_station.ui.messages import error_sentence


class BatchDesk(QObject):
    """One batch window; ``folder_used`` names the folders for the list of recent ones."""

    folder_used = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        batch: BatchService,
        permits: Permits,
        desk: AccessDesk,
        start_folder: Callable[[], str],
    ) -> None:
        """``start_folder``: where the question for a folder begins."""
        super().__init__(window)
        self._window = window
        self._batch = batch
        self._permits = permits
        self._desk = desk
        self._start_folder = start_folder
        self.dialog: BatchDialog | None = None
        window.bind("station.inspect_pictures", self.ask)
        window.dropped.connect(self.begin)

    @Slot()
    def ask(self) -> None:
        """Asks for a folder of pictures."""
        folder = QFileDialog.getExistingDirectory(
            self._window, self.tr("Folder with pictures to inspect"), self._start_folder()
        )
        if folder:
            self.begin([Path(folder)])

    @Slot(object)
    def begin(self, paths: Sequence[Path]) -> None:
        """Inspects these pictures and folders, and shows the window."""
        wanted = [path for path in paths if usable(path)]
        if not wanted:
            self._window.say(
                self.tr("Drop folders or pictures (PNG, JPEG, BMP, TIFF): these are neither.")
            )
            return
        try:
            self._batch.begin(wanted)
        except AccessError as error:
            self._window.say(error_sentence(error.code, str(error)))
            return
        if self.dialog is None:
            self.dialog = BatchDialog(self._batch, self._permits, self._window)
            self._desk.watch(self.dialog)  # input counts, and the foot switch works there
        self.dialog.expect()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        for path in wanted:
            if path.is_dir():
                self.folder_used.emit(str(path))

    def begin_folder(self, folder: Path) -> None:
        """The pictures of one folder; one that is gone says so."""
        if folder.is_dir():
            self.begin([folder])
        else:
            self._window.say(self.tr("The folder {} is not there any more.").format(folder))
