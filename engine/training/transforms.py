"""Apply drawn augmentations: torchvision v2 transforms for one picture, and the same sums for a
whole batch on the training device. Must not know where pictures come from or what is drawn.

Borders are filled by reflection. Pictures are interpolated linearly, masks by nearest neighbour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torchvision import tv_tensors
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as tv_functional

from engine.training.augmentation import Draw

GREY = (0.2989, 0.587, 0.114)  # the weights that torchvision's saturation and contrast use
SMOOTHING = (1.0 / 13.0, 5.0 / 13.0)  # edge and centre of the 3×3 kernel of adjust_sharpness
_WIDEST_BLUR = 5

_Change = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class Warp(v2.Transform):  # type: ignore[misc]  # torchvision brings no types
    """Every geometric transform of a draw in one step: uint8 pictures and masks [C, H, H] and
    [H, H] become [C, size, size] and [size, size]."""

    _transformed_types = (tv_tensors.Image, tv_tensors.Mask)

    def __init__(self, matrix: NDArray[np.float64], size: int) -> None:
        super().__init__()
        self.matrix, self.size = matrix, size

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """One tv_tensor; the others of the same call get the same matrix."""
        pixels = inpt.numpy()
        if isinstance(inpt, tv_tensors.Mask):
            warped = warp(pixels, self.matrix, self.size, cv2.INTER_NEAREST)
            return tv_tensors.Mask(torch.from_numpy(warped))
        warped = warp(np.moveaxis(pixels, 0, -1), self.matrix, self.size, cv2.INTER_LINEAR)
        return tv_tensors.Image(torch.from_numpy(warped).permute(2, 0, 1))


class Photometric(v2.Transform):  # type: ignore[misc]  # torchvision brings no types
    """The photometric transforms of a draw, on float32 pictures in [0, 1]."""

    _transformed_types = (tv_tensors.Image,)

    def __init__(self, drawn: Draw) -> None:
        super().__init__()
        self.drawn = drawn

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """One picture; sharpness and blur come first, the sensor's noise last."""
        drawn, image = self.drawn, inpt
        if drawn.blur or drawn.sharpness != 1.0:
            image = _filter(image, drawn)
        if drawn.brightness != 1.0:
            image = tv_functional.adjust_brightness(image, drawn.brightness)
        if drawn.contrast != 1.0:
            image = tv_functional.adjust_contrast(image, drawn.contrast)
        if drawn.saturation != 1.0:
            image = tv_functional.adjust_saturation(image, drawn.saturation)
        if drawn.noise > 0.0:
            noise = _noise(drawn, image.shape, image.device)
            moved = torch.add(image, noise, alpha=drawn.noise).clamp_(0.0, 1.0)
            image = tv_tensors.Image(moved.as_subclass(torch.Tensor))
        return image


def transforms_of(drawn: Draw, size: int) -> v2.Compose:
    """The v2 transforms of one draw, for (tv_tensors.Image uint8, tv_tensors.Mask uint8)."""
    return v2.Compose(
        [Warp(drawn.matrix, size), v2.ToDtype(torch.float32, scale=True), Photometric(drawn)]
    )


def augment_one(
    rgb: NDArray[np.uint8], mask: NDArray[np.uint8], drawn: Draw, size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """One picture uint8 [H, H, 3] and its mask uint8 [H, H] (0, 1) become float32 [3, size, size]
    in [0, 1] and uint8 [size, size]."""
    image = tv_tensors.Image(torch.from_numpy(rgb).permute(2, 0, 1))
    moved, moved_mask = transforms_of(drawn, size)(image, tv_tensors.Mask(torch.from_numpy(mask)))
    return moved.as_subclass(torch.Tensor), moved_mask.as_subclass(torch.Tensor)


def augment_batch(
    pixels: torch.Tensor, masks: torch.Tensor, draws: Sequence[Draw], size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch uint8 [N, H, H, 3] and masks uint8 [N, H, H] become float32 [N, 3, size, size] in
    [0, 1] and float32 [N, size, size], on the device they are on.

    The same sums as ``augment_one`` but for the rounding; noise comes from the device's own
    generator, so that its values are others on another kind of device.
    """
    device = pixels.device
    grid = _grid(np.stack([drawn.matrix for drawn in draws]), size, device)
    image = functional.grid_sample(
        pixels.permute(0, 3, 1, 2).float(),
        grid,
        mode="bilinear",
        padding_mode="reflection",
        align_corners=False,
    ).div_(255.0)
    moved_masks = functional.grid_sample(
        masks[:, None].float(),
        grid,
        mode="nearest",
        padding_mode="reflection",
        align_corners=False,
    )[:, 0]
    image = _on(image, draws, "blur", 0, _blur)
    image = _on(image, draws, "sharpness", 1.0, _sharpen)
    image = _on(image, draws, "brightness", 1.0, lambda part, factor: (part * factor).clamp(0, 1))
    image = _on(image, draws, "contrast", 1.0, _contrast)
    image = _on(image, draws, "saturation", 1.0, _saturate)
    return _add_noise(image, draws), moved_masks


def warp(
    pixels: NDArray[np.uint8], matrix: NDArray[np.float64], size: int, interpolation: int
) -> NDArray[np.uint8]:
    """Move uint8 [H, W(, 3)] by a matrix as in ``Draw`` to [size, size(, 3)]; borders reflect."""
    height, width = pixels.shape[:2]
    from_normal = np.array(
        ((width / 2, 0, (width - 1) / 2), (0, height / 2, (height - 1) / 2), (0, 0, 1))
    )
    to_normal = np.array(((2 / size, 0, 1 / size - 1), (0, 2 / size, 1 / size - 1), (0, 0, 1)))
    warped = cv2.warpPerspective(
        np.ascontiguousarray(pixels),
        from_normal @ matrix @ to_normal,
        (size, size),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    return np.asarray(warped, np.uint8)


def _filter(image: tv_tensors.Image, drawn: Draw) -> tv_tensors.Image:
    """Blur and sharpness as torchvision's functionals have them, which take 7 ms each on one core
    for 224 px where OpenCV takes 0.5 ms."""
    pixels = np.ascontiguousarray(image.permute(1, 2, 0).numpy())
    if drawn.blur:
        pixels = cv2.GaussianBlur(
            pixels,
            (drawn.blur, drawn.blur),
            blur_sigma(drawn.blur),
            borderType=cv2.BORDER_REFLECT_101,
        )
    if drawn.sharpness != 1.0:
        smooth = cv2.filter2D(pixels, -1, _smoothing_kernel())
        sharpened = smooth + np.float32(drawn.sharpness) * (pixels - smooth)
        np.clip(sharpened, 0.0, 1.0, out=sharpened)
        for edge in (0, -1):  # as torchvision, which leaves the outermost pixels alone
            sharpened[edge], sharpened[:, edge] = pixels[edge], pixels[:, edge]
        pixels = sharpened
    return tv_tensors.Image(torch.from_numpy(pixels).permute(2, 0, 1))


def _smoothing_kernel() -> NDArray[np.float32]:
    edge, centre = SMOOTHING
    kernel = np.full((3, 3), edge, np.float32)
    kernel[1, 1] = centre
    return kernel


def blur_sigma(kernel: int) -> float:
    """Standard deviation in pixels that OpenCV gives a Gaussian kernel of this edge."""
    return 0.3 * ((kernel - 1) * 0.5 - 1) + 0.8


def _grid(matrices: NDArray[np.float64], size: int, device: torch.device) -> torch.Tensor:
    """Where each pixel of the result comes from, float32 [N, size, size, 2]."""
    matrix = torch.from_numpy(matrices.astype(np.float32)).to(device, non_blocking=True)
    axis = (torch.arange(size, device=device, dtype=torch.float32) * 2 + 1) / size - 1
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    x, y = x[None], y[None]
    # No matrix product: with TF32 allowed it would misplace pixels by a tenth of their size.
    row = matrix[..., None, None].unbind(1)
    over_x, over_y, under = (r[:, 0] * x + r[:, 1] * y + r[:, 2] for r in row)
    return torch.stack((over_x / under, over_y / under), -1)


def _on(
    image: torch.Tensor, draws: Sequence[Draw], name: str, neutral: float, change: _Change
) -> torch.Tensor:
    """Change the pictures whose draw asks for it; ``change`` gets them and values [n, 1, 1, 1]."""
    chosen = [index for index, drawn in enumerate(draws) if getattr(drawn, name) != neutral]
    if not chosen:
        return image
    values = torch.tensor([float(getattr(draws[index], name)) for index in chosen])
    values = values.to(image.device, non_blocking=True).view(-1, 1, 1, 1)
    if len(chosen) == len(draws):
        return change(image, values)
    where = torch.tensor(chosen).to(image.device, non_blocking=True)
    return image.index_copy(0, where, change(image.index_select(0, where), values))


def _grey(image: torch.Tensor) -> torch.Tensor:
    weights = torch.tensor(GREY, device=image.device).view(1, 3, 1, 1)
    return (image * weights).sum(1, keepdim=True)


def _contrast(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    mean = _grey(image).mean((1, 2, 3), keepdim=True)
    return (mean + (image - mean) * factor).clamp(0.0, 1.0)


def _saturate(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    grey = _grey(image)
    return (grey + (image - grey) * factor).clamp(0.0, 1.0)


def _sharpen(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    """As torchvision's adjust_sharpness: the outermost pixels stay."""
    edge, centre = SMOOTHING
    inner = image[..., 1:-1, 1:-1]
    smooth = functional.avg_pool2d(image, 3, stride=1) * (9 * edge) + inner * (centre - edge)
    sharpened = image.clone()
    sharpened[..., 1:-1, 1:-1] = smooth + (inner - smooth) * factor
    return sharpened.clamp_(0.0, 1.0)


def _blur(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Gaussian blur of each picture with its own kernel's edge, by shifted sums."""
    reach = _WIDEST_BLUR // 2
    sigma = 0.3 * ((kernel - 1.0) * 0.5 - 1.0) + 0.8
    offsets = torch.arange(-reach, reach + 1, device=image.device).view(1, -1, 1, 1)
    weights = torch.exp(-0.5 * (offsets / sigma) ** 2) * (offsets.abs() <= (kernel - 1) / 2)
    weights = weights / weights.sum(1, keepdim=True)  # [N, taps, 1, 1]
    for axis in (2, 3):
        padding = (0, 0, reach, reach) if axis == 2 else (reach, reach, 0, 0)
        padded = functional.pad(image, padding, mode="reflect")
        length = image.shape[axis]
        image = sum(  # type: ignore[assignment]  # a sum of tensors, never the int 0 it starts at
            weights[:, tap : tap + 1] * padded.narrow(axis, tap, length)
            for tap in range(_WIDEST_BLUR)
        )
    return image


def _add_noise(image: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    for index, drawn in enumerate(draws):
        if drawn.noise > 0.0:
            noise = _noise(drawn, image.shape[1:], image.device)
            image[index].add_(noise, alpha=drawn.noise).clamp_(0.0, 1.0)
    return image


def _noise(drawn: Draw, shape: Sequence[int], device: torch.device) -> torch.Tensor:
    """Standard normal values [C, H, W], drawn and laid out channel by channel within a pixel as
    the pictures of ``augment_one`` are."""
    generator = torch.Generator(device).manual_seed(drawn.noise_seed)
    channels, height, width = shape
    drawn_channels = 1 if drawn.grey else channels
    values = torch.randn((height, width, drawn_channels), generator=generator, device=device)
    return values.permute(2, 0, 1).expand(channels, height, width)
