"""Forecasting: ``base`` says what a forecaster is, one module for each kind, ``load_forecaster`` reads any back."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from steel_energy.errors import BundleError
from steel_energy.forecasting.base import FORECAST_COLUMNS, FORECASTER_FILE, QUANTILE_COLUMNS, QUANTILES, Forecaster
from steel_energy.forecasting.boosting import BoostedForecaster
from steel_energy.forecasting.seasonal import SeasonalNaive
from steel_energy.plant import Plant
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON

KINDS: dict[str, type[SeasonalNaive] | type[BoostedForecaster]] = {
    kind.name: kind for kind in (SeasonalNaive, BoostedForecaster)
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
    "Forecaster",
    "SeasonalNaive",
    "load_forecaster",
]


def load_forecaster(folder: Path, *, plant: Plant, tariff: Tariff) -> Forecaster:
    """The forecaster that ``Forecaster.save`` wrote into ``folder``, with the same predictions to the bit.

    Raises:
        BundleError: the folder holds no forecaster, or one that this version of the code cannot read.
    """
    path = folder / FORECASTER_FILE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        return KINDS[state["name"]].load(folder, state, plant=plant, tariff=tariff)
    except (FileNotFoundError, ValueError, KeyError, ValidationError) as error:
        raise BundleError(
            "holds no forecaster of this version", field=str(folder), remedy="build it again: make build"
        ) from error
