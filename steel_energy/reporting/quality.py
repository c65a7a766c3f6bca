"""The quality report: what cleaning did to a meter export, for a person who has to trust the result.

Here the page is put together from the readings, the audit and its figures; the tables of single repairs are in
``quality_tables``. What a rule means comes from the cleaning package's own list of rules; nothing is judged here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import polars as pl

from steel_energy.cleaning import Cleaned, CleaningReport
from steel_energy.plant import Plant
from steel_energy.reporting import charts
from steel_energy.reporting.page import Page, Section, Tile, chart, grid, table, write_page
from steel_energy.reporting.quality_tables import largest_corrections, list_of_repairs, rules_table, with_numbers
from steel_energy.reporting.wording import (
    column_label,
    count,
    day,
    describe_source,
    energy,
    listing,
    number,
    percent,
    rule_label,
    simulated_notice,
)
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.sources.raw import Origin

MATRIX_PX = 640
SURE = 0.9
"""Repairs of at least this confidence rest on the meter's physics, the calendar or the file; others are estimates."""
BALANCE_TOLERANCE_KWH = 0.05


def write_quality_report(
    cleaned: Cleaned,
    path: Path,
    *,
    plant: Plant,
    origin: Origin,
    reference_match: Mapping[str, float] | None = None,
) -> None:
    """Write the audit of a cleaning run to ``path``: one self-contained HTML file.

    Args:
        cleaned: readings, repairs and report of the same run; without a repair the page says so.
        path: the file to replace; its folder is made.
        plant: the plant of the readings.
        origin: where the rows came from.
        reference_match: share of cells equal to a reference by column and under ``all``; None where there is none.
    """
    repairs = with_numbers(cleaned.repairs)
    sections = [_rows(cleaned.report, origin), _energy_balance(cleaned.report, repairs)]
    if reference_match is not None:
        sections.append(_reference(reference_match))
    if not repairs.is_empty():
        sections += [_kinds(repairs), _calendar(cleaned.readings, repairs), _rules(repairs), _confidence(repairs)]
        sections += [largest_corrections(repairs), list_of_repairs(repairs)]
    write_page(_page(cleaned, sections, plant, origin), path)


def _page(cleaned: Cleaned, sections: list[Section], plant: Plant, origin: Origin) -> Page:
    first, last = cleaned.readings["interval_start"].gather([0, -1])
    return Page(
        kicker="Data quality report",
        title=f"{plant.name}: what cleaning changed",
        lead=(
            f"From {day(first)} to {day(last)}. Times are the plant's ({plant.zone}) and name the start of an "
            f"interval. Source: {describe_source(origin)}."
        ),
        notice=simulated_notice(origin),
        tiles=_tiles(cleaned.report),
        sections=sections,
        footer="Every number here is computed from the audit of this cleaning run. It works without a network.",
    )


def _tiles(report: CleaningReport) -> list[Tile]:
    return [
        Tile("Rows read", f"{report.rows_read:,}", "as found in the export"),
        Tile("Intervals written", f"{report.intervals:,}", "one row for each"),
        Tile("Rows removed", f"{report.duplicates_removed:,}", "duplicates and rows without a time"),
        Tile("Intervals inserted", f"{report.intervals_inserted:,}", "not in the export"),
        Tile(
            "Cells changed",
            f"{report.repaired_cells:,}",
            f"{percent(report.repaired_share, 2)} of all were wrong or missing",
        ),
        Tile("Energy", energy(report.energy_after_kwh), f"{energy(report.energy_before_kwh)} before repair"),
    ]


def _rows(report: CleaningReport, origin: Origin) -> Section:
    kept = report.rows_read - report.duplicates_removed + report.intervals_inserted
    adds_up = "the count adds up" if kept == report.intervals else f"{count(abs(kept - report.intervals), 'row')} off"
    columns = [
        f"{what} columns: {listing(names)}"
        for what, names in (("missing", origin.missing_columns), ("ignored", origin.ignored_columns))
        if names
    ]
    verdict = (
        "**Nothing needed repair:** every cell is written as it was read."
        if not report.repaired_cells
        else f"**{count(report.repaired_cells, 'cell')}** changed, all others are as read; "
        f"{percent(report.repaired_share, 2)} of all cells were wrong or missing rather than only written otherwise."
    )
    text = (
        f"**{report.rows_read:,}** rows read, less {report.duplicates_removed:,} removed, plus "
        f"{report.intervals_inserted:,} inserted, make **{report.intervals:,}** intervals: {adds_up}. {verdict}"
        + "".join(f" {part[0].upper()}{part[1:]}." for part in columns)
    )
    return Section("rows", "Rows and cells", text)


def _energy_balance(report: CleaningReport, repairs: pl.DataFrame) -> Section:
    title, before, after = "Energy before and after", report.energy_before_kwh, report.energy_after_kwh
    usage = repairs.filter(pl.col("column") == "usage_kwh")
    if usage.is_empty():
        return Section("energy", title, f"No usage was changed: **{number(after)} kWh** before and after cleaning.")
    corrected = float((usage["after_number"] - usage["before_number"]).sum())
    filled = float(usage.filter(pl.col("before_number").is_null())["after_number"].sum())
    other = after - before - corrected - filled
    steps = {"as read": before, "wrong values corrected": corrected, "unreadable values filled": filled}
    if abs(other) > BALANCE_TOLERANCE_KWH:
        steps["inserted rows and others"] = other
    text = (
        f"The rows that were kept held **{number(before)} kWh** as far as it could be read. Correcting wrong values "
        f"changed that by {number(corrected)} kWh and filling unreadable ones by {number(filled)} kWh: "
        f"**{number(after)} kWh** after cleaning."
    )
    figure = charts.waterfall(steps, total="after cleaning", unit="kWh")
    return Section("energy", title, text, (chart(figure, "From the energy as read to the clean energy"),))


def _reference(match: Mapping[str, float]) -> Section:
    columns = {name: share for name, share in match.items() if name != "all"}
    worst = min(columns, key=lambda name: columns[name])
    text = (
        f"Compared cell by cell with a reference (numbers within 0.005), **{percent(match['all'], 3)}** are equal. "
        f"The column that matches least is {column_label(worst)} with {percent(columns[worst], 3)}."
    )
    rows = [(column_label(name), percent(share, 3), percent(1 - share, 3)) for name, share in columns.items()]
    shown = table(("column", "equal", "different"), rows, numbers=(1, 2))
    return Section("reference", "Match with the reference", text, (shown,))


def _kinds(repairs: pl.DataFrame) -> Section:
    by_rule, by_column = _counts(repairs["rule"]), _counts(repairs["column"])
    (rule, most), (column, cells) = next(iter(by_rule.items())), next(iter(by_column.items()))
    text = (
        f"{count(repairs.height, 'change')} by {count(len(by_rule), 'rule')}. The most frequent rule is "
        f"**{rule_label(rule)}** with {most:,}; most changes, {cells:,}, are of **{column_label(column)}**."
    )
    ranked = (
        chart(_ranking({rule_label(name): n for name, n in by_rule.items()}), "Changes by rule"),
        chart(_ranking({column_label(name): n for name, n in by_column.items()}), "Changes by column"),
    )
    blocks = [grid(*ranked)]
    if len(by_rule) > 1 and len(by_column) > 1:
        matrix = _rule_by_column(repairs, list(by_rule), list(by_column))
        blocks.append(chart(matrix, "Which rule changed which column", least_px=MATRIX_PX))
    return Section("kinds", "Repairs by rule and column", text, tuple(blocks))


def _calendar(readings: pl.DataFrame, repairs: pl.DataFrame) -> Section:
    start = pl.col("interval_start")
    dates = readings.select(start.dt.date().unique().sort()).to_series().to_list()
    cells = repairs.group_by(date=start.dt.date(), hour=start.dt.hour()).agg(n=pl.len())
    place = {date: index for index, date in enumerate(dates)}
    changes = np.zeros((HOURS_PER_DAY, len(dates)), dtype=np.float32)
    for date, hour, n in cells.filter(pl.col("date").is_in(dates)).rows():
        changes[hour, place[date]] = n
    daily = changes.sum(axis=0)
    text = (
        f"Changes fall on {np.count_nonzero(daily):,} of {count(len(dates), 'day')}. The most on one day is "
        f"**{number(daily.max())}**, on {day(dates[int(daily.argmax())])}; half of the days have at most "
        f"{number(float(np.median(daily)))}."
    )
    shown = charts.heatmap(
        dates, list(range(HOURS_PER_DAY)), np.where(changes > 0, changes, np.nan), unit="changes",
        hover="%{x|%a %e %b %Y}, %{y}:00<br><b>%{z:.0f} changes</b>", zmin=0, scale=charts.SEQUENTIAL,
    )  # fmt: skip
    shown.colorbar.dtick = max(1, math.ceil(changes.max() / 5))
    figure = charts.styled(shown, y="hour of the day", height=360).update_yaxes(dtick=3, showgrid=False)
    return Section("calendar", "When they occur", text, (chart(figure, "Changes by hour and day"),))


def _rules(repairs: pl.DataFrame) -> Section:
    text = (
        "What each rule means, how often it was used here, and one example. Confidence is the share of such repairs "
        "that can be expected to restore the true value."
    )
    return Section("rules", "The rules", text, (rules_table(repairs),))


def _confidence(repairs: pl.DataFrame) -> Section:
    levels = repairs.group_by(pl.col("confidence").round(2)).agg(n=pl.len()).sort("confidence")
    unsure = repairs.filter(pl.col("confidence") < SURE).height
    text = (
        f"**{percent(1 - unsure / repairs.height)}** of the changes have a confidence of at least {SURE:g}; "
        f"{count(unsure, 'change')} below it {'is an estimate' if unsure == 1 else 'are estimates'}."
    )
    labels = [f"{level:.2f}" for level in levels["confidence"]]
    colours = [charts.ACCENT if level >= SURE else charts.CONTRAST for level in levels["confidence"]]
    bars = charts.bars(labels, levels["n"].to_list(), colour=colours, hover="%{y:,} changes")
    figure = charts.styled(bars, x="confidence", y="changes", height=280).update_xaxes(type="category")
    return Section("confidence", "How sure they are", text, (chart(figure, "Changes by confidence"),))


def _counts(names: pl.Series) -> dict[str, int]:
    """How often each name occurs, the most frequent first."""
    return dict(names.value_counts(name="n").sort(["n", names.name], descending=[True, False]).rows())


def _ranking(counts: Mapping[str, int]) -> go.Figure:
    bars = charts.ranking(list(counts), list(counts.values()), hover="%{x:,}")
    figure = charts.styled(bars, x="changes", height=90 + 26 * len(counts))
    figure.update_xaxes(range=[0, charts.ROOM_FOR_TEXT * max(counts.values())], nticks=5)
    return figure.update_yaxes(showgrid=False, autorange="reversed")


def _rule_by_column(repairs: pl.DataFrame, rules: list[str], columns: list[str]) -> go.Figure:
    counts = {(rule, column): n for rule, column, n in repairs.group_by("rule", "column").agg(pl.len()).rows()}
    cells = [[counts.get((rule, column)) for column in columns] for rule in rules]
    labels = [column_label(column).replace(" ", "<br>") for column in columns]
    shown = charts.heatmap(
        labels, [rule_label(rule) for rule in rules], cells, unit="changes", scale=charts.SEQUENTIAL, zmin=0,
        hover="%{y}, %{x}<br><b>%{z:,} changes</b>", texttemplate="%{z:,}", xgap=2, ygap=2,
    ).update(showscale=False)  # fmt: skip
    figure = charts.styled(shown, height=130 + 30 * len(rules))
    return figure.update_yaxes(autorange="reversed", showgrid=False)
