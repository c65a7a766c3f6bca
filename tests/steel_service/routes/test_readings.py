"""POST /readings: what is answered 2xx is in the inbox, and every row says what became of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from steel_energy.alerts.posts import posts_since
from steel_energy.inbox import Inbox
from steel_energy.sites import load_sites
from steel_energy.sources.raw import to_published, to_raw
from steel_energy.testing import toy_readings

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
SOUND = {  # 8 kWh beside 6 kvarh: apparent energy 10 kVAh, power factor 0.8; a Tuesday morning
    "interval_start": "2018-01-16T09:00:00+09:00",
    "usage_kwh": 8.0,
    "lagging_reactive_kvarh": 6.0,
    "leading_reactive_kvarh": 0.0,
    "lagging_power_factor": 80.0,
    "leading_power_factor": 100.0,
    "co2_t": 0.01,
    "load_type": "medium",
}
LATER = SOUND | {"interval_start": "2018-01-16T09:15:00+09:00"}
AS_CSV = "\n".join([",".join(SOUND), ",".join(map(str, SOUND.values()))])
Post = Callable[..., tuple[int, dict[str, Any]]]


def posted(service: Any, content: Any, media_type: str = JSON, **query: str) -> tuple[int, dict[str, Any]]:
    body = content if isinstance(content, str | bytes) else json.dumps(content)
    answer = service.client.post("/readings", content=body, headers={"Content-Type": media_type}, params=query)
    return answer.status_code, answer.json()


@pytest.fixture
def post(service: Any) -> Post:
    return partial(posted, service)


@pytest.fixture
def inbox(service: Any) -> Inbox:
    return Inbox(service.state.settings.inbox_dir)


def test_a_sound_reading_is_kept_and_answered_202(post: Post, inbox: Inbox) -> None:
    status, answer = post({"readings": [SOUND]})

    assert status == 202
    assert answer == {
        "plant": "toy",
        "zone": "Asia/Seoul",
        "is_new": True,
        "batch": answer["batch"],
        "counts": {"received": 1, "accepted": 1, "repaired": 0, "rejected": 0, "unchanged": 0},
        "rows": [],
        "rows_left_out": 0,
        "ignored_columns": [],
    }
    [kept] = inbox.read("toy", zone="Asia/Seoul").to_dicts()
    assert kept["interval_start"].isoformat() == SOUND["interval_start"]
    assert {name: kept[name] for name in SOUND} == SOUND | {"interval_start": kept["interval_start"]}
    assert kept["batch"] == answer["batch"]


def test_every_form_of_a_body_says_the_same_reading(post: Post) -> None:
    post([SOUND])
    forms: dict[str, tuple[Any, str]] = {
        "object": ({"readings": [SOUND]}, JSON),
        "with plant": ({"plant": "toy", "readings": [SOUND | {"plant": "toy"}]}, "application/json; charset=utf-8"),
        "ndjson": (f"{json.dumps(SOUND)}\n", NDJSON),
        "csv": (AS_CSV, CSV),
        "spreadsheet": (AS_CSV.replace(",", ";").encode("utf-16"), "text/csv; charset=utf-16"),
    }

    unchanged = {name: post(*form)[1]["counts"]["unchanged"] for name, form in forms.items()}

    assert unchanged == dict.fromkeys(forms, 1)


def test_the_same_again_is_answered_200_unchanged_and_keeps_nothing(post: Post, inbox: Inbox) -> None:
    post([SOUND])

    status, answer = post([SOUND])

    assert (status, answer["is_new"], answer["batch"]) == (200, False, None)
    assert answer["counts"]["unchanged"] == 1
    assert inbox.history("toy").height == 1


def test_another_value_for_a_known_interval_is_a_correction_and_both_are_kept(post: Post, inbox: Inbox) -> None:
    post([SOUND])

    status, _ = post([SOUND | {"usage_kwh": None}])

    assert status == 202
    assert inbox.read("toy")["usage_kwh"].to_list() == [None]
    assert inbox.history("toy")["usage_kwh"].to_list() == [8.0, None]


def test_a_rejected_row_says_why_and_the_others_are_kept(post: Post, inbox: Inbox) -> None:
    status, answer = post([SOUND | {"usage_kwh": -1}, LATER])

    assert status == 202
    assert answer["counts"] == {"received": 2, "accepted": 1, "repaired": 0, "rejected": 1, "unchanged": 0}
    assert answer["rows"] == [
        {
            "row": 0,
            "interval_start": SOUND["interval_start"],
            "status": "rejected",
            "reasons": [{"field": "usage_kwh", "code": "out_of_range", "message": "should be at least 0 kWh"}],
            "repairs": [],
        }
    ]
    assert inbox.read("toy").height == 1


def test_rows_that_are_all_rejected_are_answered_200_and_nothing_is_kept(post: Post, inbox: Inbox) -> None:
    status, answer = post([{}, None, 3])

    assert (status, answer["counts"]["rejected"], answer["batch"]) == (200, 3, None)
    assert inbox.batches("toy") == []


def test_a_repair_is_told_by_the_known_days_and_the_reading_is_kept_as_sent(post: Post, inbox: Inbox) -> None:
    lone = {"interval_start": "2018-01-15T09:00", "usage_kwh": 7.5}  # half a pulse; all two weeks before show 8 kWh

    _, answer = post([lone])

    [row] = answer["rows"]
    assert (row["status"], row["reasons"]) == ("repaired", [])
    assert row["repairs"] == [
        {
            "column": "usage_kwh",
            "before": "7.5",
            "after": "8.0",
            "rule": "between_neighbours",
            "confidence": 0.4,
        }
    ]
    assert inbox.read("toy")["usage_kwh"].to_list() == [7.5]


def test_readings_are_taken_before_anything_was_built(empty_service: Any) -> None:
    answer = empty_service.client.post("/readings", json=[SOUND, LATER | {"usage_kwh": 8000}])

    assert answer.status_code == 202
    assert answer.json()["counts"]["repaired"] == 1


def test_rejected_rows_are_told_before_others_and_the_rest_is_counted(post: Post) -> None:
    post([SOUND])

    _, answer = post("\n".join([json.dumps(SOUND), *["?"] * 1_000]), NDJSON)

    assert {row["status"] for row in answer["rows"]} == {"rejected"}
    assert len(answer["rows"]) == 1_000
    assert answer["rows_left_out"] == 1


def test_a_broken_line_of_ndjson_refuses_no_other(post: Post) -> None:
    body = f'{{"interval_start": \n\n{json.dumps(SOUND)}\n{{"usage_kwh": 1, "usage_kwh": 2}}'.encode() + b"\n\xff"

    status, answer = post(body, NDJSON)

    assert status == 202
    assert {row["row"]: row["reasons"][0]["code"] for row in answer["rows"]} == dict.fromkeys((0, 2, 3), "not_json")


def test_a_published_export_is_taken_in(post: Post, inbox: Inbox) -> None:
    days = toy_readings(days=2)

    status, answer = post(to_published(to_raw(days, "Asia/Seoul")).write_csv(), CSV)

    assert (status, answer["counts"]["accepted"]) == (202, 192)
    assert inbox.read("toy", zone="Asia/Seoul").drop("batch", "received_at").equals(days)


def test_columns_that_no_reading_has_are_named(post: Post) -> None:
    _, answer = post("interval_start,usage_kwh,operator\n2018-01-16T09:00,8,x\n", CSV)

    assert answer["ignored_columns"] == ["operator"]


def test_a_body_that_is_none_of_readings_is_refused_as_a_whole(service: Any) -> None:
    refused = {
        ("[", JSON): (400, "bad_request"),
        ("", JSON): (422, "validation"),
        ("[]", JSON): (422, "validation"),
        ("{}", JSON): (422, "validation"),
        ("3", JSON): (422, "validation"),
        ('{"readings": [{}], "rows": 1}', JSON): (422, "validation"),
        ('{"readings": [{}], "readings": []}', JSON): (422, "invalid_input"),
        ('{"plant": "other", "readings": [{}]}', JSON): (404, "unknown_plant"),
        ("\n \n", NDJSON): (422, "invalid_input"),
        ("name,value\na,1", CSV): (422, "not_meter_data"),
        ("\x00\x01\x02", CSV): (422, "not_meter_data"),
        ("[]", "application/json; charset=latin-1"): (415, "unsupported_media_type"),
        ("[]", "text/plain"): (415, "unsupported_media_type"),
        ("[]", "multipart/form-data"): (415, "unsupported_media_type"),
    }

    answers = {
        (content, media_type): service.error("POST", "/readings", content=content, headers={"Content-Type": media_type})
        for content, media_type in refused
    }

    assert {body: (status, error["code"]) for body, (status, error) in answers.items()} == refused


def test_a_body_and_a_query_that_name_two_plants_conflict(service: Any) -> None:
    body = {"plant": "other", "readings": [SOUND]}

    status, error = service.error("POST", "/readings", json=body, params={"plant": "toy"})

    assert (status, error["code"], error["field"]) == (409, "conflict", "plant")


def test_more_rows_than_the_limit_are_refused_as_a_whole(service: Any, inbox: Inbox) -> None:
    few = service.with_(settings=service.state.settings.model_copy(update={"api_max_readings_rows": 1}))

    status, error = few.error("POST", "/readings", json=[SOUND, LATER])

    assert (status, error["message"]) == (422, "got 2, at most 1 fit")
    assert inbox.read("toy").is_empty()


def test_an_inbox_that_cannot_be_written_is_told_and_nothing_is_promised(service: Any) -> None:
    folder: Path = service.state.settings.inbox_dir
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")

    status, error = service.error("POST", "/readings", json=[SOUND])

    assert (status, error["code"]) == (503, "storage")
    assert str(folder.parent) not in error["message"]


def test_the_audit_log_holds_plant_and_counts(post: Post, service: Any) -> None:
    post([SOUND, {}])

    _, answered = service.state.settings.audit_file.read_text().splitlines()

    counts = {"received": 2, "accepted": 1, "repaired": 0, "rejected": 1, "unchanged": 0}
    assert json.loads(answered)["counts"] == counts
    assert json.loads(answered)["plant"] == "toy"
    (read,) = posts_since(service.state.settings.audit_file, dt.datetime.min.replace(tzinfo=dt.UTC))
    assert (read.plant, read.received, read.rejected) == ("toy", 2, 1)


def test_the_examples_of_the_document_are_accepted_by_the_plant_that_comes_with_it(empty_service: Any) -> None:
    shipped = empty_service.with_(sites=load_sites(empty_service.state.settings))
    document = shipped.client.get("/openapi.json").json()
    forms = document["paths"]["/readings"]["post"]["requestBody"]["content"]
    [readings] = document["components"]["schemas"]["ReadingsBody"]["properties"]["readings"]["examples"]
    examples = {CSV: forms[CSV]["example"], JSON: json.dumps(readings)}

    counts = [posted(shipped, example, form, plant="gwangyang")[1]["counts"] for form, example in examples.items()]

    assert counts[0]["accepted"] == counts[0]["received"] == 1
    assert counts[1]["unchanged"] == counts[1]["received"] == 1
