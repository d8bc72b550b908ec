"""Folders, the demo, videos and addresses as cameras."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.images import read_image
from qc_station.camera.base import Camera
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.health import brightness, focus_index
from qc_station.camera.opencv import hide_password
from qc_station.camera.picture import read_picture
from qc_station.camera.registry import open_camera
from qc_station.domain.frame import Frame

AddPart = Callable[[Path | str, int], Path]
MakeDataset = Callable[..., Path]


def opened(address: str) -> Camera:
    camera = open_camera(address)
    camera.open()
    return camera


def read_all(camera: Camera, most: int = 1000) -> list[Frame]:
    frames = []
    while len(frames) < most and (frame := camera.read()) is not None:
        frames.append(frame)
    return frames


def test_folder_is_played_once_in_sorted_order_with_its_classes(make_mvtec: MakeDataset) -> None:
    root = make_mvtec(test_good=2, defects={"scratch": 2, "dent": 1})
    camera = opened(f"folder:{root / 'test'}")
    frames = read_all(camera)
    sources = [str(frame.source) for frame in frames]
    assert sources == sorted(sources) and len(sources) == 5
    assert [frame.truth for frame in frames] == ["dent", "good", "good", "scratch", "scratch"]
    assert camera.exhausted


def test_masks_are_no_parts(make_mvtec: MakeDataset) -> None:
    frames = read_all(opened(f"folder:{make_mvtec()}"))
    assert not any("ground_truth" in str(frame.source) for frame in frames)


def test_looped_folder_begins_again(add_part: AddPart, tmp_path: Path) -> None:
    add_part("a.png", 1)
    add_part("b.png", 2)
    camera = opened(f"folder:{tmp_path}?loop=1")
    names = [Path(str(frame.source)).name for frame in read_all(camera, 5)]
    assert names == ["a.png", "b.png", "a.png", "b.png", "a.png"]
    assert not camera.exhausted


def test_folder_keeps_its_place_when_it_is_opened_again(add_part: AddPart, tmp_path: Path) -> None:
    for index in range(3):
        add_part(f"{index}.png", index)
    camera = opened(f"folder:{tmp_path}")
    camera.read()
    camera.close()
    camera.open()
    frame = camera.read()
    assert frame is not None and str(frame.source).endswith("1.png")
    fresh = camera.renew()
    fresh.open()
    assert [Path(str(frame.source)).name for frame in read_all(fresh)] == ["2.png"]


def test_unreadable_picture_is_named_and_does_not_stop_the_folder(
    add_part: AddPart, tmp_path: Path
) -> None:
    whole = add_part("a.png", 1)
    (tmp_path / "b.png").write_bytes(whole.read_bytes()[:200])
    add_part("c.png", 3)
    camera = opened(f"folder:{tmp_path}")
    camera.read()
    with pytest.raises(PictureError, match=r"b\.png") as caught:
        camera.read()
    assert caught.value.code == "picture_unreadable"
    frame = camera.read()
    assert frame is not None and str(frame.source).endswith("c.png")


def test_frames_cannot_be_written_to(add_part: AddPart, tmp_path: Path) -> None:
    add_part("a.png", 1)
    frame = opened(f"folder:{tmp_path}").read()
    assert frame is not None
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0, 0] = 1
    assert frame.captured_at.tzinfo is not None


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff"])
@pytest.mark.parametrize("shape", [(24, 32), (24, 32, 3)])
def test_pixels_are_those_that_the_engine_reads(
    tmp_path: Path, suffix: str, shape: tuple[int, ...]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    path = tmp_path / f"part.{suffix}"
    assert cv2.imwrite(str(path), pixels)
    assert np.array_equal(read_picture(path), read_image(path))


@pytest.mark.parametrize("shape", [(24, 32), (24, 32, 3), (24, 32, 4)])
def test_sixteen_bit_and_alpha_pixels_are_those_that_the_engine_reads(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 65536, shape, dtype=np.uint16)
    path = tmp_path / "part.png"
    assert cv2.imwrite(str(path), pixels)
    assert np.array_equal(read_picture(path), read_image(path))


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff"])
def test_picture_that_is_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = tmp_path / f"part.{suffix}"
    assert cv2.imwrite(str(path), pixels)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(PictureError):
        read_picture(path)


def test_demo_makes_mostly_good_parts_for_ever_and_knows_the_truth(
    make_mvtec: MakeDataset,
) -> None:
    root = make_mvtec(test_good=6, defects={"scratch": 2, "dent": 2}, size=16)
    frames = read_all(opened(f"demo:{root}"), 300)
    good = sum(frame.truth == "good" for frame in frames)
    assert 0.78 <= good / len(frames) <= 0.92
    assert {frame.truth for frame in frames} == {"good", "scratch", "dent"}
    assert not any("train" in Path(str(frame.source)).parts for frame in frames)


def test_demo_with_the_same_seed_makes_the_same_parts(make_mvtec: MakeDataset) -> None:
    root = make_mvtec(size=16)
    first, again, other = (
        [frame.source for frame in read_all(opened(f"demo:{root}?seed={seed}"), 20)]
        for seed in (3, 3, 4)
    )
    assert first == again != other


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 200.0, (64, 48))
    if not writer.isOpened():
        pytest.skip("this OpenCV writes no films")
    for index in range(6):
        writer.write(np.full((48, 64, 3), 40 * index, np.uint8))
    writer.release()
    return path


def test_video_ends_after_its_last_picture_and_knows_it(film: Path) -> None:
    camera = opened(f"video:{film}")
    frames = read_all(camera)
    assert [round(float(frame.pixels.mean()) / 40) for frame in frames] == [0, 1, 2, 3, 4, 5]
    assert camera.exhausted


def test_looped_video_begins_again(film: Path) -> None:
    frames = read_all(opened(f"video:{film}?loop=1&step=1"), 8)
    assert [round(float(frame.pixels.mean()) / 40) for frame in frames] == [0, 1, 2, 3, 4, 5, 0, 1]


@pytest.mark.parametrize(
    ("address", "code"),
    [("folder:{}/nowhere", "folder_missing"), ("folder:{}", "folder_empty"),
     ("demo:{}", "folder_empty"), ("video:{}/no.avi", "camera_open_failed")],
)  # fmt: skip
def test_source_that_is_not_there_says_so(tmp_path: Path, address: str, code: str) -> None:
    with pytest.raises(CameraError) as caught:
        opened(address.format(tmp_path))
    assert caught.value.code == code
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["", "folder", "folder:", "usb:1", "opencv:zero", "folder:/x?speed=2", "opencv:0?x=y"],
)
def test_wrong_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(CameraError) as caught:
        open_camera(address)
    assert caught.value.code == "camera_address"


def test_question_mark_in_a_folder_name_is_no_option(tmp_path: Path) -> None:
    assert open_camera(f"folder:{tmp_path}/why?").name.endswith("why?")


def test_passwords_are_not_shown() -> None:
    assert open_camera("rtsp://me:secret@cam.local:554/live").name == "rtsp://cam.local:554/live"
    assert "secret" not in hide_password("http://cam/v.mjpg?user=me&password=secret&size=2")


def _texture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(60, 220, (80, 80, 3), dtype=np.uint8)


def test_focus_index_falls_with_blur_and_not_with_the_light() -> None:
    sharp = _texture()
    dim = (sharp // 2).astype(np.uint8)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 2).astype(np.uint8)
    assert focus_index(dim) == pytest.approx(focus_index(sharp), rel=0.05)
    assert focus_index(blurred) < 0.1 * focus_index(sharp)
    assert brightness(dim) == pytest.approx(brightness(sharp) / 2, rel=0.05)
    assert focus_index(np.zeros((8, 8, 3), np.uint8)) == 0.0
