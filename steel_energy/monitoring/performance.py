"""The error of a served model over seven days, beside what its backtest leads to expect: a row of ``table``.

The champion is asked again at its origins: its fits answer as they would have, since each origin is answered by one
that had not seen its future. What the service really told is put beside it where it was asked. Of the nowcast the row
tells how far off it was of what was measured, and how many readings contradict themselves.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from steel_energy.artifacts import Manifest
from steel_energy.calendar import in_zone
from steel_energy.errors import NotEnoughDataError
from steel_energy.evaluation import backtest
from steel_energy.forecasting import Forecaster
from steel_energy.history import readings_end
from steel_energy.monitoring.expected import Expectation, Means, expectation, means, measured
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.table import Grade
from steel_energy.params import EvaluationParams
from steel_energy.sites import Site

WINDOW_DAYS = 7


@dataclass(frozen=True)
class Window:
    """Seven days, ``end`` exclusive, in the plant's zone."""

    start: dt.datetime
    end: dt.datetime

    @classmethod
    def until(cls, end: dt.datetime) -> Window:
        """The seven days before ``end``."""
        start = (end.astimezone(dt.UTC) - dt.timedelta(days=WINDOW_DAYS)).astimezone(end.tzinfo)
        return cls(start, end)


@dataclass(frozen=True)
class Asked:
    """A champion that was asked again at all origins that one of its fits answers unseen.

    Attributes:
        manifest: the champion's.
        rows: of ``expected.measured``, sorted by origin.
    """

    manifest: Manifest
    rows: pl.DataFrame

    def within(self, window: Window) -> pl.DataFrame:
        """Forecasts whose origin and targets lie in the window."""
        last = pl.col("interval_start").max().over("origin")
        return self.rows.filter((pl.col("origin") >= window.start) & (last < window.end))

    def reference(self, window: Window) -> pl.DataFrame:
        """The champion's backtest: forecasts of what it was trained on later, the window's own days left out."""
        trained_until = in_zone(self.manifest.trained_until, str(window.end.tzinfo))
        target = pl.col("interval_start")
        is_known = target.max().over("origin") < trained_until
        return self.rows.filter(is_known & ~target.is_between(window.start, window.end, closed="left"))


@dataclass(frozen=True)
class ForecastError:
    """The forecasts of a window.

    Attributes:
        origins: how many.
        found: their figures.
        expected: what the backtest leads to expect of them.
        trained_until: end of what the fit had seen that answered the first origin.
        worse: the figures that make them degraded, in words; empty where they are as usual.
    """

    origins: int
    found: Means
    expected: Expectation
    trained_until: dt.datetime
    worse: tuple[str, ...]

    @property
    def verdict(self) -> Grade:
        """By the figures that are worse."""
        return "degraded" if self.worse else "usual"


def ask_again(
    champion: Forecaster, manifest: Manifest, readings: pl.DataFrame, *, site: Site, params: EvaluationParams
) -> Asked:
    """Ask a champion at every origin from the end of what its oldest fit had seen up to the end of the readings.

    Args:
        champion: its fits.
        manifest: of its bundle.
        readings: data contract, sorted.
        site: whose.
        params: the distance of the origins.

    Raises:
        NotEnoughDataError: no origin is left: all fits have seen all but the last day.
    """
    first = in_zone(min((*manifest.earlier_fits, manifest.trained_until)), site.plant.zone)
    backtested = backtest(champion, readings, start=first, end=readings_end(readings), params=params)
    return Asked(manifest, measured(backtested, site))


def forecast_error(asked: Asked, window: Window, *, params: MonitoringParams) -> ForecastError:
    """The error of a window's forecasts, and whether the champion has degraded.

    Args:
        asked: the champion.
        window: seven days, of which the champion has seen none when it is asked.
        params: from which multiple of the usual on an error counts, and how rarely a stable week may exceed it.

    Raises:
        NotEnoughDataError: the champion's fits had all seen these days, or it has no backtest without them.
    """
    rows, reference = asked.within(window), asked.reference(window)
    if rows.is_empty():
        raise NotEnoughDataError(
            f"no fit of {asked.manifest.version} was asked in the 7 days until {window.end.isoformat()}",
            field="window",
            remedy="look at later days: its fits have seen these",
        )
    if reference.is_empty():
        raise NotEnoughDataError(
            f"{asked.manifest.version} has no backtest outside the 7 days until {window.end.isoformat()}",
            field="window",
            remedy="give the model a longer history to train on",
        )
    found, expected = means(rows), expectation(rows, reference, chance=params.usual_chance)
    first: dt.datetime = rows["origin"][0]
    return ForecastError(
        origins=rows["origin"].n_unique(),
        found=found,
        expected=expected,
        trained_until=in_zone(asked.manifest.trained_until_for(first), str(first.tzinfo)),
        worse=_worse(found, expected, params),
    )


def errors_by_interval(asked: Asked) -> pl.DataFrame:
    """The error of the newest forecast of each interval: what change points are sought in.

    Returns:
        ``interval_start``, ``error_kwh`` (forecast less measured); sorted.
    """
    newest = asked.rows.sort("interval_start", "lead").unique("interval_start", keep="first", maintain_order=True)
    return newest.select("interval_start", "error_kwh")


def _worse(found: Means, expected: Expectation, params: MonitoringParams) -> tuple[str, ...]:
    """The figures beyond their threshold and beyond what stable weeks reach."""
    said = (
        f"RMSE {found.rmse_kwh:.2f} kWh, usual {expected.usual.rmse_kwh:.2f} kWh",
        f"MAE {found.mae_kwh:.2f} kWh, usual {expected.usual.mae_kwh:.2f} kWh",
        f"{found.outside_share:.0%} of readings outside the 90 % band, usual {expected.usual.outside_share:.0%}",
    )
    thresholds = (params.retrain_on_degradation, params.retrain_on_degradation, params.retrain_on_misses)
    ratios = found.ratios(to=expected.usual).values
    beyond = (
        ratio > max(threshold, limit)
        for ratio, threshold, limit in zip(ratios, thresholds, expected.limits.values, strict=True)
    )
    return tuple(words for words, is_beyond in zip(said, beyond, strict=True) if is_beyond)
