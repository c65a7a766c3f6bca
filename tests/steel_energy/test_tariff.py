"""Bands and prices of the published Korean tariff on days that can be looked up, and files that must be refused."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import yaml

from steel_energy.config import ids_in
from steel_energy.errors import ConfigError
from steel_energy.settings import PROJECT_ROOT
from steel_energy.tariff import load_tariff
from steel_energy.testing import toy_tariff

KEPCO = "kepco-industrial-b-hv-a-ii-2018"


def billed_at(tariff, *times, zone="Asia/Seoul"):
    starts = pl.Series("interval_start", [dt.datetime.fromisoformat(time) for time in times])
    rows = tariff.billed(starts.cast(pl.Datetime("us")).dt.replace_time_zone(zone))
    return list(zip(rows["season"], rows["billing_band"], rows["energy_krw_per_kwh"], strict=True))


@pytest.mark.parametrize(
    ("time", "season", "band", "price"),
    [
        pytest.param("2018-01-02 08:45", "winter", "light", 63.1, id="winter, before the day begins"),
        pytest.param("2018-01-02 09:00", "winter", "medium", 109.2, id="winter, the day begins"),
        pytest.param("2018-01-02 10:00", "winter", "maximum", 166.7, id="winter, morning peak"),
        pytest.param("2018-01-02 13:00", "winter", "medium", 109.2, id="winter has no afternoon peak"),
        pytest.param("2018-01-02 22:45", "winter", "maximum", 166.7, id="winter, late peak"),
        pytest.param("2018-01-02 23:00", "winter", "light", 63.1, id="winter, night"),
        pytest.param("2018-07-03 16:45", "summer", "maximum", 191.1, id="summer, afternoon peak"),
        pytest.param("2018-07-03 12:00", "summer", "medium", 109.0, id="summer, lunch is no peak"),
        pytest.param("2018-04-03 14:00", "spring-autumn", "maximum", 109.3, id="spring, afternoon peak"),
        pytest.param("2018-07-07 14:00", "summer", "medium", 109.0, id="Saturday has no peak"),
        pytest.param("2018-07-07 03:00", "summer", "light", 56.1, id="Saturday night stays light"),
        pytest.param("2018-07-08 14:00", "summer", "light", 56.1, id="Sunday is light"),
        pytest.param("2018-03-01 10:00", "spring-autumn", "light", 56.1, id="public holiday on a Thursday"),
    ],
)
def test_kepco_bills_the_published_price(kepco, time, season, band, price):
    assert billed_at(kepco, time) == [(season, band, price)]


def test_bills_keep_the_order_of_the_intervals():
    tariff = toy_tariff()

    assert billed_at(tariff, "2018-01-08 12:00", "2018-01-08 00:00", "2018-01-08 08:00") == [
        ("all-year", "maximum", 3.0),
        ("all-year", "light", 1.0),
        ("all-year", "medium", 2.0),
    ]


def test_every_month_and_hour_has_one_band(kepco):
    bands = kepco.hourly_bands()

    assert bands.height == 12 * 24
    assert bands.select("month", "hour").n_unique() == 12 * 24
    assert bands.null_count().sum_horizontal().item() == 0


def test_holidays_of_several_years_are_known(kepco):
    days = kepco.public_holidays({2018, 2019})

    assert {dt.date(2018, 12, 25), dt.date(2019, 1, 1)} <= set(days)
    assert days == sorted(days)


def refused(content, folder):
    """The error that loading this tariff file ends in."""
    (folder / f"{KEPCO}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_tariff(KEPCO, tariffs_dir=folder)
    return caught.value


@pytest.fixture
def content():
    return yaml.safe_load((PROJECT_ROOT / "data" / "tariffs" / f"{KEPCO}.yaml").read_text(encoding="utf-8"))


def test_a_month_in_no_season_is_refused(content, tmp_path):
    content["seasons"]["summer"]["months"] = [6, 7]

    error = refused(content, tmp_path)

    assert f"{KEPCO}.yaml" in error.field
    assert error.message == "seasons: no season has month 8"


def test_a_month_in_two_seasons_is_refused_with_its_line(tmp_path):
    text = (PROJECT_ROOT / "data" / "tariffs" / f"{KEPCO}.yaml").read_text(encoding="utf-8")
    faulty = text.replace("months: [3, 4, 5, 9, 10]", "months:\n      - 3\n      - 4\n      - 6")
    line = faulty.splitlines().index("      - 6") + 1
    (tmp_path / f"{KEPCO}.yaml").write_text(faulty, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_tariff(KEPCO, tariffs_dir=tmp_path)

    assert caught.value.message == "seasons.spring-autumn.months.2: month 6 is in summer already"
    assert caught.value.remedy == f"correct seasons.spring-autumn.months.2 in line {line}"


def test_every_tariff_of_the_project_loads():
    folder = PROJECT_ROOT / "data" / "tariffs"

    assert {load_tariff(tariff_id, tariffs_dir=folder).id for tariff_id in ids_in(folder)} == {
        KEPCO,
        "day-and-night-example",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"bands": "L" * 23}, "seasons.summer.bands", id="a day of 23 hours"),
        pytest.param({"bands": "L" * 23 + "P"}, "seasons.summer.bands", id="an unknown band letter"),
        pytest.param(
            {"energy_krw_per_kwh": {"light": 56.1, "medium": 109.0, "maximum": -1}},
            "seasons.summer.energy_krw_per_kwh",
            id="a negative price",
        ),
        pytest.param(
            {"energy_krw_per_kwh": {"light": 56.1, "medium": 109.0, "maximum": float("inf")}},
            "seasons.summer.energy_krw_per_kwh.maximum",
            id="an infinite price",
        ),
        pytest.param({"price": 3}, "seasons.summer.price", id="an unknown field"),
    ],
)
def test_a_faulty_season_is_refused_by_field(content, tmp_path, change, field):
    content["seasons"]["summer"] |= change

    assert refused(content, tmp_path).message.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"demand": {"krw_per_kw": -8320}}, "demand.krw_per_kw: ", id="a negative demand charge"),
        pytest.param({"country": "XX"}, "country: is no ISO country", id="a country that does not exist"),
        pytest.param(
            {"valid_to": dt.date(2017, 12, 31)}, "valid_to 2017-12-31 lies before", id="ends before it begins"
        ),
        pytest.param({"id": "another"}, "has id 'another'", id="an id that is not the file's name"),
        pytest.param({"demand_krw": 1}, "demand_krw: Extra inputs", id="an unknown field"),
    ],
)
def test_a_faulty_tariff_is_refused_with_its_reason(content, tmp_path, change, message):
    assert message in refused(content | change, tmp_path).message


@pytest.mark.parametrize("unpriced", ["light", "medium", "maximum"])
def test_a_season_without_the_price_of_a_band_it_bills_is_refused(content, tmp_path, unpriced):
    content["seasons"]["summer"]["bands"] = "L" * 12 + "X" * 12  # medium is billed on Saturdays only
    del content["seasons"]["summer"]["energy_krw_per_kwh"][unpriced]

    assert f"season summer has no price for {unpriced}, which it bills" in refused(content, tmp_path).message


def test_a_tariff_of_two_bands_prices_two(content, tmp_path):
    for season in content["seasons"].values():
        season |= {"bands": "L" * 8 + "M" * 16, "energy_krw_per_kwh": {"light": 50, "medium": 90}}
    (tmp_path / f"{KEPCO}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    tariff = load_tariff(KEPCO, tariffs_dir=tmp_path)

    assert billed_at(tariff, "2018-01-02 07:45", "2018-01-02 08:00", "2018-01-06 12:00") == [
        ("winter", "light", 50.0),
        ("winter", "medium", 90.0),
        ("winter", "medium", 90.0),
    ]


def test_an_unknown_tariff_names_the_known_ones():
    with pytest.raises(ConfigError, match=rf"unknown tariff 'none' \(use one of: .*{KEPCO}"):
        load_tariff("none", tariffs_dir=PROJECT_ROOT / "data" / "tariffs")
