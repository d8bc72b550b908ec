"""The style sheet of the window for one palette and one size of letters. Knows no widget."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from qc_station.ui.palettes import Palette


def _icon(name: str, palette: Palette) -> str:
    """Path of an icon as a style sheet wants it; the arrows exist for either palette."""
    file = f"{name}_{palette.name}.svg"
    return Path(str(resources.files("resources").joinpath("icons", file))).as_posix()


def style_sheet(p: Palette, scale: float, touch_px: int) -> str:
    """``scale`` 1.0 … 1.5 multiplies every size of letters; ``touch_px`` is for gloved fingers."""

    def px(pixels: int) -> int:
        return round(pixels * scale)

    return f"""
QMainWindow, QDialog {{ background: {p.window}; }}
QToolTip {{ background: {p.inverse}; color: {p.inverse_ink}; border: 0; padding: 4px 6px; }}
QMenuBar {{ background: {p.surface}; border-bottom: 1px solid {p.border}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 5px 10px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {p.hover}; }}
QMenu {{ background: {p.raised}; border: 1px solid {p.border_strong}; padding: 4px; }}
QMenu::item {{ padding: 7px 28px 7px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {p.selection}; color: {p.text}; }}
QMenu::item:disabled {{ color: {p.text_disabled}; }}
QMenu::separator {{ height: 1px; background: {p.border}; margin: 4px 8px; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::icon:checked {{
    background: {p.selection}; border: 1px solid {p.focus}; border-radius: 4px;
}}
QMenu::indicator {{ width: 16px; height: 16px; left: 8px; }}
QStatusBar {{ background: {p.surface}; border-top: 1px solid {p.border}; }}
QStatusBar::item {{ border: 0; }}

QFrame[role="card"], QWidget[role="card"] {{
    background: {p.surface}; border: 1px solid {p.border}; border-radius: 8px;
}}
QScrollArea[role="reading"], QTextBrowser {{ border: 2px solid transparent; border-radius: 6px; }}
QScrollArea[role="reading"]:focus, QTextBrowser:focus {{ border-color: {p.focus}; }}
QFrame[role="card"][keyboard="true"] {{ border: 2px solid {p.focus}; }}
QFrame[role="card"]:focus {{ border: 2px solid {p.focus}; }}
QLabel[role="title"] {{ font-size: {px(20)}px; font-weight: 600; }}
*[letters="strong"] {{ font-weight: 600; }}
*[letters="small"] {{ font-size: {px(12)}px; }}
*[letters="sentence"] {{ font-size: {px(16)}px; }}
*[letters="large"] {{ font-size: {px(18)}px; }}
*[letters="caption"] {{ font-size: {px(16)}px; font-weight: 600; }}
*[letters="figure"] {{ font-size: {px(22)}px; font-weight: 600; }}
*[letters="headline"] {{ font-size: {px(30)}px; font-weight: 600; }}
*[letters="number"] {{ font-size: {px(34)}px; font-weight: 600; }}
QLabel[role="muted"] {{ color: {p.text_muted}; }}
QLabel[role="sentence"] {{ font-size: {px(16)}px; }}

QPushButton, QToolButton {{
    background: {p.surface}; color: {p.text}; border: 1px solid {p.border_strong};
    border-radius: 6px; padding: 6px 14px; min-height: 24px;
}}
QPushButton:hover, QToolButton:hover {{ background: {p.hover}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked {{ background: {p.pressed}; }}
QPushButton:disabled, QToolButton:disabled {{
    color: {p.text_disabled}; border-color: {p.border}; background: {p.window};
}}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {p.focus}; padding: 5px 13px; }}
QPushButton[role="primary"] {{
    background: {p.inverse}; color: {p.inverse_ink}; border-color: {p.inverse}; font-weight: 600;
}}
QPushButton[role="primary"]:hover {{ background: {p.inverse_hover}; }}
QPushButton[role="primary"]:disabled {{
    background: {p.sunken}; color: {p.text_disabled}; border-color: {p.border};
}}
QPushButton[role="primary"]:focus {{ border: 3px solid {p.focus}; padding: 4px 12px; }}
QPushButton[touch="true"] {{
    padding: 6px 8px; min-height: {touch_px - 14}px; font-size: {px(18)}px;
}}
QPushButton[pad="true"] {{
    padding: 6px; min-height: {touch_px}px; min-width: {touch_px}px;
    font-size: {px(24)}px; font-weight: 600;
}}
QPushButton[pad="true"]:focus {{ padding: 5px; }}

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QPlainTextEdit {{
    background: {p.raised}; border: 1px solid {p.border_strong}; border-radius: 5px;
    padding: 4px 7px; min-height: 22px; selection-background-color: {p.selection};
    selection-color: {p.text};
}}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus,
QDateTimeEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {p.focus}; padding: 3px 6px; }}
QLineEdit[touch="true"], QComboBox[touch="true"], QAbstractSpinBox[touch="true"] {{
    min-height: {touch_px - 22}px; font-size: {px(18)}px;
}}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: url({_icon("chevron_down", p)}); width: 12px; height: 12px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: 0; width: 24px; }}
QAbstractSpinBox::up-arrow {{
    image: url({_icon("chevron_up", p)}); width: 10px; height: 10px;
}}
QAbstractSpinBox::down-arrow {{
    image: url({_icon("chevron_down", p)}); width: 10px; height: 10px;
}}
QComboBox QAbstractItemView {{ border: 1px solid {p.border_strong}; }}

QCheckBox, QRadioButton {{ border: 2px solid transparent; border-radius: 5px; padding: 2px 4px; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {px(16)}px; height: {px(16)}px; border: 1px solid {p.border_strong};
    border-radius: 4px; background: {p.raised};
}}
QRadioButton::indicator {{ border-radius: {px(16) // 2}px; }}
QCheckBox::indicator:checked {{
    background: {p.inverse}; border-color: {p.inverse}; image: url({_icon("tick", p)});
}}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {p.border}; }}
QCheckBox::indicator:checked:disabled {{ background: {p.text_disabled}; }}
QRadioButton::indicator:checked {{ border: {px(5)}px solid {p.inverse}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {p.text_disabled}; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {p.focus}; }}

QTabWidget::pane {{ border: 0; border-top: 1px solid {p.border_strong}; }}
QTabBar::tab {{
    background: transparent; color: {p.text_muted}; padding: 6px 14px; font-weight: 600;
    border: 2px solid transparent; border-bottom: 4px solid transparent; border-radius: 0;
}}
QTabBar::tab:hover {{ background: {p.hover}; }}
QTabBar::tab:selected {{ color: {p.text}; border-bottom-color: {p.text}; }}
QTabBar::tab:selected:focus {{ border-color: {p.focus}; }}

QTableView, QListView, QTreeView {{
    background: {p.raised}; alternate-background-color: {p.surface}; border: 1px solid {p.border};
    border-radius: 6px; gridline-color: {p.window}; selection-background-color: {p.selection};
    selection-color: {p.text};
}}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {p.focus}; outline: 0; }}
QHeaderView::section {{
    background: {p.surface}; color: {p.text_muted}; border: 0; border-bottom: 1px solid {p.border};
    padding: 6px 8px; font-weight: 600;
}}
QProgressBar {{
    background: {p.sunken}; border: 1px solid {p.border}; border-radius: 6px; min-height: 20px;
    text-align: center; color: {p.text};
}}
QProgressBar::chunk {{ background: {p.progress}; border-radius: 5px; }}

QSlider {{ min-height: 36px; }}
QSlider::groove:horizontal {{ height: 8px; background: {p.sunken}; border-radius: 4px; }}
QSlider::sub-page:horizontal {{ background: {p.border_strong}; border-radius: 4px; }}
QSlider::handle:horizontal {{
    width: 24px; margin: -10px 0; background: {p.raised}; border: 2px solid {p.border_strong};
    border-radius: 14px;
}}
QSlider::handle:horizontal:focus {{ border: 3px solid {p.focus}; }}

QFrame#rail {{ background: {p.surface}; border: 0; border-right: 1px solid {p.border}; }}
QFrame#rail QToolButton {{
    background: transparent; border: 2px solid transparent; border-radius: 8px;
    padding: 2px 0; font-size: {px(12)}px; color: {p.text};
}}
QFrame#rail QToolButton:disabled {{ color: {p.text_disabled}; }}
QFrame#rail QToolButton:hover {{ background: {p.hover}; }}
QFrame#rail QToolButton:checked {{ background: {p.selection}; font-weight: 600; }}
QFrame#rail QToolButton:focus {{ border-color: {p.focus}; }}

QSplitter::handle {{ background: {p.border}; }}
QScrollBar:vertical {{ background: {p.surface}; width: 14px; border: 0; }}
QScrollBar:horizontal {{ background: {p.surface}; height: 14px; border: 0; }}
QScrollBar::handle {{ background: {p.scroll_handle}; border-radius: 5px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 30px; }}
QScrollBar::handle:horizontal {{ min-width: 30px; }}
QScrollBar::handle:hover {{ background: {p.border_strong}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""
