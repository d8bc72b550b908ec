"""Messages between the station and its engine processes, one JSON object per line.

Must not know pixels (they travel in ``engine.ipc.ring``), models, Qt or torch. Both sides read
unknown fields as absent news: a newer peer may add some. What a line lacks or has with the wrong
type raises ProtocolError. ``Hello`` and ``Failed`` keep their form in every protocol version, so
that two programs of different versions can still tell each other so.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from dataclasses import dataclass
from typing import Any

PROTOCOL_VERSION = 3


class ProtocolError(Exception):
    """A line that is no message of this protocol. ``code`` and ``params`` are for translation."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.code = "protocol_error"
        self.params: dict[str, Any] = params


# --- parts of messages -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RingSpec:
    """A shared-memory ring: its name for the operating system and its geometry."""

    name: str
    slots: int
    slot_bytes: int


@dataclass(frozen=True, slots=True)
class RegionBox:
    """One anomalous area, fractions of the picture in [0, 1]; ``score`` is its raw peak."""

    x: float
    y: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True)
class GivenLimits:
    """Limits that a person has set on the raw scores of the bundle ``model_id``: at most ``ok`` is
    OK, above ``ng`` is NG. The engine refuses them for another bundle and unless both are finite
    and ``ok <= ng``."""

    model_id: str
    ok: float
    ng: float


# --- station -> engine -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """First line of the station. Another version is answered with Failed(protocol_version)."""

    protocol_version: int


@dataclass(frozen=True, slots=True)
class Attach:
    """Use these rings from now on; ``generation`` stamps every slot written through them."""

    generation: int
    frames: RingSpec
    maps: RingSpec


@dataclass(frozen=True, slots=True)
class Load:
    """Load and warm up a bundle. The model in use stays until the new one is ready.

    ``limits`` decide in the place of the bundle's own. For the bundle that is loaded on this
    device already nothing else changes: it answers at once, and the next part is judged by them.
    """

    request_id: int
    bundle: str
    device: str = "auto"
    limits: GivenLimits | None = None


@dataclass(frozen=True, slots=True)
class Unload:
    """Drop the model and free its memory."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Inspect:
    """Judge the uint8 RGB [height, width, 3] picture in ``slot``; ``ticket`` is unique per try."""

    part: int
    ticket: int
    slot: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Explain:
    """Show which pixels speak for the loaded model's answer, when nothing else is to be done.

    The uint8 RGB [height, width, 3] picture lies in slot 0 of ``frames`` under the ticket
    ``explanation``; both rings belong to this request alone. ``method`` is gradcam, gradcam++ or
    occlusion; ``target`` the class asked about, "" for the decision itself. Answered by Explained
    or Failed with the same ``explanation``, after ``deadline_s`` at the latest.
    """

    explanation: int
    method: str
    generation: int
    frames: RingSpec
    maps: RingSpec
    width: int
    height: int
    target: str = ""
    deadline_s: float = 30.0


@dataclass(frozen=True, slots=True)
class StopExplaining:
    """Nobody waits for this explanation any more; it is not answered if it was not before."""

    explanation: int


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Answer what was asked before, then exit with code 0."""


# --- engine -> station -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """Answer to Hello."""

    protocol_version: int
    pid: int
    engine_version: str


@dataclass(frozen=True, slots=True)
class Attached:
    """Answer to Attach: earlier rings are no longer touched and may be unlinked."""

    generation: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A bundle is loaded and warm. Limits are raw scores and those that decide: the given ones or
    the bundle's own, None where its set supports none."""

    request_id: int
    model_id: str
    model: str
    product: str
    classes: tuple[str, ...]
    ok_limit: float | None
    ng_limit: float | None
    device: str
    map_width: int
    map_height: int
    warm_up_ms: float


@dataclass(frozen=True, slots=True)
class Unloaded:
    """Answer to Unload."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Inspected:
    """The model's answer. The uint8 [map_height, map_width] heatmap lies in ``map_slot``."""

    part: int
    ticket: int
    verdict: str
    reason: str
    score: float
    p_value: float | None
    ok_limit: float | None
    ng_limit: float | None
    class_name: str | None
    class_confidence: float | None
    regions: tuple[RegionBox, ...]
    map_slot: int
    map_width: int
    map_height: int
    model_id: str
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Explained:
    """The uint8 [map_height, map_width] plane in slot 0 of the request's ``maps``, stretched like
    the picture, is 0 where nothing speaks for the answer and 255 where the most does. ``score`` is
    what was explained: the raw score, a logit, or a class probability."""

    explanation: int
    method: str
    target: str
    model_id: str
    score: float
    map_width: int
    map_height: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """What was asked could not be done; ``message`` is a sentence a user can act on.

    With ``request_id`` it answers Load or Unload, with ``ticket`` (and ``part``) an Inspect, with
    ``explanation`` an Explain, with none of them it concerns the connection itself and the engine
    exits after it.
    """

    code: str
    message: str
    request_id: int | None = None
    part: int | None = None
    ticket: int | None = None
    explanation: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Sent every quarter of a second. ``resident_bytes`` is the engine's memory in use."""

    sequence: int
    resident_bytes: int


# --- job -> station ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobProgress:
    """``done`` of ``total`` steps of ``stage``; ``seconds_left`` for the whole job if known."""

    stage: str
    done: int
    total: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class JobDone:
    """Last line of a job that succeeded; ``result`` is what ``--json`` would have printed."""

    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobFailed:
    """Last line of a job that did not; a cancelled one has the code ``cancelled``."""

    code: str
    message: str


Request = Hello | Attach | Load | Unload | Inspect | Explain | StopExplaining | Shutdown
Event = Ready | Attached | Loaded | Unloaded | Inspected | Explained | Failed | Heartbeat
JobMessage = JobProgress | JobDone | JobFailed
Message = Request | Event | JobMessage

_NAMES: dict[str, type[Any]] = {
    "hello": Hello,
    "attach": Attach,
    "load": Load,
    "unload": Unload,
    "inspect": Inspect,
    "explain": Explain,
    "stop_explaining": StopExplaining,
    "shutdown": Shutdown,
    "ready": Ready,
    "attached": Attached,
    "loaded": Loaded,
    "unloaded": Unloaded,
    "inspected": Inspected,
    "explained": Explained,
    "failed": Failed,
    "heartbeat": Heartbeat,
    "job_progress": JobProgress,
    "job_done": JobDone,
    "job_failed": JobFailed,
}
_TYPES = {cls: name for name, cls in _NAMES.items()}


def encode(message: Message) -> str:
    """One line of JSON without the line end. Numbers must be finite (ValueError otherwise)."""
    body = {"type": _TYPES[type(message)], **dataclasses.asdict(message)}
    return json.dumps(body, allow_nan=False, separators=(",", ":"), ensure_ascii=True)


def decode(line: str | bytes) -> Message:
    """The message of one line; raises ProtocolError with what is wrong in it."""
    try:
        body = json.loads(line)
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"This line is not JSON: {_excerpt(line)}") from error
    if not isinstance(body, dict):
        raise ProtocolError(f"This line is not a JSON object: {_excerpt(line)}")
    name = body.get("type")
    cls = _NAMES.get(name) if isinstance(name, str) else None
    if cls is None:
        raise ProtocolError(f"Unknown message type {name!r}", type=name)
    return typing.cast(Message, _build(cls, body))


@functools.cache
def _fields(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        (field.name, hints[field.name], field.default is not dataclasses.MISSING)
        for field in dataclasses.fields(cls)
    )


def _build(cls: Any, body: dict[str, Any]) -> Any:
    values: dict[str, Any] = {}
    for name, hint, optional in _fields(cls):
        if name in body:
            values[name] = _convert(hint, body[name], f"{cls.__name__}.{name}")
        elif not optional:
            raise ProtocolError(f"{cls.__name__} lacks {name!r}", field=name)
    return cls(**values)


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        (inner,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        return _convert(inner, value, where)
    if origin is tuple and isinstance(value, list):
        inner = typing.get_args(hint)[0]
        return tuple(_convert(inner, item, where) for item in value)
    if origin is dict and isinstance(value, dict):
        return value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return _build(hint, value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float and is_number:
        return float(value)
    if hint is int and is_number and isinstance(value, int):
        return value
    if hint is str and isinstance(value, str):
        return value
    raise ProtocolError(f"{where} has a wrong value: {_excerpt(repr(value))}", field=where)


def _excerpt(line: str | bytes, limit: int = 80) -> str:
    text = line.decode("utf-8", "replace") if isinstance(line, bytes) else line
    text = text.strip()
    return text if len(text) <= limit else text[:limit] + "…"
