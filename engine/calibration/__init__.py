"""From scores to verdicts: conformal limits and p-values. No torch."""
