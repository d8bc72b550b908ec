"""Vocabulary of the station in pure Python. No Qt, no files, no SQL."""
