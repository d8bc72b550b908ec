"""Paths and settings of one station. No Qt."""
