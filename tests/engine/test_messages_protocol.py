"""The line protocol of station and engine."""

from __future__ import annotations

import json

import pytest

from engine.ipc import messages as m

SAMPLES: list[m.Message] = [
    m.Hello(1),
    m.Attach(3, m.RingSpec("a", 2, 64), m.RingSpec("b", 2, 16)),
    m.Load(1, "/models/Ø 1", "openvino"),
    m.Load(2, "/models/1", "cuda", m.GivenLimits("id", -1.5, 2.0)),
    m.Unload(2),
    m.Inspect(7, 8, 1, 640, 480),
    m.Explain(4, "gradcam", 1, m.RingSpec("c", 1, 64), m.RingSpec("d", 1, 16), 640, 480, "a", 5.0),
    m.StopExplaining(4),
    m.Shutdown(),
    m.Ready(1, 4711, "0.1.0"),
    m.Attached(3),
    m.Loaded(1, "id", "patch_memory", "bottle", ("a", "b"), 1.5, None, "CPU", 64, 64, 12.5),
    m.Unloaded(2),
    m.Inspected(
        7, 8, "NG", "above_ng_limit", 2.5, 0.01, 1.0, 2.0, "scratch", 0.75,
        (m.RegionBox(0.1, 0.2, 0.3, 0.4, 2.5),), 1, 64, 64, "id", 4.5,
    ),
    m.Explained(4, "gradcam", "a", "id", 0.5, 64, 64, 0.25),
    m.Failed("bundle_damaged", "The bundle …", request_id=1),
    m.Heartbeat(12, 1 << 33),
    m.JobProgress("features", 3, 10, 1.5),
    m.JobDone({"bundle": "id", "limits": {"ok": 1.0}}),
    m.JobFailed("few_good_pictures", "Ten good pictures are needed."),
]  # fmt: skip


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
def test_every_message_survives_its_line(message: m.Message) -> None:
    line = m.encode(message)
    assert "\n" not in line
    assert m.decode(line) == message
    assert m.decode(line.encode()) == message


def test_every_message_type_is_sampled() -> None:
    assert {type(sample) for sample in SAMPLES} == set(m._NAMES.values())


def test_fields_of_a_newer_peer_are_ignored() -> None:
    body = json.loads(m.encode(m.Heartbeat(1, 2))) | {"temperature": 55}
    assert m.decode(json.dumps(body)) == m.Heartbeat(1, 2)


def test_absent_optional_fields_take_their_defaults() -> None:
    line = '{"type":"failed","code":"x","message":"y"}'
    assert m.decode(line) == m.Failed("x", "y", None, None, None)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "progress 10 %",
        b"\xff\xfe",
        "[1]",
        "null",
        "{}",
        '{"type":"dance"}',
        '{"type":["hello"]}',
        '{"type":"hello"}',
        '{"type":"hello","protocol_version":"1"}',
        '{"type":"hello","protocol_version":true}',
        '{"type":"hello","protocol_version":1.5}',
        '{"type":"hello","protocol_version":null}',
        '{"type":"attach","generation":1,"frames":{"name":"a"},"maps":3}',
        '{"type":"job_done","result":[1]}',
        "[" * 100_000,
    ],
)
def test_a_wrong_line_is_a_protocol_error_and_nothing_else(line: str | bytes) -> None:
    with pytest.raises(m.ProtocolError) as caught:
        m.decode(line)
    assert caught.value.code == "protocol_error"
    assert len(str(caught.value)) < 200


def test_numbers_that_are_not_finite_are_not_sent() -> None:
    with pytest.raises(ValueError):
        m.encode(m.JobProgress("x", 1, 2, float("nan")))
