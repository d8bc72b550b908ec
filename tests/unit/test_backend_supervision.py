"""Back-off, deadlines and job endings, with short scripts in the engine's place."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures_bundle import process_alive, shared_segments
from pytestqt.qtbot import QtBot

from qc_station.backend.fake import FakeInspector
from qc_station.backend.inspector import Inspector
from qc_station.backend.jobs import JobRunner
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.backend.timing import SupervisorTiming
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.recipe import Limits
from qc_station.domain.state import EngineState
from qc_station.domain.verdict import Reason, Verdict

MakeFrame = Callable[..., Frame]

# Speaks the protocol without a model; part 13 crashes it, part 7 hangs it, part 5 is slow.
PUPPET = """
import os, sys, threading, time
import numpy as np
from engine.ipc.messages import *
from engine.ipc.ring import Ring
def say(m):
    sys.stdout.write(encode(m) + "\\n"); sys.stdout.flush()
def beat():
    n = 0
    while True:
        n += 1; say(Heartbeat(n, 1)); time.sleep(0.1)
maps = None
for line in sys.stdin:
    m = decode(line)
    if isinstance(m, Hello):
        say(Ready(PROTOCOL_VERSION, os.getpid(), "puppet"))
        threading.Thread(target=beat, daemon=True).start()
    elif isinstance(m, Attach):
        maps = Ring.attach(m.maps, m.generation)
    elif isinstance(m, Load):
        ok, ng = (m.limits.ok, m.limits.ng) if m.limits else (1.0, 2.0)
        if ok == 0.25:
            say(Failed("limits_invalid", "No.", request_id=m.request_id))
            continue
        say(Loaded(m.request_id, m.bundle, "puppet", "p", (), ok, ng, "none", 8, 8, 0.0))
    elif isinstance(m, Inspect):
        if m.part == 13: os._exit(3)
        if m.part == 7: time.sleep(60)
        if m.part == 5: time.sleep(0.4)
        maps.write(m.slot, m.ticket if m.part != 6 else 0, np.zeros((8, 8), np.uint8))
        say(Inspected(m.part, m.ticket, "OK", "below_ok_limit", 0.5, None, ok, ng, None, None,
                      (), m.slot, 8, 8, "puppet", 1.0))
    elif isinstance(m, Shutdown):
        break
os._exit(0)
"""
FAST = SupervisorTiming(first_backoff_s=0.05, last_backoff_s=0.2)


def script(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


Start = Callable[..., EngineSupervisor]


@pytest.fixture
def supervise(qtbot: QtBot) -> Iterator[Start]:
    made: list[EngineSupervisor] = []

    def start(code: str = PUPPET, timing: SupervisorTiming = FAST) -> EngineSupervisor:
        supervisor = EngineSupervisor(script(code), timing)
        made.append(supervisor)
        supervisor.start()
        return supervisor

    yield start
    for supervisor in made:
        supervisor.stop()
        assert supervisor.pid is None
    assert not shared_segments()


@pytest.fixture
def ready(supervise: Start, qtbot: QtBot) -> EngineSupervisor:
    supervisor = supervise()
    supervisor.load(Path("model"))
    qtbot.waitUntil(lambda: supervisor.state is EngineState.READY, timeout=20_000)
    return supervisor


class Answers(list[tuple[int, Outcome]]):
    def __init__(self, inspector: Inspector | FakeInspector, qtbot: QtBot) -> None:
        super().__init__()
        self._qtbot = qtbot
        inspector.answered.connect(lambda part, outcome: self.append((part, outcome)))

    def wait(self, count: int) -> dict[int, Outcome]:
        self._qtbot.waitUntil(lambda: len(self) >= count, timeout=20_000)
        assert len(dict(self)) == len(self) == count
        return dict(self)


def test_other_limits_take_over_between_two_parts_while_the_engine_stays_ready(
    ready: EngineSupervisor, qtbot: QtBot, make_frame: MakeFrame
) -> None:
    inspector = Inspector(ready)
    answers = Answers(inspector, qtbot)
    states: list[EngineState] = []
    ready.state_changed.connect(lambda state, _code: states.append(state))
    assert ready.loaded_model is not None and not ready.loaded_model.limits_given
    for part in (1, 2):
        inspector.inspect(part, make_frame(part), 20.0)
    ready.load(Path("model"), limits=Limits("model", 0.75, 0.9))
    for part in (3, 4):
        inspector.inspect(part, make_frame(part), 20.0)
    found = answers.wait(4)
    assert [found[part].ok_limit for part in (1, 2, 3, 4)] == [1.0, 1.0, 0.75, 0.75]
    model = ready.loaded_model
    assert (model.ok_limit, model.ng_limit, model.limits_given) == (0.75, 0.9, True)
    assert states == []
    inspector.close()


def test_limits_are_kept_over_a_restart_and_refused_ones_are_not(
    ready: EngineSupervisor, qtbot: QtBot
) -> None:
    ready.load(Path("model"), limits=Limits("model", 0.75, 0.9))
    qtbot.waitUntil(lambda: ready.loaded_model.limits_given)  # type: ignore[union-attr]
    with qtbot.waitSignal(ready.load_failed, timeout=20_000) as refused:
        ready.load(Path("model"), limits=Limits("model", 0.25, 0.9))
    assert refused.args == ["limits_invalid", "No."]
    assert ready.state is EngineState.READY
    with qtbot.waitSignal(ready.model_loaded, timeout=20_000) as loaded:
        ready.restart("engine_hung")
    assert (loaded.args[0].ok_limit, loaded.args[0].limits_given) == (0.75, True)


def test_restarts_wait_longer_and_longer(supervise: Start, qtbot: QtBot) -> None:
    supervisor = supervise("import sys; sys.exit('no such library')")
    qtbot.waitUntil(lambda: supervisor.restarts >= 4, timeout=20_000)
    assert supervisor._backoff_s == FAST.last_backoff_s
    assert supervisor.state in (EngineState.RESTARTING, EngineState.STARTING)


def test_a_missing_program_is_a_failure_in_words(qtbot: QtBot) -> None:
    supervisor = EngineSupervisor(["/nowhere/qc-engine"])
    supervisor.start()
    qtbot.waitUntil(lambda: supervisor.state is EngineState.FAILED)
    assert supervisor.sentence_code == "engine_not_started"
    supervisor.stop()
    assert supervisor.state is EngineState.STOPPED


def test_an_engine_of_another_protocol_is_not_restarted(supervise: Start, qtbot: QtBot) -> None:
    code = PUPPET.replace("Ready(PROTOCOL_VERSION,", "Ready(99,")
    supervisor = supervise(code)
    qtbot.waitUntil(lambda: supervisor.state is EngineState.FAILED, timeout=20_000)
    assert supervisor.sentence_code == "protocol_version"
    assert "protocol version 99" in supervisor.last_sentence
    assert supervisor.restarts == 0


def test_an_engine_that_refuses_our_protocol_is_not_restarted(
    supervise: Start, qtbot: QtBot
) -> None:
    refusal = "Failed('protocol_version', 'Other release.')"
    code = f"from engine.ipc.messages import *; print(encode({refusal})); raise SystemExit(2)"
    supervisor = supervise(code)
    qtbot.waitUntil(lambda: supervisor.state is EngineState.FAILED, timeout=20_000)
    assert supervisor.sentence_code == "protocol_version"
    assert supervisor.last_sentence == "Other release."


def test_noise_on_the_pipe_replaces_the_engine(supervise: Start, qtbot: QtBot) -> None:
    supervisor = supervise("print('hello'); import time; time.sleep(60)")
    qtbot.waitUntil(lambda: supervisor.sentence_code == "engine_protocol", timeout=20_000)


def test_a_frozen_window_does_not_cost_the_engine(ready: EngineSupervisor, qtbot: QtBot) -> None:
    pid = ready.pid
    time.sleep(1.6)  # the event loop is blocked for longer than the engine may be silent
    qtbot.wait(300)
    assert ready.pid == pid and ready.restarts == 0


def test_the_bundle_is_loaded_again_after_a_gpu_fault(
    ready: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    codes: list[str] = []
    ready.state_changed.connect(lambda _, code: codes.append(code))
    inspector = Inspector(ready)
    answers = Answers(inspector, qtbot)
    for part in (13, 14):
        inspector.inspect(part, make_frame(1), 20.0)
    outcomes = answers.wait(2)
    assert outcomes[13].reason is Reason.ENGINE_FAULT
    assert outcomes[14].verdict is Verdict.OK
    assert codes == ["engine_cuda_fault", "engine_starting", "engine_loading", "engine_ready"]
    assert ready.loaded_model is not None and ready.loaded_model.path == Path("model")
    inspector.close()


def test_a_hanging_model_is_replaced_although_its_heart_beats(
    ready: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    inspector = Inspector(ready, hang_s=0.5)
    answers = Answers(inspector, qtbot)
    inspector.inspect(7, make_frame(1), 0.1)
    inspector.inspect(8, make_frame(1), 20.0)
    outcomes = answers.wait(2)
    assert outcomes[7].reason is Reason.DEADLINE
    assert outcomes[8].verdict is Verdict.OK
    assert ready.restarts == 1
    inspector.close()


def test_parts_beyond_the_queue_are_answered_not_dropped(
    ready: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    inspector = Inspector(ready, slots=1, max_waiting=2)
    answers = Answers(inspector, qtbot)
    for part in (5, 20, 21, 22, 23):
        inspector.inspect(part, make_frame(1), 20.0)
    outcomes = answers.wait(5)
    full = [part for part, outcome in outcomes.items() if outcome.reason is Reason.QUEUE_FULL]
    assert full == [22, 23]
    inspector.close()


def test_an_answer_in_a_stale_slot_is_a_fault(
    ready: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    inspector = Inspector(ready)
    answers = Answers(inspector, qtbot)
    inspector.inspect(6, make_frame(1), 20.0)
    assert answers.wait(1)[6].reason is Reason.ENGINE_FAULT
    inspector.close()


def test_parts_nobody_can_judge_are_answered_with_the_reason(
    supervise: Start, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    stopped = EngineSupervisor(script(PUPPET))
    inspector = Inspector(stopped)
    answers = Answers(inspector, qtbot)
    inspector.inspect(1, make_frame(1), 20.0)
    assert answers == []  # never from inside
    assert answers.wait(1)[1].reason is Reason.ENGINE_DOWN
    with pytest.raises(ValueError, match="part 2"):
        inspector.inspect(2, make_frame(1), 20.0)
        inspector.inspect(2, make_frame(1), 20.0)
    inspector.close()
    assert answers.wait(2)[2].reason is Reason.ENGINE_DOWN

    supervisor = supervise()
    qtbot.waitUntil(lambda: supervisor.state is EngineState.READY, timeout=20_000)
    inspector = Inspector(supervisor)
    answers = Answers(inspector, qtbot)
    inspector.inspect(1, make_frame(1), 20.0)
    assert answers.wait(1)[1].reason is Reason.NO_MODEL
    inspector.close()


def test_unloading_leaves_no_model_to_answer(
    ready: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    inspector = Inspector(ready)
    answers = Answers(inspector, qtbot)
    ready.unload()
    inspector.inspect(1, make_frame(1), 20.0)
    assert answers.wait(1)[1].reason is Reason.NO_MODEL
    inspector.close()


def test_the_fake_judges_by_brightness_and_by_script(make_frame: MakeFrame, qtbot: QtBot) -> None:
    scripted = Outcome(Verdict.REVIEW, Reason.NOVEL)
    fake = FakeInspector([scripted], delay_ms=1)
    answers = Answers(fake, qtbot)
    for part in (1, 2, 3):
        fake.inspect(part, make_frame(part), 1.0)
    assert fake.pending == 3
    outcomes = answers.wait(3)
    assert outcomes[1] is scripted
    assert outcomes[2].reason is Reason.BETWEEN_LIMITS
    assert outcomes[2].heatmap is not None and outcomes[2].heatmap.max() > 0
    fake.inspect(4, make_frame(1), 1.0)
    fake.close()
    assert answers.wait(4)[4].reason is Reason.ENGINE_DOWN


# --- jobs ---------------------------------------------------------------------------------------

SAY = "from engine.ipc.messages import *\nsay = lambda m: print(encode(m), flush=True)\n"


class Job:
    def __init__(self, code: str, qtbot: QtBot) -> None:
        self.runner = JobRunner(script(SAY + code))
        self.progress: list[tuple[Any, ...]] = []
        self.ends: list[tuple[Any, ...]] = []
        self.runner.progress.connect(lambda *values: self.progress.append(values))
        self.runner.finished.connect(lambda result: self.ends.append(("finished", result)))
        self.runner.failed.connect(lambda *values: self.ends.append(("failed", *values)))
        self._qtbot = qtbot
        self.runner.start(["teach"])

    def wait(self) -> tuple[Any, ...]:
        self._qtbot.waitUntil(lambda: bool(self.ends), timeout=20_000)
        assert len(self.ends) == 1 and not self.runner.running
        return self.ends[0]


def test_a_job_reports_progress_and_its_result(qtbot: QtBot) -> None:
    job = Job(
        "import sys\nsay(JobProgress('read', 1, 4))\nprint('a library prints')\n"
        "say(JobProgress('read', 2, 4, 1.5))\nsay(JobDone({'argv': sys.argv[1:]}))",
        qtbot,
    )
    assert job.wait() == ("finished", {"argv": ["teach", "--progress", "jsonl"]})
    assert job.progress == [("read", 1, 4, -1.0), ("read", 2, 4, 1.5)]


def test_a_job_that_fails_says_why(qtbot: QtBot) -> None:
    job = Job("say(JobFailed('few_good_pictures', 'Ten are needed.')); raise SystemExit(2)", qtbot)
    assert job.wait() == ("failed", "few_good_pictures", "Ten are needed.")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("raise RuntimeError('disk on fire')", "RuntimeError: disk on fire"),
        ("pass", "exit code 0"),
    ],
)
def test_a_job_that_dies_without_a_word_is_buried_with_some(
    qtbot: QtBot, code: str, words: str
) -> None:
    job = Job(code, qtbot)
    kind, error_code, sentence = job.wait()
    assert (kind, error_code) == ("failed", "job_died")
    assert words in sentence


def test_a_cancelled_job_ends_soon(qtbot: QtBot) -> None:
    job = Job("import time; say(JobProgress('x', 0, 1)); time.sleep(60)", qtbot)
    qtbot.waitUntil(lambda: bool(job.progress), timeout=20_000)
    with pytest.raises(RuntimeError):
        job.runner.start(["teach"])
    job.runner.cancel()
    assert job.wait()[:2] == ("failed", "cancelled")


def test_a_job_that_ignores_the_request_to_end_is_killed(qtbot: QtBot) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    job = Job(code + "say(JobProgress('x', 0, 1)); time.sleep(60)", qtbot)
    job.runner._patience.setInterval(200)
    qtbot.waitUntil(lambda: bool(job.progress), timeout=20_000)
    job.runner.cancel()
    assert job.wait()[:2] == ("failed", "cancelled")


def test_stop_ends_a_job_without_an_event_loop(qtbot: QtBot) -> None:
    job = Job("import os, time; say(JobProgress('x', os.getpid(), 1)); time.sleep(60)", qtbot)
    qtbot.waitUntil(lambda: bool(job.progress), timeout=20_000)
    job.runner.stop()
    assert job.ends[0][:2] == ("failed", "cancelled")
    assert not process_alive(job.progress[0][1])


def test_a_job_whose_program_is_missing_fails_in_words(qtbot: QtBot) -> None:
    runner = JobRunner(["/nowhere/qc-engine"])
    with qtbot.waitSignal(runner.failed) as caught:
        runner.start(["teach"])
    assert caught.args is not None and caught.args[0] == "job_not_started"
