"""Where one station keeps its files. Knows folder names only, nothing of what is in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HOME_VARIABLE = "QC_STATION_HOME"


@dataclass(frozen=True, slots=True)
class StationPaths:
    """All folders and files of a station, below one absolute ``home``."""

    home: Path

    @classmethod
    def resolve(
        cls, home: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> StationPaths:
        """The paths for ``--home``, else ``QC_STATION_HOME``, else the user's data folder."""
        variables = os.environ if environment is None else environment
        chosen = variables.get(HOME_VARIABLE, "").strip()
        if home is None and chosen:
            home = Path(chosen)
        if home is None:
            home = Path(platformdirs.user_data_dir("qc-station", appauthor=False))
        return cls(home.expanduser().absolute())

    @property
    def database(self) -> Path:
        """The log of verdicts (SQLite file)."""
        return self.home / "station.sqlite3"

    @property
    def images(self) -> Path:
        """Pictures and heatmaps of inspected parts."""
        return self.home / "images"

    @property
    def models(self) -> Path:
        """Model bundles, one folder each."""
        return self.home / "models"

    @property
    def logs(self) -> Path:
        """Text logs of the three processes."""
        return self.home / "logs"

    @property
    def demo(self) -> Path:
        """Rendered cables of the demo camera."""
        return self.home / "demo"

    @property
    def jobs(self) -> Path:
        """Scratch folders of teaching jobs."""
        return self.home / "jobs"

    @property
    def snapshots(self) -> Path:
        """Data snapshots that models were taught from."""
        return self.home / "snapshots"

    @property
    def backups(self) -> Path:
        """Copies of the database, made before a migration, and backups without another place."""
        return self.home / "backups"

    @property
    def settings_file(self) -> Path:
        """The settings of this station."""
        return self.home / "settings.toml"

    @property
    def access_secret(self) -> Path:
        """The secret of this station that badge codes are hashed under; kept out of backups."""
        return self.home / "access.key"

    @property
    def signing_secret(self) -> Path:
        """The private key that exported recipes are signed with; kept out of backups."""
        return self.home / "signing.key"

    @property
    def trusted_keys(self) -> Path:
        """Public keys of other stations whose recipes are accepted."""
        return self.home / "trusted_keys.json"

    def ensure(self) -> StationPaths:
        """Makes every folder that is missing; raises OSError where that is not possible."""
        for folder in (
            self.home,
            self.images,
            self.models,
            self.logs,
            self.demo,
            self.jobs,
            self.snapshots,
            self.backups,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        return self
