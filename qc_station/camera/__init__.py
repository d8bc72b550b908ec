"""Cameras and the capture thread. No Qt, no SQL, no engine."""
