"""Limits saved in the window decide the very next part, with the real engine and no part lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from fixtures_bundle import tiny_picture
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.outcome import PartResult
from qc_station.domain.state import StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Verdict
from qc_station.options import Options
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import Settings
from qc_station.settings.store import SettingsStore
from qc_station.window import StationWindow

PRODUCT = "tiny"


@pytest.fixture
def shown(
    qtbot: QtBot, qapp: QApplication, tiny_bundle: Path, tmp_path: Path
) -> Iterator[tuple[Station, StationWindow]]:
    """A station that inspects one defective part again and again, when it is told to."""
    paths = StationPaths.resolve(tmp_path / "home").ensure()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "a.png"), tiny_picture(500, defect=True)[..., ::-1])
    SettingsStore(paths.settings_file).save(
        Settings(language="en", trigger_mode=TriggerMode.KEY, deadline_ms=30_000)
    )
    station = Station(Options(home=tmp_path / "home"), paths)
    window = StationWindow(station, qapp)
    station.recipes.create(PRODUCT, f"folder:{pictures}?loop=1")
    model = station.library.register(
        shutil.copytree(tiny_bundle, paths.models / "one"), recipe=PRODUCT
    )
    station.library.put_in_use(model.model_id, "test")
    station.supervisor.start()
    station.station.start()
    window.show()
    yield station, window
    station.close()
    window.dispose()


def test_saved_limits_decide_the_next_part(
    qtbot: QtBot, shown: tuple[Station, StationWindow]
) -> None:
    station, window = shown
    done: list[PartResult] = []
    station.station.part_done.connect(done.append)

    def trigger(parts: int) -> None:
        for _ in range(parts):
            assert station.station.trigger() is not None

    qtbot.waitUntil(lambda: station.station.state is StationState.INSPECTING, timeout=60_000)
    trigger(1)
    qtbot.waitUntil(lambda: len(done) == 1, timeout=30_000)
    first = done[0].inspection
    assert first.verdict is Verdict.NG and first.score is not None
    window.window.show_page("limits")
    qtbot.waitUntil(lambda: not window.thresholds.busy, timeout=20_000)
    assert window.thresholds.card.empty
    states: list[StationState] = []
    station.station.state_changed.connect(lambda state, _reason: states.append(state))
    trigger(3)
    window.thresholds.editor.spins[Verdict.NG].setValue(first.score + 2.0)
    window.thresholds.editor.spins[Verdict.OK].setValue(first.score + 1.0)
    window.thresholds.editor.reason.setText("The slash is wanted")
    with qtbot.waitSignal(station.supervisor.model_loaded, timeout=20_000):
        qtbot.keyClick(window.thresholds.editor.reason, Qt.Key.Key_Return)
    trigger(3)
    qtbot.waitUntil(lambda: len(done) == 7, timeout=30_000)
    pair = window.thresholds.pair
    assert pair is not None
    for part in (one.inspection for one in done):  # those under way by the one or the other
        by_new = part.ok_limit == pair.ok
        assert part.verdict is (Verdict.OK if by_new else Verdict.NG)
    assert [one.inspection.verdict for one in done[4:]] == [Verdict.OK] * 3
    assert states == []  # inspection did not pause
    newest, *_ = station.verdict_log.query(HistoryFilter(verdicts=frozenset({Verdict.OK})), 0, 9)
    assert (newest.ok_limit, newest.ng_limit, newest.score) == (pair.ok, pair.ng, first.score)
    assert window.inspect.limits.text().startswith("Set limits: OK ≤")
    pid = station.supervisor.pid
    station.supervisor.restart("engine_hung")  # a restarted engine knows them too
    qtbot.waitUntil(
        lambda: (
            station.supervisor.pid not in (None, pid)
            and station.station.state is StationState.INSPECTING
        ),
        timeout=60_000,
    )
    trigger(1)
    qtbot.waitUntil(lambda: len(done) == 8, timeout=30_000)
    assert done[-1].inspection.verdict is Verdict.OK
