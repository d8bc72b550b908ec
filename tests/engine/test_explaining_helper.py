"""Every request to the explaining process is answered once, whatever becomes of the process."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from engine.ipc.helper import MOST_WAITING, Helper
from engine.ipc.messages import Explain, Explained, Failed, RingSpec

# Does what the request's target says.
CHILD = """
import os, sys, time
from engine.ipc.messages import *
for line in sys.stdin:
    m = decode(line)
    if m.target == "die": os._exit(7)
    if m.target == "hang": time.sleep(600)
    if m.target == "babble": print("hello?", flush=True); continue
    if m.target == "last": sys.stdin.close()
    print(encode(Explained(m.explanation, m.method, m.target, str(os.getpid()), 0.0, 1, 1, 0.0)),
          flush=True)
    if m.target == "last": os._exit(0)
"""
NO_RING = RingSpec("none", 1, 1)
Start = Callable[..., tuple[Helper, "queue.Queue[Explained | Failed]"]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Helper] = []

    def begin(command: tuple[str, ...] = (sys.executable, "-c", CHILD)) -> Any:
        answers: queue.Queue[Explained | Failed] = queue.Queue()
        started.append(Helper(command, answers.put))
        return started[-1], answers

    yield begin
    for helper in started:
        helper.stop("the end of the test")


def request(number: int, target: str = "", deadline_s: float = 60.0) -> Explain:
    return Explain(number, "occlusion", 1, NO_RING, NO_RING, 1, 1, target, deadline_s)


def children() -> list[psutil.Process]:
    return [c for c in psutil.Process().children() if c.status() != psutil.STATUS_ZOMBIE]


def test_one_process_answers_one_request_after_the_other(start: Start) -> None:
    helper, answers = start()
    before = len(children())
    helper.ask(request(1))
    helper.ask(request(2))
    first, second = answers.get(timeout=30), answers.get(timeout=30)
    assert isinstance(first, Explained) and isinstance(second, Explained)
    assert (first.explanation, second.explanation) == (1, 2)
    assert first.model_id == second.model_id  # its process id
    assert len(children()) == before + 1


@pytest.mark.parametrize("end", ["die", "babble"])
def test_an_end_is_told_and_the_next_request_starts_a_fresh_one(start: Start, end: str) -> None:
    helper, answers = start()
    helper.ask(request(1, end))
    failed = answers.get(timeout=30)
    assert isinstance(failed, Failed)
    assert (failed.explanation, failed.code) == (1, "explainer_ended")
    helper.ask(request(2))
    assert isinstance(answers.get(timeout=30), Explained)


def test_a_request_right_after_an_unseen_end_leaves_nobody_waiting(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(0))
    first = answers.get(timeout=30)
    assert isinstance(first, Explained)
    child = psutil.Process(int(first.model_id))
    for number in range(1, 9):
        child.suspend()
        helper.ask(request(number))
        child.kill()
        helper.ask(request(100 + number))  # its end may have been seen by now, or not
        pair = {answers.get(timeout=30), answers.get(timeout=30)}
        done = {answer.explanation: answer for answer in pair}
        lost, fresh = done[number], done[100 + number]
        assert isinstance(lost, Failed) and lost.code == "explainer_ended"
        if isinstance(fresh, Failed):  # written before the kernel had ended it
            assert fresh.code == "explainer_ended"
            helper.ask(request(200 + number))
            fresh = answers.get(timeout=30)
        assert isinstance(fresh, Explained)
        child = psutil.Process(int(fresh.model_id))
    assert answers.empty()


def test_a_process_that_ends_of_itself_is_replaced(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(1, "last"))
    first = answers.get(timeout=30)
    assert isinstance(first, Explained)
    psutil.Process(int(first.model_id)).wait(30)
    helper.ask(request(2))
    assert isinstance(answers.get(timeout=30), Explained)


def test_a_hanging_process_is_killed_and_who_waits_behind_it_is_told(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(1))
    first = answers.get(timeout=30)
    assert isinstance(first, Explained)
    helper.ask(request(2, "hang", deadline_s=0.2))
    helper.ask(request(3))
    codes = [
        (a.explanation, getattr(a, "code", "")) for a in (answers.get(timeout=30) for _ in "ab")
    ]
    assert codes == [(2, "explanation_late"), (3, "explainer_ended")]
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(int(first.model_id)).wait(30)
        psutil.Process(int(first.model_id))
    helper.ask(request(4))
    assert answers.get(timeout=30).explanation == 4


def test_what_is_forgotten_is_not_answered(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(1))
    helper.forget(1)
    helper.forget(99)
    helper.ask(request(2))
    assert answers.get(timeout=30).explanation == 2
    assert answers.empty()


def test_stopping_answers_what_waits_at_once(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(1, "hang"))
    helper.ask(request(2))
    began = time.monotonic()
    helper.stop("another model")
    failed = [answers.get(timeout=1), answers.get(timeout=1)]
    assert time.monotonic() - began < 2.0
    assert failed == [Failed("explainer_ended", "another model", explanation=n) for n in (1, 2)]


def test_more_than_can_be_done_is_refused(start: Start) -> None:
    helper, answers = start()
    helper.ask(request(0, "hang"))
    for number in range(1, MOST_WAITING + 1):
        helper.ask(request(number))
    failed = answers.get(timeout=1)
    assert isinstance(failed, Failed)
    assert (failed.explanation, failed.code) == (MOST_WAITING, "explainer_busy")


def test_a_program_that_cannot_be_started_is_said(start: Start) -> None:
    helper, answers = start(("/nowhere/engine",))
    helper.ask(request(1))
    failed = answers.get(timeout=1)
    assert isinstance(failed, Failed)
    assert (failed.explanation, failed.code) == (1, "explainer_ended")
    assert "cannot be started" in failed.message
