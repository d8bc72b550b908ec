"""The guided check on a real station and log: no production, nothing hidden, who is released."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from db.errors import StoreError
from db.repositories.inspections import InspectionRepository
from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.golden import CheckRecord, CheckResult, RetryReason
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.golden_check import Step
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.inspection_records import to_intent
from qc_station.services.permits import AccessError
from tests.golden_support import HIGH_OK, NG_PART, NO_ANSWER, OK_PART, UNSURE, Bench

GOLDEN = HistoryFilter(golden=True)
BLOCKED = (StationState.NOT_INSPECTING, StateReason.GOLDEN_FAILED)
OVERDUE = (StationState.NOT_INSPECTING, StateReason.GOLDEN_OVERDUE)
READY = (StationState.INSPECTING, StateReason.NONE)
CHECKING = (StationState.PAUSED, StateReason.GOLDEN_CHECK)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, qtbot)
    yield made
    made.close()


def fail(bench: Bench) -> CheckRecord:
    """A failed check of one sample."""
    check = bench.check()
    bench.lay_in(check, UNSURE)
    check.accept()
    assert check.record is not None
    return check.record


def test_a_passed_check_is_audited_and_no_production(bench: Bench) -> None:
    bench.lay_out(Verdict.OK, Verdict.NG)
    bench.produce()
    check = bench.check()
    assert bench.rig.why == CHECKING
    assert bench.station.trigger() is None  # the line's key does nothing meanwhile
    bench.lay_in(check, OK_PART)
    assert (check.step, check.results[0].passed) == (Step.LAY_IN, True)
    bench.lay_in(check, NG_PART)
    assert (check.step, bench.rig.why) == (Step.DONE, READY)
    assert check.record is not None and check.record.result is CheckResult.PASSED
    event = bench.audit.newest(1)[0]
    assert (event.action, event.actor) == ("golden_check.passed", "Max")
    facts = json.loads(event.details)
    told = [(s["name"], s["verdict"], s["score"], s["band"]) for s in facts["samples"]]
    assert told == [("G1", "OK", 0.5, [0.2, 0.8]), ("G2", "NG", 2.5, [2.1, 3.0])]
    assert bench.audit.verify().events >= 1
    assert bench.station.counters.total == 1 and len(bench.rig.parts) == 1
    assert [part.part_number for part in bench.rig.logged()] == [1]
    assert [part.golden_check for part in bench.rig.log.query(GOLDEN, 0, 9)] == [
        check.record.check_id,
        check.record.check_id,
    ]


@pytest.mark.parametrize("answer", [NG_PART, UNSURE, HIGH_OK])
def test_another_verdict_or_score_fails_and_blocks(bench: Bench, answer: object) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.lay_in(check, answer)  # type: ignore[arg-type]
    assert check.step is Step.DIFFERS
    check.accept()
    assert bench.rig.why == BLOCKED
    part = bench.produce().inspection
    assert (part.verdict, part.reason) == (Verdict.NOT_INSPECTED, Reason.NOT_RELEASED)


def test_another_models_scores_are_not_compared(bench: Bench) -> None:
    golden = bench.lay_out(Verdict.OK)
    old = replace(golden.samples[0], model_id="model-of-last-year")
    bench.recipes.revise("product", "test", golden=replace(golden, samples=(old,)))
    check = bench.check()
    bench.lay_in(check, HIGH_OK)
    assert check.results[0].passed and check.results[0].band is None


def test_a_sample_has_one_second_try_and_its_reason_is_kept(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.lay_in(check, UNSURE)
    check.retry(RetryReason.MISPLACED)
    bench.lay_in(check, UNSURE)
    assert (check.step, check.may_retry) == (Step.DIFFERS, False)
    check.retry(RetryReason.DIRTY)
    assert check.step is Step.DIFFERS
    check.accept()
    facts = json.loads(bench.audit.newest(1)[0].details)
    assert facts["samples"][0]["retried"] == "misplaced"
    assert bench.rig.why == BLOCKED


def test_the_second_try_is_free_again_for_the_next_sample(bench: Bench) -> None:
    bench.lay_out(Verdict.OK, Verdict.OK)
    check = bench.check()
    bench.lay_in(check, UNSURE)
    check.retry(RetryReason.WRONG_SAMPLE)
    bench.lay_in(check, OK_PART)
    assert check.may_retry
    bench.lay_in(check, OK_PART)
    assert check.record is not None and check.record.result is CheckResult.PASSED


def test_a_part_that_nobody_judged_says_nothing_of_the_sample(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.lay_in(check, NO_ANSWER)
    assert check.step is Step.LAY_IN and check.results == []
    assert check.unanswered is not None and check.unanswered.reason is Reason.DEADLINE
    bench.lay_in(check, OK_PART)
    assert check.record is not None and check.record.result is CheckResult.PASSED


def test_a_station_that_cannot_inspect_says_so(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.camera.plugged = False
    bench.qtbot.waitUntil(lambda: bench.rig.why[1] is StateReason.CAMERA_FAULT)
    check.inspect()
    assert check.refused and check.step is Step.LAY_IN
    check.cancel()


def test_nobody_checks_without_the_right(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.forbidden.add(Action.RUN_INSPECTION)
    with pytest.raises(AccessError):
        check.inspect()
    assert check.step is Step.LAY_IN
    check.cancel()


def test_a_sample_has_no_lot_and_leaves_the_scanned_number_to_production(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    bench.station.set_lot("L-7")
    bench.station.set_next_serial("SN-1")
    bench.lay_in(bench.check(), OK_PART)
    (sample,) = bench.rig.log.query(GOLDEN, 0, 9)
    assert (sample.lot, sample.serial) == (None, None)
    part = bench.produce().inspection
    assert (part.lot, part.serial) == ("L-7", "SN-1")


def test_a_sample_is_no_message_to_the_plant(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    bench.produce()
    bench.lay_in(bench.check(), OK_PART)
    with bench.store.database.reading() as session:
        sent = session.execute(text("SELECT count(*) FROM outbox")).scalar_one()
    assert sent == 1


def test_a_sample_that_a_crash_cut_off_stays_one(bench: Bench) -> None:
    part = bench.produce().inspection
    drafted = replace(part, inspection_id="cut-off", part_number=77, golden_check="c-1")
    intent = to_intent(drafted, "1", bench.now, None, None)
    bench.store.write(lambda session: InspectionRepository(session).add_intent(intent))
    assert bench.rig.log.sweep() == 1
    (found,) = bench.rig.log.query(GOLDEN, 0, 9)
    assert (found.golden_check, found.reason) == ("c-1", Reason.INTERRUPTED)
    assert bench.rig.log.count(HistoryFilter()) == 1


# -- cutting it short ------------------------------------------------------------------------------


def test_a_cancelled_check_changes_nothing(bench: Bench) -> None:
    bench.lay_out(Verdict.OK, Verdict.OK, interval_h=8)
    assert bench.rig.why == OVERDUE
    check = bench.check()
    bench.lay_in(check, OK_PART)
    check.cancel()
    assert bench.rig.why == OVERDUE
    assert bench.audit.newest(1)[0].action == "golden_check.cancelled"


@pytest.mark.parametrize("how", ["asked", "second try", "after it"])
def test_a_difference_cannot_be_cancelled_away(bench: Bench, how: str) -> None:
    bench.lay_out(Verdict.OK, Verdict.OK)
    check = bench.check()
    bench.lay_in(check, UNSURE)
    if how == "second try":
        check.retry(RetryReason.DIRTY)
    if how == "after it":
        check.accept()
    check.cancel()
    assert check.record is not None
    assert (check.record.result, check.record.failed) == (CheckResult.FAILED, ("G1",))
    assert bench.rig.why == BLOCKED


def test_another_product_ends_the_check(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    check = bench.check()
    bench.station.set_recipe("another")
    bench.lay_in(check, OK_PART)
    assert check.record is not None and check.record.result is CheckResult.CANCELLED


# -- release ---------------------------------------------------------------------------------------


def test_a_station_without_samples_is_never_blocked(bench: Bench) -> None:
    bench.now += timedelta(days=30)
    bench.release.look()
    assert bench.rig.why == READY


def test_an_interval_blocks_when_it_is_over_and_a_check_frees(bench: Bench) -> None:
    bench.lay_out(Verdict.OK, interval_h=8)
    assert bench.rig.why == OVERDUE
    check = bench.check()
    bench.lay_in(check, OK_PART)
    assert bench.rig.why == READY
    bench.now += timedelta(hours=7)
    bench.release.look()
    assert bench.rig.why == READY
    bench.now += timedelta(hours=1)
    bench.release.look()
    assert bench.rig.why == OVERDUE


def test_the_parts_since_the_last_good_check_are_named(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    bench.produce()
    bench.now = bench.now + timedelta(minutes=5)
    check = bench.check()
    bench.lay_in(check, OK_PART)
    good_at = bench.now
    bench.now += timedelta(minutes=5)
    fail(bench)
    doubt = bench.release.in_doubt()
    assert (doubt.from_, doubt.to, doubt.recipe) == (good_at, bench.now, "product")
    assert bench.rig.log.count(doubt) == 0  # the one part came before the good check
    assert bench.rig.log.count(replace(doubt, from_=None)) == 1


def test_a_maintainer_releases_with_a_reason_until_the_next_check(bench: Bench) -> None:
    bench.lay_out(Verdict.OK, interval_h=8)
    fail(bench)
    with pytest.raises(ValueError):
        bench.release.release("  ")
    bench.forbidden.add(Action.RELEASE_STATION)
    with pytest.raises(AccessError):
        bench.release.release("customer is waiting")
    assert bench.rig.why == BLOCKED
    bench.forbidden.clear()
    bench.release.release(" sample G1 is scratched ")
    assert bench.rig.why == READY
    event = bench.audit.newest(1)[0]
    assert (event.action, event.actor) == ("golden_check.released", "Max")
    assert json.loads(event.details)["reason"] == "sample G1 is scratched"
    bench.now += timedelta(hours=8)
    bench.release.look()
    assert bench.rig.why == OVERDUE


def test_the_block_outlives_a_restart_and_knows_its_station(bench: Bench) -> None:
    bench.lay_out(Verdict.OK)
    fail(bench)
    assert _restarted(bench, "bench").standing.block is StateReason.GOLDEN_FAILED
    assert _restarted(bench, "another").standing.block is StateReason.NONE


def _restarted(bench: Bench, name: str) -> GoldenRelease:
    return GoldenRelease(
        bench.store, bench.recipes, bench.golden, bench.station, station_name=name,
        shift_starts=("06:00",), clock=lambda: bench.now,
    )  # fmt: skip


# -- a store that refuses --------------------------------------------------------------------------


def test_a_passed_check_that_is_not_in_the_log_frees_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.lay_out(Verdict.OK, interval_h=8)
    check = bench.check()
    told: list[str] = []
    check.problem.connect(lambda code, _sentence: told.append(code))
    check.finished.connect(lambda _record: told.append("finished"))
    monkeypatch.setattr(GoldenRelease, "_write", _no_room)
    bench.lay_in(check, OK_PART)
    assert (check.step, told) == (Step.DONE, ["disk_full"])
    assert bench.rig.why == OVERDUE


def test_a_failed_check_blocks_before_it_is_written_down(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.lay_out(Verdict.OK)
    with monkeypatch.context() as broken:
        broken.setattr(GoldenRelease, "_write", _no_room)
        fail(bench)
        assert bench.rig.why == BLOCKED
        assert [event for event in bench.audit.newest(9) if "golden" in event.action] == []
    bench.release.look()  # the disk has room again
    assert bench.audit.newest(1)[0].action == "golden_check.failed"
    assert bench.rig.why == BLOCKED


def _no_room(*_arguments: object) -> None:
    raise StoreError("disk_full", "The disk is full.")
