"""A look at a plant's files as the assets and the service leave them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.alerts.links import Links
from steel_energy.alerts.looking import Look, Places, PlantLook, Posted, look_at
from steel_energy.alerts.params import AlertParams
from steel_energy.artifacts import publish
from steel_energy.calendar import interval_grid
from steel_energy.inbox import Inbox
from steel_energy.lake import RAW_READINGS, Lake, write_table
from steel_energy.monitoring.table import performance_schema
from steel_energy.plant import Plant
from steel_energy.reporting.drift_table import drift_schema
from steel_energy.testing import toy_facts, toy_plant, toy_readings

ZONE = "Asia/Seoul"
END = dt.datetime(2018, 3, 31, 15, tzinfo=dt.UTC)  # midnight in Seoul
NOW = END + dt.timedelta(hours=1)
PLANT = toy_plant().model_copy(update={"open_until": None})
Kinds = Callable[[], list[str]]


@pytest.fixture
def places(tmp_path: Path, params: AlertParams) -> Places:
    made = Places(
        lake=Lake(tmp_path / "lake"),
        inbox=Inbox(tmp_path / "lake" / "inbox"),
        bundles_dir=tmp_path / "bundles",
        audit_file=tmp_path / "logs" / "audit.jsonl",
        links=Links("http://dagster", "http://dashboard"),
        params=params,
    )
    made.lake.write_facts(RAW_READINGS, "toy", {"kind": "file", "location": "a.csv", "end": END.isoformat()})
    return made


def look(places: Places, *, plant: Plant = PLANT, now: dt.datetime = NOW) -> Look:
    return PlantLook(plant, places, Posted(places.audit_file, now - dt.timedelta(days=1)), now).look()


def kinds(found: Look) -> list[str]:
    return [alert.kind for alert in found.alerts]


def champion(places: Places) -> str:
    def write(folder: Path) -> None:
        (folder / "model.txt").write_text("a model")

    return publish(places.bundles_dir, toy_facts(), write=write).version


def write_week(places: Places, table: str, row: dict[str, object], schema: pl.Schema) -> None:
    window = {"window_from": END - dt.timedelta(days=7), "window_until": END}
    frame = pl.DataFrame([window | row], schema=schema)
    write_table(places.lake.week_path(table, "toy", "2018-03-26"), frame)


def write_drift(places: Places, *, version: str) -> None:
    row = {"champion_version": version, "role": "target", "name": "usage_kwh", "verdict": "severe", "psi": 0.4}
    write_week(places, "drift_report", row | {"remedy": "look"}, drift_schema(ZONE))


def write_forecast(places: Places, *, start: dt.datetime, mean_kwh: float) -> None:
    grid = interval_grid(start, start + dt.timedelta(hours=1), zone=ZONE)
    frame = pl.DataFrame({"interval_start": grid, "mean_kwh": [mean_kwh] * 4, "q90": [mean_kwh + 1] * 4})
    write_table(places.lake.newest_path("day_ahead_forecast", "toy"), frame)


def test_a_plant_of_which_nothing_is_known_is_no_alert(tmp_path: Path, params: AlertParams):
    empty = Places(Lake(tmp_path), Inbox(tmp_path / "i"), tmp_path / "b", tmp_path / "a", Links("d", "u"), params)

    found = look_at([PLANT], empty, now=NOW)

    assert found.alerts == ()
    assert ("toy", "drift") not in found.seen  # nothing was judged, so nothing is over
    assert ("toy", "stale_data") in found.seen


def test_drift_and_worse_forecasts_are_read_from_the_newest_week(places: Places):
    version = champion(places)
    write_drift(places, version=version)
    row = {"champion_version": version, "verdict": "degraded", "found": "RMSE 24", "ratio": 3.0, "change_points": []}
    write_week(places, "performance", row | {"nowcast_verdict": "usual"}, performance_schema(ZONE))

    found = look(places)

    assert [(alert.kind, alert.severity) for alert in found.alerts if alert.kind != "champion"] == [
        ("drift", "critical"),
        ("degradation", "critical"),
    ]


def test_what_was_found_of_an_earlier_champion_is_neither_news_nor_over(places: Places):
    champion(places)
    write_drift(places, version="another")

    found = look(places)

    assert "drift" not in kinds(found)
    assert ("toy", "drift") not in found.seen


def test_posted_readings_that_stop_make_a_plant_stale_and_a_file_does_not(places: Places):
    later = NOW + dt.timedelta(hours=30)
    of_a_file = look(places, now=later)
    first = dt.date(2018, 4, 1)
    places.inbox.add("toy", toy_readings(days=1, first=first).head(4), batch_id="one")

    posted = look(places, now=later)

    assert kinds(of_a_file) == []
    (alert,) = posted.alerts
    assert (alert.kind, alert.severity) == ("stale_data", "critical")
    assert alert.since == END + dt.timedelta(hours=1)  # the inbox is an hour ahead of the lake


def test_readings_from_an_address_are_expected_to_go_on(places: Places):
    facts = {"kind": "file", "location": "https://plant.example/a.csv", "end": END.isoformat()}
    places.lake.write_facts(RAW_READINGS, "toy", facts)

    assert kinds(look(places, now=NOW + dt.timedelta(hours=7))) == ["stale_data"]


@pytest.mark.parametrize(
    ("start", "mean_kwh", "expected"),
    [
        pytest.param(END, 101.0, ["peak"], id="above the contract"),
        pytest.param(END, 90.0, [], id="within it"),
        pytest.param(END - dt.timedelta(hours=1), 101.0, [], id="of hours that were measured since"),
    ],
)
def test_a_peak_is_told_of_the_days_to_come(places: Places, start: dt.datetime, mean_kwh: float, expected: list[str]):
    write_forecast(places, start=start, mean_kwh=mean_kwh)

    assert kinds(look(places)) == expected


def test_the_plan_of_another_forecast_is_not_named(places: Places):
    write_forecast(places, start=END, mean_kwh=101.0)
    plan = pl.DataFrame({"interval_start": [END]}, schema={"interval_start": pl.Datetime("us", ZONE)})
    write_table(places.lake.newest_path("day_ahead_plan", "toy"), plan)
    places.lake.write_facts("day_ahead_plan", "toy", {"baseline_peak_kw": 404.0, "peak_kw": 350.0})
    (named,) = look(places).alerts
    earlier = plan.with_columns(pl.col("interval_start").dt.offset_by("-1d"))
    write_table(places.lake.newest_path("day_ahead_plan", "toy"), earlier)

    (unnamed,) = look(places).alerts

    assert "350 kW" in named.advice
    assert "350 kW" not in unnamed.advice


@pytest.mark.parametrize(
    ("table", "kind"),
    [("drift_report", "drift"), ("performance", "degradation"), ("day_ahead_forecast", "peak")],
)
def test_a_damaged_file_is_told_and_hides_nothing_else(places: Places, table: str, kind: str):
    champion(places)
    folder = places.lake.root / table / "plant=toy"
    folder.mkdir(parents=True)
    for name in ("week=2018-03-26.parquet", "newest.parquet"):
        (folder / name).write_bytes(b"PAR1 half a file")

    found = look(places)

    assert [alert.key for alert in found.alerts if alert.kind == "unreadable"] == [f"toy/unreadable/{kind}"]
    assert ("toy", kind) not in found.seen
    assert ("toy", "stale_data") in found.seen


def test_bodies_of_no_known_plant_are_told_once_for_all_plants(places: Places):
    places.audit_file.parent.mkdir(parents=True)
    refused = {"event": "answered", "status": 413, "plant": None, "counts": {}, "method": "POST", "route": "/readings"}
    line = pl.DataFrame([refused | {"at": NOW.isoformat(), "counts": {"rejected": 0}}]).write_ndjson()
    places.audit_file.write_text(line)

    found = look_at([PLANT, PLANT.model_copy(update={"id": "other"})], places, now=NOW)

    assert [alert.key for alert in found.alerts] == ["the whole system/rejected_readings"]
