"""A maintainer teaches a product, changes over, activates and rolls back, by keys in a real window
(make test-window)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from window_support import StationWindow, until

pytestmark = pytest.mark.xvfb

PRODUCT = "lamp_cable"
TEACH_S = 240.0
NEWEST = "SELECT recipe, model_id FROM inspections ORDER BY seq DESC LIMIT 1"
MODELS = "SELECT model_id FROM model_versions WHERE recipe = ? ORDER BY registered_at"


class Maintainer:
    """What a maintainer does, and what the log says afterwards."""

    def __init__(self, window: StationWindow) -> None:
        self.window = window

    def teach(self, folder: Path) -> str:
        """Ctrl+Shift+O and the folder's path; the name of the button that comes with the result."""
        self.window.keys("ctrl+shift+o")
        self.window.wait_focus("fileNameEdit")
        self.window.type(str(folder))
        self.window.keys("Return")
        self.window.wait_gone("fileNameEdit")
        self.window.wait_for("result_activate", TEACH_S)
        self.window.wait_focus("result_activate")
        return self.window.wait_for("result_activate").name

    def wait_inspecting(self, recipe: str, model: str) -> None:
        """Until the newest part in the log was judged by this model for this product."""
        until(lambda: self.window.rows(NEWEST) == [(recipe, model)], f"a part judged by {model}")

    def models(self, product: str) -> list[str]:
        """The versions of a product, oldest first."""
        return [row[0] for row in self.window.rows(MODELS, product)]


def test_teach_change_over_activate_roll_back(
    open_station: Callable[..., StationWindow], other_cables: Path
) -> None:
    with open_station(interval_ms=200) as window:
        maintainer = Maintainer(window)
        (cable,) = maintainer.models("cable")
        maintainer.wait_inspecting("cable", cable)

        assert maintainer.teach(other_cables) == "Done"  # a new product is changed over to at once
        (first,) = maintainer.models(PRODUCT)
        maintainer.wait_inspecting(PRODUCT, first)
        window.keys("Return")
        window.wait_gone("result_activate")

        assert maintainer.teach(other_cables) == "Activate the new model"
        before, second = maintainer.models(PRODUCT)
        assert before == first
        assert window.rows(NEWEST) == [(PRODUCT, first)]
        window.keys("Return")
        maintainer.wait_inspecting(PRODUCT, second)

        window.keys("r")
        maintainer.wait_inspecting(PRODUCT, first)
        window.keys("u")
        maintainer.wait_inspecting(PRODUCT, second)
        assert window.value("SELECT count(*) FROM inspections WHERE verdict = 'NOT_INSPECTED'") == 0
        assert window.quit() == 0
    assert "Uncaught" not in (window.home / "logs" / "station.log").read_text()
