"""The tables of a weekly report that tell of drift: columns and figures; the other tables are `weekly_tables`'."""

from __future__ import annotations

from steel_energy.reporting.weekly_cells import Column, Table
from steel_energy.reporting.weekly_words import Words
from steel_energy.weekly.sections import Missing, WeeklyReport


def columns_table(report: WeeklyReport, words: Words, *, moved_only: bool = False) -> Table | None:
    """Columns and how far they moved; None where there is nothing to tell."""
    if isinstance(report.drift, Missing):
        return None
    rows = tuple(
        (
            words(f"col_{one.column}"),
            one.psi,
            one.usual_psi,
            one.trained_mean,
            one.newest_mean,
            words(f"verdict_{one.verdict}"),
        )
        for one in report.drift.columns
        if one.verdict != "none" or not moved_only
    )
    columns = (
        Column(words("column_column"), width=2.2),
        Column(words("column_psi"), "number", 2),
        Column(words("column_usual_psi"), "number", 2),
        Column(words("column_trained"), "number", 2, width=1.2),
        Column(words("column_newest"), "number", 2),
        Column(words("column_verdict")),
    )
    return Table(columns, rows) if rows else None


def figures_table(report: WeeklyReport, words: Words, *, moved_only: bool = False) -> Table | None:
    """What is watched beside the columns, with its limit; None where there is nothing to tell."""
    if isinstance(report.drift, Missing):
        return None
    rows = tuple(
        (
            words(f"figure_{one.figure}") + (f" ({words(f'col_{one.column}').split(',')[0]})" if one.column else ""),
            one.value,
            one.severe_at,
            words(f"verdict_{one.verdict}"),
        )
        for one in report.drift.figures
        if one.verdict != "none" or not moved_only
    )
    columns = (
        Column(words("column_figure"), width=3),
        Column(words("column_newest"), "number", 2),
        Column(words("column_limit"), "number", 2),
        Column(words("column_verdict")),
    )
    return Table(columns, rows) if rows else None
