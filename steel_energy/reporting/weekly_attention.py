"""What deserves a reader's attention in a week, in sentences; ``**`` encloses what stands out."""

from __future__ import annotations

from collections.abc import Iterator

from steel_energy.months import first_day
from steel_energy.reporting.weekly_text import clauses_of, direction
from steel_energy.reporting.weekly_words import Words
from steel_energy.weekly.sections import Day, Missing, WeekForecasts, WeeklyReport

DAY_SHARE, DAY_LEAST_SHARE = 0.3, 0.05
"""A day so far from the usual is worth a word, if the difference is that much of the week's energy at least."""
REPAIRED_SHARE = 0.01
"""Fewer repaired quarter hours are told in the section on data quality alone."""
AVOIDABLE_SHARE = 0.01
"""A peak that adds less than this share of the month's demand charge is no news."""
MOST_NOTES = 5


def attention(report: WeeklyReport, words: Words) -> list[str]:
    """What deserves attention, at most ``MOST_NOTES`` things, or that nothing does."""
    found = [
        *_gap_notes(report, words),
        *_demand_notes(report, words),
        *_power_factor_notes(report, words),
        *_day_notes(report, words),
        *_forecast_notes(report, words),
        *_drift_notes(report, words),
        *_repair_notes(report, words),
    ]
    return found[:MOST_NOTES] or [words("attention_nothing")]


def _gap_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    if missing := report.quality.expected - report.quality.known:
        yield words("attention_gaps", missing=words.number(missing))


def _demand_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    if isinstance(report.cost, Missing):
        return
    for demand in report.cost.demands:
        is_of_week = report.start <= demand.peak_at < report.end
        if is_of_week and demand.avoidable_krw > AVOIDABLE_SHARE * demand.month_krw:
            rest_kw = demand.billed_kw * (1 - demand.avoidable_krw / demand.month_krw)
            yield words(
                "attention_avoidable",
                when=words.moment(demand.peak_at),
                krw=words.money(demand.avoidable_krw),
                month=words.month_name(demand.peak_at),
                rest_kw=words.number(rest_kw),
                kw=words.number(demand.billed_kw),
            )


def _power_factor_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    for clause in clauses_of(report):
        if clause.points > 0:
            yield words(
                "attention_power_factor",
                reactive=words(clause.reactive),
                percent=words.number(clause.month_percent, 2),
                month=words.month_name(first_day(clause.month)),
                limit=words.number(clause.limit_percent),
                krw=words.money(clause.month_krw),
            )


def _day_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    """The one day that is furthest from the usual, in energy."""
    total_kwh = report.consumption.usage_kwh

    def apart_kwh(day: Day) -> float:
        return abs((day.usage_kwh or 0) - (day.usual_kwh or 0))

    unusual = [
        day
        for day in report.consumption.days
        if day.usage_kwh is not None and day.usual_kwh and apart_kwh(day) > DAY_SHARE * day.usual_kwh
    ]
    telling = [day for day in unusual if apart_kwh(day) > DAY_LEAST_SHARE * total_kwh]
    if telling:
        day = max(telling, key=apart_kwh)
        change = (day.usage_kwh or 0) / (day.usual_kwh or 1) - 1
        yield words(
            f"attention_day_{direction(change)}",
            day=words.day(day.date),
            share=words.percent(abs(change)),
            usage=words.number(day.usage_kwh),
            usual=words.number(day.usual_kwh),
        )


def _forecast_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    found = report.forecasts
    if isinstance(found, WeekForecasts) and found.skill is not None and found.skill <= 0:
        yield words(
            "attention_forecast", rmse=words.number(found.rmse_kwh, 1), naive=words.number(found.naive_rmse_kwh, 1)
        )


def _drift_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    if isinstance(report.drift, Missing):
        return
    columns = [words(f"col_{one.column}") for one in report.drift.columns if one.verdict == "severe"]
    figures = [words(f"figure_{one.figure}") for one in report.drift.figures if one.verdict == "severe"]
    if severe := [name.split(",")[0] for name in dict.fromkeys((*figures, *columns))]:
        yield words("attention_drift", columns="; ".join(severe))


def _repair_notes(report: WeeklyReport, words: Words) -> Iterator[str]:
    share = report.quality.repaired / report.quality.known
    if share > REPAIRED_SHARE:
        yield words("attention_repairs", share=words.percent(share, 1))
