"""A number that may be left to somebody else: the lowest step means "none". Knows no recipe."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget


class OptionalSpin(QSpinBox):
    """``number`` is None at the lowest step, which reads as ``none_words``."""

    def __init__(
        self,
        low: int,
        high: int,
        step: int,
        words: Callable[[int], str],
        none_words: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        """``words`` writes a number with its unit; both are asked at each repaint."""
        super().__init__(parent)
        self._words, self._none_words = words, none_words
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setRange(low - 1, high)
        self.setSingleStep(step)
        self.editingFinished.connect(self.retranslate)  # an emptied field says "none" again
        self.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)

    @property
    def number(self) -> int | None:
        """The number, None for none."""
        return None if self.value() == self.minimum() else self.value()

    def set_number(self, number: int | None) -> None:
        """Shows a number."""
        self.setValue(self.minimum() if number is None else number)

    def stepBy(self, steps: int) -> None:
        """From "none" to the lowest number, then on the grid of the step."""
        low = self.minimum() + 1
        if self.value() == self.minimum() and steps > 0:
            self.setValue(low)
        else:
            wanted = self.value() + steps * self.singleStep()
            self.setValue(wanted if wanted >= low or self.value() == low else low)

    def textFromValue(self, value: int) -> str:
        """The number as people read it."""
        return self._none_words() if value == self.minimum() else self._words(value)

    def valueFromText(self, text: str) -> int:
        """The digits in a text; none without digits."""
        digits = "".join(letter for letter in text if letter.isdigit())
        return int(digits) if digits else self.minimum()

    def validate(self, text: str, position: int) -> QValidator.State:  # type: ignore[override]
        """Anything may be typed: what has no digits means none, what is too large is corrected."""
        fits = self.minimum() <= self.valueFromText(text) <= self.maximum()
        return QValidator.State.Acceptable if fits else QValidator.State.Intermediate

    def retranslate(self) -> None:
        """The same number in the current language."""
        self.lineEdit().setText(self.textFromValue(self.value()))
