"""A published bundle as an MLflow model: what ``models:/<plant>-forecast@champion`` loads.

MLflow calls ``_load_pyfunc`` by name. The service does not come this way: it reads the bundle itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import Manifest
from steel_energy.forecasting import Forecaster, load_forecaster
from steel_energy.history import readings_end
from steel_energy.marked_days import plant_as_marked
from steel_energy.schema import readings_schema
from steel_energy.tariff import load_tariff

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BundleModel:
    """A forecaster behind MLflow's ``predict``."""

    forecaster: Forecaster
    zone: str

    def predict(self, model_input: pd.DataFrame) -> pd.DataFrame:
        """The next day after the last of the readings in ``model_input`` (the data contract's columns)."""
        readings = pl.from_pandas(model_input).cast(readings_schema(self.zone))
        origin = readings_end(readings)
        return self.forecaster.predict(readings, origin=origin).to_pandas()


def _load_pyfunc(path: str) -> BundleModel:
    settings, folder = AssetsSettings(), Path(path)
    manifest = Manifest.model_validate_json((folder / "manifest.json").read_text(encoding="utf-8"))
    plant = plant_as_marked(manifest.plant, settings)
    tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    return BundleModel(load_forecaster(folder, plant=plant, tariff=tariff), plant.zone)
