"""The station's database: SQLAlchemy models, repositories, migrations. Knows neither Qt nor the engine."""
