"""Painting on the part that is reviewed: painter, canvas, panel and keys, kept as it is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from qc_station.domain.annotation import Annotation
from qc_station.domain.verdict import Inspection
from qc_station.ui.messages import count, error_sentence
from qc_station.ui.models.mask_painter import MaskPainter, Refusal, Tool
from qc_station.ui.models.mask_session import MaskSession, MaskStoreLike, Opened
from qc_station.ui.widgets.answer_panel import KeyButton, digit_of
from qc_station.ui.widgets.mask_canvas import MaskCanvas
from qc_station.ui.widgets.mask_panel import TOOL_KEYS, MaskPanel

THRESHOLD_STEP = 4
_TOOLS = {Qt.Key[f"Key_{key}"]: tool for tool, key in TOOL_KEYS.items()}
_ANSWERS = {Qt.Key[f"Key_{key}"] for key in "GCSUEV"}


class MaskWork(QObject):
    """Between the page and the painter. With a tool in hand, keys paint; without, they answer."""

    painting_changed = Signal(bool)
    said = Signal(str, bool)  # a sentence, and whether it stays
    class_named = Signal(str)

    def __init__(self, store: MaskStoreLike, author: Callable[[], str], page: QWidget) -> None:
        """``author`` tells the name that is written with each version of a region."""
        super().__init__(page)
        self._author = author
        self._page = page
        self._part: Inspection | None = None
        self._heatmap: NDArray[np.uint8] | None = None
        self._classes: list[str] = []
        self._painting = False
        self._refusal = ""
        self.painter = MaskPainter(self)
        self.canvas = MaskCanvas(self.painter, page)
        self.panel = MaskPanel(self.painter, page)
        self.button = KeyButton(TOOL_KEYS[Tool.BRUSH], page)
        self.button.setObjectName("review_paint")
        self._session = MaskSession(store, self)
        self._connect()
        self.retranslate()

    # ---- for the page ---------------------------------------------------------------------

    @property
    def painting(self) -> bool:
        """Whether a tool is in hand."""
        return self._painting

    def offer(self, classes: Sequence[str]) -> None:
        """The classes in the order of their digits."""
        if list(classes) != self._classes:
            self._classes = list(classes)
            self.panel.offer(self._classes)
            self.canvas.show_masks(self._classes)

    def show_part(self, part: Inspection, heatmap: NDArray[np.uint8] | None) -> None:
        """The part whose picture is on the canvas now; its regions follow."""
        self._part, self._heatmap = part, heatmap
        self._session.open(part.inspection_id)

    def refuse(self, sentence: str) -> None:
        """Nobody paints while there is this reason; an empty one lets them paint again."""
        self._refusal = sentence
        self.button.refuse(sentence)
        if sentence:
            self.painter.take(None)

    def leave(self) -> None:
        """The part goes; what was painted is kept."""
        self.painter.close()
        self._part = self._heatmap = None
        self.panel.say_saved("")

    def close(self) -> None:
        """Keeps what is left and joins the worker; for the end of the program."""
        self.leave()
        self._session.close()

    def undo(self) -> bool:
        """Takes the last stroke back; False when nobody paints."""
        if self._painting:
            self.painter.undo()
        return self._painting

    def retranslate(self) -> None:
        """Every text in the current language."""
        regions = len(self.painter.regions)
        if regions:
            self.button.set_words(self.tr("Painted regions: {}").format(count(regions)))
        else:
            self.button.set_words(self.tr("Paint the defect"))

    # ---- keys -----------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to painting, and if so, what it does."""
        text = event.text()
        if self._painting and text in ("[", "]"):  # AltGr on some keyboards
            self._step(1 if text == "]" else -1)
            return True
        allowed = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        if event.modifiers() & ~allowed or self.painter.annotation is None:
            return False
        key = Qt.Key(event.key())
        if key in _TOOLS:
            if self._refusal:
                self.said.emit(self._refusal, False)
            else:
                self.painter.take(_TOOLS[key])
            return True
        return self._painting and self._painting_key(key, event)

    def _painting_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        if self.canvas.tool_key(event):
            return True
        digit = digit_of(event)
        if digit:
            self.panel.choose_class(digit)
            return True
        if key in _ANSWERS:
            self.said.emit(self.tr("Put the tool down first (Esc), then answer."), False)
            return True
        actions: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Return: self.painter.finish,
            Qt.Key.Key_Enter: self.painter.finish,
            Qt.Key.Key_Escape: self._escape,
            Qt.Key.Key_Backspace: self.painter.drop_corner,
            Qt.Key.Key_Delete: self.painter.delete,
            Qt.Key.Key_A: lambda: self.painter.choose(None),
            Qt.Key.Key_T: self.painter.choose_next,
            Qt.Key.Key_N: self.panel.ask_new_class,
            Qt.Key.Key_Agrave: self.panel.ask_new_class,
            Qt.Key.Key_0: self.canvas.fit,
            Qt.Key.Key_PageUp: lambda: self._step(1),
            Qt.Key.Key_PageDown: lambda: self._step(-1),
        }
        action = actions.get(key)
        if action is None:
            return False
        action()
        return True

    def _step(self, direction: int) -> None:
        if self.painter.tool is Tool.MODEL:
            self.painter.set_threshold(self.painter.threshold + direction * THRESHOLD_STEP)
        else:
            self.canvas.step_size(direction)

    def _escape(self) -> None:
        if not self.painter.back_out():
            self.painter.take(None)
            self._page.setFocus()

    # ---- what the others say --------------------------------------------------------------

    @Slot(object)
    def _opened(self, found: Opened) -> None:
        part, pixels = self._part, self.canvas.pixels
        if part is None or pixels is None or found.inspection_id != part.inspection_id:
            return
        shape = (pixels.shape[0], pixels.shape[1])
        whole = [region for region in found.masks.regions if region.plane.shape == shape]
        annotation = Annotation(*shape, whole, found.masks.next_number)
        self.painter.open(annotation, self._heatmap, part.class_name)
        self.canvas.show_masks(self._classes)
        if found.sentence:
            self._say_problem(found.code, found.sentence)
        for problem in found.masks.problems:
            self._say_problem(problem.code, problem.sentence, problem.region)
        for region in found.masks.regions:
            if region.plane.shape != shape:
                self._say_problem("mask_damaged", "", region.number)
        self._say_saved()

    def _say_problem(self, code: str, sentence: str, region: int | None = None) -> None:
        said = error_sentence(code, sentence)
        if region is not None:
            said = self.tr("Region {number} is not shown: {why} Paint it again.").format(
                number=region, why=said
            )
        self.said.emit(said, True)

    @Slot(object)
    def _changed(self, numbers: list[int]) -> None:
        annotation, part = self.painter.annotation, self._part
        if annotation is not None and part is not None:
            self._session.save(part.inspection_id, annotation.changes(numbers), self._author())
            self._say_saved()

    @Slot(str)
    def _kept(self, _inspection_id: str) -> None:
        self._say_saved()

    @Slot(str, str, str)
    def _not_kept(self, _inspection_id: str, code: str, sentence: str) -> None:
        self._say_saved()
        self.said.emit(
            self.tr("What was painted is not kept yet, it is tried again: {}").format(
                error_sentence(code, sentence)
            ),
            True,
        )

    def _say_saved(self) -> None:
        if self._session.unkept:
            self.panel.say_saved(self.tr("Not saved yet"))
        elif self._session.saving:
            self.panel.say_saved(self.tr("Saving …"))
        else:
            self.panel.say_saved(self.tr("All saved") if self.painter.regions else "")

    @Slot(object)
    def _refused(self, why: Refusal) -> None:
        sentence = {
            Refusal.NOT_CLOSED: self.tr("There is no closed outline around this point."),
            Refusal.NO_HEATMAP: self.tr("The model left no heatmap of this part."),
            Refusal.NOTHING_HOT: self.tr(
                "The model sees nothing here from this heat on; take a lower one."
            ),
            Refusal.TOO_MANY: self.tr("There are too many regions on this part."),
            Refusal.TOO_SMALL: self.tr("This polygon holds no pixel; it needs three corners."),
        }[why]
        self.said.emit(sentence, False)

    @Slot()
    def _state_changed(self) -> None:
        self.button.setEnabled(self.painter.annotation is not None)
        self.retranslate()
        painting = self.painter.tool is not None
        if painting != self._painting:
            self._painting = painting
            self.painting_changed.emit(painting)

    @Slot()
    def _start(self) -> None:
        self.painter.take(Tool.BRUSH)

    @Slot()
    def _done(self) -> None:
        self.painter.take(None)
        self._page.setFocus()

    @Slot()
    def _redo(self) -> None:
        if self._painting:
            self.painter.redo()

    def _connect(self) -> None:
        self.painter.changed.connect(self._changed)
        self.painter.state_changed.connect(self._state_changed)
        self.painter.refused.connect(self._refused)
        self.panel.left.connect(self._done)
        self.panel.class_named.connect(self.class_named)
        self.button.clicked.connect(self._start)
        self._session.opened.connect(self._opened)
        self._session.kept.connect(self._kept)
        self._session.not_kept.connect(self._not_kept)
        for keys in ("Ctrl+Shift+Z", "Ctrl+Y"):
            redo = QShortcut(QKeySequence(keys), self._page)
            redo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            redo.activated.connect(self._redo)
        self.button.setEnabled(False)
