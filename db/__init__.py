"""The station's database: models, repositories, migrations. Knows neither Qt nor the engine."""
