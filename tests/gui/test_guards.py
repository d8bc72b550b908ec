"""The guards of conftest.py do fail a test that leaves something behind."""

from __future__ import annotations

from pathlib import Path

import pytest

GUARDS = Path(__file__).with_name("conftest.py")
pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("w = QWidget(); w.show(); KEPT.append(w)", "windows left open"),
        ("t = threading.Thread(target=time.sleep, args=(3,), daemon=True); t.start()", "threads"),
        ("t = QTimer(); t.start(9000); KEPT.append(t)", "timers left running"),
        (
            "KEPT.append(subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1))",
            "processes left running",
        ),
    ],
)
def test_leftovers_are_told(pytester: pytest.Pytester, body: str, complaint: str) -> None:
    pytester.makeconftest(GUARDS.read_text(encoding="utf-8"))
    pytester.makepyfile(
        "import subprocess, sys, threading, time\nfrom PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QWidget\nKEPT = []\n\n"
        f"def test_leaves_something(qtbot):\n    {body}\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-q")
    result.stdout.fnmatch_lines([f"*{complaint}*"])
    assert result.ret != 0
