"""Every posted row gets a verdict of its own: hand-checked rows of the toy plant (1 kWh a pulse, 1 kg of CO2 a kWh)."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steel_energy.errors import NotMeterDataError
from steel_energy.inbox import Inbox
from steel_energy.posting import Judged, Repair, Sent, judge, read_objects, read_table
from steel_energy.sites import Site
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

NOW = dt.datetime(2018, 3, 15, 12, tzinfo=ZoneInfo("Asia/Seoul"))
SITE = Site(toy_plant(), toy_tariff())
MADRID = Site(toy_plant(zone="Europe/Madrid"), toy_tariff())
SOUND = {  # 8 kWh beside 6 kvarh: apparent energy 10 kVAh, power factor 0.8, 8 kg of CO2; a Tuesday morning
    "interval_start": "2018-01-02T09:00",
    "usage_kwh": 8.0,
    "lagging_reactive_kvarh": 6.0,
    "leading_reactive_kvarh": 0.0,
    "lagging_power_factor": 80.0,
    "leading_power_factor": 100.0,
    "co2_t": 0.01,
    "load_type": "medium",
}


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def judged(sent: Sent, *, site: Site = SITE, inbox: Inbox | None = None, now: dt.datetime = NOW) -> Judged:
    known = (inbox or Inbox(Path("/nowhere"))).read("toy", zone=site.plant.zone)
    return judge(sent, site=site, now=now, known=known)


def of_objects(*rows: Any, site: Site = SITE, **options: Any) -> Judged:
    return judged(read_objects(rows, site.plant), site=site, **options)


def statuses(verdicts: Judged) -> list[str]:
    return verdicts.verdicts["status"].to_list()


def codes(verdicts: Judged, row: int = 0) -> set[tuple[str | None, str]]:
    return {(reason.field, reason.code) for reason in verdicts.reasons.get(row, [])}


def test_a_sound_reading_is_accepted_and_kept_as_sent() -> None:
    verdict = of_objects(SOUND)

    assert statuses(verdict) == ["accepted"]
    assert verdict.fresh.to_dicts() == [
        SOUND | {"interval_start": dt.datetime(2018, 1, 2, 9, tzinfo=ZoneInfo("Asia/Seoul"))}
    ]
    assert verdict.counts() == {"accepted": 1, "repaired": 0, "rejected": 0, "unchanged": 0}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"interval_start": "2018-01-02T09:07"}, "interval_start", "off_grid"),
        ({"interval_start": "2018-01-02T09:00:00.5"}, "interval_start", "off_grid"),
        ({"interval_start": None}, "interval_start", "missing"),
        ({"interval_start": "yesterday"}, "interval_start", "not_a_time"),
        ({"interval_start": 1514851200}, "interval_start", "wrong_type"),
        ({"interval_start": "0001-01-01T00:00+14:00"}, "interval_start", "outside_months"),
        ({"interval_start": "2017-12-31T23:45"}, "interval_start", "outside_months"),
        ({"interval_start": "2018-03-15T12:15"}, "interval_start", "future"),
        ({"usage_kwh": math.nan}, "usage_kwh", "not_finite"),
        ({"usage_kwh": math.inf}, "usage_kwh", "not_finite"),
        ({"usage_kwh": 10**400}, "usage_kwh", "not_finite"),
        ({"usage_kwh": "8"}, "usage_kwh", "wrong_type"),
        ({"usage_kwh": True}, "usage_kwh", "wrong_type"),
        ({"usage_kwh": [8]}, "usage_kwh", "wrong_type"),
        ({"usage_kwh": -1}, "usage_kwh", "out_of_range"),
        ({"usage_kwh": 150_001}, "usage_kwh", "out_of_range"),  # 150 kWh an interval is 1.5 times the contract's 400 kW
        ({"leading_power_factor": 100.01}, "leading_power_factor", "out_of_range"),
        ({"co2_t": 151}, "co2_t", "out_of_range"),
        ({"usage_kwh": None, "leading_power_factor": None, "lagging_reactive_kvarh": None}, "usage_kwh", "no_energy"),
        ({"load_type": "Light_Load"}, "load_type", "unknown_load_type"),
        ({"load_type": 1}, "load_type", "unknown_load_type"),
        ({"plant": "other"}, "plant", "wrong_plant"),
        ({"usage": 8}, "usage", "unknown_field"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_stand_is_rejected_with_its_reason(changes: dict[str, Any], field: str, code: str) -> None:
    verdict = of_objects(SOUND | changes)

    assert statuses(verdict) == ["rejected"]
    assert codes(verdict) == {(field, code)}
    assert verdict.fresh.is_empty()


@pytest.mark.parametrize("row", [None, 8, "reading", [SOUND]], ids=["null", "number", "text", "array"])
def test_what_is_no_object_is_told_as_such_and_nothing_more(row: Any) -> None:
    assert codes(of_objects(row)) == {(None, "wrong_type")}


def test_all_reasons_of_a_row_are_told_at_once() -> None:
    verdict = of_objects({"interval_start": "2018-01-02T09:07", "usage_kwh": -1, "co2": 1, "load_type": "dark"})

    assert codes(verdict) == {
        ("interval_start", "off_grid"),
        ("usage_kwh", "out_of_range"),
        ("co2", "unknown_field"),
        ("load_type", "unknown_load_type"),
    }


def test_a_bad_row_refuses_no_other() -> None:
    later = SOUND | {"interval_start": "2018-01-02T09:15"}

    assert statuses(of_objects(SOUND, "nonsense", later)) == ["accepted", "rejected", "accepted"]


def test_an_interval_that_has_begun_may_be_posted_and_one_to_come_may_not() -> None:
    begun, to_come = (
        SOUND | {"interval_start": start, "load_type": None} for start in ("2018-03-15T12:00", "2018-03-15T12:15")
    )

    assert statuses(of_objects(begun, to_come)) == ["accepted", "rejected"]


def test_a_plant_that_is_open_until_a_month_takes_no_later_one() -> None:
    closed = Site(SITE.plant.model_copy(update={"open_until": "2018-02"}), SITE.tariff)
    rows = [SOUND | {"interval_start": start, "load_type": None} for start in ("2018-02-28T23:45", "2018-03-01T00:00")]

    assert statuses(of_objects(*rows, site=closed)) == ["accepted", "rejected"]


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        ("2018-01-02T09:00", "2018-01-02 00:00"),
        ("2018-01-02 09:00:00", "2018-01-02 00:00"),
        ("2018-01-02T09:00:00+09:00", "2018-01-02 00:00"),
        ("2018-01-02T00:00Z", "2018-01-02 00:00"),
        ("2018-01-03", "2018-01-02 15:00"),
    ],
)
def test_a_time_without_an_offset_is_plant_time(start: str, utc: str) -> None:
    [found] = of_objects(SOUND | {"interval_start": start}).verdicts["interval_start"].to_list()

    assert f"{found.astimezone(dt.UTC):%Y-%m-%d %H:%M}" == utc


def test_an_hour_that_the_clock_shows_twice_is_first_the_earlier_one_then_the_later() -> None:
    row = {"interval_start": "2018-10-28T02:30", "usage_kwh": 8.0}
    now = dt.datetime(2018, 12, 1, tzinfo=dt.UTC)

    starts = of_objects(row, row, site=MADRID, now=now).verdicts["interval_start"]

    assert [start.isoformat() for start in starts] == ["2018-10-28T02:30:00+02:00", "2018-10-28T02:30:00+01:00"]


def test_a_time_that_the_clock_skips_stands_an_hour_later() -> None:
    row = {"interval_start": "2018-03-25T02:30", "usage_kwh": 8.0}
    now = dt.datetime(2018, 12, 1, tzinfo=dt.UTC)

    [start] = of_objects(row, site=MADRID, now=now).verdicts["interval_start"]

    assert start.isoformat() == "2018-03-25T03:30:00+02:00"


def test_the_last_row_of_an_interval_stands_and_equal_ones_before_it_change_nothing() -> None:
    verdict = of_objects(SOUND, SOUND | {"usage_kwh": 9.0}, SOUND | {"usage_kwh": 9.0, "plant": "toy"}, SOUND)

    assert statuses(verdict) == ["unchanged", "rejected", "rejected", "accepted"]
    assert codes(verdict, row=1) == {("interval_start", "superseded")}
    assert verdict.fresh["usage_kwh"].to_list() == [8.0]


def test_what_the_inbox_has_already_is_unchanged_and_another_value_is_a_correction(inbox: Inbox) -> None:
    inbox.add("toy", of_objects(SOUND, SOUND | {"interval_start": "2018-01-02T09:15"}).fresh, batch_id="first")

    verdict = of_objects(SOUND, SOUND | {"interval_start": "2018-01-02T09:15", "usage_kwh": 0}, inbox=inbox)

    assert statuses(verdict) == ["unchanged", "repaired"]
    assert verdict.fresh["usage_kwh"].to_list() == [0.0]


def test_a_reading_is_a_whole_so_leaving_a_cell_out_changes_it(inbox: Inbox) -> None:
    inbox.add("toy", of_objects(SOUND).fresh, batch_id="first")
    bare = {name: value for name, value in SOUND.items() if name != "co2_t"}

    assert statuses(of_objects(bare, inbox=inbox)) == ["accepted"]
    assert statuses(of_objects(bare | {"co2_t": None}, SOUND, inbox=inbox)) == ["rejected", "unchanged"]


def test_energies_in_wh_are_told_as_a_repair_and_kept_as_sent() -> None:
    verdict = of_objects(SOUND | {"usage_kwh": 8000})

    assert statuses(verdict) == ["repaired"]
    assert verdict.repairs == {0: [Repair("usage_kwh", "8000", "8.0", "wh_for_kwh", 0.99)]}
    assert verdict.fresh["usage_kwh"].to_list() == [8000.0]


def test_a_power_factor_sent_as_a_ratio_is_told_as_a_repair() -> None:
    assert of_objects(SOUND | {"lagging_power_factor": 0.8}).repairs == {
        0: [Repair("lagging_power_factor", "0.8", "80.0", "ratio_for_percent", 0.99)]
    }


def test_a_load_type_against_the_calendar_is_told_as_a_repair() -> None:
    day = [
        {**row, "interval_start": row["interval_start"].isoformat()}
        for row in toy_readings(days=2).drop("plant").to_dicts()[96:]
    ]
    day[40]["load_type"] = "light"  # ten in the morning of a working day

    verdict = of_objects(*day)

    assert verdict.repairs == {40: [Repair("load_type", "Light_Load", "medium", "calendar", 1.0)]}


def test_cells_that_were_not_sent_are_no_repair() -> None:
    assert statuses(of_objects({"interval_start": "2018-01-02T09:00", "usage_kwh": 8})) == ["accepted"]


def test_the_days_before_say_what_a_lone_reading_should_be() -> None:
    context = toy_readings(days=7)
    odd = {"interval_start": "2018-01-08T00:00", "usage_kwh": 7.5}  # half a pulse
    sent = read_objects([odd], SITE.plant)

    verdict = judge(sent, site=SITE, now=NOW, known=Inbox(Path("/nowhere")).read("toy"), context=context)

    assert verdict.repairs == {0: [Repair("usage_kwh", "7.5", "2.0", "between_neighbours", 0.4)]}  # as at all midnights


def test_an_export_of_another_interval_is_refused_with_the_way_to_post_it() -> None:
    plant = toy_plant()
    hourly = plant.model_copy(update={"meter": plant.meter.model_copy(update={"interval_minutes": 60})})

    with pytest.raises(NotMeterDataError, match="rows of 60 minutes, and quarter hours are posted") as refused:
        read_table("date,Usage_kWh\n01/01/2018 01:00,3\n", hourly)

    assert "steel clean" in refused.value.remedy


def test_a_table_of_the_data_contract_is_read_by_its_names() -> None:
    header = "interval_start;usage_kwh;lagging_reactive_kvarh;load_type;note"
    table = f"{header}\n2018-01-02T09:00;8,0;;Medium_Load;x\n2018-01-02T09:20;8;6;medium;\n"

    sent = read_table(table, SITE.plant)
    verdict = judged(sent)

    assert statuses(verdict) == ["accepted", "rejected"]
    assert verdict.fresh.select("usage_kwh", "lagging_reactive_kvarh", "load_type").rows() == [(8.0, None, "medium")]
    assert sent.ignored == ("note",)


def test_a_published_export_is_placed_by_its_labels() -> None:
    day = toy_readings(days=2)

    verdict = judged(read_table(to_published(to_raw(day, "Asia/Seoul")).write_csv(), SITE.plant))

    assert set(statuses(verdict)) == {"accepted"}
    assert verdict.fresh["interval_start"].equals(day["interval_start"])
    assert verdict.fresh.select("usage_kwh", "load_type").equals(
        day.select("usage_kwh", pl.col("load_type").cast(pl.String))
    )


def test_a_cell_of_a_table_that_says_nothing_is_told_as_a_repair() -> None:
    table = (
        "interval_start,usage_kwh,lagging_reactive_kvarh,lagging_power_factor,co2_t\n2018-01-02T09:00,error,6,80,0.01\n"
    )

    verdict = judged(read_table(table, SITE.plant))

    assert verdict.repairs == {0: [Repair("usage_kwh", "error", "8.0", "usage_from_power_factors", 0.9)]}
    assert verdict.fresh["usage_kwh"].to_list() == [None]


def test_rows_of_a_table_are_rejected_one_by_one() -> None:
    rows = ("other,2018-01-02T09:00,8", ",,8", ",soon,8", "toy,2018-01-02T09:15,1e999", ",2018-01-02T09:30,8")
    table = "\n".join(["plant,interval_start,usage_kwh", *rows])

    verdict = judged(read_table(table, SITE.plant))

    assert [codes(verdict, row) for row in range(5)] == [
        {("plant", "wrong_plant")},
        {("interval_start", "missing")},
        {("interval_start", "not_a_time")},
        {("usage_kwh", "out_of_range")},
        set(),
    ]


def test_an_export_without_one_readable_time_has_every_row_rejected() -> None:
    verdict = judged(read_table("date,Usage_kWh\nsoon,8\nlater,8\n", SITE.plant))

    assert [codes(verdict, row) for row in range(2)] == [{("interval_start", "not_a_time")}] * 2


@pytest.mark.parametrize("table", ["date,Usage_kWh\n", "interval_start,usage_kwh\r\n", "interval_start,usage_kwh\n,\n"])
def test_a_header_alone_has_no_readings(table: str) -> None:
    assert read_table(table, SITE.plant).readings.is_empty()
    assert judged(read_table(table, SITE.plant)).verdicts.is_empty()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,value\na,1\n", "none of its columns is known"),
        ("date,NSM\n2018-01-02 09:00,900\n", "has no column for an active energy"),
        ("Usage_kWh,CO2\n8,0.01\n", "has no column for a time"),
    ],
)
def test_what_is_no_table_of_readings_is_refused_as_a_whole(table: str, message: str) -> None:
    with pytest.raises(NotMeterDataError, match=message):
        read_table(table, SITE.plant)


ANY_VALUE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["2018-01-02T09:00", "2018-01-02T09:15Z", "light", "toy", "9999-12-31T23:45-14:00"]),
    st.lists(st.integers(), max_size=2),
)
ANY_ROW = st.one_of(ANY_VALUE, st.dictionaries(st.one_of(st.sampled_from([*SOUND, "plant"]), st.text()), ANY_VALUE))


@settings(max_examples=25, deadline=None)
@given(st.lists(ANY_ROW, max_size=6))
def test_whatever_is_posted_every_row_has_one_verdict_and_each_rejected_one_a_reason(rows: list[Any]) -> None:
    verdict = of_objects(*rows)

    rejected = [row for row, status in enumerate(statuses(verdict)) if status == "rejected"]
    assert len(statuses(verdict)) == len(rows)
    assert rejected == sorted(verdict.reasons)
    assert verdict.fresh.height == len(rows) - len(rejected) - statuses(verdict).count("unchanged")
    assert all(reason.message.encode() for reasons in verdict.reasons.values() for reason in reasons)  # valid UTF-8


HEADERS = st.sampled_from(["interval_start,usage_kwh,load_type", "date,Usage_kWh,Load_Type", "date;NSM;Usage_kWh"])
LINES = st.lists(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30).map(lambda rest: f"2{rest}"),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(HEADERS, LINES)
def test_whatever_stands_below_a_header_is_judged_row_by_row(header: str, lines: list[str]) -> None:
    sent = read_table("\n".join([header, *lines]), SITE.plant)

    assert len(statuses(judged(sent))) == sent.readings.height
