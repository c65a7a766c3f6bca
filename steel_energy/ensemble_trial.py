"""The trial of an ensemble: put together from its members' trials, nothing is fitted or forecast again.

The members are the best two on the validation part. What is learnt of them there serves the later fits; the fit before
the validation part has equal shares, so that its score is of forecasts that had not seen what they are judged by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from steel_energy.errors import ModelUnavailableError
from steel_energy.evaluation import PARTS, split_times
from steel_energy.forecasting import Ensemble, Vintage, Vintages, load_vintages
from steel_energy.forecasting.base import QUANTILE_COLUMNS, forecast_frame
from steel_energy.params import Params
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON
from steel_energy.trial import Costs, StoredTrial, Trial, in_part, part_of, scores_of

MEMBERS = 2
KEYS = ["origin", "lead"]


@dataclass(frozen=True)
class _Member:
    """A member's backtest in the order that all share, its fits and what they cost."""

    backtest: pl.DataFrame
    fits: Vintages
    costs: Costs


def best_two(trials: Mapping[str, StoredTrial]) -> list[str]:
    """The two models with the smallest error over 24 hours on the validation part, best first; absent ones stand out.

    Raises:
        ModelUnavailableError: fewer than two models were tried out.
    """
    errors = {
        model: validation_rmse_kwh(trial.backtest) for model, trial in trials.items() if trial.backtest is not None
    }
    if len(errors) < MEMBERS:
        raise ModelUnavailableError(
            f"needs {MEMBERS} models that were tried out, got {len(errors)}",
            field=Ensemble.name,
            remedy="leave fewer models out",
        )
    return sorted(errors, key=lambda model: (errors[model], model))[:MEMBERS]


def validation_rmse_kwh(backtested: pl.DataFrame) -> float:
    """The error over 24 hours on the validation part of a trial's backtest."""
    rows = part_of(backtested, "validation").filter(pl.col("lead") <= DEFAULT_HORIZON)
    return float(rows.select(((pl.col("mean_kwh") - pl.col("usage_kwh")) ** 2).mean().sqrt()).item())


def try_ensemble(
    trials: Mapping[str, StoredTrial], readings: pl.DataFrame, *, plant: Plant, tariff: Tariff, params: Params
) -> Trial:
    """The trial of the ensemble of the best two.

    Args:
        trials: of all models that may be members, on the same readings and origins.
        readings: data contract, sorted.
        plant: whose readings they are.
        tariff: its tariff.
        params: all of them.

    Raises:
        ModelUnavailableError: fewer than two models were tried out.
        BundleError: a member's fits cannot be read.
    """
    members = [_member(trials[model], plant=plant, tariff=tariff) for model in best_two(trials)]
    equal, later = (
        Ensemble(plant=plant, tariff=tariff, params=params.ensemble, members=(first.forecaster, second.forecaster))
        for first, second in zip(*(member.fits.fits for member in members), strict=True)
    )
    learnt = later.learn([part_of(member.backtest, "validation") for member in members])
    backtested = pl.concat(
        in_part(part, _blend(ensemble, [part_of(member.backtest, part) for member in members]))
        for part, ensemble in zip(PARTS, (equal, learnt), strict=True)
    )
    ends = [vintage.trained_until for vintage in members[0].fits.fits]
    fits = tuple(Vintage(end, ensemble) for end, ensemble in zip(ends, (equal, learnt), strict=True))
    costs = Costs(
        training_s=sum(member.costs.training_s for member in members),
        inference_ms_per_origin=sum(member.costs.inference_ms_per_origin for member in members),
    )
    split = split_times(readings, params.evaluation)
    return Trial(Vintages(learnt, plant.zone, fits), split, backtested, scores_of(backtested, readings), costs)


def _member(trial: StoredTrial, *, plant: Plant, tariff: Tariff) -> _Member:
    fits = load_vintages(trial.fits, plant=plant, tariff=tariff)
    return _Member(trial.backtested.sort("part", *KEYS), fits, trial.costs)


def _blend(ensemble: Ensemble, backtests: list[pl.DataFrame]) -> pl.DataFrame:
    """The ensemble's backtest of a part from those of its members."""
    asked = backtests[0].select("origin", "lead", "interval_start", "usage_kwh")
    mean_kwh, quantiles_kwh = ensemble.blend(backtests, leads=asked["lead"].to_numpy())
    blended = forecast_frame(asked["interval_start"], mean_kwh, quantiles_kwh)
    return pl.concat([asked, blended.select("mean_kwh", *QUANTILE_COLUMNS)], how="horizontal")
