"""Forecasting: ``base`` says what a forecaster is, one module for each kind, ``load_forecaster`` reads any back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from steel_energy.errors import REBUILD, BundleError
from steel_energy.forecasting.base import FORECAST_COLUMNS, FORECASTER_FILE, QUANTILE_COLUMNS, QUANTILES, Forecaster
from steel_energy.forecasting.boosting import BoostedForecaster, LightGBMForecaster, XGBoostForecaster
from steel_energy.forecasting.chronos import ChronosFineTuned, ChronosFineTunedCovariates, ChronosZeroShot
from steel_energy.forecasting.ensemble import Ensemble
from steel_energy.forecasting.global_model import GlobalForecaster
from steel_energy.forecasting.networks import NetworkForecaster
from steel_energy.forecasting.seasonal import DailyNaive, NaiveForecaster, SeasonalNaive, WeeklyNaive
from steel_energy.forecasting.timesfm import TimesFMForecaster
from steel_energy.forecasting.vintages import FOLDER_FORMAT, Vintage, Vintages
from steel_energy.params import EnsembleParams
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON

KINDS: dict[str, type[NaiveForecaster] | type[BoostedForecaster] | type[NetworkForecaster]] = {
    kind.name: kind
    for kind in (
        SeasonalNaive,
        DailyNaive,
        WeeklyNaive,
        LightGBMForecaster,
        XGBoostForecaster,
        ChronosZeroShot,
        ChronosFineTuned,
        ChronosFineTunedCovariates,
        TimesFMForecaster,
    )
}
"""Every kind of forecaster by its name."""

__all__ = [
    "DEFAULT_HORIZON",
    "FORECAST_COLUMNS",
    "KINDS",
    "MAX_HORIZON",
    "QUANTILES",
    "QUANTILE_COLUMNS",
    "BoostedForecaster",
    "Ensemble",
    "Forecaster",
    "GlobalForecaster",
    "LightGBMForecaster",
    "SeasonalNaive",
    "Vintage",
    "Vintages",
    "XGBoostForecaster",
    "load_forecaster",
    "load_vintages",
]


def load_forecaster(folder: Path, *, plant: Plant, tariff: Tariff) -> Forecaster:
    """The forecaster that ``Forecaster.save`` wrote into ``folder``, with the same predictions to the bit.

    Raises:
        BundleError: the folder holds no forecaster, or one that this version of the code cannot read.
    """
    path = folder / FORECASTER_FILE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["name"] in COMPOSITES:
            return COMPOSITES[state["name"]](folder, state, plant=plant, tariff=tariff)
        return KINDS[state["name"]].load(folder, state, plant=plant, tariff=tariff)
    except (FileNotFoundError, ValueError, KeyError, ValidationError) as error:
        raise BundleError("holds no forecaster of this version", field=str(folder), remedy=REBUILD) from error


def load_vintages(folder: Path, *, plant: Plant, tariff: Tariff) -> Vintages:
    """The fits that ``Vintages.save`` wrote into ``folder``.

    Raises:
        BundleError: the folder holds none, or some that this version of the code cannot read.
    """
    loaded = load_forecaster(folder, plant=plant, tariff=tariff)
    if not isinstance(loaded, Vintages):
        raise BundleError("holds a single fit", field=str(folder), remedy=REBUILD)
    return loaded


def _vintages(folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Vintages:
    fits = []
    for until in map(dt.datetime.fromisoformat, state["fits"]):
        inner = folder / until.strftime(FOLDER_FORMAT)
        fits.append(Vintage(until, load_forecaster(inner, plant=plant, tariff=tariff)))
    return Vintages(fits[-1].forecaster, plant.zone, tuple(fits))


def _ensemble(folder: Path, state: dict[str, Any], *, plant: Plant, tariff: Tariff) -> Ensemble:
    first, second = (load_forecaster(folder / name, plant=plant, tariff=tariff) for name in state["members"])
    return Ensemble(
        plant=plant,
        tariff=tariff,
        params=EnsembleParams.model_validate(state["params"]),
        members=(first, second),
        weights=tuple(state["weights"]),
        width=state["width"],
    )


COMPOSITES: dict[str, Callable[..., Forecaster]] = {
    Vintages.KIND: _vintages,
    Ensemble.name: _ensemble,
    GlobalForecaster.name: GlobalForecaster.load,
}
"""How others are read back, by their name: they hold several, or all plants' one; none is fitted as ``KINDS`` are."""
