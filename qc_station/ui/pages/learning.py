"""Learning page: teach a product, retrain, compare, activate, roll back. Trains nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.frame import Frame
from qc_station.domain.learning import LearningResult, LearningState
from qc_station.domain.model_version import ModelVersion
from qc_station.domain.recipe import RecipeError
from qc_station.services.learning import LearningService
from qc_station.services.models import LibraryError, ModelLibrary
from qc_station.services.permits import AccessError, Permits
from qc_station.services.recipes import RecipeService
from qc_station.ui import messages
from qc_station.ui.access_words import refusal
from qc_station.ui.widgets.collection_panel import CollectionPanel
from qc_station.ui.widgets.guarded_button import refuse_within
from qc_station.ui.widgets.job_card import JobCard
from qc_station.ui.widgets.result_card import ResultCard
from qc_station.ui.widgets.retrain_card import RetrainCard
from qc_station.ui.widgets.teach_card import TeachCard
from qc_station.ui.widgets.toast import Toast
from qc_station.ui.widgets.versions_card import VersionsCard

GRAB_TIMEOUT_S = 5.0
REFRESH_MS = 300
GrabCallback = Callable[["Frame | Exception"], None]
Grab = Callable[[GrabCallback, float], None]
T = TypeVar("T")
ChooseFolder = Callable[[QWidget], Path | None]


def ask_folder(parent: QWidget) -> Path | None:
    """The system's folder dialog; None when it was cancelled."""
    name = QFileDialog.getExistingDirectory(parent)
    return Path(name) if name else None


def ask_weights(parent: QWidget) -> Path | None:
    """The system's file dialog for weights; None when it was cancelled."""
    kinds = "*.safetensors *.pt *.pth *.bin"
    name, _chosen = QFileDialog.getOpenFileName(parent, "", "", f"({kinds})")
    return Path(name) if name else None


class LearningPage(QWidget):
    """Cards on top, the running job or its result below them, the model versions at the end."""

    collecting = Signal(bool)  # good parts are being shown to the camera: do not inspect them
    _grabbed = Signal(object)  # Frame or an exception; from the camera's thread

    def __init__(
        self,
        learning: LearningService,
        library: ModelLibrary,
        recipes: RecipeService,
        grab: Grab,
        actor: Callable[[], str],
        choose_folder: ChooseFolder = ask_folder,
        review_changed: SignalInstance | None = None,
        parent: QWidget | None = None,
        permits: Permits | None = None,
        choose_weights: ChooseFolder | None = None,
    ) -> None:
        """``grab(callback, timeout_s)`` asks the camera for one picture (CaptureThread.grab);
        ``actor`` tells who is working; ``review_changed`` is ReviewService.changed."""
        super().__init__(parent)
        self.setObjectName("learning_page")
        self._learning, self._library, self._recipes = learning, library, recipes
        self._grab, self._actor, self._choose_folder = grab, actor, choose_folder
        self._choose_weights = choose_weights or ask_weights
        self._permits = permits if permits is not None else Permits(self)
        self._product = recipes.current
        self._undo_to: ModelVersion | None = None
        self._grabbing = False
        self._was_collecting = False
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._build()
        self._connect()
        if review_changed is not None:
            review_changed.connect(self._refresh_soon)
        self.retranslate()

    # ---- commands, also of the menu -------------------------------------------------------

    def teach_folder(self) -> None:
        """Asks for a folder and teaches from it."""
        folder = self._choose_folder(self)
        if folder is not None:
            self._teach_from(folder)

    def teach_camera(self) -> None:
        """Starts taking pictures of good parts."""
        if not self._teach.name:
            self._toast.show_text(self.tr("Give the product a name first."), undo=False)
            self._teach.focus_name()
            return
        name, wanted = self._teach.name, self._teach.wanted
        self._collection.begin(name)
        self._ask(lambda: self._learning.begin_collection(name, wanted))

    def retrain(self) -> None:
        """Retrains the product that is inspected with the reviewed parts."""
        weights = self._retrain.weights
        self._ask(lambda: self._learning.retrain(self._recipes.current, self._actor(), weights))

    def choose_weights(self) -> None:
        """Asks for a file with the backbone's weights for the next retraining."""
        file = self._choose_weights(self)
        if file is not None:
            self._retrain.show_weights(file)

    def roll_back(self) -> None:
        """Returns to the version used before; the toast can take that back."""
        before = self._library.active(self._product)
        version = self._ask(lambda: self._library.rollback(self._product, self._actor()))
        if version is None:
            return
        self._undo_to = before
        self._toast.show_text(self.tr("Rolled back to model {}.").format(version.short_name))

    def activate(self, version: ModelVersion) -> None:
        """Makes a version the one that inspects; the toast can take that back."""
        before = self._library.active(version.recipe)
        if self._ask(lambda: self._library.activate(version.model_id, self._actor())) is None:
            return
        self._undo_to = before
        text = self.tr("Model {} is in use now.").format(version.short_name)
        self._toast.show_text(text, undo=before is not None)
        self.dismiss_result()

    def undo(self) -> None:
        """Takes the last activation or roll-back back."""
        target, self._undo_to = self._undo_to, None
        if target is None:
            return
        if self._ask(lambda: self._library.activate(target.model_id, self._actor())) is None:
            return
        text = self.tr("Model {} is in use again.").format(target.short_name)
        self._toast.show_text(text, undo=False)

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Reads products, versions and answers again."""
        self._refresh.stop()
        current = self._recipes.current
        names = sorted({*self._recipes.names(), *([current] if current else [])}, key=str.casefold)
        if self._product not in names:
            self._product = current
        self._versions.show_products(names, self._product)
        versions = self._library.versions(self._product) if self._product else []
        previous = self._library.previous(self._product) if self._product else None
        self._versions.show_versions(versions, previous is not None)
        if current:
            counts = self._learning.reviewed_since_active(current)
            has_model = self._library.active(current) is not None
            idle = self._learning.state is LearningState.IDLE
            self._retrain.show_counts(current, counts, has_model and idle and counts.usable > 0)

    @Slot()
    def dismiss_result(self) -> None:
        """Leaves the result: the cards for teaching are back, unless something is running."""
        self._result.hide()
        self._cards.setVisible(self._learning.state is LearningState.IDLE)

    def close_workers(self) -> None:
        """Stops asking the camera; for the end of the program."""
        self._refresh.stop()
        self._collection.end()

    def retranslate(self) -> None:
        """Every text in the current language."""
        for widget in (
            self._teach, self._retrain, self._job, self._result, self._versions,
            self._collection, self._toast,
        ):  # fmt: skip
            widget.retranslate()
        self._show_permits()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        """Reads everything each time the page is opened."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Backspace while pictures are taken."""
        if self._learning.state is LearningState.COLLECTING and not event.isAutoRepeat():
            if event.key() == Qt.Key.Key_Space:
                self._take()
                return
            if event.key() == Qt.Key.Key_Backspace:
                self._drop_last()
                return
        super().keyPressEvent(event)

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._teach = TeachCard(self)
        self._retrain = RetrainCard(self)
        self._job = JobCard(self)
        self._result = ResultCard(self)
        self._versions = VersionsCard(self)
        self._collection = CollectionPanel(self)
        self._toast = Toast(self)
        self._job.hide()
        self._result.hide()
        cards = QWidget(self)
        row = QHBoxLayout(cards)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._teach, 1)
        row.addWidget(self._retrain, 1)
        self._cards = cards
        self._collection.hide()
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 4)
        column.setSpacing(12)
        column.addWidget(self._job)
        column.addWidget(self._result)
        column.addWidget(cards)
        column.addWidget(self._collection)
        column.addWidget(self._versions)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 10)
        foot.addWidget(self._toast)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._teach.folder_asked.connect(self.teach_folder)
        self._teach.folder_dropped.connect(self._teach_from)
        self._teach.camera_asked.connect(self.teach_camera)
        self._retrain.asked.connect(self.retrain)
        self._retrain.weights_asked.connect(self.choose_weights)
        self._job.cancelled.connect(self._cancel)
        self._result.activate.connect(self.activate)
        self._result.keep.connect(self.dismiss_result)
        self._result.inspect.connect(self._inspect)
        self._versions.activate.connect(self.activate)
        self._versions.roll_back.connect(self.roll_back)
        self._versions.product_chosen.connect(self._choose_product)
        self._collection.take.connect(self._take)
        self._collection.drop.connect(self._drop_last)
        self._collection.teach.connect(self._teach_collected)
        self._collection.cancelled.connect(self._cancel)
        self._toast.undo_asked.connect(self.undo)
        self._permits.changed.connect(self._on_permits)
        self._grabbed.connect(self._on_grabbed)
        self._learning.progress.connect(self._job.show_progress)
        self._learning.state_changed.connect(self._on_state)
        self._learning.done.connect(self._on_done)
        self._learning.failed.connect(self._show_error)
        self._learning.collected.connect(self._collection.show_count)
        self._library.changed.connect(self._refresh_soon)
        self._recipes.changed.connect(self._refresh_soon)
        self._recipes.current_changed.connect(self._on_current)
        for key, command in (("R", self.roll_back), ("U", self.undo), ("Ctrl+Z", self.undo)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(command)

    # ---- what happens ---------------------------------------------------------------------

    @Slot(object)
    def _teach_from(self, folder: Path) -> None:
        name = self._teach.name or folder.name
        self._ask(lambda: self._learning.teach_folder(folder, name, self._actor()))

    def _teach_collected(self) -> None:
        self._ask(lambda: self._learning.teach_camera(self._actor()))

    def _cancel(self) -> None:
        self._ask(self._learning.cancel)

    def _drop_last(self) -> None:
        self._ask(self._learning.drop_last)

    def _ask(self, work: Callable[[], T]) -> T | None:
        """Runs a command; a refusal is said, and None returned."""
        try:
            return work()
        except (LibraryError, RecipeError, AccessError) as error:
            self._show_error(error.code, str(error))
            return None

    @Slot()
    def _on_permits(self) -> None:
        """Another person has nothing of the one before to take back."""
        self._undo_to = None
        self._toast.hide_text()
        self._show_permits()

    def _show_permits(self) -> None:
        teach = refusal(self._permits, Action.TEACH)
        for widget in (self._teach, self._retrain, self._job, self._collection):
            refuse_within(widget, teach)
        activate = refusal(self._permits, Action.ACTIVATE_MODEL)
        refuse_within(self._versions, activate)
        self._result.refuse(activate)

    def _take(self) -> None:
        """Asks the camera for one picture; one at a time."""
        if not self._grabbing and self._learning.state is LearningState.COLLECTING:
            self._grabbing = True
            self._grab(self._grabbed.emit, GRAB_TIMEOUT_S)

    @Slot(object)
    def _on_grabbed(self, answer: object) -> None:
        self._grabbing = False
        if self._learning.state is not LearningState.COLLECTING:
            return
        if not isinstance(answer, Frame):
            self._collection.end()
            self._show_error(str(getattr(answer, "code", "")), str(answer))
            return
        before = self._learning.collected_count
        taken = self._ask(lambda: self._learning.collect(answer))
        if taken is None:
            return
        if taken > before:
            self._collection.show_picture(answer.pixels)
        else:
            self._toast.show_text(
                self.tr("This is the same picture as before; show another part."), undo=False
            )

    @Slot(object)
    def _on_state(self, state: LearningState) -> None:
        collecting = state is LearningState.COLLECTING
        running = state not in (LearningState.IDLE, LearningState.COLLECTING)
        if running and self._job.isHidden():
            self._job.begin()
        if state is not LearningState.IDLE:
            self._result.hide()
        if state is LearningState.CANCELLING:
            self._job.show_cancelling()
        self._job.setVisible(running)
        self._collection.setVisible(collecting)
        self._cards.setVisible(state is LearningState.IDLE and self._result.isHidden())
        self._teach.setEnabled(state is LearningState.IDLE)
        if collecting:
            self._collection.focus_take()
        else:
            self._collection.end()
        if collecting != self._was_collecting:
            self._was_collecting = collecting
            self.collecting.emit(collecting)
        self._refresh_soon()
        self._scroll.verticalScrollBar().setValue(0)

    @Slot(object)
    def _on_done(self, result: LearningResult) -> None:
        self._product = result.version.recipe
        self._result.show_result(result, self._recipes.current)
        self._result.show()
        self._cards.hide()  # one question at a time
        self._toast.hide_text()
        self.refresh()
        self._result.focus_choice()

    @Slot(str, str)
    def _show_error(self, code: str, sentence: str) -> None:
        text = messages.error_sentence(code, sentence)
        self._toast.show_text(text, undo=False, stay=code != "cancelled")

    @Slot(str)
    def _choose_product(self, product: str) -> None:
        self._product = product
        self.refresh()

    @Slot(str)
    def _on_current(self, product: str) -> None:
        self._product = product
        self._refresh_soon()

    @Slot(str)
    def _inspect(self, product: str) -> None:
        self.dismiss_result()
        self._ask(lambda: self._recipes.choose(product))

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()
