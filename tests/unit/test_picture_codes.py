"""Serial numbers read from the picture: in the row of their own part, and never at its expense."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot
from station_rig import GOOD, StationRig

from qc_station.backend.fake import fake_outcome
from qc_station.domain.product_codes import ProductCodes
from qc_station.domain.state import EngineState, StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services import picture_codes
from qc_station.services.picture_codes import PictureCodes, read_codes

Picture = NDArray[np.uint8]
Start = Callable[..., StationRig]
OK = fake_outcome(Verdict.OK, Reason.BELOW_OK_LIMIT, 0.5)


def picture_with(*codes: str, kind: zxingcpp.BarcodeFormat | None = None) -> Picture:
    """A light part with these codes below each other, uint8 RGB [600, 600, 3]."""
    pixels = np.full((600, 600, 3), GOOD, np.uint8)
    top = 30
    for text in codes:
        code = zxingcpp.create_barcode(text, kind or zxingcpp.BarcodeFormat.DataMatrix)
        plane = np.array(code.to_image(scale=4))[:120]
        pixels[top : top + plane.shape[0], 40 : 40 + plane.shape[1]] = plane[..., None]
        top += plane.shape[0] + 40
    return pixels


def write(folder: Path, pictures: list[Picture]) -> str:
    folder.mkdir()
    for index, pixels in enumerate(pictures):
        assert cv2.imwrite(str(folder / f"{index:03}.png"), pixels)
    return f"folder:{folder}"


@pytest.fixture
def codes(qapp: object) -> Iterator[PictureCodes]:
    made = PictureCodes()
    made.apply(True, ProductCodes("RECIPE:"))
    yield made
    made.close()


@pytest.fixture
def start(tmp_path: Path, codes: PictureCodes, qtbot: QtBot) -> Iterator[Start]:
    rigs: list[StationRig] = []

    def run(pictures: list[Picture], **options: object) -> StationRig:
        address = write(tmp_path / "parts", pictures)
        options = {"script": [OK] * len(pictures), **options}
        rigs.append(StationRig(tmp_path, address, codes=codes, **options))  # type: ignore[arg-type]
        rigs[-1].station.start()
        return rigs[-1]

    yield run
    for rig in rigs:
        rig.close()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A reader that is not done before the test says so."""
    go_on = threading.Event()

    def slowly(pixels: Picture) -> tuple[str, ...]:
        assert go_on.wait(20)
        return ("SN-LATE",)

    monkeypatch.setattr(picture_codes, "read_codes", slowly)
    yield go_on
    go_on.set()


@pytest.mark.parametrize("kind", ["DataMatrix", "QRCode", "Code128"])
def test_codes_are_read_from_frozen_colour_pictures(kind: str) -> None:
    pixels = picture_with("SN-4711", kind=getattr(zxingcpp.BarcodeFormat, kind))
    pixels.setflags(write=False)
    assert read_codes(pixels) == ("SN-4711",)
    assert read_codes(np.full((48, 64, 3), 120, np.uint8)) == ()


def test_what_cannot_be_a_serial_number_is_not_read() -> None:
    assert read_codes(picture_with("ab")) == ()
    assert read_codes(picture_with("two\nlines")) == ()


def test_each_part_gets_the_code_of_its_own_picture(start: Start, qtbot: QtBot) -> None:
    pictures = [picture_with(f"SN-{number}") for number in (1, 2, 3)]
    rig = start([*pictures, picture_with()], deadline_ms=20_000)
    with qtbot.waitSignal(rig.station.finished, timeout=20_000):
        pass
    assert [part.serial for part in rig.logged()] == ["SN-1", "SN-2", "SN-3", None]
    assert rig.verdicts == [Verdict.OK] * 4
    assert [part.inspection.serial for part in rig.parts] == ["SN-1", "SN-2", "SN-3", None]


def test_two_codes_give_none_and_a_product_code_is_no_serial_number(
    start: Start, codes: PictureCodes, qtbot: QtBot
) -> None:
    seen: list[str] = []
    codes.product_seen.connect(seen.append)
    labelled = picture_with("RECIPE:cable", "SN-2")
    rig = start([picture_with("SN-1", "EAN-1"), labelled, labelled], deadline_ms=20_000)
    with qtbot.waitSignal(rig.station.finished, timeout=20_000):
        pass
    assert [part.serial for part in rig.logged()] == [None, "SN-2", "SN-2"]
    assert seen == ["RECIPE:cable"], "once, not with every part"


def test_a_serial_number_from_the_trigger_stands(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def reads(pixels: Picture) -> tuple[str, ...]:
        read.append(1)
        return ("SN-1",)

    monkeypatch.setattr(picture_codes, "read_codes", reads)
    rig = start([picture_with("SN-1")], trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger("SN-9")
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    assert rig.logged()[0].serial == "SN-9" and read == []


def test_a_verdict_waits_for_the_code_but_not_past_its_deadline(
    start: Start, held: threading.Event, qtbot: QtBot
) -> None:
    rig = start([picture_with()], deadline_ms=3000, trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.inspector.pending == 0 and rig.station.in_flight == 1)
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    assert rig.verdicts == [Verdict.OK] and rig.logged()[0].serial is None
    held.set()
    qtbot.wait(50)
    assert len(rig.parts) == len(rig.logged()) == 1


def test_a_code_that_comes_before_the_deadline_is_in_the_row(
    start: Start, held: threading.Event, qtbot: QtBot
) -> None:
    rig = start([picture_with()], deadline_ms=60_000, trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.inspector.pending == 0 and rig.station.in_flight == 1)
    held.set()
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    assert rig.logged()[0].serial == "SN-LATE"


def test_the_engine_goes_on_while_a_verdict_waits_for_its_code(
    start: Start, held: threading.Event, qtbot: QtBot
) -> None:
    rig = start([picture_with()] * 5, deadline_ms=60_000, trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    answered: list[int] = []
    rig.inspector.answered.connect(lambda number, _outcome: answered.append(number))
    for _ in range(5):
        rig.station.trigger()
    qtbot.waitUntil(lambda: len(answered) == 5 and len(rig.parts) == 1)
    assert rig.logged()[0].part_number == 5, "the fifth picture found the reader busy"
    held.set()
    qtbot.waitUntil(lambda: len(rig.parts) == 5)
    serials = [part.serial for part in sorted(rig.logged(), key=lambda part: part.part_number)]
    assert serials == ["SN-LATE"] * 4 + [None]


def test_stopping_writes_the_verdict_that_is_there(
    start: Start, held: threading.Event, qtbot: QtBot
) -> None:
    rig = start([picture_with()], deadline_ms=60_000, trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.inspector.pending == 0 and rig.station.in_flight == 1)
    rig.station.stop(timeout_s=0.1)
    assert [(part.verdict, part.serial) for part in rig.logged()] == [(Verdict.OK, None)]


def test_a_part_that_is_not_inspected_has_its_serial_number_too(start: Start, qtbot: QtBot) -> None:
    rig = start([picture_with("SN-1")], deadline_ms=20_000, trigger_mode=TriggerMode.KEY)
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.engine.enter(EngineState.FAILED)
    rig.station.trigger()
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    assert rig.reasons == [Reason.ENGINE_DOWN] and rig.logged()[0].serial == "SN-1"


def test_a_reader_that_fails_costs_no_verdict(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(pixels: Picture) -> tuple[str, ...]:
        raise RuntimeError("no such picture")

    monkeypatch.setattr(picture_codes, "read_codes", fail)
    rig = start([picture_with("SN-1")], deadline_ms=20_000)
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert rig.verdicts == [Verdict.OK] and rig.logged()[0].serial is None


def test_switched_off_no_picture_is_read(start: Start, codes: PictureCodes, qtbot: QtBot) -> None:
    codes.apply(False, ProductCodes())
    rig = start([picture_with("SN-1")])
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert rig.logged()[0].serial is None
