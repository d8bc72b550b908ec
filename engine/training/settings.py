"""Read frozen dataclasses from TOML tables and back. Must not know what any setting means."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from engine.errors import EngineError

T = TypeVar("T")
SMALLEST_SIZE, LARGEST_SIZE, SIZE_STEP = 32, 1024, 32


def from_table(base: T, table: Mapping[str, Any], where: str = "") -> T:
    """A dataclass like ``base`` with the values of a TOML table or JSON object; nested dataclasses
    are nested tables.

    Raises EngineError config_key_unknown and
    config_value_wrong, and what the dataclass itself refuses.
    """
    known = {field.name for field in dataclasses.fields(base)}  # type: ignore[arg-type]  # a dataclass
    hints = typing.get_type_hints(type(base))
    values = {}
    for key, value in table.items():
        name = f"{where}{key}"
        if key not in known:
            there = f"[{where[:-1]}] has" if where else "there are"
            raise EngineError(
                "config_key_unknown",
                f"The training configuration knows no {name!r}; {there} "
                f"{', '.join(sorted(known))}.",
                key=name,
            )
        values[key] = _value(hints[key], value, name, getattr(base, key))
    return dataclasses.replace(base, **values)  # type: ignore[type-var]  # a dataclass


def to_table(settings: Any) -> dict[str, Any]:
    """The settings as JSON values, nested like the dataclasses; ``from_table`` reads them."""
    return {
        field.name: _plain(getattr(settings, field.name)) for field in dataclasses.fields(settings)
    }


def replaced(settings: T, changes: Mapping[str, Any]) -> T:
    """The same settings with some values changed, by dotted names ("data.input_size")."""
    nested: dict[str, Any] = {}
    for name, value in changes.items():
        head, _, rest = name.partition(".")
        if rest:
            nested[head] = replaced(nested.get(head, getattr(settings, head)), {rest: value})
        else:
            nested[head] = value
    return dataclasses.replace(settings, **nested)  # type: ignore[type-var]  # a dataclass


def check_size(size: int) -> None:
    """Refuse an input size in pixels with EngineError size_unsupported."""
    if size % SIZE_STEP or not SMALLEST_SIZE <= size <= LARGEST_SIZE:
        raise EngineError(
            "size_unsupported",
            f"The input size {size} is not supported; choose a multiple of {SIZE_STEP} from "
            f"{SMALLEST_SIZE} to {LARGEST_SIZE}.",
            size=size,
        )


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a value that is not among those known with EngineError config_value_wrong."""
    if value not in known:
        raise EngineError(
            "config_value_wrong",
            f"The training configuration's {name} cannot be {value!r}; choose {', '.join(known)}.",
            key=name,
            value=value,
            wanted=", ".join(known),
        )


def in_range(name: str, value: float, low: float, high: float, *, above: bool = False) -> None:
    """Refuse a value that is not from low to high (above low with ``above``), or is no number, with
    EngineError config_value_wrong."""
    if not low <= value <= high or (above and value == low):
        bounds = f"{'above' if above else 'at least'} {low:g} and at most {high:g}"
        raise EngineError(
            "config_value_wrong",
            f"The training configuration's {name} cannot be {value:g}; it must be {bounds}.",
            key=name,
            value=f"{value:g}",
            wanted=bounds,
        )


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_table(value)
    return list(value) if isinstance(value, tuple) else value


def _value(hint: Any, value: Any, name: str, before: Any = None) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise _wrong(name, value, "a table")
        return from_table(before, value, f"{name}.")
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _value(next(one for one in inner if one is not type(None)), value, name)
    if origin is tuple:
        endless = len(inner) == 2 and inner[1] is Ellipsis
        if not isinstance(value, list | tuple) or not (endless or len(value) == len(inner)):
            many = "a list" if endless else f"a list of {len(inner)}"
            raise _wrong(name, value, many)
        kinds = [inner[0]] * len(value) if endless else list(inner)
        return tuple(_value(kind, one, name) for kind, one in zip(kinds, value, strict=True))
    if origin is dict:
        if not isinstance(value, Mapping):
            raise _wrong(name, value, "a table")
        return dict(value)
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise _wrong(name, value, words[hint])
    return value


def _wrong(name: str, value: Any, wanted: str) -> EngineError:
    return EngineError(
        "config_value_wrong",
        f"The training configuration's {name} cannot be {value!r}; it must be {wanted}.",
        key=name,
        value=str(value),
        wanted=wanted,
    )
