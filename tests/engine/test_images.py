"""Reading pictures: formats, depths, damage, and the one resize."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.data.images import (
    fit_for_model,
    fit_mask,
    list_images,
    picture_size,
    placement,
    read_image,
    resize_for_model,
)
from engine.data.masks import mask_at_map_size, read_mask
from engine.errors import EngineError


def _write(path: Path, stored: np.ndarray) -> Path:
    done, data = cv2.imencode(path.suffix, stored)
    assert done
    path.write_bytes(data.tobytes())
    return path


@pytest.fixture
def rgb() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (30, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".tif"])
def test_lossless_formats_come_back_as_rgb(tmp_path: Path, rgb: np.ndarray, suffix: str) -> None:
    path = _write(tmp_path / f"a{suffix}", rgb[..., ::-1])
    read = read_image(path)
    assert read.dtype == np.uint8 and read.flags.c_contiguous
    np.testing.assert_array_equal(read, rgb)


def test_jpeg_is_read_as_rgb(tmp_path: Path) -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 2] = 200
    read = read_image(_write(tmp_path / "a.jpg", red))
    assert read[..., 0].mean() > 190 and read[..., 1:].mean() < 10


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".jpg"])
def test_grey_is_repeated_over_the_channels(tmp_path: Path, rgb: np.ndarray, suffix: str) -> None:
    read = read_image(_write(tmp_path / f"a{suffix}", rgb[..., 0]))
    assert read.shape == (30, 40, 3)
    np.testing.assert_array_equal(read[..., 0], read[..., 2])


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_sixteen_bits_keep_their_full_range(tmp_path: Path, rgb: np.ndarray, suffix: str) -> None:
    deep = rgb.astype(np.uint16) * 257
    np.testing.assert_array_equal(read_image(_write(tmp_path / f"a{suffix}", deep[..., ::-1])), rgb)
    dark = np.full((8, 8), 1000, np.uint16)  # is not stretched
    assert read_image(_write(tmp_path / f"b{suffix}", dark)).max() == 4


def test_alpha_is_dropped(tmp_path: Path, rgb: np.ndarray) -> None:
    alpha = np.dstack([rgb[..., ::-1], np.zeros(rgb.shape[:2], np.uint8)])
    np.testing.assert_array_equal(read_image(_write(tmp_path / "a.png", alpha)), rgb)


def test_exif_orientation_is_ignored(tmp_path: Path) -> None:
    _, data = cv2.imencode(".jpg", np.zeros((20, 50, 3), np.uint8))
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    raw = data.tobytes()
    path = tmp_path / "turned.jpg"
    path.write_bytes(raw[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + raw[2:])
    assert cv2.imread(str(path)).shape == (50, 20, 3)  # the tag is understood by others
    assert read_image(path).shape == (20, 50, 3)
    assert picture_size(path) == (20, 50)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tiff"])
@pytest.mark.parametrize("share", [0.0, 0.4, 0.95])
def test_a_truncated_picture_is_refused_in_one_sentence(
    tmp_path: Path, rgb: np.ndarray, suffix: str, share: float
) -> None:
    path = _write(tmp_path / f"cut{suffix}", rgb)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(EngineError) as error:
        read_image(path)
    assert error.value.code == "picture_unreadable"
    assert error.value.params["path"] == str(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("hello")
    _write(tmp_path / "float.tiff", np.zeros((4, 4), np.float32))
    for name in ("text.png", "float.tiff", "absent.png"):
        with pytest.raises(EngineError, match=name) as error:
            read_image(tmp_path / name)
        assert error.value.code == "picture_unreadable"


def test_names_outside_of_ascii_are_read(tmp_path: Path, rgb: np.ndarray) -> None:
    assert read_image(_write(tmp_path / "fil plié – 电缆.png", rgb)).shape == rgb.shape


def test_only_pictures_are_listed_in_order(tmp_path: Path, rgb: np.ndarray) -> None:
    for name in ("b.PNG", "a.jpg", ".hidden.png"):
        _write(tmp_path / name, rgb)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "deep").mkdir()
    _write(tmp_path / "deep" / "c.bmp", rgb)
    assert [p.name for p in list_images(tmp_path)] == ["a.jpg", "b.PNG"]
    assert [p.name for p in list_images(tmp_path, recursive=True)] == ["a.jpg", "b.PNG", "c.bmp"]
    with pytest.raises(EngineError) as error:
        list_images(tmp_path / "none")
    assert error.value.code == "folder_missing"


def test_resizing_averages_down_and_interpolates_up() -> None:
    checks = (np.indices((256, 256)).sum(axis=0) % 2 * 255).astype(np.uint8)
    down = resize_for_model(np.repeat(checks[..., None], 3, 2), 64)
    assert down.shape == (64, 64, 3) and set(np.unique(down)) <= {127, 128}
    small = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    np.testing.assert_array_equal(
        resize_for_model(small, 64), cv2.resize(small, (64, 64), interpolation=cv2.INTER_LINEAR)
    )
    same = np.zeros((64, 64, 3), np.uint8)
    assert resize_for_model(same, 64).shape == same.shape


def test_an_axis_that_shrinks_is_averaged_even_if_the_other_grows() -> None:
    stripes = np.zeros((32, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    resized = resize_for_model(stripes, 64)
    assert resized.shape == (64, 64, 3)
    assert set(np.unique(resized)) <= {127, 128}  # no aliasing of the one-pixel stripes


def test_masks_are_true_where_any_colour_is_set(tmp_path: Path) -> None:
    colour = np.zeros((6, 6, 4), np.uint8)
    colour[..., 3] = 255  # opaque everywhere, which is no defect
    colour[2, 3, 1] = 1
    mask = read_mask(_write(tmp_path / "m.png", colour))
    assert mask.dtype == bool and mask.sum() == 1 and mask[2, 3]
    assert read_mask(_write(tmp_path / "g.png", np.eye(5, dtype=np.uint8))).sum() == 5


def test_masks_are_resized_by_nearest_neighbour() -> None:
    mask = np.zeros((64, 64), bool)
    mask[16:32, 8:24] = True
    small = mask_at_map_size(mask, 32, 32)
    assert small.dtype == bool
    expected = np.zeros((32, 32), bool)
    expected[8:16, 4:12] = True
    np.testing.assert_array_equal(small, expected)
    assert mask_at_map_size(mask, 64, 64) is mask


def test_a_letter_boxed_picture_keeps_its_proportions_and_reflects_at_its_margins() -> None:
    wide = np.zeros((50, 100, 3), np.uint8)
    wide[:, 40:60] = 200
    pixels, where = fit_for_model(wide, 64, "letterbox")
    assert (where.top, where.left, where.height, where.width) == (16, 0, 32, 64)
    np.testing.assert_array_equal(pixels[where.top - 3], pixels[where.top + 3])
    assert pixels.shape == (64, 64, 3) and pixels.min() == 0 and pixels.max() == 200


@pytest.mark.parametrize("shape", [(283, 105), (30, 400), (5, 9), (64, 64)])
def test_a_map_is_cut_back_to_the_picture(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    mask = np.zeros(shape, bool)
    mask[shape[0] // 3 : 2 * shape[0] // 3 + 1, shape[1] // 4 : shape[1] // 2 + 1] = True
    picture = rng.integers(0, 255, (*shape, 3)).astype(np.uint8)
    pixels, where = fit_for_model(picture, 64, "letterbox")
    fitted = fit_mask(mask, 64, "letterbox")
    assert pixels.shape == (64, 64, 3) and fitted.shape == (64, 64)
    back = where.cut(fitted.astype(np.float32), 64, 64) > 0.5
    expected = fit_mask(mask, 64, "stretch")
    # a side that shrank to a few rows comes back coarse: allow its border to move
    assert (back != expected).mean() < 0.5 / min(where.height, where.width) * 6


def test_a_stretched_picture_fills_the_input() -> None:
    assert placement(30, 90, 64, "stretch").whole
    assert not placement(30, 90, 64, "letterbox").whole
