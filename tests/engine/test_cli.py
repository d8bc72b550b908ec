"""The command line loads only the command that is asked for, and says in words what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from engine.cli import main
from engine.commands import COMMANDS


def test_every_command_is_there_and_explains_itself(capsys) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            main([name, "--help"])
        assert stopped.value.code == 0
    assert "--bundle" in capsys.readouterr().out


def test_help_imports_no_torch() -> None:
    code = (
        "import sys; from engine.cli import main\n"
        "try: main(['teach', '--help'])\n"
        "except SystemExit: pass\n"
        "print({'torch', 'timm', 'openvino', 'cv2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")


def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path, capsys) -> None:
    code = main(["predict", "--bundle", str(tmp_path / "none"), str(tmp_path), "--json"])
    printed = capsys.readouterr()
    assert code == 2
    assert json.loads(printed.out)["error"]["code"] in ("no_pictures", "bundle_missing")
    assert printed.err.count("\n") == 1


def test_a_share_out_of_range_is_refused(tmp_path, capsys) -> None:
    words = ["teach", "--data", str(tmp_path), "--out", str(tmp_path / "b"), "--ok-rate", "150"]
    assert main(words) == 2
    assert "--ok-rate" in capsys.readouterr().err


def test_doctor_passes_its_self_test(capsys) -> None:
    assert main(["doctor", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["self_test"]["passed"] and result["packages"]["torch"]
    assert any(device["runtime"] == "openvino" for device in result["devices"])
