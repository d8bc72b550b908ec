"""What augmentation does to one picture: settings, balance and random draws. Must not know torch.

The geometric transforms of one picture are composed into a single 3×3 matrix, so that its pixels
are interpolated once, whatever is drawn. ``engine.training.transforms`` applies what is drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.synthetic import KINDS as SYNTHETIC_KINDS
from engine.errors import EngineError

TARGETED, PLAIN, NONE = "targeted", "plain", "none"
KINDS = (TARGETED, PLAIN, NONE)
PLACEMENTS = ("auto", "anywhere", "same")
_TRIES = 8  # draws of the geometry before a defect that will not stay in view is left where it is


@dataclass(frozen=True, slots=True)
class AugmentationSettings:
    """How training pictures are varied.

    ``kind`` is "targeted" (the twelve transforms, classes balanced by repetition), "plain"
    (enlarge, random crop, flips, rotation, colour jitter) or "none". Angles are degrees;
    ``translation``, ``crop`` and ``perspective`` are shares of the picture's edge; brightness,
    contrast, saturation and sharpness are factors; ``noise_sigma`` is in grey levels of 255.
    Ranges are (lowest, highest). A transform is switched off by a range that changes nothing.
    """

    kind: str = TARGETED
    enlarge: float = 256 / 224  # pictures are cached this much larger than the network's input
    # A class is repeated until it has 1/balance_ratio of the largest one's pictures; 0: never.
    balance_ratio: float = 2.5
    less_frequent_below: float = 0.5  # of the largest class's size
    rare_below: float = 0.2
    # Probability of each transform for frequent, less frequent and rare classes. Flips have 0.5.
    probabilities: tuple[float, float, float] = (0.3, 0.6, 0.9)
    # Switch flips off for products whose mirror image is a defect (wires in a fixed order).
    flip_horizontal: bool = True
    flip_vertical: bool = True
    rotation_degrees: float = 30.0
    translation: float = 20 / 224
    scale: tuple[float, float] = (0.85, 1.15)
    perspective: float = 0.1  # the corners move by at most this
    crop: tuple[float, float] = (0.9, 1.0)
    brightness: tuple[float, float] = (0.7, 1.3)
    contrast: tuple[float, float] = (0.7, 1.3)
    saturation: tuple[float, float] = (0.7, 1.3)
    noise_sigma: tuple[float, float] = (5.0, 15.0)
    blur_kernels: tuple[int, ...] = (3, 5)
    sharpness: tuple[float, float] = (1.0, 2.0)
    # At least this share of a defect's masked pixels stays in view, or the geometry is redrawn.
    keep_visible: float = 0.5

    def __post_init__(self) -> None:
        """Raises EngineError augmentation_unknown, augmentation_out_of_range."""
        if self.kind not in KINDS:
            raise EngineError(
                "augmentation_unknown",
                f"The augmentation {self.kind!r} is not known; choose {', '.join(KINDS)}.",
                kind=self.kind,
            )
        for name, good in (
            ("enlarge", self.enlarge >= 1.0),
            ("balance_ratio", self.balance_ratio == 0.0 or self.balance_ratio >= 1.0),
            ("probabilities", all(0.0 <= p <= 1.0 for p in self.probabilities)),
            ("rotation_degrees", 0.0 <= self.rotation_degrees <= 180.0),
            ("translation", 0.0 <= self.translation < 0.5),
            ("perspective", 0.0 <= self.perspective < 0.4),
            ("scale", 0.0 < self.scale[0] <= self.scale[1]),
            ("crop", 0.0 < self.crop[0] <= self.crop[1] <= 1.0),
            ("blur_kernels", all(kernel in (3, 5) for kernel in self.blur_kernels)),
            ("keep_visible", 0.0 <= self.keep_visible <= 1.0),
        ):
            if not good:
                value = getattr(self, name)
                raise EngineError(
                    "augmentation_out_of_range",
                    f"The augmentation's {name} cannot be {value}; see its description.",
                    name=name,
                    value=value,
                )

    def cached_size(self, input_size: int) -> int:
        """Edge in pixels at which training pictures are to be cached for this input size."""
        return input_size if self.kind == NONE else round(input_size * self.enlarge)


@dataclass(frozen=True, slots=True)
class SyntheticSettings:
    """Defects made from good pictures. ``share`` of the good pictures of an epoch become
    defective, in equal parts by the ``kinds`` ("cut_paste", "perlin", "transplant"); 0 is off.

    ``placement`` says where a transplanted defect may go: "same" (where the donor had it, a little
    moved), "anywhere", or "auto": "same" where the good pictures look alike pixel by pixel.
    """

    share: float = 0.0
    kinds: tuple[str, ...] = SYNTHETIC_KINDS
    placement: str = "auto"

    def __post_init__(self) -> None:
        """Raises EngineError synthetic_unknown, augmentation_out_of_range."""
        unknown = [kind for kind in self.kinds if kind not in SYNTHETIC_KINDS]
        unknown += [self.placement] if self.placement not in PLACEMENTS else []
        if unknown:
            raise EngineError(
                "synthetic_unknown",
                f"Synthetic defects know no {unknown[0]!r}; the kinds are "
                f"{', '.join(SYNTHETIC_KINDS)}, the placements {', '.join(PLACEMENTS)}.",
                name=unknown[0],
            )
        if not 0.0 <= self.share <= 1.0:
            raise EngineError(
                "augmentation_out_of_range",
                f"The share of synthetic defects cannot be {self.share}; give 0 to 1.",
                name="share",
                value=self.share,
            )

    @property
    def active(self) -> bool:
        """Whether any synthetic defect is made."""
        return self.share > 0.0 and bool(self.kinds)


def multipliers(counts: Mapping[str, int], balance_ratio: float) -> dict[str, int]:
    """How often each class's pictures are used in an epoch.

    ceil(largest / size) as the specification says, but no more than it takes to bring the class to
    1/balance_ratio of the largest. A ratio of 0 repeats nothing.
    """
    largest = max(counts.values(), default=0)
    if balance_ratio == 0.0:
        return dict.fromkeys(counts, 1)
    return {
        name: max(1, math.ceil(largest / (balance_ratio * count))) if count else 0
        for name, count in counts.items()
    }


def probabilities(counts: Mapping[str, int], settings: AugmentationSettings) -> dict[str, float]:
    """The probability of each transform for each class, by how rare the class is."""
    largest = max(counts.values(), default=0)
    frequent, less_frequent, rare = settings.probabilities
    found = {}
    for name, count in counts.items():
        if count < settings.rare_below * largest:
            found[name] = rare
        elif count < settings.less_frequent_below * largest:
            found[name] = less_frequent
        else:
            found[name] = frequent
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """What happens to one picture.

    ``matrix`` float64 [3, 3] maps a place of the result to its place in the source; both frames
    reach from -1 to 1 between the outer edges of the outer pixels, y downwards. ``noise`` is the
    standard deviation for pixels in [0, 1], the same in all channels of a ``grey`` picture;
    ``blur`` is the kernel's edge, 0 for none.
    """

    matrix: NDArray[np.float64]
    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    sharpness: float = 1.0
    blur: int = 0
    noise: float = 0.0
    noise_seed: int = 0
    grey: bool = False


def unchanged() -> Draw:
    """The draw that only brings a picture to the result's size."""
    return Draw(np.eye(3))


def draw(
    settings: AugmentationSettings,
    rng: np.random.Generator,
    probability: float,
    defect_at: NDArray[np.float64] | None = None,
    *,
    grey: bool = False,
) -> Draw:
    """Draw the transforms of one picture.

    ``probability`` is that of each of the targeted transforms. ``defect_at`` float64 [n, 2] are
    places (x, y) of the defect in the source frame, of which ``keep_visible`` stay in view.
    ``grey`` says that the picture has no colour and must not get any.
    """
    if settings.kind == NONE:
        return unchanged()
    matrix = np.eye(3)
    for _ in range(_TRIES):
        drawn = _geometry(settings, rng, probability)
        if share_in_view(drawn, defect_at) >= settings.keep_visible:
            matrix = drawn
            break
    if settings.kind == PLAIN:
        brightness, contrast, saturation = (
            rng.uniform(*reach)
            for reach in (settings.brightness, settings.contrast, settings.saturation)
        )
        return Draw(matrix, brightness, contrast, saturation)
    return Draw(
        matrix=matrix,
        brightness=_maybe(rng, probability, settings.brightness, 1.0),
        contrast=_maybe(rng, probability, settings.contrast, 1.0),
        saturation=_maybe(rng, probability, settings.saturation, 1.0),
        sharpness=_maybe(rng, probability, settings.sharpness, 1.0),
        blur=_kernel(settings, rng) if rng.random() < probability else 0,
        noise=_maybe(rng, probability, settings.noise_sigma, 0.0) / 255.0,
        noise_seed=int(rng.integers(2**62)),
        grey=grey,
    )


def share_in_view(matrix: NDArray[np.float64], places: NDArray[np.float64] | None) -> float:
    """Share of the source places float64 [n, 2] that the result of ``matrix`` shows."""
    if places is None or len(places) == 0:
        return 1.0
    moved = np.column_stack((places, np.ones(len(places)))) @ np.linalg.inv(matrix).T
    shown = np.abs(moved[:, :2]) < np.abs(moved[:, 2:])
    return float(shown.all(axis=1).mean())


def _maybe(
    rng: np.random.Generator, probability: float, reach: tuple[float, float], otherwise: float
) -> float:
    return float(rng.uniform(*reach)) if rng.random() < probability else otherwise


def _kernel(settings: AugmentationSettings, rng: np.random.Generator) -> int:
    return int(rng.choice(settings.blur_kernels)) if settings.blur_kernels else 0


def _geometry(
    settings: AugmentationSettings, rng: np.random.Generator, probability: float
) -> NDArray[np.float64]:
    """One matrix for crop, flips, rotation, scale, translation and perspective."""
    plain = settings.kind == PLAIN
    matrix = np.eye(3)
    if plain or rng.random() < probability:
        side = 1.0 / settings.enlarge if plain else rng.uniform(*settings.crop)
        matrix = matrix @ _crop(side, rng.uniform(-1.0, 1.0, 2))
    flip_x = settings.flip_horizontal and rng.random() < 0.5
    flip_y = settings.flip_vertical and rng.random() < 0.5
    matrix = matrix @ np.diag((-1.0 if flip_x else 1.0, -1.0 if flip_y else 1.0, 1.0))
    if plain or rng.random() < probability:
        reach = settings.rotation_degrees
        matrix = matrix @ _rotation(math.radians(rng.uniform(-reach, reach)))
    if plain:
        return matrix
    if rng.random() < probability:
        factor = 1.0 / rng.uniform(*settings.scale)
        matrix = matrix @ np.diag((factor, factor, 1.0))
    if rng.random() < probability:
        matrix = matrix @ _shift(2.0 * settings.translation * rng.uniform(-1.0, 1.0, 2))
    if settings.perspective > 0.0 and rng.random() < probability:
        matrix = matrix @ _perspective(2.0 * settings.perspective * rng.uniform(0.0, 1.0, (4, 2)))
    return matrix


def _crop(side: float, where: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of this share of the edge; ``where`` in -1..1 places it."""
    x, y = (1.0 - side) * where
    return np.array(((side, 0.0, x), (0.0, side, y), (0.0, 0.0, 1.0)))


def _rotation(angle: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array(((cosine, -sine, 0.0), (sine, cosine, 0.0), (0.0, 0.0, 1.0)))


def _shift(by: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array(((1.0, 0.0, by[0]), (0.0, 1.0, by[1]), (0.0, 0.0, 1.0)))


def _perspective(inwards: NDArray[np.float64]) -> NDArray[np.float64]:
    """The result's corners show the source's corners moved inwards by float64 [4, 2]."""
    corners = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1)), np.float32)
    seen = (corners * (1.0 - inwards)).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, seen), np.float64)
