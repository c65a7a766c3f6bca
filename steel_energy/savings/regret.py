"""What a forecast is worth in money: plans made on it, carried out against what came.

Each day the standard plan is made on a model's forecast and carried out on what was measured. Its *value* is what it
saves against doing nothing; its *regret*, what a plan made with perfect foresight of the day would have saved beyond
that. A day is charged energy, CO2 and what it adds to its month's demand charge: a peak is paid for once, by the day
that sets it, and whoever set it may use it until the month ends. The power-factor clauses are left out, for no forecast
tells reactive energy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.billing import RATCHET_MONTHS_BACK
from steel_energy.errors import NotEnoughDataError
from steel_energy.months import shift_month
from steel_energy.planning.baseline import baseline_of
from steel_energy.planning.charges import Load
from steel_energy.planning.linear import PlanningParams
from steel_energy.planning.optimizer import optimum_of
from steel_energy.planning.problem import ENERGIES, Problem, problem_of
from steel_energy.planning.schedule import Schedule
from steel_energy.plant import Plant
from steel_energy.savings.execution import executed_kwh
from steel_energy.savings.standard import StandardPlanParams, standard_request
from steel_energy.schema import DAYS_PER_WEEK, INTERVAL, INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.tariff import Tariff

UNPLANNED, PERFECT = "no plan", "perfect foresight"
QUIET_FIRST_KRW_PER_KWH2 = 1e-3
"""Price of a kWh in an interval, for each kWh that is expected there: far less than any two prices differ by."""
Peaks = dict[str, float]
"""Highest demand (kW) that somebody has set in each month so far."""


@dataclass(frozen=True)
class PlanningDay:
    """What a day costs by whose forecast it was planned on.

    Attributes:
        origin: start of its 24 hours.
        unplanned_krw: where all jobs run as usual and nothing moves.
        perfect_krw: planned with perfect foresight.
        planned_krw: by model.
    """

    origin: dt.datetime
    unplanned_krw: float
    perfect_krw: float
    planned_krw: Mapping[str, float]


@dataclass(frozen=True)
class ForecastValue:
    """What a model's forecasts are worth for a standard plan, over ``days`` days.

    Attributes:
        value_krw_per_week: saved against no plan; negative where planning on it costs more.
        regret_krw_per_week: what perfect foresight would have saved beyond that.
    """

    value_krw_per_week: float
    regret_krw_per_week: float
    days: int


def forecast_values(
    backtests: Mapping[str, pl.DataFrame],
    readings: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    standard: StandardPlanParams,
    params: PlanningParams,
) -> dict[str, ForecastValue]:
    """The value of each model's forecasts; see ``planning_days``, whose arguments these are."""
    days = list(planning_days(backtests, readings, plant=plant, tariff=tariff, standard=standard, params=params))
    unplanned, perfect = (np.array([getattr(day, name) for day in days]) for name in ("unplanned_krw", "perfect_krw"))
    found = {}
    for model in backtests:
        planned = np.array([day.planned_krw[model] for day in days])
        found[model] = ForecastValue(
            value_krw_per_week=DAYS_PER_WEEK * float(np.mean(unplanned - planned)),
            regret_krw_per_week=DAYS_PER_WEEK * float(np.mean(planned - perfect)),
            days=len(days),
        )
    return found


def planning_days(
    backtests: Mapping[str, pl.DataFrame],
    readings: pl.DataFrame,
    *,
    plant: Plant,
    tariff: Tariff,
    standard: StandardPlanParams,
    params: PlanningParams,
) -> Iterator[PlanningDay]:
    """Plan each day on each model's forecast, and carry it out.

    Args:
        backtests: of one part by model, all at the same origins; see ``evaluation.backtest``.
        readings: data contract; those before the first day count for its demand charge, then what plans make of them.
        plant: whose readings.
        tariff: of the plant.
        standard: what may move.
        params: how closely plans are optimised.

    Raises:
        NotEnoughDataError: no forecast of the backtests is a whole day long.
    """
    clauseless = tariff.model_copy(update={"power_factor": ()})
    forecasts = {model: _by_origin(backtest) for model, backtest in backtests.items()}
    peaks: dict[str, Peaks] = {}
    origins = daily_origins(next(iter(backtests.values())))
    load = readings.select("interval_start", "usage_kwh", *(pl.lit(0.0).alias(name) for name in ENERGIES[1:]))
    before = load.filter(pl.col("interval_start") < origins[0])
    for origin in origins:
        request = standard_request(standard, plant=plant, start=origin, end=_day_after(origin))
        truth = problem_of(request, load, plant=plant, tariff=clauseless, known=before)

        def cost_krw(who: str, forecast_kwh: FloatArray | None, *, truth: Problem = truth) -> float:
            own, peaks[who] = _with_peaks(truth, peaks.get(who, {}), tariff)
            asked = own if forecast_kwh is None else _on(own, forecast_kwh)
            schedule = _unplanned(own, params) if who == UNPLANNED else _planned(_quiet_first(asked), params)
            return _charged_krw(own, schedule, peaks[who])

        yield PlanningDay(
            origin=origin,
            unplanned_krw=cost_krw(UNPLANNED, None),
            perfect_krw=cost_krw(PERFECT, None),
            planned_krw={model: cost_krw(model, known[origin]) for model, known in forecasts.items()},
        )


def daily_origins(backtest: pl.DataFrame) -> list[dt.datetime]:
    """Origins a day apart, at the first hour after midnight that the backtest has, whose forecasts are a day long.

    Raises:
        NotEnoughDataError: there is none.
    """
    whole = backtest.group_by("origin").len().filter(pl.col("len") >= INTERVALS_PER_DAY).sort("origin")["origin"]
    if whole.is_empty():
        raise NotEnoughDataError(
            "no forecast of the backtests is a day long", field="backtest", remedy="backtest 96 intervals or more"
        )
    known = set(whole.dt.convert_time_zone("UTC"))
    earliest = pl.DataFrame({"origin": whole}).sort(pl.col("origin").dt.time(), "origin")["origin"]
    anchor = earliest.filter(earliest.dt.time() == earliest.dt.time()[0])[-1].astimezone(dt.UTC)
    back = sorted(moment for moment in known if not (anchor - moment) % dt.timedelta(days=1))
    return [moment.astimezone(whole[0].tzinfo) for moment in back]


def _by_origin(backtest: pl.DataFrame) -> dict[dt.datetime, FloatArray]:
    """Mean forecasts of the first 24 hours by origin."""
    day = backtest.filter(pl.col("lead") <= INTERVALS_PER_DAY).sort("origin", "lead")
    return {origin: part["mean_kwh"].to_numpy() for (origin,), part in day.group_by("origin", maintain_order=True)}


def _day_after(origin: dt.datetime) -> dt.datetime:
    """24 hours later, whatever the clock does."""
    return (origin.astimezone(dt.UTC) + INTERVAL * INTERVALS_PER_DAY).astimezone(origin.tzinfo)


def _with_peaks(problem: Problem, peaks: Peaks, tariff: Tariff) -> tuple[Problem, Peaks]:
    """The problem with the peaks that its own earlier days set, and the whole month's price of a kW.

    A ratchet looks back on them as on the measured ones from before the first day.
    """
    months = []
    for month in problem.charges.months:
        looked_back = {shift_month(month.month, -back) for back in range(1, RATCHET_MONTHS_BACK + 1)}
        counted = {month.month} | {one for one in looked_back if int(one[-2:]) in tariff.demand.ratchet_months}
        own_kw = max((kw for one, kw in peaks.items() if one in counted), default=0.0)
        months.append(replace(month, floor_kw=max(month.floor_kw, own_kw), krw_per_kw=tariff.demand.krw_per_kw))
    return replace(problem, charges=replace(problem.charges, months=tuple(months))), dict(peaks)


def _on(problem: Problem, forecast_kwh: FloatArray) -> Problem:
    """The problem as a forecast has it."""
    nothing = np.zeros_like(forecast_kwh)
    return replace(problem, base=Load(usage_kwh=forecast_kwh, lagging_kvarh=nothing, leading_kvarh=nothing))


def _quiet_first(problem: Problem) -> Problem:
    """The problem with a hair's breadth on the price of hours in which much is drawn.

    Of equally cheap hours the quietest is then chosen, where a forecast that is wrong sets no peak; left to the solver,
    chance would decide what a forecast is worth.
    """
    prices = problem.charges.energy_krw_per_kwh + QUIET_FIRST_KRW_PER_KWH2 * problem.base.usage_kwh
    return replace(problem, charges=replace(problem.charges, energy_krw_per_kwh=prices))


def _unplanned(problem: Problem, params: PlanningParams) -> Schedule:
    found = baseline_of(problem, params)
    if found is None:
        raise NotEnoughDataError("the standard request has no usual schedule", field="standard_plan", remedy="mend it")
    return found.schedule


def _planned(problem: Problem, params: PlanningParams) -> Schedule:
    baseline = baseline_of(problem, params)
    optimum = None if baseline is None else optimum_of(problem, baseline, params)
    if optimum is None:
        raise NotEnoughDataError("the standard request has no plan", field="standard_plan", remedy="mend it")
    return optimum.schedule


def _charged_krw(own: Problem, schedule: Schedule, peaks: Peaks) -> float:
    """What a schedule costs when it meets the base load of ``own``; notes the peaks that it sets."""
    movable = own.request.movable
    base = own.base.usage_kwh
    if movable is not None:
        moves = {"out_kwh": schedule.out_kwh, "in_kwh": schedule.in_kwh}
        base = executed_kwh(base, **moves, movable_share=movable.share)
    load = replace(own.base, usage_kwh=base + schedule.energy_kwh.sum(axis=0))
    paid_krw = 0.0
    for month in own.charges.months:
        paid_krw += month.krw_per_kw * month.floor_kw
        peak_kw = float(load.usage_kwh[month.own].max()) * INTERVALS_PER_HOUR
        peaks[month.month] = max(peak_kw, peaks.get(month.month, 0.0))
    return own.charges.cost_krw(load) - paid_krw
