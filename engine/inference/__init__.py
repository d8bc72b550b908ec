"""One predictor interface over torch and OpenVINO."""
