"""Conformal limits from scores, and figures with their intervals. No torch."""
