"""The next days of a toy plant with a naive champion: forecast and plan in the lake, told on the page and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs, build_resources
from steel_assets.defs.planning_checks import PLANNED
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import publish
from steel_energy.forecasting import QUANTILE_COLUMNS, SeasonalNaive, Vintages
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

MONTHS = {"2018-01": 31, "2018-02": 28, "2018-03": 31}
ORIGIN = {"kind": "simulated", "location": "toy", "is_simulated": True}
ASSETS = ("day_ahead_forecast", "day_ahead_plan")


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, make_toy_project: Callable[[Path], AssetsSettings]
) -> AssetsSettings:
    """Three months of readings to Saturday the 31st of March, and a champion that repeats the newest similar day."""
    settings, readings = make_toy_project(tmp_path_factory.mktemp("project")), toy_readings(days=90)
    lake, first = Lake(settings.lake_dir), 0
    for month, days in MONTHS.items():
        lake.write("cleaned_readings", "toy", month, readings[first * 96 : (first + days) * 96])
        first += days
    lake.write_facts("raw_readings", "toy", ORIGIN | {"missing_columns": [], "ignored_columns": [], "skipped": []})
    params = load_params(settings.params_file).forecasting
    naive = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params)
    champion = Vintages(naive, toy_plant().zone).fit(readings)
    publish(settings.bundles_dir, toy_facts(plant="toy", source=ORIGIN), write=champion.save)
    return settings


@pytest.fixture(scope="module")
def made(settings: AssetsSettings) -> Iterator[dg.ExecuteInProcessResult]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield (
            build_defs(settings)
            .resolve_job_def("plan_ahead")
            .execute_in_process(partition_key="toy", instance=instance)
        )


def told(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, object]:
    (materialization,) = result.asset_materializations_for_node(asset)
    return {name: value.value for name, value in materialization.metadata.items()}


def test_the_forecast_is_of_the_next_whole_days_with_bands_prices_and_co2(
    made: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    forecast = Lake(settings.lake_dir).read_newest("day_ahead_forecast", "toy")

    assert made.success
    assert f"{forecast['interval_start'][0]:%Y-%m-%d %H:%M}" == "2018-04-01 00:00"
    assert forecast.height == 2 * 96
    assert {*QUANTILE_COLUMNS, "load_type", "billing_band", "energy_krw_per_kwh", "cost_krw", "co2_t"} <= set(
        forecast.columns
    )
    # Sunday the 1st is closed: 24 hours of light at 2 kWh; Monday is 96 + 320 + 320 kWh
    assert forecast["mean_kwh"].sum() == pytest.approx(192 + 736)
    assert told(made, "day_ahead_forecast")["model"] == "seasonal_naive"
    assert told(made, "day_ahead_forecast")["answered_by"] == "champion"


def test_the_plan_moves_what_may_to_cheap_hours_by_hand(made: dg.ExecuteInProcessResult, settings: AssetsSettings):
    """Monday only: 15 % of 320 kWh at 3 KRW and of 320 kWh at 2 KRW move to 1 KRW; Sunday has one price."""
    facts = told(made, "day_ahead_plan")
    plan = Lake(settings.lake_dir).read_newest("day_ahead_plan", "toy")
    monday = plan.filter(pl.col("interval_start").dt.day() == 2)

    assert monday.filter(pl.col("moved_kwh") < 0)["moved_kwh"].sum() == pytest.approx(-0.15 * 640)
    # annealing, 80 kWh from 10 to 12 at 2 KRW, has light hours only before 8; pumping, 80 kWh at 9 to 13, has 6 to 8
    # and 20 to 22: all four hours of it at 1 KRW instead of three at 2 and one at 3
    jobs_krw = 20 * (3 * 2 + 3) - 80
    assert facts["energy_savings_krw"] == pytest.approx(0.15 * 320 * (2 + 1) + jobs_krw)
    assert facts["status"] == "optimal"
    assert plan["total_kwh"].sum() == pytest.approx(plan["baseline_kwh"].sum())


def test_the_page_shows_savings_by_kind_jobs_reasons_and_a_picture(made: dg.ExecuteInProcessResult):
    facts = told(made, "day_ahead_plan")

    assert {"savings_krw", "demand_savings_krw", "power_factor_savings_krw", "peak_kw", "gap", "solve_s"} <= set(facts)
    assert "pumping 2018-04-02" in str(facts["jobs"])
    assert str(facts["why"]).startswith("- ")
    assert "](data:image/png;base64," in str(facts["planned_load"])
    assert facts["is_simulated"] is True


def test_every_check_of_both_holds(made: dg.ExecuteInProcessResult):
    checks = {one.check_name: one.passed for one in made.get_asset_check_evaluations()}

    assert checks == dict.fromkeys(
        ("covers_the_days", "quantiles_in_order", "feasible", "energy_conserved", "savings_not_negative"), True
    )


def test_a_second_run_leaves_the_same_bytes(made: dg.ExecuteInProcessResult, settings: AssetsSettings):
    def files() -> dict[str, bytes]:
        folders = [settings.lake_dir / asset / "plant=toy" for asset in ASSETS]
        return {str(path): path.read_bytes() for folder in folders for path in sorted(folder.iterdir())}

    before = files()
    with dg.DagsterInstance.ephemeral() as instance:
        again = (
            build_defs(settings)
            .resolve_job_def("plan_ahead")
            .execute_in_process(partition_key="toy", instance=instance)
        )

    assert made.success
    assert again.success
    assert len(before) == 3  # two tables and the plan's figures
    assert files() == before


def test_a_plan_that_was_tampered_with_is_found(made: dg.ExecuteInProcessResult, settings: AssetsSettings):
    project, plan = build_resources(settings)["project"], Lake(settings.lake_dir).read_newest("day_ahead_plan", "toy")
    more = pl.col("total_kwh") + pl.when(pl.int_range(pl.len()) == 100).then(5.0).otherwise(0.0)
    tampered = plan.with_columns(more, pl.col("annealing 2018-04-02_kwh") * 2)

    passed = {rule.name: rule.find(project, "toy", tampered).passed for rule in PLANNED}

    assert made.success
    assert passed == {"feasible": False, "energy_conserved": False, "savings_not_negative": True}
