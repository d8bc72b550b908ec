"""The look of the window: the palette and size of letters in use. Knows no page and no data.

``theme.TEXT``, ``theme.SURFACE`` … are the colours of the present palette; ask for them when
painting, never at import. Every widget hears PaletteChange and StyleChange after a switch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from qc_station.domain.verdict import Verdict
from qc_station.ui import icons
from qc_station.ui.palettes import DARK, LIGHT, PALETTES, Palette, contrast
from qc_station.ui.style_sheet import style_sheet

__all__ = ["LookSwitch", "VerdictColours", "apply_theme", "contrast", "large_font", "px"]

if TYPE_CHECKING:
    WINDOW: str
    SURFACE: str
    RAISED: str
    SUNKEN: str
    PICTURE_GROUND: str
    BORDER: str
    BORDER_STRONG: str
    TEXT: str
    TEXT_MUTED: str
    TEXT_DISABLED: str
    FOCUS: str
    FOCUS_ON_PICTURE: str
    SELECTION: str
    HOVER: str
    NEUTRAL_BAR: str
    INVERSE_INK: str
    OK_SIGN: str
    NG_SIGN: str
    NG_INK: str
    REVIEW_SIGN: str
    REVIEW_LINE: str
    REVIEW_INK: str
    NOT_INSPECTED_SIGN: str
    VERDICT_COLOURS: dict[Verdict, VerdictColours]
else:

    def __getattr__(name: str) -> object:
        """A role of the palette in use, written in capitals."""
        if name == "VERDICT_COLOURS":
            return verdict_colours(_look.palette)
        if name.isupper() and hasattr(LIGHT, name.lower()):
            return getattr(_look.palette, name.lower())
        raise AttributeError(f"theme has no {name}")


LETTERS_PX = 14
TOUCH_PX = 56
"""Least height of what a gloved finger presses."""
THEMES = ("system", "light", "dark")
SCALES = (100, 125, 150)
"""Sizes of letters in per cent; 0 in the settings means: as the desktop has them."""


@dataclass(slots=True)
class _Look:
    """What is in use; one per process, as there is one QApplication."""

    palette: Palette = LIGHT
    scale: float = 1.0


_look = _Look()


@dataclass(frozen=True, slots=True)
class VerdictColours:
    """How one verdict looks: ``ground`` behind the word, its ``ink``, ``sign`` of small shapes."""

    ground: str
    ink: str
    sign: str


def verdict_colours(p: Palette) -> dict[Verdict, VerdictColours]:
    """The colours of all verdicts in one palette."""
    return {
        Verdict.OK: VerdictColours(p.raised, p.text, p.ok_sign),
        Verdict.NG: VerdictColours(p.ng_sign, p.ng_word, p.ng_sign),
        Verdict.REVIEW: VerdictColours(p.review_sign, p.review_ink, p.review_sign),
        Verdict.NOT_INSPECTED: VerdictColours(
            p.hatch_light, p.not_inspected_ink, p.not_inspected_sign
        ),
    }


def look() -> tuple[str, float]:
    """Palette and size in use; a widget that bakes colours compares it in its changeEvent."""
    return _look.palette.name, _look.scale


def palette_in_use() -> Palette:
    """All colours of the window as it is shown now."""
    return _look.palette


def px(pixels: float) -> int:
    """A size that grows with the letters."""
    return round(pixels * _look.scale)


def paint_hatch(
    painter: QPainter, rect: QRectF, spacing: float = 22.0, palette: Palette | None = None
) -> None:
    """Fills ``rect`` with the diagonal stripes that mean "not inspected"."""
    palette = palette or _look.palette
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, QColor(palette.hatch_light))
    pen = QPen(QColor(palette.hatch_dark), spacing * 0.42)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = rect.left() - rect.height() - spacing
    while x < rect.right() + spacing:
        painter.drawLine(
            QPointF(x, rect.bottom() + spacing),
            QPointF(x + rect.height() + 2 * spacing, rect.top() - spacing),
        )
        x += spacing
    painter.restore()


def large_font(pixels: int, bold: bool = False) -> QFont:
    """The application font at ``pixels`` of height as painted; ``px`` makes them grow."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def qt_palette(p: Palette) -> QPalette:
    """The colours for what Qt draws itself; disabled text stays readable."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, name in {
        roles.Window: p.window,
        roles.WindowText: p.text,
        roles.Base: p.raised,
        roles.AlternateBase: p.surface,
        roles.Text: p.text,
        roles.PlaceholderText: p.text_muted,
        roles.Button: p.surface,
        roles.ButtonText: p.text,
        roles.BrightText: p.text,
        roles.ToolTipBase: p.inverse,
        roles.ToolTipText: p.inverse_ink,
        roles.Highlight: p.selection,
        roles.HighlightedText: p.text,
        roles.Link: p.focus,
        roles.LinkVisited: p.focus,
        roles.Accent: p.focus,
        roles.Mid: p.border,
        roles.Midlight: p.hover,
        roles.Dark: p.border_strong,
        roles.Light: p.raised,
    }.items():
        result.setColor(role, QColor(name))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(p.text_disabled))
    return result


def apply_theme(app: QApplication, palette: Palette = LIGHT, scale: float = 1.0) -> None:
    """Gives the application the Fusion style, palette, letters and style sheet; 1.0 is 14 px."""
    _look.palette, _look.scale = palette, scale
    icons.use(palette)
    app.setStyle("Fusion")
    app.setPalette(qt_palette(palette))
    font = app.font()
    font.setPixelSize(px(LETTERS_PX))
    app.setFont(font)
    app.setStyleSheet(style_sheet(palette, scale, TOUCH_PX))
    icons.refresh()


class LookSwitch(QObject):
    """Theme and size of letters, switched at run time; follows the desktop where that is asked."""

    changed = Signal(str, int)  # theme, letters in per cent as the settings keep them

    def __init__(self, app: QApplication, theme: str, scale: int) -> None:
        super().__init__()
        self._app = app
        self._theme, self._scale = theme, scale
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._on_desktop)
        self._apply()

    @property
    def theme(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._theme

    @property
    def scale(self) -> int:
        """Size of the letters in per cent; 0: as the desktop."""
        return self._scale

    def set_theme(self, theme: str) -> None:
        """Shows the window in ``system``, ``light`` or ``dark`` colours."""
        self._switch(theme, self._scale)

    def set_scale(self, scale: int) -> None:
        """Letters at 100, 125 or 150 per cent, or 0: as the desktop."""
        self._switch(self._theme, scale)

    def remove(self) -> None:
        """No longer follows the desktop."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._on_desktop)

    def _switch(self, theme: str, scale: int) -> None:
        if (theme, scale) != (self._theme, self._scale):
            self._theme, self._scale = theme, scale
            self._apply()
            self.changed.emit(theme, scale)

    def _apply(self) -> None:
        scheme = self._app.styleHints().colorScheme()
        desktop = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        palette = PALETTES.get(self._theme, desktop)
        apply_theme(self._app, palette, (self._scale or desktop_scale()) / 100)

    @Slot()
    def _on_desktop(self) -> None:
        if self._theme == "system":
            self._apply()


def desktop_scale() -> int:
    """The size in per cent of ``SCALES`` that comes nearest to the desktop's own letters."""
    system = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize()
    return min(SCALES, key=lambda scale: abs(scale / 100 * LETTERS_PX - system))
