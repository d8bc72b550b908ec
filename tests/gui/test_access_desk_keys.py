"""Which keys tell that somebody is at the station."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from qc_station.ui.access_desk import _by_foot


@pytest.mark.parametrize(
    ("key", "repeated", "by_foot"),
    [
        (Qt.Key.Key_F13, False, True),
        (Qt.Key.Key_F24, False, True),
        (Qt.Key.Key_G, False, False),
        (Qt.Key.Key_G, True, True),  # something lies on the keyboard
        (Qt.Key.Key_F12, False, False),
    ],
)
def test_the_foot_switch_does_not_put_the_idle_lock_off(
    key: Qt.Key, repeated: bool, by_foot: bool
) -> None:
    none = Qt.KeyboardModifier.NoModifier
    assert _by_foot(QKeyEvent(QEvent.Type.KeyPress, key, none, "", repeated)) is by_foot
