"""The tables of a weekly report: headings in the reader's language, cells as values, for a page or a workbook alike."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from steel_energy.billing import BillLine
from steel_energy.explaining.records import Contribution
from steel_energy.reporting.weekly_cells import Cell, Column, Table
from steel_energy.reporting.weekly_text import clause_words
from steel_energy.reporting.weekly_words import Words
from steel_energy.schema import HOURS_PER_DAY, INTERVAL_MINUTES, INTERVALS_PER_HOUR
from steel_energy.tariff import PowerFactorClause
from steel_energy.weekly.charged import Cost, Peak, PowerFactor
from steel_energy.weekly.peaks import UNUSUAL_SHARE
from steel_energy.weekly.sections import Missing, WeeklyReport

CAUSES = {"operating_state": ("before_kw", 0), "recent_level": ("recent_kw", 0), "reactive": ("lagging_kvarh", 1)}
"""The value that the sentence of a cause names, and its decimals."""


def days_table(report: WeeklyReport, words: Words) -> Table:
    """A row for each day and one for the week."""
    used = report.consumption
    rows: list[tuple[Cell, ...]] = []
    for day in used.days:
        name = words.day(day.date)
        shown = words("day_closed", day=name) if day.is_closed else name
        change = _change(day.usage_kwh, day.usual_kwh)
        rows.append((shown, day.usage_kwh, day.usual_kwh, change, day.peak_kw, day.energy_krw))
    total_krw = sum(day.energy_krw or 0.0 for day in used.days)
    change = _change(used.usage_kwh, used.usual_kwh)
    rows.append((words("total"), used.usage_kwh, used.usual_kwh, change, report.peaks[0].demand_kw, total_krw))
    columns = (
        Column(words("column_day"), width=1.5),
        Column(words("column_usage"), "number"),
        Column(words("column_usual"), "number"),
        Column(words("column_difference"), "change", 0),
        Column(words("column_peak"), "number", 1),
        Column(words("column_energy_cost"), "number"),
    )
    return Table(columns, tuple(rows), has_total=True)


def _change(now: float | None, usual: float | None) -> float | None:
    return now / usual - 1 if now is not None and usual else None


def bill_table(report: WeeklyReport, cost: Cost, words: Words) -> Table:
    """The lines of the bill and their sum; with the month where there are two."""
    has_months = len(cost.demands) > 1
    rows: list[tuple[Cell, ...]] = []
    for line, item, rule in told_lines(report, cost, words):
        month = (words.short_month(line.month),) if has_months else ()
        unit = words(f"unit_{line.unit}")
        rows.append((item, *month, line.quantity, unit, line.price_krw, line.amount_krw, rule))
    rows.append((words("total"), *([""] * has_months), "", "", "", cost.bill.total_krw, ""))
    columns = (
        Column(words("column_item"), width=1.75),
        *((Column(words("column_month"), width=0.9),) if has_months else ()),
        Column(words("column_quantity"), "number", 2, width=0.95),
        Column(words("column_unit"), width=0.85),
        Column(words("column_price"), "number", 1, width=1.0),
        Column(words("column_amount"), "number", 0, width=1.1),
        Column(words("column_rule"), width=3.2),
    )
    return Table(columns, tuple(rows), has_total=True)


def told_lines(report: WeeklyReport, cost: Cost, words: Words) -> Iterator[tuple[BillLine, str, str]]:
    """Each line of the bill, what it charges, and how it came about."""
    clauses = iter(cost.clauses)
    for line in cost.bill.lines:
        if line.kind == "energy":
            season = words.texts.get(f"season_{line.season}", line.season or "")  # a user's tariff has its own names
            yield (
                line,
                words("item_energy", band=words(f"band_{line.band}").lower()),
                words("rule_energy", season=season),
            )
        elif line.kind == "demand":
            yield line, words("item_demand"), _demand_rule(report, cost, line, words)
        elif line.kind == "power_factor":
            clause, percent = next(clauses)
            item = words("item_power_factor", reactive=words(clause.reactive))
            yield line, item, _clause_rule(clause, percent, words)
        else:
            factor = words.number(report.plant.meter.emission_factor_t_per_kwh, 7)
            yield line, words("item_co2"), words("rule_co2", factor=factor)


def _demand_rule(report: WeeklyReport, cost: Cost, line: BillLine, words: Words) -> str:
    demand = cost.demand_of(line)
    full_price = report.tariff.demand.krw_per_kw
    return words(
        f"rule_demand_{demand.basis}",
        when=words.moment(demand.peak_at),
        month=words.month(demand.basis_month or demand.month),
        contract_share=words.percent(demand.contract_share),
        contract_kw=words.number(report.plant.contract_kw),
        share=words.percent(line.price_krw / full_price if full_price else 0.0, 1),
    )


def _clause_rule(clause: PowerFactorClause, percent: float, words: Words) -> str:
    return words(
        "rule_power_factor",
        percent=words.number(percent, 2),
        from_hour=f"{clause.from_hour:02}",
        to_hour=f"{clause.to_hour:02}",
        limit=words.number(clause.limit_percent),
    )


def peaks_table(report: WeeklyReport, words: Words, *, most_causes: int | None = None) -> Table:
    """The highest demands and their reasons, of which at most ``most_causes`` are named."""
    rows = tuple(
        (
            str(rank),
            peak.start,
            peak.demand_kw,
            peak.usual_kw,
            words(f"band_{peak.band}"),
            peak_reason(peak, words, most_causes=most_causes),
        )
        for rank, peak in enumerate(report.peaks, start=1)
    )
    columns = (
        Column(words("column_rank"), width=0.45),
        Column(words("column_when"), "moment", width=1.75),
        Column(words("column_demand"), "number", 1, width=1.05),
        Column(words("column_usual_kw"), "number", 0, width=0.95),
        Column(words("column_band"), width=1.05),
        Column(words("column_reason"), width=5.0),
    )
    return Table(columns, rows)


def peak_reason(peak: Peak, words: Words, *, most_causes: int | None = None) -> str:
    """How a peak stands to the usual and what went along with it, in sentences."""
    parts = [words(f"peak_{peak.reason}", excess=words.number(abs(peak.demand_kw - (peak.usual_kw or 0.0))))]
    if not peak.causes and peak.day_over_usual is not None and abs(peak.day_over_usual) >= UNUSUAL_SHARE:
        key = "peak_busy_day" if peak.day_over_usual > 0 else "peak_quiet_day"
        parts.append(words(key, share=words.percent(abs(peak.day_over_usual))))
    is_alone = peak.minutes_near <= INTERVAL_MINUTES
    parts.append(words("peak_alone") if is_alone else words("peak_lasting", minutes=peak.minutes_near))
    if peak.is_month_peak:
        parts.append(words("peak_month"))
    told = ["; ".join(parts), "; ".join(_causes(peak, words, most_causes))]
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in told if text)


def _causes(peak: Peak, words: Words, most: int | None) -> list[str]:
    """The parts of the difference, the largest first; those beyond ``most`` in one."""
    if most is None or len(peak.causes) <= most + 1:
        return [_cause(cause, words) for cause in peak.causes]
    rest_kwh = sum(cause.kwh for cause in peak.causes[most:])
    rest = words("cause_rest", kw=words.number(rest_kwh * INTERVALS_PER_HOUR, signed=True))
    return [*(_cause(cause, words) for cause in peak.causes[:most]), rest]


def _cause(cause: Contribution, words: Words) -> str:
    """A part of the difference; the values that its sentence names are those of the quarter hour and the usual ones."""
    name, digits = CAUSES.get(cause.code, ("", 0))
    known = {}
    if name:
        was, usual = (float(cause.values[key]) for key in (name, f"usual_{name}"))
        state = words("state_higher" if was > usual else "state_lower")
        known = {"was": words.number(was, digits), "usual": words.number(usual, digits), "state": state}
    return words(f"cause_{cause.code}", kw=words.number(cause.kwh * INTERVALS_PER_HOUR, signed=True), **known)


def power_factor_table(clauses: tuple[PowerFactor, ...], words: Words) -> Table:
    """A row for each clause."""
    rows = tuple(
        (
            clause_words("clause", clause, words),
            clause.limit_percent,
            clause.week_percent,
            clause.month_percent,
            words("worst_day", day=words.day(clause.worst_day), percent=words.number(clause.worst_percent, 1)),
            clause.points,
            clause.month_krw,
        )
        for clause in clauses
    )
    columns = (
        Column(words("column_clause"), width=1.6),
        Column(words("column_limit"), "number", 0, width=0.75),
        Column(words("column_week_percent"), "number", 2, width=1.1),
        Column(words("column_month_percent"), "number", 2, width=1.25),
        Column(words("column_worst_day"), width=1.5),
        Column(words("column_points"), "number", 2, width=0.75),
        Column(words("column_month_krw"), "number", 0, width=1.1),
    )
    return Table(columns, rows)


def forecast_table(report: WeeklyReport, words: Words) -> Table | None:
    """Days as they were forecast at their first moment; None where there is none."""
    if isinstance(report.forecasts, Missing) or not report.forecasts.days:
        return None
    days = report.forecasts.days
    rows = [
        (day.date, day.forecast_kwh, day.usage_kwh, day.forecast_kwh / day.usage_kwh - 1 if day.usage_kwh else None)
        for day in days
    ]
    columns = (
        Column(words("column_day"), "date"),
        Column(words("column_forecast"), "number", width=1.4),
        Column(words("column_measured"), "number"),
        Column(words("column_error"), "change", 0, width=0.8),
    )
    return Table(columns, tuple(rows))


def repairs_table(report: WeeklyReport, words: Words) -> Table | None:
    """Changes by rule; None where there were none."""
    rows = tuple((words.texts.get(f"repair_{rule}", rule), changes) for rule, changes in report.quality.by_rule.items())
    columns = (Column(words("column_rule_name"), width=3), Column(words("column_changes"), "number"))
    return Table(columns, rows) if rows else None


def hours_table(report: WeeklyReport, words: Words) -> Table:
    """Mean demand by hour, a column a day."""
    start = pl.col("interval_start")
    means = report.series.group_by(date=start.dt.date(), hour=start.dt.hour()).agg(pl.col("demand_kw").mean())
    found = {(date, hour): kw for date, hour, kw in means.iter_rows()}
    dates = [day.date for day in report.consumption.days]
    rows = tuple((f"{hour:02}:00", *(found.get((date, hour)) for date in dates)) for hour in range(HOURS_PER_DAY))
    return Table((Column(words("column_hour")), *(Column(words.day(date), "number", 1) for date in dates)), rows)


def readings_table(report: WeeklyReport, words: Words) -> Table:
    """Every known quarter hour of the week."""
    rows = tuple(
        (start, kwh, kw, None if usual is None else usual * INTERVALS_PER_HOUR, words(f"band_{band}"), price)
        for start, kwh, kw, usual, band, price in report.series.select(
            "interval_start", "usage_kwh", "demand_kw", "usual_kwh", "billing_band", "energy_krw_per_kwh"
        ).iter_rows()
    )
    columns = (
        Column(words("column_interval"), "moment"),
        Column(words("column_usage"), "number", 2),
        Column(words("column_demand"), "number", 2),
        Column(words("column_usual_kw"), "number", 1),
        Column(words("column_band")),
        Column(words("column_price_kwh"), "number", 1),
    )
    return Table(columns, rows)
