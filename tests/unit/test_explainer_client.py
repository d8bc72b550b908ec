"""Explanations asked of the engine: answered once, in words, and no harm to the parts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fixtures_bundle import shared_segments, tiny_picture
from pytestqt.qtbot import QtBot

from engine.ipc.messages import PATCH_PX
from qc_station.backend.explainer import ExplainerClient
from qc_station.backend.inspector import Inspector
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.domain.explanation import NEAREST, Explanation
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.state import EngineState
from qc_station.domain.verdict import Verdict

# Explains with the picture's corner; a class it is asked about says what becomes of the request.
PUPPET = """
import os, sys, threading, time
import numpy as np
from engine.ipc.messages import *
from engine.ipc.ring import Ring, RingError
def say(m):
    sys.stdout.write(encode(m) + "\\n"); sys.stdout.flush()
def beat():
    n = 0
    while True:
        n += 1; say(Heartbeat(n, 1)); time.sleep(0.1)
maps, stopped = None, []
for line in sys.stdin:
    m = decode(line)
    if isinstance(m, Hello):
        say(Ready(PROTOCOL_VERSION, os.getpid(), "puppet"))
        threading.Thread(target=beat, daemon=True).start()
    elif isinstance(m, Attach):
        maps = Ring.attach(m.maps, m.generation)
    elif isinstance(m, Load):
        say(Loaded(m.request_id, m.bundle, "puppet", "p", (), 1.0, 2.0, "none", 8, 8, 0.0))
    elif isinstance(m, Inspect):
        maps.write(m.slot, m.ticket, np.zeros((8, 8), np.uint8))
        say(Inspected(m.part, m.ticket, "OK", "below_ok_limit", 0.5, None, 1.0, 2.0, None, None,
                      (), m.slot, 8, 8, "puppet", 1.0))
    elif isinstance(m, StopExplaining):
        stopped.append(m.explanation)
    elif isinstance(m, Explain):
        if m.target == "die": os._exit(5)
        if m.target == "silent": continue
        if m.target == "refused":
            say(Failed("explanation_class", "No such class.", explanation=m.explanation)); continue
        try:
            frame = Ring.attach(m.frames, m.generation).read(0, m.explanation)
        except RingError as error:
            say(Failed(error.code, str(error), explanation=m.explanation)); continue
        plane = np.ascontiguousarray(frame[:8, :8, 0])
        ticket = m.explanation + (m.target == "stale")
        answer = Ring.attach(m.maps, m.generation)
        answer.write(0, ticket, plane)
        near = ()
        if m.method == "nearest":
            count = 1 if m.target == "short" else 2
            tiles = np.arange(count, dtype=np.uint8).repeat(PATCH_PX * PATCH_PX * 3)
            answer.write(1, ticket, tiles.reshape(-1, PATCH_PX, 3))
            near = (GoodPatch(0.5, "", 0), GoodPatch(0.75, "a.png", 1, 0.1, 0.2))
        say(Explained(m.explanation, m.method, m.target, str(stopped), 0.5, 8, 8, 0.1, near))
    elif isinstance(m, Shutdown):
        break
os._exit(0)
"""
MakeFrame = Callable[..., Frame]


class Heard:
    """What a client has said."""

    def __init__(self, client: ExplainerClient, qtbot: QtBot) -> None:
        self.explained: list[Explanation] = []
        self.failed: list[tuple[int, str, str]] = []
        self._qtbot = qtbot
        client.explained.connect(self.explained.append)
        client.failed.connect(lambda *said: self.failed.append(said))

    def wait(self, explained: int = 0, failed: int = 0) -> None:
        self._qtbot.waitUntil(
            lambda: len(self.explained) >= explained and len(self.failed) >= failed, timeout=20_000
        )
        assert (len(self.explained), len(self.failed)) == (explained, failed)


@pytest.fixture
def supervisor(qtbot: QtBot) -> Iterator[EngineSupervisor]:
    made = EngineSupervisor((sys.executable, "-c", PUPPET))
    made.start()
    made.load(Path("model"))
    qtbot.waitUntil(lambda: made.state is EngineState.READY, timeout=20_000)
    yield made
    made.stop()
    assert not shared_segments()


@pytest.fixture
def client(supervisor: EngineSupervisor) -> Iterator[ExplainerClient]:
    made = ExplainerClient(supervisor)
    yield made
    made.close()


def test_an_explanation_comes_with_its_plane(client: ExplainerClient, qtbot: QtBot) -> None:
    heard = Heard(client, qtbot)
    picture = tiny_picture(1)
    number = client.explain(picture, target="dent")
    assert not heard.explained  # never from inside
    heard.wait(explained=1)
    (said,) = heard.explained
    assert (said.number, said.method, said.target) == (number, "occlusion", "dent")
    np.testing.assert_array_equal(said.plane, picture[:8, :8, 0])
    assert not said.says_something
    assert not shared_segments()


def test_the_nearest_good_patches_come_with_their_pictures(
    client: ExplainerClient, qtbot: QtBot
) -> None:
    heard = Heard(client, qtbot)
    client.explain(tiny_picture(1), NEAREST)
    heard.wait(explained=1)
    (said,) = heard.explained
    assert said.method == NEAREST and said.patch is not None
    assert said.patch.shape == (PATCH_PX, PATCH_PX, 3) and said.patch.max() == 0
    bare, kept = said.nearest
    assert (bare.distance, bare.name, bare.pixels) == (0.5, "", None)
    assert (kept.distance, kept.name) == (0.75, "a.png")
    assert kept.pixels is not None and kept.pixels.min() == kept.pixels.max() == 1
    client.explain(tiny_picture(1), NEAREST, "short")  # a picture is missing
    heard.wait(explained=1, failed=1)
    assert heard.failed[0][1] == "slot_stale"
    assert not shared_segments()


def test_the_real_engine_compares_a_defect_with_good_patches(
    tiny_bundle: Path, qtbot: QtBot
) -> None:
    supervisor = EngineSupervisor()
    supervisor.start()
    supervisor.load(tiny_bundle, "openvino")
    qtbot.waitUntil(lambda: supervisor.state is EngineState.READY, timeout=60_000)
    client = ExplainerClient(supervisor, deadline_s=200.0)
    with qtbot.waitSignal(client.explained, timeout=240_000) as answered:
        client.explain(tiny_picture(500, defect=True), NEAREST)
    said = answered.args[0]
    assert said.says_something and len(said.nearest) == 3
    assert all(good.name and good.pixels is not None for good in said.nearest)
    assert said.patch.mean() < min(good.pixels.mean() for good in said.nearest)  # a dark slash
    client.close()
    supervisor.stop()


def test_the_real_engine_explains_a_defect(tiny_bundle: Path, qtbot: QtBot) -> None:
    supervisor = EngineSupervisor()
    supervisor.start()
    supervisor.load(tiny_bundle, "openvino")
    qtbot.waitUntil(lambda: supervisor.state is EngineState.READY, timeout=60_000)
    client = ExplainerClient(supervisor, deadline_s=200.0)
    with qtbot.waitSignal(client.explained, timeout=240_000) as answered:
        number = client.explain(tiny_picture(500, defect=True))
    said = answered.args[0]
    assert said.number == number and said.says_something
    assert supervisor.loaded_model is not None
    assert said.model_id == supervisor.loaded_model.model_id
    client.close()
    supervisor.stop()


def test_a_refused_explanation_is_a_sentence_and_the_engine_goes_on(
    client: ExplainerClient, supervisor: EngineSupervisor, make_frame: MakeFrame, qtbot: QtBot
) -> None:
    heard = Heard(client, qtbot)
    refused, model = [], supervisor.loaded_model
    supervisor.load_failed.connect(lambda *said: refused.append(said))
    number = client.explain(tiny_picture(1), target="refused")
    heard.wait(failed=1)
    assert heard.failed == [(number, "explanation_class", "No such class.")]
    inspector, outcomes = Inspector(supervisor), list[Outcome]()
    inspector.answered.connect(lambda _, outcome: outcomes.append(outcome))
    inspector.inspect(1, make_frame(1), 20.0)
    qtbot.waitUntil(lambda: bool(outcomes), timeout=20_000)
    assert outcomes[0].verdict is Verdict.OK
    assert supervisor.state is EngineState.READY and supervisor.sentence_code == "engine_ready"
    assert not refused and supervisor.loaded_model is model and supervisor.restarts == 0
    inspector.close()


def test_the_end_of_the_engine_fails_what_waits(client: ExplainerClient, qtbot: QtBot) -> None:
    heard = Heard(client, qtbot)
    first = client.explain(tiny_picture(1), target="silent")
    second = client.explain(tiny_picture(1), target="die")
    heard.wait(failed=2)
    assert [said[:2] for said in heard.failed] == [(first, "engine_down"), (second, "engine_down")]
    assert not shared_segments()


def test_a_silent_engine_is_given_up(supervisor: EngineSupervisor, qtbot: QtBot) -> None:
    client = ExplainerClient(supervisor, deadline_s=-4.9)  # of five seconds' grace
    heard = Heard(client, qtbot)
    number = client.explain(tiny_picture(1), target="silent")
    heard.wait(failed=1)
    assert heard.failed[0][:2] == (number, "explanation_late")
    assert not shared_segments()


def test_a_stopped_explanation_is_not_heard_of(client: ExplainerClient, qtbot: QtBot) -> None:
    heard = Heard(client, qtbot)
    first = client.explain(tiny_picture(1))
    client.stop(first)
    client.stop(first)
    client.explain(tiny_picture(2))
    heard.wait(explained=1)
    assert heard.explained[0].number == first + 1
    assert heard.explained[0].model_id == f"[{first}]"  # the engine was told


def test_a_plane_of_another_request_is_not_shown(client: ExplainerClient, qtbot: QtBot) -> None:
    heard = Heard(client, qtbot)
    client.explain(tiny_picture(1), target="stale")
    heard.wait(failed=1)
    assert heard.failed[0][1] == "slot_stale"


def test_without_a_model_or_an_engine_it_is_said_so(
    supervisor: EngineSupervisor, client: ExplainerClient, qtbot: QtBot
) -> None:
    heard = Heard(client, qtbot)
    supervisor.unload()
    client.explain(tiny_picture(1))
    assert not heard.failed  # never from inside
    heard.wait(failed=1)
    supervisor.stop()
    client.explain(tiny_picture(1))
    heard.wait(failed=2)
    assert [said[1] for said in heard.failed] == ["no_model", "engine_down"]
    client.stop(client.explain(tiny_picture(1)))
    qtbot.wait(20)
    heard.wait(failed=2)
