"""What can be set on a station: defaults, ranges, migrations. Knows no files and no widgets."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qc_station.domain.lot import lot_name
from qc_station.domain.triggers import ScannerMode, TriggerMode

SETTINGS_VERSION = 1
LANGUAGES = ("system", "en", "fr")
DEVICES = ("auto", "cpu", "cuda", "openvino", "torch")
_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")

FOOT_KEYS = tuple(f"F{number}" for number in range(13, 25))

Parse = Callable[[Any], Any]


def _number(low: int, high: int) -> Parse:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("must be a whole number")
        if not low <= value <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return value

    return parse


def _fraction(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number")
    if not 0.0 <= value <= 1.0:
        raise ValueError("must lie between 0 and 1")
    return float(value)


def _cost(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number")
    if not 0.0 <= value <= 1_000_000.0:  # nan compares false
        raise ValueError("must lie between 0 and 1000000")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _lot(value: Any) -> str:
    return lot_name(_text(value))


def _choice(*allowed: str) -> Parse:
    def parse(value: Any) -> str:
        if value not in allowed:
            raise ValueError("must be one of " + ", ".join(allowed))
        return str(value)

    return parse


def _member(kind: type[StrEnum]) -> Parse:
    def parse(value: Any) -> StrEnum:
        if value not in [member.value for member in kind]:
            raise ValueError("must be one of " + ", ".join(kind))
        return kind(value)

    return parse


def _clock_times(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of times")
    times = tuple(value)
    if not times or not all(isinstance(time, str) and _CLOCK.match(time) for time in times):
        raise ValueError('must hold at least one time of the day, written "06:00"')
    return tuple(sorted(set(times)))


def _pairs(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of texts")
    pairs = tuple(value)
    if not all(isinstance(pair, str) and all(split_pair(pair)) for pair in pairs):
        raise ValueError('must hold texts like "code=product"')
    return pairs


def split_pair(pair: str) -> tuple[str, str]:
    """Code and product of "code=product"; "" for what is missing. The product has no "="."""
    code, _, product = pair.rpartition("=")
    return code.strip(), product.strip()


def _setting(default: Any, parse: Parse) -> Any:
    return field(default=default, metadata={"parse": parse})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a station remembers between starts. Change with ``dataclasses.replace``."""

    language: str = _setting("system", _choice(*LANGUAGES))
    camera: str = _setting("", _text)  # empty: the recipe's camera, else the demo
    recipe: str = _setting("", _text)  # empty: the first recipe
    lot: str = _setting("", _lot)  # of the running parts; empty: none
    device: str = _setting("auto", _choice(*DEVICES))
    trigger_mode: TriggerMode = field(
        default=TriggerMode.FOLDER, metadata={"parse": _member(TriggerMode)}
    )
    interval_ms: int = _setting(1000, _number(0, 3_600_000))
    foot_trigger: str = _setting("F13", _choice(*FOOT_KEYS))
    foot_pause: str = _setting("F14", _choice(*FOOT_KEYS))
    scanner_mode: ScannerMode = field(
        default=ScannerMode.OFF, metadata={"parse": _member(ScannerMode)}
    )
    recipe_prefix: str = _setting("RECIPE:", _text)  # before a product's name in a code; "": none
    recipe_codes: tuple[str, ...] = _setting((), _pairs)  # "code=product"
    picture_codes: bool = _setting(False, _flag)  # a code in the picture is the serial number
    tcp_trigger: bool = _setting(False, _flag)  # services/tcp_trigger.py
    tcp_host: str = _setting("127.0.0.1", _text)  # 0.0.0.0: the whole plant may trigger
    tcp_port: int = _setting(7420, _number(1, 65_535))
    deadline_ms: int = _setting(2000, _number(50, 600_000))  # from trigger to answer
    queue_capacity: int = _setting(8, _number(1, 256))  # parts waiting for the engine
    stop_after_ng: int = _setting(0, _number(0, 1000))  # 0: never
    shift_starts: tuple[str, ...] = _setting(("06:00", "14:00", "22:00"), _clock_times)  # local
    heatmap_visible: bool = _setting(True, _flag)
    heatmap_opacity: float = _setting(0.5, _fraction)
    sound: bool = _setting(True, _flag)
    operator: str = _setting("operator", _text)
    station: str = _setting("", _text)  # this station's name in a shared database; made once
    disk_warn_mb: int = _setting(5_000, _number(0, 10_000_000))
    disk_fail_mb: int = _setting(500, _number(0, 10_000_000))
    idle_lock_min: int = _setting(10, _number(0, 1440))  # 0: never
    log_in_names: bool = _setting(True, _flag)  # offer the users' names at the log-in
    review_ok_share: float = _setting(0.05, _fraction)  # of OK parts, at random
    review_repeat_share: float = _setting(0.02, _fraction)  # of an expert's answers, once more
    escape_cost: float = _setting(10.0, _cost)  # costs of wrong answers, relative to each other
    false_alarm_cost: float = _setting(1.0, _cost)
    wrong_class_cost: float = _setting(0.5, _cost)
    read_timeout_ms: int = _setting(5000, _number(100, 600_000))  # a camera that says nothing
    backup_daily: bool = _setting(True, _flag)
    backup_hour: int = _setting(3, _number(0, 23))  # of the local day
    backup_keep: int = _setting(7, _number(1, 365))  # daily backups
    backup_folder: str = _setting("", _text)  # empty: below the station's home
    backup_pictures: bool = _setting(False, _flag)  # in the daily backup
    backup_warn_days: int = _setting(7, _number(0, 365))  # older: a warning; 0: never
    window_geometry: str = _setting("", _text)  # base64 of QWidget.saveGeometry


TRIGGER_FIELDS = (
    "trigger_mode", "interval_ms", "foot_trigger", "foot_pause", "scanner_mode", "recipe_prefix",
    "recipe_codes", "picture_codes", "tcp_trigger", "tcp_host", "tcp_port",
)  # fmt: skip
"""What the maintainer chooses under Triggers."""


@dataclass(frozen=True, slots=True)
class ResetField:
    """One setting that could not be used and went back to its default."""

    name: str
    value: str
    why: str


def parse_settings(values: Mapping[str, Any]) -> tuple[Settings, tuple[ResetField, ...]]:
    """Settings from plain values. What cannot be used keeps its default and is listed."""
    good: dict[str, Any] = {}
    reset: list[ResetField] = []
    for setting in dataclasses.fields(Settings):
        if setting.name not in values:
            continue
        value = values[setting.name]
        try:
            good[setting.name] = setting.metadata["parse"](value)
        except ValueError as error:
            reset.append(ResetField(setting.name, repr(value), str(error)))
    return Settings(**good), tuple(reset)


def plain_values(settings: Settings) -> dict[str, Any]:
    """The settings as values that a TOML file can hold."""
    values: dict[str, Any] = {}
    for setting in dataclasses.fields(Settings):
        value = getattr(settings, setting.name)
        if isinstance(value, StrEnum):
            value = value.value
        values[setting.name] = list(value) if isinstance(value, tuple) else value
    return values


def _from_version_0(values: dict[str, Any]) -> dict[str, Any]:
    """Files without a version: the interval was in seconds under the name ``interval_s``."""
    seconds = values.pop("interval_s", None)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool):
        values.setdefault("interval_ms", round(seconds * 1000))
    return values


MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: _from_version_0}


def migrate(values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Brings values of an older version up to date; returns them and the version they had."""
    current = dict(values)
    version = current.pop("version", 0)
    if isinstance(version, bool) or not isinstance(version, int) or version < 0:
        version = 0
    for step in range(version, SETTINGS_VERSION):
        current = MIGRATIONS[step](current)
    return current, version
