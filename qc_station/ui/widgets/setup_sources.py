"""The assistant's steps for what gives pictures: a camera that works, a folder that has some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from qc_station.camera.discovery import Tried
from qc_station.camera.errors import CameraError
from qc_station.camera.picture import list_pictures
from qc_station.camera.registry import shown_address
from qc_station.domain.learning import FEWEST_GOOD
from qc_station.services.camera_setup import CameraSetupService
from qc_station.services.permits import AccessError
from qc_station.services.tasks import TaskPool
from qc_station.ui import camera_words as words
from qc_station.ui import icons
from qc_station.ui.messages import count, error_sentence
from qc_station.ui.models.setup_choices import SetupChoices
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.camera_list import CameraList
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.setup_steps import SetupStep


class CameraStep(SetupStep):
    """A camera that gave a picture, or none."""

    def __init__(
        self, choices: SetupChoices, setup: CameraSetupService, parent: QWidget | None = None
    ) -> None:
        super().__init__(choices, parent)
        self._setup = setup
        self._searched = False
        self._said: Callable[[], str] = str
        self.list = CameraList(self, name="setup_camera")
        self.list.folder.hide()  # a folder is the next step's
        self.canvas = PictureCanvas(self)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("setup_camera_said")
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumHeight(44)
        right = QVBoxLayout()
        right.addWidget(self.canvas, 1)
        right.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list, 5)
        row.addLayout(right, 4)
        self.column.addLayout(row, 1)
        self.list.search_asked.connect(self.search)
        self.list.use_asked.connect(self.attempt)
        self.list.address_changed.connect(self._on_address)
        setup.candidates_changed.connect(self._show)
        setup.tried.connect(self._on_tried)
        if choices.camera is not None:
            self.list.address.setText(shown_address(choices.camera.address))
            self._on_tried(choices.camera)

    def title(self) -> str:
        return self.tr("Camera")

    def enter(self) -> None:
        self._show()
        self.list.address.setFocus()
        if not self._searched:
            self._searched = True
            self.search()

    @Slot()
    def search(self) -> None:
        """Looks for devices."""
        self._ask(self._setup.search)

    @Slot(str)
    def attempt(self, address: str) -> None:
        """Takes a picture with the camera of the field."""
        self._say(lambda: self.tr("Trying {} …").format(shown_address(address)))
        self._ask(lambda: self._setup.test(address))

    def problem(self) -> str:
        if not self.list.wanted:
            self.choices.camera = None
            return ""
        camera = self.choices.camera
        if camera is not None and self._is_wanted(camera.address):
            return ""
        return self.tr("Try the camera first, or empty the field to go on without one.")

    def retranslate(self) -> None:
        self.text.setText(
            self.tr(
                "Which camera looks at the parts? Choose one and try it. Without a camera, empty "
                "the field: a folder of pictures can take its place."
            )
        )
        self.list.retranslate()
        set_words(self.list.use, self.tr("Try"), self.tr("Take a picture with this camera"))
        self.canvas.setAccessibleName(self.tr("Picture of the camera"))
        self.sentence.setText(self._said())

    def _is_wanted(self, address: str) -> bool:
        """Whether the field means this camera; it shows no password."""
        return self.list.wanted in (address, shown_address(address))

    def _ask(self, work: Callable[[], object]) -> None:
        try:
            work()
        except AccessError as error:
            code, sentence = error.code, str(error)
            self._say(lambda: error_sentence(code, sentence))

    @Slot()
    def _show(self) -> None:
        live = [c for c in self._setup.candidates() if not c.address.startswith("demo:")]
        self.list.show_candidates(live, self._setup.status)
        self.list.show_searching(self._setup.searching)

    @Slot()
    def _on_address(self) -> None:
        self.news.emit()

    @Slot(object)
    def _on_tried(self, tried: Tried) -> None:
        if not self._is_wanted(tried.address):
            return  # another one was typed meanwhile
        error = tried.error
        if error is not None:
            self.choices.camera = None
            self.canvas.clear()
            self._say(lambda: error_sentence(error.code, str(error), error.params))
        else:
            self.choices.camera = tried
            if tried.frame is not None:
                self.canvas.set_picture(tried.frame.pixels)
            size = words.size_text(tried.size)
            self._say(lambda: self.tr("It works: {} px.").format(size))
            self.settled.emit()
        self.news.emit()

    def _say(self, text: Callable[[], str]) -> None:
        self._said = text
        self.sentence.setText(text())


class FolderStep(SetupStep):
    """A folder with pictures, or none; it is counted in a worker."""

    def __init__(
        self,
        choices: SetupChoices,
        tasks: TaskPool,
        choose_folder: Callable[[QWidget], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(choices, parent)
        self._tasks, self._choose = tasks, choose_folder
        self._said: Callable[[], str] = str
        self._counting = ""
        self._label = QLabel(self)
        self.path = QLineEdit(self)
        self.path.setObjectName("setup_folder")
        self.path.setProperty("touch", "true")
        self._label.setBuddy(self.path)
        self.browse = GuardedButton(icons.icon("folder"), "", self)
        self.browse.setObjectName("setup_browse")
        self.browse.setProperty("touch", "true")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("setup_folder_said")
        self.sentence.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        self.column.addWidget(self._label)
        self.column.addLayout(row)
        self.column.addWidget(self.sentence)
        self.column.addStretch(1)
        if choices.folder is not None:
            self.path.setText(str(choices.folder))
            self._show_count(choices.pictures)
        self.path.textChanged.connect(self._on_text)
        self.browse.clicked.connect(self._on_browse)

    def title(self) -> str:
        return self.tr("Pictures")

    def enter(self) -> None:
        self.path.setFocus()

    def problem(self) -> str:
        if not self._typed:
            return ""
        if self.choices.folder is not None:
            few = self.choices.pictures < FEWEST_GOOD
            return self.tr("At least {} pictures are needed.").format(FEWEST_GOOD) if few else ""
        if self._counting:
            return self.tr("The pictures are being counted.")
        return self._said()

    def retranslate(self) -> None:
        self.text.setText(
            self.tr(
                "Is there a folder with pictures of good parts? The station learns from them, at "
                "least {}. Folders named train/good and test, or one folder for each defect, are "
                "understood as well. Without one, leave the field empty."
            ).format(FEWEST_GOOD)
        )
        self._label.setText(self.tr("&Folder with pictures"))
        self.path.setAccessibleName(self.tr("Folder with pictures"))
        set_words(self.browse, self.tr("Browse …"), self.tr("Choose the folder"))
        self.sentence.setText(self._said())

    @property
    def _typed(self) -> str:
        return self.path.text().strip()

    @Slot()
    def _on_browse(self) -> None:
        folder = self._choose(self)
        if folder is not None:
            self.path.setText(str(folder))

    @Slot()
    def _on_text(self) -> None:
        """Counts the pictures of what is typed now; answers for another folder are ignored."""
        typed = self._typed
        self.choices.folder, self.choices.pictures = None, 0
        self._counting = typed
        self._say(lambda: self.tr("Counting …") if typed else "")
        self.news.emit()
        if not typed:
            return
        folder = Path(typed).expanduser()

        def done(pictures: list[Path]) -> None:
            if self._counting == typed:
                self._counting = ""
                self.choices.folder, self.choices.pictures = folder, len(pictures)
                self._show_count(len(pictures))
                self.news.emit()

        def failed(error: Exception) -> None:
            if self._counting == typed:
                self._counting = ""
                code = error.code if isinstance(error, CameraError) else "folder_missing"
                self._say(lambda: error_sentence(code, str(error)))
                self.news.emit()

        self._tasks.run(lambda: list_pictures(folder), done, failed, self)

    def _show_count(self, pictures: int) -> None:
        self._say(lambda: self.tr("{} pictures.").format(count(pictures)))

    def _say(self, text: Callable[[], str]) -> None:
        self._said = text
        self.sentence.setText(text())
