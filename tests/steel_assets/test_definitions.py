"""The graph as it stands: a change of keys, groups, kinds, owners, dependencies or checks has to be meant."""

from __future__ import annotations

import dagster as dg
import pytest

from steel_assets.definitions import build_defs
from steel_assets.settings import AssetsSettings

MODELS = {
    "seasonal_naive": "mlflow polars",
    "seasonal_naive_day": "mlflow polars",
    "seasonal_naive_week": "mlflow polars",
    "lightgbm": "lightgbm mlflow",
    "xgboost": "mlflow xgboost",
    "chronos_zero_shot": "mlflow pytorch",
    "chronos_fine_tuned": "mlflow pytorch",
    "chronos_fine_tuned_covariates": "mlflow pytorch",
    "timesfm": "mlflow pytorch",
}
GRAPH = {
    "raw_readings": ("readings", "parquet polars", "team:data", "", "month plant"),
    "cleaned_readings": ("readings", "parquet polars", "team:data", "raw_readings", "month plant"),
    "repairs": ("readings", "parquet polars", "team:data", "raw_readings", "month plant"),
    "quality_report": (
        "readings",
        "html plotly",
        "team:data",
        "cleaned_readings raw_readings repairs",
        "plant",
    ),
    "eda_report": ("readings", "html plotly", "team:data", "cleaned_readings", "plant"),
    "weekly_report": (
        "reports",
        "excel pdf",
        "team:data",
        "champion cleaned_readings day_ahead_plan prediction_log repairs",
        "plant week",
    ),
    "virtual_meter": ("nowcasting", "lightgbm polars", "team:forecasting", "cleaned_readings", "plant"),
    "onnx_virtual_meter": ("nowcasting", "onnx", "team:forecasting", "virtual_meter", "plant"),
    "warehouse": ("readings", "duckdb sql", "team:data", "cleaned_readings raw_readings repairs", ""),
    "global_model": ("fleet", "dask xgboost", "team:forecasting", "cleaned_readings", ""),
    "features": ("features", "parquet polars", "team:data", "cleaned_readings", "month plant"),
    "prediction_log": ("monitoring", "parquet polars", "team:forecasting", "cleaned_readings", "plant week"),
    "champion_review": ("monitoring", "mlflow polars", "team:forecasting", "champion cleaned_readings", "plant"),
    "performance": (
        "monitoring",
        "parquet polars",
        "team:forecasting",
        "champion cleaned_readings prediction_log raw_readings virtual_meter",
        "plant week",
    ),
    "drift_report": (
        "monitoring",
        "evidently html",
        "team:forecasting",
        "champion cleaned_readings repairs",
        "plant week",
    ),
    "tuning": ("forecasting", "mlflow optuna", "team:forecasting", "cleaned_readings", "plant"),
    **{
        model: ("forecasting", words, "team:forecasting", "cleaned_readings features", "plant")
        for model, words in MODELS.items()
    },
    "ensemble": (
        "forecasting",
        "mlflow polars",
        "team:forecasting",
        " ".join(sorted(["cleaned_readings", *MODELS])),
        "plant",
    ),
    "leaderboard": ("forecasting", "polars", "team:forecasting", " ".join(sorted(["ensemble", *MODELS])), "plant"),
    "champion": ("serving", "mlflow", "team:forecasting", "cleaned_readings leaderboard", "plant"),
    "onnx_champion": ("serving", "onnx", "team:forecasting", "champion", "plant"),
    "shap_explanations": (
        "forecasting",
        "mlflow shap",
        "team:forecasting",
        "champion cleaned_readings leaderboard",
        "plant",
    ),
    "model_card": ("forecasting", "markdown", "team:forecasting", "champion leaderboard shap_explanations", "plant"),
    "model_report": ("forecasting", "html", "team:forecasting", "champion leaderboard shap_explanations", "plant"),
    "day_ahead_forecast": ("planning", "parquet polars", "team:forecasting", "champion cleaned_readings", "plant"),
    "day_ahead_plan": ("planning", "highs parquet", "team:forecasting", "cleaned_readings day_ahead_forecast", "plant"),
}
CHECKS = {
    "raw_readings": "inside_period placed! posted_in_use",
    "cleaned_readings": (
        "complete! grid! monotone_time! no_duplicates! physics! range! reference_match! repaired_share! schema!"
    ),
    "repairs": "schema!",
    "features": "every_reading! no_leakage! schema!",
    "prediction_log": "joined once! schema!",
    "performance": "as_usual readings_agree schema!",
    "drift_report": "not_severe one_week! page! schema!",
    "weekly_report": "agrees_with_readings! bill_adds_up! files_open! schema!",
    "virtual_meter": "beats_physics beats_raw_trees bounds_hold! interval_coverage",
    "onnx_virtual_meter": "engines_agree!",
    **dict.fromkeys(MODELS, "backtest_sanity! interval_coverage no_leakage!"),
    "ensemble": "backtest_sanity! interval_coverage no_leakage! repeats_backtest!",
    "leaderboard": "nothing_missing! same_origins!",
    "champion": "beats_seasonal_naive bundle_reads_back!",
    "onnx_champion": "engines_agree!",
    "shap_explanations": "contributions_add_up",
    "day_ahead_forecast": "covers_the_days! quantiles_in_order!",
    "day_ahead_plan": "energy_conserved! feasible! savings_not_negative!",
}
AFTER = ("champion", "onnx_champion", "shap_explanations", "model_card", "model_report")
JOBS = {
    "rebuild_months": "cleaned_readings features raw_readings repairs",
    "take_in_posted": "cleaned_readings features raw_readings repairs warehouse",
    "write_reports": "eda_report quality_report",
    "fit_nowcast": "onnx_virtual_meter virtual_meter",
    "retrain": " ".join(sorted(["ensemble", "leaderboard", "tuning", *MODELS, *AFTER])),
    "plan_ahead": "day_ahead_forecast day_ahead_plan",
    "refresh_warehouse": "warehouse",
    "join_predictions": "prediction_log",
    "write_weekly_reports": "weekly_report",
    "watch": "drift_report performance prediction_log",
    "review_champion": "champion_review",
    "train_global": "global_model",
}


@pytest.fixture
def defs(settings: AssetsSettings) -> dg.Definitions:
    return build_defs(settings)


def words(names: object) -> str:
    return " ".join(sorted(str(name) for name in names))  # type: ignore[attr-defined]


def dimensions(partitions: dg.PartitionsDefinition | None) -> str:
    if isinstance(partitions, dg.MultiPartitionsDefinition):
        return words(dimension.name for dimension in partitions.partitions_defs)
    return "plant" if partitions else ""


def test_the_graph_is_the_one_that_was_meant(defs: dg.Definitions):
    graph = {
        spec.key.to_user_string(): (
            spec.group_name,
            words(spec.kinds),
            words(spec.owners),
            words(dep.asset_key.to_user_string() for dep in spec.deps),
            dimensions(spec.partitions_def),
        )
        for spec in defs.resolve_all_asset_specs()
    }

    assert graph == GRAPH


def test_the_checks_are_those_that_were_meant_and_block_where_what_follows_would_be_wrong(defs: dg.Definitions):
    found: dict[str, list[str]] = {}
    for checks in defs.asset_checks or []:
        for spec in checks.check_specs:  # type: ignore[union-attr]
            found.setdefault(spec.asset_key.to_user_string(), []).append(spec.name + "!" * spec.blocking)

    assert {asset: words(names) for asset, names in found.items()} == CHECKS


def test_every_check_carries_the_partitions_of_its_asset(defs: dg.Definitions):
    partitions = {spec.key: spec.partitions_def for spec in defs.resolve_all_asset_specs()}

    specs = [spec for checks in defs.asset_checks or [] for spec in checks.check_specs]  # type: ignore[union-attr]

    assert specs
    assert [spec.key for spec in specs if spec.partitions_def != partitions[spec.asset_key]] == []


def test_every_asset_says_in_one_sentence_what_it_is(defs: dg.Definitions):
    descriptions = {spec.key.to_user_string(): spec.description or "" for spec in defs.resolve_all_asset_specs()}

    assert [name for name, text in descriptions.items() if not text.endswith(".") or "\n" in text] == []


def test_tables_show_their_columns_with_units(defs: dg.Definitions):
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}

    columns = specs["cleaned_readings"].metadata["dagster/column_schema"].columns
    features = specs["features"].metadata["dagster/column_schema"].columns

    assert {column.name: column.description for column in columns}[
        "usage_kwh"
    ] == "active energy, the target [kWh] (from 0)"
    assert {column.name: column.description for column in features}["today_kwh"] == "in kWh"


def test_jobs_rebuild_what_belongs_together(defs: dg.Definitions):
    jobs = {
        job.name: words(key.to_user_string() for key in defs.resolve_job_def(job.name).asset_layer.selected_asset_keys)
        for job in defs.jobs or []
    }

    assert jobs == JOBS
