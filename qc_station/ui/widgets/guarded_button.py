"""A button that stays visible when the present role may not use it, and says why. No services."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget


class GuardedButton(QPushButton):
    """Enabled when its page enables it and nobody refuses it; a refusal is its tooltip."""

    _wanted = True
    _refusal = ""
    _hint = ""

    def setEnabled(self, enabled: bool) -> None:
        """What the page wants; a refusal is stronger."""
        self._wanted = enabled
        super().setEnabled(enabled and not self._refusal)

    def setToolTip(self, text: str) -> None:
        """The hint that is shown while nothing is refused."""
        self._hint = text
        super().setToolTip(self._refusal or text)

    @property
    def wanted(self) -> bool:
        """Whether the page would have it enabled."""
        return self._wanted

    @property
    def refusal(self) -> str:
        """Why it cannot be used; empty when it can."""
        return self._refusal

    def refuse(self, sentence: str) -> None:
        """Greys the button out with this reason; an empty one lets the page decide again."""
        self._refusal = sentence
        super().setEnabled(self._wanted and not sentence)
        super().setToolTip(sentence or self._hint)
        self.setAccessibleDescription(sentence)


def refuse_within(widget: QWidget, sentence: str) -> None:
    """Refuses every guarded button below ``widget``."""
    for button in widget.findChildren(GuardedButton):
        button.refuse(sentence)
