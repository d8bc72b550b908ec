"""`qc-engine serve`: the inference process of the station. Speaks JSON lines, not to people."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys

from engine.ipc.parent import die_with_parent
from engine.ipc.stdio import claim_stdin, claim_stdout

NAME = "serve"
HELP = "answer inspection requests of the station on stdin and stdout (started by the station)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: all that is to be said comes over stdin."""


def run(args: argparse.Namespace) -> int:
    """Serve until the parent says so or is gone. Does not return: the process ends here, without
    the tear-down of CUDA and OpenVINO, which is slow and may itself crash."""
    by_hand = sys.stdin.isatty()
    writer = claim_stdout()
    lines = claim_stdin()
    if not by_hand:
        # Ctrl-C reaches the whole group; the station ends this process in its own time.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")

    from engine.serve import Server

    code = 1
    try:
        code = Server(lines, writer).run()
    except BaseException:
        logging.getLogger(__name__).exception("The engine process ends on an error")
    logging.shutdown()
    os._exit(code)
