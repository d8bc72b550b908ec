"""Contrast and form: signs are told apart without colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.icons import icon, pixmap
from qc_station.ui.widgets.signs import paint_sign


@pytest.mark.parametrize("ground", [theme.WINDOW, theme.SURFACE, theme.RAISED])
@pytest.mark.parametrize("ink", [theme.TEXT, theme.TEXT_MUTED, theme.FOCUS])
def test_text_keeps_its_contrast(ink: str, ground: str) -> None:
    assert theme.contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("verdict", list(Verdict))
def test_huge_words_keep_their_contrast(verdict: Verdict) -> None:
    colours = theme.VERDICT_COLOURS[verdict]
    assert theme.contrast(colours.ink, colours.ground) >= 3.0


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


def test_icons_are_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    image = pixmap("inspect", 32, "#FF0000").toImage()
    drawn = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() > 250
    ]
    assert drawn
    assert all(colour.getRgb()[:3] == (255, 0, 0) for colour in drawn)
    assert not icon("review").isNull()
