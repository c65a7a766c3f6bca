"""Predictions from the log beside their actuals: which lines count, of which intervals, and how far off they were."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.forecasting.base import QUANTILE_COLUMNS
from steel_energy.prediction_log import (
    Predicted,
    accuracy,
    is_joined,
    join_actuals,
    predictions_schema,
    read_predictions,
    stands_once,
)
from steel_energy.testing import toy_plant, toy_readings

ORIGIN = "2018-01-02T00:00:00+09:00"
FIRST_KWH = [10.0, 2.0]  # a toy Tuesday begins with intervals of 2 kWh: 8 too much, then right


def forecast_line(prediction_id: str = "a", *, origin: str = ORIGIN, **changes: object) -> str:
    bands = {name: [float(level), float(level)] for name, level in zip(QUANTILE_COLUMNS, range(7), strict=True)}
    line = {
        "prediction_id": prediction_id,
        "request_id": "r",
        "logged_at": "2018-01-02T00:00:01+09:00",
        "plant": "toy",
        "model": "seasonal_naive",
        "model_version": "v1",
        "origin": origin,
        "horizon": 2,
        "latency_ms": 3.0,
        "is_cached": False,
        "mean_kwh": FIRST_KWH,
        **bands,
    }
    return json.dumps(line | changes)


def nowcast_line(prediction_id: str = "n", *, starts: list[str | None] | None, **changes: object) -> str:
    line = {
        "prediction_id": prediction_id,
        "logged_at": "2018-01-02T09:00:00Z",
        "plant": "toy",
        "route": "/predict/batch",
        "latency_ms": 1.0,
        "usage": [1.0, 1.0],
        "interval_start": starts,
        "predicted_usage_kwh": [10.0, 13.0],
        "confidence_interval_lower": [9.0, 12.0],
        "confidence_interval_upper": [11.0, 14.0],
        "model_version": ["physics 1", "trees 2"],
    }
    return json.dumps({name: value for name, value in (line | changes).items() if value is not None})


def logged(folder: Path, lines: list[str], *, monitor: str = "forecasts", file: str = "data.0.log") -> Path:
    path = folder / monitor / "data" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def predicted(folder: Path, *, days: int = 31) -> Predicted:
    start = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    return read_predictions(folder, toy_plant(), start=start, end=start + dt.timedelta(days=days))


def joined(folder: Path, *, days: int = 14) -> pl.DataFrame:
    return join_actuals(predicted(folder).rows, toy_readings(days=days))


def test_a_forecast_becomes_a_row_for_each_interval_beside_what_was_measured(tmp_path: Path):
    rows = joined(logged(tmp_path, [forecast_line()]))

    assert rows.schema == predictions_schema("Asia/Seoul")
    assert [start.isoformat() for start in rows["interval_start"]] == [ORIGIN, "2018-01-02T00:15:00+09:00"]
    assert rows["lead"].to_list() == [1, 2]
    assert rows["usage_kwh"].to_list() == [2.0, 2.0]
    assert rows["error_kwh"].to_list() == [8.0, 0.0]
    assert rows.select("lower_kwh", "upper_kwh", "q50").row(0) == (1.0, 5.0, 3.0)


def test_a_nowcast_is_joined_by_the_interval_that_its_reading_named(tmp_path: Path):
    """A time without an offset is plant time; a reading without one cannot be joined and is counted."""
    lines = [nowcast_line(starts=["2018-01-02T09:00:00", "2018-01-02T03:00:00Z"]), nowcast_line("o", starts=None)]

    folder = logged(tmp_path, lines, monitor="nowcasts")

    rows = joined(folder)
    assert [start.hour for start in rows["interval_start"]] == [9, 12]
    assert rows["model_version"].to_list() == ["physics 1", "trees 2"]
    assert rows["usage_kwh"].to_list() == [10.0, 20.0]
    assert (rows["lead"].null_count(), rows["origin"].null_count(), rows["q50"].null_count()) == (2, 2, 2)
    assert predicted(folder).unplaced == 2


def test_full_files_and_those_of_every_worker_are_read(tmp_path: Path):
    for number, file in enumerate(["data.0.log", "data.0.log.1", "data.1.log"]):
        logged(tmp_path, [forecast_line(str(number))], file=file)

    assert predicted(tmp_path).rows["prediction_id"].unique().sort().to_list() == ["0", "1", "2"]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(forecast_line("b")[:-40], id="half a line"),
        pytest.param("", id="an empty line"),
        pytest.param(forecast_line("b", q50=[1.0]), id="lists of different lengths"),
        pytest.param(forecast_line("b", mean_kwh=["x", "y"]), id="no numbers"),
        pytest.param(forecast_line("b", origin="2018-01-02T00:00:00"), id="a moment without a zone"),
    ],
)
def test_a_damaged_line_is_counted_and_the_others_are_read(tmp_path: Path, damaged: str):
    found = predicted(logged(tmp_path, [forecast_line("a"), damaged, forecast_line("c")]))

    assert found.damaged_lines == 1
    assert found.rows["prediction_id"].unique().sort().to_list() == ["a", "c"]


def test_each_prediction_stands_once_however_often_it_was_told(tmp_path: Path):
    line = json.loads(forecast_line())
    again = json.dumps({name: value for name, value in line.items() if name not in ("mean_kwh", *QUANTILE_COLUMNS)})

    rows = joined(logged(tmp_path, [forecast_line(), again, forecast_line()]))

    assert rows.height == 2
    assert stands_once(rows).passed
    assert not stands_once(pl.concat([rows, rows])).passed


def test_other_plants_and_other_times_are_left_out(tmp_path: Path):
    later = forecast_line("later", origin="2018-02-02T00:00:00+09:00")

    assert predicted(logged(tmp_path, [forecast_line(plant="other"), later])).rows.is_empty()


def test_nothing_logged_is_no_rows(tmp_path: Path):
    assert joined(tmp_path).schema == predictions_schema("Asia/Seoul")
    assert accuracy(joined(tmp_path)) == {}


def test_the_figures_are_those_of_what_has_been_measured(tmp_path: Path):
    """Errors 8 and 0, bounds 1 to 5 around 2 kWh twice; the forecast beyond the readings has no actual."""
    beyond = forecast_line("b", origin="2018-01-20T00:00:00+09:00")

    figures = accuracy(joined(logged(tmp_path, [forecast_line(), beyond])))

    assert figures == pytest.approx(
        {
            "forecast_rows": 4,
            "forecast_joined_share": 0.5,
            "forecast_mae_kwh": 4.0,
            "forecast_rmse_kwh": 32**0.5,
            "forecast_within_band_share": 1.0,
        }
    )


def test_an_interval_that_is_over_must_have_its_actual(tmp_path: Path):
    rows = joined(logged(tmp_path, [forecast_line(), forecast_line("b", origin="2018-01-20T00:00:00+09:00")]))
    known_until = dt.datetime(2018, 1, 15, tzinfo=ZoneInfo("Asia/Seoul"))

    assert is_joined(rows, known_until=known_until).actual == "0 of 2 lack it; 2 are still to come"
    assert not is_joined(rows, known_until=known_until + dt.timedelta(days=10)).passed
