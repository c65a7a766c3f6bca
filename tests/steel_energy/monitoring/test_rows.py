"""The row of a week: what was found, what is usual, what the service told, and what its checks say of it."""

from __future__ import annotations

import datetime as dt
import math
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.artifacts import Manifest
from steel_energy.monitoring.expected import Expectation, Means
from steel_energy.monitoring.nowcasts import NowcastError, nowcast_error
from steel_energy.monitoring.performance import ForecastError, Window
from steel_energy.monitoring.rows import Told, is_as_usual, performance_row, readings_agree, told_within
from steel_energy.monitoring.table import performance_schema
from steel_energy.params import Params
from steel_energy.prediction_log import FORECAST, NOWCAST, predictions_schema
from steel_energy.testing import toy_plant

ZONE = "Asia/Seoul"
WINDOW = Window.until(dt.datetime(2018, 3, 12, tzinfo=ZoneInfo(ZONE)))


def row_of(
    manifest: Manifest,
    params: Params,
    *,
    worse: tuple[str, ...] = (),
    limits: float = 1.5,
    inconsistent: float = 0.0,
) -> pl.DataFrame:
    expected = Expectation(Means(4.0, 2.0, 0.1), Means(limits, limits, limits))
    return performance_row(
        manifest,
        "2018-03-05",
        WINDOW,
        forecasts=ForecastError(25, Means(6.0, 3.0, 0.2), expected, WINDOW.start, worse),
        nowcasts=NowcastError(672, 0.05, 0.01, inconsistent),
        usual_nowcasts=NowcastError(5000, 0.05, 0.01, 0.001),
        told=Told(),
        change_points=[dt.date(2018, 3, 6)],
        params=params.monitoring,
    )


def test_a_row_tells_ratio_and_limits_in_kwh(manifest: Manifest, params: Params):
    table = row_of(manifest, params)

    row = table.row(0, named=True)
    assert table.schema == performance_schema(ZONE)
    assert (row["verdict"], row["found"], row["ratio"]) == ("usual", None, 1.5)
    assert (row["usual_high_kwh"], row["usual_high_mae_kwh"]) == (6.0, 3.0)
    assert row["usual_high_outside_share"] == pytest.approx(0.15)
    assert (row["window_from"], row["window_until"]) == (WINDOW.start, WINDOW.end)
    assert (row["change_points"], row["told_rows"]) == ([dt.date(2018, 3, 6)], None)


def test_where_too_few_weeks_tell_there_is_no_limit(manifest: Manifest, params: Params):
    assert row_of(manifest, params, limits=math.inf)["usual_high_kwh"].to_list() == [None]


def test_a_degraded_week_says_why_and_fails_its_check(manifest: Manifest, params: Params):
    degraded = row_of(manifest, params, worse=("RMSE 6.00 kWh, usual 4.00 kWh", "MAE 3.00 kWh, usual 2.00 kWh"))

    assert degraded["verdict"].to_list() == ["degraded"]
    assert not is_as_usual(degraded).passed
    assert is_as_usual(degraded).actual == "RMSE 6.00 kWh, usual 4.00 kWh; MAE 3.00 kWh, usual 2.00 kWh"
    assert is_as_usual(row_of(manifest, params)).passed


@pytest.mark.parametrize(("share", "verdict"), [(0.10, "usual"), (0.11, "degraded")])
def test_a_meter_that_contradicts_itself_degrades_the_nowcast_alone(
    manifest: Manifest, params: Params, share: float, verdict: str
):
    assert params.monitoring.max_inconsistent_share == 0.10

    table = row_of(manifest, params, inconsistent=share)

    assert (table["nowcast_verdict"][0], table["verdict"][0]) == (verdict, "usual")
    assert readings_agree(table).passed == (verdict == "usual")


def test_only_forecasts_up_to_a_day_that_were_measured_since_count_as_told():
    inside, outside = WINDOW.start + dt.timedelta(days=1), WINDOW.end
    nothing = dict.fromkeys(predictions_schema(ZONE), None)
    rows = [
        {"kind": FORECAST, "lead": 1, "interval_start": inside, "usage_kwh": 10.0, "error_kwh": 3.0},
        {"kind": FORECAST, "lead": 96, "interval_start": inside, "usage_kwh": 10.0, "error_kwh": -4.0},
        {"kind": FORECAST, "lead": 97, "interval_start": inside, "usage_kwh": 10.0, "error_kwh": 99.0},
        {"kind": FORECAST, "lead": 1, "interval_start": outside, "usage_kwh": 10.0, "error_kwh": 99.0},
        {"kind": FORECAST, "lead": 1, "interval_start": inside, "usage_kwh": None, "error_kwh": None},
        {"kind": NOWCAST, "lead": None, "interval_start": inside, "usage_kwh": 10.0, "error_kwh": 99.0},
    ]
    log = pl.DataFrame([nothing | row for row in rows], schema=predictions_schema(ZONE))

    assert told_within(log, WINDOW) == Told(2, 12.5**0.5, 3.5)
    assert told_within(log.head(0), WINDOW) == Told()


def raw_rows(readings: pl.DataFrame) -> pl.DataFrame:
    """Rows as the meter sent them: the readings' values as texts."""
    return readings.with_columns(pl.col(pl.Float64).cast(pl.String), nsm_s=pl.lit("0"))


def test_the_nowcast_is_measured_on_what_the_meter_sent(readings: pl.DataFrame):
    """3 of 96 readings book 0.9 t of CO2 for a few kWh, which contradicts their power factors."""
    day = readings.tail(96)
    sent = raw_rows(day).with_columns(co2_t=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("0.9")).otherwise("co2_t"))

    sound, faulty = (nowcast_error(rows, day, plant=toy_plant()) for rows in (raw_rows(day), sent))

    assert (sound.rows, sound.inconsistent_share) == (96, 0.0)
    assert faulty.inconsistent_share == pytest.approx(3 / 96)
    assert faulty.mae_kwh >= sound.mae_kwh


def test_without_readings_there_is_nothing_to_nowcast(readings: pl.DataFrame):
    found = nowcast_error(raw_rows(readings).head(0), readings, plant=toy_plant())

    assert found.rows == 0
    assert math.isnan(found.inconsistent_share)
