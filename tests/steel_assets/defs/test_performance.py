"""The performance of weeks as Dagster runs it: judged by the champion's own fits, told on the page, checked."""

from __future__ import annotations

import dagster as dg
import polars as pl
import pytest

from steel_assets.definitions import build_defs
from steel_assets.partitions import PlantWeek, range_tags
from steel_assets.settings import AssetsSettings
from steel_energy.artifacts import Manifest, publish
from steel_energy.forecasting import SeasonalNaive
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake, read_table
from steel_energy.monitoring.table import performance_schema
from steel_energy.params import load_params
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff
from steel_energy.trial import try_out

DAYS, TRAINED_DAYS = 98, 84
SEEN, USUAL, BUSY = (PlantWeek("toy", monday) for monday in ("2018-01-15", "2018-03-26", "2018-04-02"))
LATER = PlantWeek("toy", "2018-04-23")


@pytest.fixture
def readings() -> pl.DataFrame:
    """The toy plant, running half as much again every other day, and five times as much in its newest week."""
    frame, start = toy_readings(days=DAYS), pl.col("interval_start")
    other_day = start.dt.ordinal_day() % 2 == 0
    newest = start.dt.date() >= pl.lit(BUSY.week).str.to_date()
    factor = pl.when(newest).then(5.0).when(other_day).then(1.5).otherwise(1.0)
    return frame.with_columns(usage_kwh=pl.col("usage_kwh") * factor)


@pytest.fixture
def champion(settings: AssetsSettings, readings: pl.DataFrame) -> Manifest:
    """What a build left: months in the lake, and a champion that was trained on the first twelve weeks."""
    lake = Lake(settings.lake_dir)
    raw = readings.with_columns(pl.col(pl.Float64).cast(pl.String), nsm_s=pl.lit("0"))
    for table, frame in ((CLEANED_READINGS, readings), (RAW_READINGS, raw)):
        for (month,), rows in frame.group_by(pl.col("interval_start").dt.strftime("%Y-%m")):
            lake.write(table, "toy", str(month), rows.sort("interval_start"))
    origin = Origin(kind="file", location="toy.csv").model_dump(mode="json")
    lake.write_facts(RAW_READINGS, "toy", origin | {"is_simulated": False})
    params, known = load_params(settings.params_file), readings.head(TRAINED_DAYS * 96)
    model = SeasonalNaive(plant=toy_plant(), tariff=toy_tariff(), params=params.forecasting)
    fits = try_out(model, known, params=params.evaluation).forecaster.fit(known)
    facts = toy_facts(
        trained_from=known["interval_start"][0],
        trained_until=readings_end(known),
        earlier_fits=[vintage.trained_until for vintage in fits.fits[:-1]],
    )
    return publish(settings.bundles_dir, facts, write=fits.save)


@pytest.fixture
def measured(settings: AssetsSettings, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def("watch")
    return job.execute_in_process(
        instance=instance, tags=range_tags(SEEN, LATER), asset_selection=[dg.AssetKey("performance")]
    )


def table(settings: AssetsSettings, week: PlantWeek) -> dict[str, object]:
    frame = read_table(Lake(settings.lake_dir).week_path("performance", "toy", week.week))
    assert frame.schema == performance_schema("Asia/Seoul")
    return frame.row(0, named=True)


@pytest.mark.usefixtures("readings")
def test_each_week_that_a_fit_had_not_seen_has_a_row_and_the_others_have_none(
    champion: Manifest, measured: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    assert measured.success
    weeks = Lake(settings.lake_dir).weeks("performance", "toy")
    assert SEEN.week not in weeks
    assert LATER.week not in weeks
    assert weeks[-2:] == [USUAL.week, BUSY.week]
    usual = table(settings, USUAL)
    assert (usual["champion_version"], usual["verdict"], usual["nowcast_verdict"]) == (
        champion.version,
        "usual",
        "usual",
    )
    assert f"{usual['trained_until']:%Y-%m-%d}" == "2018-03-26"


@pytest.mark.usefixtures("champion")
def test_a_week_of_five_times_the_load_has_degraded_which_the_page_and_a_warning_say(
    measured: dg.ExecuteInProcessResult, settings: AssetsSettings
):
    busy = table(settings, BUSY)

    assert busy["verdict"] == "degraded"
    assert str(busy["found"]).startswith("RMSE ")
    said = {
        event.partition: event.step_materialization_data.materialization.metadata
        for event in measured.all_events
        if event.is_step_materialization
    }
    page = said[BUSY.key]
    assert page["found"].value == busy["found"]
    assert str(page["error_by_week"].value).startswith("![error by week](data:image/png;base64,")
    assert said[SEEN.key]["dagster/row_count"].value == 0
    failed = [
        (check.check_name, check.partition) for check in measured.get_asset_check_evaluations() if not check.passed
    ]
    assert ("as_usual", BUSY.key) in failed
    assert {name for name, _ in failed} <= {"as_usual", "readings_agree"}


def test_before_there_is_a_champion_no_week_is_judged(measured: dg.ExecuteInProcessResult, settings: AssetsSettings):
    assert measured.success
    assert Lake(settings.lake_dir).weeks("performance", "toy") == []
