"""No forecaster sees the future; one with a feature that does is found out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from steel_energy.evaluation.leakage import probes, sees_no_future, with_other_future
from steel_energy.features import FeatureBuilder, pair
from steel_energy.forecasting import KINDS, Forecaster
from steel_energy.params import ForecastingParams, LeadRange, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import build_timeline

KST = ZoneInfo("Asia/Seoul")
ORIGINS = [dt.datetime(2018, 2, 20, 6, tzinfo=KST), dt.datetime(2018, 2, 22, 12, tzinfo=KST)]


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    plain = toy_readings(days=56)
    factor = np.random.default_rng(3).uniform(0.5, 1.5, plain.height)
    return plain.with_columns(usage_kwh=pl.col("usage_kwh") * factor)


@pytest.fixture(scope="module")
def params() -> ForecastingParams:
    """The project's own, with few trees and rows: nothing here judges accuracy."""
    params = load_params(PROJECT_ROOT / "params.yaml").forecasting
    ranges = tuple(
        LeadRange(first=first, last=last, rows_per_origin=1, trees=10) for first, last in ((1, 96), (97, 672))
    )
    return params.model_copy(update={"boosting": params.boosting.model_copy(update={"lead_ranges": ranges})})


def fitted(kind: str, readings: pl.DataFrame, params: ForecastingParams) -> Forecaster:
    before = readings.filter(pl.col("interval_start") < dt.datetime(2018, 2, 19, tzinfo=KST))
    return KINDS[kind](plant=toy_plant(), tariff=toy_tariff(), params=params).fit(before)


def features(readings: pl.DataFrame, origin: dt.datetime) -> np.ndarray:
    timeline = build_timeline(readings, plant=toy_plant(), tariff=toy_tariff(), ahead=672)
    return FeatureBuilder(timeline).matrix(*pair(timeline.positions([origin]), 672))


def read_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a feature of the target read the meter in the target's own interval."""
    honest = FeatureBuilder.of_target

    def leaking(self: FeatureBuilder, targets: np.ndarray) -> dict[str, np.ndarray]:
        usage = self.timeline.usage_kwh
        own = np.where(targets < len(usage), usage[np.minimum(targets, len(usage) - 1)], np.nan)
        return {**honest(self, targets), "load_type": own}

    monkeypatch.setattr(FeatureBuilder, "of_target", leaking)


def test_all_that_is_measured_changes_from_the_origin_on_and_nothing_before(readings: pl.DataFrame):
    other = with_other_future(readings, ORIGINS[0])

    before = pl.col("interval_start") < ORIGINS[0]
    assert other.filter(before).equals(readings.filter(before))
    assert (other.filter(~before)["usage_kwh"] != readings.filter(~before)["usage_kwh"]).all()
    assert other.drop("usage_kwh").schema == readings.drop("usage_kwh").schema
    assert other["load_type"].equals(readings["load_type"])


@pytest.mark.parametrize("kind", ["seasonal_naive", "lightgbm", "xgboost"])
def test_no_forecaster_sees_the_future(kind: str, readings: pl.DataFrame, params: ForecastingParams):
    assert sees_no_future(fitted(kind, readings, params), readings, ORIGINS).passed


def test_the_features_of_a_forecast_are_the_same_whatever_comes(readings: pl.DataFrame):
    for origin in ORIGINS:
        known, changed = (features(frame, origin) for frame in (readings, with_other_future(readings, origin)))
        np.testing.assert_array_equal(known, changed)


def test_a_feature_that_reads_the_target_is_found_out(
    readings: pl.DataFrame, params: ForecastingParams, monkeypatch: pytest.MonkeyPatch
):
    read_the_target(monkeypatch)

    finding = sees_no_future(fitted("lightgbm", readings, params), readings, ORIGINS)

    assert not finding.passed
    assert "2018-02-20 06:00" in finding.actual
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(
            features(readings, ORIGINS[0]), features(with_other_future(readings, ORIGINS[0]), ORIGINS[0])
        )


def test_probes_are_spread_over_the_whole_backtest():
    start = dt.datetime(2018, 1, 1, tzinfo=KST)
    backtested = pl.DataFrame({"origin": [start + dt.timedelta(hours=6 * step) for step in range(9)]})

    assert [origin.hour + 24 * origin.day - 24 for origin in probes(backtested)] == [0, 24, 48]
