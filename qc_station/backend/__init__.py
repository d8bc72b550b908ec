"""The engine processes seen from the window: supervisor and clients. No SQL."""
