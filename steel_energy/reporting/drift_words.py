"""What the drift page says in words and tables, beside Evidently's charts."""

from __future__ import annotations

import datetime as dt

from steel_energy.drift import ColumnDrift, Drift, FigureDrift
from steel_energy.plant import Plant
from steel_energy.reporting.drift_data import PREDICTION
from steel_energy.sources.raw import Origin
from steel_energy.weekly.week import Week

VERDICT_WORDS = {
    "none": "**No drift.** These days look like those that the champion was trained on.",
    "moderate": "**Moderate drift.** Something has moved; it is worth a look.",
    "severe": "**Severe drift.** Something has moved far.",
}
READINGS_WORDS = """\
## Readings: population stability index (PSI)

Each column, counted in bins that hold equal shares of the reference, whose days of each kind count as often as the week
has them. A column counts as moved above {moderate:g} and above what {share:.0%} of the training's own weeks stay in.
Click on a row to see the column over time and its distribution: green is the reference, red the newest days. How many
columns moved is only counted here; what it means for the week is said at the top.
"""
KS_WORDS = """\
## Readings: Kolmogorov-Smirnov test

Quarter hours that follow each other are alike, so this test finds *some* difference in any two weeks. A column counts
as moved here where its p-value lies below that of {share:.0%} of the reference's own weeks, each against the rest.
"""
TARGET_WORDS = "## Target: usage, in kWh per 15 minutes"
PREDICTION_WORDS = """\
## Prediction: the champion's forecast a day ahead, in kWh per 15 minutes

Asked again as it would have answered then: each day by a fit that had not seen it.
"""
REGRESSION_WORDS = """\
## Regression performance: the forecasts a day ahead beside what was measured

Current is the newest days, reference the days of the training that are alike and that no answering fit had seen.
Percentage errors mean little while the plant idles: a few kWh there are many percent.
"""
NO_FORECASTS = """\
## Prediction and regression performance

Left out: {why}.
"""
COLUMN_HEAD = ["column", "PSI", "moved above", "KS distance", "KS p-value", "mean, training", "mean, newest", "verdict"]
NOT_JUDGED = "told, not judged"
"""A forecast moves with the plant; whether it is right is told by its error."""
FIGURE_HEAD = ["figure", "newest", "usual", "moderate from", "severe from", "verdict"]


def title(plant: Plant, week: Week) -> str:
    """What the page calls itself.

    >>> from steel_energy.testing import toy_plant
    >>> title(toy_plant(), Week(dt.date(2018, 12, 3)))
    'Toy plant: drift, week 49 of 2018'
    """
    return f"{plant.name}: drift, week {week.number} of {week.name[:4]}"


def lead(found: Drift, *, plant: Plant, week: Week, origin: Origin, model: str, version: str) -> str:
    """The head of the page, Markdown."""
    first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in (found.trained_from, found.trained_until))
    simulated = "**SIMULATED readings, not from a meter.**\n\n" if origin.is_simulated else ""
    return (
        f"# {title(plant, week)}\n\n{simulated}{VERDICT_WORDS[found.verdict]}\n\n"
        f"{found.newest_rows:,} readings of {_span(found.newest_from, found.newest_until)}, beside "
        f"{found.reference_rows:,} that the champion {model} ({version}) was trained on between "
        f"{first} and {last}: {found.reference}.\n\n{_todo(found)}"
    )


def column_rows(columns: list[ColumnDrift], *, moderate: float) -> list[list[str]]:
    """The rows below ``COLUMN_HEAD``."""
    return [
        [
            column.column,
            f"{column.psi:.3f}",
            f"{max(column.usual_psi, moderate):.3f}",
            _number(column.ks_statistic, ".3f"),
            _number(column.ks_p_value, ".1e"),
            _number(column.trained_mean, ",.4g"),
            _number(column.newest_mean, ",.4g"),
            NOT_JUDGED if column.column == PREDICTION else column.verdict,
        ]
        for column in columns
    ]


def figure_rows(figures: tuple[FigureDrift, ...]) -> list[list[str]]:
    """The rows below ``FIGURE_HEAD``."""
    return [
        [
            f"{figure.figure} of {figure.column}" if figure.column else figure.figure,
            f"{figure.value:.4g}",
            _number(figure.usual, ".4g"),
            f"{figure.moderate_at:.4g}",
            f"{figure.severe_at:.4g}",
            figure.verdict,
        ]
        for figure in figures
    ]


def _todo(found: Drift) -> str:
    """What to do about each thing that moved."""
    moved = [(column.column, column) for column in found.columns] + [
        (f"{figure.figure} of {figure.column}" if figure.column else figure.figure, figure) for figure in found.figures
    ]
    lines = [f"- `{name}`, {told.verdict}: {told.remedy}" for name, told in moved if told.verdict != "none"]
    return "What to do:\n\n" + "\n".join(lines) if lines else "There is nothing to do."


def _span(start: dt.datetime, end: dt.datetime) -> str:
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
