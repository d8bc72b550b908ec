"""Start one training process a device by torchrun, and listen to the first. Must not import torch.

The processes run the same command line; what the first reports comes back as the job lines of
``engine.ipc.messages``. None of them outlives this process.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from engine.errors import EngineError
from engine.ipc.messages import JobDone, JobFailed, JobProgress, ProtocolError, decode
from engine.training.config import MEMORY_MODELS

POLL_S = 0.2
END_S = 40.0  # torchrun gives its processes 30 s to end
ONE_PROCESS = MEMORY_MODELS  # models that train in a way of their own
_AGENT = (
    "from engine.ipc.parent import die_with_parent; die_with_parent(); "
    "from torch.distributed.run import main; main()"
)


def check_devices(model: str, devices: int) -> None:
    """Refuse several processes for a model that only one can train. Raises EngineError
    devices_unsupported."""
    if devices > 1 and model in ONE_PROCESS:
        raise EngineError(
            "devices_unsupported",
            f"{model} is trained by one process; leave --devices out.",
            model=model,
        )


def launch(
    arguments: Sequence[str],
    devices: int,
    progress: Callable[[str, int, int], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Run ``engine <arguments>`` in ``devices`` processes and return the result of the first.

    The arguments must ask for ``--progress jsonl``. Raises EngineError with the code and sentence
    that the job failed with, cancelled, or training_process_failed.
    """
    agent = subprocess.Popen(
        [
            *(sys.executable, "-c", _AGENT, "--standalone", "--nproc-per-node", str(devices)),
            *("--module", "engine", *arguments),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=_environment(devices),
    )
    assert agent.stdout is not None
    result: dict[str, Any] | None = None
    failure: JobFailed | None = None
    try:
        for line in _lines(agent.stdout):
            if cancelled():
                raise EngineError("cancelled", "Training was cancelled; nothing was written.")
            message = _message(line)
            if isinstance(message, JobProgress):
                progress(message.stage, message.done, message.total)
            elif isinstance(message, JobDone):
                result = message.result
            elif isinstance(message, JobFailed):
                failure = message
        agent.wait()
    finally:
        _end(agent)
    if failure is not None:
        raise EngineError(failure.code, failure.message)
    if result is None or agent.returncode != 0:
        raise EngineError(
            "training_process_failed",
            f"One of the {devices} training processes ended with an error (see its messages); "
            "repeat the command to go on from the last checkpoint.",
            devices=devices,
        )
    return result


def _environment(devices: int) -> dict[str, str]:
    """The cores are shared out; torchrun would give each process one."""
    environment = dict(os.environ)
    environment.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // devices)))
    return environment


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines as they come, and empty ones while none come."""
    waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            waiting.put(line)
        waiting.put(None)

    threading.Thread(target=read, name="torchrun-output", daemon=True).start()
    while True:
        try:
            line = waiting.get(timeout=POLL_S)
        except queue.Empty:
            yield b""
            continue
        if line is None:
            return
        yield line


def _message(line: bytes) -> object:
    """The job line, or None for anything else that a library prints."""
    if not line.strip():
        return None
    try:
        return decode(line)
    except ProtocolError:
        sys.stderr.buffer.write(line)
        return None


def _end(agent: subprocess.Popen[bytes]) -> None:
    """Leave no process behind."""
    if agent.poll() is None:
        agent.terminate()
        try:
            agent.wait(END_S)
        except subprocess.TimeoutExpired:
            agent.kill()
            agent.wait()
