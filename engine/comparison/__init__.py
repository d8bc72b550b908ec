"""Models trained and measured side by side, and the report on them. Imports nothing."""
