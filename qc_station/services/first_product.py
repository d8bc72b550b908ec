"""Begins a product of one's own, as the set-up assistant was told. Knows no widgets.

On the first start the demo is still being prepared: what was asked waits until that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from qc_station.domain.access import Action
from qc_station.domain.recipe import RecipeError, check_name
from qc_station.services.permits import AccessError, Require, allow_everything
from qc_station.services.recipes import RecipeService
from qc_station.services.startup import DEMO_PRODUCT


class LearningLike(Protocol):
    """The part of LearningService that is used here."""

    @property
    def state_changed(self) -> SignalInstance: ...
    @property
    def busy(self) -> bool: ...
    def teach_folder(self, folder: Path, product: str, actor: str = ...) -> None: ...


class StartupLike(Protocol):
    """The part of StartupService that is used here."""

    @property
    def working(self) -> SignalInstance: ...
    @property
    def busy(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class NewProduct:
    """``camera`` inspects it ("": the folder's own pictures do); without ``folder`` its good parts
    are shown to the camera."""

    name: str
    camera: str = ""
    folder: Path | None = None


class FirstProduct(QObject):
    """Holds at most one wish. GUI thread."""

    begun = Signal(object)  # NewProduct: it is being taught, or its parts are to be shown now
    refused = Signal(str, str)  # code, sentence
    _settled = Signal()

    def __init__(
        self,
        recipes: RecipeService,
        learning: LearningLike,
        startup: StartupLike,
        start_line: Callable[[], None],
        actor: Callable[[], str],
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``start_line`` is StationService.start: the line runs also where the demo failed."""
        super().__init__(parent)
        self._recipes, self._learning, self._startup = recipes, learning, startup
        self._start_line, self._actor, self._require = start_line, actor, require
        self._wish: NewProduct | None = None
        # Queued: the end of one job is told before the next may begin.
        queued = Qt.ConnectionType.QueuedConnection
        self._settled.connect(self._try, queued)
        learning.state_changed.connect(self._try, queued)
        startup.working.connect(self._try, queued)

    @property
    def waiting(self) -> NewProduct | None:
        """What waits for the demo, or for a job, to end."""
        return self._wish

    def name_taken(self, name: str) -> bool:
        """Whether there is a product of this name, capitals or not, or the demo will be one."""
        known = {product.casefold() for product in self._recipes.names()}
        if self._startup.busy:
            known.add(DEMO_PRODUCT)
        return name.strip().casefold() in known

    def begin(self, wish: NewProduct) -> None:
        """As soon as nothing else is going on. Raises AccessError, RecipeError for the name."""
        self._require(Action.TEACH)
        self._require(Action.CHANGE_SETTINGS)
        check_name(wish.name)
        self._wish = wish
        self._settled.emit()

    @Slot()
    def _try(self) -> None:
        wish = self._wish
        if wish is None or self._startup.busy or self._learning.busy:
            return
        self._wish = None
        try:
            self._require(Action.TEACH)
            self._start_line()
            if wish.camera:
                self._recipes.create(wish.name, wish.camera)
            if wish.folder is not None:
                self._learning.teach_folder(wish.folder, wish.name, self._actor())
            else:
                self._recipes.choose(wish.name)
        except (AccessError, RecipeError) as error:  # somebody logged out meanwhile
            self.refused.emit(error.code, str(error))
            return
        self.begun.emit(wish)
