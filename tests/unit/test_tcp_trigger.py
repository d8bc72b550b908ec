"""Triggers over TCP against a real station: one line in, one line out, whatever happens."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from station_rig import LineCamera, StationRig
from store_support import make_part

from qc_station.backend.fake import fake_outcome
from qc_station.domain.state import EngineState, StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services import tcp_trigger
from qc_station.services.tcp_trigger import TcpFault, TcpTrigger, answer_line

Run = Callable[..., "Plant"]
NG = replace(fake_outcome(Verdict.NG, Reason.ABOVE_NG_LIMIT, 2.5), class_name="bent wire")


class Client:
    """A PLC: a plain socket that never blocks the event loop."""

    def __init__(self, port: int, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.socket.setblocking(False)
        self.heard = b""
        self.closed = False

    def send(self, text: str | bytes) -> None:
        self.socket.setblocking(True)
        self.socket.sendall(text.encode() if isinstance(text, str) else text)
        self.socket.setblocking(False)

    def listen(self) -> list[str]:
        """All whole lines so far."""
        try:
            while data := self.socket.recv(65536):
                self.heard += data
            self.closed = True
        except BlockingIOError:
            pass
        except ConnectionError:
            self.closed = True
        return self.heard.decode().split("\n")[:-1]

    def lines(self, count: int) -> list[str]:
        self.qtbot.waitUntil(lambda: len(self.listen()) >= count, timeout=10_000)
        return self.listen()

    def ask(self, text: str) -> str:
        before = len(self.listen())
        self.send(text)
        return self.lines(before + 1)[before]


class Plant:
    """A station that is triggered over TCP, and its clients."""

    def __init__(self, rig: StationRig, qtbot: QtBot) -> None:
        self.rig, self.qtbot = rig, qtbot
        self.server = TcpTrigger(rig.station)
        self.server.apply(True, "127.0.0.1", 0)
        self.clients: list[Client] = []

    def connect(self) -> Client:
        self.clients.append(Client(self.server.port, self.qtbot))
        self.qtbot.waitUntil(lambda: self.server.status.connections >= 1)
        return self.clients[-1]

    def close(self) -> None:
        self.rig.station.stop(2.0)
        self.server.close()
        for client in self.clients:
            client.socket.close()
        self.rig.close()


@pytest.fixture
def run(qapp: object, tmp_path: Path, qtbot: QtBot) -> Iterator[Run]:
    plants: list[Plant] = []

    def start(*, inspecting: bool = True, **options: object) -> Plant:
        options = {"camera": LineCamera(), "trigger_mode": TriggerMode.KEY, **options}
        plant = Plant(StationRig(tmp_path, "line", **options), qtbot)  # type: ignore[arg-type]
        plants.append(plant)
        plant.rig.station.start()
        if inspecting:
            qtbot.waitUntil(lambda: plant.rig.station.state is StationState.INSPECTING)
        return plant

    yield start
    for plant in plants:
        plant.close()


def test_the_answer_of_a_trigger_is_the_verdict_in_the_log(run: Run) -> None:
    plant = run(script=[fake_outcome(Verdict.OK, Reason.BELOW_OK_LIMIT, 0.5), NG])
    client = plant.connect()
    assert client.ask("TRIGGER A 1\r\n") == "OK 1 serial=A 1"
    assert client.ask("\n") == "NG 2 class=bent_wire"
    assert client.ask("trigger\0\n").startswith("OK 3")
    assert [part.serial for part in plant.rig.logged()] == ["A 1", None, None]


def test_every_line_of_a_burst_gets_one_answer_in_order(run: Run) -> None:
    plant = run(delay_ms=5, queue_capacity=4)
    one, other = plant.connect(), plant.connect()
    one.send("".join(f"TRIGGER one-{number}\n" for number in range(20)))
    other.send("".join(f"TRIGGER other-{number}\r\n" for number in range(20)))
    for client, name in ((one, "one"), (other, "other")):
        serials = [line.split("serial=")[1] for line in client.lines(20)]
        assert serials == [f"{name}-{number}" for number in range(20)]
    told = {line.split()[1]: line.split()[0] for line in one.listen() + other.listen()}
    assert told == {str(part.part_number): part.verdict.value for part in plant.rig.logged()}
    assert len(told) == 40


def test_more_than_can_wait_is_refused_and_makes_no_part(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp_trigger, "MAX_WAITING", 3)
    plant = run(delay_ms=30)
    client = plant.connect()
    client.send("\n" * 8)
    words = [line.split()[0] for line in client.lines(8)]
    assert words == ["OK"] * 3 + ["REFUSED"] * 5
    assert len(plant.rig.logged()) == 3


def test_garbage_is_named_and_triggers_nothing(run: Run) -> None:
    plant = run()
    client = plant.connect()
    assert client.ask("HELLO\n") == "ERROR unknown_request"
    assert client.ask("STATUS now\n") == "ERROR unknown_request"
    assert client.ask("TRIGGER \x07bell\n") == "ERROR serial_invalid"
    assert client.ask("TRIGGER " + "9" * 101 + "\n") == "ERROR serial_invalid"
    client.send(b"TRIGGER \xff\xfe\n")
    assert client.lines(5)[4] == "ERROR not_utf8"
    client.send(b"x" * 100_000)
    client.send(b"y" * 300 + b"\nTRIGGER after\n")
    assert client.lines(7)[5:] == ["ERROR line_too_long", "OK 1 serial=after"]
    client.send(b"z" * 300 + b"\n\n")
    assert [line.split()[0] for line in client.lines(9)[7:]] == ["ERROR", "OK"]
    assert len(plant.rig.parts) == 2


def test_what_the_station_does_not_take_is_refused_at_once(run: Run, qtbot: QtBot) -> None:
    plant = run()
    client = plant.connect()
    assert client.ask("STATUS\n") == "STATUS inspecting"
    plant.rig.station.pause()
    assert client.ask("TRIGGER\n") == "REFUSED paused"
    assert client.ask("STATUS\n") == "STATUS paused by_operator"
    plant.rig.station.set_teaching(True)
    assert client.ask("TRIGGER\n") == "REFUSED teaching"
    plant.rig.station.set_teaching(False)
    plant.rig.station.resume()
    plant.rig.station.set_part_limit(0)
    assert client.ask("TRIGGER\n") == "REFUSED finished"
    plant.rig.station.set_part_limit(None)
    plant.rig.station.stop()
    assert client.ask("TRIGGER\n") == "REFUSED not_running"
    assert plant.rig.logged() == []


def test_status_does_not_wait_for_parts(run: Run) -> None:
    plant = run(delay_ms=200)
    client = plant.connect()
    client.send("TRIGGER\nSTATUS\n")
    assert [line.split()[0] for line in client.lines(2)] == ["STATUS", "OK"]


def test_without_an_engine_the_part_is_not_ok(run: Run) -> None:
    plant = run()
    plant.rig.engine.enter(EngineState.FAILED)
    client = plant.connect()
    assert client.ask("TRIGGER A\n") == "NOT_INSPECTED 1 reason=engine_down serial=A"


def test_without_a_picture_the_part_is_not_ok(run: Run) -> None:
    camera = LineCamera()
    plant = run(camera=camera)
    camera.plugged = False
    client = plant.connect()
    plant.qtbot.waitUntil(lambda: plant.rig.station.state is StationState.NOT_INSPECTING)
    assert client.ask("TRIGGER\n") == "NOT_INSPECTED 1 reason=camera_fault"


def test_a_full_disk_is_told_as_not_inspected(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    plant = run()
    client = plant.connect()
    with monkeypatch.context() as broken:
        broken.setattr("qc_station.services.image_store.os.fsync", no_space)
        assert client.ask("TRIGGER A\n") == "NOT_INSPECTED 1 reason=disk_full serial=A"


def test_a_client_that_goes_leaves_its_part_in_the_log(run: Run, qtbot: QtBot) -> None:
    plant = run(delay_ms=100)
    client, other = plant.connect(), plant.connect()
    client.send("TRIGGER gone\nTRIGGER also\n")
    qtbot.waitUntil(lambda: plant.rig.station.in_flight == 2)
    client.socket.close()
    assert other.ask("TRIGGER here\n") == "OK 3 serial=here"
    assert [part.serial for part in plant.rig.logged()] == ["gone", "also", "here"]
    assert plant.server.status.connections == 1


def test_stopping_answers_what_is_under_way(run: Run, qtbot: QtBot) -> None:
    plant = run(delay_ms=60_000)
    client = plant.connect()
    client.send("TRIGGER A\n")
    qtbot.waitUntil(lambda: plant.rig.station.in_flight == 1)
    plant.rig.station.stop(timeout_s=0.1)
    plant.server.close()
    qtbot.waitUntil(lambda: bool(client.listen()) and client.closed)
    assert client.listen() == ["NOT_INSPECTED 1 reason=interrupted serial=A"]


def test_a_flood_that_nobody_reads_is_cut_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp_trigger, "MAX_UNANSWERED", 40)
    plant = run(delay_ms=60_000)
    client = plant.connect()
    client.send("\n" * 2000)
    plant.qtbot.waitUntil(lambda: plant.server.status.connections == 0)
    assert plant.rig.station.in_flight <= tcp_trigger.MAX_WAITING


def test_the_longest_silent_connection_gives_way_to_a_new_one(
    run: Run, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp_trigger, "MAX_CONNECTIONS", 2)
    plant = run(delay_ms=300)
    silent, busy = plant.connect(), plant.connect()
    busy.send("\n")
    qtbot.waitUntil(lambda: plant.rig.station.in_flight == 1)
    new = plant.connect()
    assert new.ask("STATUS\n") == "STATUS inspecting"
    qtbot.waitUntil(lambda: silent.listen() == [] and silent.closed)
    new.send("\n")
    qtbot.waitUntil(lambda: plant.rig.station.in_flight == 2)
    assert plant.connect().lines(1) == ["ERROR too_many_connections"]
    assert busy.lines(1) == ["OK 1"] and new.lines(2)[1] == "OK 2"


def test_a_port_in_use_is_told_and_taken_when_it_is_free(
    run: Run, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = run()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        plant.server._retry.setInterval(20)
        plant.server.apply(True, "127.0.0.1", port)
        assert plant.server.status.fault is TcpFault.PORT_IN_USE
        assert plant.rig.station.trigger() == 1, "the station goes on"
    qtbot.waitUntil(lambda: plant.server.status.fault is None)
    assert plant.connect().ask("TRIGGER\n").startswith("OK")


@pytest.mark.parametrize("host", ["nowhere", "", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_told(run: Run, host: str) -> None:
    plant = run()
    plant.server.apply(True, host, 0)
    assert plant.server.status.fault is TcpFault.NO_SUCH_ADDRESS


def test_switched_off_nobody_can_connect(run: Run) -> None:
    plant = run()
    port = plant.server.port
    plant.server.apply(False, "127.0.0.1", 0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_an_ok_begins_with_ok(verdict: Verdict) -> None:
    line = answer_line(make_part(7, verdict=verdict, class_name="dent", serial="OK"))
    assert (line.split()[0] == "OK") is (verdict is Verdict.OK)
    assert line.endswith("serial=OK") and "\n" not in line
