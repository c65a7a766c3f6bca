from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from pydantic import TypeAdapter

from steel_energy.history import COLUMNS
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_energy.testing import toy_plant, toy_tariff
from steel_service.api_models.history import HistoryAnswer, HistoryRow

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
DAY = {"from": "2018-01-14", "to": "2018-01-15"}


def get(service: Any, accept: str = "*/*", /, **query: Any) -> Any:
    answer = service.client.get("/history", params=query, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


def table(answer: Any) -> pl.DataFrame:
    """The frame in a Parquet answer."""
    return pl.read_parquet(io.BytesIO(answer.content))


def test_it_is_the_last_two_weeks_by_default(service: Any) -> None:
    history = get(service).json()

    rows = history.pop("rows")
    assert history == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "aggregation": "15min",
        "from": "2018-01-01T00:00:00+09:00",
        "to": "2018-01-15T00:00:00+09:00",
        "source": {"kind": "simulated", "location": "toy", "is_simulated": True},
        "total": 14 * 96,
        "next": None,
    }
    assert len(rows) == 14 * 96
    assert rows[0] == {
        "interval_start": "2018-01-01T00:00:00+09:00",
        "usage_kwh": 8.0,
        "lagging_reactive_kvarh": 6.0,
        "leading_reactive_kvarh": 0.0,
        "lagging_power_factor": 80.0,
        "leading_power_factor": 100.0,
        "co2_t": 0.01,
        "load_type": "light",
        "billing_band": "light",
        "peak_kw": 32.0,
        "cost_krw": 8.0,
        "repaired": False,
        "intervals": 1,
    }


def test_every_column_stands_in_the_schema() -> None:
    assert tuple(get_type_hints(HistoryRow)) == COLUMNS


@pytest.mark.parametrize("aggregation", ["15min", "hour", "day", "week", "month"])
def test_the_answer_is_what_the_schema_says(service: Any, aggregation: str) -> None:
    answer = get(service, aggregation=aggregation)

    found = TypeAdapter(HistoryAnswer).validate_json(
        answer.content.replace(b'"from"', b'"start"').replace(b'"to"', b'"end"')
    )
    assert sum(row["intervals"] for row in found.rows) == 14 * 96


def test_a_period_is_summed_by_hour(service: Any) -> None:
    period = {"from": "2018-01-14T12:00", "to": "2018-01-14T13:30", "aggregation": "hour"}

    rows = get(service, **period).json()["rows"]

    assert [(row["interval_start"], row["usage_kwh"], row["intervals"], row["repaired"]) for row in rows] == [
        ("2018-01-14T12:00:00+09:00", 32.0, 4, True),
        ("2018-01-14T13:00:00+09:00", 16.0, 2, False),
    ]


@pytest.mark.parametrize(("aggregation", "intervals"), [("hour", [3, 4, 1]), ("day", [8]), ("month", [8])])
def test_windows_at_the_edges_of_a_period_are_there_with_what_lies_inside(
    service: Any, aggregation: str, intervals: list[int]
) -> None:
    period = {"from": "2018-01-14T12:15", "to": "2018-01-14T14:15", "aggregation": aggregation}

    rows = get(service, **period).json()["rows"]

    assert [row["intervals"] for row in rows] == intervals
    assert rows[0]["interval_start"] < "2018-01-14T12:15"


@pytest.mark.parametrize(
    "columns",
    [["peak_kw,usage_kwh"], ["peak_kw", "usage_kwh"], ["usage_kwh,peak_kw", "interval_start,usage_kwh"]],
    ids=["with commas", "repeated", "both, some twice"],
)
@pytest.mark.parametrize("aggregation", ["15min", "day"])
def test_only_the_columns_asked_for_come_with_their_start_and_in_the_usual_order(
    service: Any, columns: list[str], aggregation: str
) -> None:
    rows = get(service, **DAY, columns=columns, aggregation=aggregation).json()["rows"]

    assert list(rows[0]) == ["interval_start", "usage_kwh", "peak_kw"]


@pytest.mark.parametrize("columns", ["usage_kwh,usage_kw", "plant", "", "usage_kwh,", "usage_kwh peak_kw"])
def test_an_unknown_column_is_named(service: Any, columns: str) -> None:
    status, error = service.error("GET", "/history", params={"columns": columns})

    unknown = columns.removeprefix("usage_kwh,")
    assert (status, error["field"]) == (422, "columns")
    assert error["message"].startswith(f"There is no column {unknown!r}; there are interval_start, usage_kwh")


def test_csv_is_a_file_with_full_precision_and_iso_times(service: Any, known: Any) -> None:
    precise = known.readings.with_columns(usage_kwh=pl.lit(0.1) + 0.2)
    service = service.with_(readings=type(service.state.readings)(replace(known, readings=precise)))

    answer = get(service, CSV, **DAY, columns="usage_kwh,load_type,repaired")

    lines = answer.text.splitlines()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="toy-15min-20180114-20180115.csv"'
    assert (answer.headers["X-Total-Count"], answer.headers["Vary"]) == ("96", "Accept")
    assert lines[:2] == [
        "interval_start,usage_kwh,load_type,repaired",
        "2018-01-14T00:00:00+09:00,0.30000000000000004,light,false",
    ]
    assert len(lines) == 97


def test_parquet_is_a_file_with_the_same_rows_as_json_and_times_of_the_plant(service: Any) -> None:
    answer = get(service, PARQUET, **DAY, aggregation="hour")

    assert answer.headers["Content-Type"] == PARQUET
    assert answer.headers["Content-Disposition"] == 'attachment; filename="toy-hour-20180114-20180115.parquet"'
    frame = table(answer)
    assert frame.schema["interval_start"] == pl.Datetime("us", "Asia/Seoul")
    rows = get(service, **DAY, aggregation="hour").json()["rows"]
    assert [row | {"interval_start": row["interval_start"].isoformat()} for row in frame.to_dicts()] == rows


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("application/json;q=0, */*", "text/csv; charset=utf-8"),
        (f"text/csv;q=0.1, {PARQUET};q=0.2", PARQUET),
        ("", "application/json"),
    ],
)
def test_the_form_is_the_one_that_the_client_likes_best(service: Any, accept: str, expected: str) -> None:
    assert get(service, accept, **DAY).headers["Content-Type"] == expected


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "garbage", "application/json;q=0, text/csv;q=0"]
)
def test_a_form_that_there_is_not_is_not_acceptable(service: Any, accept: str) -> None:
    status, error = service.error("GET", "/history", headers={"Accept": accept})

    assert (status, error["code"], error["field"]) == (406, "not_acceptable", "Accept")
    assert PARQUET in error["hint"]


def test_pages_follow_each_other_by_the_link_until_there_is_none(service: Any) -> None:
    answer = get(service, **DAY, columns=["usage_kwh", "repaired"], limit=40)
    pages = [answer]
    while link := pages[-1].links.get("next"):
        pages.append(service.client.get(link["url"]))

    rows = [row for one in pages for row in one.json()["rows"]]
    assert [len(one.json()["rows"]) for one in pages] == [40, 40, 16]
    assert {one.json()["total"] for one in pages} == {96}
    assert rows == get(service, **DAY, columns="usage_kwh,repaired").json()["rows"]
    assert [one.json()["next"] for one in pages] == ["2018-01-14T10:00:00+09:00", "2018-01-14T20:00:00+09:00", None]


def test_the_next_page_is_that_of_the_same_period_although_readings_arrived(
    service: Any, known: Any, constant: Any, site: Site
) -> None:
    first = get(service, CSV, limit=1000)
    later = constant(site, dt.datetime(2018, 1, 1, tzinfo=SEOUL), dt.datetime(2018, 1, 20, tzinfo=SEOUL))
    service = service.with_(readings=type(service.state.readings)(replace(known, readings=later)))

    second = service.client.get(first.links["next"]["url"]).json()

    assert (second["from"], second["to"]) == ("2018-01-01T00:00:00+09:00", "2018-01-15T00:00:00+09:00")
    assert (len(second["rows"]), second["total"], second["next"]) == (344, 1344, None)


SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize("start", ["2018-01-14T12:00:00%2B09:00", "2018-01-14T12:00:00+09:00", "2018-01-14 12:00"])
def test_a_plus_sign_need_not_be_escaped(service: Any, start: str) -> None:
    assert service.client.get(f"/history?from={start}").json()["from"] == "2018-01-14T12:00:00+09:00"


@pytest.mark.parametrize("aggregation", ["15min", "month"])
@pytest.mark.parametrize("accept", ["application/json", CSV, PARQUET])
def test_a_period_without_readings_has_no_rows(service: Any, aggregation: str, accept: str) -> None:
    period = {"from": "2019-01-01", "to": "2019-01-02", "aggregation": aggregation}

    answer = get(service, accept, **period)

    assert answer.headers["X-Total-Count"] == "0"
    assert accept != "application/json" or answer.json()["rows"] == []
    assert accept != CSV or answer.text.strip() == ",".join(COLUMNS)
    assert accept != PARQUET or table(answer).columns == list(COLUMNS)


def test_a_long_period_has_pages_instead_of_a_refusal(service: Any) -> None:
    assert get(service, **{"from": "1970-01-01", "aggregation": "month"}).json()["total"] == 1


@pytest.mark.parametrize(
    "period",
    [
        pytest.param({"from": "2018-01-02", "to": "2018-01-01"}, id="reversed"),
        pytest.param({"from": "2018-01-02", "to": "2018-01-02"}, id="empty"),
        pytest.param({"from": "2018-03-01"}, id="after the readings"),
    ],
)
def test_a_period_that_ends_before_it_starts_is_a_conflict(service: Any, period: dict[str, str]) -> None:
    status, error = service.error("GET", "/history", params=period)

    assert (status, error["code"], error["field"]) == (409, "conflict", "from")
    assert error["message"].startswith("must lie before the end of the period, 2018-01-")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"from": "soon"}, "from", id="words"),
        pytest.param({"from": "2018-02-29"}, "from", id="no-leap-year"),
        pytest.param({"to": "0001-01-01"}, "to", id="first-year"),
        pytest.param({"aggregation": "year"}, "aggregation", id="unknown-aggregation"),
        pytest.param({"limit": 0}, "limit", id="no-rows"),
        pytest.param({"limit": 100_001}, "limit", id="too-many-rows"),
        pytest.param({"cursor": "next"}, "cursor", id="no-cursor"),
        pytest.param({"form": "2018-01-01"}, "form", id="misspelt"),
    ],
)
def test_a_wrong_query_is_refused_by_field(service: Any, query: dict[str, str], field: str) -> None:
    status, error = service.error("GET", "/history", params=query)

    assert (status, error["field"]) == (422, field)


def test_an_unknown_plant_is_not_found(service: Any) -> None:
    status, error = service.error("GET", "/history", params={"plant": "moon"})

    assert (status, error["code"], error["hint"]) == (404, "unknown_plant", "known plants: toy")


def test_readings_that_are_not_built_yet_are_answered_with_their_remedy(empty_service: Any) -> None:
    status, error = empty_service.error("GET", "/history")

    assert (status, error["hint"]) == (503, "build them")


@pytest.mark.parametrize(
    ("start", "end", "first", "rows"),
    [
        ("2018-03-25T02:30", "2018-03-25T04:00", "2018-03-25T03:30:00+02:00", 2),
        ("2018-10-28T02:30:00+02:00", "2018-10-28T02:15:00+01:00", "2018-10-28T02:30:00+02:00", 3),
        ("2018-10-28T02:30:00+01:00", "2018-10-28T03:00:00+01:00", "2018-10-28T02:30:00+01:00", 2),
    ],
    ids=["an hour that the clock skips", "within the hour that comes twice", "only its second half"],
)
def test_an_hour_in_which_the_clock_changes(  # noqa: PLR0917
    service: Any, known: Any, constant: Any, start: str, end: str, first: str, rows: int
) -> None:
    zone = "Europe/Madrid"
    madrid, site = ZoneInfo(zone), Site(toy_plant(zone=zone), toy_tariff())
    year = constant(site, dt.datetime(2018, 3, 1, tzinfo=madrid), dt.datetime(2018, 11, 1, tzinfo=madrid))
    known = replace(known, readings=year, repairs=known.repairs.clear().cast(dict(repairs_schema(zone))))
    service = service.with_(sites={"toy": site}, readings=type(service.state.readings)(known))

    found = get(service, **{"from": start, "to": end}).json()["rows"]

    assert (found[0]["interval_start"], len(found)) == (first, rows)
