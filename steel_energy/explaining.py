"""Why a forecast is what it is: what each feature adds to it, in kWh, for one forecast and over a whole history.

The trees give SHAP values of the logarithm of the forecast. In kWh they are shared out by the logarithmic mean (as
energy statistics do: LMDI): feature ``i`` of a row adds ``phi_i * (forecast - base) / sum(phi)``. That keeps what makes
SHAP values worth reading: they add up to the forecast less the base, a feature that moves nothing adds nothing, those
that move alike add alike, and signs and order stay. Pictures of all this live in ``reporting.model_pictures``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import exprel

from steel_energy.arrays import FloatArray, IntArray
from steel_energy.drivers import DRIVER_OF, DRIVERS
from steel_energy.errors import NotFittedError
from steel_energy.features import FEATURES, FeatureBuilder, pair
from steel_energy.forecasting.base import known_before
from steel_energy.forecasting.boosting import BoostedForecaster
from steel_energy.params import LeadRange
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.timeline import DEFAULT_HORIZON, MAX_HORIZON, build_timeline, check_horizon

OVERALL = "over_24h"


@dataclass(frozen=True)
class Explanation:
    """What each feature adds to each of ``n`` forecasts; ``base_kwh`` plus a row of ``contributions_kwh`` is one.

    Attributes:
        ranges: ranges of leads that have a model of their own.
        leads: shape ``(n,)``, 1 to 672.
        features: shape ``(n, len(FEATURES))``, NaN where unknown.
        base_kwh: shape ``(n,)``: what the model of that lead says where it knows nothing; the same within its range.
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
    forecaster: BoostedForecaster, history: pl.DataFrame, *, origin: dt.datetime, horizon: int = DEFAULT_HORIZON
) -> pl.DataFrame:
    """What drives one forecast, interval by interval.

    Args:
        forecaster: a fitted tree model.
        history: readings up to ``origin``; later rows may be there and are not read.
        origin: end of the last known interval; a naive time is read as plant time.
        horizon: 1 to 672 intervals.

    Returns:
        ``interval_start``, ``forecast_kwh`` (equal to the forecaster's mean), ``base_kwh`` and a column in kWh for each
        of ``DRIVERS``; base and drivers add up to the forecast.

    Raises:
        InputError: ``origin`` is off the 15-minute grid or beyond the readings, or ``horizon`` out of range.
        NotFittedError: the forecaster is not fitted.
    """
    known = known_before(history, origin, zone=forecaster.plant.zone)
    timeline = build_timeline(known, plant=forecaster.plant, tariff=forecaster.tariff, ahead=check_horizon(horizon))
    positions, leads = pair(timeline.positions([origin]), horizon)
    explained = explain_rows(forecaster, FeatureBuilder(timeline).matrix(positions, leads), leads)
    starts = timeline.interval_start.gather(positions + leads - 1)
    return pl.DataFrame(
        {
            "interval_start": starts,
            "forecast_kwh": explained.forecast_kwh,
            "base_kwh": explained.base_kwh,
            **explained.by_driver(),
        }
    )


def explain_history(
    forecaster: BoostedForecaster, readings: pl.DataFrame, *, rows_per_range: int, seed: int
) -> Explanation:
    """Contributions at random origins of the whole history, the same number for each range of leads.

    Args:
        forecaster: a fitted tree model.
        readings: data contract, longer than the warm-up.
        rows_per_range: pairs of an origin and a lead that are drawn for each range.
        seed: the same seed draws the same pairs.
    """
    timeline = build_timeline(readings, plant=forecaster.plant, tariff=forecaster.tariff, ahead=MAX_HORIZON)
    random = np.random.default_rng(seed)
    first = timeline.first + forecaster.params.warm_up_days * INTERVALS_PER_DAY
    ranges = [model.leads for model in forecaster.models]
    origins = random.integers(first, timeline.end + 1, (len(ranges), rows_per_range))
    leads = np.array([random.integers(part.first, part.last + 1, rows_per_range) for part in ranges])
    matrix = FeatureBuilder(timeline).matrix(origins.ravel(), leads.ravel())
    return explain_rows(forecaster, matrix, leads.ravel())


def explain_rows(forecaster: BoostedForecaster, features: FloatArray, leads: IntArray) -> Explanation:
    """Contributions of rows of ``features`` at ``leads``; each row is explained by the model of its lead."""
    base_kwh, contributions_kwh = np.empty(len(leads)), np.empty(features.shape)
    if not forecaster.models:
        raise NotFittedError(forecaster.name)
    for model in forecaster.models:
        rows = np.flatnonzero((leads >= model.leads.first) & (leads <= model.leads.last))
        if len(rows):
            values = model.trees.contributions(features[rows])
            base_kwh[rows], contributions_kwh[rows] = in_kwh(values)
    ranges = tuple(model.leads for model in forecaster.models)
    return Explanation(ranges, leads, features, base_kwh, contributions_kwh)


def in_kwh(log_contributions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Contributions to the logarithm of forecasts as contributions to the forecasts, by the logarithmic mean.

    Args:
        log_contributions: shape ``(n, features + 1)``, the last column is the base; a row adds up to ``log(kWh)``.

    Returns:
        The bases, shape ``(n,)``, and the contributions, shape ``(n, features)``, in kWh; each row adds up.

    >>> base, parts = in_kwh(np.array([[np.log(2), np.log(2), np.log(3)]]))  # 3 kWh, doubled twice
    >>> base.round(6).tolist(), parts.round(6).tolist()
    ([3.0], [[4.5, 4.5]])
    """
    parts, base_kwh = log_contributions[:, :-1], np.exp(log_contributions[:, -1])
    mean_kwh = base_kwh * exprel(
        parts.sum(axis=1)
    )  # (forecast - base) / sum(parts); the base itself where nothing moves
    return base_kwh, parts * mean_kwh[:, None]


def importance(explained: Explanation) -> pl.DataFrame:
    """Mean size of each feature's contributions, by range of leads and over the first 24 hours.

    Args:
        explained: rows of all its ranges, as ``explain_history`` draws them.

    Returns:
        ``lead_range`` (``1``, ``3-4``, ... and ``over_24h``, where a range counts by its leads up to 24 hours),
        ``feature``, ``driver``, ``mean_abs_kwh``; a row for each range and feature.
    """
    by_range = [np.abs(explained.within(part).contributions_kwh).mean(axis=0) for part in explained.ranges]
    return pl.concat(
        _sizes(name, size, FEATURES).with_columns(driver=pl.Series([DRIVER_OF[feature] for feature in FEATURES]))
        for name, size in _with_overall(by_range, explained.ranges).items()
    ).rename({"of": "feature"})


def driver_importance(explained: Explanation) -> pl.DataFrame:
    """Mean size of each driver's contribution, its features together, as ``importance`` by ``lead_range``.

    Returns:
        ``lead_range``, ``driver``, ``mean_abs_kwh``. Features that pull against each other within a driver cancel, so
        it is at most the sum of theirs.
    """
    parts = [explained.within(part).by_driver() for part in explained.ranges]
    by_range = [np.array([np.abs(kwh).mean() for kwh in drivers.values()]) for drivers in parts]
    return pl.concat(
        _sizes(name, size, DRIVERS) for name, size in _with_overall(by_range, explained.ranges).items()
    ).rename({"of": "driver"})


def range_name(leads: LeadRange) -> str:
    """A range of leads as text: ``1`` or ``3-4``."""
    return f"{leads.first}" if leads.first == leads.last else f"{leads.first}-{leads.last}"


def _with_overall(by_range: Sequence[FloatArray], ranges: Sequence[LeadRange]) -> dict[str, FloatArray]:
    """Sizes by the name of their range, and their mean over the leads of the first 24 hours."""
    leads = [max(0, min(part.last, DEFAULT_HORIZON) - part.first + 1) for part in ranges]
    named = dict(zip(map(range_name, ranges), by_range, strict=True))
    return {**named, OVERALL: np.average(np.array(by_range), axis=0, weights=leads)}


def _sizes(lead_range: str, mean_abs_kwh: FloatArray, of: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"lead_range": [lead_range] * len(of), "of": list(of), "mean_abs_kwh": mean_abs_kwh})
