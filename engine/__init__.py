"""Training, evaluation and inference. Imports nothing, so that every part of it can be used alone."""
