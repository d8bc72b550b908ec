"""A contact sheet of augmented training pictures with mask outlines. Must not know networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.synthetic import KINDS
from engine.training.augmentation import (
    TARGETED,
    AugmentationSettings,
    SyntheticSettings,
    draw,
    multipliers,
    probabilities,
    unchanged,
)
from engine.training.pictures import Pictures
from engine.training.synthesis import Synthesis
from engine.training.transforms import augment_one

COLUMNS = 7  # the picture as it is and six variations
GAP, CAPTION = 4, 22
PAPER, INK, OUTLINE = (255, 255, 255), (30, 30, 30), (213, 94, 0)

Rgb = NDArray[np.uint8]
_TRIES = 20  # draws of a synthetic defect before its place stays empty


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """What a sheet shows: ``per_class`` variations of each class at ``input_size`` pixels, and of
    each kind of synthetic defect where ``synthetic`` is set."""

    per_class: int = 6
    input_size: int = 224
    seed: int = 0
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)
    synthetic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Section:
    caption: str
    cells: list[Rgb]
    columns: int = COLUMNS


def contact_sheet(pictures: Pictures, counts: Mapping[str, int], options: PreviewOptions) -> Rgb:
    """One section a class, uint8 RGB [H, W, 3]: in each row a picture as it is, then variations of
    it. The defect's outline is drawn in vermilion. ``counts`` are the pictures of each label that
    there are to train on, of which ``pictures`` may hold only some."""
    sections = list(_classes(pictures, counts, options))
    if options.synthetic:
        sections += _synthetic(pictures, options)
    size = options.input_size
    width = COLUMNS * (size + GAP) + GAP
    return np.concatenate([_laid_out(section, size, width) for section in sections])


def _classes(
    pictures: Pictures, counts: Mapping[str, int], options: PreviewOptions
) -> Iterator[_Section]:
    settings, size = options.augmentation, options.input_size
    ratio = settings.balance_ratio if settings.kind == TARGETED else 0.0
    times = multipliers(counts, ratio)
    chances = probabilities(counts, settings)
    labels = np.array([str(sample.label) for sample in pictures.samples])
    for number, (label, count) in enumerate((name, counts[name]) for name in pictures.counts):
        rng = np.random.default_rng((options.seed, number))
        order = rng.permutation(np.flatnonzero(labels == label))
        cells = []
        for cell in range(options.per_class):
            row = cell // (COLUMNS - 1)
            index = int(order[row % len(order)])
            rgb, mask = pictures.pixels[index], pictures.masks[index]
            if cell % (COLUMNS - 1) == 0:
                cells.append(_outlined(*_applied(rgb, mask, size)))
            places = pictures.defect_places[index]
            drawn = draw(settings, rng, chances[label], places, grey=pictures.grey)
            image, moved = augment_one(rgb, mask, drawn, size)
            cells.append(_outlined(_as_rgb(image.numpy()), moved.numpy()))
        caption = f"{label}: {count} pictures, x{times[label]} an epoch"
        if settings.kind == TARGETED:
            caption += f", each transform with probability {chances[label]:g}"
        yield _Section(caption, cells)


def _synthetic(pictures: Pictures, options: PreviewOptions) -> list[_Section]:
    synthesis = Synthesis(pictures, SyntheticSettings(share=1.0))
    goods = np.flatnonzero(pictures.binary == 0)
    sections = []
    for number, kind in enumerate(KINDS):
        if kind not in synthesis.kinds or len(goods) == 0:
            continue
        rng = np.random.default_rng((options.seed, number, 1))
        cells: list[Rgb] = []
        for _ in range(options.per_class):
            tries = (synthesis.make(int(rng.choice(goods)), kind, rng) for _ in range(_TRIES))
            made = next((one for one in tries if one is not None), None)
            if made is None:
                continue
            rgb, mask = _applied(made.rgb, made.mask, options.input_size)
            cells += [rgb, _outlined(rgb, mask)]
        pairs = COLUMNS - COLUMNS % 2
        sections.append(_Section(f"synthetic: {kind.replace('_', ' ')}", cells, pairs))
    return sections


def _applied(rgb: Rgb, mask: Rgb, size: int) -> tuple[Rgb, Rgb]:
    """A picture and its mask at the sheet's size, otherwise as they are."""
    image, moved = augment_one(rgb, mask, unchanged(), size)
    return _as_rgb(image.numpy()), moved.numpy()


def _as_rgb(x01: NDArray[np.float32]) -> Rgb:
    return np.ascontiguousarray(np.moveaxis(x01, 0, -1) * 255.0 + 0.5).astype(np.uint8)


def _outlined(rgb: Rgb, mask: Rgb) -> Rgb:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(rgb.copy(), contours, -1, OUTLINE, 1), np.uint8)


def _laid_out(section: _Section, size: int, width: int) -> Rgb:
    """The cells of one section in rows under its caption."""
    rows = -(-len(section.cells) // section.columns)
    height = CAPTION + rows * (size + GAP)
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    cv2.putText(
        sheet, section.caption, (GAP, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA
    )
    for number, cell in enumerate(section.cells):
        row, column = divmod(number, section.columns)
        top, left = CAPTION + row * (size + GAP), GAP + column * (size + GAP)
        sheet[top : top + size, left : left + size] = cell
    return sheet
