"""Review page: an expert answers uncertain parts by keyboard. Never changes a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from qc_station.domain.access import Action
from qc_station.domain.review_queue import PartNote, QueueFilter, Show
from qc_station.domain.verdict import Inspection, Label
from qc_station.services.permits import Permits
from qc_station.ui import messages
from qc_station.ui.access_words import refusal
from qc_station.ui.models.explanations import ExplainerLike
from qc_station.ui.models.mask_session import MaskStoreLike
from qc_station.ui.models.picture_loader import Loaded, PictureLoader
from qc_station.ui.models.review_list import ReviewList
from qc_station.ui.models.review_source import ReviewLike, ReviewLog
from qc_station.ui.review_words import consistency_words, escape_words
from qc_station.ui.widgets.answer_panel import digit_of
from qc_station.ui.widgets.colleague_desk import ColleagueDesk
from qc_station.ui.widgets.empty_state import EmptyState
from qc_station.ui.widgets.guarded_button import refuse_within
from qc_station.ui.widgets.mask_work import MaskWork
from qc_station.ui.widgets.queue_bar import QueueBar
from qc_station.ui.widgets.review_hint import ReviewHint
from qc_station.ui.widgets.review_side import ReviewSide
from qc_station.ui.widgets.toast import Toast

AHEAD = 3
REFRESH_MS = 300


class ReviewPage(QWidget):
    """Picture on the left, answers on the right. Every answer has a key; the next part is ready."""

    def __init__(
        self,
        review: ReviewLike,
        log: ReviewLog,
        reviewer: Callable[[], str],
        explainer: ExplainerLike,
        masks: MaskStoreLike,
        parent: QWidget | None = None,
        permits: Permits | None = None,
        colleagues: Callable[[], list[str]] = list,
    ) -> None:
        """``reviewer`` tells the name that is written with each answer and each mask,
        ``colleagues`` who else may answer.
        """
        super().__init__(parent)
        self._permits = permits if permits is not None else Permits(self)
        self.setObjectName("review_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._review = review
        self._reviewer = reviewer
        self._loader = PictureLoader(log, self)
        self._log = log
        self._list = ReviewList(review)
        self._left = 0
        self._pace_s: float | None = None
        self._part: Inspection | None = None
        self._answers_given = 0
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._masks = MaskWork(masks, reviewer, self)
        self._desk = ColleagueDesk(review, reviewer, colleagues, self)
        self._build(explainer)
        self._connect(log)
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    @property
    def part(self) -> Inspection | None:
        """The part that is asked about."""
        return self._part

    @Slot()
    def refresh(self) -> None:
        """Looks for parts to ask about; the one on the screen stays."""
        self._refresh.stop()
        self._offer(self._review.class_names())
        self._show_refusal()
        self._list.refresh(self._reviewer(), self._part)
        if self._part is None:
            self._show(self._list.next())
        self._look_ahead()
        self._show_figures()

    def ask_about(self, part: Inspection) -> None:
        """Asks about a part that was chosen by hand, before all others."""
        if self._part is not None and self._part.inspection_id != part.inspection_id:
            self._list.put_first(self._part)
        self._list.drop(part.inspection_id)
        self._review.ask_openly(part.inspection_id)
        self._show(replace(part, review=None))

    def focus_search(self) -> None:
        """For the menu's Find."""
        self._bar.focus_search()

    def set_overlay(self, opacity: float, visible: bool) -> None:
        """Heatmap opacity 0…1 and whether it is shown."""
        self._canvas.set_opacity(opacity)
        self._side.explain.set_heatmap_visible(visible)

    def close_workers(self) -> None:
        """Joins the worker thread; for the end of the program."""
        self._refresh.stop()
        self._side.explain.leave()
        self._masks.close()
        self._loader.close()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._canvas.setAccessibleName(self.tr("Picture of the part to review"))
        self._say_empty()
        self._hint.retranslate()
        self._bar.retranslate()
        self._side.retranslate()
        self._masks.retranslate()
        self._toast.retranslate()
        self._show_refusal()
        self._show_texts()
        self._show_figures()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        """Looks for parts each time the page is opened and takes the keyboard."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._bar.set_choices(
            self._log.recipes(), self._log.model_ids(), self._review.class_names()
        )
        self.refresh()
        self.setFocus()

    # ---- answering ------------------------------------------------------------------------

    def answer_good(self) -> None:
        """The part is good."""
        self._answer(Label.GOOD, None)

    def answer_defect(self, class_name: str) -> None:
        """The part has this defect."""
        self._answer(Label.DEFECT, class_name)

    def answer_cannot_tell(self) -> None:
        """Nobody can tell from this picture."""
        self._answer(Label.CANNOT_TELL, None)

    def skip(self) -> None:
        """Asks about this part again after all the others."""
        if self._part is None:
            return
        part = self._part
        self._list.put_off(part)
        self._toast.show_text(
            self.tr("Part {} skipped; it comes back at the end.").format(part.part_number),
            undo=False,
        )
        self._next()

    def undo(self) -> None:
        """Takes the last answer of this session back and asks about that part again."""
        part = self._guarded(self._review.undo)
        if not isinstance(part, Inspection):
            return
        self._answers_given = max(0, self._answers_given - 1)
        if self._part is not None and self._part.inspection_id != part.inspection_id:
            self._list.put_first(self._part)
        self._list.drop(part.inspection_id)
        self._left += 1
        self._show(replace(part, review=None))
        self._toast.show_text(
            self.tr("Answer for part {} taken back.").format(part.part_number), undo=False
        )

    def ask_colleague(self) -> None:
        """Offers the colleagues who can be asked about the part."""
        if self._part is not None and not refusal(self._permits, Action.ANSWER_REVIEWS):
            self._desk.ask(self._part, self._side.note.note, self._side.panel.ask_button)

    @Slot()
    def _given_away(self) -> None:
        self._left = max(0, self._left - 1)
        self._next()

    def _answer(self, label: Label, class_name: str | None) -> None:
        part = self._part
        if part is None:
            return
        answered = self._guarded(
            lambda: self._review.answer(
                part.inspection_id, label, class_name, self._reviewer(), self._side.note.together
            )
        )
        if answered is None:
            return
        self._answers_given += 1
        self._left = max(0, self._left - 1)
        said = messages.label_title(label)
        if class_name is not None:
            said = messages.class_title(class_name)
        self._toast.show_text(
            self.tr("Part {number}: {answer}").format(number=part.part_number, answer=said)
        )
        self._next()

    def _guarded(self, work: Callable[[], Inspection | None]) -> Inspection | None:
        """Runs a write; what goes wrong is said, and the part stays on the screen."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 — a store fault must be seen, not end the page
            code = str(getattr(error, "code", ""))
            self._toast.show_text(messages.error_sentence(code, str(error)), undo=False, stay=True)
            return None

    def _next(self) -> None:
        self._show(self._list.next())
        self._look_ahead()
        if self._list.short:
            self._refresh.start()

    def _look_ahead(self) -> None:
        for part in self._list.waiting[:AHEAD]:
            self._loader.request(part.inspection_id)

    @Slot(object)
    def _narrow(self, wanted: QueueFilter) -> None:
        """Other parts are wanted: the one on the screen gives way to the first of them."""
        self._list.narrow(wanted)
        self._say_empty()
        self._part = None
        self._show(None)
        self.refresh()

    # ---- showing --------------------------------------------------------------------------

    def _show(self, part: Inspection | None) -> None:
        self._part = part
        self._stack.setCurrentIndex(0 if part is not None else 1)
        self._show_texts()
        self._show_note()
        self._show_left()
        self._side.explain.leave()
        self._masks.leave()
        self._canvas.clear()
        if part is None:
            return
        loaded = self._loader.request(part.inspection_id)
        if loaded is not None:
            self._show_pictures(loaded)

    @Slot(object)
    def _picture_loaded(self, loaded: Loaded) -> None:
        if self._part is not None and loaded.inspection_id == self._part.inspection_id:
            self._show_pictures(loaded)

    def _show_pictures(self, loaded: Loaded) -> None:
        if self._part is None:
            return
        if loaded.picture is None:
            problem = loaded.problem or messages.no_picture_sentence(self._part)
            self._side.sentence.setText(problem)
            return
        self._canvas.set_picture(loaded.picture)
        self._canvas.set_heatmap(loaded.heatmap)
        self._canvas.set_regions(self._part.regions)
        self._side.explain.set_part(self._part, loaded.heatmap)
        self._masks.show_part(self._part, loaded.heatmap)

    def _show_texts(self) -> None:
        part = self._part
        self._side.facts.show_part(part)
        self._side.heading.show_part(part)
        if part is None:
            return
        self._side.sentence.setText(messages.reason_sentence(part.reason, part))

    @Slot()
    def _show_note(self) -> None:
        note = PartNote() if self._part is None else self._review.note(self._part.inspection_id)
        self._side.note.show_note(note, self._reviewer())

    def _show_left(self) -> None:
        self._side.heading.show_remaining(self._left, self._pace_s)
        self._side.panel.set_answering(self._part is not None, undo=self._answers_given > 0)

    def _show_figures(self) -> None:
        """Counts anew what the answers only count on: it may take a while in a long log."""
        me = self._reviewer()
        self._left = self._review.remaining(me, self._list.wanted)
        self._pace_s = self._review.pace_s(me)
        self._show_left()
        mine, disputed = (
            self._review.remaining(me, QueueFilter(show)) for show in (Show.MINE, Show.DISPUTED)
        )
        self._bar.set_counts(mine, disputed)
        found = next((one for one in self._review.consistencies() if one.reviewer == me), None)
        words = [escape_words(self._review.escapes()), consistency_words(found)]
        self._figures.setText(" · ".join(text for text in words if text))

    @Slot(bool)
    def _painting_changed(self, painting: bool) -> None:
        self._side.set_painting(painting)
        self._hint.set_painting(painting)

    def _say_empty(self) -> None:
        if self._list.wanted == QueueFilter():
            title = self.tr("Nothing to review")
            text = self.tr(
                "Parts that the station is not sure of appear here by themselves. When there are "
                "enough answers, retrain on the Learning page."
            )
        else:
            title = self.tr("No part that waits matches these filters")
            text = self.tr("“Show all” removes the filters.")
        again = self.tr("Look for parts to review again")
        self._empty.say(title, text, self.tr("Look again"), again)

    @Slot(str, bool)
    def _say(self, sentence: str, stay: bool) -> None:
        self._toast.show_text(sentence, undo=False, stay=stay)

    @Slot(str)
    def _class_painted(self, name: str) -> None:
        """A class that was named while painting has a digit from then on."""
        self._offer([name])
        self._masks.painter.name(name)

    def _offer(self, classes: list[str]) -> None:
        self._side.panel.offer(classes)
        self._masks.offer(self._side.panel.classes)

    @Slot()
    def _on_permits(self) -> None:
        """Another person has no answers to take back yet."""
        self._answers_given = 0
        self._show_left()
        self._show_note()
        self._toast.hide_text()
        self._show_refusal()

    def _show_refusal(self) -> None:
        sentence = refusal(self._permits, Action.ANSWER_REVIEWS)
        refuse_within(self._side.panel, sentence)
        self._masks.refuse(sentence)

    # ---- building -------------------------------------------------------------------------

    def _build(self, explainer: ExplainerLike) -> None:
        self._canvas = self._masks.canvas
        self._canvas.setObjectName("review_canvas")
        self._canvas.setMinimumSize(360, 300)
        self._side = ReviewSide(explainer, self._masks, self)
        self._bar = QueueBar(self)
        self._toast = Toast(self)
        self._empty = EmptyState(self)
        self._empty.setObjectName("review_empty")
        self._figures = QLabel(self)
        self._figures.setObjectName("review_figures")
        self._figures.setProperty("role", "muted")
        self._figures.setWordWrap(True)
        self._hint = ReviewHint(self)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._build_work())
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._bar)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._figures)
        foot = QHBoxLayout()
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._toast, 1)
        layout.addLayout(foot)

    def _build_work(self) -> QWidget:
        work = QWidget(self)
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._canvas, 1)
        row.addWidget(self._side)
        return work

    def _connect(self, log: ReviewLog) -> None:
        self._side.panel.good.connect(self.answer_good)
        self._side.panel.defect.connect(self.answer_defect)
        self._side.panel.cannot_tell.connect(self.answer_cannot_tell)
        self._side.panel.ask.connect(self.ask_colleague)
        self._side.panel.skip.connect(self.skip)
        self._side.panel.undo.connect(self.undo)
        self._toast.undo_asked.connect(self.undo)
        self._empty.asked.connect(self.refresh)
        self._bar.changed.connect(self._narrow)
        self._bar.left.connect(self.setFocus)
        self._masks.painting_changed.connect(self._painting_changed)
        self._masks.said.connect(self._say)
        self._desk.said.connect(self._say)
        self._desk.given.connect(self._given_away)
        self._desk.taken_back.connect(self._show_note)
        self._masks.class_named.connect(self._class_painted)
        self._loader.loaded.connect(self._picture_loaded)
        self._review.changed.connect(self._something_changed)
        self._permits.changed.connect(self._on_permits)
        log.recorded.connect(self._something_changed)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._undo_key)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)
        self._canvas.installEventFilter(self)

    @Slot()
    @Slot(object)
    def _something_changed(self, _part: object = None) -> None:
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()

    # ---- keys -----------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Answers work while the picture has the keyboard, too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return bool(super().eventFilter(watched, event))  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answers; H and the zoom keys go to the picture."""
        if not self._key(event):
            self._canvas.keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """H released shows the heatmap again."""
        self._canvas.keyReleaseEvent(event)

    @Slot()
    def _undo_key(self) -> None:
        if not self._masks.undo():
            self.undo()

    def _key(self, event: QKeyEvent) -> bool:
        if self._masks.key(event):
            return True
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers & ~Qt.KeyboardModifier.ShiftModifier or event.isAutoRepeat():
            return False
        key = event.key()
        digit = digit_of(event)
        if digit:
            if self._part is not None:
                self._side.panel.choose_digit(digit)
            return True
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_G: self.answer_good,
            Qt.Key.Key_C: self.answer_cannot_tell,
            Qt.Key.Key_A: self.ask_colleague,
            Qt.Key.Key_S: self.skip,
            Qt.Key.Key_U: self.undo,
            Qt.Key.Key_E: self._side.explain.toggle,
            Qt.Key.Key_0: self._new_class,
            Qt.Key.Key_Agrave: self._new_class,  # 0 without Shift on a French keyboard
            Qt.Key.Key_N: self._new_class,
        }
        action = actions.get(key)
        if action is None:
            return False
        action()
        return True

    def _new_class(self) -> None:
        if self._part is not None:
            self._side.panel.ask_new_class()
