"""The leaderboard of models that were tried out: their scores, whether they differ, how steady they are, their costs.

How each figure is made stands in ``evaluation``; what a trial leaves behind, in ``trial``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from steel_energy.evaluation import BANDS, CHOSEN_BY, PARTS, Leaderboard, Standing, compare, over_24h, weekly_spread
from steel_energy.params import EvaluationParams
from steel_energy.savings.regret import ForecastValue
from steel_energy.schema import DAYS_PER_WEEK, HOURS_PER_DAY
from steel_energy.trial import StoredTrial, part_of

BYTES_PER_MB = 1_000_000
MONEY = ("value_krw_per_week", "regret_krw_per_week")
SMALLEST_P = 0.001  # whatever is less likely is not told apart


def leaderboard_of(
    scores: Mapping[str, pl.DataFrame],
    trials: Mapping[str, StoredTrial],
    *,
    params: EvaluationParams,
    values: Mapping[str, ForecastValue] | None = None,
) -> Leaderboard:
    """The standings of models by their trials.

    Beside the scores it tells, of the test part: whether a model is worse than the best one on the validation part
    (``p_value`` of a paired test, ``rmse_less_best_kwh`` with its 95 % interval), and how its error moves from week to
    week; of folds before the test part, mean and spread of the error; what the model costs; and what plans made on its
    forecasts of the test part would have saved.

    Args:
        scores: of each model that was tried out.
        trials: of the same models, on the same origins.
        params: the distance of the origins.
        values: of the same models' forecasts in money; not told where they are absent.
    """
    errors = {model: over_24h(part_of(frame, "validation"))[CHOSEN_BY] for model, frame in scores.items()}
    best = part_of(trials[min(errors, key=lambda model: (errors[model], model))].backtested, "test")
    block_origins = DAYS_PER_WEEK * HOURS_PER_DAY // params.origin_every_hours
    standings = [
        Standing(
            model=model,
            label=trials[model].record.label,
            **{part: _finite(over_24h(part_of(frame, part))) for part in PARTS},
            further=_further(trials[model], best, block_origins=block_origins) | _in_money((values or {}).get(model)),
        )
        for model, frame in scores.items()
    ]
    return Leaderboard(tuple(standings))


def _further(trial: StoredTrial, best: pl.DataFrame, *, block_origins: int) -> dict[str, float | None]:
    tested, costs, errors = part_of(trial.backtested, "test"), trial.costs, np.array(trial.record.fold_rmse_kwh)
    compared = compare(tested, best, block_origins=block_origins)
    return {
        "p_value": compared.p_value,
        "rmse_less_best_kwh": compared.difference_kwh,
        "rmse_less_best_low_kwh": compared.low_kwh,
        "rmse_less_best_high_kwh": compared.high_kwh,
        **weekly_spread(tested),
        "fold_rmse_mean_kwh": float(errors.mean()) if errors.size else None,
        "fold_rmse_spread_kwh": float(errors.std()) if errors.size else None,
        "training_s": costs.training_s,
        "inference_ms_per_origin": costs.inference_ms_per_origin,
        "size_mb": costs.size_bytes / BYTES_PER_MB,
    }


def _in_money(value: ForecastValue | None) -> dict[str, float | None]:
    if value is None:
        return {}
    return {name: getattr(value, name) for name in MONEY}


def _finite(metrics: Mapping[str, float]) -> dict[str, float]:
    """Without those that there was nothing to divide by for."""
    return {name: value for name, value in metrics.items() if math.isfinite(value)}


def standings_table(board: pl.DataFrame) -> pl.DataFrame:
    """The leaderboard as people read it: one row a model, best validation score first, rounded.

    ``worse_than_best`` is the difference of the RMSE on the test part from the model that leads on the validation
    part, with its 95 % interval and the p-value that there is none; empty for that model itself.
    """
    shares = [pl.format("{}", (100 * pl.col(f"test_{band}")).round(1)) for band in BANDS]
    folds = pl.format("{} ± {}", *(pl.col(f"fold_rmse_{figure}_kwh").round(2) for figure in ("mean", "spread")))
    return board.select(
        "model",
        "label",
        *(pl.col(name).round(2) for name in ("validation_rmse_kwh", "test_rmse_kwh", "test_mae_kwh")),
        *(pl.col(name).round(2) for name in ("test_median_mae_kwh", "test_pinball_kwh")),
        pl.concat_str(shares, separator=" / ").alias("in 50 / 80 / 90 % of test, %"),
        _worse_than_best().alias("worse_than_best, kWh"),
        pl.col("weekly_rmse_worst_kwh").round(2),
        folds.alias("fold_rmse_kwh"),
        *(pl.col(name).round(0).cast(pl.Int64) for name in MONEY if name in board.columns),
        *(pl.col(name).round(2) for name in ("training_s", "inference_ms_per_origin", "size_mb")),
    )


def _worse_than_best() -> pl.Expr:
    interval = [pl.col(f"rmse_less_best{end}_kwh").round(2) for end in ("", "_low", "_high")]
    chance = pl.col("p_value")
    in_words = pl.when(chance < SMALLEST_P).then(pl.lit(f"< {SMALLEST_P}")).otherwise(pl.format("{}", chance.round(3)))
    return pl.when(chance.is_not_null()).then(pl.format("{} ({} to {}), p {}", *interval, in_words))
