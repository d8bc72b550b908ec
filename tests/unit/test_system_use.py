"""The machine's figures: what is offered, what is not, and an hour of memory."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qc_station.services.system_use import (
    GpuUse,
    SystemMonitor,
    SystemSample,
    busiest_gpu,
    gpu_use,
    take_sample,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_this_machine_has_a_processor_and_memory() -> None:
    sample = take_sample()
    assert 0 <= sample.cpu_percent <= 100 and 0 < sample.memory_percent <= 100
    assert sample.memory_used_bytes > 0


def test_the_busiest_gpu_is_told_and_unknown_values_stay_unknown() -> None:
    table = "12, 2048, 81920, 40\n87, 40960, 81920, [N/A]\n"
    assert busiest_gpu(table) == GpuUse(87.0, 50.0, None)
    assert busiest_gpu("[N/A], [N/A], [N/A], 55\n") == GpuUse(None, None, 55.0)
    assert busiest_gpu("No devices were found\n") is None


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for nvidia-smi")
def test_nvidia_smi_is_asked_and_a_failing_one_means_no_gpu(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho '55, 1024, 4096, 61'\n")
    program.chmod(0o755)
    assert gpu_use(str(program)) == GpuUse(55.0, 25.0, 61.0)
    program.write_text("#!/bin/sh\nexit 9\n")
    assert gpu_use(str(program)) is None
    assert gpu_use(str(tmp_path / "missing")) is None


def test_samples_of_the_last_hour_are_kept(qtbot: QtBot) -> None:
    moments = iter((NOON, NOON + timedelta(minutes=59), NOON + timedelta(minutes=61)))

    def take() -> SystemSample:
        return SystemSample(next(moments), 10.0, 20.0, 1, None, None)

    monitor = SystemMonitor(take=take, begin=lambda: None)
    for _ in range(3):
        with qtbot.waitSignal(monitor.sampled):
            monitor.start()
        monitor.stop()
    monitor.close()
    assert [sample.at.minute for sample in monitor.samples] == [59, 1]


def test_a_machine_that_cannot_be_measured_does_no_harm(qtbot: QtBot) -> None:
    def take() -> SystemSample:
        raise OSError("no /proc")

    monitor = SystemMonitor(take=take, begin=lambda: None)
    monitor.start()
    qtbot.waitUntil(lambda: not monitor._asked)
    monitor.close()
    assert monitor.samples == ()
