"""Keeps Python 3.11's constants alive under PySide6. Knows nothing of the station.

PySide6 6.12 is built for interpreters whose constants are immortal (PEP 683, Python >= 3.12).
On 3.11 every ``Signal.emit`` loses one reference of True and every call that returns nothing one
of None; when a count reaches zero the interpreter aborts ("bool_dealloc", "deallocating None"):
measured after about 4,000 emits. A count that cannot reach zero in years is what 3.12 does.
"""

from __future__ import annotations

import ctypes
import sys

_EXTRA = 1 << 40


def keep_constants_alive() -> None:
    """Call once, before Qt is used; calling again or on Python >= 3.12 changes nothing."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (True, False, None, NotImplemented, ...):
        if sys.getrefcount(constant) < _EXTRA // 2:
            # ob_refcnt is the first field of PyObject in every release build of CPython 3.11
            ctypes.c_ssize_t.from_address(id(constant)).value += _EXTRA
