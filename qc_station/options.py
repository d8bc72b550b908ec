"""The station's command line as data. Knows nothing of what the options start."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for; None means: as the settings say."""

    home: Path | None = None
    data: Path | None = None
    camera: str | None = None
    language: str | None = None
    headless: bool = False
    quit_after: int | None = None
    screenshots: Path | None = None
    backup: Path | None = None
    restore: Path | None = None
    with_pictures: bool = False


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def parse_options(argv: Sequence[str] | None = None) -> Options:
    """Options from the command line; argparse ends the process on a wrong one (exit status 2)."""
    parser = argparse.ArgumentParser(
        prog="qc-station",
        description="Quality-control station: OK, NG or REVIEW for every part a camera sees.",
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="where this station keeps its data (default: QC_STATION_HOME, else the user's "
        "data folder)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="teach on this folder if no model exists for it, then inspect its test pictures",
    )
    parser.add_argument(
        "--camera",
        metavar="URL",
        help="demo:, folder:PATH, video:FILE, opencv:0 or a stream such as rtsp://…",
    )
    parser.add_argument("--language", choices=("en", "fr"), help="language of this run")
    parser.add_argument(
        "--headless",
        action="store_true",
        help="no window: progress on stderr, one JSON line with the counts on stdout at the end",
    )
    parser.add_argument(
        "--quit-after", type=_positive, metavar="N", help="stop after N inspected parts"
    )
    parser.add_argument(
        "--screenshots",
        type=Path,
        metavar="DIR",
        help="before stopping, save every page in both languages as PNG",
    )
    _add_backup_options(parser)
    values = parser.parse_args(argv)
    if values.headless and values.screenshots:
        parser.error("--screenshots needs a window; leave out --headless")
    if values.screenshots and values.quit_after is None:
        parser.error("--screenshots saves when the run ends; add --quit-after N")
    if values.with_pictures and values.backup is None:
        parser.error("--with-pictures says what --backup DIR holds")
    return Options(**vars(values))


def _add_backup_options(parser: argparse.ArgumentParser) -> None:
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--backup",
        type=Path,
        metavar="DIR",
        help="write a checked backup into a new folder below DIR and end; the station may be "
        "running",
    )
    instead.add_argument(
        "--restore",
        type=Path,
        metavar="DIR",
        help="check the backup DIR, put it into --home and end; no station may be running there, "
        "and what was there is kept in replaced-…",
    )
    parser.add_argument(
        "--with-pictures",
        action="store_true",
        help="with --backup: the pictures of inspected parts and those taught from, too",
    )
