"""Figures and references of drift, on a simulated plant whose readings obey its meter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steel_energy.drift import Drift, FigureDrift, drift, reference
from steel_energy.drift.faults import lasting_share, lone_peaks
from steel_energy.drift.observed import observe
from steel_energy.params import load_params
from steel_energy.plant import load_plant
from steel_energy.schema import repairs_schema
from steel_energy.simulation.metering import metered
from steel_energy.simulation.plant import simulate
from steel_energy.simulation.shift import ShiftKind, shifted
from steel_energy.sites import Site
from steel_energy.tariff import load_tariff
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

ROOT = Path(__file__).parents[3]
PARAMS = load_params(ROOT / "params.yaml").drift
SEOUL = ZoneInfo("Asia/Seoul")
BEGIN, END = dt.date(2018, 3, 1), dt.date(2018, 7, 1)
TRAINED_UNTIL = dt.datetime(2018, 6, 1, tzinfo=SEOUL)
NEWEST_FROM = dt.datetime(2018, 6, 20, 15, 30, tzinfo=SEOUL)  # a Wednesday afternoon
NEWEST_UNTIL = NEWEST_FROM + dt.timedelta(days=7)


@pytest.fixture(scope="module")
def site() -> Site:
    plant = load_plant("gwangyang", plants_dir=ROOT / "data/plants")
    return Site(plant, load_tariff(plant.tariff, tariffs_dir=ROOT / "data/tariffs"))


@pytest.fixture(scope="module")
def readings(site: Site) -> pl.DataFrame:
    return pl.concat(simulate(site.plant, site.tariff, start=BEGIN, end=END, seed=11))


def drift_of(readings: pl.DataFrame, site: Site, **changes: Any) -> Drift:
    asked = {
        "site": site,
        "trained_from": readings["interval_start"][0],
        "trained_until": TRAINED_UNTIL,
        "params": PARAMS,
        "until": NEWEST_UNTIL,
    }
    return drift(readings, **(asked | changes))


def figure(found: Drift, name: str, column: str | None = None) -> FigureDrift:
    return next(one for one in found.figures if (one.figure, one.column) == (name, column))


def test_stable_weeks_are_not_severe(readings: pl.DataFrame, site: Site) -> None:
    weeks = [NEWEST_UNTIL - dt.timedelta(days=days) for days in range(0, 21, 2)]

    assert {drift_of(readings, site, until=week).verdict for week in weeks} <= {"none", "moderate"}


@pytest.mark.parametrize(
    ("kind", "size", "name"),
    [
        ("level_shift", 0.3, "level"),
        ("level_shift", -0.3, "level"),
        ("shift_pattern", 0.5, "working_hours"),
        ("co2_level", 0.5, "contradicted"),
        ("outliers", 0.05, "contradicted"),
        ("load_type_mix", 0.5, "mistyped"),
        ("stuck_sensor", 1.0, "unchanged"),
    ],
)
def test_a_shift_that_began_a_week_ago_is_severe_by_its_own_figure(
    readings: pl.DataFrame, site: Site, kind: ShiftKind, size: float, name: str
) -> None:
    moved = shifted(readings, kind=kind, size=size, start=NEWEST_FROM, end=NEWEST_UNTIL, seed=3, plant=site.plant)

    found = drift_of(moved, site)

    severe = {one.figure for one in found.figures if one.verdict == "severe"}
    assert (found.verdict, name in severe) == ("severe", True)


def test_a_stronger_season_is_no_drift(readings: pl.DataFrame, site: Site) -> None:
    start = dt.datetime(2018, 3, 10, tzinfo=SEOUL)
    season = shifted(readings, kind="seasonal", size=0.2, start=start, seed=3, plant=site.plant)

    assert drift_of(season, site).verdict != "severe"


def test_a_level_shift_is_told_by_its_size(readings: pl.DataFrame, site: Site) -> None:
    less = shifted(readings, kind="level_shift", size=-0.3, start=NEWEST_FROM, seed=3, plant=site.plant)

    level = figure(drift_of(less, site), "level")

    assert level.value == pytest.approx(-0.3, abs=0.06)
    assert PARAMS.level_severe <= level.severe_at <= PARAMS.level_severe_anyhow
    assert "transformer ratio" in level.remedy


def repairs(readings: pl.DataFrame, *, column: str, rule: str, every: int, hours: int = 7 * 24) -> pl.DataFrame:
    """One repair in ``every`` intervals of the newest days' first ``hours``."""
    until = NEWEST_FROM + dt.timedelta(hours=hours)
    starts = readings.filter(pl.col("interval_start").is_between(NEWEST_FROM, until, closed="left"))["interval_start"]
    rows = pl.DataFrame({"interval_start": starts.gather_every(every)}).with_columns(
        plant=pl.lit("gwangyang"),
        column=pl.lit(column),
        before=pl.lit("0"),
        after=pl.lit("1"),
        rule=pl.lit(rule),
        confidence=pl.lit(0.99),
    )
    return rows.select(repairs_schema("Asia/Seoul").names())


def test_what_cleaning_mended_is_told_by_its_repairs(readings: pl.DataFrame, site: Site) -> None:
    mended = repairs(readings, column="co2_t", rule="co2_of_usage", every=4)

    found = drift_of(readings, site, repairs=mended)

    # 168 of 672 intervals, 12 of them in the worst half day of 48: 156 of the other 624
    assert figure(found, "repaired", "co2_t").value == pytest.approx(156 / 624)
    assert figure(found, "repaired").value == pytest.approx(156 / 624)
    assert figure(found, "repaired", "usage_kwh").value == 0
    assert found.verdict == "severe"


@pytest.mark.parametrize(
    ("column", "rule", "every", "hours"),
    [
        pytest.param("co2_t", "co2_of_usage", 1, 12, id="half a day is no drift"),
        pytest.param("co2_t", "notation", 4, 168, id="another spelling is no fault"),
        pytest.param("interval_start", "missing_interval", 1, 168, id="what was never sent is no fault of the meter"),
    ],
)
def test_not_every_repair_is_a_fault(  # noqa: PLR0917 - fixtures and parameters
    readings: pl.DataFrame, site: Site, column: str, rule: str, every: int, hours: int
) -> None:
    found = drift_of(readings, site, repairs=repairs(readings, column=column, rule=rule, every=every, hours=hours))

    assert {one.verdict for one in found.figures if one.figure == "repaired"} == {"none"}


def test_without_repairs_nothing_is_said_of_them(readings: pl.DataFrame, site: Site) -> None:
    assert "repaired" not in {one.figure for one in drift_of(readings, site).figures}


@pytest.mark.parametrize(("every", "verdict"), [(24, "severe"), (300, "none")])
def test_readings_that_stand_alone_are_told_though_their_cells_agree(
    readings: pl.DataFrame, site: Site, every: int, verdict: str
) -> None:
    peak = {"usage_kwh": 400.0, "lagging_reactive_kvarh": 150.0, "leading_reactive_kvarh": 0.0}
    is_new = pl.col("interval_start").is_between(NEWEST_FROM, NEWEST_UNTIL, closed="left")
    newest = readings.filter(is_new).with_row_index("row")
    is_peak = pl.col("row") % every == every // 2
    peaks = newest.with_columns(pl.when(is_peak).then(kwh).otherwise(flow).alias(flow) for flow, kwh in peak.items())
    flows = (peaks[flow].to_numpy() for flow in peak)
    shown = peaks.drop("row").with_columns(**metered(*flows, meter=site.plant.meter))

    found = drift_of(pl.concat([readings.filter(~is_new), shown]).sort("interval_start"), site)

    peaked, contradicted = figure(found, "peaked", "usage_kwh"), figure(found, "contradicted")
    # one in 24 of 672 intervals, two of them in the worst half day of 48: 26 of the other 624
    assert peaked.value == pytest.approx((26 if every == 24 else 1) / 624)
    assert (peaked.verdict, contradicted.verdict) == (verdict, "none")


def test_a_day_that_was_closed_without_notice_is_a_closed_day(readings: pl.DataFrame, site: Site) -> None:
    day = dt.date(2018, 6, 21)
    sunday = dt.date(2018, 6, 17)
    idle = readings.filter(pl.col("interval_start").dt.date() == sunday).with_columns(
        pl.col("interval_start").dt.offset_by("4d"), load_type=pl.lit("light", readings.schema["load_type"])
    )
    rest = readings.filter(pl.col("interval_start").dt.date() != day)

    found = drift_of(pl.concat([rest, idle]).sort("interval_start"), site)

    assert figure(found, "mistyped", "load_type").value == 0
    assert found.verdict != "severe"


def test_the_nearest_days_before_are_compared_with(readings: pl.DataFrame, site: Site) -> None:
    asked: dict[str, Any] = {"site": site, "trained_from": readings["interval_start"][0], "params": PARAMS}
    beside = reference(readings, trained_until=TRAINED_UNTIL, until=NEWEST_UNTIL, **asked)

    last = beside["interval_start"][-1]
    weekdays = beside.filter(pl.col("interval_start").dt.weekday() <= 5)["interval_start"].dt.date().n_unique()
    assert last == dt.datetime(2018, 5, 31, 23, 45, tzinfo=SEOUL)
    assert weekdays == 20
    assert drift_of(readings, site).reference == "the nearest days of the training, each kind of day with its like"


def test_a_training_of_another_season_says_so_and_gives_way_to_the_days_before(
    readings: pl.DataFrame, site: Site
) -> None:
    old = dt.datetime(2018, 5, 1, tzinfo=SEOUL)

    found = drift_of(readings, site, trained_until=old)

    assert "ends 50 days before, in another season" in found.reference
    asked: dict[str, Any] = {"site": site, "trained_from": readings["interval_start"][0], "params": PARAMS}
    beside = reference(readings, trained_until=old, until=NEWEST_UNTIL, **asked)
    assert beside["interval_start"][-1] == dt.datetime(2018, 6, 19, 23, 45, tzinfo=SEOUL)


def test_a_week_inside_the_training_may_be_compared_with_later_days(readings: pl.DataFrame, site: Site) -> None:
    until = dt.datetime(2018, 3, 9, tzinfo=SEOUL)

    found = drift_of(readings, site, until=until)

    assert "some of them later" in found.reference
    assert (found.newest_until, found.trained_until) == (until, TRAINED_UNTIL)
    assert found.trained_rows == (31 + 30 + 31 - 7) * 96


def test_days_that_are_newest_in_part_count_with_that_part_only(readings: pl.DataFrame, site: Site) -> None:
    before = pl.col("interval_start").is_between(NEWEST_FROM.replace(hour=0, minute=0), NEWEST_FROM, closed="left")
    doubled = readings.with_columns(usage_kwh=pl.when(before).then(pl.col("usage_kwh") * 9).otherwise("usage_kwh"))

    assert drift_of(doubled, site).figures == drift_of(readings, site).figures


def test_a_lone_peak_has_neighbours_and_is_no_step_and_no_pulse_more() -> None:
    usage_kwh = [0.02, 0.02, 0.06, 0.02, 9.0, 1.0, 5.0, 5.0, 1.0, 2.0, 1.0, 9.0]
    known = toy_readings(days=1).head(len(usage_kwh)).with_columns(usage_kwh=pl.Series(usage_kwh))
    site = Site(toy_plant(), toy_tariff())
    pulse_kwh = site.plant.meter.pulse_kwh

    told = lone_peaks(observe(known, site=site), site.plant.meter)
    with_gap = lone_peaks(observe(known.filter(pl.col("usage_kwh") != 1.0), site=site), site.plant.meter)

    assert pulse_kwh >= 0.01
    assert [row for row, is_peak in enumerate(told) if is_peak] == [4]
    assert not with_gap.any()


def test_usage_above_what_the_training_reached_is_told_in_whatever_week(readings: pl.DataFrame, site: Site) -> None:
    is_new = pl.col("interval_start").is_between(NEWEST_FROM, NEWEST_UNTIL, closed="left")
    trained = readings.filter(pl.col("interval_start") < TRAINED_UNTIL)["usage_kwh"]
    height = float(trained.quantile(0.999, interpolation="linear"))
    is_busy = is_new & (pl.col("interval_start").dt.hour() == 15)
    higher = readings.with_columns(usage_kwh=pl.when(is_busy).then(height + 1).otherwise("usage_kwh"))

    before = figure(drift_of(readings, site), "beyond", "usage_kwh")
    beyond = figure(drift_of(higher, site), "beyond", "usage_kwh")

    # 4 of 96 quarter hours on each of 7 days, of which half a day leaves out those of one: 6 * 4 of 624
    assert beyond.value == pytest.approx(24 / 624)
    assert (before.verdict, beyond.verdict) == ("none", "severe")
    assert beyond.severe_at >= PARAMS.beyond_severe
    assert "transformer ratio" in beyond.remedy


def test_usage_is_not_beyond_what_the_weeks_since_an_old_training_reached(readings: pl.DataFrame, site: Site) -> None:
    old = dt.datetime(2018, 5, 1, tzinfo=SEOUL)
    height = float(readings["usage_kwh"].max())
    is_busy = (pl.col("interval_start") >= old) & (pl.col("interval_start").dt.hour() == 15)
    higher = readings.with_columns(usage_kwh=pl.when(is_busy).then(height + 1).otherwise("usage_kwh"))

    never_seen = PARAMS.model_copy(update={"stale_days": 51})  # May and 20 days of June lie between
    told = {
        name: figure(drift_of(higher, site, trained_until=old, params=params), "beyond", "usage_kwh").value
        for name, params in {"since": PARAMS, "never": never_seen}.items()
    }

    # 4 of 96 quarter hours on each of 7 days, of which half a day leaves out those of one: 6 * 4 of 624
    assert told["never"] >= 24 / 624  # beside what lies beyond April by itself
    assert told["since"] == 0


@given(spoilt=st.lists(st.booleans(), max_size=200), more=st.integers(0, 199))
def test_the_worst_half_day_never_adds_to_a_share(spoilt: list[bool], more: int) -> None:
    rows = np.array(spoilt, dtype=bool)
    worse = rows.copy()
    worse[more : more + 1] = True

    share = lasting_share(rows)

    assert 0 <= share <= 1
    assert share * max(rows.size - 48, 0) <= rows.sum() + 1e-9
    assert lasting_share(worse) >= share
    assert lasting_share(np.arange(rows.size) < 48) == 0
