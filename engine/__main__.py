"""Lets the station start the engine as `python -m engine`. Knows only the command line."""

import sys

from engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
