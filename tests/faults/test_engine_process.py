"""The station's side of a dying, silent or refusing engine process. Real child, real bundle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fixtures_bundle import process_alive, shared_segments
from pytestqt.qtbot import QtBot

from qc_station.backend.inspector import Inspector
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.state import EngineState
from qc_station.domain.verdict import Reason, Verdict

MakeFrame = Callable[..., Frame]
START_MS = 60_000
PART_S = 30.0


class Station:
    """Supervisor and inspector, and what they said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.supervisor = EngineSupervisor()
        self.inspector = Inspector(self.supervisor)
        self.answers: list[tuple[int, Outcome]] = []
        self.states: list[tuple[EngineState, str]] = []
        self.inspector.answered.connect(lambda part, outcome: self.answers.append((part, outcome)))
        self.supervisor.state_changed.connect(lambda *state: self.states.append(state))

    def start(self, bundle: Path) -> None:
        self.supervisor.load(bundle, "openvino")
        self.supervisor.start()
        self.wait_ready()

    def wait_ready(self) -> None:
        self.qtbot.waitUntil(lambda: self.supervisor.state is EngineState.READY, timeout=START_MS)

    def wait_answers(self, count: int) -> dict[int, Outcome]:
        self.qtbot.waitUntil(lambda: len(self.answers) >= count, timeout=START_MS)
        assert len(self.answers) == count
        assert len(dict(self.answers)) == count, "a part was answered twice"
        return dict(self.answers)

    @property
    def pid(self) -> int:
        pid = self.supervisor.pid
        assert pid is not None
        return pid

    def close(self) -> None:
        pid = self.supervisor.pid
        self.inspector.close()
        self.supervisor.stop()
        assert not shared_segments()
        assert pid is None or not process_alive(pid)


@pytest.fixture
def station(qtbot: QtBot) -> Iterator[Station]:
    made = Station(qtbot)
    yield made
    made.close()


def test_parts_are_judged_and_carry_everything(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    model = station.supervisor.loaded_model
    assert model is not None and model.path == tiny_bundle and model.product == "tiny"
    for part in range(6):
        station.inspector.inspect(part, make_frame(part, defect=part == 5), PART_S)
    assert station.inspector.pending == 6
    assert not station.answers  # never from inside inspect
    answers = station.wait_answers(6)
    assert [part for part, _ in station.answers] == list(range(6))
    bad = answers[5]
    assert (bad.verdict, bad.reason) == (Verdict.NG, Reason.ABOVE_NG_LIMIT)
    assert bad.model_id == model.model_id and bad.ng_limit == model.ng_limit
    assert bad.score is not None and bad.ng_limit is not None and bad.score > bad.ng_limit
    assert bad.heatmap is not None and bad.heatmap.max() > 0
    assert station.inspector.pending == 0


def test_kill_during_a_part_costs_that_part_and_no_other(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    first_pid = station.pid
    os.kill(first_pid, signal.SIGSTOP)  # the part is certainly under way
    for part in range(5):
        station.inspector.inspect(part, make_frame(part), PART_S)
    os.kill(first_pid, signal.SIGKILL)
    answers = station.wait_answers(5)
    assert answers[0].verdict is Verdict.NOT_INSPECTED
    assert answers[0].reason is Reason.ENGINE_FAULT
    assert all(answers[part].verdict is not Verdict.NOT_INSPECTED for part in range(1, 5))
    assert [part for part, _ in station.answers] == list(range(5))
    assert station.pid != first_pid
    assert (EngineState.RESTARTING, "engine_died") in station.states
    station.inspector.inspect(99, make_frame(9), PART_S)
    assert station.wait_answers(6)[99].model_id == answers[1].model_id


def test_a_part_whose_deadline_passes_while_the_engine_restarts_is_answered_in_time(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    os.kill(station.pid, signal.SIGKILL)
    station.qtbot.waitUntil(lambda: station.supervisor.state is EngineState.RESTARTING)
    began = time.monotonic()
    station.inspector.inspect(1, make_frame(1), 0.1)
    outcome = station.wait_answers(1)[1]
    assert 0.08 < time.monotonic() - began < 1.0
    assert (outcome.verdict, outcome.reason) == (Verdict.NOT_INSPECTED, Reason.ENGINE_DOWN)
    station.wait_ready()


def test_a_silent_engine_is_replaced(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    first_pid = station.pid
    began = time.monotonic()
    os.kill(first_pid, signal.SIGSTOP)
    station.inspector.inspect(1, make_frame(1), PART_S)
    outcome = station.wait_answers(1)[1]
    assert outcome.reason is Reason.ENGINE_FAULT
    assert 0.7 < time.monotonic() - began < 5.0
    assert (EngineState.RESTARTING, "engine_silent") in station.states
    assert not process_alive(first_pid)
    station.wait_ready()


def test_a_late_answer_is_dropped_and_counted(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    os.kill(station.pid, signal.SIGSTOP)
    station.inspector.inspect(1, make_frame(1), 0.1)
    assert station.wait_answers(1)[1].reason is Reason.DEADLINE
    os.kill(station.pid, signal.SIGCONT)
    station.inspector.inspect(2, make_frame(2), PART_S)
    assert station.wait_answers(2)[2].verdict is not Verdict.NOT_INSPECTED
    assert station.inspector.late_answers == 1


def test_pictures_of_growing_size_share_one_engine(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    for part, size in enumerate((64, 800, 96, 1200, 96)):
        station.inspector.inspect(part, make_frame(1, size=size), PART_S)
    answers = station.wait_answers(5)
    assert all(a.verdict is not Verdict.NOT_INSPECTED for a in answers.values())
    assert answers[2].score == answers[4].score
    assert len(shared_segments()) == 2  # the smaller rings are gone


def test_a_damaged_bundle_fails_in_words_and_a_good_one_recovers(
    station: Station, tiny_bundle: Path, tmp_path: Path, make_frame: MakeFrame
) -> None:
    damaged = shutil.copytree(tiny_bundle, tmp_path / "damaged")
    data = bytearray((damaged / "model.onnx").read_bytes())
    data[100] ^= 1
    (damaged / "model.onnx").write_bytes(data)
    refusals: list[tuple[str, str]] = []
    station.supervisor.load_failed.connect(lambda *refusal: refusals.append(refusal))
    station.supervisor.load(damaged, "openvino")
    station.supervisor.start()
    station.qtbot.waitUntil(
        lambda: station.supervisor.state is EngineState.FAILED, timeout=START_MS
    )
    assert station.states[-1] == (EngineState.FAILED, "bundle_damaged")
    assert refusals[0][0] == "bundle_damaged" and "model.onnx" in refusals[0][1]
    station.inspector.inspect(1, make_frame(1), PART_S)
    assert station.wait_answers(1)[1].reason is Reason.ENGINE_DOWN
    station.supervisor.load(tiny_bundle, "openvino")
    station.wait_ready()
    pid = station.pid
    station.supervisor.load(damaged, "openvino")  # the model in use stays in use
    station.qtbot.waitUntil(lambda: len(refusals) == 2, timeout=START_MS)
    station.inspector.inspect(2, make_frame(1), PART_S)
    assert station.wait_answers(2)[2].verdict is not Verdict.NOT_INSPECTED
    assert station.pid == pid


def test_stop_answers_what_is_pending_and_leaves_nothing(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    pid = station.pid
    os.kill(pid, signal.SIGSTOP)
    for part in range(5):
        station.inspector.inspect(part, make_frame(part), PART_S)
    station.inspector.close()
    assert {outcome.reason for _, outcome in station.answers} == {Reason.ENGINE_DOWN}
    assert len(station.answers) == 5
    station.supervisor.stop()
    assert not process_alive(pid)
    assert not shared_segments()


def test_stopping_the_engine_first_also_answers_every_part(
    station: Station, tiny_bundle: Path, make_frame: MakeFrame
) -> None:
    station.start(tiny_bundle)
    for part in range(6):
        station.inspector.inspect(part, make_frame(part), PART_S)
    station.supervisor.stop()
    assert len(station.wait_answers(6)) == 6
    station.supervisor.start()  # and it can be used again
    station.wait_ready()
    station.inspector.inspect(7, make_frame(7), PART_S)
    assert station.wait_answers(7)[7].verdict is not Verdict.NOT_INSPECTED


ORPHAN = """
import sys, numpy as np
from datetime import UTC, datetime
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from qc_station.backend.inspector import Inspector
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.domain.frame import Frame
from qc_station.interpreter import keep_constants_alive
keep_constants_alive()
app = QCoreApplication([])
supervisor = EngineSupervisor()
inspector = Inspector(supervisor)
frame = Frame(1, np.zeros((96, 96, 3), np.uint8), datetime.now(UTC), 0.0, "test:")
supervisor.model_loaded.connect(lambda _: inspector.inspect(1, frame, 30.0))
inspector.answered.connect(lambda *_: print(supervisor.pid, flush=True))
supervisor.load(Path(sys.argv[1]), "openvino")
supervisor.start()
app.exec()
"""


def test_the_death_of_the_station_ends_the_engine_and_frees_the_memory(tiny_bundle: Path) -> None:
    station = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(tiny_bundle)], stdout=subprocess.PIPE, text=True
    )
    assert station.stdout is not None
    with station.stdout:
        engine_pid = int(station.stdout.readline())
        assert process_alive(engine_pid)
        assert len(shared_segments(station.pid)) == 2
        station.kill()
        station.wait()
    deadline = time.monotonic() + 5.0
    while process_alive(engine_pid) or shared_segments(station.pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)
