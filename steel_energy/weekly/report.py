"""Puts a week's report together out of its sections."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import polars as pl

from steel_energy.calendar import interval_end, interval_grid
from steel_energy.drift import Drift, DriftParams, drift
from steel_energy.errors import NotEnoughDataError
from steel_energy.explaining.past import PastLoad, past_load
from steel_energy.savings.verified import Verification
from steel_energy.sites import Site
from steel_energy.sources.raw import Origin
from steel_energy.weekly.consumption import consumption
from steel_energy.weekly.cost import cost, power_factors
from steel_energy.weekly.forecasts import Backtests, week_forecasts
from steel_energy.weekly.peaks import peaks
from steel_energy.weekly.quality import data_quality
from steel_energy.weekly.sections import Missing, PlanAhead, WeeklyReport
from steel_energy.weekly.usual import week_series
from steel_energy.weekly.week import Week


@dataclass(frozen=True)
class Context:
    """What a report tells of beside the readings; whatever is None is told as missing, with the reason.

    Attributes:
        told: prediction log of the week with its actuals.
        backtests: of the champion and the seasonal naive model.
        trained: start and end (exclusive) of the champion's training, for the drift.
        drift_params: how readings are compared.
        plan: of the days after the readings; told in the report that ends where it begins.
        savings: of plans that were carried out in the week, as verified; None where none was.
    """

    told: pl.DataFrame | None = None
    backtests: Backtests | None = None
    trained: tuple[dt.datetime, dt.datetime] | None = None
    drift_params: DriftParams | None = None
    plan: PlanAhead | None = None
    savings: Verification | None = None

    def with_told(self, told: pl.DataFrame | None) -> Context:
        """The same of another week's prediction log."""
        return replace(self, told=told)


def weekly_report(
    readings: pl.DataFrame,
    repairs: pl.DataFrame,
    week: Week,
    *,
    site: Site,
    origin: Origin,
    context: Context | None = None,
) -> WeeklyReport:
    """The report of a plant's week.

    Args:
        readings: data contract, sorted. Earlier readings give what is usual and the demand of begun months; later ones
            are not read, so a report comes out the same whenever it is made.
        repairs: their audit.
        week: the week.
        site: plant and tariff.
        origin: where the readings came from.
        context: forecasts, drift and plan.

    Raises:
        NotEnoughDataError: there is no reading of the week.
    """
    plant, tariff, context = site.plant, site.tariff, context or Context()
    first, after = week.bounds(plant.zone)
    readings = readings.filter(pl.col("interval_start") < after)
    series = week_series(readings, week, plant=plant, tariff=tariff)
    if series.is_empty():
        raise NotEnoughDataError(
            f"there is no reading of {week.name}", field="week", remedy="choose a week that the readings cover"
        )
    start, end = series["interval_start"][0], interval_end(series["interval_start"][-1])
    costs = cost(readings, plant=plant, tariff=tariff, start=start, end=end)
    return WeeklyReport(
        plant=plant,
        tariff=tariff,
        week=week,
        start=start,
        end=end,
        origin=origin,
        series=series,
        consumption=consumption(series, readings, week, plant=plant),
        cost=costs,
        peaks=peaks(series, readings, end=end, past=_past(readings, site)),
        power_factors=power_factors(readings, plant=plant, tariff=tariff, start=start, end=end, found=costs),
        forecasts=week_forecasts(readings, start=first, end=end, told=context.told, backtests=context.backtests),
        plan=context.plan if context.plan and context.plan.start == end else Missing("no_plan"),
        savings=context.savings or Missing("not_executed"),
        drift=_drift(readings, repairs, site, context),
        quality=data_quality(
            repairs,
            known=series.height,
            expected=interval_grid(first, after, zone=plant.zone).len(),
            start=first,
            end=after,
        ),
    )


def _past(readings: pl.DataFrame, site: Site) -> PastLoad | None:
    """The known past to explain peaks by; None where it has gaps, over which an explanation cannot reach."""
    starts = readings["interval_start"]
    whole = interval_grid(starts[0], interval_end(starts[-1]), zone=site.plant.zone).len()
    return past_load(readings, plant=site.plant, tariff=site.tariff) if whole == readings.height else None


def _drift(readings: pl.DataFrame, repairs: pl.DataFrame, site: Site, context: Context) -> Drift | Missing:
    if context.trained is None or context.drift_params is None:
        return Missing("no_champion")
    try:
        return drift(
            readings,
            site=site,
            trained_from=context.trained[0],
            trained_until=context.trained[1],
            params=context.drift_params,
            repairs=repairs,
        )
    except NotEnoughDataError:
        return Missing("too_few_readings")
