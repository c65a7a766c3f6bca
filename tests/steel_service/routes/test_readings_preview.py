from __future__ import annotations

from typing import Any

import pytest

from steel_energy.inbox import Inbox

HEADER = (
    "interval_start,usage_kwh,lagging_reactive_kvarh,leading_reactive_kvarh,lagging_power_factor,leading_power_factor"
)
VALUES = "8.0,6.0,0.0,80.0,100.0"  # apparent energy 10 kVAh, power factor 0.8
KNOWN, NEW = "2018-01-14T09:00", "2018-01-15T09:00"


def preview(service: Any, *lines: str) -> dict[str, Any]:
    body = "\n".join([HEADER, *lines])
    answer = service.client.post("/readings/preview", content=body, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def test_rows_are_judged_and_nothing_is_kept(service: Any) -> None:
    found = preview(service, f"{NEW},{VALUES}", f"yesterday,{VALUES}", "2018-01-15T09:15,8000,6.0,0.0,80.0,100.0")

    assert found["counts"] == {"received": 3, "accepted": 1, "repaired": 1, "rejected": 1, "unchanged": 0}
    assert [(row["row"], row["status"]) for row in found["rows"]] == [(1, "rejected"), (2, "repaired")]
    assert found["rows"][0]["reasons"][0]["code"] == "not_a_time"
    assert [(rule["rule"], rule["changes"]) for rule in found["rules"]] == [("wh_for_kwh", 1)]
    assert (found["from"], found["to"]) == ("2018-01-15T09:00:00+09:00", "2018-01-15T09:30:00+09:00")
    assert Inbox(service.state.settings.inbox_dir).read("toy").is_empty()


def test_the_same_rows_meet_the_same_verdict_when_they_are_sent(service: Any) -> None:
    lines = (f"{NEW},{VALUES}", f"2018-01-15T09:07,{VALUES}", "2018-01-15T09:15,8000,6.0,0.0,80.0,100.0")
    before = preview(service, *lines)

    sent = service.client.post("/readings", content="\n".join([HEADER, *lines]), headers={"Content-Type": "text/csv"})

    assert sent.json()["counts"] == before["counts"]
    assert sent.json()["rows"] == before["rows"]
    assert preview(service, *lines)["counts"]["unchanged"] == 2


def test_intervals_between_the_rows_that_no_row_fills_are_gaps(service: Any) -> None:
    found = preview(service, *(f"2018-01-15T{clock},{VALUES}" for clock in ("09:00", "09:15", "10:00", "10:30")))

    assert [(gap["start"][11:16], gap["end"][11:16], gap["intervals"]) for gap in found["gaps"]] == [
        ("10:15", "10:30", 1),
        ("09:30", "10:00", 2),
    ]


@pytest.mark.parametrize(("moment", "replacing"), [(KNOWN, 1), (NEW, 0)])
def test_rows_that_take_the_place_of_a_known_reading_are_counted(service: Any, moment: str, replacing: int) -> None:
    assert preview(service, f"{moment},{VALUES}")["replacing"] == replacing


def test_a_file_without_one_sound_row_has_no_period(empty_service: Any) -> None:
    found = preview(empty_service, f"yesterday,{VALUES}")

    assert (found["from"], found["to"], found["gaps"], found["replacing"]) == (None, None, [], 0)


def test_what_is_no_table_of_readings_is_refused(service: Any) -> None:
    request = {"content": "a,b\n1,2", "headers": {"Content-Type": "text/csv"}}

    status, error = service.error("POST", "/readings/preview", **request)

    assert (status, error["field"]) == (422, "body")


def test_it_has_the_size_limit_of_readings(service: Any) -> None:
    few = service.with_(settings=service.state.settings.model_copy(update={"api_max_readings_bytes": 2000}))

    status, _ = few.error("POST", "/readings/preview", content=b"x" * 3000, headers={"Content-Type": "text/csv"})

    assert status == 413
