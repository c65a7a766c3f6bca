"""Measurement and verification: what was saved in a period, as what would have been used less what was measured.

IPMVP option C with the statistics of ASHRAE Guideline 14: a counterfactual learned from the days before, and an
interval around the saving. A saving counts only where the interval excludes zero. The mean of many days has no peaks,
so the demand charge cannot be verified this way and is left to the bill; costs here are energy charge and CO2.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from pydantic import Field

from steel_energy.arrays import FloatArray
from steel_energy.calendar import in_zone
from steel_energy.config import Record
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.plant import Plant
from steel_energy.savings.counterfactual import Counterfactual, hourly
from steel_energy.savings.statistics import Fit, Resolution, fit_of, student_t, uncertainty
from steel_energy.savings.verified import FEWEST_PLACEBOS, Basis, Saving, Unit, Verification
from steel_energy.schema import DAYS_PER_WEEK
from steel_energy.tariff import Tariff

COLUMNS: dict[Unit, str] = {"kWh": "usage_kwh", "KRW": "cost_krw"}
FOUR_WEEKS_DAYS = 4 * DAYS_PER_WEEK


class VerificationParams(Record):
    """How savings are verified."""

    baseline_days: int = Field(ge=28)
    confidence: float = Field(gt=0, lt=1)


@dataclass(frozen=True)
class _Days:
    """Days, one row each: for both units what was measured and what the model says."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, hours: pl.DataFrame, model: Counterfactual) -> Self:
        modelled = hours.with_columns(modelled_usage_kwh=pl.Series(model.predict(hours)))
        sums = {
            "measured_usage_kwh": pl.col("usage_kwh"),
            "modelled_usage_kwh": pl.col("modelled_usage_kwh"),
            "measured_cost_krw": pl.col("usage_kwh") * pl.col("krw_per_kwh"),
            "modelled_cost_krw": pl.col("modelled_usage_kwh") * pl.col("krw_per_kwh"),
        }
        named = {name: sum_.sum() for name, sum_ in sums.items()}
        return cls(modelled.group_by("date", maintain_order=True).agg(**named))

    def measured(self, unit: Unit) -> FloatArray:
        return self.frame[f"measured_{COLUMNS[unit]}"].to_numpy()

    def modelled(self, unit: Unit) -> FloatArray:
        return self.frame[f"modelled_{COLUMNS[unit]}"].to_numpy()


def verify(
    readings: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    start: dt.date,
    end: dt.date,
    params: VerificationParams,
    promised_krw: float | None = None,
) -> Verification:
    """What the days of ``[start, end)`` saved against the ``baseline_days`` before them.

    Args:
        readings: ``interval_start`` (plant zone) and ``usage_kwh`` of one plant, sorted.
        plant: gives zone, closed days and emission factor.
        tariff: gives prices of energy and CO2 of each hour.
        start: first day.
        end: day after the last one.
        params: length of the baseline and confidence.
        promised_krw: energy charge and CO2 that an executed plan promised to save.

    Raises:
        InputError: the period is empty.
        NotEnoughDataError: the baseline is too short, or no day of the period can be compared.
    """
    if end <= start:
        raise InputError("must lie before the end of the period", field="from", remedy="swap from and to")
    first = start - dt.timedelta(days=params.baseline_days)
    before, reported = (
        hourly(readings, plant=plant, tariff=tariff, start=_midnight(since, plant), end=_midnight(until, plant))
        for since, until in ((first, start), (start, end))
    )
    model = Counterfactual.fit(before)
    fitted, compared = before.filter(model.knows()), reported.filter(model.knows())
    if compared.is_empty():
        raise NotEnoughDataError(
            f"no day from {start} to {end} is known and of a kind that the baseline has",
            field="from",
            remedy="name other days or a longer baseline",
        )
    days, period = _Days.of(fitted, model), _Days.of(compared, model)
    misses = _placebos(fitted, days=period.frame.height)
    kinds = len(model.profiles_kwh)
    energy, cost = (_saving(unit, days, period, misses, kinds=kinds, params=params) for unit in COLUMNS)
    return Verification(
        plant=plant.id,
        baseline=(fitted["date"][0], fitted["date"][-1]),
        period=(start, end - dt.timedelta(days=1)),
        left_out=tuple(_left_out(start, end, reported, compared)),
        confidence=params.confidence,
        energy=energy,
        cost=cost,
        fits=_fits(fitted, model, days),
        placebos=len(misses["kWh"]),
        promised_krw=promised_krw,
    )


def _midnight(date: dt.date, plant: Plant) -> dt.datetime:
    return in_zone(dt.datetime.combine(date, dt.time()), plant.zone)


def _saving(
    unit: Unit,
    days: _Days,
    period: _Days,
    misses: dict[Unit, FloatArray],
    *,
    kinds: int,
    params: VerificationParams,
) -> Saving:
    """Counterfactual less measured, with the widest interval.

    Production persists: what hangs together over more than a day widens a long period's interval more than the days'
    neighbours tell. Placebos as long as the period see it; without them, weeks do.
    """
    expected, values, confidence = float(period.modelled(unit).sum()), period.frame.height, params.confidence
    by_day = fit_of(days.measured(unit), days.modelled(unit), parameters=kinds, resolution="day")
    halves: dict[Basis, float] = {
        "days": uncertainty(by_day, modelled_sum=expected, values=values, confidence=confidence)
    }
    if len(misses[unit]) >= FEWEST_PLACEBOS:
        halves["placebos"] = _spread(misses[unit], confidence=confidence) * expected
    else:
        by_week = _by_stretch(days, unit, days_each=DAYS_PER_WEEK, resolution="week")
        weeks = values / DAYS_PER_WEEK
        halves["weeks"] = uncertainty(by_week, modelled_sum=expected, values=weeks, confidence=confidence)
    basis = max(halves, key=lambda one: halves[one])
    return Saving(
        unit=unit,
        counterfactual=expected,
        measured=float(period.measured(unit).sum()),
        uncertainty=halves[basis],
        basis=basis,
        days=values,
    )


def _by_stretch(days: _Days, unit: Unit, *, days_each: int, resolution: Resolution) -> Fit:
    """The fit of sums over the newest whole stretches of days; each has the same weekdays, so one mean is estimated."""
    measured, modelled = days.measured(unit), days.modelled(unit)
    stretches = len(measured) // days_each
    newest = slice(len(measured) - stretches * days_each, None)
    sums = (values[newest].reshape(stretches, days_each).sum(axis=1) for values in (measured, modelled))
    return fit_of(*sums, parameters=1, resolution=resolution)


def _placebos(fitted: pl.DataFrame, *, days: int) -> dict[Unit, FloatArray]:
    """Savings that the method finds in stretches of the baseline, where there are none, as shares of what it expects.

    Stretches of ``days`` days in the later half of the baseline, each against a model of the days before it.
    """
    dates = fitted["date"].unique().sort()
    first = dates.len() - dates.len() // 2 // days * days
    shares: dict[Unit, list[float]] = {unit: [] for unit in COLUMNS}
    for at in range(first, dates.len(), days):
        model = Counterfactual.fit(fitted.filter(pl.col("date") < dates[at]))
        stretch = fitted.filter(pl.col("date").is_between(dates[at], dates[at + days - 1]), model.knows())
        if stretch.height:
            tried = _Days.of(stretch, model)
            for unit, found in shares.items():
                found.append(float(1 - tried.measured(unit).sum() / tried.modelled(unit).sum()))
    return {unit: np.array(found) for unit, found in shares.items()}


def _spread(misses: FloatArray, *, confidence: float) -> float:
    """Half the width of an interval that holds such misses."""
    return student_t(confidence, len(misses)) * float(np.sqrt(np.mean(misses**2)))


def _fits(fitted: pl.DataFrame, model: Counterfactual, days: _Days) -> tuple[Fit, ...]:
    kinds, measured, modelled = len(model.profiles_kwh), days.measured("kWh"), days.modelled("kWh")
    profiles = sum(len(profile) for profile in model.profiles_kwh.values())
    hours = fit_of(fitted["usage_kwh"].to_numpy(), model.predict(fitted), parameters=profiles, resolution="hour")
    by_day = fit_of(measured, modelled, parameters=kinds, resolution="day")
    if len(measured) < 2 * FOUR_WEEKS_DAYS:  # one stretch alone has no spread
        return hours, by_day
    return hours, by_day, _by_stretch(days, "kWh", days_each=FOUR_WEEKS_DAYS, resolution="four_weeks")


def _left_out(
    start: dt.date, end: dt.date, reported: pl.DataFrame, compared: pl.DataFrame
) -> list[tuple[dt.date, str]]:
    known, kinds = set(compared["date"]), dict(reported.select("date", "day_kind").unique().iter_rows())
    dates = [start + dt.timedelta(days=day) for day in range((end - start).days)]
    return [
        (date, f"the baseline has too few of its kind ({kinds[date]})" if date in kinds else "not all of it is known")
        for date in dates
        if date not in known
    ]
