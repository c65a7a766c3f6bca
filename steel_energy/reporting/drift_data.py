"""What a drift report of a week is made from: the week's readings and the training's alike, with forecasts beside.

Which rows of the training are alike is ``steel_energy.drift``'s to say. Forecasts are the champion's, asked again a day
ahead as it would have answered then: each by a fit that had not seen the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from steel_energy.artifacts import Manifest
from steel_energy.calendar import in_utc, in_zone
from steel_energy.drift import ColumnDrift, Drift, DriftParams, bin_edges, drift, psi, reference
from steel_energy.errors import NotEnoughDataError
from steel_energy.evaluation import backtest
from steel_energy.forecasting import Vintages
from steel_energy.history import readings_end
from steel_energy.params import Params
from steel_energy.schema import INTERVAL
from steel_energy.sites import Site
from steel_energy.weekly.week import Week

DAY = dt.timedelta(days=1)
PREDICTION = "mean_kwh"
A_DAY_AHEAD = 24  # hours between two origins: each interval is forecast once


@dataclass(frozen=True)
class DriftWeek:
    """A week's readings and those they are compared with.

    Attributes:
        week: the one it is.
        champion: whose training the readings are compared with.
        drift: what was found of the readings.
        newest: data contract and ``mean_kwh``, the forecast a day ahead; null where no fit had not seen the day.
        reference: likewise, of the training.
    """

    week: Week
    champion: Manifest
    drift: Drift
    newest: pl.DataFrame
    reference: pl.DataFrame

    @property
    def no_forecasts(self) -> str | None:
        """Why forecasts cannot be compared; None where they can."""
        for rows, which in ((self.newest, "these days"), (self.reference, "the reference's days")):
            if not rows[PREDICTION].count():
                return f"every fit of the champion has seen {which}, so none can say what it would have forecast"
        return None


@dataclass
class DayAhead:
    """What a champion forecast a day ahead, asked again; what was asked once is kept.

    Attributes:
        fitted: the champion's fits.
        readings: data contract.
        params: of the backtest.
    """

    fitted: Vintages
    readings: pl.DataFrame
    params: Params
    _known: dict[dt.timedelta, pl.DataFrame] = field(default_factory=dict)

    def forecasts(self, until: dt.datetime) -> pl.DataFrame:
        """``interval_start``, ``mean_kwh``: forecasts at the hour of ``until`` of every day that the fits allow."""
        unseen = in_zone(self.fitted.fits[0].trained_until, self.fitted.zone)
        after = (in_utc(until, self.fitted.zone) - unseen) % DAY  # whole days before ``until``
        if after not in self._known:
            self._known[after] = self._asked(unseen + after)
        return self._known[after]

    def _asked(self, start: dt.datetime) -> pl.DataFrame:
        params = self.params.evaluation.model_copy(update={"origin_every_hours": A_DAY_AHEAD})
        try:
            asked = backtest(self.fitted, self.readings, start=start, end=readings_end(self.readings), params=params)
        except NotEnoughDataError:  # all fits have seen all days
            return pl.DataFrame(
                schema={"interval_start": self.readings.schema["interval_start"], "mean_kwh": pl.Float64}
            )
        return asked.select("interval_start", "mean_kwh")


def drift_week(
    readings: pl.DataFrame,
    week: Week,
    *,
    site: Site,
    champion: Manifest,
    day_ahead: DayAhead,
    repairs: pl.DataFrame | None = None,
) -> DriftWeek:
    """Gather what a week's report is made from.

    Args:
        readings: data contract, sorted.
        week: its window ends with it, or with the readings where they end within it.
        site: plant and tariff.
        champion: the model that serves.
        day_ahead: its forecasts.
        repairs: the audit of cleaning.

    Raises:
        NotEnoughDataError: the week has no readings, or too few on one side.
    """
    start, end = week.bounds(site.plant.zone)
    until = min(end, readings_end(readings))
    if until - INTERVAL < start:
        raise NotEnoughDataError("has no readings", field=week.name, remedy="ask for a week that has some")
    compared = {
        "site": site,
        "trained_from": champion.trained_from,
        "trained_until": champion.trained_until,
        "params": day_ahead.params.drift,
        "until": until,
    }
    found = drift(readings, repairs=repairs, **compared)  # type: ignore[arg-type]  # as named
    forecasts = day_ahead.forecasts(until)
    newest = readings.filter(pl.col("interval_start").is_between(found.newest_from, until, closed="left"))
    alike = reference(readings, **compared)  # type: ignore[arg-type]  # as above
    return DriftWeek(week, champion, found, _beside(newest, forecasts), _beside(alike, forecasts))


def prediction_drift(gathered: DriftWeek, params: DriftParams) -> ColumnDrift | None:
    """How the champion's forecasts moved, as ``steel_energy.drift`` measures a column; None where none can be compared.

    Told, not judged: a forecast moves with the plant, and whether it is right is told by its error.
    """
    from scipy.stats import ks_2samp  # noqa: PLC0415 - takes half a second

    if gathered.no_forecasts:
        return None
    reference, newest = (side[PREDICTION].drop_nulls().to_numpy() for side in (gathered.reference, gathered.newest))
    edges = bin_edges(reference, bins=params.bins)
    places = np.searchsorted(edges, reference)
    stretches = [places[first : first + newest.size] for first in range(0, places.size - newest.size + 1, newest.size)]
    before, now, *own = (
        np.bincount(side, minlength=edges.size + 1).astype(np.float64)
        for side in (places, np.searchsorted(edges, newest), *stretches)
    )
    usual = [psi(before - count, count) for count in own if count.sum() < before.sum()]
    tested = ks_2samp(reference, newest, method="asymp")
    return ColumnDrift(
        column=PREDICTION,
        psi=psi(before, now),
        usual_psi=float(np.quantile(usual, params.usual_share)) if usual else 0.0,
        ks_statistic=float(tested.statistic),
        ks_p_value=float(tested.pvalue),
        trained_mean=float(reference.mean()),
        newest_mean=float(newest.mean()),
        verdict="none",
        remedy="",
    )


def _beside(rows: pl.DataFrame, forecasts: pl.DataFrame) -> pl.DataFrame:
    return rows.join(forecasts, on="interval_start", how="left", maintain_order="left")
