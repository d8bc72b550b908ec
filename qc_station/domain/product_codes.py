"""Which product a barcode asks for. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProductCodes:
    """A code is ``prefix`` and a product's name, ignoring the prefix's case, or one of ``codes``.

    An empty prefix means that only ``codes`` (code → product) name products.
    """

    prefix: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    def product_of(self, code: str) -> str | None:
        """The product that a code asks for; None for a code of something else."""
        code, prefix = code.strip(), self.prefix.strip()
        if code in self.codes:
            return self.codes[code]
        if prefix and code.casefold().startswith(prefix.casefold()):
            return code[len(prefix) :].strip()
        return None
