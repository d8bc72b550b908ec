"""What a product is to the station: a name, a camera, and revisions of both. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recipe:
    """One product's set-up. A change makes a new revision; old ones are kept."""

    name: str
    camera: str
    revision: int
    created_at: datetime
