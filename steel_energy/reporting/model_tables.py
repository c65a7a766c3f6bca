"""What models are told of in tables: who stands where, the champion's scores, what drives it; texts, ready to be set.

The model card sets them in Markdown, the model report in HTML. Which figures are shown, and how each is written, is
declared here once; the figures themselves come from the leaderboard, a manifest and the explanations.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from steel_energy.evaluation import BANDS
from steel_energy.explaining import DRIVERS, OVERALL
from steel_energy.forecasting import KINDS, Ensemble
from steel_energy.reporting.wording import lead_time, number, percent

NOTHING = "-"
SMALLEST_P = 0.001  # three digits are shown


@dataclass(frozen=True)
class TextTable:
    """A head and rows of the same length; the first column holds words, all others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One figure of a model: its name in the leaderboard or the manifest, what it is called, how it is written."""

    name: str
    words: str
    write: Callable[[float], str]


def _kwh(value: float) -> str:
    return number(value, 2)


def _difference(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value, 2)}"


def _tenths(value: float) -> str:
    return number(value, 1)


def _thousandths(value: float) -> str:
    return number(value, 3)


def _p_value(value: float) -> str:
    return f"< {SMALLEST_P}" if value < SMALLEST_P else number(value, 3)


STANDINGS = (
    Figure("validation_rmse_kwh", "validation RMSE", _kwh),
    Figure("test_rmse_kwh", "RMSE", _kwh),
    Figure("rmse_less_best_kwh", "more than the first", _difference),
    Figure("p_value", "p", _p_value),
    Figure("test_median_mae_kwh", "median MAE", _kwh),
    Figure("test_peak_weighted_rmse_kwh", "RMSE by energy", _kwh),
    Figure("test_pinball_kwh", "pinball", _kwh),
    Figure("test_coverage_80", "in 80 %", percent),
    Figure("test_skill", "skill", _thousandths),
    Figure("weekly_rmse_worst_kwh", "worst week", _kwh),
    Figure("value_krw_per_week", "plans save, KRW a week", number),
    Figure("regret_krw_per_week", "regret", number),
    Figure("training_s", "fit, s", _tenths),
    Figure("inference_ms_per_origin", "ask, ms", _tenths),
    Figure("size_mb", "MB", _tenths),
)
"""Columns of the leaderboard that are shown, of the test part where nothing else is said; one it lacks is left out."""
STANDINGS_WORDS = (
    "*p* is how likely such a difference from the first is between equals (Diebold and Mariano); RMSE by energy weighs "
    "each interval by its usage; the worst week has the highest RMSE; plans save what a standard day-ahead plan made "
    "on these forecasts saves on the day as it came, and regret is what perfect foresight would save beyond that; "
    "fitting once and asking for one forecast were timed on the machine that built them."
)
"""What the heads of ``STANDINGS`` mean."""

SCORES = (
    Figure("rmse_kwh", "RMSE, kWh", _kwh),
    Figure("mae_kwh", "MAE of the mean, kWh", _kwh),
    Figure("median_mae_kwh", "MAE of the median, kWh", _kwh),
    Figure("peak_weighted_rmse_kwh", "RMSE weighted by energy, kWh", _kwh),
    Figure("highest_mae_kwh", "MAE of the highest 5 %, kWh", _kwh),
    Figure("wape", "MAE as a share of the usage", percent),
    Figure("pinball_kwh", "pinball loss, kWh", _kwh),
    Figure("skill", "skill against the same slot last week", _thousandths),
    *(Figure(name, f"in the {name.rpartition('_')[2]} % band", percent) for name in BANDS),
)
"""Metrics over 24 hours of a manifest that are shown, of both parts; one that it lacks is left out."""


def kind_in_words(model: str) -> str:
    """What a kind of forecaster is, by the first line of what its class says of itself.

    >>> kind_in_words("lightgbm")
    "Direct models by lead time with LightGBM's trees."
    """
    kinds: Mapping[str, type] = {**KINDS, Ensemble.name: Ensemble}
    return (inspect.getdoc(kinds[model]) or "").split("\n")[0]


def standings(leaderboard: pl.DataFrame) -> TextTable:
    """A row for each model, with how it came to be, in the order of the leaderboard."""
    shown = [figure for figure in STANDINGS if figure.name in leaderboard.columns]
    rows = [
        (_named(row), *(_written(row[figure.name], figure) for figure in shown))
        for row in leaderboard.iter_rows(named=True)
    ]
    return TextTable(("model", *(figure.words for figure in shown)), tuple(rows))


def scores(metrics: Mapping[str, float]) -> TextTable:
    """The champion's scores over 24 hours on the validation and the test part."""
    parts = ("validation", "test")
    rows = [
        (figure.words, *(_written(metrics.get(f"{part}.over_24h.{figure.name}"), figure) for part in parts))
        for figure in SCORES
        if any(f"{part}.over_24h.{figure.name}" in metrics for part in parts)
    ]
    return TextTable(("over 24 hours", *parts), tuple(rows))


def drivers(sizes: pl.DataFrame) -> TextTable:
    """Mean size of each driver's contribution by range of leads, the strongest over 24 hours first.

    Args:
        sizes: as ``explaining.driver_importance`` returns it; without rows there is no table either.
    """
    if sizes.is_empty():
        return TextTable((), ())
    ranges = sizes["lead_range"].unique(maintain_order=True).to_list()
    kwh = {(row["lead_range"], row["driver"]): row["mean_abs_kwh"] for row in sizes.iter_rows(named=True)}
    order = sorted(DRIVERS, key=lambda driver: -kwh[OVERALL, driver])
    head = ("over 24 hours" if part == OVERALL else f"to {lead_time(int(part.split('-')[-1]))}" for part in ranges)
    rows = ((driver, *(number(kwh[part, driver], 1) for part in ranges)) for driver in order)
    return TextTable(("kWh in 15 minutes", *head), tuple(rows))


def _named(row: Mapping[str, str]) -> str:
    return f"{row['model']} ({row['label']})" if row.get("label") else row["model"]


def _written(value: float | None, figure: Figure) -> str:
    return NOTHING if value is None or math.isnan(value) else figure.write(value)
