"""Looking for trees that forecast better: an Optuna study for each boosted model of a plant.

A trial is judged as the leaderboard judges, by the RMSE over a day's leads, but only on readings before the test part
(``blocks``). The values of ``params.yaml`` are tried first, so that what is found is a gain on them; it is a gain on
the blocks it was chosen on, and smaller elsewhere. A study lies in an SQLite file of its plant and goes on where it
stopped (``study``): its trials follow from the seed and the finished trials alone, so an interrupted study ends as an
undisturbed one. Other readings, features, code of the trees or versions of their makers begin a new one. What was found
gets into ``params.yaml`` by ``write_values`` only.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from steel_energy.evaluation import split_times
from steel_energy.forecasting.boosting import BoostedForecaster, LightGBMForecaster, XGBoostForecaster
from steel_energy.params import Params, TreeParams
from steel_energy.tuning.blocks import BlockErrors
from steel_energy.tuning.study import Attempt, Tell, Tuned, open_study, search
from steel_energy.tuning.tables import in_words, trials_table, values_table
from steel_energy.tuning.values import write_values

__all__ = ["TUNED", "Attempt", "Tell", "Tuned", "in_words", "trials_table", "tune", "values_table", "write_values"]

TUNED: dict[str, type[BoostedForecaster]] = {kind.name: kind for kind in (LightGBMForecaster, XGBoostForecaster)}
"""The forecasters whose trees are tuned, by name."""


def tune(forecaster: BoostedForecaster, readings: pl.DataFrame, *, params: Params, folder: Path, tell: Tell) -> Tuned:
    """Look for better values of a boosted model's trees, or go on with the search.

    Args:
        forecaster: unfitted, with the present values.
        readings: data contract, sorted, one row for each interval; nothing of the test part is read.
        params: how much is searched (``tuning``) and where the test part begins (``evaluation``).
        folder: of the studies, one file for each plant.
        tell: called after each finished trial.

    Raises:
        NotEnoughDataError: the readings are too short for the blocks.
        InputError: another process searches for the same plant.
    """
    known = readings.filter(pl.col("interval_start") < split_times(readings, params.evaluation).test_start)
    errors = BlockErrors.of(forecaster, known, tuning=params.tuning)
    present: TreeParams = getattr(forecaster.params, forecaster.name)
    with open_study(folder / f"{forecaster.plant.id}.db", f"{forecaster.name} {errors.signature()}") as study:
        return search(
            study,
            errors,
            model=forecaster.name,
            present=present,
            trials=params.tuning.trials,
            seed=forecaster.params.seed,
            tell=tell,
        )
