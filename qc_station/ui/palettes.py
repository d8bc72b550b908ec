"""The colours of the window by role, light and dark. Knows no widget; ``theme`` hands them out.

Calm grey; colour only for what needs action. ``TEXT_PAIRS`` and ``SIGN_PAIRS`` name what is drawn
on what: text keeps a contrast of at least 4.5 : 1 there, signs and edges of focus 3 : 1 (WCAG 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour, written #RRGGBB, for each role; the light theme's values are the defaults."""

    name: str = "light"
    window: str = "#E4E7EA"
    surface: str = "#F3F5F6"
    raised: str = "#FFFFFF"
    sunken: str = "#D5DADE"
    picture_ground: str = "#22282D"
    border: str = "#C2C8CE"
    border_strong: str = "#76808A"
    text: str = "#1C2329"
    text_muted: str = "#4D5861"
    text_disabled: str = "#8B949C"
    focus: str = "#0A5AA8"
    focus_on_picture: str = "#6CB4F5"
    selection: str = "#CFE0F1"
    hover: str = "#DCE1E5"
    pressed: str = "#C9D0D6"
    inverse: str = "#1C2329"  # ground of primary buttons and tooltips
    inverse_hover: str = "#333D45"
    inverse_ink: str = "#FFFFFF"
    progress: str = "#8FA9C0"
    scroll_handle: str = "#A8B0B7"
    neutral_bar: str = "#6C8BAA"
    ok_sign: str = "#1E6B57"
    ng_sign: str = "#D55E00"
    ng_word: str = "#FFFFFF"  # the huge word on vermilion
    ng_ink: str = "#1C0B00"  # small text on vermilion
    review_sign: str = "#E69F00"
    review_line: str = "#8F6200"  # amber for thin lines and small marks
    review_ink: str = "#1A1400"
    not_inspected_sign: str = "#4D5861"
    not_inspected_ink: str = "#14191D"
    hatch_light: str = "#D5D8DB"
    hatch_dark: str = "#B4BAC0"


LIGHT = Palette()
DARK = Palette(
    name="dark",
    window="#171B1E",
    surface="#20262A",
    raised="#2A3136",
    sunken="#101315",
    picture_ground="#0C0E10",
    border="#3B444B",
    border_strong="#848F98",
    text="#E8ECEF",
    text_muted="#AEB8C0",
    text_disabled="#78838B",
    focus="#6CB4F5",
    selection="#23486A",
    hover="#323A40",
    pressed="#3E474E",
    inverse="#E8ECEF",
    inverse_hover="#FFFFFF",
    inverse_ink="#14181B",
    progress="#3F6184",
    scroll_handle="#57616A",
    neutral_bar="#7F9DBB",
    ok_sign="#5CC2A0",
    review_line="#E69F00",
    not_inspected_sign="#AEB8C0",
    not_inspected_ink="#F4F6F7",
    hatch_light="#444D54",
    hatch_dark="#30373D",
)
PALETTES: dict[str, Palette] = {palette.name: palette for palette in (LIGHT, DARK)}

_GROUNDS = ("window", "surface", "raised")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "text_muted") for ground in _GROUNDS),
    *(("text", ground) for ground in ("selection", "hover", "pressed", "progress", "sunken")),
    ("text_muted", "sunken"),
    *(("focus", ground) for ground in _GROUNDS),  # links
    ("inverse_ink", "inverse"),
    ("inverse_ink", "inverse_hover"),
    ("ng_ink", "ng_sign"),
    ("review_ink", "review_sign"),
    ("not_inspected_ink", "hatch_light"),
    ("not_inspected_ink", "hatch_dark"),
    ("not_inspected_ink", "raised"),
)
"""(ink, ground) of every text in use; the words of disabled controls are exempt."""

SIGN_PAIRS: tuple[tuple[str, str], ...] = (
    *((sign, ground) for sign in ("ok_sign", "ng_sign") for ground in ("surface", "raised")),
    *((sign, ground) for sign in ("review_line",) for ground in ("surface", "raised")),
    *(("not_inspected_sign", ground) for ground in _GROUNDS),
    ("ng_word", "ng_sign"),
    *(("focus", ground) for ground in _GROUNDS),
    *(("border_strong", ground) for ground in _GROUNDS),
    ("focus_on_picture", "picture_ground"),
)
"""(sign or edge, ground) of large signs, plotted lines and the edges of controls."""


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two colours written #RRGGBB, 1 … 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
