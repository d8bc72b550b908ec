"""Models as one file: out and in again the same; wrong, damaged and newer ones are refused."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.bundle import FORMAT_VERSION, load_bundle
from qc_station.services.manifest import LibraryError
from qc_station.services.model_file import BUNDLE_FORMAT, LIST, export_model, import_model
from qc_station.services.progress import Cancelled
from tests.backup_support import files_below
from tests.model_support import write_bundle


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A model file."""
    bundle = write_bundle(tmp_path / "a", "patch_memory-1")
    return export_model(bundle, tmp_path / "m.qcmodel", "bottle", "0.1")


def refused(work: Callable[[], object]) -> LibraryError:
    with pytest.raises(LibraryError) as told:
        work()
    return told.value


def rewrite(packed: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The file with other contents."""
    with zipfile.ZipFile(packed) as before:
        contents = {name: before.read(name) for name in before.namelist()}
    change(contents)
    with zipfile.ZipFile(packed, "w") as after:
        for name, data in contents.items():
            after.writestr(name, data)
    return packed


def relist(contents: dict[str, bytes], **changes: object) -> None:
    facts = json.loads(contents[LIST])
    facts.update(changes)
    contents[LIST] = json.dumps(facts).encode()


def test_a_model_comes_in_as_it_went_out(packed: Path, tmp_path: Path) -> None:
    place, product = import_model(packed, tmp_path / "b")
    assert (place, product) == (tmp_path / "b" / "patch_memory-1", "bottle")
    assert files_below(place) == files_below(tmp_path / "a" / "patch_memory-1")


def test_the_engine_opens_what_came_in(tiny_bundle: Path, tmp_path: Path) -> None:
    packed = export_model(tiny_bundle, tmp_path / "m.qcmodel", "tiny", "0.1")
    place, product = import_model(packed, tmp_path / "models")
    assert product == "tiny"
    assert load_bundle(place).manifest.bundle_id == place.name
    assert BUNDLE_FORMAT == FORMAT_VERSION


DAMAGES: list[tuple[str, Callable[[dict[str, bytes]], object], str]] = [
    ("no list", lambda c: c.pop(LIST), "model_file_wrong"),
    ("list is no JSON", lambda c: c.update({LIST: b"{"}), "model_file_damaged"),
    ("newer", lambda c: relist(c, format=2), "model_file_newer"),
    ("other id", lambda c: relist(c, bundle_id="else"), "model_file_damaged"),
    ("id outside", lambda c: relist(c, bundle_id="../x"), "model_file_damaged"),
    ("missing file", lambda c: c.pop("model.onnx"), "model_file_damaged"),
    ("other bytes", lambda c: c.update({"model.onnx": b"x"}), "model_file_damaged"),
    ("longer", lambda c: c.update({"model.onnx": c["model.onnx"] * 2}), "model_file_damaged"),
    (
        "a program in it",
        lambda c: relist(
            c, files={**json.loads(c[LIST])["files"], "x.py": {"sha256": "", "size": 0}}
        ),
        "model_file_damaged",
    ),
    (
        "file outside",
        lambda c: relist(
            c, files={**json.loads(c[LIST])["files"], "../x.json": {"sha256": "", "size": 0}}
        ),
        "model_file_damaged",
    ),
]


@pytest.mark.parametrize(("change", "code"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    packed: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], object], code: str
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    assert refused(lambda: import_model(rewrite(packed, change), models)).code == code
    assert not list(models.iterdir())


def test_a_bundle_of_another_format_is_refused(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "a", "new-1", changes={"format_version": 2})
    packed = export_model(bundle, tmp_path / "m.qcmodel", "bottle", "0.1")
    error = refused(lambda: import_model(packed, tmp_path / "models"))
    assert error.code == "bundle_version" and not list((tmp_path / "models").iterdir())


def test_a_list_that_fits_itself_but_not_the_manifest_is_refused(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "a", "m-1")
    (bundle / "weights.safetensors").write_bytes(b"other weights")
    error = refused(lambda: export_model(bundle, tmp_path / "m.qcmodel", "bottle", "0.1"))
    assert (error.code, error.params["file"]) == ("model_file_damaged", "weights.safetensors")
    assert not list(tmp_path.glob("m.qcmodel*"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", b"x" * 5000])
def test_any_other_file_is_no_model(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "holiday.qcmodel"
    path.write_bytes(data)
    assert refused(lambda: import_model(path, tmp_path / "models")).code == "model_file_wrong"


def test_a_flipped_bit_anywhere_in_the_weights_is_found(packed: Path, tmp_path: Path) -> None:
    data = bytearray(packed.read_bytes())
    data[data.index(b"patch_memory-1" * 40) + 17] ^= 0x10
    packed.write_bytes(bytes(data))
    error = refused(lambda: import_model(packed, tmp_path / "models"))
    assert (error.code, error.params["file"]) == ("model_file_damaged", "weights.safetensors")


def test_a_known_model_is_not_overwritten(packed: Path, tmp_path: Path) -> None:
    before = files_below(tmp_path / "a")
    assert refused(lambda: import_model(packed, tmp_path / "a")).code == "model_known"
    assert files_below(tmp_path / "a") == before


@pytest.mark.parametrize("out", [True, False])
def test_cancelled_on_the_way_nothing_is_left(packed: Path, tmp_path: Path, out: bool) -> None:
    def report(_stage: str, done: int, _total: int) -> None:
        if done:
            raise Cancelled

    models = tmp_path / "models"
    models.mkdir()
    with pytest.raises(Cancelled):
        if out:
            export_model(
                tmp_path / "a" / "patch_memory-1", tmp_path / "n.qcmodel", "b", "1", report
            )
        else:
            import_model(packed, models, report)
    assert not list(models.iterdir()) and not list(tmp_path.glob("n.qcmodel*"))


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "a", "m-1")
    error = refused(lambda: export_model(bundle, tmp_path / "none" / "m.qcmodel", "b", "1"))
    assert error.code == "model_file_unwritable" and "m.qcmodel" in str(error)
