"""Plant files: what they may leave out, what they must not say, and which days are closed."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from steel_energy.errors import ConfigError
from steel_energy.plant import LoadProfile, ProductionCalendar, load_plant, load_plants
from steel_energy.settings import PROJECT_ROOT

MINIMAL = {
    "id": "zaragoza",
    "name": "A plant with nothing but what is needed",
    "zone": "Europe/Madrid",
    "first_month": "2018-01",
    "last_month": "2018-12",
    "contract_kw": 1000,
    "tariff": "toy",
    "meter": {"pulse_kwh": 0.1, "emission_factor_t_per_kwh": 0.0002},
    "calendar": {"closed_weekdays": ["saturday", "sunday"]},
}


def written(folder, content):
    (folder / "zaragoza.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def refused(folder, content):
    with pytest.raises(ConfigError) as caught:
        load_plant("zaragoza", plants_dir=written(folder, content))
    return caught.value


def test_a_plant_file_needs_no_load_section(tmp_path):
    plant = load_plant("zaragoza", plants_dir=written(tmp_path, MINIMAL))

    assert plant.load == LoadProfile()
    assert plant.zone == "Europe/Madrid"


@pytest.mark.parametrize(
    ("date", "is_closed"),
    [
        pytest.param(dt.date(2018, 1, 8), False, id="a Monday"),
        pytest.param(dt.date(2018, 1, 7), True, id="a Sunday"),
        pytest.param(dt.date(2018, 1, 14), False, id="a Sunday on the open list"),
        pytest.param(dt.date(2018, 5, 1), True, id="a Tuesday on the closed list"),
        pytest.param(dt.date(2018, 5, 6), True, id="a Sunday on both lists"),
    ],
)
def test_the_lists_overrule_the_weekday(date, is_closed):
    calendar = ProductionCalendar(
        closed_weekdays=frozenset({"sunday"}),
        closed_days=frozenset({dt.date(2018, 5, 1), dt.date(2018, 5, 6)}),
        open_days=frozenset({dt.date(2018, 1, 14), dt.date(2018, 5, 6)}),
    )

    assert calendar.is_closed(date) is is_closed


def test_gwangyang_was_closed_on_62_days_of_2018(gwangyang):
    year = [dt.date(2018, 1, 1) + dt.timedelta(days=day) for day in range(365)]

    assert sum(gwangyang.calendar.is_closed(date) for date in year) == 62


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"zone": "Europe/Sevilla"}, "zone: is no IANA time zone", id="unknown zone"),
        pytest.param({"contract_kw": 0}, "contract_kw: Input should be greater than 0", id="no contract"),
        pytest.param({"contract_kw": float("nan")}, "contract_kw: Input should be a finite number", id="not a number"),
        pytest.param({"first_month": "2018-13"}, "first_month: ", id="a thirteenth month"),
        pytest.param(
            {"first_month": "2019-01"}, "last_month 2018-12 lies before first_month 2019-01", id="out of order"
        ),
        pytest.param({"open_until": "2018-11"}, "open_until 2018-11 lies before last_month 2018-12", id="closed early"),
        pytest.param({"meter": {"pulse_kwh": 0.1}}, "meter.emission_factor_t_per_kwh: Field required", id="missing"),
        pytest.param({"contract_kv": 3}, "contract_kv: Extra inputs are not permitted", id="unknown field"),
        pytest.param({"calendar": {"closed_weekdays": ["domingo"]}}, "calendar.closed_weekdays.0: ", id="unknown day"),
        pytest.param({"id": "Zaragoza"}, "id: ", id="an id that is no path"),
        pytest.param({"id": "another"}, "has id 'another'", id="an id that is not the file's name"),
        pytest.param({"load": {"idle_share": 2}}, "load.idle_share: ", id="idle above the contract"),
        pytest.param({"load": {"idle_by_month": [1.0] * 11}}, "load.idle_by_month: ", id="a month without level"),
        pytest.param(
            {"load": {"shifts": [{"weekdays": ["monday"], "start_hour": 22, "end_hour": 6}]}},
            "load.shifts.0: ends at 6.0, not after its start 22.0; past midnight add 24",
            id="a night shift without 24 added",
        ),
        pytest.param(
            {"load": {"capacitors": [{"power_share": 0.1, "on_hours": [[18, 8]]}]}},
            "load.capacitors.0.on_hours: needs pairs of hours in order",
            id="a capacitor bank switched off before it is on",
        ),
    ],
)
def test_a_faulty_plant_is_refused_with_field_and_reason(tmp_path, change, message):
    assert message in refused(tmp_path, MINIMAL | change).message


def test_a_misspelt_field_is_named_rather_than_the_one_it_replaces(tmp_path):
    content = {name: value for name, value in MINIMAL.items() if name != "contract_kw"} | {"contract_kv": 1000}

    assert refused(tmp_path, content).message.startswith("contract_kv: ")


def test_an_unknown_plant_names_the_known_ones(tmp_path):
    with pytest.raises(ConfigError, match=r"unknown plant '\.\./zaragoza' .*use one of: zaragoza"):
        load_plant("../zaragoza", plants_dir=written(tmp_path, MINIMAL))


def test_all_plants_of_a_folder_are_loaded_by_id(tmp_path):
    written(tmp_path, MINIMAL)
    (tmp_path / "avila.yaml").write_text(yaml.safe_dump(MINIMAL | {"id": "avila"}), encoding="utf-8")

    assert list(load_plants(tmp_path)) == ["avila", "zaragoza"]


def test_the_plants_that_come_along_load():
    assert "gwangyang" in load_plants(PROJECT_ROOT / "data" / "plants")


MADRID_NEW_YEAR = dt.datetime(2024, 12, 31, 23, tzinfo=dt.UTC)  # 2025 has begun on the plant's clock


def test_without_open_until_readings_may_go_on_to_the_current_month_of_the_plants_clock(tmp_path):
    plant = load_plant("zaragoza", plants_dir=written(tmp_path, MINIMAL))

    assert plant.last_open_month(MADRID_NEW_YEAR) == "2025-01"
    assert plant.last_open_month(MADRID_NEW_YEAR - dt.timedelta(seconds=1)) == "2024-12"
    assert plant.last_open_month(dt.datetime(2017, 5, 1, tzinfo=dt.UTC)) == "2018-12"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2017-12-31T23:45:00+01:00", False, id="before the first month"),
        pytest.param("2018-01-01T00:00:00+01:00", True, id="its first moment"),
        pytest.param("2019-02-28T22:45:00+00:00", True, id="the last interval"),
        pytest.param("2019-02-28T23:00:00+00:00", False, id="March has begun there"),
    ],
)
def test_a_moment_is_open_from_the_first_month_to_open_until_on_the_plants_clock(tmp_path, moment, is_open):
    plant = load_plant("zaragoza", plants_dir=written(tmp_path, MINIMAL | {"open_until": "2019-02"}))

    assert plant.is_open_at(dt.datetime.fromisoformat(moment), now=MADRID_NEW_YEAR) is is_open
