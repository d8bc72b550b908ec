"""What the station asks of Python itself: living constants, quiet memory. Knows no station.

PySide6 6.12 is built for interpreters whose constants are immortal (PEP 683, Python >= 3.12).
On 3.11 every ``Signal.emit`` loses one reference of True and every call that returns nothing one
of None; when a count reaches zero the interpreter aborts ("bool_dealloc", "deallocating None"):
measured after about 4,000 emits. A count that cannot reach zero in years is what 3.12 does.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_EXTRA = 1 << 40


def keep_constants_alive() -> None:
    """Call once, before Qt is used; calling again or on Python >= 3.12 changes nothing."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (True, False, None, NotImplemented, ...):
        if sys.getrefcount(constant) < _EXTRA // 2:
            # ob_refcnt is the first field of PyObject in every release build of CPython 3.11
            ctypes.c_ssize_t.from_address(id(constant)).value += _EXTRA


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: while a program loads, it costs a tenth of the time and
    finds nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def settle_memory() -> None:
    """What has been loaded stays loaded: later collections leave it out, or the window would
    stand still for 100 ms now and then. ``gc.unfreeze`` takes it back."""
    gc.freeze()
