from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest


def test_what_cleaning_did_is_counted_and_told_newest_first(service: Any) -> None:
    found = service.client.get("/quality").json()

    assert (found["from"], found["to"]) == ("2018-01-01T00:00:00+09:00", "2018-01-15T00:00:00+09:00")
    assert found["readings_until"] == found["to"]
    assert (found["intervals"], found["cells"], found["repaired_cells"]) == (1344, 1344 * 8, 1)
    assert found["repaired_share"] == 1 / (1344 * 8)
    assert found["rules"] == [{"rule": "toy", "changes": 2, "confidence": 1.0, "why": None}]
    assert [(one["column"], one["changes"]) for one in found["columns"]] == [("row", 1), ("usage_kwh", 1)]
    assert [part["repaired_cells"] for part in found["parts"]] == [1]
    assert [one["column"] for one in found["repairs"]] == ["row", "usage_kwh"]
    assert (found["repairs_total"], found["gaps"], found["posted"]) == (2, [], None)


def test_a_period_by_days_has_its_own_counts(service: Any) -> None:
    query = {"from": "2018-01-13", "to": "2018-01-15", "by": "day"}

    found = service.client.get("/quality", params=query).json()

    assert [(part["start"][:10], part["repaired_cells"]) for part in found["parts"]] == [
        ("2018-01-13", 0),
        ("2018-01-14", 1),
    ]
    assert found["parts"][1]["repaired_share"] == 1 / (96 * 8)


@pytest.mark.parametrize(
    ("query", "listed", "total"),
    [
        pytest.param({"column": "usage_kwh"}, ["usage_kwh"], 1, id="column"),
        pytest.param({"rule": "toy", "limit": 1}, ["row"], 2, id="limit"),
        pytest.param({"rule": "sign"}, [], 0, id="a rule that was not used"),
    ],
)
def test_the_list_of_changes_may_be_narrowed_and_the_counts_stay(
    service: Any, query: dict[str, Any], listed: list[str], total: int
) -> None:
    found = service.client.get("/quality", params=query).json()

    assert [one["column"] for one in found["repairs"]] == listed
    assert (found["repairs_total"], found["columns"][0]["changes"]) == (total, 1)


def test_every_check_of_the_readings_is_told_with_what_should_be(service: Any) -> None:
    checks = {one["check"]: one for one in service.client.get("/quality").json()["checks"]}

    assert list(checks) == ["complete", "range", "grid", "monotone_time", "no_duplicates", "physics"]
    assert all(one["passed"] and one["expected"] for one in checks.values())


def test_a_hole_in_the_readings_fails_the_check_of_the_grid(service: Any, known: Any) -> None:
    holed = replace(known, readings=known.readings.filter(pl.int_range(pl.len()) != 100))

    answer = service.with_(readings=type(service.state.readings)(holed)).client.get("/quality").json()

    grid = next(one for one in answer["checks"] if one["check"] == "grid")
    assert not grid["passed"]
    assert grid["actual"] == "1 missing (2018-01-02 01:00), 0 stray"


def test_columns_that_the_source_lacks_are_left_out_of_the_share(service: Any, known: Any) -> None:
    source = known.source | {"missing_columns": ["co2_t", "label", "nsm_s"]}
    without = service.with_(readings=type(service.state.readings)(replace(known, source=source)))

    assert without.client.get("/quality").json()["cells"] == 1344 * 6


def test_posted_readings_and_those_that_wait_are_told(service: Any, known: Any) -> None:
    posted = {"rows_posted": 4, "posted_until": "2018-01-15T00:00:00+09:00", "rows_waiting": 0, "waiting_from": None}
    with_posted = service.with_(readings=type(service.state.readings)(replace(known, source=known.source | posted)))

    assert with_posted.client.get("/quality").json()["posted"] == posted


def test_a_period_without_readings_has_no_figures_and_no_checks(service: Any) -> None:
    found = service.client.get("/quality", params={"from": "2019-01-01", "to": "2019-01-02"}).json()

    assert (found["intervals"], found["repaired_share"], found["parts"], found["checks"]) == (0, 0.0, [], [])


def test_a_period_that_ends_before_it_starts_is_a_conflict(service: Any) -> None:
    status, error = service.error("GET", "/quality", params={"from": "2018-02-01"})

    assert (status, error["field"]) == (409, "from")


def test_without_readings_there_is_nothing_to_tell_yet(empty_service: Any) -> None:
    status, error = empty_service.error("GET", "/quality")

    assert (status, error["code"]) == (503, "not_ready")


def test_gaps_are_told_newest_first(service: Any, known: Any) -> None:
    first = known.readings["interval_start"][0]
    absent = [first + dt.timedelta(minutes=15 * n) for n in (0, 1, 8)]
    inserted = known.repairs.head(1).drop("interval_start").join(pl.DataFrame({"interval_start": absent}), how="cross")
    inserted = inserted.with_columns(
        column=pl.lit("row"),
        rule=pl.lit("missing_interval"),
        interval_start=pl.col("interval_start").dt.convert_time_zone("Asia/Seoul"),
    ).select(known.repairs.columns)
    gappy = service.with_(readings=type(service.state.readings)(replace(known, repairs=inserted)))

    found = gappy.client.get("/quality").json()

    assert [(gap["start"][11:16], gap["end"][11:16], gap["intervals"]) for gap in found["gaps"]] == [
        ("02:00", "02:15", 1),
        ("00:00", "00:30", 2),
    ]
    assert found["intervals_inserted"] == 3
