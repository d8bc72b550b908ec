"""One station per home: a second start brings the first one's window to the front. No widgets.

The lock file decides who is first; it knows when its owner was killed. The local socket only
carries the wish to be seen.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)
_WISH = b"show\n"
_WAIT_MS = 1000


def _name(home: Path) -> str:
    """A socket name of fixed length, whatever the home is called."""
    return "qc-station-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]


class FrontDoor(QObject):
    """Listens for later starts on the same home; only the holder of the lock opens it."""

    asked_to_show = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_knock)
        QLocalServer.removeServer(_name(home))  # left behind by a station that was killed
        if not self._server.listen(_name(home)):
            _log.warning("Later starts cannot reach this one: %s", self._server.errorString())

    def close(self) -> None:
        """Nobody is listened to any more."""
        self._server.close()

    @Slot()
    def _on_knock(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
            self.asked_to_show.emit()


def show_other(home: Path) -> bool:
    """Asks the station that runs on this home to show itself; False when nobody listens."""
    socket = QLocalSocket()
    socket.connectToServer(_name(home))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(_WISH)
    socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return True
