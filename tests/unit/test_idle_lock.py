"""The idle lock takes rights away and nothing else: inspection goes on, every verdict is logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.repositories.inspections import InspectionRepository
from qc_station.domain.state import StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.services.permits import AccessError
from tests.access_support import AccessRig, Clock
from tests.unit.station_rig import LineCamera, StationRig


def test_the_idle_lock_while_inspecting_keeps_logging_verdicts(
    qtbot: QtBot, tmp_path: Path
) -> None:
    clock = Clock()
    people = AccessRig(tmp_path, qtbot, clock)
    rig = StationRig(
        tmp_path, "line", camera=LineCamera(), store=people.store, require=people.access.require,
        trigger_mode=TriggerMode.TIMER, interval_ms=20,
    )  # fmt: skip

    def logged() -> int:
        return people.store.read(
            lambda session: InspectionRepository(session).last_part_number("1")
        )

    try:
        people.begin()
        rig.station.start()
        qtbot.waitUntil(lambda: logged() >= 3, timeout=10_000)
        clock.advance(601)
        people.access.check_idle()
        assert people.access.session is None
        locked_at = logged()
        qtbot.waitUntil(lambda: logged() >= locked_at + 5, timeout=10_000)
        assert rig.station.state is StationState.INSPECTING
        with pytest.raises(AccessError):
            rig.station.pause()
        assert rig.station.state is StationState.INSPECTING
        assert rig.station.trigger() is not None, "the foot switch needs nobody"
        people.log_in("Ada", "846302")
        rig.station.pause()
        assert rig.station.state is StationState.PAUSED
    finally:
        rig.close()
        people.close()
