"""What a plot shows, as data: lines, bars, words and the parts behind each point. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from qc_station.domain.filters import HistoryFilter


class Look(Enum):
    """How a series is drawn."""

    LINE = auto()  # through marks
    STEP = auto()  # level over each bucket
    DASHED_STEP = auto()
    BAR = auto()


@dataclass(frozen=True, slots=True)
class Point:
    """One value (None: a gap), in words, and the parts behind it (None: nothing to open)."""

    value: float | None
    words: str = ""
    parts: HistoryFilter | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars; without ``words`` it can be seen but not chosen.

    ``mark`` is the shape of a line's marks: o, s, d (circle, square, diamond), "" for none. Points
    listed in ``alarms`` get a ring.
    """

    name: str
    colour: str
    points: tuple[Point, ...]
    look: Look = Look.LINE
    mark: str = "o"
    alarms: frozenset[int] = frozenset()

    @property
    def selectable(self) -> bool:
        """Whether its points can be chosen."""
        return any(point.words for point in self.points)


@dataclass(frozen=True, slots=True)
class Band:
    """An area between two values of each bucket."""

    name: str
    colour: str
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """One plot. ``spoken`` says all of it in a sentence; ``empty`` why there is nothing to see.

    ``starts`` and ``ends`` are the places of the buckets on the horizontal axis; ``ticks`` its
    labels. ``low`` and ``high`` fix the vertical axis (None: what the values need).
    ``right_ticks`` label a second axis on the same scale.
    """

    title: str
    spoken: str
    y_title: str = ""
    x_title: str = ""
    starts: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    series: tuple[Series, ...] = ()
    bands: tuple[Band, ...] = ()
    low: float | None = 0.0
    high: float | None = None
    right_title: str = ""
    right_ticks: tuple[tuple[float, str], ...] = ()
    note: str = ""
    empty: str = ""
