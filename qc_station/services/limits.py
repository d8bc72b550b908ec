"""The limits of the inspected product: what they would do, and setting others. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from db.records import AnsweredScore
from db.repositories.scores import ScoreRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.model_version import ModelVersion
from qc_station.domain.recipe import Limits, Recipe
from qc_station.domain.thresholds import (
    JUDGED,
    LimitPair,
    LoggedScores,
    ReviewedScores,
    ScoreSet,
)
from qc_station.domain.verdict import Verdict
from qc_station.services.manifest import LibraryError
from qc_station.services.models import AuditLike, ModelLibrary
from qc_station.services.permits import Require, allow_everything
from qc_station.services.recipes import RecipeService

SLICES = 64
"""A range of the log is read in so many transactions, so that no verdict waits for a reader."""


@dataclass(frozen=True, slots=True)
class LimitsInForce:
    """By what the inspected product is judged.

    ``given`` are the recipe's limits, None where the model's ``own`` decide; ``void`` are limits
    that were set for another model and do not count.
    """

    product: str
    model: ModelVersion
    own: LimitPair
    given: Limits | None
    void: Limits | None

    @property
    def pair(self) -> LimitPair:
        """The limits that decide."""
        return LimitPair(self.given.ok, self.given.ng) if self.given else self.own


class LimitsService(QObject):
    """Reads run in any thread; ``save`` and ``undo`` make a revision of the recipe."""

    changed = Signal()  # other limits, another model or product

    def __init__(
        self,
        store: Store,
        recipes: RecipeService,
        library: ModelLibrary,
        audit: AuditLike,
        who: Callable[[], str] = lambda: "station",
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``who`` tells who is at work."""
        super().__init__(parent)
        self._require = require
        self._store = store
        self._recipes = recipes
        self._library = library
        self._audit = audit
        self._who = who
        self._before: Recipe | None = None  # what undo returns to
        recipes.changed.connect(self._tell)
        recipes.current_changed.connect(self._tell)
        library.changed.connect(self._tell)

    def in_force(self) -> LimitsInForce | None:
        """Of the inspected product; None where it has no model with limits of its own."""
        product = self._recipes.current
        model = self._library.active(product) if product else None
        recipe = self._recipes.latest(product) if model is not None else None
        if model is None or recipe is None:
            return None
        try:
            own = LimitPair(model.ok_limit, model.ng_limit)
        except ValueError:
            return None
        given = recipe.limits_for(model.model_id)
        return LimitsInForce(product, model, own, given, None if given else recipe.limits)

    # ---- scores, in any thread ------------------------------------------------------------

    def reviewed(self, product: str, model_id: str) -> ReviewedScores:
        """Parts that this model judged and an expert called good or defective. AccessError."""
        self._require(Action.VIEW_RECORDS)
        rows = self._store.read(
            lambda session: ScoreRepository(session, product, model_id).answered()
        )
        verdicts = {verdict: 0 for verdict in JUDGED}
        for row in rows:
            verdicts[Verdict(row.verdict)] = verdicts.get(Verdict(row.verdict), 0) + 1
        return ReviewedScores(
            _score_set(row for row in rows if not row.defective),
            _score_set(row for row in rows if row.defective),
            verdicts,
        )

    def logged(
        self,
        product: str,
        model_id: str,
        start: datetime,
        end: datetime,
        wanted: Callable[[], bool] = lambda: True,
    ) -> LoggedScores | None:
        """Scores of the parts captured from ``start`` to before ``end``.

        ``wanted`` is asked between the slices; None as soon as nobody waits any more. AccessError.
        """
        self._require(Action.VIEW_RECORDS)
        found: dict[tuple[str, bool], list[float]] = {
            (verdict.value, novel): [] for verdict in JUDGED for novel in (False, True)
        }
        edges = [start + (end - start) * index / SLICES for index in range(SLICES)] + [end]
        for low, high in pairwise(edges):
            if not wanted():
                return None

            def work(session: Session, low: datetime = low, high: datetime = high) -> None:
                rows = ScoreRepository(session, product, model_id).logged(low, high)
                for score, verdict, novel in rows:
                    found[verdict, bool(novel)].append(score)

            self._store.read(work)
        missed = self._store.read(
            lambda session: ScoreRepository(session, product, model_id).not_judged(start, end)
        )
        sets = {
            verdict: ScoreSet.of(
                np.array(found[verdict.value, False], np.float64),
                np.array(found[verdict.value, True], np.float64),
            )
            for verdict in JUDGED
        }
        return LoggedScores(sets, missed)

    # ---- setting --------------------------------------------------------------------------

    def save(
        self, model_id: str, pair: LimitPair | None, reason: str, facts: dict[str, object]
    ) -> Recipe:
        """A revision with these limits for ``model_id``; None: the model's own decide again.

        ``facts`` (what the limits were expected to do) go into the audit trail. Raises ValueError
        without a reason, LibraryError limits_of_another_model where another model is in use by
        now, and AccessError.
        """
        self._require(Action.CHANGE_RECIPE)
        reason = reason.strip()
        if not reason:
            raise ValueError("a change of the limits needs a reason")
        force = self.in_force()
        if force is None or force.model.model_id != model_id:
            raise LibraryError(
                "limits_of_another_model",
                f"The limits were set for the model {model_id}, which is no longer in use; set "
                "them again for the present one.",
            )
        limits = Limits(model_id, pair.ok, pair.ng) if pair is not None else None
        before = self._recipes.latest(force.product)
        revised = self._revise(force.product, limits, reason, facts)
        self._before = before
        return revised

    @property
    def can_undo(self) -> bool:
        """Whether the last ``save`` can still be taken back: nobody revised the recipe since."""
        before = self._before
        latest = self._recipes.latest(before.name) if before is not None else None
        return before is not None and latest is not None and latest.revision == before.revision + 1

    def undo(self, reason: str) -> Recipe | None:
        """One more revision, with the limits from before the last ``save``; None where there is
        nothing to take back. AccessError."""
        self._require(Action.CHANGE_RECIPE)
        before = self._before
        if before is None or not self.can_undo:
            return None
        revised = self._revise(before.name, before.limits, reason, {"undone": True})
        self._before = None
        return revised

    def _revise(
        self, product: str, limits: Limits | None, reason: str, facts: dict[str, object]
    ) -> Recipe:
        old = self._recipes.latest(product)
        revised = self._recipes.revise(product, reason, limits=limits)
        self._audit.append(
            self._who(),
            "limits.changed",
            product,
            {
                "revision": revised.revision,
                "reason": reason,
                "before": _as_facts(old.limits if old is not None else None),
                "after": _as_facts(limits),
                **facts,
            },
        )
        return revised

    @Slot()
    @Slot(str)
    def _tell(self, _what: str = "") -> None:
        self.changed.emit()


def _as_facts(limits: Limits | None) -> dict[str, object] | None:
    return {"model": limits.model_id, "ok": limits.ok, "ng": limits.ng} if limits else None


def _score_set(rows: Iterable[AnsweredScore]) -> ScoreSet:
    kinds: dict[bool, list[float]] = {False: [], True: []}
    for row in rows:
        kinds[row.novel].append(row.score)
    return ScoreSet.of(np.array(kinds[False], np.float64), np.array(kinds[True], np.float64))
