"""The drift of a week as a table, one row for each thing that was compared; the page on it stands in ``drift_page``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from steel_energy.drift import VERDICTS, ColumnDrift, Drift, FigureDrift
from steel_energy.quality import Finding
from steel_energy.weekly.week import Week

if TYPE_CHECKING:
    from steel_energy.artifacts import Manifest

DRIFT_REPORT = "drift_report"
"""The table's name in the lake: ``drift_report/plant=<id>/week=<Monday>.parquet``."""
TARGET = "usage_kwh"
DRIFT_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "week": pl.String,
    "window_from": pl.Datetime("us"),
    "window_until": pl.Datetime("us"),
    "window_rows": pl.Int64,
    "trained_from": pl.Datetime("us"),
    "trained_until": pl.Datetime("us"),
    "reference": pl.String,
    "reference_rows": pl.Int64,
    "model": pl.String,
    "champion_version": pl.String,
    "role": pl.Enum(["reading", "target", "prediction", "figure"]),
    "name": pl.String,
    "column": pl.String,
    "psi": pl.Float64,
    "usual_psi": pl.Float64,
    "ks_statistic": pl.Float64,
    "ks_p_value": pl.Float64,
    "trained_mean": pl.Float64,
    "newest_mean": pl.Float64,
    "value": pl.Float64,
    "usual": pl.Float64,
    "moderate_at": pl.Float64,
    "severe_at": pl.Float64,
    "verdict": pl.Enum(VERDICTS),
    "remedy": pl.String,
}
"""``week`` is the Monday; the window is the days up to the end of the week, or of the readings where they end within
it. A row is a column of the data contract (``usage_kwh`` has the role target), a figure of ``steel_energy.drift`` such
as ``repaired``, or ``mean_kwh``, the champion's forecast a day ahead. Of a figure, ``value`` to ``severe_at`` are told,
of a column what stands before them. A prediction has no verdict: whether forecasts are good is told by their errors.
The week's verdict is the worst of the others.
"""


def drift_schema(zone: str) -> pl.Schema:
    """The Polars schema of the drift of a plant in ``zone`` (an IANA name)."""
    times = [name for name, dtype in DRIFT_COLUMNS.items() if dtype == pl.Datetime("us")]
    return pl.Schema(DRIFT_COLUMNS | dict.fromkeys(times, pl.Datetime("us", zone)))


def drift_table(found: Drift, week: Week, *, champion: Manifest, prediction: ColumnDrift | None) -> pl.DataFrame:
    """The rows of a week, ``drift_schema``.

    Args:
        found: the drift of the readings.
        week: the one it is of.
        champion: whose training they are compared with.
        prediction: how the champion's forecasts moved; None where there are none to compare.
    """
    zone = str(found.newest_from.tzinfo)
    same = {
        "plant": champion.plant,
        "week": week.monday.isoformat(),
        "window_from": found.newest_from,
        "window_until": found.newest_until,
        "window_rows": found.newest_rows,
        "trained_from": found.trained_from,
        "trained_until": found.trained_until,
        "reference": found.reference,
        "reference_rows": found.reference_rows,
        "model": champion.model,
        "champion_version": champion.version,
    }
    rows = [*map(_column, found.columns), *map(_figure, found.figures)]
    if prediction is not None:
        rows.append(_column(prediction) | {"role": "prediction", "verdict": None, "remedy": None})
    return pl.DataFrame([same | row for row in rows], schema=drift_schema(zone))


def week_verdict(table: pl.DataFrame) -> str:
    """The worst verdict of a week's rows."""
    return max(table["verdict"].drop_nulls(), key=VERDICTS.index, default="none")


def is_not_severe(table: pl.DataFrame) -> Finding:
    """Nothing has moved far."""
    severe = table.filter(pl.col("verdict") == "severe")
    return Finding(severe.is_empty(), "nothing has moved far", _named(severe) or "nothing has")


def is_of_one_week(table: pl.DataFrame) -> Finding:
    """All rows tell of one window and champion, and each thing is told once."""
    several = [name for name in ("week", "window_until", "champion_version") if table[name].n_unique() > 1]
    twice = table.filter(pl.struct("role", "name", "column").is_duplicated()).height
    return Finding(
        not several and not twice,
        "one window, one champion, each thing once",
        f"several of {', '.join(several) or 'nothing'}; {twice} rows repeated",
    )


def _named(severe: pl.DataFrame) -> str:
    return "; ".join(f"{row['name']}: {row['remedy']}" for row in severe.iter_rows(named=True))


def _column(column: ColumnDrift) -> dict[str, Any]:
    told = column.model_dump(include=set(DRIFT_COLUMNS))
    return {**told, "role": "target" if column.column == TARGET else "reading", "name": column.column}


def _figure(figure: FigureDrift) -> dict[str, Any]:
    return {**figure.model_dump(include=set(DRIFT_COLUMNS)), "role": "figure", "name": figure.figure}
