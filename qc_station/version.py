"""Which version of the program this is. Knows nothing else."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Version of the installed program; empty when it runs from plain files."""
    try:
        return version("qc-station")
    except PackageNotFoundError:
        return ""
