"""Metrics with intervals. No torch."""
