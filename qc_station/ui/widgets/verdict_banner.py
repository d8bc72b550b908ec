"""The huge verdict: sign above word, and the hatched warning of a station that does not inspect.

Told apart by shape, word, place and colour together. Paints only; knows no service. Signs and
words are vectors, so that they fill whatever screen there is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.widgets.signs import fitted_path, paint_sign

WORD_SHARE = 0.155
"""Height of the word's capitals as a share of the page's height; at least 0.15 is promised."""
LEAST_HEIGHT = 1.6
"""Least height of the banner as a share of the capitals: the sign gives way, the word never."""


class VerdictBanner(QWidget):
    """Sign and word of one verdict. ``set_page_height`` makes the word readable from far away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: Verdict | None = None
        self._word = ""
        self._cap_height = 110
        self.setObjectName("verdict_banner")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(100)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the current language; the word itself comes from the page."""
        self.setAccessibleName(self.tr("Verdict"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict shown; None while there is none."""
        return self._verdict

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word

    def show_verdict(self, verdict: Verdict | None, word: str) -> None:
        """Shows a verdict, or a quiet word on a neutral ground with None."""
        self._verdict = verdict
        self._word = word
        self.setAccessibleDescription(word)
        self.update()

    def set_page_height(self, pixels: int) -> None:
        """Tells the height of the page that the word's size follows."""
        self._cap_height = round(pixels * WORD_SHARE)
        self.setMinimumHeight(round(self._cap_height * LEAST_HEIGHT))
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(360, round(self._cap_height * 2.45))

    def word_height(self) -> float:
        """Height in pixels of the capitals as they are painted now."""
        return _capitals(self._word, self._word_rect())

    def _word_rect(self) -> QRectF:
        margin = max(10.0, self.width() * 0.035)
        bottom = self.height() - self._cap_height * 0.22
        return QRectF(
            margin, bottom - self._cap_height, self.width() - 2 * margin, self._cap_height
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        word = self._word_rect()
        top, gap = rect.top() + self._cap_height * 0.16, self._cap_height * 0.12
        height = min(self._cap_height * 0.9, word.top() - gap - top)
        sign = QRectF(word.left(), top, word.width(), height)
        if self._verdict is None:
            _ground(painter, rect, theme.SURFACE, theme.BORDER)
            painter.fillPath(fitted_path(self._word, word), QColor(theme.TEXT_MUTED))
            return
        colours = theme.VERDICT_COLOURS[self._verdict]
        if self._verdict is Verdict.NOT_INSPECTED:
            _hatched(painter, rect)
            paint_sign(painter, sign, self._verdict)
        elif self._verdict is Verdict.OK:
            _ground(painter, rect, colours.ground, theme.BORDER)
            paint_sign(painter, sign, self._verdict)
        else:
            _ground(painter, rect, colours.ground, colours.ground)
            paint_sign(painter, sign, self._verdict, body=colours.ink, mark=colours.ground)
        painter.fillPath(fitted_path(self._word, word), QColor(colours.ink))


class NotInspectingBanner(QWidget):
    """Hatched across the whole page: the word, why, and what to do. Can't be taken for good."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = ""
        self._why = ""
        self._advice = ""
        self._cap_height = 110
        self.setObjectName("not_inspecting_banner")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Texts in the current language; the three lines come from the page."""
        self.setAccessibleName(self.tr("Not inspecting"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word

    @property
    def why(self) -> str:
        """The reason shown."""
        return self._why

    @property
    def advice(self) -> str:
        """What to do, as shown."""
        return self._advice

    def show_state(self, word: str, why: str, advice: str) -> None:
        """Sets the three texts."""
        self._word, self._why, self._advice = word, why, advice
        self.setAccessibleDescription(f"{word}. {why} {advice}")
        self.update()

    def place(self, page_width: int, page_height: int, margin: int) -> None:
        """Covers the upper part of a page of this size."""
        self._cap_height = round(page_height * WORD_SHARE)
        height = round(self._cap_height * 2.35) + 60
        self.setGeometry(margin, margin, page_width - 2 * margin, height)

    def word_height(self) -> float:
        """Height in pixels of the capitals as they are painted now."""
        return _capitals(self._word, self._word_rect())

    def _word_rect(self) -> QRectF:
        sign = self._cap_height * 1.15
        left = 24 + sign + 24
        top = self._cap_height * 0.42
        return QRectF(left, top, self.width() - left - 24, self._cap_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        _hatched(painter, rect, 3)
        word = self._word_rect()
        sign = QRectF(0, 0, self._cap_height * 1.15, self._cap_height * 1.15)
        sign.moveCenter(word.center())
        sign.moveLeft(24)
        paint_sign(painter, sign, Verdict.NOT_INSPECTED, body=theme.TEXT)
        ink = QColor(theme.VERDICT_COLOURS[Verdict.NOT_INSPECTED].ink)
        painter.fillPath(fitted_path(self._word, word, squeeze=0.4), ink)
        plate = QRectF(16, word.bottom() + self._cap_height * 0.3, self.width() - 32, self.height())
        plate.setBottom(self.height() - 14.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.RAISED))
        painter.drawRoundedRect(plate, 6, 6)
        painter.setPen(ink)
        size = max(15, round(plate.height() * 0.26))
        first = QRectF(plate.left() + 18, plate.top(), plate.width() - 36, plate.height() / 2)
        _line(painter, first.adjusted(0, 4, 0, 2), self._why, size, True)
        _line(painter, first.translated(0, plate.height() / 2 - 5), self._advice, size, False)


def _line(painter: QPainter, rect: QRectF, text: str, size: int, bold: bool) -> None:
    """One line of text, smaller when it would not fit."""
    font = theme.large_font(size, bold)
    width = QFontMetricsF(font).horizontalAdvance(text)
    if width > rect.width():
        font = theme.large_font(max(11, int(size * rect.width() / width)), bold)
    painter.setFont(font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _capitals(word: str, rect: QRectF) -> float:
    """Painted height of a capital of ``word``: narrow rectangles make it lower."""
    whole = fitted_path(word, rect).boundingRect()
    plain = fitted_path(word, QRectF(0, 0, 1e6, rect.height())).boundingRect()
    return rect.height() * whole.height() / plain.height() if plain.height() else 0.0


def _ground(painter: QPainter, rect: QRectF, fill: str, edge: str) -> None:
    painter.setPen(QPen(QColor(edge), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, 8, 8)


def _hatched(painter: QPainter, rect: QRectF, edge: float = 2) -> None:
    theme.paint_hatch(painter, rect, 30)
    painter.setPen(QPen(QColor(theme.NOT_INSPECTED_SIGN), edge))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)
