"""How busy the machine is: processor, memory, temperature, GPU. Sampled while somebody looks."""

from __future__ import annotations

import logging
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_log = logging.getLogger(__name__)
SAMPLE_MS = 5000
KEPT = timedelta(hours=1)
GPU_TIMEOUT_S = 4.0
FIRST_LOOK_S = 0.5
_GPU_QUERY = "utilization.gpu,memory.used,memory.total,temperature.gpu"


@dataclass(frozen=True, slots=True)
class GpuUse:
    """The busiest GPU; None for what it does not tell."""

    load_percent: float | None
    memory_percent: float | None
    celsius: float | None


@dataclass(frozen=True, slots=True)
class SystemSample:
    """One moment. ``celsius`` is the hottest sensor's, None where the machine offers none;
    ``gpu`` is None where there is no GPU.
    """

    at: datetime
    cpu_percent: float
    memory_percent: float
    memory_used_bytes: int
    celsius: float | None
    gpu: GpuUse | None


def take_sample() -> SystemSample:
    """Asks the machine. May take seconds: not for the GUI thread."""
    memory = psutil.virtual_memory()
    return SystemSample(
        datetime.now(UTC), psutil.cpu_percent(None), memory.percent, memory.used,
        hottest_celsius(), gpu_use(),
    )  # fmt: skip


def hottest_celsius() -> float | None:
    """The hottest sensor's temperature; None where the machine offers none."""
    sensors = getattr(psutil, "sensors_temperatures", None)  # absent on Windows and macOS
    try:
        found = sensors() if sensors is not None else {}
    except OSError:
        return None
    celsius = [one.current for group in found.values() for one in group if one.current]
    return max(celsius, default=None)


def gpu_use(program: str | None = None) -> GpuUse | None:
    """What nvidia-smi says; None where it is not installed or finds no GPU."""
    program = program or shutil.which("nvidia-smi")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, f"--query-gpu={_GPU_QUERY}", "--format=csv,noheader,nounits"],
            capture_output=True, text=True, timeout=GPU_TIMEOUT_S, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return busiest_gpu(said)


def busiest_gpu(table: str) -> GpuUse | None:
    """Reads nvidia-smi's CSV, one GPU a line; values that it does not know are "[N/A]"."""
    found = []
    for line in table.splitlines():
        cells = [_figure(cell) for cell in line.split(",")]
        if len(cells) == 4:
            load, used, total, celsius = cells
            memory = 100.0 * used / total if used is not None and total else None
            found.append(GpuUse(load, memory, celsius))
    return max(found, key=lambda gpu: gpu.load_percent or 0.0, default=None)


def _figure(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def begin_measuring() -> None:
    """psutil tells the processor's use since the same thread's last question: ask a first time."""
    psutil.cpu_percent(None)
    time.sleep(FIRST_LOOK_S)


class SystemMonitor(QObject):
    """Samples every few seconds between ``start`` and ``stop``; keeps the last hour. GUI thread."""

    sampled = Signal()
    _taken = Signal(object)  # SystemSample or the exception; from the worker thread

    def __init__(
        self,
        parent: QObject | None = None,
        take: Callable[[], SystemSample] = take_sample,
        begin: Callable[[], object] = begin_measuring,
    ) -> None:
        """``begin`` and ``take`` run in one and the same worker thread."""
        super().__init__(parent)
        self._take = take
        self._samples: deque[SystemSample] = deque()
        self._asked = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="system-use", initializer=begin)
        self._taken.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(SAMPLE_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def samples(self) -> tuple[SystemSample, ...]:
        """Of the last hour, oldest first; gaps where nobody looked."""
        return tuple(self._samples)

    @property
    def watching(self) -> bool:
        """Whether it samples."""
        return self._timer.isActive()

    def start(self) -> None:
        """Samples now and regularly from now on."""
        if not self._timer.isActive():
            self._timer.start()
            self._ask()

    def stop(self) -> None:
        """No more samples; those of the last hour stay."""
        self._timer.stop()

    def close(self) -> None:
        """Joins the worker; for the end of the program."""
        self.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    @Slot()
    def _ask(self) -> None:
        if not self._asked:
            self._asked = True
            self._worker.submit(self._work)

    def _work(self) -> None:
        """In the worker thread."""
        try:
            taken: object = self._take()
        except Exception as error:  # noqa: BLE001 - logged by whoever asked
            taken = error
        self._taken.emit(taken)

    @Slot(object)
    def _keep(self, taken: object) -> None:
        self._asked = False
        if not isinstance(taken, SystemSample):
            _log.warning("The machine's use could not be measured: %s", taken)
            return
        self._samples.append(taken)
        while self._samples[0].at < taken.at - KEPT:
            self._samples.popleft()
        self.sampled.emit()
