"""Loads and saves the settings file. A damaged file never stops the start. Knows no widgets."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qc_station.settings.schema import (
    SETTINGS_VERSION,
    ResetField,
    Settings,
    migrate,
    parse_settings,
    plain_values,
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What came out of loading. ``set_aside`` is where a file that could not be used lies now."""

    settings: Settings
    reset: tuple[ResetField, ...] = ()
    set_aside: Path | None = None
    problem: str = ""  # "" or settings_damaged, settings_unreadable, settings_newer
    migrated_from: int | None = None

    @property
    def clean(self) -> bool:
        """True when nothing was reset, set aside or unreadable."""
        return not (self.reset or self.set_aside or self.problem)


class SettingsStore:
    """The settings of one station in one TOML file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> LoadReport:
        """Reads the file. Missing: defaults. Damaged: set aside with the time in its name."""
        try:
            text = self.path.read_bytes().decode("utf-8-sig")  # editors on Windows add the mark
        except FileNotFoundError:
            return LoadReport(Settings())
        except UnicodeDecodeError:
            return LoadReport(Settings(), (), self._set_aside("broken"), "settings_damaged")
        except OSError:
            return LoadReport(Settings(), problem="settings_unreadable")
        try:
            values = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):  # brackets without end
            return LoadReport(Settings(), (), self._set_aside("broken"), "settings_damaged")
        values, version = migrate(values)
        settings, reset = parse_settings(values)
        if version > SETTINGS_VERSION:
            # A newer program wrote it: saving would lose what it knows, so a copy stays.
            return LoadReport(settings, reset, self._copy_aside("newer"), "settings_newer")
        older = version if version < SETTINGS_VERSION else None
        return LoadReport(settings, reset, None, "", older)

    def save(self, settings: Settings) -> None:
        """Writes the file so that a power cut leaves either the old or the new one. OSError."""
        text = to_toml({"version": SETTINGS_VERSION, **plain_values(settings)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".settings-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(self.path.parent)

    def _aside_name(self, word: str) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        return self.path.with_name(f"{self.path.stem}.{word}-{stamp}{self.path.suffix}")

    def _set_aside(self, word: str) -> Path | None:
        target = self._aside_name(word)
        try:
            self.path.replace(target)
        except OSError:
            return None  # read-only folder: the report still says settings_damaged
        return target

    def _copy_aside(self, word: str) -> Path | None:
        target = self._aside_name(word)
        try:
            shutil.copy2(self.path, target)
        except OSError:
            return None
        return target


def to_toml(values: Mapping[str, Any]) -> str:
    """TOML for one flat table of text, whole numbers, numbers, flags and lists of those."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    bare = key.replace("_", "").replace("-", "")
    return key if bare.isascii() and bare.isalnum() else _quote(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("Settings hold finite numbers only.")
        text = repr(value)
        return text if any(mark in text for mark in ".e") else text + ".0"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"A settings file cannot hold a {type(value).__name__}.")


def _quote(text: str) -> str:
    out = ['"']
    for character in text:
        code = ord(character)
        if character in '"\\':
            out.append("\\" + character)
        elif code < 0x20 or code == 0x7F:
            out.append(f"\\u{code:04x}")
        elif 0xD800 <= code <= 0xDFFF:
            out.append("\\ufffd")  # half a surrogate pair has no place in UTF-8
        else:
            out.append(character)
    return "".join(out) + '"'


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
