"""Settings and paths: what survives a restart, a damaged file and an older program."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from qc_station.domain.triggers import TriggerMode
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import SETTINGS_VERSION, Settings, split_pair
from qc_station.settings.store import SettingsStore, to_toml


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.toml")


def test_first_start_has_defaults_and_writes_nothing(store: SettingsStore) -> None:
    report = store.load()
    assert report.settings == Settings() and report.clean
    assert not store.path.exists()


def test_settings_come_back_as_they_were_saved(store: SettingsStore) -> None:
    settings = Settings(
        language="fr",
        camera='folder:C:\\Pièces "neuves"\\tôle\t#1',
        trigger_mode=TriggerMode.TIMER,
        interval_ms=250,
        heatmap_opacity=1e-7,
        heatmap_visible=False,
        shift_starts=("05:30", "13:30"),
        operator="line 2\n\x7f\x01 🛠",
    )
    store.save(settings)
    report = store.load()
    assert report.settings == settings and report.clean


@pytest.mark.parametrize("text", ["", "'\"\\", "a\r\nb", "]\nversion = 9", "\ud800", "é" * 300])
def test_no_text_can_break_the_file(text: str) -> None:
    read = tomllib.loads(to_toml({"x": text, "odd key": [text]}))
    assert read["x"] == text.replace("\ud800", "\ufffd")


def test_damaged_file_is_set_aside_with_the_time_in_its_name(store: SettingsStore) -> None:
    store.path.write_bytes(b'language = "fr\ncamera')
    report = store.load()
    assert report.settings == Settings()
    assert report.problem == "settings_damaged"
    assert report.set_aside is not None and "broken-20" in report.set_aside.name
    assert report.set_aside.read_bytes().startswith(b'language = "fr')
    assert not store.path.exists()


def test_file_that_is_no_text_is_set_aside(store: SettingsStore) -> None:
    store.path.write_bytes(b"\xff\xfe\x00\x00")
    assert store.load().problem == "settings_damaged"


def test_one_bad_value_does_not_cost_the_others(store: SettingsStore) -> None:
    store.path.write_text(
        'version = 1\nlanguage = "klingon"\ninterval_ms = -5\noperator = "Ana"\n'
        "heatmap_visible = 1\nshift_starts = ['25:00']\ntrigger_mode = 'magic'\n",
        encoding="utf-8",
    )
    report = store.load()
    assert report.settings == replace(Settings(), operator="Ana")
    names = {field.name for field in report.reset}
    assert names == {
        "language", "interval_ms", "heatmap_visible", "shift_starts", "trigger_mode"
    }  # fmt: skip
    assert all(field.why for field in report.reset)
    assert store.path.exists()


def test_codes_of_products_come_back_as_they_were_written(store: SettingsStore) -> None:
    codes = ('4006381333931 = câble "3"', "a=b=bottle")
    store.save(replace(Settings(), recipe_codes=codes))
    assert store.load().settings.recipe_codes == codes
    assert [split_pair(code) for code in codes] == [
        ("4006381333931", 'câble "3"'), ("a=b", "bottle"),
    ]  # fmt: skip
    for wrong in ("'4711'", "['=bottle']", "['4711']", "[4711]"):
        store.path.write_text(f"version = 1\nrecipe_codes = {wrong}\n", encoding="utf-8")
        report = store.load()
        assert report.settings.recipe_codes == ()
        assert [field.name for field in report.reset] == ["recipe_codes"]


def test_file_of_an_older_program_is_migrated(store: SettingsStore) -> None:
    store.path.write_text('interval_s = 0.4\nlanguage = "en"\n', encoding="utf-8")
    report = store.load()
    assert report.settings.interval_ms == 400
    assert report.migrated_from == 0
    store.save(report.settings)
    assert tomllib.loads(store.path.read_text(encoding="utf-8"))["version"] == SETTINGS_VERSION


def test_file_of_a_newer_program_is_used_and_kept_as_a_copy(store: SettingsStore) -> None:
    store.path.write_text('version = 99\nlanguage = "fr"\nnovelty = 3\n', encoding="utf-8")
    report = store.load()
    assert report.settings.language == "fr"
    assert report.problem == "settings_newer"
    assert report.set_aside is not None and "novelty" in report.set_aside.read_text("utf-8")


def test_failed_save_leaves_the_old_file_and_no_rubbish(
    store: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(Settings(operator="old"))

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        store.save(Settings(operator="new"))
    monkeypatch.undo()
    assert store.load().settings.operator == "old"
    assert [path.name for path in store.path.parent.iterdir()] == ["settings.toml"]


def test_home_is_the_option_then_the_environment_then_the_users_folder(tmp_path: Path) -> None:
    environment = {"QC_STATION_HOME": str(tmp_path / "env")}
    assert StationPaths.resolve(tmp_path / "option", environment).home == tmp_path / "option"
    assert StationPaths.resolve(None, environment).home == tmp_path / "env"
    default = StationPaths.resolve(None, {}).home
    assert default.is_absolute() and default.name == "qc-station"


def test_every_folder_lies_in_the_home_and_is_made(tmp_path: Path) -> None:
    paths = StationPaths.resolve(tmp_path / "home", {}).ensure()
    for path in (paths.images, paths.models, paths.logs, paths.demo, paths.jobs, paths.snapshots):
        assert path.is_dir() and path.parent == paths.home
    assert paths.database.parent == paths.settings_file.parent == paths.home
    paths.ensure()


FULL = Settings(
    language="fr", theme="dark", letters_percent=125, recent_folders=("/data/a", "/data/b"),
    window_layout=("history_splitter:AAAA",), operator="Ana",
)  # fmt: skip


def test_a_file_cut_short_anywhere_never_stops_the_start(store: SettingsStore) -> None:
    store.save(FULL)
    whole = store.path.read_bytes()
    for length in range(len(whole)):
        store.path.write_bytes(whole[:length])
        report = store.load()
        assert isinstance(report.settings, Settings)
        if report.problem:
            assert report.set_aside is not None
            report.set_aside.unlink()


@pytest.mark.parametrize(
    "rubbish",
    [b"\x00" * 4096, bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n", b"x = " + b"[" * 100_000],
    ids=["zeros", "bytes", "picture", "brackets"],
)
def test_rubbish_is_set_aside_and_defaults_apply(store: SettingsStore, rubbish: bytes) -> None:
    store.path.write_bytes(rubbish)
    report = store.load()
    assert (report.settings, report.problem) == (Settings(), "settings_damaged")
    assert report.set_aside is not None and report.set_aside.read_bytes() == rubbish
    store.save(report.settings)
    assert store.load().clean


def test_every_field_of_a_wrong_type_goes_back_alone(store: SettingsStore) -> None:
    for field in dataclasses.fields(Settings):
        for wrong in ("{ a = 1 }", "[[1]]", "1979-05-27T07:32:00Z", "nan"):
            store.path.write_text(f"version = 1\n{field.name} = {wrong}\n", encoding="utf-8")
            report = store.load()
            assert [reset.name for reset in report.reset] == [field.name], (field.name, wrong)
            assert report.settings == Settings()


def test_the_mark_that_editors_on_windows_put_in_front_is_no_damage(store: SettingsStore) -> None:
    store.path.write_bytes(b"\xef\xbb\xbf" + b'version = 1\nlanguage = "fr"\n')
    report = store.load()
    assert report.clean and report.settings.language == "fr"


def test_a_folder_in_the_files_place_is_said(store: SettingsStore) -> None:
    store.path.mkdir()
    assert store.load().problem == "settings_unreadable"
    with pytest.raises(OSError):
        store.save(Settings())


def test_a_file_that_cannot_be_set_aside_still_gives_defaults(
    store: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.path.write_bytes(b"\x00")

    def refuse(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    report = store.load()
    assert (report.problem, report.set_aside) == ("settings_damaged", None)
