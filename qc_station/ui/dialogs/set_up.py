"""The set-up assistant: language, camera, pictures, administrator, product. The line goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.recipe import RecipeError
from qc_station.services.access import AccessService
from qc_station.services.camera_setup import CameraSetupService
from qc_station.services.first_product import FirstProduct, NewProduct
from qc_station.services.permits import AccessError
from qc_station.services.tasks import TaskPool
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.messages import count, error_sentence
from qc_station.ui.models.setup_choices import SetupChoices
from qc_station.ui.widgets.setup_sources import CameraStep, FolderStep
from qc_station.ui.widgets.setup_steps import (
    AdministratorStep,
    FinishStep,
    LanguageStep,
    SetupStep,
)


class SetupDialog(QDialog):
    """Next checks a step and says what is wrong; Back and closing lose nothing."""

    administrator_wanted = Signal()

    def __init__(
        self,
        choices: SetupChoices,
        language: LanguageSwitch,
        camera: CameraSetupService,
        product: FirstProduct,
        access: AccessService,
        tasks: TaskPool,
        choose_folder: Callable[[QWidget], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("setup_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._choices, self._product = choices, product
        self.language_step = LanguageStep(choices, language, self)
        self.camera_step = CameraStep(choices, camera, self)
        self.folder_step = FolderStep(choices, tasks, choose_folder, self)
        self.administrator_step = AdministratorStep(choices, access, self)
        self.finish_step = FinishStep(choices, product.name_taken, self)
        self.steps: tuple[SetupStep, ...] = (
            self.language_step, self.camera_step, self.folder_step, self.administrator_step,
            self.finish_step,
        )  # fmt: skip
        self._build()
        self.administrator_step.wanted.connect(self.administrator_wanted)
        for step in self.steps:
            step.news.connect(self._on_news)
            step.settled.connect(self.next.setFocus)
        self.retranslate()
        self._go(choices.step)

    def _build(self) -> None:
        self.head = QLabel(self)
        self.head.setObjectName("setup_head")
        self.head.setProperty("role", "title")
        self.stack = QStackedWidget(self)
        for step in self.steps:
            self.stack.addWidget(step)
        self.message = QLabel(self)
        self.message.setObjectName("setup_message")
        self.message.setWordWrap(True)
        self.message.setMinimumHeight(44)
        self.message.setStyleSheet("font-size: 16px; font-weight: 600;")
        self.later, self.back, self.next = (QPushButton(self) for _ in range(3))
        self.later.setObjectName("setup_later")
        self.back.setObjectName("setup_back")
        self.next.setObjectName("setup_next")
        self.next.setProperty("role", "primary")
        for button in (self.later, self.back, self.next):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.later, 2)
        foot.addStretch(1)
        foot.addWidget(self.back, 1)
        foot.addWidget(self.next, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(self.head)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.message)
        layout.addLayout(foot)
        self.resize(980, 620)
        self.later.clicked.connect(self.reject)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        for key, command in (("Alt+Left", self.go_back), ("Alt+Right", self.go_on)):
            QShortcut(QKeySequence(key), self).activated.connect(command)

    # ---- commands -------------------------------------------------------------------------

    @property
    def step(self) -> SetupStep:
        """The step that is shown."""
        return self.steps[self._choices.step]

    @Slot()
    def go_on(self) -> None:
        """The next step; from the last one, what was chosen begins."""
        problem = self.step.problem()
        if problem:
            self._say(problem)
        elif self.step is self.steps[-1]:
            self._finish()
        else:
            self._go(self._choices.step + 1)

    @Slot()
    def go_back(self) -> None:
        """The step before."""
        if self._choices.step > 0:
            self._go(self._choices.step - 1)

    # ---- inside ---------------------------------------------------------------------------

    def _go(self, number: int) -> None:
        self._choices.step = number
        self.stack.setCurrentIndex(number)
        self._say("")
        self._show_head()
        self.back.setEnabled(number > 0)
        self.step.enter()

    def _finish(self) -> None:
        choices = self._choices
        if choices.source != "demo":
            camera = choices.camera.address if choices.camera is not None else ""
            folder = choices.folder if choices.source == "folder" else None
            try:
                self._product.begin(NewProduct(choices.name.strip(), camera, folder))
            except (AccessError, RecipeError) as error:
                self._say(error_sentence(error.code, str(error)))
                return
        choices.step = 0  # opened again, it is for another product
        choices.name = choices.source = ""
        self.accept()

    @Slot()
    def _on_news(self) -> None:
        """What was wrong may be mended: the sentence goes, Next looks again."""
        self._say("")
        if self.step is self.finish_step:
            self._show_head()

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setAccessibleName(text)

    def _show_head(self) -> None:
        number = self._choices.step + 1
        self.head.setText(
            self.tr("Step {number} of {all}: {title}").format(
                number=count(number), all=count(len(self.steps)), title=self.step.title()
            )
        )
        last = self.step is self.steps[-1]
        words = self.tr("Next (Enter)")
        if last:
            words = self.tr("Close") if self._choices.source == "demo" else self.tr("Teach")
        self.next.setText(words)
        self.next.setAccessibleName(words)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.setWindowTitle(self.tr("Set-up assistant"))
        for step in self.steps:
            step.retranslate()
        self.later.setText(self.tr("Later (Esc)"))
        self.later.setAccessibleName(self.tr("Close the assistant; the answers are kept"))
        self.back.setText(self.tr("Back"))
        self.back.setAccessibleName(self.tr("Back to the step before"))
        self._say("")
        self._show_head()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, but on a button it presses it; Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            elif focused is not self.camera_step.list.address:  # there it tries the camera
                self.go_on()
            return
        super().keyPressEvent(event)
