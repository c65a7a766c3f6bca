from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steel_service.security.principals import Role


def lines(service: Any) -> list[dict[str, Any]]:
    file: Path = service.settings.audit_file
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_call_that_changes_something_is_written_down_before_and_after(locked: Any, keys: dict[Role, str]) -> None:
    headers = {"X-API-Key": keys[Role.OPERATOR]}
    locked.client.post("/readings?plant=p", content=b"abc", headers=headers)

    asked, answered = lines(locked)
    assert (asked["event"], answered["event"], answered["status"]) == ("asked", "answered", 200)
    assert answered["counts"] == {"accepted": 3}
    for line in (asked, answered):
        told = {name: line[name] for name in ("method", "route", "who", "role", "means", "client")}
        assert told == {
            "method": "POST",
            "route": "/readings",
            "who": "operator",
            "role": "operator",
            "means": "key",
            "client": "testclient",
        }


def test_what_only_reads_is_not_written_down(locked: Any, keys: dict[Role, str]) -> None:
    for role in Role:
        locked.client.get("/health", headers={"X-API-Key": keys[role]})
        locked.client.post("/predict", headers={"X-API-Key": keys[role]})

    assert lines(locked) == []


def test_refusals_are_written_down_too(locked: Any, keys: dict[Role, str]) -> None:
    locked.client.post("/admin/reload")
    locked.client.post("/admin/reload", headers={"X-API-Key": "wrong"})
    locked.client.post("/admin/reload", headers={"X-API-Key": keys[Role.VIEWER]})

    told = [(line["event"], line.get("status"), line["who"]) for line in lines(locked)]
    assert told == [
        ("answered", 401, None),
        ("answered", 401, None),
        ("answered", 403, "viewer"),
    ]


def test_a_bug_is_written_down_as_a_failure(locked: Any, keys: dict[Role, str]) -> None:
    locked.client.post("/admin/reload?fault=true", headers={"X-API-Key": keys[Role.ADMIN]})

    assert lines(locked)[-1]["status"] == 500


def test_no_secret_gets_into_the_log(locked: Any, keys: dict[Role, str]) -> None:
    for key in (*keys.values(), "a-wrong-secret"):
        locked.client.post("/readings?token=query-secret", content=b"body-secret", headers={"X-API-Key": key})

    text = locked.settings.audit_file.read_text()
    assert [word for word in (*keys.values(), "secret") if word in text] == []


def test_the_file_is_its_owners_alone(locked: Any) -> None:
    locked.client.post("/readings")

    assert stat.S_IMODE(locked.settings.audit_file.stat().st_mode) == 0o600


def test_full_files_are_kept_beside_it_up_to_a_number(serve: Callable[..., Any]) -> None:
    service = serve(api_audit_file_bytes=1024, api_audit_files=2)
    for _ in range(20):
        service.client.post("/readings")

    names = sorted(path.name for path in service.settings.audit_file.parent.iterdir())
    assert names == ["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2"]
    assert all(path.stat().st_size <= 1024 for path in service.settings.audit_file.parent.iterdir())


def test_a_file_that_was_moved_away_is_made_anew(guarded: Any) -> None:
    guarded.client.post("/readings")
    guarded.settings.audit_file.rename(guarded.settings.audit_file.with_name("kept.jsonl"))
    guarded.client.post("/readings")

    assert len(lines(guarded)) == 2


def test_what_cannot_be_written_down_is_not_done(guarded: Any, caplog: pytest.LogCaptureFixture) -> None:
    guarded.settings.audit_file.mkdir(parents=True)  # a folder in its place: nobody can write to it, not even root
    with caplog.at_level(logging.ERROR):
        status, error = guarded.error("POST", "/readings", content=b"abc")

    assert (status, error["message"]) == (503, "the audit log cannot be written")
    assert [record.message for record in caplog.records] == ["the audit log cannot be written"]
    assert guarded.client.get("/health").status_code == 200


def test_an_outcome_that_cannot_be_written_down_is_said_in_the_services_log(
    guarded: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from steel_service.security import audit  # noqa: PLC0415 - to break its disk between two lines

    written = []

    def once(_handler: Any, record: logging.LogRecord) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(record.msg)

    monkeypatch.setattr(audit.OwnerFile, "handle", once)
    with caplog.at_level(logging.ERROR):
        answer = guarded.client.post("/readings", content=b"abc")

    assert (answer.status_code, len(written)) == (200, 1)
    assert "what is missing in it: status 200" in caplog.text
