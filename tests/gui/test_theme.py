"""Contrast in both palettes, form of the signs, and switching theme and letters at run time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qc_station.domain.verdict import Verdict
from qc_station.settings.store import SettingsStore
from qc_station.ui import theme
from qc_station.ui.icons import icon, pixmap
from qc_station.ui.palettes import DARK, LIGHT, PALETTES, SIGN_PAIRS, TEXT_PAIRS, Palette, contrast
from qc_station.ui.theme import LookSwitch
from qc_station.ui.widgets.signs import paint_sign
from tests.gui.whole_window import whole_window


@pytest.fixture(autouse=True)
def light_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply_theme(qapp)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_keeps_its_contrast(palette: Palette, pair: tuple[str, str]) -> None:
    ink, ground = (getattr(palette, role) for role in pair)
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("pair", SIGN_PAIRS, ids="-on-".join)
def test_signs_and_edges_of_focus_keep_their_contrast(
    palette: Palette, pair: tuple[str, str]
) -> None:
    sign, ground = (getattr(palette, role) for role in pair)
    assert contrast(sign, ground) >= 3.0


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_verdicts_keep_their_colours_in_both_palettes(palette: Palette) -> None:
    colours = theme.verdict_colours(palette)
    assert colours[Verdict.NG].sign == "#D55E00"
    assert colours[Verdict.REVIEW].sign == "#E69F00"
    for verdict in Verdict:
        assert contrast(colours[verdict].ink, colours[verdict].ground) >= 3.0  # huge words


def sign(verdict: Verdict) -> np.ndarray:
    image = QImage(48, 48, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    paint_sign(painter, QRectF(0, 0, 48, 48), verdict, body="#000000", mark="#FFFFFF")
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(48, 48).copy() < 128


def test_signs_differ_in_form_alone(qapp: QApplication) -> None:
    shapes = {verdict: sign(verdict) for verdict in Verdict}
    for first, second in itertools.combinations(Verdict, 2):
        both = (shapes[first] & shapes[second]).sum()
        either = (shapes[first] | shapes[second]).sum()
        assert both / either < 0.75, (first, second)


def drawn(image: QImage) -> set[str]:
    """The colours of all opaque pixels."""
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 250
    }


def test_icons_are_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    assert drawn(pixmap("inspect", 32, "#FF0000").toImage()) == {"#FF0000"}
    assert not icon("review").isNull()


def ink(shown: QIcon) -> set[str]:
    return drawn(shown.pixmap(QSize(32, 32)).toImage())


def test_icons_of_buttons_and_actions_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    plain = QPushButton(icon("cancel"), "", host)
    primary = QPushButton(icon("check", "inverse_ink"), "", host)
    foreign = QPushButton(QIcon(pixmap("check", 32, "#FF0000")), "", host)
    theme.apply_theme(qapp, DARK)
    assert ink(plain.icon()) == {DARK.text}
    assert ink(primary.icon()) == {DARK.inverse_ink}
    assert ink(foreign.icon()) == {"#FF0000"}
    theme.apply_theme(qapp, LIGHT)
    assert ink(plain.icon()) == {LIGHT.text}


def test_the_desktop_decides_only_where_it_is_asked(qapp: QApplication) -> None:
    look = LookSwitch(qapp, "system", 100)
    assert theme.look() == ("light", 1.0)
    look.set_theme("dark")
    look.set_scale(150)
    assert theme.look() == ("dark", 1.5)
    assert (theme.TEXT, theme.px(10)) == (DARK.text, 15)
    look.set_scale(0)
    assert theme.look() == ("dark", theme.desktop_scale() / 100)
    look.remove()


def test_theme_and_letters_are_switched_at_run_time_and_remembered(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with whole_window(home, qapp) as whole:
        whole.add_parts(8)
        window = whole.window
        window.show_page("statistics")
        statistics = whole.shown.statistics
        qtbot.waitUntil(lambda: not statistics.busy and bool(statistics.charts), timeout=20_000)
        before = window.rail.width()
        window.actions_set["view.theme_dark"].trigger()
        window.actions_set["view.letters_150"].trigger()
        qtbot.waitUntil(lambda: not statistics.busy, timeout=20_000)
        QApplication.processEvents()
        assert window.rail.width() == round(before * 1.5)
        shot = window.grab().toImage()
        assert shot.pixelColor(4, window.height() // 2) == QColor(DARK.surface)
        page = window.stack.mapTo(window, window.stack.rect().bottomLeft())
        assert shot.pixelColor(page.x() + 4, page.y() - 4) == QColor(DARK.window)
        chart = next(iter(statistics.charts.values()))
        assert chart.plot.grab().toImage().pixelColor(2, 2) == QColor(DARK.surface)
        colours = {series.colour for c in statistics.charts.values() for series in c.data.series}
        assert DARK.neutral_bar in colours
        assert LIGHT.neutral_bar not in colours
        assert ink(window.rail.buttons["review"].icon()) == {DARK.text}
    kept = SettingsStore(home / "settings.toml").load().settings
    assert (kept.theme, kept.letters_percent) == ("dark", 150)
    with whole_window(home, qapp) as again:
        assert again.window.actions_set["view.theme_dark"].isChecked()
        assert again.window.actions_set["view.letters_150"].isChecked()
        assert theme.look() == ("dark", 1.5)
