"""What somebody has answered the set-up assistant so far. Outlives its dialog; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qc_station.camera.discovery import Tried


@dataclass(slots=True)
class SetupChoices:
    """Closing the assistant loses nothing: opened again, it goes on from here."""

    step: int = 0
    camera: Tried | None = None  # a camera that gave a picture
    folder: Path | None = None  # with pictures in it
    pictures: int = 0
    name: str = ""
    source: str = ""  # "folder", "camera", "demo"; empty: not chosen yet
