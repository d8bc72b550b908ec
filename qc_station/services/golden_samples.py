"""The golden samples of each product: kept with its recipe, changed by revision. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from qc_station.domain.golden import GoldenSample, GoldenSet, proposed_band
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.recipes import RecipeService


class GoldenError(ValueError):
    """What was asked for cannot be; ``str(error)`` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """``code`` is stable snake_case for translation."""
        super().__init__(message)
        self.code = code


class GoldenSamples:
    """Every change is a new revision of the recipe, with its author and reason.

    What changes raises AccessError without the right to change recipes, StoreError when a picture
    or the revision cannot be kept, KeyError for a product or sample that there is not, and
    GoldenError with what is wrong.
    """

    def __init__(
        self,
        recipes: RecipeService,
        images: ImageStore,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``images`` keeps a copy of each sample's picture."""
        self._recipes = recipes
        self._images = images
        self._clock = clock

    def of(self, recipe: str) -> GoldenSet:
        """The set in force; an empty one where there is none."""
        known = self._recipes.latest(recipe)
        return known.golden or GoldenSet() if known is not None else GoldenSet()

    def picture(self, sample: GoldenSample) -> NDArray[np.uint8]:
        """uint8 RGB [H, W, 3]; StoreError when it is gone or another one."""
        return self._images.read_golden(sample.image_path, sample.sha256)

    def add(self, recipe: str, part: Inspection, name: str, expected: Verdict) -> GoldenSample:
        """Takes an inspected part in, with a band around its score."""
        self._recipes.may_change()
        golden, name = self.of(recipe), name.strip()
        _check_name(name, golden)
        if part.recipe != recipe:
            raise GoldenError(
                "golden_other_product", f"This part was inspected as {part.recipe}: choose another."
            )
        if part.score is None or part.model_id is None:
            raise GoldenError("golden_no_score", "This part has no score: choose another.")
        if part.image_path is None:
            raise GoldenError("golden_no_picture", "No picture was kept of this part.")
        low, high = proposed_band(part)
        path, digest = self._images.write_golden(self._images.read(part.image_path))
        sample = GoldenSample(name, expected, low, high, part.model_id, path, digest)
        self._keep(recipe, golden, (*golden.samples, sample), f"golden sample {name} added")
        return sample

    def remove(self, recipe: str, name: str) -> None:
        """Takes a sample out; its picture stays for the records."""
        golden = self.of(recipe)
        left = tuple(sample for sample in golden.samples if sample.name != name)
        if len(left) == len(golden.samples):
            raise KeyError(name)
        self._keep(recipe, golden, left, f"golden sample {name} removed")

    def change(self, recipe: str, name: str, expected: Verdict, low: float, high: float) -> None:
        """Another expectation of a sample, for the model that its band was recorded with."""
        golden = self.of(recipe)
        found = {sample.name: sample for sample in golden.samples}[name]
        if low > high:
            raise GoldenError(
                "golden_band", "The lower end of the score band lies above the upper end."
            )
        changed = replace(found, expected=expected, low=low, high=high)
        if changed != found:
            samples = [changed if one is found else one for one in golden.samples]
            self._keep(recipe, golden, samples, f"golden sample {name} changed")

    def schedule(self, recipe: str, interval_h: int, at_shift_start: bool) -> None:
        """Hours between checks (0: none), and whether each shift begins with one."""
        golden = self.of(recipe)
        changed = replace(golden, interval_h=interval_h, at_shift_start=at_shift_start)
        if changed != golden:
            self._recipes.revise(recipe, "times of the golden-sample check", golden=changed)

    def record_bands(self, recipe: str, parts: Mapping[str, Inspection]) -> int:
        """New bands around these parts' scores, by sample name: after a model change. How many."""
        golden = self.of(recipe)
        samples = [_recorded(one, parts.get(one.name)) for one in golden.samples]
        changed = sum(new != old for new, old in zip(samples, golden.samples, strict=True))
        if changed:
            self._keep(recipe, golden, samples, "score bands of the golden samples recorded")
        return changed

    def _keep(
        self, recipe: str, golden: GoldenSet, samples: Iterable[GoldenSample], reason: str
    ) -> None:
        changed = golden.with_samples(tuple(samples), self._clock())
        self._recipes.revise(recipe, reason, golden=changed)


def _check_name(name: str, golden: GoldenSet) -> None:
    if not name:
        raise GoldenError("golden_name", "Give the sample the name that stands on it.")
    if name.casefold() in (sample.name.casefold() for sample in golden.samples):
        raise GoldenError("golden_name_taken", "There is already a sample of this name.")


def _recorded(sample: GoldenSample, part: Inspection | None) -> GoldenSample:
    """The sample with the band of a part that was judged as expected; as it was otherwise."""
    if part is None or part.verdict is not sample.expected or part.model_id is None:
        return sample
    low, high = proposed_band(part)
    return replace(sample, low=low, high=high, model_id=part.model_id)
