"""The named jobs of the page, which ``build`` runs too: what to rebuild together, from which partition key.

No schedules or sensors here: what runs by itself stands in ``sensors``, ``schedules`` and ``following``.
"""

from __future__ import annotations

import dagster as dg

from steel_assets.defs.forecasting import RANKED

MONTHLY = ["raw_readings", "cleaned_readings", "repairs", "features"]
REBUILD_MONTHS = dg.define_asset_job(
    "rebuild_months",
    selection=MONTHLY,
    description="Take the source in again for a plant and a range of months, clean it and build its features.",
)
TAKE_IN_POSTED = dg.define_asset_job(
    "take_in_posted",
    selection=[*MONTHLY, "warehouse"],
    description="Rebuild the months that readings were posted for, then the warehouse; the sensor runs it.",
)
FIT_NOWCAST = dg.define_asset_job(
    "fit_nowcast",
    selection=["virtual_meter", "onnx_virtual_meter"],
    description="Fit the virtual meter's model of a plant, publish it and export it as ONNX.",
)
RETRAIN = dg.define_asset_job(
    "retrain",
    selection=[
        "tuning",
        *RANKED,
        "leaderboard",
        "champion",
        "onnx_champion",
        "shap_explanations",
        "model_card",
        "model_report",
    ],
    description="Fit and backtest every model of a plant, publish the best one as its champion and explain it.",
)
PLAN_AHEAD = dg.define_asset_job(
    "plan_ahead",
    selection=["day_ahead_forecast", "day_ahead_plan"],
    description="Forecast the next days of a plant from the end of its readings on, and plan them.",
)
WRITE_REPORTS = dg.define_asset_job(
    "write_reports",
    selection=["quality_report", "eda_report"],
    description="Write the HTML reports of a plant.",
)
WRITE_WEEKLY_REPORTS = dg.define_asset_job(
    "write_weekly_reports",
    selection=["weekly_report"],
    description="Write the PDF and the workbook of a plant and a range of weeks, in English and Spanish.",
)
REFRESH_WAREHOUSE = dg.define_asset_job(
    "refresh_warehouse", selection=["warehouse"], description="Copy the lake into the DuckDB file for SQL users."
)
JOIN_PREDICTIONS = dg.define_asset_job(
    "join_predictions",
    selection=["prediction_log"],
    description="Put what was measured beside what the service predicted, for a plant and a range of weeks.",
)
WATCH = dg.define_asset_job(
    "watch",
    selection=["prediction_log", "performance", "drift_report"],
    description="Look at a plant's weeks: what was predicted, how good that was, and what has moved since training.",
)
REVIEW_CHAMPION = dg.define_asset_job(
    "review_champion",
    selection=["champion_review"],
    description="Compare what a build promoted with what it replaced, on newer days; the worse one gives way.",
)
TRAIN_GLOBAL = dg.define_asset_job(
    "train_global",
    selection=["global_model"],
    description="Train one forecaster on all plants, on Dask; it answers for plants too new for models of their own.",
)
JOBS = (
    REBUILD_MONTHS,
    TAKE_IN_POSTED,
    WRITE_REPORTS,
    FIT_NOWCAST,
    RETRAIN,
    PLAN_AHEAD,
    REFRESH_WAREHOUSE,
    JOIN_PREDICTIONS,
    WRITE_WEEKLY_REPORTS,
    WATCH,
    REVIEW_CHAMPION,
    TRAIN_GLOBAL,
)
