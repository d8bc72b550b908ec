"""Pure Python vocabulary of the station: verdicts, frames, recipes, roles. No Qt, no files, no SQL."""
