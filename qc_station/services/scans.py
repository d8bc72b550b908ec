"""What a barcode means: another product, or a part's serial number. Knows no reader, no widgets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from db.errors import StoreError
from qc_station.domain.product_codes import ProductCodes
from qc_station.domain.recipe import RecipeError
from qc_station.domain.triggers import Refusal, ScannerMode, clean_serial
from qc_station.services.permits import AccessError

_log = logging.getLogger(__name__)


class ScanKind(StrEnum):
    """What came of a scanned code."""

    NEXT_SERIAL = "next_serial"  # it waits for the next part
    TRIGGERED = "triggered"  # a part was made with it
    TRIGGER_REFUSED = "trigger_refused"  # why: ``detail`` holds a Refusal
    PRODUCT_CHANGED = "product_changed"  # ``detail`` holds its name
    PRODUCT_SAME = "product_same"
    PRODUCT_UNKNOWN = "product_unknown"
    PRODUCT_REFUSED = "product_refused"  # ``detail`` holds an error code
    PRODUCT_BUSY = "product_busy"  # a product is being taught from the camera
    UNUSABLE = "unusable"  # no serial number: too long, or not printable
    TORN = "torn"  # it did not arrive whole
    BADGE = "badge"  # somebody's badge: it must not come into the log
    FAILED = "failed"  # the store could not be asked; ``detail`` holds an error code


@dataclass(frozen=True, slots=True)
class Scan:
    """One code and what came of it; the code of a badge is left out."""

    kind: ScanKind
    code: str
    detail: str = ""


class ScannedStation(Protocol):
    """The part of StationService that a scan needs."""

    @property
    def refusal(self) -> Refusal | None: ...
    def trigger(self, serial: str | None = None) -> int | None: ...
    def set_next_serial(self, serial: str) -> None: ...


class Products(Protocol):
    """The part of RecipeService that a scan needs."""

    @property
    def current(self) -> str: ...
    def names(self) -> list[str]: ...
    def choose(self, name: str) -> None: ...


class ScanService(QObject):
    """Takes codes as they are read. GUI thread only."""

    taken = Signal(object)  # Scan

    def __init__(
        self,
        station: ScannedStation,
        products: Products,
        parent: QObject | None = None,
        is_badge: Callable[[str], bool] = lambda _code: False,
    ) -> None:
        """``is_badge`` tells whether a code logs somebody in."""
        super().__init__(parent)
        self._is_badge = is_badge
        self._station: ScannedStation = station
        self._products = products
        self._mode = ScannerMode.OFF
        self._codes = ProductCodes()

    def apply(self, mode: ScannerMode, products: ProductCodes) -> None:
        """What codes mean from now on."""
        self._mode = mode
        self._codes = products

    @Slot(str)
    def take(self, code: str) -> None:
        """A code from the scanner; "" for one that did not arrive whole."""
        if self._mode is not ScannerMode.OFF:
            self.taken.emit(self._meaning(code.strip()))

    @Slot(str)
    def take_product(self, code: str) -> None:
        """A code that names a product, seen in a picture."""
        product = self._codes.product_of(code)
        if product is not None:
            try:
                scan = self._change_over(code, product)
            except StoreError as error:
                scan = Scan(ScanKind.FAILED, "", error.code)
            if scan.kind is not ScanKind.PRODUCT_SAME:
                self.taken.emit(scan)

    def _meaning(self, code: str) -> Scan:
        if not code:
            return Scan(ScanKind.TORN, code)
        try:
            if self._is_badge(code):
                return Scan(ScanKind.BADGE, "")
            return self._of_the_line(code)
        except StoreError as error:
            _log.error("A scanned code could not be looked up: %s", error)
            return Scan(ScanKind.FAILED, "", error.code)

    def _of_the_line(self, code: str) -> Scan:
        product = self._codes.product_of(code)
        if product is not None:
            return self._change_over(code, product)
        try:
            serial = clean_serial(code) or ""
            if self._mode is ScannerMode.SERIAL:
                self._station.set_next_serial(serial)
                return Scan(ScanKind.NEXT_SERIAL, serial)
            refusal = self._station.refusal
            number = self._station.trigger(serial)
        except ValueError:
            return Scan(ScanKind.UNUSABLE, code)
        if number is None:
            why = refusal if refusal is not None else Refusal.NOT_RUNNING
            return Scan(ScanKind.TRIGGER_REFUSED, serial, why.value)
        return Scan(ScanKind.TRIGGERED, serial, str(number))

    def _change_over(self, code: str, product: str) -> Scan:
        known = {name.casefold(): name for name in self._products.names()}
        name = known.get(product.casefold())
        if name is None:
            return Scan(ScanKind.PRODUCT_UNKNOWN, code, product)
        if name == self._products.current:
            return Scan(ScanKind.PRODUCT_SAME, code, name)
        if self._station.refusal is Refusal.TEACHING:
            return Scan(ScanKind.PRODUCT_BUSY, code, name)
        try:
            self._products.choose(name)
        except (AccessError, RecipeError) as error:
            return Scan(ScanKind.PRODUCT_REFUSED, code, error.code)
        return Scan(ScanKind.PRODUCT_CHANGED, code, name)
