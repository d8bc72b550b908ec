"""Thresholds page: what two limits do to the reviewed and the logged parts, and setting others.

pyqtgraph is loaded when the page is first shown (see plot_loader). Scores are read in a worker
thread; a step of a limit only counts in what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.thresholds import (
    LimitPair,
    LoggedScores,
    ReviewedScores,
    raises_escape_bound,
    score_range,
)
from qc_station.domain.verdict import Verdict
from qc_station.services.limits import LimitsInForce, LimitsService
from qc_station.services.permits import Permits
from qc_station.services.tasks import TaskPool
from qc_station.ui import limits_words as words
from qc_station.ui import theme
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import count, error_sentence
from qc_station.ui.models.score_reader import ScoreReader
from qc_station.ui.plot_loader import PlotLoader
from qc_station.ui.widgets.columns import Columns
from qc_station.ui.widgets.empty_state import EmptyState
from qc_station.ui.widgets.figure_tile import FigureTile
from qc_station.ui.widgets.limits_editor import LimitsEditor
from qc_station.ui.widgets.replay_card import ReplayCard
from qc_station.ui.widgets.scores_card import ScoresCard
from qc_station.ui.widgets.toast import Toast

REFRESH_MS = 500
RIGHT_PX = 400


class ThresholdsPage(QWidget):
    """Figures above, plot on the left, replay and saving on the right.

    ``parts_wanted`` carries the HistoryFilter of parts to be listed, ``page_wanted`` a page's name.
    """

    parts_wanted = Signal(object)
    page_wanted = Signal(str)

    def __init__(
        self,
        service: LimitsService,
        tasks: TaskPool,
        changes: Sequence[SignalInstance] = (),
        shift_starts: Sequence[str] = ("06:00", "14:00", "22:00"),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        permits: Permits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``changes`` are signals after which the reviewed parts may be others."""
        super().__init__(parent)
        self.setObjectName("thresholds_page")
        self._service = service
        self._permits = permits if permits is not None else Permits(self)
        self._force: LimitsInForce | None = None
        self._pair: LimitPair | None = None  # what is shown; in force or not
        self._reviewed: ReviewedScores | None = None
        self._logged: LoggedScores | None = None
        self._range: tuple[datetime, datetime] | None = None
        self._reader = ScoreReader(service, tasks, self)
        self._plots = PlotLoader(self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._build(shift_starts, clock)
        self._connect(changes)
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    @property
    def pair(self) -> LimitPair | None:
        """The limits that are shown."""
        return self._pair

    @property
    def busy(self) -> bool:
        """Whether scores are being read, or what draws them is on its way."""
        return self._reader.busy or self._plots.busy

    def close_workers(self) -> None:
        """Nobody waits for scores any more; for the end of the program."""
        self._refresh.stop()
        self._plots.stop()
        self._reader.drop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.setAccessibleName(self.tr("Thresholds"))
        self._hint.setText(
            self.tr("Tab: next limit · ← → move it, with Shift finely, Page ↑ ↓ in large steps")
        )
        self.card.retranslate()
        self.replay.retranslate()
        self.editor.retranslate()
        self.toast.retranslate()
        self._show_permits()
        self._show_force()
        self._show_scores()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange and hasattr(self, "_side"):
            self._side.setMinimumWidth(theme.px(RIGHT_PX))
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Scores are read while somebody looks."""
        super().showEvent(event)
        self._plots.start()
        self._read_all()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for the scores any more; limits that were tried and not saved stay."""
        super().hideEvent(event)
        self.close_workers()

    # ---- building -------------------------------------------------------------------------

    def _build(self, shift_starts: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._title, self._state = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._state.setProperty("role", "muted")
        self._state.setObjectName("limits_state")
        self._void = QLabel(self)
        self._void.setObjectName("limits_void")
        self._claim = QLabel(self)
        self._claim.setObjectName("limits_claim")
        self._claim.setProperty("role", "muted")
        for label in (self._void, self._claim):
            label.setWordWrap(True)
        self.tiles = {name: FigureTile(name, self) for name in words.TILES}
        self.card = ScoresCard(self)
        self.replay = ReplayCard(shift_starts, clock, self)
        self.editor = LimitsEditor(self)
        self.toast = Toast(self)
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._empty = EmptyState(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._build_body())
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 10)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._title)
        self._state.setWordWrap(True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._state, 1)
        layout.addLayout(head)
        layout.addWidget(self._void)
        layout.addWidget(self._stack, 1)

    def _build_body(self) -> QWidget:
        body = QWidget(self)
        tiles, columns = Columns(), Columns(spacing=10)
        shown = list(self.tiles.values())
        for half in (shown[:2], shown[2:]):
            pair = QHBoxLayout()
            pair.setSpacing(8)
            for tile in half:
                pair.addWidget(tile, 1)
            tiles.addLayout(pair, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.replay)
        right.addWidget(self.editor)
        right.addStretch(1)
        right.addWidget(self.toast)
        side = self._side = QWidget(body)
        side.setLayout(right)
        side.setMinimumWidth(theme.px(RIGHT_PX))
        right.setContentsMargins(0, 0, 0, 0)
        columns.addWidget(self.card, 100)
        columns.addWidget(side, 1)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(tiles)
        layout.addWidget(self._claim)
        layout.addLayout(columns, 1)
        layout.addWidget(self._hint)
        return body

    def _connect(self, changes: Sequence[SignalInstance]) -> None:
        self._refresh.timeout.connect(self._read_reviewed)
        self._service.changed.connect(self._on_change)
        for signal in changes:
            signal.connect(self._on_reviews)
        self.replay.period_changed.connect(self._read_logged)
        self.replay.flip_chosen.connect(self._on_flip)
        self.editor.edited.connect(self._on_edited)
        self.editor.own_asked.connect(self._to_own)
        self.editor.saved_asked.connect(self._to_saved)
        self.editor.save_asked.connect(self._on_save)
        self.toast.undo_asked.connect(self._on_undo)
        self.card.moved.connect(self._on_moved)
        self.card.scale_changed.connect(self._show_scores)
        self.card.review_asked.connect(lambda: self.page_wanted.emit("review"))
        self._plots.ready.connect(self._show_scores)
        self._reader.reviewed.connect(self._on_reviewed)
        self._reader.logged.connect(self._on_logged)
        self._reader.failed.connect(self._on_failed)
        self._empty.asked.connect(lambda: self.page_wanted.emit("learning"))
        self._permits.changed.connect(self._show_permits)
        undo = QShortcut(QKeySequence("U"), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._on_undo)

    # ---- reading --------------------------------------------------------------------------

    @Slot()
    def _on_change(self) -> None:
        """Another model, product or limits: what was tried belongs to what was before."""
        if self.isVisible():
            self._read_all()

    @Slot()
    def _on_reviews(self) -> None:
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()

    def _read_all(self) -> None:
        before, self._force = self._force, self._service.in_force()
        force = self._force
        if force is None:
            self._pair = self._reviewed = self._logged = None
            self._reader.drop()
        elif before is None or _basis(before) != _basis(force):
            self._pair = force.pair
            self._reviewed = self._logged = None
            self.editor.reason.clear()
        self._show_force()
        self._show_scores()
        if force is not None:
            self._read_reviewed()
            self._read_logged()

    @Slot()
    def _read_reviewed(self) -> None:
        if self._force is not None:
            self._reader.ask_reviewed(self._force)

    @Slot()
    def _read_logged(self) -> None:
        force = self._force
        if force is None:
            return
        self._range = self.replay.range()
        self._logged = None
        self.replay.say(self.tr("Reading …"))
        self._show_figures()
        self._reader.ask_logged(force, *self._range)

    @Slot(object)
    def _on_reviewed(self, found: ReviewedScores) -> None:
        self._reviewed = found
        self._show_scores()

    @Slot(object)
    def _on_logged(self, found: LoggedScores) -> None:
        self._logged = found
        self._show_figures()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._logged = None
        self.replay.say(self.tr("The scores could not be read: {}").format(_sentence(error)))

    # ---- moving the limits ----------------------------------------------------------------

    @Slot(object, float)
    def _on_moved(self, verdict: Verdict, value: float) -> None:
        if self._pair is not None:
            ok, ng = self._pair.ok, self._pair.ng
            self._set(LimitPair(value, ng) if verdict is Verdict.OK else LimitPair(ok, value))

    @Slot(object, float)
    def _on_edited(self, verdict: Verdict, value: float) -> None:
        """A typed value counts; it pushes the other limit where it must."""
        if self._pair is not None:
            ok, ng = self._pair.ok, self._pair.ng
            pushed = (value, max(value, ng)) if verdict is Verdict.OK else (min(ok, value), value)
            self._set(LimitPair(*pushed))

    @Slot()
    def _to_own(self) -> None:
        if self._force is not None:
            self._set(self._force.own)

    @Slot()
    def _to_saved(self) -> None:
        if self._force is not None:
            self._set(self._force.pair)

    def _set(self, pair: LimitPair) -> None:
        self._pair = pair
        view = self.card.view
        if view is not None and not view.low <= pair.ok <= pair.ng <= view.high:
            self._show_scores()  # a typed limit out of sight: the plot widens
        else:
            self._show_limits()
            self._show_figures()

    # ---- saving ---------------------------------------------------------------------------

    @Slot(str)
    def _on_save(self, reason: str) -> None:
        force, pair = self._force, self._pair
        if force is None or pair is None:
            return
        facts: dict[str, object] = {}
        if self._reviewed is not None:
            now = self._reviewed.figures(pair)
            facts = {"expected": asdict(now)}
        try:
            revised = self._service.save(
                force.model.model_id, None if pair == force.own else pair, reason, facts
            )
        except Exception as error:  # noqa: BLE001 - the page shows the sentence
            self._refuse(error)
            return
        self.editor.reason.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # so that U undoes, and is not typed
        self.toast.show_text(
            self.tr("Revision {} is in use from the next part on.").format(count(revised.revision))
        )

    @Slot()
    def _on_undo(self) -> None:
        if not self._service.can_undo:
            return
        try:
            revised = self._service.undo(self.tr("Taken back"))
        except Exception as error:  # noqa: BLE001 - the page shows the sentence
            self._refuse(error)
            return
        if revised is not None:
            self.toast.show_text(
                self.tr("Taken back: revision {} has the limits from before.").format(
                    count(revised.revision)
                ),
                undo=False,
            )

    def _refuse(self, error: Exception) -> None:
        self.toast.show_text(_sentence(error), undo=False, stay=True)

    @Slot(object, object)
    def _on_flip(self, was: Verdict, would: Verdict) -> None:
        force, pair = self._force, self._pair
        if force is None or pair is None or self._range is None:
            return
        above, up_to = score_range(would, pair)
        start, end = self._range
        self.parts_wanted.emit(
            HistoryFilter(
                from_=start, to=end, verdicts=frozenset({was}), recipe=force.product,
                model_id=force.model.model_id, score_above=above, score_up_to=up_to,
                novel=False if would is Verdict.OK and was is Verdict.REVIEW else None,
            )
        )  # fmt: skip

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def _show_permits(self) -> None:
        self.editor.save.refuse(refusal(self._permits, Action.CHANGE_RECIPE))

    def _show_force(self) -> None:
        force = self._force
        self._stack.setCurrentIndex(0 if force is not None else 1)
        title = self.tr("Thresholds")
        self._title.setText(title if force is None else f"{title} · {force.product}")
        self._state.setText("" if force is None else words.force_sentence(force))
        void = words.void_sentence(force) if force is not None else ""
        self._void.setText(f"⚠ {void}" if void else "")
        self._void.setVisible(bool(void))
        self._empty.say(
            self.tr("No model yet"),
            self.tr("Limits belong to a model. Teach this product first, or choose another one."),
            self.tr("Go to Learning"),
            self.tr("Show the Learning page"),
        )

    @Slot()
    def _show_scores(self) -> None:
        """Bars, marks and axes, then all that hangs on the limits."""
        reviewed = self._reviewed if self._plots.loaded else None
        self.card.show_scores(reviewed, self._force, self._pair)
        self._show_limits()
        self._show_figures()

    def _show_limits(self) -> None:
        pair, view = self._pair, self.card.view
        if pair is None:
            return
        self.card.show_limits(pair)
        step, decimals = (view.step, view.decimals) if view is not None else (0.01, 4)
        self.editor.show_limits(pair, step, decimals)

    def _show_figures(self) -> None:
        reviewed, pair, force = self._reviewed, self._pair, self._force
        if pair is None or force is None:
            return
        replay = self._logged.replay(pair) if self._logged is not None else None
        if replay is not None and self._logged is not None:
            self.replay.show_replay(replay, self._logged.not_inspected)
        warning = ""
        if reviewed is None:
            for tile in self.tiles.values():
                tile.say("", "–", "", "")
            self._claim.clear()
        else:
            now = reviewed.figures(pair)
            for name, figure in words.tiles(reviewed, now, replay).items():
                self.tiles[name].say(figure.name, figure.value, figure.note, figure.explanation)
            self._claim.setText(words.claim(reviewed, now))
            if raises_escape_bound(reviewed, force.pair, pair):
                warning = words.escape_warning(reviewed.figures(force.pair), now)
        self.editor.show_state(pair != force.pair, pair == force.own, warning)


def _sentence(error: Exception) -> str:
    return error_sentence(str(getattr(error, "code", "")), str(error))


def _basis(force: LimitsInForce) -> tuple[object, ...]:
    return force.product, force.model.model_id, force.pair
