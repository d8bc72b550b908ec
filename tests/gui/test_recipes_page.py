"""The Recipes page with the real services and a real database, by mouse and by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.recipe import DefectClass, Storage
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.roi import Roi
from qc_station.domain.triggers import TriggerMode
from qc_station.services.audit import AuditLog
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.permits import AccessError, Permits
from qc_station.services.recipe_exchange import RecipeExchange
from qc_station.services.recipe_file import write_file
from qc_station.services.recipes import RecipeService
from qc_station.services.signing import SigningKey, TrustedKeys
from qc_station.settings.paths import StationPaths
from qc_station.ui import defect_names, messages
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.recipes import RecipesPage
from qc_station.ui.widgets.roi_panel import Picture

MODEL = "hybrid-20261125T100000Z-ab12cd34"


class Operator(Permits):
    """Somebody who may look and nothing else."""

    allowed = False

    def allows(self, action: Action) -> bool:
        return self.allowed or action is Action.VIEW_RECORDS

    def require(self, action: Action) -> None:
        if not self.allows(action):
            raise AccessError("not_permitted", "Your role does not include this.")


class Clockwork(QObject):
    """Tells when a change-over is done, as the station does."""

    changed_over = Signal(str, float)


class World:
    """Two products, one of them with a model and three revisions."""

    def __init__(self, home: Path) -> None:
        paths = StationPaths(home).ensure()
        self.store = Store.open(paths.database)
        self.permits = Operator()
        self.permits.allowed = True
        self.recipes = RecipeService(
            DatabaseRecipeStore(self.store, lambda: "Eva"), "cable", require=self.permits.require
        )
        self.library = ModelLibrary(
            DatabaseVersionStore(self.store, paths.models), AuditLog(self.store)
        )
        self.recipes.create("bottle", "demo:/bottle")
        self.recipes.create("cable", "demo:/cable")
        self.recipes.revise("cable", "new feeder", interval_ms=450, trigger=TriggerMode.TIMER)
        self.recipes.revise("cable", "keep less", storage=Storage(Keep.SAMPLED, 20, 365))
        bundle = paths.models / MODEL
        bundle.mkdir()
        manifest: dict[str, object] = {
            "bundle_id": MODEL, "model": "hybrid", "product": "cable",
            "classes": ["bent_wire", "cable_swap"], "created_at": "2026-11-25T10:00:00+00:00",
            "limits": {"ok": 2.0, "ng": 3.0, "method": "good", "ok_rate": 0.05, "ng_rate": 0.01},
            "calibration": {"n_good": 200, "n_defect": 0}, "metrics": {}, "parent": None,
        }  # fmt: skip
        (bundle / "manifest.json").write_text(json.dumps(manifest))
        self.library.register(bundle, recipe="cable")
        self.library.put_in_use(MODEL, "station")
        self.clock = Clockwork()
        audit = AuditLog(self.store)
        self.exchange = RecipeExchange(
            self.recipes, SigningKey(b"\x01" * 32), TrustedKeys(home / "trusted.json"), audit,
            self.permits.require,
        )  # fmt: skip
        self.path: Path | None = home / "cable"
        self.suggested: list[str] = []
        self.pictured: list[str] = []
        self.page = RecipesPage(
            self.recipes, self.library, self.exchange, lambda: "Eva", self.picture,
            self.clock.changed_over,
            permits=self.permits, choose_target=self.choose, choose_source=self.choose,
        )  # fmt: skip

    def picture(self, product: str, done: Callable[[Picture | None], None]) -> None:
        self.pictured.append(product)
        done(np.full((60, 120, 3), 90, np.uint8) if product == "cable" else None)

    def choose(self, _parent: QWidget, suggested: str) -> Path | None:
        self.suggested.append(suggested)
        return self.path

    @property
    def said(self) -> str:
        return self.page._toast.text

    def label(self, name: str) -> str:
        found = self.page.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()


@pytest.fixture
def world(qtbot: QtBot, language: LanguageSwitch, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home")
    qtbot.addWidget(made.page)
    made.page.resize(1172, 730)
    made.page.show()
    QApplication.processEvents()
    yield made
    made.page.close_workers()
    made.store.close()


def shown_products(world: World) -> list[str]:
    products = world.page.products.list
    return [products.item(row).text() for row in range(products.count())]


def differences(world: World) -> list[list[str]]:
    table = world.page.revisions.differences
    cells = [[table.item(row, column) for column in range(3)] for row in range(table.rowCount())]
    return [[cell.text() if cell else "" for cell in row] for row in cells]


def test_the_inspected_product_is_marked_and_shown_first(world: World) -> None:
    assert shown_products(world) == ["Bottle", "● Cable – in use"]
    assert world.label("recipe_heading") == "Cable · revision 3"
    assert world.page.form.interval.text() == "450 ms"
    assert world.page.form.deadline.text() == "as set on the station"
    assert not world.page.save_button.isEnabled()


def test_changes_are_saved_as_a_revision_with_a_reason(world: World, qtbot: QtBot) -> None:
    page = world.page
    qtbot.keyClick(page.form.stop_after, Qt.Key.Key_Up)
    qtbot.keyClick(page.form.stop_after, Qt.Key.Key_Up)
    page.form.camera.setText("demo:/other")
    assert world.label("recipe_changes") == "Changed: Camera, Stop after NG parts"
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert world.said == "Say in a few words why, then save."
    assert len(world.recipes.revisions("cable")) == 3
    qtbot.keyClicks(page.reason, "second camera")
    qtbot.keyClick(page.reason, Qt.Key.Key_Return)
    kept = world.recipes.latest("cable")
    assert kept is not None
    assert (kept.revision, kept.reason, kept.created_by) == (4, "second camera", "Eva")
    assert (kept.camera, kept.stop_after_ng, kept.interval_ms) == ("demo:/other", 1, 450)
    assert world.said == "Revision 4 is saved."
    assert page.reason.text() == "" and not page.save_button.isEnabled()


def test_an_address_that_is_no_camera_is_said_and_nothing_is_saved(world: World) -> None:
    world.page.form.camera.setText("nowhere")
    world.page.reason.setText("try")
    world.page.save_button.click()
    assert "camera" in world.said.lower()
    assert len(world.recipes.revisions("cable")) == 3
    assert world.page.form.camera.text() == "nowhere"
    assert world.page.reason.text() == "try"


def test_changes_wait_for_their_product_while_another_is_looked_at(world: World) -> None:
    page = world.page
    page.form.deadline.set_number(700)
    assert shown_products(world)[1].endswith(" *")
    page.products.choose("bottle")
    assert page.form.deadline.number is None and not page.save_button.isEnabled()
    page.products.choose("cable")
    assert page.form.deadline.number == 700 and page.save_button.isEnabled()


def test_a_revision_by_somebody_else_does_not_take_the_changes_away(
    world: World, qtbot: QtBot
) -> None:
    page = world.page
    page.form.deadline.set_number(700)
    world.recipes.revise("cable", "from the thresholds page", interval_ms=99)
    qtbot.waitUntil(lambda: world.label("recipe_heading") == "Cable · revision 4")
    assert (page.form.deadline.number, page.form.interval.number) == (700, 99)
    page.reason.setText("both")
    page.save()
    kept = world.recipes.latest("cable")
    assert kept is not None and (kept.deadline_ms, kept.interval_ms) == (700, 99)


def test_discarding_shows_the_newest_revision_again(world: World) -> None:
    world.page.form.keep.setCurrentIndex(2)
    world.page.discard_button.click()
    assert world.page.form.keep.currentData() == Keep.SAMPLED
    assert shown_products(world)[1] == "● Cable – in use"


def test_enter_changes_over_and_undo_returns(world: World, qtbot: QtBot) -> None:
    page = world.page
    page.products.choose("bottle")
    qtbot.keyClick(page.products.list, Qt.Key.Key_Return)
    assert world.recipes.current == "bottle"
    assert "no model yet" in world.said
    qtbot.waitUntil(lambda: shown_products(world) == ["● Bottle – in use", "Cable"])
    page.undo()
    assert world.recipes.current == "cable"
    assert world.said == "Changing over to Cable …"
    world.clock.changed_over.emit("cable", 0.84)
    assert world.said == "Cable is in use, ready after 0.8 s."


def test_two_revisions_are_compared_field_by_field(world: World) -> None:
    revisions = world.page.revisions
    assert differences(world) == [
        ["Pictures kept", "Of all parts, for ever",
         "Of parts that are not OK, and of one in 20 OK parts, 365 days"],
    ]  # fmt: skip
    revisions.against.setCurrentIndex(revisions.against.findData(1))
    assert [row[0] for row in differences(world)] == ["Trigger", "Interval", "Pictures kept"]
    revisions.table.setCurrentCell(2, 0)
    assert revisions.revision == 1
    assert revisions.against.currentData() == 3
    assert differences(world)[1][1:] == ["as set on the station", "450 ms"]
    world.page.products.choose("bottle")
    assert differences(world) == []
    assert not revisions.restore_button.isEnabled()


def test_an_older_revision_is_restored_as_the_newest(world: World, qtbot: QtBot) -> None:
    revisions = world.page.revisions
    assert not revisions.restore_button.isEnabled()
    revisions.table.setCurrentCell(1, 0)
    revisions.restore_button.click()
    kept = world.recipes.latest("cable")
    assert kept is not None
    assert (kept.revision, kept.storage, kept.interval_ms) == (4, Storage(), 450)
    assert kept.reason == "Restored from revision 2"
    qtbot.waitUntil(lambda: world.label("recipe_heading") == "Cable · revision 4")


def test_a_copy_appears_in_the_list_and_is_shown(world: World, qtbot: QtBot) -> None:
    products = world.page.products
    assert not products.copy_button.isEnabled()
    qtbot.keyClicks(products.copy_name, "Thin cable")
    qtbot.keyClick(products.copy_name, Qt.Key.Key_Return)
    copy = world.recipes.latest("Thin cable")
    assert copy is not None and copy.interval_ms == 450
    assert products.product == "Thin cable"
    assert world.recipes.current == "cable"
    products.copy_name.setText("THIN CABLE")
    products.copy_button.click()
    assert "already" in world.said


def test_defect_names_are_kept_for_what_is_named(world: World, qtbot: QtBot) -> None:
    page, classes = world.page, world.page.form.classes
    table = classes.table
    assert [table.item(row, 0).text() for row in range(2)] == ["bent_wire", "cable_swap"]  # type: ignore[union-attr]
    table.item(0, 1).setText("Bent strand")  # type: ignore[union-attr]
    table.item(0, 2).setText("Brin plié")  # type: ignore[union-attr]
    classes.add_button.click()
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "cut")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(classes.classes()) == 2)
    page.reason.setText("names")
    page.save()
    kept = world.recipes.latest("cable")
    assert kept is not None
    assert kept.classes == (
        DefectClass("bent_wire", "Bent strand", "Brin plié"),
        DefectClass("cut"),
    )
    table.setCurrentCell(0, 0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert world.label("recipe_changes") == "Changed: Defect names"


def test_a_class_that_stands_twice_cannot_be_saved(world: World) -> None:
    classes = world.page.form.classes
    for _ in range(2):
        classes.add_row()
        classes.table.item(classes.table.rowCount() - 1, 0).setText("cut")  # type: ignore[union-attr]
    assert "twice" in world.label("recipe_changes")
    assert not world.page.save_button.isEnabled()


def test_who_may_only_look_changes_nothing(world: World, qtbot: QtBot) -> None:
    world.permits.allowed = False
    world.permits.changed.emit()
    page = world.page
    page.products.choose("bottle")
    qtbot.keyClick(page.products.list, Qt.Key.Key_Return)
    assert world.recipes.current == "cable"
    assert not page.form.isEnabled()
    assert "maintainer" in page.save_button.toolTip()
    page.revisions.table.setCurrentCell(0, 0)
    assert page.revisions.isEnabled()


def test_a_damaged_field_is_named(world: World, qtbot: QtBot) -> None:
    from sqlalchemy import text

    world.store.write(
        lambda session: session.execute(
            text("UPDATE recipes SET settings = :s WHERE name = 'cable' AND revision = 3"),
            {"s": json.dumps({"interval_ms": "fast", "deadline_ms": 800})},
        )
    )
    world.page.refresh()
    note = world.page.findChild(QLabel, "recipe_note")
    assert isinstance(note, QLabel) and note.isVisible()
    assert "Interval" in note.text()
    assert world.page.form.deadline.number == 800


def test_every_text_follows_the_language_and_everything_has_a_name(
    world: World, language: LanguageSwitch
) -> None:
    world.page.form.deadline.set_number(700)
    language.switch("fr")
    QApplication.processEvents()
    assert world.page.form.interval.text() == "450 ms"
    assert world.page.form.stop_after.text() == "réglage du poste"
    assert world.label("recipe_changes") == "Modifié\u00a0: Délai de réponse"
    assert world.page.form.deadline.number == 700
    parts = ("QSpinBox", "OptionalSpin", "QComboBoxPrivateContainer", "QTabWidget", "QTabBar")
    for widget in world.page.findChildren(QWidget):
        parent = widget.parentWidget()
        inner = parent is not None and parent.metaObject().className() in parts
        container = widget.metaObject().className() in ("QScrollArea", "QTabWidget")
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inner and not container:
            assert widget.accessibleName(), widget.objectName()


def test_numbers_can_be_typed_and_emptied(world: World, qtbot: QtBot) -> None:
    spin = world.page.form.interval
    spin.selectAll()
    qtbot.keyClicks(spin, "1200")
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert spin.number == 1200
    spin.selectAll()
    qtbot.keyClick(spin, Qt.Key.Key_Backspace)
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert spin.number is None and spin.text() == "as set on the station"
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    assert spin.number == 0
    qtbot.keyClick(spin, Qt.Key.Key_Down)
    assert spin.number is None


def test_recipes_name_the_defects_of_the_whole_window(language: LanguageSwitch) -> None:
    try:
        defect_names.show(
            {
                "bent_wire": DefectClass("bent_wire", "Bent strand", "Brin plié"),
                "cable_swap": DefectClass("cable_swap", "", "Fils inversés"),
            }
        )
        assert messages.class_title("bent_wire") == "Bent strand"
        assert messages.class_title("cable_swap") == "Wires swapped"
        assert messages.class_title("glue_strip") == "Glue strip"
        language.switch("fr")
        assert messages.class_title("bent_wire") == "Brin plié"
        assert messages.class_title("cable_swap") == "Fils inversés"
    finally:
        defect_names.show({})
    assert messages.class_title("bent_wire") != "Brin plié"


def test_a_recipe_is_exported_signed_under_the_name_that_was_chosen(world: World) -> None:
    world.page.products.export_button.click()
    assert world.suggested == ["cable-3.qcrecipe"]
    assert world.path is not None
    assert world.path.with_name("cable.qcrecipe").is_file()
    assert world.exchange.own_fingerprint in world.said
    world.path = None
    world.page.products.export_button.click()
    assert world.exchange.own_fingerprint in world.said


def foreign(world: World, **changes: object) -> None:
    """A file that another station signed."""
    newest = world.recipes.latest("cable")
    assert newest is not None and world.path is not None
    recipe = replace(newest, **changes)  # type: ignore[arg-type]
    write_file(recipe, world.path, SigningKey(b"\x02" * 32), "Kim")


def test_a_file_of_an_unknown_key_is_shown_and_waits_for_trust(world: World, qtbot: QtBot) -> None:
    foreign(world, interval_ms=300, camera="demo:/other")
    page = world.page
    page.products.import_button.click()
    assert world.label("import_changes") == (
        "Camera: demo:/cable → demo:/other\nInterval: 450 ms → 300 ms"
    )
    assert "not known here" in world.label("import_signed")
    assert "Kim" in world.label("import_signed")
    assert len(world.recipes.revisions("cable")) == 3
    page._import.import_button.click()
    assert world.said == "Say whose key this is, then import."
    assert len(world.recipes.revisions("cable")) == 3
    qtbot.keyClicks(page._import.key_name, "Line 3")
    qtbot.keyClick(page._import.key_name, Qt.Key.Key_Return)
    kept = world.recipes.latest("cable")
    assert kept is not None
    assert (kept.revision, kept.interval_ms, kept.created_by) == (4, 300, "Eva")
    assert world.said == "Cable is imported as revision 4."
    assert not page._import.isVisible()
    foreign(world, interval_ms=200)
    page.products.import_button.click()
    assert "Signed by Line 3" in world.label("import_signed")
    assert not page._import.key_name.isVisible()


def test_an_import_can_be_declined(world: World) -> None:
    foreign(world, interval_ms=300)
    world.page.products.import_button.click()
    world.page._import.cancel_button.click()
    assert not world.page._import.isVisible()
    assert len(world.recipes.revisions("cable")) == 3


def test_a_new_product_of_this_station_needs_no_question(world: World) -> None:
    newest = world.recipes.latest("cable")
    assert newest is not None and world.path is not None
    write_file(replace(newest, name="hose"), world.path, SigningKey(b"\x01" * 32), "Eva")
    world.page.products.import_button.click()
    assert "new here" in world.label("import_changes")
    assert "Signed by this station" in world.label("import_signed")
    world.page._import.import_button.click()
    assert world.page.products.product == "hose"
    assert world.recipes.current == "cable"


def test_a_changed_file_is_refused_with_a_sentence(world: World) -> None:
    assert world.path is not None
    world.path.write_bytes(b"nothing")
    world.page.products.import_button.click()
    assert "no recipe file" in world.said
    assert not world.page._import.isVisible()


def test_what_a_stranger_wrote_is_shown_as_plain_text(world: World) -> None:
    foreign(world, name="<b>bold</b>")
    world.page.products.import_button.click()
    for label in world.page._import.findChildren(QLabel):
        if label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText or "<" not in label.text()


class Listener(QWidget):
    """Counts how often it is told to say its texts again."""

    told = 0

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.told += 1
        super().changeEvent(event)


def test_open_widgets_hear_of_other_defect_names_once(qtbot: QtBot) -> None:
    listener = Listener()
    qtbot.addWidget(listener)
    names = {"cut": DefectClass("cut", "Cut", "Coupure")}
    try:
        defect_names.show(names)
        qtbot.waitUntil(lambda: listener.told == 1)
        defect_names.show(dict(names))
        QApplication.processEvents()
        assert listener.told == 1
    finally:
        defect_names.show({})
        QApplication.processEvents()


def test_the_inspected_recipe_names_a_class_before_others_do(world: World) -> None:
    world.recipes.revise("bottle", "names", classes=(DefectClass("cut", "Bottle cut"),))
    world.recipes.revise("cable", "names", classes=(DefectClass("cut", "Cable cut"),))
    bottle, cable = world.recipes.latest("bottle"), world.recipes.latest("cable")
    assert bottle is not None and cable is not None
    assert defect_names.gather([bottle, cable])["cut"].en == "Cable cut"


def test_the_area_is_drawn_with_the_mouse_and_saved(world: World, qtbot: QtBot) -> None:
    page = world.page
    assert world.pictured == []  # nobody looks yet
    page.tabs.setCurrentIndex(1)
    QApplication.processEvents()
    assert world.pictured == ["cable"]
    editor = page.area.editor
    place = editor._place()

    def at(x: float, y: float) -> QPoint:
        return QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))

    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(editor, left, pos=at(0.25, 0.5))
    qtbot.mouseMove(editor, at(0.75, 0.75))
    qtbot.mouseMove(editor, at(0.75, 1.2))
    qtbot.mouseRelease(editor, left, pos=at(0.75, 1.0))
    roi = page.area.roi
    assert roi is not None
    assert (roi.x, roi.y) == pytest.approx((0.25, 0.5), abs=0.01)
    assert (roi.width, roi.height) == pytest.approx((0.5, 0.5), abs=0.01)
    qtbot.mousePress(editor, left, pos=at(0.5, 0.75))
    qtbot.mouseMove(editor, at(0.3, 0.25))
    qtbot.mouseRelease(editor, left, pos=at(0.3, 0.25))
    assert page.area.roi is not None
    assert (page.area.roi.x, page.area.roi.y) == pytest.approx((0.05, 0.0), abs=0.01)
    assert world.label("recipe_changes") == "Changed: Area inspected"
    assert "taught on: the whole picture" in world.label("roi_note")
    page.reason.setText("only the connector")
    page.save()
    kept = world.recipes.latest("cable")
    assert kept is not None and kept.roi == page.area.roi


def test_the_area_is_moved_and_sized_by_keyboard(world: World, qtbot: QtBot) -> None:
    page = world.page
    page.tabs.setCurrentIndex(1)
    editor = page.area.editor
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    assert page.area.roi == Roi(0.1, 0.1, 0.8, 0.8)
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    qtbot.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert page.area.roi is not None
    sides = page.area.roi
    assert (sides.x, sides.y, sides.width, sides.height) == pytest.approx((0.09, 0.1, 0.8, 0.79))
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert page.area.roi is None
    assert not page.save_button.isEnabled()


def test_an_area_that_is_not_saved_waits_for_its_product(world: World) -> None:
    page = world.page
    page.tabs.setCurrentIndex(1)
    page.area.editor.set_roi(Roi(0.2, 0.2, 0.5, 0.5))
    page.products.choose("bottle")
    assert page.area.roi is None
    assert world.pictured[-1] == "bottle"
    page.products.choose("cable")
    assert page.area.roi == Roi(0.2, 0.2, 0.5, 0.5)
    page.area.whole_button.click()
    assert page.area.roi is None and not page.save_button.isEnabled()
