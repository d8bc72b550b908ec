"""Teaching and training."""
