"""The statistics' plot of the machine's last hour. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QCoreApplication

from qc_station.services.system_use import SAMPLE_MS, SystemSample
from qc_station.ui import theme
from qc_station.ui.messages import number, percent
from qc_station.ui.models.chart_data import ChartData, Point, Series
from qc_station.ui.production_charts import nothing
from qc_station.ui.time_axis import time_ticks
from qc_station.ui.time_words import clock

translate = QCoreApplication.translate
GIGABYTE = 1e9
LONGEST_GAP = timedelta(milliseconds=3 * SAMPLE_MS)
SHORTEST = timedelta(minutes=5)
Timeline = Sequence[tuple[float, SystemSample | None]]
Value = Callable[[SystemSample], float | None]


def system(samples: Sequence[SystemSample]) -> ChartData:
    """Processor, memory, GPU in per cent and the hottest sensor in °C, on one scale of 0 to 100."""
    title = translate("Chart", "Machine (last hour)")
    if not samples:
        return nothing(title, translate("Chart", "Nothing measured yet."))
    last = samples[-1]
    start = min(samples[0].at, last.at - SHORTEST)
    line = [(start.timestamp(), None), *_timeline(samples)]
    warm = any(_celsius(sample) is not None for sample in samples)
    series = [
        _line(line, translate("Chart", "CPU"), theme.FOCUS, lambda s: s.cpu_percent),
        _line(line, translate("Chart", "Memory"), theme.OK_SIGN, lambda s: s.memory_percent),
    ]
    if any(sample.gpu for sample in samples):
        name = translate("Chart", "GPU")
        series.append(
            _line(line, name, theme.REVIEW_LINE, lambda s: s.gpu.load_percent if s.gpu else None)
        )
    if warm:
        name = translate("Chart", "Temperature (°C)")
        series.append(_line(line, name, theme.NG_SIGN, _celsius, unit="°C"))
    width = SAMPLE_MS / 1000.0
    return ChartData(
        title=title,
        spoken=translate("Chart", "Machine: {}.").format(now_words(last)),
        y_title=translate("Chart", "Use (%)"),
        x_title=translate("Chart", "Local time"),
        starts=tuple(seconds - width / 2 for seconds, _sample in line),
        ends=tuple(seconds + width / 2 for seconds, _sample in line),
        ticks=time_ticks(start, last.at),
        series=tuple(series),
        high=100.0,
        right_title=translate("Chart", "Temperature (°C)") if warm else "",
        right_ticks=tuple((float(k), number(k, 0)) for k in (0, 25, 50, 75, 100)) if warm else (),
        note=now_words(last),
    )


def now_words(sample: SystemSample) -> str:
    """The newest figures, and what this machine does not offer."""
    gpu, celsius = sample.gpu, _celsius(sample)
    parts = [
        translate("Chart", "CPU {}").format(percent(sample.cpu_percent / 100)),
        translate("Chart", "memory {share} ({gb} GB)").format(
            share=percent(sample.memory_percent / 100),
            gb=number(sample.memory_used_bytes / GIGABYTE, 1),
        ),
    ]
    if gpu is None:
        parts.append(translate("Chart", "no GPU"))
    else:
        load = percent(gpu.load_percent / 100) if gpu.load_percent is not None else "–"
        parts.append(translate("Chart", "GPU {}").format(load))
        if gpu.memory_percent is not None:
            memory = percent(gpu.memory_percent / 100)
            parts.append(translate("Chart", "GPU memory {}").format(memory))
    if celsius is None:
        parts.append(translate("Chart", "temperature: not offered by this machine"))
    else:
        parts.append(translate("Chart", "{} °C").format(number(celsius, 0)))
    return " · ".join(parts)


def _celsius(sample: SystemSample) -> float | None:
    """The hottest of the machine's sensors and the GPU's."""
    gpu = sample.gpu.celsius if sample.gpu else None
    return max((one for one in (sample.celsius, gpu) if one is not None), default=None)


def _timeline(samples: Sequence[SystemSample]) -> list[tuple[float, SystemSample | None]]:
    """Seconds since 1970 and sample; None where nobody looked for a while, so that lines break."""
    found: list[tuple[float, SystemSample | None]] = []
    before: SystemSample | None = None
    for sample in samples:
        if before is not None and sample.at - before.at > LONGEST_GAP:
            found.append(((before.at + (sample.at - before.at) / 2).timestamp(), None))
        found.append((sample.at.timestamp(), sample))
        before = sample
    return found


def _line(line: Timeline, name: str, colour: str, value: Value, unit: str = "%") -> Series:
    points = tuple(_point(sample, name, value, unit) for _seconds, sample in line)
    return Series(name, colour, points, mark="")


def _point(sample: SystemSample | None, name: str, value: Value, unit: str) -> Point:
    found = value(sample) if sample is not None else None
    if sample is None or found is None:
        return Point(None)
    words = translate("Chart", "{time} · {name}: {value}")
    shown = percent(found / 100) if unit == "%" else f"{number(found, 0)} {unit}"
    return Point(found, words.format(time=clock(sample.at), name=name, value=shown))
