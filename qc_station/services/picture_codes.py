"""Reads barcodes in pictures of parts, beside the engine and off the window's thread. No widgets.

What the picture says is a part's serial number when it is the only code in it that names no
product. Two codes, or a code that is hard to read, give none: a wrong number would be worse.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from qc_station.domain.product_codes import ProductCodes
from qc_station.domain.triggers import clean_serial

MAX_WAITING = 4
"""Pictures that wait for the reader; a later one goes without, so that no verdict waits long."""

LENGTH_MIN = 3
_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.AllMatrix,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code93,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.UPCA,
        zxingcpp.BarcodeFormat.DataBar,
    ]
)
"""Short linear codes without a check digit (ITF, Codabar) are left out: texture looks like them."""

_log = logging.getLogger(__name__)


def read_codes(pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    """Different texts of the valid codes in uint8 RGB [H, W, 3], sorted; any thread."""
    height, width = pixels.shape[:2]
    view = zxingcpp.ImageView(pixels, width, height, zxingcpp.ImageFormat.RGB)
    found: set[str] = set()
    for code in zxingcpp.read_barcodes(view, formats=_FORMATS):
        try:
            text = clean_serial(code.text)
        except ValueError:
            continue
        if code.valid and text and len(text) >= LENGTH_MIN:
            found.add(text)
    return tuple(sorted(found))


class PictureCodes(QObject):
    """One reading thread. GUI thread only; every accepted picture gets one ``read``, but for those
    that are forgotten before their turn.
    """

    read = Signal(int, object)  # number of the part, its serial number or None
    product_seen = Signal(str)  # a code that names a product, when it is another one than before
    _done = Signal(int, object)  # number, texts; from the reading thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on = False
        self._products = ProductCodes()
        self._last_product = ""
        self._waiting: dict[int, Future[None]] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="picture-codes")
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def apply(self, on: bool, products: ProductCodes) -> None:
        """Whether pictures are read from now on, and which codes name products."""
        self._on = on
        self._products = products
        self._last_product = ""

    def start(self, number: int, pixels: NDArray[np.uint8]) -> bool:
        """Whether the picture of this part is being read: not when off, late or closed."""
        if not self._on or len(self._waiting) >= MAX_WAITING:
            return False
        self._waiting[number] = self._worker.submit(self._work, number, pixels)
        return True

    def forget(self, number: int) -> None:
        """Nobody waits for this part's code any more."""
        future = self._waiting.get(number)
        if future is not None and future.cancel():
            del self._waiting[number]

    def close(self) -> None:
        """Joins the thread; a picture that is being read is finished first."""
        self._on = False
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._waiting.clear()

    def _work(self, number: int, pixels: NDArray[np.uint8]) -> None:
        """In the reading thread. A picture that cannot be read has no code."""
        texts: tuple[str, ...] = ()
        try:
            texts = read_codes(pixels)
        except Exception:  # noqa: BLE001 - the verdict matters more, and it is logged
            _log.exception("The picture of part %d could not be searched for codes", number)
        self._done.emit(number, texts)

    @Slot(int, object)
    def _on_done(self, number: int, texts: tuple[str, ...]) -> None:
        if self._waiting.pop(number, None) is None:
            return
        products = [text for text in texts if self._products.product_of(text) is not None]
        others = [text for text in texts if text not in products]
        if len(others) > 1:
            _log.warning("Part %d has several codes, so none is its serial number", number)
        self.read.emit(number, others[0] if len(others) == 1 else None)
        if len(products) == 1 and products[0] != self._last_product:
            self._last_product = products[0]
            self.product_seen.emit(products[0])
