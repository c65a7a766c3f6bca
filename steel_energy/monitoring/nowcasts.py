"""How the nowcast did over a week: the readings as the meter sent them, beside what stands in the lake of them.

Cleaning repairs what contradicts itself, so cleaned readings never tell of a meter that has begun to err: the raw ones
do. Nothing here leads to training: what is wrong with a meter, no model mends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.table import Grade
from steel_energy.nowcasting.model import UsageModel
from steel_energy.nowcasting.rows import nowcast_rows
from steel_energy.plant import Plant


@dataclass(frozen=True)
class NowcastError:
    """The nowcast of some readings.

    Attributes:
        rows: how many readings the meter sent.
        rmse_kwh: root of the mean squared error against the usage that stands in the lake; NaN where none was nowcast.
        mae_kwh: mean absolute error; likewise.
        inconsistent_share: share of the readings whose values contradict each other, 0 to 1; NaN without any.
    """

    rows: int
    rmse_kwh: float
    mae_kwh: float
    inconsistent_share: float

    def verdict(self, params: MonitoringParams) -> Grade:
        """Degraded where more readings contradict themselves than a sound meter's do: the others, physics bounds."""
        return "degraded" if self.inconsistent_share > params.max_inconsistent_share else "usual"


def nowcast_error(
    raw: pl.DataFrame, readings: pl.DataFrame, *, plant: Plant, model: UsageModel | None = None
) -> NowcastError:
    """The nowcast of the raw rows of some days, none of whose usage is read.

    Args:
        raw: ``raw_readings`` of the lake: placed rows with the meter's texts.
        readings: data contract; their usage is what the nowcast is measured by.
        plant: whose meter.
        model: the plant's fitted model, if there is one.
    """
    if raw.is_empty():
        return NowcastError(0, math.nan, math.nan, math.nan)
    found = nowcast_rows(raw, plant, model).drop("usage_kwh")
    actual = readings.select("interval_start", "usage_kwh")
    error = pl.col("predicted_usage_kwh") - pl.col("usage_kwh")
    rmse, mae, inconsistent = (
        found.join(actual, on="interval_start", how="left", maintain_order="left")
        .select(rmse=(error**2).mean().sqrt(), mae=error.abs().mean(), inconsistent=(~pl.col("consistent")).mean())
        .row(0)
    )
    return NowcastError(found.height, *(math.nan if value is None else value for value in (rmse, mae, inconsistent)))
