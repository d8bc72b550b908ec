"""`qc-engine explain-parts`: the process that explains verdicts for `serve`. Not for people.

It is apart from inspection on purpose. Importing torch holds the interpreter's lock for seconds,
in which the inspection process could neither answer a part nor send its heartbeat; a crash or a
lack of memory here costs an explanation and nothing else; and what it took is given back when it
ends, half a minute after the last request. It gives way to inspection as a training job does, and
not more: on a small machine that trains, it would otherwise never get its turn.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import math
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from engine.commands.reporting import JOB_NICENESS
from engine.errors import EngineError
from engine.ipc.messages import Explain, Explained, Failed, GoodPatch, ProtocolError, decode
from engine.ipc.parent import die_with_parent
from engine.ipc.ring import Ring, RingError
from engine.ipc.stdio import LineWriter, claim_stdin, claim_stdout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.inference.comparison import Comparison
    from engine.inference.explanation import Explainer

NAME = "explain-parts"
HELP = "Explain verdicts for the inspection process (started by it)."
IDLE_S = 30.0
_FIRST_TO_GO = "1000"  # for the kernel, when memory runs out

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--bundle", type=Path, required=True, help="model bundle folder")
    parser.add_argument("--model-id", required=True, help="the model that it must hold")


def run(arguments: argparse.Namespace) -> int:
    """Answer requests until nobody asks any more. Does not return, as ``serve`` does not."""
    writer, lines = claim_stdout(), claim_stdin()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    give_way()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    code = 1
    try:
        Worker(arguments.bundle, arguments.model_id, writer).run(lines)
        code = 0
    except BaseException:
        log.exception("The explaining process ends on an error")
    logging.shutdown()
    os._exit(code)


def give_way() -> None:
    """Let inspection run first, and be the first to go without memory."""
    try:
        if sys.platform == "win32":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(JOB_NICENESS)
    except OSError as error:
        log.warning("The priority of this process could not be lowered: %s", error)
    with contextlib.suppress(OSError):  # a sandbox without /proc
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)


class Worker:
    """One bundle, and an explainer for each method that was asked for."""

    def __init__(self, bundle: Path, model_id: str, writer: LineWriter) -> None:
        self._bundle = bundle
        self._model_id = model_id
        self._writer = writer
        self._explainers: dict[str, Explainer] = {}

    def run(self, lines: BinaryIO) -> None:
        """Answer every line, until they end or none has come for ``IDLE_S`` seconds."""
        requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()

        def read() -> None:
            while line := lines.readline():
                requests.put(line)
            os._exit(0)  # the inspection process is gone

        threading.Thread(target=read, name="requests", daemon=True).start()
        with contextlib.suppress(queue.Empty):
            while True:
                self._answer(requests.get(timeout=IDLE_S))

    def _answer(self, line: bytes) -> None:
        request = decode(line)
        if not isinstance(request, Explain):
            raise ProtocolError(f"{type(request).__name__} is no request to explain")
        try:
            self._writer.write(self._explain(request))
        except (EngineError, RingError) as error:
            self._fail(request, error.code, str(error))
        except Exception as error:  # the process boundary: it becomes an answer
            log.exception("Not explained")
            first_line = str(error).strip().split("\n")[0][:300]
            sentence = f"The explanation failed with {type(error).__name__}: {first_line}"
            self._fail(request, "engine_internal", sentence)

    def _fail(self, request: Explain, code: str, sentence: str) -> None:
        self._writer.write(Failed(code, sentence, explanation=request.explanation))

    def _explain(self, request: Explain) -> Explained:
        pixels = self._picture(request)
        explainer = self._explainer(request.method)
        said = explainer.explain(pixels, request.target)
        if not math.isfinite(said.score):
            raise EngineError("score_not_finite", "The model gave a score that is no number.")
        plane = said.plane()
        maps = Ring.attach(request.maps, request.generation)
        try:
            maps.write(0, request.explanation, plane)
            if said.comparison is not None:
                maps.write(1, request.explanation, said.comparison.tiles())
        finally:
            maps.close()
        return Explained(
            explanation=request.explanation,
            method=said.method,
            target=said.target,
            model_id=explainer.manifest.bundle_id,
            score=said.score,
            map_width=int(plane.shape[1]),
            map_height=int(plane.shape[0]),
            seconds=said.seconds,
            neighbours=_neighbours(said.comparison),
        )

    def _picture(self, request: Explain) -> NDArray[np.uint8]:
        frames = Ring.attach(request.frames, request.generation)
        try:
            pixels = frames.read(0, request.explanation)
        finally:
            frames.close()
        if pixels.shape != (request.height, request.width, 3):
            raise EngineError(
                "protocol_error", f"The slot holds {pixels.shape}, not the picture announced."
            )
        return pixels

    def _explainer(self, method: str) -> Explainer:
        from engine.inference.explanation import load_explainer

        if method not in self._explainers:
            explainer = load_explainer(self._bundle, method, "cpu")
            found = explainer.manifest.bundle_id
            if found != self._model_id:
                explainer.close()
                raise EngineError(
                    "model_changed",
                    f"The folder {self._bundle} now holds {found}, not {self._model_id}, which is "
                    "in use; load the model again.",
                    found=found,
                )
            self._explainers[method] = explainer
        return self._explainers[method]


def _neighbours(comparison: Comparison | None) -> tuple[GoodPatch, ...]:
    if comparison is None:
        return ()
    return tuple(
        GoodPatch(near.distance, near.name, int(near.seen is not None), near.x, near.y)
        for near in comparison.neighbours
    )
