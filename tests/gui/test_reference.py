"""The good reference part beside the picture: asked for by key, of the product looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeStation, make_part
from logged_parts import LoggedParts
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.domain.outcome import PartResult, ReferencePart
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Label, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.references import ReferenceService
from qc_station.services.tasks import TaskPool
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.inspect import InspectPage


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[LoggedParts]:
    made = LoggedParts(tmp_path)
    yield made
    made.close()


@pytest.fixture
def references(parts: LoggedParts) -> Iterator[ReferenceService]:
    tasks = TaskPool()
    yield ReferenceService(parts.store, ImageStore(parts.paths.images), tasks)
    assert tasks.close()


def ask(references: ReferenceService, qtbot: QtBot, product: str) -> ReferencePart | None:
    with qtbot.waitSignal(references.found, timeout=10_000) as found:
        references.ask(product)
    assert found.args[0] == product
    reference: ReferencePart | None = found.args[1]
    return reference


def test_the_newest_part_an_expert_called_good_is_the_reference(
    parts: LoggedParts, references: ReferenceService, qtbot: QtBot
) -> None:
    parts.add(Verdict.OK, count=4)
    assert ask(references, qtbot, "bottle") is None, "the machine's OK is no expert's word"
    for number, label in ((1, Label.GOOD), (2, Label.GOOD), (3, Label.DEFECT)):
        parts.review.answer(f"part-{number:05d}", label, None, "Eva")
    reference = ask(references, qtbot, "bottle")
    assert reference is not None and reference.inspection.part_number == 2
    assert np.array_equal(reference.pixels, np.full((24, 32, 3), 2, np.uint8))
    assert ask(references, qtbot, "cable") is None


def test_a_part_whose_picture_is_gone_is_passed_over_and_a_damaged_one_is_told(
    parts: LoggedParts, references: ReferenceService, qtbot: QtBot
) -> None:
    parts.add(Verdict.OK, count=2)
    for number in (1, 2):
        parts.review.answer(f"part-{number:05d}", Label.GOOD, None, "Eva")
    newest = parts.log.get("part-00002")
    assert newest is not None and newest.image_path is not None
    picture = ImageStore(parts.paths.images).path(newest.image_path)
    picture.unlink()
    reference = ask(references, qtbot, "bottle")
    assert reference is not None and reference.inspection.part_number == 1
    picture.write_bytes(b"not a picture")
    with qtbot.waitSignal(references.failed, timeout=10_000) as told:
        references.ask("bottle")
    assert told.args[0] == "bottle" and told.args[2]


@pytest.fixture
def station() -> FakeStation:
    return FakeStation()


@pytest.fixture
def page(qtbot: QtBot, station: FakeStation, language: LanguageSwitch) -> InspectPage:
    widget = InspectPage(station)  # type: ignore[arg-type]
    qtbot.addWidget(widget)
    widget.resize(1180, 740)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def of_product(part: PartResult, product: str) -> PartResult:
    return replace(part, inspection=replace(part.inspection, recipe=product))


def reference_of(part: PartResult) -> ReferencePart:
    return ReferencePart(part.inspection, part.frame.pixels)


def test_o_shows_and_hides_the_reference_beside_the_picture(
    page: InspectPage, station: FakeStation, qtbot: QtBot, language: LanguageSwitch
) -> None:
    part = make_part(7, Verdict.NG)
    station.answer(part)
    pane = page.view.reference
    assert not pane.isVisible()
    with qtbot.waitSignal(page.reference_wanted) as wanted:
        qtbot.keyClick(page, Qt.Key.Key_O)
    assert wanted.args == ["cable"] and pane.isVisible() and "Looking" in pane.sentence.text()
    good = reference_of(make_part(3))
    page.show_reference("cable", good)
    assert pane.part is good and pane.canvas.pixels is good.pixels
    assert "Good part 3" in pane.caption.text()
    assert page.canvas.pixels is part.frame.pixels
    QApplication.processEvents()
    assert abs(page.canvas.width() - pane.canvas.width()) <= 8, "one is as large as the other"
    assert page.canvas.height() == pane.canvas.height()
    language.switch("fr")
    QApplication.processEvents()
    assert "pièce 3" in pane.caption.text()
    qtbot.keyClick(page, Qt.Key.Key_O)
    assert not pane.isVisible()


def test_without_a_reference_one_sentence_says_how_to_get_one(
    page: InspectPage, station: FakeStation
) -> None:
    page.view.compare.click()
    page.show_reference("cable", None)
    assert page.view.reference.sentence.isVisible()
    assert "expert" in page.view.reference.sentence.text()
    page.show_reference_problem("cable", "image_damaged", "The picture is damaged.")
    assert "expert" not in page.view.reference.sentence.text()


def test_the_reference_is_always_of_the_product_that_is_looked_at(
    page: InspectPage, station: FakeStation
) -> None:
    asked: list[str] = []
    page.reference_wanted.connect(asked.append)
    page.view.compare.click()
    page.show_reference("cable", reference_of(make_part(3)))
    for number in (1, 2):
        station.answer(make_part(number))
    assert asked == ["cable"], "once for a product, not for every part"
    station.answer(of_product(make_part(4), "bottle"))
    assert asked == ["cable", "bottle"]
    assert page.view.reference.part is None, "no cable beside a bottle"
    page.show_reference("cable", reference_of(make_part(3)))
    assert page.view.reference.part is None, "an answer that comes too late"
    page.strip.step(+1)
    page.strip.step(+1)
    assert asked[-1] == "cable", "looking back at a part of the product before"


def test_an_experts_answer_renews_what_is_shown(page: InspectPage, station: FakeStation) -> None:
    asked: list[str] = []
    page.reference_wanted.connect(asked.append)
    page.renew_reference()
    assert asked == [], "nobody looks at it"
    page.view.compare.click()
    page.show_reference("cable", None)
    station.go(StationState.PAUSED, StateReason.BY_OPERATOR)
    page.renew_reference()
    assert asked == ["cable", "cable"]
