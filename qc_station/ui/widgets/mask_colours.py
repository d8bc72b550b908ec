"""Colours of painted regions by class. They differ from heatmaps and show on dark and light."""

from __future__ import annotations

from PySide6.QtGui import QColor, qRgba

CLASS_COLOURS = (
    "#00B8F0",
    "#7CE04B",
    "#FF6FB5",
    "#B388FF",
    "#FFD23F",
    "#00D1B2",
    "#FF8A50",
    "#6E8BFF",
    "#D8B27A",
)
"""In the order of the digits; a tenth class begins again."""

UNNAMED_COLOUR = "#F5F5F5"
FILL_ALPHA = 96
MODEL_ALPHA = 150
MODEL_INDEX = len(CLASS_COLOURS) + 2
"""Index of what the model's region would take, above all classes."""


def index_of(class_name: str, classes: list[str]) -> int:
    """Where a class is in the colour table: 1 for a name that has no digit; 0 is bare."""
    if class_name not in classes:
        return 1
    return 2 + classes.index(class_name) % len(CLASS_COLOURS)


def colour_of(index: int) -> QColor:
    """The opaque colour of an index; for contours and for the list of classes."""
    if index == MODEL_INDEX:
        return QColor("#FFFFFF")
    return QColor(UNNAMED_COLOUR if index == 1 else CLASS_COLOURS[index - 2])


def fill_table() -> list[int]:
    """Colour table of an Indexed8 plane: translucent, 0 shows the bare picture."""
    table = [qRgba(0, 0, 0, 0)]
    for index in range(1, MODEL_INDEX + 1):
        colour = colour_of(index)
        alpha = MODEL_ALPHA if index == MODEL_INDEX else FILL_ALPHA
        table.append(qRgba(colour.red(), colour.green(), colour.blue(), alpha))
    return table
