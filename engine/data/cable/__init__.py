"""Photo-like pictures of cable end faces with exact defect masks, for demonstration and tests.

Must not know who uses them; no torch, no picture of anybody else: everything is drawn.
"""

from engine.data.cable.dataset import (
    MVTEC_DEFECTS,
    MVTEC_TEST_GOOD,
    MVTEC_TRAIN_GOOD,
    Written,
    write_dataset,
)
from engine.data.cable.defects import DEFECTS
from engine.data.cable.render import Picture, render_cable

__all__ = [
    "DEFECTS",
    "MVTEC_DEFECTS",
    "MVTEC_TEST_GOOD",
    "MVTEC_TRAIN_GOOD",
    "Picture",
    "Written",
    "render_cable",
    "write_dataset",
]
