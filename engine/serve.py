"""The inference process: requests on one pipe, answers on the other, pixels in shared memory.

Must not know who the parent is, and imports no runtime before a bundle is loaded: a CPU station
never imports torch here. One command thread works in the order of the requests; a reader thread
notices the end of the parent at any time; a heartbeat thread tells that the process lives. The
heartbeat stands still while an extension holds the interpreter lock (the import of a large
library may, for seconds); the station allows for that while it starts and loads, and takes it
for a hang later.

Explanations are left to a process of their own (`engine.ipc.helper`), which is only spoken to when
no part waits.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import logging
import math
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from engine.errors import EngineError
from engine.ipc.helper import LATE_SENTENCE, Helper, helper_command
from engine.ipc.messages import (
    PROTOCOL_VERSION,
    Attach,
    Attached,
    Event,
    Explain,
    Failed,
    Heartbeat,
    Hello,
    Inspect,
    Inspected,
    Load,
    Loaded,
    Message,
    ProtocolError,
    Ready,
    RegionBox,
    Shutdown,
    StopExplaining,
    Unload,
    Unloaded,
    decode,
)
from engine.ipc.parent import ParentWatch
from engine.ipc.ring import Ring, RingError
from engine.ipc.stdio import LineWriter

if TYPE_CHECKING:
    from engine.bundle import Limits
    from engine.inference.predictor import Predictor

EXIT_DONE = 0
EXIT_PROTOCOL = 2
EXIT_CUDA = 3
EXIT_PARENT_GONE = 4
HEARTBEAT_S = 0.25
WARM_UP_RUNS = 2
_MAX_LINE_BYTES = 1 << 20
_CUDA_WORDS = ("CUDA", "cuBLAS", "CUBLAS", "cuDNN", "CUDNN", "device-side assert")

log = logging.getLogger(__name__)


def is_cuda_error(error: BaseException) -> bool:
    """Whether the GPU context may be poisoned. Judged by words, because torch may be absent."""
    if type(error).__name__ in ("AcceleratorError", "OutOfMemoryError"):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error) for word in _CUDA_WORDS)


class _Quit(Exception):
    """Leave the command loop with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Server:
    """Serves one parent until Shutdown, the end of ``lines`` or a fault that needs a new process.

    The end of ``lines`` without Shutdown ends the whole process at once, inference or not.
    """

    def __init__(self, lines: BinaryIO, writer: LineWriter) -> None:
        self._lines = lines
        self._writer = writer
        self._requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._predictor: Predictor | None = None
        self._source: tuple[str, str] | None = None  # bundle and device of the predictor
        self._map_shape = (0, 0)  # height, width
        self._frames: Ring | None = None
        self._maps: Ring | None = None
        self._to_explain: deque[tuple[Explain, float]] = deque()  # and the monotonic deadline
        self._helper: Helper | None = None

    def run(self) -> int:
        """Serve; returns the exit code of the process."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        try:
            self._greet()
            threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
            while True:
                self._answer(self._next())
                self._explain()
        except _Quit as end:
            return end.code
        finally:
            self._release()

    # --- threads ---------------------------------------------------------------------------

    def _read(self) -> None:
        while line := self._lines.readline(_MAX_LINE_BYTES):
            self._requests.put(line)
            if b'"shutdown"' in line and isinstance(_quietly(line), Shutdown):
                return
        log.warning("The station is gone; the engine process ends.")
        os._exit(EXIT_PARENT_GONE)

    def _beat(self) -> None:
        import psutil

        process = psutil.Process()
        parent = ParentWatch()
        sequence = 0
        while not parent.parent_gone():
            sequence += 1
            self._send(Heartbeat(sequence, process.memory_info().rss))
            time.sleep(HEARTBEAT_S)
        os._exit(EXIT_PARENT_GONE)

    def _send(self, event: Event) -> None:
        try:
            self._writer.write(event)
        except OSError:  # nobody reads any more
            os._exit(EXIT_PARENT_GONE)

    # --- command thread --------------------------------------------------------------------

    def _next(self) -> Message:
        line = self._requests.get()
        try:
            return decode(line)
        except ProtocolError as error:
            self._send(Failed(error.code, f"The engine did not understand the station: {error}"))
            raise _Quit(EXIT_PROTOCOL) from error

    def _greet(self) -> None:
        hello = self._next()
        if not isinstance(hello, Hello):
            self._send(Failed("protocol_error", "The station did not begin with its greeting."))
            raise _Quit(EXIT_PROTOCOL)
        if hello.protocol_version != PROTOCOL_VERSION:
            self._send(
                Failed(
                    "protocol_version",
                    f"The station speaks protocol version {hello.protocol_version}, this engine "
                    f"speaks version {PROTOCOL_VERSION}; install station and engine of the same "
                    "release.",
                )
            )
            raise _Quit(EXIT_PROTOCOL)
        self._send(Ready(PROTOCOL_VERSION, os.getpid(), _version()))

    def _answer(self, request: Message) -> None:
        match request:
            case Inspect():
                self._guarded(request, lambda: self._inspect(request))
            case Load():
                self._guarded(request, lambda: self._load(request))
            case Explain():
                self._to_explain.append((request, time.monotonic() + request.deadline_s))
            case StopExplaining():
                self._stop_explaining(request.explanation)
            case Unload():
                self._close_predictor()
                self._send(Unloaded(request.request_id))
            case Attach():
                self._attach(request)
            case Shutdown():
                raise _Quit(EXIT_DONE)
            case _:
                name = type(request).__name__
                self._send(Failed("protocol_error", f"The engine takes no {name} here."))
                raise _Quit(EXIT_PROTOCOL)

    def _guarded(self, request: Inspect | Load | Explain, work: Callable[[], None]) -> None:
        """Turn whatever goes wrong into one Failed; a CUDA fault ends the process after it."""
        try:
            work()
        except (EngineError, RingError) as error:
            self._fail(request, error.code, str(error))
        except MemoryError:
            log.exception("Out of memory")
            self._fail(request, "out_of_memory", "The engine has run out of memory.")
        except Exception as error:  # the process boundary: it becomes an answer
            log.exception("Request failed")
            first_line = str(error).strip().split("\n")[0][:300]
            if is_cuda_error(error):
                self._fail(request, "cuda_error", f"The GPU failed: {first_line}")
                raise _Quit(EXIT_CUDA) from error
            sentence = f"The engine failed with {type(error).__name__}: {first_line}"
            self._fail(request, "engine_internal", sentence)

    def _fail(self, request: Inspect | Load | Explain, code: str, message: str) -> None:
        if isinstance(request, Inspect):
            self._send(Failed(code, message, part=request.part, ticket=request.ticket))
        elif isinstance(request, Explain):
            self._send(Failed(code, message, explanation=request.explanation))
        else:
            self._send(Failed(code, message, request_id=request.request_id))

    def _attach(self, request: Attach) -> None:
        try:
            frames = Ring.attach(request.frames, request.generation)
            maps = Ring.attach(request.maps, request.generation)
        except RingError as error:
            self._send(Failed(error.code, str(error)))
            raise _Quit(EXIT_PROTOCOL) from error
        self._close_rings()
        self._frames, self._maps = frames, maps
        self._send(Attached(request.generation))

    def _load(self, request: Load) -> None:
        predictor = self._predictor
        if predictor is not None and self._source == (request.bundle, request.device):
            predictor.set_limits(_limits(predictor, request))
            self._send(_loaded(request, predictor, self._map_shape, 0.0))
            return
        from engine.inference.predictor import load_predictor

        predictor = load_predictor(Path(request.bundle), request.device)
        size = predictor.manifest.input_size
        try:
            predictor.set_limits(_limits(predictor, request))
            grey = np.full((size, size, 3), 128, np.uint8)
            began = time.perf_counter()
            for _ in range(WARM_UP_RUNS):
                shape = predictor.predict(grey).anomaly_map.shape
            warm_up_ms = (time.perf_counter() - began) * 1e3
        except BaseException:
            predictor.close()
            raise
        self._close_predictor()
        self._predictor, self._source = predictor, (request.bundle, request.device)
        self._map_shape = (int(shape[0]), int(shape[1]))
        self._helper = Helper(helper_command(request.bundle, predictor.bundle_id), self._send)
        self._send(_loaded(request, predictor, self._map_shape, warm_up_ms))

    def _inspect(self, request: Inspect) -> None:
        from engine.inference.predictor import heatmap_u8

        predictor, frames, maps = self._predictor, self._frames, self._maps
        if predictor is None:
            raise EngineError("no_model", "No model is loaded; choose one first.")
        if frames is None or maps is None:
            raise EngineError("protocol_error", "No shared memory is attached.")
        began = time.perf_counter()
        pixels = frames.view(request.slot, request.ticket)
        if pixels.shape != (request.height, request.width, 3):
            raise EngineError(
                "protocol_error",
                f"Slot {request.slot} holds {pixels.shape}, not the picture announced.",
            )
        prediction = predictor.predict(pixels)
        score = float(prediction.score)
        if not math.isfinite(score):
            raise EngineError("score_not_finite", "The model gave a score that is no number.")
        heatmap = heatmap_u8(prediction, predictor.manifest)
        maps.write(request.slot, request.ticket, heatmap)
        limits = predictor.limits
        self._send(
            Inspected(
                part=request.part,
                ticket=request.ticket,
                verdict=str(prediction.verdict),
                reason=str(prediction.reason),
                score=score,
                p_value=_finite(prediction.p_value),
                ok_limit=_finite(limits.ok),
                ng_limit=_finite(limits.ng),
                class_name=prediction.class_name,
                class_confidence=_finite(prediction.class_confidence),
                regions=tuple(
                    RegionBox(*(float(v) for v in (r.x, r.y, r.width, r.height, r.score)))
                    for r in prediction.regions
                ),
                map_slot=request.slot,
                map_width=int(heatmap.shape[1]),
                map_height=int(heatmap.shape[0]),
                model_id=predictor.bundle_id,
                latency_ms=(time.perf_counter() - began) * 1e3,
            )
        )

    # --- explanations ----------------------------------------------------------------------

    def _explain(self) -> None:
        """Pass on what waits if no part does; on a line that is never calm, give up in time."""
        while self._to_explain and self._requests.empty():
            request, deadline = self._to_explain.popleft()
            left = dataclasses.replace(request, deadline_s=max(0.0, deadline - time.monotonic()))
            self._guarded(left, functools.partial(self._pass_on, left))
        now = time.monotonic()
        for request, deadline in [pair for pair in self._to_explain if pair[1] <= now]:
            self._to_explain.remove((request, deadline))
            self._fail(request, "explanation_late", LATE_SENTENCE)

    def _pass_on(self, request: Explain) -> None:
        from engine.inference.explanation import check_method

        predictor, helper = self._predictor, self._helper
        if predictor is None or helper is None:
            raise EngineError("no_model", "No model is loaded; choose one first.")
        check_method(predictor.manifest, request.method)
        helper.ask(request)

    def _stop_explaining(self, explanation: int) -> None:
        self._to_explain = deque(p for p in self._to_explain if p[0].explanation != explanation)
        if self._helper is not None:
            self._helper.forget(explanation)

    # --- endings ---------------------------------------------------------------------------

    def _close_predictor(self) -> None:
        helper, self._helper = self._helper, None
        sentence = "The model was changed before the explanation was made; ask again."
        if helper is not None:
            helper.stop(sentence)
            while self._to_explain:
                self._fail(self._to_explain.popleft()[0], "explainer_ended", sentence)
        predictor, self._predictor = self._predictor, None
        self._source = None
        if predictor is not None:
            predictor.close()

    def _close_rings(self) -> None:
        for ring in (self._frames, self._maps):
            if ring is not None:
                ring.close()
        self._frames = self._maps = None

    def _release(self) -> None:
        self._close_predictor()
        self._close_rings()


def _limits(predictor: Predictor, request: Load) -> Limits:
    """The limits that a request asks for; EngineError for those that cannot be."""
    from engine.inference.decision import given_limits

    own, asked = predictor.manifest.limits, request.limits
    if asked is None:
        return own
    if asked.model_id != predictor.bundle_id:
        raise EngineError(
            "limits_of_another_model",
            f"The limits were set for the model {asked.model_id}, not for {predictor.bundle_id}; "
            "set them again for this one.",
        )
    return given_limits(own, asked.ok, asked.ng)


def _loaded(
    request: Load, predictor: Predictor, map_shape: tuple[int, int], warm_up_ms: float
) -> Loaded:
    manifest, limits = predictor.manifest, predictor.limits
    return Loaded(
        request_id=request.request_id,
        model_id=predictor.bundle_id,
        model=manifest.model,
        product=manifest.product,
        classes=tuple(manifest.classes),
        ok_limit=_finite(limits.ok),
        ng_limit=_finite(limits.ng),
        device=predictor.device_name,
        map_width=map_shape[1],
        map_height=map_shape[0],
        warm_up_ms=warm_up_ms,
    )


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _quietly(line: bytes) -> Message | None:
    try:
        return decode(line)
    except ProtocolError:  # the command thread answers it
        return None


def _version() -> str:
    try:
        return importlib.metadata.version("qc-station")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
