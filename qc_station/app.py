"""Composition root: arguments → paths → log → settings → database → services → window."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Sequence

from qc_station.interpreter import keep_constants_alive, settle_memory, uncollected

keep_constants_alive()  # before Qt: see docs/adr/0005

with uncollected():
    from PySide6.QtCore import QCoreApplication, QLockFile, QTimer

    from db.errors import StoreError
    from qc_station.assembly import Station
    from qc_station.camera.errors import CameraError
    from qc_station.camera.registry import open_camera
    from qc_station.commands import back_up, finish_restore, restore
    from qc_station.logs import configure_logging
    from qc_station.options import Options, parse_options
    from qc_station.services.instance import FrontDoor, show_other
    from qc_station.services.restore import Restored
    from qc_station.services.startup import is_demo
    from qc_station.settings.paths import StationPaths
    from qc_station.signals import quit_on_signals

_log = logging.getLogger(__name__)
RestoreOutcome = Restored | StoreError | None


class StartError(Exception):
    """The station cannot start; the text says why and what to do."""


class AlreadyRunningError(StartError):
    """Another process holds the home, and its window has come to the front."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a station to its end. Exit status: 0 done, 2 cannot start, 3 gave up, 130 cancelled."""
    options = parse_options(argv)
    try:
        if options.data is not None and not options.data.is_dir():
            raise StartError(
                f"There is no folder {options.data}. Give --data a folder with the pictures of "
                "one product (train/good and test, or one folder per class)."
            )
        if options.camera is not None and not is_demo(options.camera):
            open_camera(options.camera)  # reads the address, touches no device
        paths = StationPaths.resolve(options.home)
        if options.backup is not None:
            return back_up(paths, options.backup, with_pictures=options.with_pictures)
        lock = _take(paths)
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the other window is what the person sees
        return 2
    except (StartError, CameraError, StoreError) as error:
        return _refuse(options, str(error))
    configure_logging(paths.logs)
    try:
        if options.restore is not None:
            return restore(paths, options.restore)
        restored = finish_restore(paths)
        run = _run_headless if options.headless else _run
        return run(options, paths, restored)
    except (StartError, StoreError) as error:
        _log.error("The station did not start: %s", error)
        return _refuse(options, str(error))
    finally:
        lock.unlock()


def _take(paths: StationPaths) -> QLockFile:
    """Makes the home's folders and keeps a second station out of them."""
    try:
        paths.ensure()
    except OSError as error:
        raise StartError(
            f"The folder {paths.home} cannot be used: {error.strerror or error}. Choose another "
            "one with --home DIR."
        ) from error
    lock = QLockFile(str(paths.home / "station.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(200):
        if show_other(paths.home):
            raise AlreadyRunningError(
                f"A station is already running on {paths.home}: its window was brought to the "
                "front. For a second station use --home DIR."
            )
        raise StartError(
            f"A station is already running on {paths.home}. Use its window, or start another "
            "station with --home DIR."
        )
    return lock


def _refuse(options: Options, sentence: str) -> int:
    """Says why there is no station: on stderr, and in a window if somebody is there to close it."""
    print(sentence, file=sys.stderr)  # noqa: T201 - the log may not exist yet
    somebody_is_there = not options.headless and options.quit_after is None
    if somebody_is_there and options.backup is None and options.restore is None:
        from PySide6.QtWidgets import QApplication

        from qc_station.ui.dialogs.refusal import show_refusal

        application = QApplication.instance() or QApplication(sys.argv[:1])
        show_refusal(sentence)
        del application
    return 2


def _run_headless(options: Options, paths: StationPaths, restored: RestoreOutcome) -> int:
    from qc_station.console import ConsoleReporter

    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    station = Station(options, paths)
    station.backup.tell_restore(restored)
    reporter = ConsoleReporter(station.station, station.startup)
    reporter.ended.connect(application.exit)
    try:
        with quit_on_signals(application):
            QTimer.singleShot(0, station.begin)
            return application.exec()
    finally:
        station.close()


def _run(options: Options, paths: StationPaths, restored: RestoreOutcome) -> int:
    with uncollected():
        from PySide6.QtWidgets import QApplication

        from qc_station.window import StationWindow

        running = QApplication.instance()
        application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
        application.setApplicationName("qc-station")
        station = Station(options, paths)
        station.backup.tell_restore(restored)
        station.supervisor.start()  # the engine gets up while the window is built
        window = StationWindow(station, application)
        door = FrontDoor(paths.home, window)
        door.asked_to_show.connect(window.window.come_to_front)
        window.show()
        _log.info("window visible")
    try:
        settle_memory()
        with quit_on_signals(application):
            QTimer.singleShot(0, station.begin)
            return application.exec()
    finally:
        door.close()
        station.close()
        window.dispose()
        gc.unfreeze()
