"""``--backup`` and ``--restore`` as a script sees them, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.backup_support import filled


def station(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qc_station", *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_backup_while_the_station_runs_and_restore_into_a_new_home(tmp_path: Path) -> None:
    home, out, new = tmp_path / "home", tmp_path / "out", tmp_path / "new"
    with filled(home):
        made = station("--home", str(home), "--backup", str(out), "--with-pictures")
    assert made.returncode == 0, made.stderr
    backup = json.loads(made.stdout)
    assert json.loads((home / "backups" / "state.json").read_text())["good"]
    assert backup["inspections"] == 3 and "pictures" in backup["parts"]
    done = station("--home", str(new), "--restore", backup["backup"])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["inspections"] == 3
    assert (new / "models" / "patch_memory-1" / "manifest.json").exists()
    settings = Path(backup["backup"]) / "settings.toml"
    settings.write_text("x")
    refused = station("--home", str(new), "--restore", backup["backup"])
    assert refused.returncode == 2
    assert "settings.toml" in refused.stderr


def test_there_must_be_a_station_to_back_up(tmp_path: Path) -> None:
    refused = station("--home", str(tmp_path / "none"), "--backup", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert "There is no station" in refused.stderr
