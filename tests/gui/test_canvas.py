"""The picture canvas: nothing copied, nothing drawn over the wrong picture, keys and zoom."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.domain.verdict import Region
from qc_station.ui.widgets.colour_maps import COLOUR_MAPS
from qc_station.ui.widgets.picture_canvas import (
    PictureCanvas,
    colour_table,
    heatmap_image,
    qimage_from_rgb,
)


@pytest.fixture
def canvas(qtbot: QtBot) -> PictureCanvas:
    widget = PictureCanvas()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    widget.set_picture(np.full((30, 40, 3), (10, 200, 30), np.uint8))
    return widget


def centre(canvas: PictureCanvas) -> QColor:
    QApplication.processEvents()
    image = canvas.viewport().grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2)


def test_picture_is_a_view_of_its_array_and_keeps_odd_widths() -> None:
    rgb = np.zeros((5, 7, 3), np.uint8)
    rgb[:, :] = (1, 2, 3)
    image = qimage_from_rgb(rgb)
    assert image.bytesPerLine() == 21
    rgb[4, 6] = (250, 251, 252)
    assert QColor(image.pixel(6, 4)).getRgb()[:3] == (250, 251, 252)


def test_cropped_and_mirrored_arrays_are_shown_right(qapp: QApplication) -> None:
    rgb = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    for view in (rgb[1:4, 2:7], rgb[:, ::-1], rgb[::-1]):
        image = qimage_from_rgb(view)
        height, width = view.shape[:2]
        assert QColor(image.pixel(width - 1, height - 1)).getRgb()[:3] == tuple(view[-1, -1])


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        qimage_from_rgb(np.zeros((4, 4, 3), np.float32))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="plane"):
        heatmap_image(np.zeros((4, 4, 3), np.uint8), colour_table("inferno"))


def test_colour_maps_rise_evenly_in_lightness() -> None:
    for name, entries in COLOUR_MAPS.items():
        assert len(entries) == 256
        light = np.array(entries) @ [0.2126, 0.7152, 0.0722]
        assert (np.diff(light) > -1.5).all(), name
        assert light[-1] - light[0] > 120, name


def test_array_stays_alive_when_the_caller_lets_go(canvas: PictureCanvas) -> None:
    canvas.set_picture(np.full((30, 40, 3), (200, 10, 10), np.uint8))
    np.full((30, 40, 3), 0, np.uint8)
    assert centre(canvas).red() == 200


def test_heatmap_is_drawn_over_the_picture(canvas: PictureCanvas) -> None:
    bare = centre(canvas)
    canvas.set_opacity(1.0)
    canvas.set_heatmap(np.full((8, 8), 255, np.uint8))
    red, green, blue = COLOUR_MAPS["inferno"][255]
    assert centre(canvas).getRgb()[:3] == (red, green, blue)
    canvas.set_heatmap(np.zeros((8, 8), np.uint8))
    assert centre(canvas) == bare, "normal parts of the map must leave the picture as it is"


def test_a_new_picture_takes_heatmap_and_regions_away(canvas: PictureCanvas) -> None:
    canvas.set_heatmap(np.full((8, 8), 255, np.uint8))
    canvas.set_regions((Region(0.1, 0.1, 0.5, 0.5, 3.0),))
    canvas.set_picture(np.full((30, 40, 3), 90, np.uint8))
    assert canvas.heatmap is None
    assert canvas.regions == ()
    assert centre(canvas).getRgb()[:3] == (90, 90, 90)


def test_holding_h_shows_the_bare_picture(canvas: PictureCanvas, qtbot: QtBot) -> None:
    bare = centre(canvas)
    canvas.set_opacity(1.0)
    canvas.set_heatmap(np.full((8, 8), 255, np.uint8))
    qtbot.keyPress(canvas, Qt.Key.Key_H)
    assert centre(canvas) == bare
    qtbot.keyRelease(canvas, Qt.Key.Key_H)
    assert centre(canvas) != bare


def test_zoom_never_gets_smaller_than_the_whole_picture(
    canvas: PictureCanvas, qtbot: QtBot
) -> None:
    whole = canvas.transform().m11()
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.transform().m11() > whole
    assert canvas.zoomed
    for _ in range(5):
        qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.transform().m11() == pytest.approx(whole)
    assert not canvas.zoomed


def test_wheel_zooms_and_0_fits(canvas: PictureCanvas, qtbot: QtBot) -> None:
    whole = canvas.transform().m11()
    event = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    canvas.wheelEvent(event)
    assert canvas.transform().m11() > whole
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.transform().m11() == pytest.approx(whole)


def test_picture_of_another_size_is_fitted_anew(canvas: PictureCanvas) -> None:
    canvas.set_picture(np.zeros((300, 400, 3), np.uint8))
    assert canvas.transform().m11() <= 1.01


def test_clear_shows_nothing(canvas: PictureCanvas) -> None:
    canvas.clear()
    assert canvas.pixels is None
    assert centre(canvas).getRgb()[:3] == QColor("#22282D").getRgb()[:3]


def test_sound_areas_show_the_bare_picture_and_defects_the_colour() -> None:
    alpha = [entry >> 24 for entry in colour_table("inferno")]
    assert not any(alpha[:104])
    assert alpha[127] > 100
    assert all(value == 255 for value in alpha[152:])
    assert alpha == sorted(alpha)


def test_what_counts_as_anomalous_is_outlined_and_the_outline_goes_with_the_picture(
    canvas: PictureCanvas,
) -> None:
    plane = np.zeros((6, 8), np.uint8)
    plane[2:4, 3:5] = 200
    canvas.set_heatmap(plane)
    assert len(canvas.outline) > 0
    QApplication.processEvents()
    canvas.set_opacity(0.0)  # the outline does not fade with the heat
    shown = canvas.viewport().grab().toImage()
    colours = {
        shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())
    }
    assert "#ffffff" in colours and "#000000" in colours
    canvas.set_heatmap(plane, outlined=False)
    assert len(canvas.outline) == 0, "an explanation has no such level"
    canvas.set_heatmap(plane)
    canvas.set_picture(np.zeros((30, 40, 3), np.uint8))
    assert len(canvas.outline) == 0
