"""Taking a source in: what is remembered of it, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from steel_energy.cleaning import clean
from steel_energy.errors import NotEnoughDataError
from steel_energy.intake import Intake, take_in
from steel_energy.params import IntakeParams
from steel_energy.plant import Plant
from steel_energy.posted import repaired_of_sent
from steel_energy.sources.raw import PUBLISHED_HEADER
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings

POWER_FACTORS = {"lagging_power_factor", "leading_power_factor"}
PARAMS = IntakeParams(max_gap_days=5, alone_days=3)


def toy_intake(
    raw_dir: Path,
    *,
    source: str = "simulated",
    plant: Plant | None = None,
    seed: int = 1,
    posted: pl.DataFrame | None = None,
) -> Intake:
    return take_in(
        source,
        plant=plant or toy_plant(),
        tariff=toy_tariff(),
        raw_dir=raw_dir,
        seed=seed,
        posted=toy_readings(days=0) if posted is None else posted,
        params=PARAMS,
    )


def export(intake: Intake, path: Path, *, without_month: int = 0) -> str:
    kept = intake.placed.filter(pl.col("interval_start").dt.month() != without_month)
    kept.select(list(PUBLISHED_HEADER)).rename(PUBLISHED_HEADER).write_csv(path)
    return str(path)


def test_a_simulated_plant_fills_its_months_and_says_what_it_is(tmp_path: Path):
    intake = toy_intake(tmp_path)

    assert intake.months == ["2018-01", "2018-02"]
    assert intake.month("2018-02").height == 28 * 96
    facts = intake.facts()
    assert (facts["kind"], facts["is_simulated"], facts["rows"], facts["rows_outside"]) == ("simulated", True, 5664, 0)
    assert (facts["start"], facts["end"]) == ("2018-01-01T00:00:00+09:00", "2018-03-01T00:00:00+09:00")


def test_the_fingerprint_follows_the_cells_and_not_where_they_lie(tmp_path: Path):
    simulated, other_seed = toy_intake(tmp_path), toy_intake(tmp_path, seed=2)
    copied = toy_intake(tmp_path, source=export(simulated, tmp_path / "copy.csv"))

    assert copied.fingerprint == simulated.fingerprint
    assert other_seed.fingerprint != simulated.fingerprint


def test_rows_outside_the_plants_months_are_left_out_and_counted(tmp_path: Path):
    source = export(toy_intake(tmp_path), tmp_path / "two_months.csv")
    january = toy_plant().model_copy(update={"last_month": "2018-01"})

    intake = toy_intake(tmp_path, source=source, plant=january)

    assert intake.months == ["2018-01"]
    assert intake.facts()["rows_outside"] == 28 * 96


def test_a_month_before_or_after_all_readings_has_no_rows(tmp_path: Path):
    intake = toy_intake(tmp_path)

    assert intake.month("2017-12").height == 0
    assert intake.month("2018-03").height == 0


def test_a_month_without_rows_between_others_is_refused_for_nothing_could_fill_it(tmp_path: Path):
    quarter = toy_plant().model_copy(update={"last_month": "2018-03"})
    source = export(toy_intake(tmp_path, plant=quarter), tmp_path / "quarter.csv", without_month=2)

    with pytest.raises(NotEnoughDataError, match=r"no reading in 2018-02.*there are 2018-01, 2018-03"):
        toy_intake(tmp_path, source=source, plant=quarter).month("2018-02")


def test_a_source_of_other_months_is_refused_with_the_file_to_change(tmp_path: Path):
    source = export(toy_intake(tmp_path), tmp_path / "2018.csv")
    later = toy_plant().model_copy(update={"first_month": "2020-01", "last_month": "2020-12"})

    with pytest.raises(NotEnoughDataError, match=r"covers 2018-01 to 2018-02.*data/plants/toy.yaml"):
        toy_intake(tmp_path, source=source, plant=later)


def posted(*, first: dt.date, days: int = 1, plant: Plant | None = None) -> pl.DataFrame:
    """Readings as the inbox has them: usage 7 kWh, the power factors not sent."""
    return toy_readings(days=days, first=first, plant=plant).with_columns(
        usage_kwh=pl.lit(7.0),
        lagging_power_factor=pl.lit(None, pl.Float64),
        leading_power_factor=pl.lit(None, pl.Float64),
        batch=pl.lit("one"),
        received_at=pl.lit(dt.datetime(2018, 5, 1, tzinfo=dt.UTC)),
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A CSV of January and February 2018, which nobody knows to be simulated."""
    folder = tmp_path_factory.mktemp("measured")
    return export(toy_intake(folder), folder / "two_months.csv")


def test_a_posted_interval_replaces_the_sources_rows_of_it(tmp_path: Path, measured: str):
    day = dt.date(2018, 2, 5)

    intake = toy_intake(tmp_path, source=measured, posted=posted(first=day))

    rows = intake.placed.filter(pl.col("interval_start").dt.date() == day)
    assert rows["usage_kwh"].to_list() == ["7"] * 96
    assert rows["placed_by"].unique().to_list() == ["posted"]
    assert rows["lagging_power_factor"].null_count() == 96
    assert rows.select("label", "nsm_s").row(0) == ("05/02/2018 00:15", "900")
    assert intake.placed.height == (31 + 28) * 96
    facts = intake.facts()
    assert (facts["rows_posted"], facts["rows_superseded"], facts["rows_waiting"]) == (96, 96, 0)
    assert facts["posted_until"] == "2018-02-06T00:00:00+09:00"


def test_posted_readings_carry_the_months_on_beyond_the_export(tmp_path: Path, measured: str):
    intake = toy_intake(tmp_path, source=measured, posted=posted(first=dt.date(2018, 3, 1), days=2))

    assert intake.months == ["2018-01", "2018-02", "2018-03"]
    assert intake.end.isoformat() == "2018-03-03T00:00:00+09:00"
    assert intake.month("2018-03").height == 2 * 96
    assert intake.placed["source_row"].is_duplicated().sum() == 0


def test_readings_behind_a_long_gap_wait_until_it_is_filled(tmp_path: Path, measured: str):
    first, behind = posted(first=dt.date(2018, 3, 2)), posted(first=dt.date(2018, 3, 9))

    waiting = toy_intake(tmp_path, source=measured, posted=pl.concat([first, behind])).facts()
    filled = toy_intake(tmp_path, source=measured, posted=posted(first=dt.date(2018, 3, 3), days=7)).facts()

    assert (waiting["rows_posted"], waiting["rows_waiting"]) == (96, 96)
    assert waiting["waiting_from"] == "2018-03-09T00:00:00+09:00"
    assert waiting["end"] == "2018-03-03T00:00:00+09:00"
    assert (filled["rows_posted"], filled["rows_waiting"]) == (7 * 96, 0)


@pytest.mark.parametrize(("day", "rows_posted"), [(dt.date(2018, 1, 26), 96), (dt.date(2018, 1, 25), 0)])
def test_readings_before_the_source_follow_on_backwards(tmp_path: Path, measured: str, day: dt.date, rows_posted: int):
    february = pl.read_csv(measured, infer_schema=False).tail(28 * 96)
    february.write_csv(source := tmp_path / "february.csv")

    intake = toy_intake(tmp_path, source=str(source), posted=posted(first=day))

    assert intake.facts()["rows_posted"] == rows_posted
    assert intake.start.date() == (day if rows_posted else dt.date(2018, 2, 1))


def test_readings_of_months_that_the_plant_has_not_wait(tmp_path: Path, measured: str):
    closed = toy_plant().model_copy(update={"open_until": "2018-02"})

    facts = toy_intake(tmp_path, source=measured, plant=closed, posted=posted(first=dt.date(2018, 3, 1))).facts()

    assert (facts["rows_posted"], facts["rows_waiting"], facts["posted_until"]) == (0, 96, None)


def test_the_fingerprint_covers_what_was_posted(tmp_path: Path, measured: str):
    without, with_one, again = (
        toy_intake(tmp_path, source=measured, posted=rows)
        for rows in (None, posted(first=dt.date(2018, 3, 1)), posted(first=dt.date(2018, 3, 1)))
    )

    assert with_one.fingerprint == again.fingerprint != without.fingerprint
    assert with_one.source_fingerprint == without.source_fingerprint


@pytest.mark.parametrize(("setting", "days"), [("simulated", 3), ("auto", 2)])
def test_simulated_readings_are_never_mixed_with_posted_ones(tmp_path: Path, setting: str, days: int):
    intake = toy_intake(tmp_path, source=setting, posted=posted(first=dt.date(2018, 3, 1), days=days))

    assert intake.origin.is_simulated
    assert intake.months == ["2018-01", "2018-02"]
    assert intake.facts()["rows_waiting"] == days * 96


@pytest.mark.parametrize("setting", ["auto", "posted"])
def test_enough_posted_readings_take_the_place_of_the_simulated_plant(tmp_path: Path, setting: str):
    intake = toy_intake(tmp_path, source=setting, posted=posted(first=dt.date(2018, 3, 30), days=3))

    facts = intake.facts()
    assert (facts["kind"], facts["is_simulated"], facts["rows"]) == ("posted", False, 3 * 96)
    assert intake.months == ["2018-03", "2018-04"]
    assert (facts["start"], facts["end"]) == ("2018-03-30T00:00:00+09:00", "2018-04-02T00:00:00+09:00")


def test_a_plant_whose_readings_are_all_posted_needs_one(tmp_path: Path):
    with pytest.raises(NotEnoughDataError, match="no reading of toy was posted"):
        toy_intake(tmp_path, source="posted")


def test_cleaning_takes_a_posted_row_for_what_it_says(tmp_path: Path, measured: str):
    """Nothing but the power factors, which were not sent, is in the audit: neither time nor spelling."""
    day = varied_readings(days=60, plant=toy_plant()).tail(96)
    sent = day.with_columns(pl.lit(None, pl.Float64).alias(name) for name in POWER_FACTORS)
    intake = toy_intake(tmp_path, source=measured, posted=sent)

    cleaned = clean(intake.placed, plant=toy_plant(), tariff=toy_tariff(), start=intake.start, end=intake.end)

    assert cleaned.readings.tail(96).equals(day)
    repairs = cleaned.repairs.filter(pl.col("interval_start") >= day["interval_start"][0])
    assert set(repairs["column"]) == POWER_FACTORS
    assert repaired_of_sent(repairs, intake.placed).is_empty()
    assert repaired_of_sent(repairs, intake.placed.clear()).equals(repairs)
