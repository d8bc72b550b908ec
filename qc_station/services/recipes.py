"""Products the station knows and the one it inspects now. Knows no camera code and no SQL."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from qc_station.domain.recipe import Recipe


class RecipeService(QObject):
    """Names products; ``current`` is the one that is inspected."""

    changed = Signal()
    current_changed = Signal(str)

    def names(self) -> list[str]:
        """Products, in alphabetical order."""
        raise NotImplementedError

    def create(self, name: str, camera: str) -> Recipe:
        """Adds a product, or a new revision of it when its camera changed."""
        raise NotImplementedError

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of a product, newest first."""
        raise NotImplementedError
