"""No text is cut off at 1280 × 800, in either language, with letters at 100 and 150 per cent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qc_station.ui import theme
from tests.gui.test_accessible import MAKE
from tests.gui.whole_window import SIZE, settle, whole_window


def cut_off(root: QWidget) -> list[str]:
    """Visible labels and buttons whose text has less room than it needs, in words."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, (QLabel, QAbstractButton)) or not widget.isVisibleTo(root):
            continue
        text = widget.text()
        if not text.strip() or (isinstance(widget, QLabel) and widget.property("elided")):
            continue
        if _too_small(widget) or _outside(widget, root):
            place = f"{widget.parentWidget().objectName()}/{widget.objectName()}"
            hint = (widget.sizeHint().width(), widget.sizeHint().height())
            found.append(f"{place} {text[:40]!r} {widget.width()}×{widget.height()} wants {hint}")
    return found


def _too_small(widget: QLabel | QAbstractButton) -> bool:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    hint = widget.minimumSizeHint() if isinstance(widget, QLabel) else widget.sizeHint()
    if isinstance(widget, QToolButton) or not widget.parentWidget():
        metrics = widget.fontMetrics()
        return metrics.horizontalAdvance(widget.text()) > widget.width()
    return hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1


def _outside(widget: QWidget, root: QWidget) -> bool:
    """Whether a part lies beyond an ancestor that does not scroll."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent.parentWidget(), QScrollArea):
            return False  # can be scrolled to
        rect = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(rect):
            return True
        if parent is root:
            return False
        parent = parent.parentWidget()
    return False


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("letters", [100, 150])
def test_no_text_is_cut_off_on_any_page(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, letters: int, language: str
) -> None:
    with whole_window(tmp_path / "home", qapp) as whole:
        whole.add_product()
        whole.add_parts(12)
        whole.shown.language.switch(language)
        whole.window.actions_set[f"view.letters_{letters}"].trigger()
        cut = {}
        for view in whole.views(qtbot):
            assert (whole.window.width(), whole.window.height()) == SIZE, view
            cut[view] = cut_off(whole.window)
        whole.window.show_page("review")
        start = whole.window.findChild(QAbstractButton, "review_paint")
        assert start is not None
        qtbot.waitUntil(start.isEnabled, timeout=10_000)
        start.click()
        settle()
        assert (whole.window.width(), whole.window.height()) == SIZE, "painting"
        cut["painting"] = cut_off(whole.window)
        for name, make in MAKE.items():
            dialog = make(whole)
            dialog.show()
            settle()
            assert dialog.width() <= SIZE[0] and dialog.height() <= SIZE[1], name
            cut[name] = cut_off(dialog)
            dialog.close()
        assert not any(cut.values()), {view: found for view, found in cut.items() if found}
    theme.apply_theme(qapp)
