"""What each process may load: no torch in the window or a CPU engine, and only one cv2."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

HEAVY = ("torch", "torchvision", "timm", "matplotlib", "openvino", "onnx", "sklearn")


def modules_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after one statement."""
    code = f"{statement}\nimport sys\nprint(' '.join(sorted(m.split('.')[0] for m in sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_window_process_loads_no_model_library() -> None:
    loaded = modules_after("import qc_station.app")
    assert not loaded & set(HEAVY)
    assert "PySide6" in loaded


def test_window_process_leaves_plots_for_later() -> None:
    assert "pyqtgraph" not in modules_after("import qc_station.app")


@pytest.mark.parametrize(
    "module", ["engine", "engine.cli", "engine.ipc.messages", "engine.bundle", "engine.data.layout"]
)
def test_engine_parts_that_need_no_torch_load_none(module: str) -> None:
    assert not modules_after(f"import {module}") & {"torch", "torchvision", "timm", "PySide6"}


def test_only_the_headless_opencv_is_installed() -> None:
    installed = {
        (dist.metadata["Name"] or "").lower() for dist in importlib.metadata.distributions()
    }
    assert "opencv-python-headless" in installed
    assert not installed & {"opencv-python", "opencv-contrib-python"}
