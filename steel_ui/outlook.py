"""The figures of the next 24 hours, and of the same hours a week before; no words and no drawing here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steel_ui.client import INTERVALS_PER_HOUR, Forecast, History

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Outcome:
    """What was measured in the intervals of a forecast: their energy, and the highest of them as mean power."""

    usage_kwh: float
    peak_kw: float
    peak_at: dt.datetime


@dataclass(frozen=True)
class Outlook:
    """The figures on the cards; ``week_ago_kwh`` is None where a reading of that day is not known.

    ``peak_low_kw`` and ``peak_high_kw`` bound the 80 % band of the interval with the highest expected demand.
    """

    starts: dt.datetime
    ends: dt.datetime
    usage_kwh: float
    cost_krw: float
    currency: str
    co2_t: float
    peak_kw: float
    peak_at: dt.datetime
    peak_low_kw: float
    peak_high_kw: float
    week_ago_kwh: float | None


def outlook(forecast: Forecast, history: History | None) -> Outlook:
    """The figures of ``forecast``, compared with ``history`` where it reaches back a week."""
    highest = max(forecast.intervals, key=lambda step: step.mean_kwh)
    return Outlook(
        starts=forecast.origin,
        ends=forecast.ends,
        usage_kwh=forecast.totals.usage_kwh,
        cost_krw=forecast.totals.cost_krw,
        currency=forecast.currency,
        co2_t=forecast.totals.co2_t,
        peak_kw=forecast.totals.peak_kw,
        peak_at=highest.interval_start,
        peak_low_kw=highest.q10 * INTERVALS_PER_HOUR,
        peak_high_kw=highest.q90 * INTERVALS_PER_HOUR,
        week_ago_kwh=week_ago_kwh(forecast, history) if history else None,
    )


def week_ago_kwh(forecast: Forecast, history: History) -> float | None:
    """Energy of the intervals exactly seven days before those of ``forecast``; None unless every one is known.

    CO2 is not compared: the meter rounds it to 0.01 t an interval, so that of a quiet day reads zero.
    """
    known = {row.interval_start: row.usage_kwh for row in history.rows}
    wanted = [step.interval_start - WEEK for step in forecast.intervals]
    return sum(known[start] for start in wanted) if known.keys() >= set(wanted) else None


def outcome(forecast: Forecast, afterwards: History | None) -> Outcome | None:
    """What came in the intervals of ``forecast``; None unless every one of them has been measured."""
    wanted = {step.interval_start for step in forecast.intervals}
    came = [row for row in afterwards.rows if row.interval_start in wanted] if afterwards else []
    if len(came) < len(wanted):
        return None
    highest = max(came, key=lambda row: row.usage_kwh)
    return Outcome(
        usage_kwh=sum(row.usage_kwh for row in came),
        peak_kw=highest.usage_kwh * INTERVALS_PER_HOUR,
        peak_at=highest.interval_start,
    )


def change_percent(now: float, before: float) -> float | None:
    """Change from ``before`` to ``now`` in percent; None where ``before`` is zero.

    >>> change_percent(110, 100)
    10.0
    """
    return round(100 * (now - before) / before, 10) if before else None


def band_prices(forecast: Forecast) -> dict[str, float]:
    """Price of each tariff band of the forecast, currency per kWh: what its intervals cost over their energy."""
    energy: dict[str, float] = {}
    cost: dict[str, float] = {}
    for step in forecast.intervals:
        energy[step.band] = energy.get(step.band, 0.0) + step.mean_kwh
        cost[step.band] = cost.get(step.band, 0.0) + step.cost_krw
    return {band: cost[band] / total for band, total in energy.items() if total > 0}
