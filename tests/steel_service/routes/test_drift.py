from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_service.api_models.drift import DriftAnswer


def with_(service: Any, known: Any) -> Any:
    return service.with_(readings=type(service.state.readings)(known))


def test_a_week_like_the_one_before_has_not_drifted(service: Any) -> None:
    drift = service.client.get("/drift").json()

    columns, figures = drift.pop("columns"), drift.pop("figures")
    assert drift == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "champion": {"model": "counting", "label": "counts", "version": "abc123"},
        "newest_from": "2018-01-08T00:00:00+09:00",
        "newest_until": "2018-01-15T00:00:00+09:00",
        "newest_rows": 672,
        "trained_from": "2018-01-01T00:00:00+09:00",
        "trained_until": "2018-01-08T00:00:00+09:00",
        "trained_rows": 672,
        "reference": "the nearest days of the training, each kind of day with its like; too few days of the kind "
        "saturday, closed: others stand in where there are any",
        "reference_rows": 576,
        "verdict": "none",
        "thresholds": {"psi_moderate": 0.1, "psi_severe": 0.2, "usual_share": 0.95, "psi_margin": 8.0},
    }
    assert [column["column"] for column in columns] == [*(column.name for column in MEASURED), LOAD_TYPE.name]
    assert columns[0] == {
        "column": "usage_kwh",
        "psi": 0.0,
        "usual_psi": 0.0,
        "ks_statistic": 0.0,
        "ks_p_value": 1.0,
        "trained_mean": 8.0,
        "newest_mean": 8.0,
        "verdict": "none",
        "remedy": "nothing to do",
    }
    assert {(one["figure"], one["column"]): one["verdict"] for one in figures} == {
        ("contradicted", None): "none",
        ("mistyped", "load_type"): "none",
        ("peaked", "usage_kwh"): "none",
        ("repaired", None): "none",
        **{("repaired", column["column"]): "none" for column in columns},
        ("unchanged", "usage_kwh"): "none",
    }


def test_a_week_of_more_usage_is_severe_and_says_what_to_do(service: Any, known: Any) -> None:
    newest = pl.col("interval_start") >= pl.lit("2018-01-08T00:00+0900").str.to_datetime(time_zone="Asia/Seoul")
    more = known.readings.with_columns(usage_kwh=pl.when(newest).then(11.0).otherwise(pl.col("usage_kwh")))

    drift = with_(service, replace(known, readings=more)).client.get("/drift").json()

    usage = drift["columns"][0]
    assert (drift["verdict"], usage["verdict"], usage["newest_mean"], usage["ks_statistic"]) == (
        "severe",
        "severe",
        11,
        1,
    )
    assert "make build" in usage["remedy"]
    assert {column["verdict"] for column in drift["columns"][1:]} == {"none"}


def test_a_manifest_in_another_zone_is_understood(service: Any, champion: Any) -> None:
    trained = {
        "trained_from": dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        "trained_until": dt.datetime(2018, 1, 7, tzinfo=dt.UTC),
    }
    told = replace(champion, manifest=champion.manifest.model_copy(update=trained))
    service = service.with_(champions=type(service.state.champions)(told))

    drift = service.client.get("/drift").json()

    assert (drift["trained_from"], drift["trained_rows"]) == ("2018-01-01T09:00:00+09:00", 6 * 96)


def test_it_is_worked_out_once_and_again_when_readings_come(service: Any, known: Any) -> None:
    service.client.get("/drift")
    first = service.state.drifts.newest()["toy"]
    service.client.get("/drift")
    same = service.state.drifts.newest()["toy"]
    with_(service, replace(known, readings=known.readings.head(12 * 96))).client.get("/drift")
    other = service.state.drifts.newest()["toy"]

    assert same is first
    assert other.newest_until == first.newest_until - dt.timedelta(days=2)


def test_nobody_asked_yet_so_there_is_nothing_to_show(service: Any) -> None:
    assert service.state.drifts.newest() == {}


def test_too_few_readings_are_no_fault_of_who_asks(service: Any, known: Any) -> None:
    young = replace(known, readings=known.readings.head(7 * 96))

    status, error = with_(service, young).error("GET", "/drift")

    assert (status, error["code"]) == (503, "not_ready")
    assert error["message"] == "0 training readings are too few to compare, 96 are needed"


@pytest.mark.parametrize(("plant", "status"), [("moon", 404), ("toy", 503)])
def test_unknown_plants_and_empty_ones_are_told_apart(empty_service: Any, plant: str, status: int) -> None:
    assert empty_service.error("GET", "/drift", params={"plant": plant})[0] == status


def test_the_answer_is_what_the_schema_says(service: Any) -> None:
    assert DriftAnswer.model_validate_json(service.client.get("/drift").content).verdict == "none"
