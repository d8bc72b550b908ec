"""The networks, one file per model, and their registry."""
