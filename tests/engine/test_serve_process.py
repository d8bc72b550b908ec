"""`qc-engine serve` as a child process, spoken to as the station does, without Qt."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil
import pytest
from fixtures_bundle import process_alive, tiny_picture

from engine.ipc import messages as m
from engine.ipc.ring import Ring
from engine.ipc.stdio import LineWriter
from engine.serve import EXIT_CUDA, Server, is_cuda_error

EventT = TypeVar("EventT")
RINGS = 2


class Engine:
    """The child and both rings."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "engine", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.frames = Ring.create(RINGS, 1 << 18, generation=1)
        self.maps = Ring.create(RINGS, 1 << 16, generation=1)
        self.more_rings: list[Ring] = []
        self.heartbeats: list[m.Heartbeat] = []

    def say(self, *requests: m.Message | bytes) -> None:
        assert self.process.stdin is not None
        for request in requests:
            line = request if isinstance(request, bytes) else m.encode(request).encode()
            self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def hear(self, kind: type[EventT]) -> EventT:
        """The next event that is no heartbeat, which must be of this kind."""
        event = self.hear_any(heartbeats=kind is m.Heartbeat)
        assert isinstance(event, kind), event
        return event

    def hear_any(self, heartbeats: bool = False) -> m.Message:
        """The next event; heartbeats are passed over unless they are wanted."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = m.decode(line)
            if heartbeats or not isinstance(event, m.Heartbeat):
                return event
            self.heartbeats.append(event)
        raise AssertionError(f"the engine ended: {self.end()}")

    def greet(self) -> m.Ready:
        self.say(m.Hello(m.PROTOCOL_VERSION))
        ready = self.hear(m.Ready)
        self.say(m.Attach(1, self.frames.spec, self.maps.spec))
        assert self.hear(m.Attached) == m.Attached(1)
        return ready

    def load(self, bundle: Path) -> m.Loaded:
        self.say(m.Load(1, str(bundle), "openvino"))
        return self.hear(m.Loaded)

    def explain(self, number: int, method: str = "occlusion", **more: Any) -> m.Explain:
        """A request whose rings live until the end of the test; the picture has a defect."""
        frames, maps = Ring.create(1, 1 << 15, number), Ring.create(1, 1 << 13, number)
        self.more_rings += [frames, maps]
        frames.write(0, number, tiny_picture(500, defect=True))
        more = {"deadline_s": 200.0, **more}  # the machine may be busy with other things
        return m.Explain(number, method, number, frames.spec, maps.spec, 96, 96, **more)

    def end(self) -> int:
        return self.process.wait(20)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        for ring in (self.frames, self.maps, *self.more_rings):
            ring.close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    started = Engine()
    yield started
    started.close()


def test_judges_good_and_defective_parts_in_order(engine: Engine, tiny_bundle: Path) -> None:
    assert engine.greet().pid == engine.process.pid
    loaded = engine.load(tiny_bundle)
    assert loaded.product == "tiny"
    engine.frames.write(0, 1, tiny_picture(1))
    engine.frames.write(1, 2, tiny_picture(500, defect=True))
    engine.say(m.Inspect(10, 1, 0, 96, 96), m.Inspect(11, 2, 1, 96, 96))
    good, bad = engine.hear(m.Inspected), engine.hear(m.Inspected)
    assert (good.part, bad.part) == (10, 11)
    assert bad.verdict == "NG"
    assert good.score < bad.score
    assert good.model_id == loaded.model_id
    hot, cold = engine.maps.read(1, 2), engine.maps.read(0, 1)
    assert hot.shape == (bad.map_height, bad.map_width)
    assert hot.max() > cold.max()


def test_a_picture_of_the_models_own_size_needs_no_copy(engine: Engine, tiny_bundle: Path) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.frames.write(0, 1, tiny_picture(1, size=64))
    engine.say(m.Inspect(1, 1, 0, 64, 64))
    engine.hear(m.Inspected)
    engine.say(m.Shutdown())
    assert engine.end() == 0


def test_another_protocol_version_is_refused_in_words(engine: Engine) -> None:
    engine.say(m.Hello(m.PROTOCOL_VERSION + 1))
    failed = engine.hear(m.Failed)
    assert failed.code == "protocol_version"
    ours, theirs = m.PROTOCOL_VERSION, m.PROTOCOL_VERSION + 1
    assert f"protocol version {theirs}" in failed.message and f"version {ours}" in failed.message
    assert engine.end() == 2


def test_a_line_that_is_no_message_ends_the_connection_in_words(engine: Engine) -> None:
    engine.greet()
    engine.say(b"hello?")
    assert engine.hear(m.Failed).code == "protocol_error"
    assert engine.end() == 2


def test_a_first_line_that_is_no_greeting_is_refused(engine: Engine) -> None:
    engine.say(m.Load(1, "/nowhere"))
    assert engine.hear(m.Failed).code == "protocol_error"
    assert engine.end() == 2


@pytest.mark.parametrize("file", ["weights.safetensors", "model.onnx"])
def test_a_bundle_with_one_flipped_byte_is_refused_and_the_old_model_stays(
    engine: Engine, tiny_bundle: Path, tmp_path: Path, file: str
) -> None:
    damaged = shutil.copytree(tiny_bundle, tmp_path / "damaged")
    data = bytearray((damaged / file).read_bytes())
    data[len(data) // 2] ^= 1
    (damaged / file).write_bytes(data)
    engine.greet()
    loaded = engine.load(tiny_bundle)
    engine.say(m.Load(2, str(damaged), "openvino"))
    failed = engine.hear(m.Failed)
    assert (failed.request_id, failed.code) == (2, "bundle_damaged")
    assert file in failed.message
    engine.frames.write(0, 1, tiny_picture(1))
    engine.say(m.Inspect(1, 1, 0, 96, 96))
    assert engine.hear(m.Inspected).model_id == loaded.model_id


def test_given_limits_decide_between_two_parts_and_nothing_else_changes(
    engine: Engine, tiny_bundle: Path
) -> None:
    def judged(number: int) -> m.Inspected:
        engine.say(m.Inspect(number, 1, 0, 96, 96))
        return engine.hear(m.Inspected)

    engine.greet()
    own = engine.load(tiny_bundle)
    engine.frames.write(0, 1, tiny_picture(500, defect=True))
    first = judged(1)
    assert (first.verdict, first.ok_limit, first.ng_limit) == ("NG", own.ok_limit, own.ng_limit)
    heat = engine.maps.read(0, 1).copy()
    for ok, ng, verdict in (
        (first.score, first.score, "OK"),
        (0.5 * first.score, first.score, "REVIEW"),
        (0.1 * first.score, 0.5 * first.score, "NG"),
    ):
        given = m.GivenLimits(own.model_id, ok, ng)
        engine.say(m.Load(2, str(tiny_bundle), "openvino", given))
        loaded = engine.hear(m.Loaded)
        assert (loaded.ok_limit, loaded.ng_limit) == (ok, ng)
        assert loaded.warm_up_ms == 0.0  # the model stayed where it was
        assert (loaded.map_width, loaded.map_height) == (own.map_width, own.map_height)
        now = judged(2)
        assert (now.verdict, now.ok_limit, now.ng_limit) == (verdict, ok, ng)
        assert (now.score, now.p_value) == (first.score, first.p_value)
        assert np.array_equal(engine.maps.read(0, 1), heat)
    engine.say(m.Load(3, str(tiny_bundle), "openvino"))
    assert engine.hear(m.Loaded).ok_limit == own.ok_limit
    assert judged(3).verdict == "NG"


def test_limits_that_cannot_be_are_refused_and_those_in_use_stay(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    own = engine.load(tiny_bundle)
    good = m.GivenLimits(own.model_id, 0.0, 1e6)
    engine.say(m.Load(2, str(tiny_bundle), "openvino", good))
    engine.hear(m.Loaded)
    line = m.encode(m.Load(3, str(tiny_bundle), "openvino", m.GivenLimits("other", 1.0, 2.0)))
    engine.say(line.encode())
    assert engine.hear(m.Failed).code == "limits_of_another_model"
    for pair in ('"ok":2.0,"ng":1.0', '"ok":NaN,"ng":1.0', '"ok":0.0,"ng":Infinity'):
        wrong = line.replace("other", own.model_id).replace('"ok":1.0,"ng":2.0', pair)
        engine.say(wrong.encode())
        failed = engine.hear(m.Failed)
        assert (failed.request_id, failed.code) == (3, "limits_invalid")
    engine.frames.write(0, 1, tiny_picture(500, defect=True))
    engine.say(m.Inspect(1, 1, 0, 96, 96))
    assert engine.hear(m.Inspected).verdict == "REVIEW"


def test_a_missing_bundle_is_refused_and_the_process_lives(engine: Engine, tmp_path: Path) -> None:
    engine.greet()
    engine.say(m.Load(4, str(tmp_path / "none")))
    assert engine.hear(m.Failed).code == "bundle_missing"
    engine.say(m.Shutdown())
    assert engine.end() == 0


def test_without_a_model_parts_are_refused_before_and_after(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    engine.frames.write(0, 1, tiny_picture(1))
    engine.say(m.Inspect(1, 1, 0, 96, 96))
    failed = engine.hear(m.Failed)
    assert (failed.code, failed.part, failed.ticket) == ("no_model", 1, 1)
    engine.load(tiny_bundle)
    engine.say(m.Unload(2), m.Inspect(2, 1, 0, 96, 96))
    assert engine.hear(m.Unloaded) == m.Unloaded(2)
    assert engine.hear(m.Failed).code == "no_model"


def test_a_slot_written_for_another_request_is_not_judged(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.frames.write(0, 1, tiny_picture(1))
    engine.say(m.Inspect(1, 9, 0, 96, 96))
    assert engine.hear(m.Failed).code == "slot_stale"
    engine.say(m.Inspect(1, 1, 0, 95, 96))
    assert engine.hear(m.Failed).code == "protocol_error"


def test_heartbeats_flow_and_carry_the_memory(engine: Engine) -> None:
    engine.greet()
    first = engine.hear(m.Heartbeat)
    began = time.monotonic()
    later = [engine.hear(m.Heartbeat) for _ in range(3)]
    assert [beat.sequence for beat in later] == [first.sequence + n for n in (1, 2, 3)]
    assert time.monotonic() - began < 2.0
    assert 10e6 < later[-1].resident_bytes < 2e9


def test_a_cpu_station_loads_no_torch(engine: Engine, tiny_bundle: Path) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    maps = Path(f"/proc/{engine.process.pid}/maps").read_text()
    assert "openvino" in maps
    assert "torch" not in maps


def test_the_end_of_the_parents_pipe_ends_the_process(engine: Engine) -> None:
    engine.greet()
    assert engine.process.stdin is not None
    engine.process.stdin.close()
    assert engine.end() == 4


def test_ctrl_c_in_the_terminal_is_left_to_the_station(engine: Engine) -> None:
    engine.greet()
    engine.process.send_signal(signal.SIGINT)
    engine.hear(m.Heartbeat)
    engine.say(m.Shutdown())
    assert engine.end() == 0


def test_the_engine_leaves_the_rings_to_the_station(engine: Engine) -> None:
    engine.greet()
    engine.process.kill()
    engine.end()
    assert not process_alive(engine.process.pid)
    time.sleep(0.3)  # a resource tracker would delete them now
    assert Path("/dev/shm", engine.frames.spec.name).exists()


def test_prints_of_libraries_do_not_reach_the_protocol() -> None:
    script = (
        "import os; from engine.ipc.stdio import claim_stdout, claim_stdin;"
        "from engine.ipc.messages import Attached;"
        "writer = claim_stdout(); lines = claim_stdin();"
        "print('a library prints'); os.write(1, b'and so does C\\n'); os.system('echo child');"
        "assert os.read(0, 1) == b'';"
        "writer.write(Attached(int(lines.readline())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=b"42\n", capture_output=True, timeout=60
    )
    assert m.decode(done.stdout) == m.Attached(42)
    assert done.stderr.count(b"\n") == 3


def test_a_verdict_is_explained_by_a_process_that_ends_with_the_engine(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    loaded = engine.load(tiny_bundle)
    engine.say(engine.explain(7))
    said = engine.hear(m.Explained)
    assert (said.explanation, said.method, said.model_id) == (7, "occlusion", loaded.model_id)
    plane = engine.more_rings[1].read(0, 7)
    assert plane.shape == (said.map_height, said.map_width) == (64, 64)
    assert plane.max() == 255
    y, x = np.unravel_index(int(plane.argmax()), plane.shape)
    assert 20 < x < 44 and 20 < y < 44  # the slash lies across the middle
    (child,) = psutil.Process(engine.process.pid).children()
    assert "explain-parts" in child.cmdline()
    assert "torch" not in Path(f"/proc/{engine.process.pid}/maps").read_text()
    assert child.nice() > psutil.Process(engine.process.pid).nice()
    engine.say(m.Shutdown())
    assert engine.end() == 0
    deadline = time.monotonic() + 20
    while process_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process_alive(child.pid)


def test_parts_are_judged_before_anything_is_explained(engine: Engine, tiny_bundle: Path) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.frames.write(0, 1, tiny_picture(1))
    parts = [m.Inspect(number, 1, 0, 96, 96) for number in range(30)]
    engine.say(engine.explain(1), *parts)
    assert [engine.hear(m.Inspected).part for _ in parts] == list(range(30))
    assert engine.hear(m.Explained).explanation == 1


def test_on_a_line_that_is_never_calm_an_explanation_is_given_up_in_time(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.frames.write(0, 1, tiny_picture(1))
    parts = [m.Inspect(number, 1, 0, 96, 96) for number in range(60)]
    engine.say(engine.explain(1, deadline_s=0.0), *parts)
    events = [engine.hear_any() for _ in range(len(parts) + 1)]
    failed = next(event for event in events if isinstance(event, m.Failed))
    assert (failed.explanation, failed.code) == (1, "explanation_late")
    assert events.index(failed) < len(parts)


def test_what_cannot_be_explained_is_refused_in_words(engine: Engine, tiny_bundle: Path) -> None:
    engine.greet()
    engine.say(engine.explain(1))
    assert engine.hear(m.Failed) == m.Failed(
        "no_model", "No model is loaded; choose one first.", explanation=1
    )
    engine.load(tiny_bundle)
    engine.say(engine.explain(2, "gradcam"))
    failed = engine.hear(m.Failed)
    assert (failed.explanation, failed.code) == (2, "explanation_unsupported")
    assert "occlusion" in failed.message
    engine.say(engine.explain(3, "magic"))
    assert engine.hear(m.Failed).code == "explanation_unknown"
    engine.say(engine.explain(4, target="scratch"))
    failed = engine.hear(m.Failed)
    assert (failed.explanation, failed.code) == (4, "explanation_class")
    assert not psutil.Process(engine.process.pid).children(recursive=True)[1:]


def test_a_late_explanation_is_given_up_and_the_next_one_comes(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.say(engine.explain(1, deadline_s=0.05))
    failed = engine.hear(m.Failed)
    assert (failed.explanation, failed.code) == (1, "explanation_late")
    engine.say(engine.explain(2))
    assert engine.hear(m.Explained).explanation == 2


def test_a_crash_of_the_explaining_process_costs_the_explanation_only(
    engine: Engine, tiny_bundle: Path
) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.say(engine.explain(1))
    engine.hear(m.Explained)
    (child,) = psutil.Process(engine.process.pid).children()
    child.suspend()
    engine.frames.write(0, 1, tiny_picture(1))
    engine.say(engine.explain(2), m.Inspect(1, 1, 0, 96, 96))
    assert engine.hear(m.Inspected).part == 1
    engine.hear(m.Heartbeat)
    engine.hear(m.Heartbeat)  # by now the request was handed to the child
    child.kill()
    event = engine.hear(m.Failed)
    assert (event.explanation, event.code) == (2, "explainer_ended")
    engine.say(m.Inspect(2, 1, 0, 96, 96))
    assert engine.hear(m.Inspected).part == 2
    engine.say(engine.explain(3))
    assert engine.hear(m.Explained).explanation == 3


def test_nobody_hears_of_an_explanation_nobody_waits_for(engine: Engine, tiny_bundle: Path) -> None:
    engine.greet()
    engine.load(tiny_bundle)
    engine.say(engine.explain(1), m.StopExplaining(1), engine.explain(2))
    assert engine.hear(m.Explained).explanation == 2
    engine.say(engine.explain(3), m.Unload(9))
    failed = engine.hear(m.Failed)  # whether it was handed on before or not
    assert (failed.explanation, failed.code) == (3, "explainer_ended")
    assert engine.hear(m.Unloaded) == m.Unloaded(9)


class _AcceleratorError(RuntimeError):
    pass


_AcceleratorError.__name__ = "AcceleratorError"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RuntimeError("CUDA error: an illegal memory access was encountered"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), True),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (_AcceleratorError("device-side"), True),
        (RuntimeError("shape '[3]' is invalid"), False),
        (ValueError("CUDA"), False),
    ],
)
def test_cuda_errors_are_told_from_others(error: Exception, expected: bool) -> None:
    assert is_cuda_error(error) is expected


def test_a_cuda_error_is_answered_and_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import engine.inference.predictor as predictor_module

    def broken(*_: object) -> None:
        raise RuntimeError("CUDA error: device-side assert triggered\nCompile with …")

    monkeypatch.setattr(predictor_module, "load_predictor", broken)
    read_end, write_end = os.pipe()  # stays open: its end would end this process
    out = io.BytesIO()
    with os.fdopen(write_end, "wb") as station, os.fdopen(read_end, "rb") as lines:
        requests: list[m.Message] = [m.Hello(m.PROTOCOL_VERSION), m.Load(5, "/x"), m.Shutdown()]
        station.write(b"".join(m.encode(request).encode() + b"\n" for request in requests))
        station.flush()
        code = Server(lines, LineWriter(out)).run()
    events = [m.decode(line) for line in out.getvalue().splitlines()]
    failed = next(event for event in events if isinstance(event, m.Failed))
    assert code == EXIT_CUDA
    assert (failed.code, failed.request_id) == ("cuda_error", 5)
    assert "device-side assert" in failed.message


def test_ring_pixels_are_what_was_written(engine: Engine) -> None:
    pixels = tiny_picture(3)
    engine.frames.write(0, 1, pixels)
    other = Ring.attach(engine.frames.spec, 1)
    assert np.array_equal(other.read(0, 1), pixels)
    other.close()
