"""The qc-engine command line: finds the command and imports only that one. Imports no torch."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from engine.commands import COMMANDS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 bad input, 130 cancelled."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="qc-engine", description="Teach, judge and serve visual inspection models."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, (module_name, summary) in COMMANDS.items():
        child = commands.add_parser(name, help=summary, description=summary)
        if name == asked:  # the others need not be imported
            module = importlib.import_module(f"engine.commands.{module_name}")
            module.add_arguments(child)
            child.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    code: int = arguments.run(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
