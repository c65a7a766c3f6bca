"""What each feature adds to a forecast, in kWh: for one forecast and for many of a history.

The models of each range of leads give their own contributions in kWh (SHAP values of trees, put together so that they
add up to the forecast less the base). Here they are asked for the right rows, and blended as the forecasts are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.calendar import known_ahead
from steel_energy.explaining.drivers import DRIVER_OF, DRIVERS
from steel_energy.explaining.explainer import Explainer
from steel_energy.features import FEATURES, FeatureBuilder, pair
from steel_energy.forecasting.base import known_before, require_days
from steel_energy.history import readings_end
from steel_energy.params import LeadRange
from steel_energy.plant import Plant
from steel_energy.quality import Finding
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.tariff import Tariff
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON, build_timeline, check_horizon

NOON = dt.time(12)
ADDS_UP_WITHIN_KWH = 0.001
"""Far less than a pulse of any meter; XGBoost gives contributions in single precision."""


@dataclass(frozen=True)
class Explanation:
    """What each feature adds to each of ``n`` forecasts; ``base_kwh`` plus a row of ``contributions_kwh`` is one.

    Attributes:
        ranges: ranges of leads that have a model of their own.
        leads: shape ``(n,)``, 1 to 672.
        features: shape ``(n, len(FEATURES))``, NaN where unknown.
        base_kwh: shape ``(n,)``: what the models of that lead say where they know nothing.
        contributions_kwh: shape ``(n, len(FEATURES))``, signed.
    """

    ranges: tuple[LeadRange, ...]
    leads: IntArray
    features: FloatArray
    base_kwh: FloatArray
    contributions_kwh: FloatArray

    @property
    def forecast_kwh(self) -> FloatArray:
        """The forecasts that are explained, shape ``(n,)``."""
        forecast: FloatArray = self.base_kwh + self.contributions_kwh.sum(axis=1)
        return forecast

    def by_driver(self) -> dict[str, FloatArray]:
        """The contributions of the features of each driver together, shape ``(n,)``."""
        return {
            driver: self.contributions_kwh[:, [DRIVER_OF[name] == driver for name in FEATURES]].sum(axis=1)
            for driver in DRIVERS
        }

    def within(self, leads: LeadRange) -> Explanation:
        """The forecasts of one range of leads."""
        rows = (self.leads >= leads.first) & (self.leads <= leads.last)
        return Explanation(
            (leads,), self.leads[rows], self.features[rows], self.base_kwh[rows], self.contributions_kwh[rows]
        )


def explain_forecast(
    explainer: Explainer, history: pl.DataFrame, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON
) -> pl.DataFrame:
    """What drives one forecast, interval by interval.

    Args:
        explainer: the trees.
        history: readings up to ``origin``; later rows may be there and are not read.
        origin: end of the last known interval; a naive time is read as plant time.
        horizon: 1 to 672 intervals.

    Returns:
        ``interval_start``, ``forecast_kwh`` (the trees' mean forecast), ``base_kwh`` and a column in kWh for each of
        ``DRIVERS``; base and drivers add up to the forecast.

    Raises:
        InputError: ``origin`` is off the 15-minute grid or beyond the readings, or ``horizon`` out of range.
        NotEnoughDataError: too little history before ``origin``.
    """
    model = explainer.members[0]
    known = known_before(history, origin, zone=model.plant.zone)
    timeline = build_timeline(known, plant=model.plant, tariff=model.tariff, ahead=check_horizon(horizon))
    positions, leads = pair(timeline.positions([origin]), horizon)
    require_days(int(positions[0]) - timeline.first, needed_days=model.params.warm_up_days, purpose="a forecast")
    explained = explain_rows(explainer, FeatureBuilder(timeline).matrix(positions, leads), leads)
    starts = timeline.interval_start.gather(positions + leads - 1)
    return pl.DataFrame(
        {
            "interval_start": starts,
            "forecast_kwh": explained.forecast_kwh,
            "base_kwh": explained.base_kwh,
            **explained.by_driver(),
        }
    )


def telling_origin(readings: pl.DataFrame, *, plant: Plant, tariff: Tariff) -> dt.datetime:
    """An origin whose forecast shows most drivers at work: noon of the newest open day, the newest origin without one.

    Args:
        readings: data contract, sorted.
        plant: which days are closed.
        tariff: its bands.
    """
    starts = readings["interval_start"]
    noons = known_ahead(starts.filter(starts.dt.time() == NOON), plant=plant, tariff=tariff)
    at_work = noons.filter(~pl.col("is_closed"))["interval_start"]
    return at_work[-1] if len(at_work) else readings_end(readings)


def adds_up(explained: pl.DataFrame, forecast: pl.DataFrame) -> Finding:
    """Whether base and drivers add up to what is forecast.

    Args:
        explained: as ``explain_forecast`` returns it.
        forecast: the mean of the same forecaster, origin and horizon, as ``mean_kwh``.
    """
    sums = explained.select(pl.sum_horizontal("base_kwh", *DRIVERS)).to_series().to_numpy()
    off_kwh = float(np.abs(sums - forecast["mean_kwh"].to_numpy()).max())
    return Finding(
        off_kwh <= ADDS_UP_WITHIN_KWH,
        f"base and contributions within {ADDS_UP_WITHIN_KWH} kWh of each forecast",
        f"{forecast.height} forecasts, the furthest {off_kwh:.1g} kWh off",
    )


def explain_history(explainer: Explainer, readings: pl.DataFrame, *, rows_per_range: int, seed: int) -> Explanation:
    """Contributions at random origins of the whole history, the same number for each range of leads.

    Args:
        explainer: the trees.
        readings: data contract, longer than the warm-up.
        rows_per_range: pairs of an origin and a lead that are drawn for each range.
        seed: the same seed draws the same pairs.
    """
    model = explainer.members[0]
    timeline = build_timeline(readings, plant=model.plant, tariff=model.tariff, ahead=MAX_HORIZON)
    random = np.random.default_rng(seed)
    first = timeline.first + model.params.warm_up_days * INTERVALS_PER_DAY
    origins = random.integers(first, timeline.end + 1, (len(explainer.ranges), rows_per_range))
    leads = np.array([random.integers(part.first, part.last + 1, rows_per_range) for part in explainer.ranges])
    matrix = FeatureBuilder(timeline).matrix(origins.ravel(), leads.ravel())
    return explain_rows(explainer, matrix, leads.ravel())


def explain_rows(explainer: Explainer, features: FloatArray, leads: IntArray) -> Explanation:
    """Contributions of rows of ``features`` at ``leads``; each row is explained by the models of its lead."""
    base_kwh, contributions_kwh = np.zeros(len(leads)), np.zeros(features.shape)
    for member, by_lead in zip(explainer.members, explainer.shares, strict=True):
        for model in member.models:
            rows = np.flatnonzero((leads >= model.leads.first) & (leads <= model.leads.last))
            if len(rows):
                shared = by_lead[leads[rows] - 1][:, None] * model.contributions(features[rows])
                contributions_kwh[rows] += shared[:, :-1]
                base_kwh[rows] += shared[:, -1]
    return Explanation(explainer.ranges, leads, features, base_kwh, contributions_kwh)
