"""The one family of camera errors. Knows no camera library."""

from __future__ import annotations


class CameraError(Exception):
    """Something a camera could not do: a code, a sentence to act on, and what it concerns.

    Codes: camera_address, folder_missing, folder_empty, picture_unreadable, camera_open_failed,
    camera_no_picture, camera_timeout, camera_frozen, camera_stuck, camera_exhausted,
    camera_stopped, camera_fault.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params: dict[str, object] = params


class PictureError(CameraError):
    """One picture could not be used; the camera goes on with the next one."""
