"""QC Station: the window and what drives it. Knows neither torch nor SQLAlchemy."""
