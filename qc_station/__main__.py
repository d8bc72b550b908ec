"""Starts the station: python -m qc_station. Knows nothing but the composition root."""

import sys

from qc_station.app import main

if __name__ == "__main__":
    sys.exit(main())
