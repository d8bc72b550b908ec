"""One line of text over TCP is one trigger: the simplest thing that a PLC can do. Knows no widgets.

The plant connects and keeps the connection. Lines are UTF-8, end with LF (CR LF is fine too) and
have at most ``MAX_LINE_BYTES`` bytes. Spaces and NULs around a line do not count, neither does the
case of its first word:

    TRIGGER [serial]   one part now; the rest of the line is its serial number
    (an empty line)    the same without a serial number
    STATUS             what the station is doing

Each line gets exactly one line back. The first word decides, and everything but OK is not good:

    OK 123 serial=ABC                        number of the part, then what is known of it;
    NG 124 class=bent_wire serial=ABC        ``serial=`` comes last and goes to the line's end
    REVIEW 125 reason=between_limits
    NOT_INSPECTED 126 reason=camera_fault
    REFUSED paused                           no part was made: not_running, paused, teaching,
                                             finished, or busy (MAX_WAITING parts wait already)
    ERROR unknown_request                    no part was made: line_too_long, not_utf8,
                                             serial_invalid, too_many_connections
    STATUS inspecting                        or another state, then why

A verdict is sent when it is written down, not before. Answers to triggers come in the order of the
triggers of their connection; STATUS is answered at once. A part whose connection is gone is
inspected and written down all the same: what it was is in the log. Whoever wants the answer keeps
the connection open until it is there.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QTcpServer, QTcpSocket

from qc_station.domain.outcome import PartResult
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.triggers import Refusal, clean_serial
from qc_station.domain.verdict import Inspection, Verdict

MAX_LINE_BYTES = 256
MAX_WAITING = 32  # parts of one connection without an answer
MAX_UNANSWERED = 256  # lines of one connection: who sends faster is cut off
MAX_UNREAD_BYTES = 65_536  # answers that nobody reads
MAX_CONNECTIONS = 8
RETRY_MS = 5000
LAST_WORDS_MS = 200

_log = logging.getLogger(__name__)


class TriggeredStation(Protocol):
    """The part of StationService that a trigger needs."""

    @property
    def part_done(self) -> SignalInstance: ...
    @property
    def state(self) -> StationState: ...
    @property
    def state_reason(self) -> StateReason: ...
    @property
    def refusal(self) -> Refusal | None: ...
    def trigger(self, serial: str | None = None) -> int | None: ...


class TcpFault(StrEnum):
    """Why the plant cannot connect."""

    PORT_IN_USE = "port_in_use"
    NO_SUCH_ADDRESS = "no_such_address"
    NOT_ALLOWED = "not_allowed"
    OTHER = "other"


_FAULTS = {
    QAbstractSocket.SocketError.AddressInUseError: TcpFault.PORT_IN_USE,
    QAbstractSocket.SocketError.SocketAddressNotAvailableError: TcpFault.NO_SUCH_ADDRESS,
    QAbstractSocket.SocketError.SocketAccessError: TcpFault.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class TcpStatus:
    """Where the station listens for triggers, if it is to, and what is in the way."""

    wanted: bool = False
    host: str = ""
    port: int = 0
    fault: TcpFault | None = None
    connections: int = 0


def answer_line(part: Inspection) -> str:
    """What the plant is told of a part; without the line's end."""
    words = [part.verdict.value, str(part.part_number)]
    if part.class_name and part.verdict is not Verdict.OK:
        words.append("class=" + "_".join(part.class_name.split()))
    if part.verdict in (Verdict.REVIEW, Verdict.NOT_INSPECTED):
        words.append(f"reason={part.reason.value}")
    if part.serial:
        words.append(f"serial={part.serial}")
    return " ".join(words)


@dataclass(slots=True, eq=False)
class _Asked:
    """One line that wants one answer; ``answer`` is empty while its part is under way."""

    answer: str = ""


class _Connection(QObject):
    """One client: lines in, answers out in the order of the lines."""

    line = Signal(object, bytes)  # this connection, one line without its end
    ended = Signal(object)  # this connection, once

    def __init__(self, socket: QTcpSocket, parent: QObject) -> None:
        super().__init__(parent)
        self.last_heard_s = time.monotonic()
        self._socket = socket
        self._asked: deque[_Asked] = deque()
        self._begun = b""
        self._too_long = False
        self._gone = False
        socket.setParent(self)
        socket.setReadBufferSize(4096)
        socket.setSocketOption(QAbstractSocket.SocketOption.KeepAliveOption, 1)
        socket.setSocketOption(QAbstractSocket.SocketOption.LowDelayOption, 1)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._on_disconnected)

    @property
    def waiting(self) -> int:
        """Lines without an answer."""
        return len(self._asked)

    def ask(self) -> _Asked:
        """Keeps the place of one answer."""
        self._asked.append(_Asked())
        return self._asked[-1]

    def give(self, asked: _Asked, answer: str) -> None:
        """Answers; it is sent when everything before it is answered."""
        asked.answer = answer
        while self._asked and self._asked[0].answer:
            self.say(self._asked.popleft().answer)

    def say(self, answer: str) -> None:
        """Sends one line now; a client that reads none of them is cut off."""
        if self._gone:
            return
        self._socket.write(answer.encode("utf-8") + b"\n")
        if self._socket.bytesToWrite() > MAX_UNREAD_BYTES:
            self.cut("it reads no answers")

    def cut(self, why: str) -> None:
        """Ends the connection at once."""
        _log.warning("The connection of %s was ended: %s", self.peer, why)
        self._socket.abort()

    def finish(self) -> None:
        """Ends the connection after what is said has been sent, within LAST_WORDS_MS."""
        if not self._gone and self._socket.bytesToWrite():
            self._socket.waitForBytesWritten(LAST_WORDS_MS)
        self._socket.disconnectFromHost()

    @property
    def peer(self) -> str:
        """Who it is, for the log."""
        return f"{self._socket.peerAddress().toString()}:{self._socket.peerPort()}"

    @Slot()
    def _read(self) -> None:
        self.last_heard_s = time.monotonic()
        while not self._gone and self._socket.bytesAvailable():
            *lines, self._begun = (self._begun + self._socket.readAll().data()).split(b"\n")
            for line in lines:
                if self._gone:
                    return
                self._take(line)
            if len(self._begun) > MAX_LINE_BYTES + 1:
                self._refuse_length()
                self._begun = b""

    def _take(self, line: bytes) -> None:
        if self._too_long:
            self._too_long = False  # the end of what was answered already
        elif len(line) > MAX_LINE_BYTES + 1:  # its CR is not counted
            self._refuse_length()
            self._too_long = False
        else:
            self.line.emit(self, line)
        if self.waiting > MAX_UNANSWERED:
            self.cut("it sends faster than parts can be answered")

    def _refuse_length(self) -> None:
        """Once for each line, however many pieces it comes in."""
        if not self._too_long:
            self.give(self.ask(), "ERROR line_too_long")
        self._too_long = True

    @Slot()
    def _on_disconnected(self) -> None:
        if not self._gone:
            self._gone = True
            self.ended.emit(self)


class TcpTrigger(QObject):
    """Listens while it is told to. GUI thread only; a fault never stops the station."""

    changed = Signal(object)  # TcpStatus

    def __init__(self, station: TriggeredStation, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._status = TcpStatus()
        self._connections: list[_Connection] = []
        self._parts: dict[int, tuple[_Connection, _Asked]] = {}
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._on_connection)
        self._retry = QTimer(self)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._listen)
        station.part_done.connect(self._on_part)

    @property
    def status(self) -> TcpStatus:
        """Where it listens and what is in the way."""
        return self._status

    @property
    def port(self) -> int:
        """The port that is listened on; 0 for none. Port 0 in the settings takes a free one."""
        return self._server.serverPort() if self._server.isListening() else 0

    def apply(self, wanted: bool, host: str, port: int) -> None:
        """Listens there from now on, or no longer; connections to another place are ended."""
        same = (wanted, host, port) == (self._status.wanted, self._status.host, self._status.port)
        if same and self._status.fault is None:
            return
        self._shut()
        self._tell(TcpStatus(wanted, host, port))
        if wanted:
            self._listen()

    def close(self) -> None:
        """Sends the last answers and listens no more; after the station was stopped."""
        self._shut()
        self._tell(TcpStatus())

    # -- listening -----------------------------------------------------------------------------

    def _shut(self) -> None:
        self._retry.stop()
        self._server.close()
        for connection in list(self._connections):
            connection.finish()
            self._forget(connection)

    @Slot()
    def _listen(self) -> None:
        """Tries again every RETRY_MS until it works: the other program may end."""
        status = self._status
        address = QHostAddress(status.host)
        fault: TcpFault | None = None
        if address.isNull():
            fault = TcpFault.NO_SUCH_ADDRESS
        elif not self._server.listen(address, status.port):
            fault = _FAULTS.get(self._server.serverError(), TcpFault.OTHER)
        if fault is None:
            self._retry.stop()
            _log.info("Triggers are taken on %s:%d", status.host, self._server.serverPort())
        elif not self._retry.isActive():
            self._retry.start()
            _log.error("No triggers on %s:%d: %s", status.host, status.port, fault.value)
        self._tell(TcpStatus(True, status.host, status.port, fault, len(self._connections)))

    def _tell(self, status: TcpStatus) -> None:
        if status != self._status:
            self._status = status
            self.changed.emit(status)

    def _count(self) -> None:
        old = self._status
        number = len(self._connections)
        self._tell(TcpStatus(old.wanted, old.host, old.port, old.fault, number))

    @Slot()
    def _on_connection(self) -> None:
        while self._server.hasPendingConnections():
            connection = _Connection(self._server.nextPendingConnection(), self)
            if len(self._connections) >= MAX_CONNECTIONS and not self._make_room():
                connection.say("ERROR too_many_connections")
                connection.finish()
                connection.deleteLater()
                continue
            connection.line.connect(self._on_line)
            connection.ended.connect(self._on_ended)
            self._connections.append(connection)
        self._count()

    def _make_room(self) -> bool:
        """Ends the connection that has been silent for longest: a PLC that lost its power says
        no farewell, and comes back on another one."""
        idle = [connection for connection in self._connections if not connection.waiting]
        if not idle:
            return False
        oldest = min(idle, key=lambda connection: connection.last_heard_s)
        oldest.cut("others need its place")
        self._forget(oldest)
        return True

    @Slot(object)
    def _on_ended(self, connection: _Connection) -> None:
        self._forget(connection)
        self._count()

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            connection.deleteLater()
        self._parts = {
            number: (whose, asked)
            for number, (whose, asked) in self._parts.items()
            if whose is not connection
        }

    # -- asking and answering --------------------------------------------------------------------

    @Slot(object, bytes)
    def _on_line(self, connection: _Connection, line: bytes) -> None:
        try:
            text = line.decode("utf-8").strip("\0 \t\r")
        except UnicodeDecodeError:
            connection.give(connection.ask(), "ERROR not_utf8")
            return
        words = text.split(maxsplit=1)
        if not words or words[0].upper() == "TRIGGER":
            self._trigger(connection, words[1] if words[1:] else "")
        elif text.upper() == "STATUS":
            state, why = self._station.state, self._station.state_reason
            connection.say(f"STATUS {state.value} {why.value}".strip())
        else:
            connection.give(connection.ask(), "ERROR unknown_request")

    def _trigger(self, connection: _Connection, serial: str) -> None:
        busy = connection.waiting >= MAX_WAITING
        asked = connection.ask()
        refusal = self._station.refusal
        if busy or refusal is not None:
            connection.give(asked, f"REFUSED {'busy' if refusal is None else refusal.value}")
            return
        try:
            number = self._station.trigger(clean_serial(serial))
        except ValueError:
            connection.give(asked, "ERROR serial_invalid")
            return
        if number is None:
            connection.give(asked, "REFUSED not_running")
        else:
            self._parts[number] = (connection, asked)

    @Slot(object)
    def _on_part(self, part: PartResult) -> None:
        connection, asked = self._parts.pop(part.inspection.part_number, (None, None))
        if connection is not None and asked is not None:
            connection.give(asked, answer_line(part.inspection))
