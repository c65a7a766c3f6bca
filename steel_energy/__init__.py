"""The domain of the steel energy copilot: pure, typed, without any framework.

Here live the meter's physics, cleaning, forecasting, tariffs and the files the shells share. No Dagster,
BentoML, Panel or LlamaIndex here: those import this package, never the other way round.
"""

__version__ = "0.1.0"  # pyproject.toml reads it here, so that a copy of the code knows it without an install
