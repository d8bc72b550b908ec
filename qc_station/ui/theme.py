"""The look of the window: colour tokens, sizes, palette and style sheet. Knows no page and no data.

Calm grey; colour only for what needs action. Text on its surface keeps a contrast of at least
4.5 : 1, large signs at least 3 : 1 (WCAG 2.2); ``contrast`` measures it, a test holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from qc_station.domain.verdict import Verdict

WINDOW = "#E4E7EA"
SURFACE = "#F3F5F6"
RAISED = "#FFFFFF"
SUNKEN = "#D5DADE"
PICTURE_GROUND = "#22282D"
BORDER = "#C2C8CE"
BORDER_STRONG = "#7D8790"
TEXT = "#1C2329"
TEXT_MUTED = "#4D5861"
TEXT_DISABLED = "#8B949C"
FOCUS = "#0A5AA8"
SELECTION = "#CFE0F1"
HOVER = "#DCE1E5"
PRESSED = "#C9D0D6"

OK_SIGN = "#1E6B57"
NG_SIGN = "#D55E00"
REVIEW_SIGN = "#E69F00"
NOT_INSPECTED_SIGN = "#4D5861"
REVIEW_LINE = "#8F6200"
"""Amber, dark enough for thin lines and small marks."""
NEUTRAL_BAR = "#6C8BAA"
VERDICT_INK_ON_AMBER = "#1A1400"
HATCH_LIGHT = "#D5D8DB"
HATCH_DARK = "#B4BAC0"

TOUCH_PX = 56
"""Least height of what a gloved finger presses."""


@dataclass(frozen=True, slots=True)
class VerdictColours:
    """How one verdict looks: ``ground`` behind the word, its ``ink``, ``sign`` of small shapes."""

    ground: str
    ink: str
    sign: str


VERDICT_COLOURS: dict[Verdict, VerdictColours] = {
    Verdict.OK: VerdictColours(ground=RAISED, ink=TEXT, sign=OK_SIGN),
    Verdict.NG: VerdictColours(ground=NG_SIGN, ink="#FFFFFF", sign=NG_SIGN),
    Verdict.REVIEW: VerdictColours(ground=REVIEW_SIGN, ink=VERDICT_INK_ON_AMBER, sign=REVIEW_SIGN),
    Verdict.NOT_INSPECTED: VerdictColours(
        ground=HATCH_LIGHT, ink="#14191D", sign=NOT_INSPECTED_SIGN
    ),
}


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two colours, 1 … 21."""

    def luminance(name: str) -> float:
        def linear(value: float) -> float:
            return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

        colour = QColor(name)
        return (
            0.2126 * linear(colour.redF())
            + 0.7152 * linear(colour.greenF())
            + 0.0722 * linear(colour.blueF())
        )

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def paint_hatch(painter: QPainter, rect: QRectF, spacing: float = 22.0) -> None:
    """Fills ``rect`` with the diagonal stripes that mean "not inspected"."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, QColor(HATCH_LIGHT))
    pen = QPen(QColor(HATCH_DARK), spacing * 0.42)
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
    """The application font at ``pixels`` of height; for signs and numbers."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def palette() -> QPalette:
    """The light palette; disabled text stays readable."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, name in {
        roles.Window: WINDOW,
        roles.WindowText: TEXT,
        roles.Base: RAISED,
        roles.AlternateBase: SURFACE,
        roles.Text: TEXT,
        roles.PlaceholderText: TEXT_MUTED,
        roles.Button: SURFACE,
        roles.ButtonText: TEXT,
        roles.ToolTipBase: TEXT,
        roles.ToolTipText: "#FFFFFF",
        roles.Highlight: SELECTION,
        roles.HighlightedText: TEXT,
        roles.Link: FOCUS,
        roles.Accent: FOCUS,
        roles.Mid: BORDER,
        roles.Dark: BORDER_STRONG,
        roles.Light: RAISED,
    }.items():
        result.setColor(role, QColor(name))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(TEXT_DISABLED))
    return result


def _icon(name: str) -> str:
    """Path of an icon as a style sheet wants it."""
    return Path(str(resources.files("resources").joinpath("icons", f"{name}.svg"))).as_posix()


STYLE_SHEET = f"""
QMainWindow, QDialog {{ background: {WINDOW}; }}
QToolTip {{ background: {TEXT}; color: #FFFFFF; border: 0; padding: 4px 6px; }}
QMenuBar {{ background: {SURFACE}; border-bottom: 1px solid {BORDER}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 5px 10px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {HOVER}; }}
QMenu {{ background: {RAISED}; border: 1px solid {BORDER_STRONG}; padding: 4px; }}
QMenu::item {{ padding: 7px 28px 7px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {SELECTION}; color: {TEXT}; }}
QMenu::item:disabled {{ color: {TEXT_DISABLED}; }}
QMenu::separator {{ height: 1px; background: {BORDER}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::icon:checked {{ background: {SELECTION}; border: 1px solid {FOCUS}; border-radius: 4px; }}
QMenu::indicator {{ width: 16px; height: 16px; left: 8px; }}
QStatusBar {{ background: {SURFACE}; border-top: 1px solid {BORDER}; }}
QStatusBar::item {{ border: 0; }}

QFrame[role="card"], QWidget[role="card"] {{
    background: {SURFACE}; border: 1px solid {BORDER}; border-radius: 8px;
}}
QFrame[role="card"]:focus {{ border: 2px solid {FOCUS}; }}
QLabel[role="title"] {{ font-size: 20px; font-weight: 600; }}
QLabel[role="muted"] {{ color: {TEXT_MUTED}; }}
QLabel[role="sentence"] {{ font-size: 16px; }}

QPushButton, QToolButton {{
    background: {SURFACE}; color: {TEXT}; border: 1px solid {BORDER_STRONG};
    border-radius: 6px; padding: 6px 14px; min-height: 24px;
}}
QPushButton:hover, QToolButton:hover {{ background: {HOVER}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked {{ background: {PRESSED}; }}
QPushButton:disabled, QToolButton:disabled {{
    color: {TEXT_DISABLED}; border-color: {BORDER}; background: {WINDOW};
}}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {FOCUS}; padding: 5px 13px; }}
QPushButton[role="primary"] {{
    background: {TEXT}; color: #FFFFFF; border-color: {TEXT}; font-weight: 600;
}}
QPushButton[role="primary"]:hover {{ background: #333D45; }}
QPushButton[role="primary"]:disabled {{
    background: {SUNKEN}; color: {TEXT_DISABLED}; border-color: {BORDER};
}}
QPushButton[role="primary"]:focus {{ border: 3px solid {FOCUS}; padding: 4px 12px; }}
QPushButton[touch="true"] {{ padding: 6px 8px; min-height: {TOUCH_PX - 14}px; font-size: 18px; }}
QPushButton[pad="true"] {{
    padding: 6px; min-height: {TOUCH_PX}px; min-width: {TOUCH_PX}px;
    font-size: 24px; font-weight: 600;
}}
QPushButton[pad="true"]:focus {{ padding: 5px; }}

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QPlainTextEdit {{
    background: {RAISED}; border: 1px solid {BORDER_STRONG}; border-radius: 5px;
    padding: 4px 7px; min-height: 22px; selection-background-color: {SELECTION};
    selection-color: {TEXT};
}}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus,
QDateTimeEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {FOCUS}; padding: 3px 6px; }}
QLineEdit[touch="true"], QComboBox[touch="true"], QAbstractSpinBox[touch="true"] {{
    min-height: {TOUCH_PX - 22}px; font-size: 18px;
}}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: url({_icon("chevron_down")}); width: 12px; height: 12px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0; width: 24px; }}
QAbstractSpinBox::up-arrow {{ image: url({_icon("chevron_up")}); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url({_icon("chevron_down")}); width: 10px; height: 10px; }}
QComboBox QAbstractItemView {{ border: 1px solid {BORDER_STRONG}; }}

QTableView, QListView, QTreeView {{
    background: {RAISED}; alternate-background-color: {SURFACE}; border: 1px solid {BORDER};
    border-radius: 6px; gridline-color: {WINDOW}; selection-background-color: {SELECTION};
    selection-color: {TEXT};
}}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {FOCUS}; outline: 0; }}
QHeaderView::section {{
    background: {SURFACE}; color: {TEXT_MUTED}; border: 0; border-bottom: 1px solid {BORDER};
    padding: 6px 8px; font-weight: 600;
}}
QProgressBar {{
    background: {SUNKEN}; border: 1px solid {BORDER}; border-radius: 6px; min-height: 20px;
    text-align: center; color: {TEXT};
}}
QProgressBar::chunk {{ background: #8FA9C0; border-radius: 5px; }}

QSlider {{ min-height: 36px; }}
QSlider::groove:horizontal {{ height: 8px; background: {SUNKEN}; border-radius: 4px; }}
QSlider::sub-page:horizontal {{ background: {BORDER_STRONG}; border-radius: 4px; }}
QSlider::handle:horizontal {{
    width: 24px; margin: -10px 0; background: {RAISED}; border: 2px solid {BORDER_STRONG};
    border-radius: 14px;
}}
QSlider::handle:horizontal:focus {{ border: 3px solid {FOCUS}; }}

QFrame#rail {{ background: {SURFACE}; border: 0; border-right: 1px solid {BORDER}; }}
QFrame#rail QToolButton {{
    background: transparent; border: 2px solid transparent; border-radius: 8px;
    padding: 6px 0; font-size: 12px; color: {TEXT};
}}
QFrame#rail QToolButton:disabled {{ color: {TEXT_DISABLED}; }}
QFrame#rail QToolButton:hover {{ background: {HOVER}; }}
QFrame#rail QToolButton:checked {{ background: {SELECTION}; font-weight: 600; }}
QFrame#rail QToolButton:focus {{ border-color: {FOCUS}; }}

QSplitter::handle {{ background: {BORDER}; }}
QScrollBar:vertical {{ background: {SURFACE}; width: 14px; border: 0; }}
QScrollBar:horizontal {{ background: {SURFACE}; height: 14px; border: 0; }}
QScrollBar::handle {{ background: #A8B0B7; border-radius: 5px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 30px; }}
QScrollBar::handle:horizontal {{ min-width: 30px; }}
QScrollBar::handle:hover {{ background: {BORDER_STRONG}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""


def apply_theme(app: QApplication) -> None:
    """Gives the application the Fusion style, the palette, a 14 px font and the style sheet."""
    app.setStyle("Fusion")
    app.setPalette(palette())
    font = app.font()
    font.setPixelSize(14)
    app.setFont(font)
    app.setStyleSheet(STYLE_SHEET)
