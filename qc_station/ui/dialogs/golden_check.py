"""The guided check of golden samples: picture and name, one key, the answer. No SQL.

Space, Enter or the foot switch lay a sample in; production waits behind it until it is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.golden import CheckResult, RetryReason
from qc_station.domain.verdict import Verdict
from qc_station.services.golden_check import GoldenCheck, Step
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.permits import AccessError, Permits
from qc_station.services.tasks import TaskPool
from qc_station.ui.golden_words import answer_words, clock_words, result_word, retry_title
from qc_station.ui.messages import count, error_sentence, reason_sentence, verdict_title
from qc_station.ui.time_words import span
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.verdict_banner import VerdictBanner
from qc_station.ui.widgets.verdict_icon import verdict_icon

TICK_MS = 1000
SIGN = QSize(24, 24)
RETRY_KEYS = {RetryReason.MISPLACED: "1", RetryReason.WRONG_SAMPLE: "2", RetryReason.DIRTY: "3"}
_SIGNS = {
    CheckResult.PASSED: Verdict.OK,
    CheckResult.FAILED: Verdict.NG,
    CheckResult.CANCELLED: Verdict.NOT_INSPECTED,
}


class PartCounter(Protocol):
    """The part of VerdictLog that is used here; called from a worker thread."""

    def count(self, filter_: HistoryFilter) -> int: ...


class GoldenCheckDialog(QDialog):
    """One check from its begin to its end; closing it earlier cancels it."""

    parts_wanted = Signal(object)  # HistoryFilter: the parts in doubt

    def __init__(
        self,
        check: GoldenCheck,
        release: GoldenRelease,
        samples: GoldenSamples,
        log: PartCounter,
        tasks: TaskPool,
        permits: Permits,
        parent: QWidget | None = None,
        *,
        foot_keys: tuple[str, str] = ("F13", "F14"),
        pressed: Callable[[QKeyEvent], bool] = lambda _event: True,
    ) -> None:
        """``foot_keys`` go on and let a failure stand; ``pressed`` is False for a bounce."""
        super().__init__(parent)
        self.setObjectName("golden_check_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.check = check
        check.setParent(self)
        self._release = release
        self._samples = samples
        self._log = log
        self._tasks = tasks
        self._permits = permits
        self._foot_keys = foot_keys
        self._pressed = pressed
        self._doubt: HistoryFilter | None = None
        self._doubtful: int | None = None
        self._said = ""  # a refusal or a fault, until the next step
        self._shown = ""  # whose picture is on the canvas
        self._build()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_clock)
        self._connect()
        self.retranslate()
        check.begin()
        self._tick.start()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.progress = QLabel(self)
        self.progress.setProperty("role", "title")
        self.clock = QLabel(self)
        self.clock.setProperty("role", "title")
        self.canvas = PictureCanvas(self)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setMinimumSize(320, 240)
        self.name = QLabel(self)
        self.name.setStyleSheet("font-size: 30px; font-weight: 700;")
        self.sign = QLabel(self)
        self.expected = QLabel(self)
        self.expected.setProperty("role", "sentence")
        self.banner = VerdictBanner(self)
        self.banner.set_page_height(440)
        self.message = QLabel(self)
        self.message.setObjectName("golden_message")
        self.message.setProperty("role", "sentence")
        self.message.setWordWrap(True)
        self.message.setMinimumHeight(72)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.list = QListWidget(self)
        self.list.setObjectName("golden_results")
        self.list.setIconSize(QSize(22, 22))
        self.list.setStyleSheet(
            "QListWidget { font-size: 16px; } QListWidget::item { padding: 5px; }"
        )
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.go = self._button("golden_go", self.press)
        self.go.setProperty("role", "primary")
        self.accept_button = self._button("golden_accept", self.check.accept)
        self.retries = {
            reason: self._button(f"golden_retry_{reason.value}", self._retry(reason))
            for reason in RetryReason
        }
        self.history = self._button("golden_history", self._show_history)
        self.bands = self._button("golden_bands", self._record_bands)
        self.cancel = self._button("golden_cancel", self.reject)
        head = QHBoxLayout()
        head.addWidget(self.progress, 1)
        head.addWidget(self.clock)
        left = QVBoxLayout()
        left.addWidget(self.canvas, 1)
        expected = QHBoxLayout()
        expected.setSpacing(8)
        expected.addWidget(self.sign)
        expected.addWidget(self.expected, 1)
        left.addWidget(self.name)
        left.addLayout(expected)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.banner)
        right.addWidget(self.message)
        right.addWidget(self.list, 1)
        columns = QGridLayout()
        columns.setHorizontalSpacing(18)
        columns.addLayout(left, 0, 0)
        columns.addLayout(right, 0, 1)
        columns.setColumnStretch(0, 11)
        columns.setColumnStretch(1, 9)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (*self.retries.values(), self.accept_button, self.bands, self.history):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(columns, 1)
        layout.addLayout(foot)
        self.resize(1120, 700)

    def _button(self, name: str, command: Callable[[], object]) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setProperty("touch", "true")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: command())
        return button

    def _retry(self, reason: RetryReason) -> Callable[[], None]:
        return lambda: self.check.retry(reason)

    def _connect(self) -> None:
        self.check.changed.connect(self._on_changed)
        self.check.problem.connect(self._on_problem)
        self._permits.changed.connect(self._on_permits)

    # ---- what is pressed ------------------------------------------------------------------

    @Slot()
    def press(self) -> None:
        """The one key: lay in, close."""
        if self.check.step is Step.LAY_IN:
            try:
                self.check.inspect()
            except AccessError as error:
                self._say(error_sentence(error.code, str(error)))
        elif self.check.step is Step.DONE:
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, Enter and the foot switch go on; 1, 2, 3 try again; F lets the failure stand."""
        key = event.key()
        foot = QKeySequence(key).toString()
        contact = key == Qt.Key.Key_Space or foot in self._foot_keys
        if event.isAutoRepeat() or (contact and not self._pressed(event)):
            return
        by_foot = foot == self._foot_keys[0]
        if by_foot or key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if by_foot and self.check.step is Step.DIFFERS:
                self.check.retry(RetryReason.MISPLACED)
            elif not by_foot and isinstance(focused, QPushButton) and focused.isVisible():
                focused.click()
            else:
                self.press()
        elif key == Qt.Key.Key_F or foot == self._foot_keys[1]:
            self.check.accept()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_3:
            self.check.retry(list(RetryReason)[key - Qt.Key.Key_1])
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """However it is closed: what is not finished is cancelled, and production may go on."""
        self._tick.stop()
        self.check.changed.disconnect(self._on_changed)
        self.check.cancel()
        super().done(result)

    @Slot()
    def _show_history(self) -> None:
        if self._doubt is not None:
            self.parts_wanted.emit(self._doubt)
            self.accept()

    @Slot()
    def _record_bands(self) -> None:
        recipe = self._release.recipe
        try:
            recorded = self._samples.record_bands(recipe, self.check.parts)
        except Exception as error:  # noqa: BLE001 — the dialog shows the sentence
            self._say(error_sentence(getattr(error, "code", ""), str(error)))
            return
        self.bands.hide()
        self._say(self.tr("Score bands recorded: {}").format(count(recorded)))

    # ---- what comes of it -----------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        self._said = ""
        if self.check.step is Step.DONE and self._doubt is None:
            self._count_doubtful()
        self._show()

    @Slot(str, str)
    def _on_problem(self, code: str, sentence: str) -> None:
        self._said = self.tr("The check could not be written down and does not count. {}").format(
            error_sentence(code, sentence)
        )

    @Slot()
    def _on_permits(self) -> None:
        if not self._permits.allows(Action.RUN_INSPECTION):
            self.reject()

    def _count_doubtful(self) -> None:
        record = self.check.record
        if record is None or record.result is not CheckResult.FAILED:
            return
        doubt = self._release.in_doubt()
        self._doubt = doubt
        self._tasks.run(lambda: self._log.count(doubt), self._on_counted, self._on_uncounted, self)

    def _on_counted(self, number: int) -> None:
        self._doubtful = number
        self._show()

    def _on_uncounted(self, error: Exception) -> None:
        self._say(error_sentence(getattr(error, "code", ""), str(error)))

    def _say(self, text: str) -> None:
        self._said = text
        self._show()

    # ---- showing --------------------------------------------------------------------------

    def _show(self) -> None:
        check, step = self.check, self.check.step
        sample = check.sample
        total = len(check.samples)
        at = min(len(check.results) + 1, total)
        self.progress.setText(
            self.tr("Sample {n} of {total}").format(n=count(at), total=count(total))
        )
        if sample is not None and step is not Step.DONE:
            self.name.setText(sample.name)
            self.expected.setText(self.tr("Expected: {}").format(verdict_title(sample.expected)))
            self.sign.setPixmap(verdict_icon(sample.expected).pixmap(SIGN))
            self._show_picture()
        self._show_banner()
        self.message.setText(self._said or self._sentence())
        self._show_list()
        self._show_buttons()
        self._show_clock()

    def _show_banner(self) -> None:
        check, step = self.check, self.check.step
        if step is Step.DIFFERS:
            self.banner.show_verdict(Verdict.NG, self.tr("DIFFERS"))
        elif step is Step.DONE and check.record is not None:
            result = check.record.result
            self.banner.show_verdict(_SIGNS[result], result_word(result))
        elif step is Step.ANSWER:
            self.banner.show_verdict(None, self.tr("WAIT"))
        else:
            self.banner.show_verdict(None, self.tr("LAY IN"))

    def _sentence(self) -> str:
        check, step = self.check, self.check.step
        if step is Step.DIFFERS and check.differing is not None:
            said = answer_words(check.differing)
            if check.may_retry:
                return (
                    said
                    + "\n"
                    + self.tr(
                        "Once more, and why? Or let it stand as failed. Foot switch: it lay badly."
                    )
                )
            return said + "\n" + self.tr("This was the second try.")
        if step is Step.DONE:
            return self._end()
        if check.refused:
            return self.tr("The station cannot inspect now: look at the page behind, try again.")
        if check.unanswered is not None:
            why = reason_sentence(check.unanswered.reason, check.unanswered)
            return self.tr("No answer: {} Press again.").format(why)
        if step is Step.LAY_IN:
            return self.tr("Lay the sample in, then press Space or the foot switch.")
        return ""

    def _end(self) -> str:
        record = self.check.record
        if record is None or record.result is CheckResult.PASSED:
            return self.tr("Production goes on when this window is closed.")
        if record.result is CheckResult.CANCELLED:
            return self.tr("Nothing has changed.")
        failed = self.tr("Failed: {}. The station is not released.").format(
            ", ".join(record.failed)
        )
        if self._doubtful is None or self._doubt is None:
            return failed
        since, to = self._doubt.from_, self._doubt.to
        when = span(since, to) if since is not None and to is not None else self.tr("ever")
        doubt = self.tr("Parts since the last good check: {n} ({when}).").format(
            n=count(self._doubtful), when=when
        )
        return f"{failed}\n{doubt}"

    def _show_picture(self) -> None:
        sample = self.check.sample
        if sample is None or sample.name == self._shown:
            return
        self._shown = sample.name
        try:
            self.canvas.set_picture(self._samples.picture(sample))
        except Exception as error:  # noqa: BLE001 — the sample can be laid in all the same
            self.canvas.clear()
            self._said = error_sentence(getattr(error, "code", ""), str(error))

    def _show_list(self) -> None:
        self.list.clear()
        for index, sample in enumerate(self.check.samples):
            if index < len(self.check.results):
                result = self.check.results[index]
                word = result_word(CheckResult.PASSED if result.passed else CheckResult.FAILED)
                text = f"{sample.name}   {word}   {answer_words(result)}"
                sign = verdict_icon(Verdict.OK if result.passed else Verdict.NG)
                self.list.addItem(QListWidgetItem(sign, text))
            else:
                self.list.addItem(QListWidgetItem(sample.name))
        self.list.scrollToItem(self.list.item(min(len(self.check.results), self.list.count() - 1)))

    def _show_buttons(self) -> None:
        check, step = self.check, self.check.step
        differs, over = step is Step.DIFFERS, step is Step.DONE
        for button in self.retries.values():
            button.setVisible(differs and check.may_retry)
        self.accept_button.setVisible(differs)
        self.go.setVisible(not differs)
        self.go.setEnabled(step is not Step.ANSWER)
        self.cancel.setVisible(not over)
        self.history.setVisible(over and bool(self._doubtful))
        passed = check.record is not None and check.record.result is CheckResult.PASSED
        unbanded = any(result.band is None for result in check.results)
        may = self._permits.allows(Action.CHANGE_RECIPE)
        self.bands.setVisible(over and passed and unbanded and may)
        set_words(self.go, self.tr("Close (Space)") if over else self.tr("Inspect (Space)"))
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            self.setFocus()

    @Slot()
    def _show_clock(self) -> None:
        if self.check.step is not Step.DONE:
            self.clock.setText(clock_words(self.check.seconds_left))

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Golden-sample check"))
        self.canvas.setAccessibleName(self.tr("Picture of the sample to lay in"))
        self.list.setAccessibleName(self.tr("Results"))
        for reason, button in self.retries.items():
            title = retry_title(reason)
            spoken = self.tr("Try once more: {}").format(title)
            set_words(button, f"{title} ({RETRY_KEYS[reason]})", spoken)
        set_words(self.accept_button, self.tr("It failed (F)"), self.tr("Let it stand as failed"))
        set_words(self.history, self.tr("Show these parts in History"))
        set_words(self.bands, self.tr("Record these scores as bands"))
        set_words(self.cancel, self.tr("Cancel (Esc)"), self.tr("Cancel the check"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
