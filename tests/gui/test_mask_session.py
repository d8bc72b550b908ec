"""What is painted is kept in its order and under its author's name, also when the disk fails."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.domain.annotation import RegionChange
from qc_station.services.mask_store import StoredMasks
from qc_station.ui.models import mask_session
from qc_station.ui.models.mask_session import MaskSession


class Shelf:
    """A store whose saves fail or wait as told."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, int, str, bool]] = []  # region, value, author, permitted
        self.failing = False
        self.allowed = True
        self.go = threading.Event()
        self.go.set()

    def may_save(self) -> bool:
        return self.allowed

    def load(self, inspection_id: str) -> StoredMasks:
        return StoredMasks()

    def save(
        self,
        inspection_id: str,
        changes: Sequence[RegionChange],
        author: str,
        *,
        permitted: bool = False,
    ) -> None:
        failing = self.failing
        self.go.wait(5.0)
        if failing:
            raise StoreError("database_busy", "busy")
        for change in changes:
            assert change.plane is not None
            self.kept.append((change.number, int(change.plane[0, 0]), author, permitted))


def version(number: int, value: int) -> RegionChange:
    return RegionChange(number, "cut", np.full((2, 2), value, np.uint8))


def test_an_old_version_never_follows_a_newer_one(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(mask_session, "RETRY_MS", 10)
    shelf = Shelf()
    session = MaskSession(shelf)
    shelf.failing = True
    shelf.go.clear()
    session.save("part", [version(1, 1)], "ann")  # fails while the newer one waits behind it
    qtbot.wait(20)
    shelf.failing = False
    session.save("part", [version(1, 2)], "ann")
    shelf.go.set()
    qtbot.waitUntil(lambda: not session.saving)
    qtbot.wait(60)  # time for a retry
    session.close()
    assert [value for _, value, _, _ in shelf.kept] == [2]
    assert not session.unkept


def test_what_was_not_kept_goes_out_under_the_name_of_who_painted_it(
    qtbot: QtBot, monkeypatch
) -> None:
    monkeypatch.setattr(mask_session, "RETRY_MS", 100_000)
    shelf = Shelf()
    session = MaskSession(shelf)
    shelf.failing = True
    session.save("part", [version(1, 1)], "ann")
    qtbot.waitUntil(lambda: session.unkept)
    shelf.failing = False
    session.save("part", [version(2, 5)], "bob")
    qtbot.waitUntil(lambda: not session.saving)
    session.close()
    assert [(n, author) for n, _, author, _ in shelf.kept] == [(1, "ann"), (2, "bob")]


def test_a_stroke_is_kept_by_the_right_of_its_moment(qtbot: QtBot) -> None:
    shelf = Shelf()
    session = MaskSession(shelf)
    session.save("part", [version(1, 1)], "ann")
    shelf.allowed = False  # logged out at once
    session.save("part", [version(1, 2)], "nobody")
    qtbot.waitUntil(lambda: not session.saving)
    session.close()
    assert [permitted for *_, permitted in shelf.kept] == [True, False]
