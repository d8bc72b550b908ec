"""The translation gate: every text has a finished French one, and the compiled file is current.

To refresh after changing texts (needs the development environment):
    make translations
"""

from __future__ import annotations

import ast
import shutil
import string
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"
SOURCES = sorted((ROOT / "qc_station").rglob("*.py"))
TRANSLATING = {"tr", "translate", "QT_TRANSLATE_NOOP", "QT_TR_NOOP"}


def tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing; it comes with PySide6-Essentials")
    return found


def messages(file: Path) -> dict[tuple[str, str, str], ElementTree.Element]:
    """(context, source, comment) → message of a .ts file."""
    found = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            key = (name, message.findtext("source") or "", message.findtext("comment") or "")
            found[key] = message
    return found


def fields(text: str) -> list[str]:
    """Names of the placeholders in braces, sorted."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_every_text_of_the_window_is_in_the_french_file(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    subprocess.run(
        [tool("pyside6-lupdate"), "-no-obsolete", *map(str, SOURCES), "-ts", str(fresh)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    wanted, kept = set(messages(fresh)), set(messages(FOLDER / "fr.ts"))
    assert wanted, "lupdate found nothing"
    assert not wanted - kept, f"not in fr.ts, run make translations: {sorted(wanted - kept)}"
    assert not kept - wanted, f"no longer used, run make translations: {sorted(kept - wanted)}"


def test_every_french_text_is_finished() -> None:
    for key, message in messages(FOLDER / "fr.ts").items():
        translation = message.find("translation")
        assert translation is not None and translation.get("type") is None, key
        assert (translation.text or "").strip(), key


def test_placeholders_are_the_same_in_both_languages() -> None:
    for key, message in messages(FOLDER / "fr.ts").items():
        assert fields(key[1]) == fields(message.findtext("translation") or ""), key


def test_menu_texts_keep_one_access_key() -> None:
    for key, message in messages(FOLDER / "fr.ts").items():
        assert (message.findtext("translation") or "").count("&") == key[1].count("&"), key


def test_compiled_file_is_current(tmp_path: Path) -> None:
    fresh = tmp_path / "fr.qm"
    subprocess.run(
        [tool("pyside6-lrelease"), str(FOLDER / "fr.ts"), "-qm", str(fresh)],
        check=True,
        capture_output=True,
    )
    committed = FOLDER / "fr.qm"
    assert committed.is_file(), "run make translations"
    assert fresh.read_bytes() == committed.read_bytes(), "fr.qm is old, run make translations"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_texts_are_plain_literals(source: Path) -> None:
    """tr(f"…") is extracted but never found at run time; a variable is not even extracted."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in TRANSLATING or not node.args:
            continue
        owner = function.value if isinstance(function, ast.Attribute) else None
        if name == "translate" and owner and getattr(owner, "id", "") != "QCoreApplication":
            continue  # shapes have a method of that name too
        text = node.args[0] if name in ("tr", "QT_TR_NOOP") else node.args[-1]
        place = f"{source.name}:{node.lineno}"
        assert not isinstance(text, ast.JoinedStr), f"{place}: no f-string in {name}()"
        if name == "translate" and isinstance(text, ast.Name):
            continue  # looks up what QT_TRANSLATE_NOOP marked
        assert isinstance(text, ast.Constant) and isinstance(text.value, str), (
            f"{place}: {name}() needs the text itself"
        )
