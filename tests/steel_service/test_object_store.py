"""The service with its lake in a real object store."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from s3fs import S3FileSystem

from steel_energy.knowledge.reports import stamp_of
from steel_energy.lake import Lake
from steel_energy.storage import place, put
from steel_service.places import public_text
from steel_service.readings import FAR_LOOK_S, LakeReadings
from steel_service.state import build_state

LOOK_S = 0.02


@pytest.fixture
def lake(make_bucket: Any, known: Any) -> Lake:
    return filled(Lake(place(make_bucket())), known)


def filled(lake: Lake, known: Any) -> Lake:
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    lake.write("repairs", "toy", "2018-01", known.repairs)
    lake.write_facts("raw_readings", "toy", known.source)
    return lake


def answer_of(service: Any, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    """Without the number that each forecast has of its own."""
    answer = service.client.request(method, path, json=body)
    assert answer.status_code == 200
    return {name: value for name, value in answer.json().items() if name != "prediction_id"}


@pytest.mark.parametrize("path", ["/history?aggregation=day", "/quality", "/forecast", "/health"])
def test_it_answers_as_from_a_disk(service: Any, lake: Lake, tmp_path: Any, known: Any, path: str) -> None:
    near = filled(Lake(tmp_path / "near"), known)
    request = ("POST", path, {"horizon": 4}) if path == "/forecast" else ("GET", path, None)

    answers = [answer_of(service.with_(readings=LakeReadings(one)), *request) for one in (lake, near)]

    assert answers[0] == answers[1]


def test_a_new_month_is_noticed_and_a_repeated_one_is_not_read_again(
    site: Any, lake: Lake, known: Any, until: Any
) -> None:
    readings = LakeReadings(lake, look_s=LOOK_S)
    first = readings.of(site)
    lake.write("cleaned_readings", "toy", "2018-01", known.readings)
    fingerprint = readings._fingerprint("toy")
    assert readings.of(site) is first

    lake.write("cleaned_readings", "toy", "2018-02", known.readings.with_columns(usage_kwh=pl.lit(9.0)))

    until(lambda: readings.of(site).readings.height == 2 * known.readings.height)
    assert readings._fingerprint("toy") != fingerprint


def test_it_is_looked_at_seldom_because_a_look_costs_requests(lake: Lake, tmp_path: Any) -> None:
    assert LakeReadings(lake)._look_s == FAR_LOOK_S > LakeReadings(Lake(tmp_path))._look_s


def test_a_store_that_is_away_is_a_503_with_its_remedy_and_no_bucket_is_told(
    service: Any, lake: Lake, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(lake.root)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    S3FileSystem.clear_instance_cache()
    away = service.with_(
        readings=LakeReadings(Lake(place(address))), settings=settings.model_copy(update={"lake_url": address})
    )

    status, error = away.error("GET", "/history")
    S3FileSystem.clear_instance_cache()

    assert status == 503
    assert "the readings of toy cannot be read: cleaned_readings/plant=toy" in error["message"]
    assert "does not answer" in error["message"]
    assert "AWS_ENDPOINT_URL_S3" in error["hint"]
    assert "127.0.0.1" not in str(error)


def test_a_damaged_month_is_named(service: Any, lake: Lake) -> None:
    put(lake.month_path("cleaned_readings", "toy", "2018-01"), b"PAR1 half")

    status, error = service.with_(readings=LakeReadings(lake)).error("GET", "/history")

    assert status == 503
    assert "month=2018-01.parquet: is damaged" in error["message"]


def test_notes_on_reports_are_made_again_when_one_was_replaced(lake: Lake, settings: Any) -> None:
    far = settings.model_copy(update={"lake_url": str(lake.root)})
    first = stamp_of(far, "toy")
    put(lake.week_path("weekly_report", "toy", "2018-01-01"), b"any")

    assert len(first) == 1
    assert len(stamp_of(far, "toy")) == 2


def test_a_real_state_reads_the_lake_of_the_setting(lake: Lake, settings: Any, site: Any) -> None:
    state = build_state(settings.model_copy(update={"lake_url": str(lake.root), "plant": None}))

    assert state.readings.of(site).readings.height == 14 * 96
    assert public_text(f"{lake.root}/x", state.settings) == "x"
