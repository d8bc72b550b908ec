"""Training, evaluation, inference. Imports nothing: every part can be used alone."""
