"""Segmentation examples: small pictures, masks and maps of all models. Must not know HTML.

The pictures are those that ``evaluate`` kept maps of, the first of every class by name, so that
all models show the same ones and none is chosen for its result.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.images import read_image
from engine.errors import EngineError

EDGE = 160  # pixels of the longer side
MOST = 8
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Example:
    """One picture as data URIs: ``mask`` None where it is not known, ``maps`` by model."""

    name: str
    label: str
    picture: str
    mask: str | None
    maps: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    maps: NDArray[np.float32]
    masks: NDArray[np.bool_]
    known: NDArray[np.bool_]
    ids: list[str]
    paths: list[str]
    labels: list[str]
    full_scale: float
    threshold: float


def draw_examples(files: Mapping[str, Path]) -> list[Example]:
    """Examples from one array file for each model; pictures that are gone are left out."""
    kept = {model: _read(file) for model, file in files.items()}
    first = next(iter(kept.values()))
    examples = []
    for place in _chosen(first.labels):
        try:
            rgb = _small(read_image(Path(first.paths[place])))
        except EngineError:
            continue
        shape = (rgb.shape[1], rgb.shape[0])
        mask = None
        if first.known[place]:
            plane = first.masks[place].astype(np.uint8) * 255
            mask = _uri(cv2.resize(plane, shape, interpolation=cv2.INTER_NEAREST), ".png")
        maps = {
            model: _uri(_coloured(own, own.ids.index(first.ids[place]), shape), ".jpg")
            for model, own in kept.items()
            if first.ids[place] in own.ids
        }
        examples.append(
            Example(
                name=first.ids[place],
                label=first.labels[place],
                picture=_uri(rgb[..., ::-1], ".jpg"),
                mask=mask,
                maps=maps,
            )
        )
    return examples


def data_uri(kind: str, data: bytes) -> str:
    """Bytes as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _read(file: Path) -> _Maps:
    with np.load(file, allow_pickle=False) as stored:
        rows = stored["example_index"]
        return _Maps(
            maps=stored["example_maps"].astype(np.float32),
            masks=stored["example_masks"],
            known=stored["example_known"],
            ids=[str(value) for value in stored["ids"][rows]],
            paths=[str(value) for value in stored["paths"][rows]],
            labels=[str(value) for value in stored["labels"][rows]],
            full_scale=float(stored["map_full_scale"]),
            threshold=float(stored["region_threshold"]),
        )


def _chosen(labels: list[str]) -> list[int]:
    """One picture of each class, defects first, then second ones while there is room."""
    seen: dict[str, int] = {}
    ranked = []
    for place, label in enumerate(labels):
        seen[label] = seen.get(label, 0) + 1
        ranked.append((seen[label], label == "good", place))
    chosen = sorted(ranked)[:MOST]
    return [place for _, _, place in sorted(chosen, key=lambda one: (one[1], one[2]))]


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    scale = EDGE / max(rgb.shape[:2])
    shape = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, shape, interpolation=how), np.uint8)


def _coloured(own: _Maps, place: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """A map in viridis from 0 to its full scale, BGR, with the region threshold's outline."""
    plane = cv2.resize(own.maps[place], shape, interpolation=cv2.INTER_LINEAR)
    level = np.clip(plane * (255.0 / max(own.full_scale, 1e-12)), 0, 255).astype(np.uint8)
    drawn = cv2.applyColorMap(level, cv2.COLORMAP_VIRIDIS)
    inside = (plane > own.threshold).astype(np.uint8)
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(drawn, outlines, -1, (255, 255, 255), 1)
    return np.asarray(drawn, np.uint8)


def _uri(pixels: NDArray[np.generic], suffix: str) -> str:
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY] if suffix == ".jpg" else []
    done, data = cv2.imencode(suffix, np.ascontiguousarray(pixels), options)
    if not done:
        raise EngineError("figure_unwritable", "A picture of the report could not be encoded.")
    return data_uri("image/jpeg" if suffix == ".jpg" else "image/png", data.tobytes())
