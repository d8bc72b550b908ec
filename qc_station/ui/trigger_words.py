"""Triggers, scans and refusals in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.triggers import Refusal
from qc_station.services.scans import Scan, ScanKind
from qc_station.services.tcp_trigger import TcpFault, TcpStatus
from qc_station.ui.messages import error_sentence

translate = QCoreApplication.translate


def refusal_sentence(refusal: Refusal) -> str:
    """Why a trigger makes no part, and what to do."""
    return {
        Refusal.NOT_RUNNING: translate(
            "Triggers", "No part is inspected: the station is not ready yet."
        ),
        Refusal.PAUSED: translate("Triggers", "No part is inspected: start the station first."),
        Refusal.TEACHING: translate(
            "Triggers", "No part is inspected while a product is being taught."
        ),
        Refusal.FINISHED: translate("Triggers", "No part is inspected: all pictures are done."),
    }[refusal]


def scan_sentence(scan: Scan) -> str:
    """What came of a scanned code."""
    if scan.kind is ScanKind.TRIGGER_REFUSED:
        return f"{refusal_sentence(Refusal(scan.detail))} ({scan.code})"
    if scan.kind is ScanKind.PRODUCT_REFUSED:
        unchanged = translate("Triggers", "The product was not changed.")
        return f"{unchanged} {error_sentence(scan.detail)}"
    if scan.kind is ScanKind.FAILED:
        return error_sentence(scan.detail)
    text = {
        ScanKind.BADGE: translate("Triggers", "This is a badge. Log in with it (Ctrl+L)."),
        ScanKind.NEXT_SERIAL: translate("Triggers", "The next part has the serial number {}."),
        ScanKind.TRIGGERED: translate("Triggers", "Part {detail} has the serial number {}."),
        ScanKind.PRODUCT_CHANGED: translate("Triggers", "{detail} is inspected from now on."),
        ScanKind.PRODUCT_SAME: translate("Triggers", "{detail} is inspected already."),
        ScanKind.PRODUCT_UNKNOWN: translate(
            "Triggers",
            "The code asks for the product “{detail}”, which this station does not know.",
        ),
        ScanKind.PRODUCT_BUSY: translate(
            "Triggers", "The product cannot be changed while one is being taught."
        ),
        ScanKind.UNUSABLE: translate(
            "Triggers",
            "This code cannot be a serial number: it is too long, or part of it cannot be shown.",
        ),
        ScanKind.TORN: translate("Triggers", "The code did not arrive whole. Scan it again."),
    }[scan.kind]
    return text.format(scan.code, detail=scan.detail)


def tcp_word(status: TcpStatus) -> str:
    """The state of the TCP trigger in one or two words, for the status bar."""
    if status.fault is None:
        return translate("Triggers", "port {}").format(status.port)
    return {
        TcpFault.PORT_IN_USE: translate("Triggers", "port in use"),
        TcpFault.NO_SUCH_ADDRESS: translate("Triggers", "wrong address"),
        TcpFault.NOT_ALLOWED: translate("Triggers", "not allowed"),
        TcpFault.OTHER: translate("Triggers", "fault"),
    }[status.fault]


def tcp_sentence(status: TcpStatus) -> str:
    """Where triggers are taken, or why they are not and what to do."""
    place = {"host": status.host, "port": status.port}
    if status.fault is None:
        text = translate("Triggers", "Triggers are taken on {host}, port {port}.").format(**place)
        number = translate("Triggers", "Connections: {}").format(status.connections)
        return f"{text}\n{number}"
    return {
        TcpFault.PORT_IN_USE: translate(
            "Triggers",
            "No triggers over TCP: another program uses port {port}. "
            "End it, or choose another port (menu Station, Triggers).",
        ),
        TcpFault.NO_SUCH_ADDRESS: translate(
            "Triggers",
            "No triggers over TCP: this computer has no address {host}. "
            "Choose another one (menu Station, Triggers).",
        ),
        TcpFault.NOT_ALLOWED: translate(
            "Triggers",
            "No triggers over TCP: port {port} is not allowed here. "
            "Choose one above 1023 (menu Station, Triggers).",
        ),
        TcpFault.OTHER: translate(
            "Triggers",
            "No triggers over TCP: the network of this computer does not let them in "
            "on {host}, port {port}.",
        ),
    }[status.fault].format(**place)
