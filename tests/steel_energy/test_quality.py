"""Each rule on frames whose defects were put there by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from steel_energy import quality
from steel_energy.calendar import interval_grid
from steel_energy.features import origin_features
from steel_energy.schema import LoadType, readings_schema
from steel_energy.testing import toy_plant, toy_tariff

ZONE = "Asia/Seoul"
START, END = dt.datetime(2018, 1, 1), dt.datetime(2018, 1, 2)  # noqa: DTZ001 - plant time


def sound_day() -> pl.DataFrame:
    """3 kWh, 4 kvarh lagging and no leading energy all day: power factors 60 and 100, 3 kg of CO2 shown as 0."""
    start = interval_grid(START, END, zone=ZONE)
    return pl.DataFrame({"interval_start": start}).select(
        pl.lit("toy").alias("plant"),
        "interval_start",
        usage_kwh=pl.lit(3.0),
        lagging_reactive_kvarh=pl.lit(4.0),
        leading_reactive_kvarh=pl.lit(0.0),
        lagging_power_factor=pl.lit(60.0),
        leading_power_factor=pl.lit(100.0),
        co2_t=pl.lit(0.0),
        load_type=pl.lit("light", LoadType),
    )


def change(frame: pl.DataFrame, row: int, **values: float | None) -> pl.DataFrame:
    at = pl.int_range(pl.len()) == row
    return frame.with_columns(pl.when(at).then(pl.lit(v)).otherwise(pl.col(n)).alias(n) for n, v in values.items())


def test_a_sound_day_passes_every_rule():
    day, plant = sound_day(), toy_plant()

    findings = [
        quality.has_schema(day, readings_schema(ZONE)),
        quality.is_complete(day, day.columns),
        quality.is_within_range(day),
        quality.is_on_grid(day, start=START, end=END, zone=ZONE),
        quality.is_monotone(day),
        quality.has_no_duplicates(day),
        quality.obeys_physics(day, plant, max_breach_share=0),
    ]

    assert [finding.passed for finding in findings] == [True] * 7


def test_a_schema_finding_names_what_is_missing_unexpected_and_mistyped():
    frame = sound_day().drop("co2_t").with_columns(pl.col("usage_kwh").cast(pl.Float32), junk=1)

    finding = quality.has_schema(frame, readings_schema(ZONE))

    assert not finding.passed
    assert finding.actual == "co2_t missing; junk unexpected; usage_kwh is Float32, not Float64"


@pytest.mark.parametrize("hole", [None, float("nan")])
def test_an_empty_cell_is_counted_by_column(hole: float | None):
    finding = quality.is_complete(change(sound_day(), 5, co2_t=hole), ["usage_kwh", "co2_t"])

    assert (finding.passed, finding.actual) == (False, "co2_t: 1")


def test_a_value_outside_its_bounds_is_counted_by_column():
    finding = quality.is_within_range(change(sound_day(), 5, lagging_power_factor=100.01, usage_kwh=-1.0))

    assert (finding.passed, finding.actual) == (False, "usage_kwh: 1, lagging_power_factor: 1")


def test_a_missing_and_a_stray_interval_are_named():
    day = sound_day()
    stray = day.tail(1).with_columns(pl.col("interval_start") + dt.timedelta(minutes=15))
    frame = pl.concat([day.filter(pl.int_range(pl.len()) != 4), stray])

    finding = quality.is_on_grid(frame, start=START, end=END, zone=ZONE)

    assert not finding.passed
    assert finding.actual == "1 missing (2018-01-01 01:00), 1 stray (2018-01-02 00:00)"


def test_time_that_runs_backwards_is_named():
    finding = quality.is_monotone(sound_day().reverse().tail(2))

    assert (finding.passed, finding.actual) == (False, "1 steps back (2018-01-01 00:00)")


def test_a_repeated_interval_is_named_once():
    day = sound_day()

    finding = quality.has_no_duplicates(pl.concat([day, day.head(1), day.head(1)]))

    assert (finding.passed, finding.actual) == (False, "1 intervals repeated (2018-01-01 00:00)")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param("usage_kwh", 3.5, id="usage between two pulses"),
        pytest.param("lagging_power_factor", 61.0, id="power factor of another load"),
        pytest.param("co2_t", 0.5, id="co2 of another load"),
    ],
)
def test_a_display_that_contradicts_itself_breaks_the_physics(column: str, value: float):
    finding = quality.obeys_physics(change(sound_day(), 7, **{column: value}), toy_plant(), max_breach_share=0)

    assert not finding.passed
    assert f"{column}: 1" in finding.actual


def test_physics_tolerates_the_given_share_of_breaches():
    frame = change(sound_day(), 7, co2_t=0.5)  # one of 6 identities in one of 96 rows: 0.17 %

    assert quality.obeys_physics(frame, toy_plant(), max_breach_share=0.002).passed
    assert not quality.obeys_physics(frame, toy_plant(), max_breach_share=0.001).passed


def test_the_repaired_share_counts_measured_cells_once():
    day = sound_day()  # 96 rows of 6 measured cells
    repairs = pl.DataFrame({"interval_start": day["interval_start"].head(58), "column": ["usage_kwh"] * 58})
    again = pl.concat([repairs, repairs, repairs.with_columns(column=pl.lit("row"))])

    finding = quality.is_little_repaired(again, day, max_share=0.1)

    assert (finding.passed, finding.actual) == (False, "10.07% (58 cells)")


def test_columns_that_an_export_does_not_have_are_no_repairs():
    day = sound_day()
    made = [(start, name) for start in day["interval_start"] for name in ("lagging_reactive_kvarh", "co2_t")]
    repairs = pl.DataFrame(made, schema=["interval_start", "column"], orient="row")

    assert not quality.is_little_repaired(repairs, day, max_share=0.2).passed
    assert quality.is_little_repaired(repairs, day, max_share=0.2, absent=["lagging_reactive_kvarh", "co2_t"]).passed


def test_a_match_below_the_limit_fails_and_names_the_worst_column_first():
    finding = quality.is_match({"usage_kwh": 1.0, "co2_t": 0.9, "all": 0.95}, min_share=0.99)

    assert (finding.passed, finding.actual) == (False, "co2_t 90.000%, all 95.000%, usage_kwh 100.000%")


def test_features_without_the_row_of_a_reading_do_not_cover_it():
    day = sound_day()
    features = origin_features(day, plant=toy_plant(), tariff=toy_tariff())

    assert quality.covers_every_reading(features, day).passed
    assert not quality.covers_every_reading(features.head(95), day).passed


def test_features_that_know_the_next_reading_leak():
    day = sound_day().with_columns(usage_kwh=pl.int_range(96).cast(pl.Float64))
    features = origin_features(day, plant=toy_plant(), tariff=toy_tariff())
    leaking = features.with_columns(pl.col("usage_1_back_kwh").shift(-1))

    assert quality.leaks_nothing(features, day, plant=toy_plant(), tariff=toy_tariff()).passed
    assert not quality.leaks_nothing(leaking, day, plant=toy_plant(), tariff=toy_tariff()).passed
