"""The drift of a week as a table: one row for each column that was compared. The page on it stands in ``drift_page``."""

from __future__ import annotations

import polars as pl

from steel_energy.drift import VERDICTS

DRIFT_REPORT = "drift_report"
"""The table's name in the lake: ``drift_report/plant=<id>/week=<Monday>.parquet``."""
DRIFT_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "plant": pl.String,
    "week": pl.String,
    "window_from": pl.Datetime("us"),
    "window_until": pl.Datetime("us"),
    "window_rows": pl.Int64,
    "trained_from": pl.Datetime("us"),
    "trained_until": pl.Datetime("us"),
    "reference_rows": pl.Int64,
    "champion": pl.String,
    "champion_version": pl.String,
    "role": pl.Enum(["reading", "target", "prediction"]),
    "column": pl.String,
    "psi": pl.Float64,
    "usual_psi": pl.Float64,
    "ks_statistic": pl.Float64,
    "ks_p_value": pl.Float64,
    "trained_mean": pl.Float64,
    "newest_mean": pl.Float64,
    "page_psi": pl.Float64,
    "page_ks_p_value": pl.Float64,
    "verdict": pl.Enum(VERDICTS),
    "remedy": pl.String,
}
"""``week`` is its name by ISO 8601 (``2018-W49``); the window is the days up to the end of the week, or of the readings
where they end within it. ``column`` is one of the data contract, something made of them, or ``mean_kwh``, the
champion's forecast a day ahead, whose ``role`` is prediction. Verdict and what leads to it are those of
``steel_energy.drift``; ``page_psi`` and ``page_ks_p_value`` are what the HTML page shows of the column, null where it
shows none. The verdict of the week is the worst of its rows with the role reading or target.
"""


def drift_schema(zone: str) -> pl.Schema:
    """The Polars schema of the drift of a plant in ``zone`` (an IANA name)."""
    times = [name for name, dtype in DRIFT_COLUMNS.items() if dtype == pl.Datetime("us")]
    return pl.Schema(DRIFT_COLUMNS | dict.fromkeys(times, pl.Datetime("us", zone)))
