"""What the audit log tells of posted readings, also while the service writes and renames it."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from steel_energy.alerts.posts import posts_since

NOW = dt.datetime(2018, 12, 10, 9, tzinfo=dt.UTC)


@pytest.fixture
def audit_file(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def line(hours_ago: float, **changes: object) -> str:
    said = {
        "at": (NOW - dt.timedelta(hours=hours_ago)).isoformat(timespec="milliseconds"),
        "event": "answered",
        "status": 202,
        "plant": "toy",
        "counts": {"received": 96, "accepted": 90, "repaired": 0, "unchanged": 0, "rejected": 6},
        "method": "POST",
        "route": "/readings",
        "request_id": "abc",
        "who": "meter",
        "role": "operator",
        "means": "key",
        "client": "127.0.0.1",
    }
    return json.dumps(said | changes) + "\n"


def write(path: Path, *lines: str) -> None:
    path.write_text("".join(lines))
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def test_answered_posts_of_the_time_are_counted_and_nothing_else(audit_file: Path):
    write(
        audit_file,
        line(30),
        line(1, event="asked"),
        line(1, route="/admin/reload"),
        line(1),
        line(0.5, status=422, plant=None, counts={}),
        line(0)[:40],  # torn: the service was killed
    )

    posts = posts_since(audit_file, NOW - dt.timedelta(hours=24))

    assert [(one.plant, one.received, one.rejected, one.is_refused) for one in posts] == [
        ("toy", 96, 6, False),
        (None, 0, 0, True),
    ]


def test_a_log_that_was_renamed_in_between_counts_too(audit_file: Path):
    write(audit_file, line(1))
    write(audit_file.with_name("audit.jsonl.1"), line(2), line(3))
    write(audit_file.with_name("audit.jsonl.2"), line(4))
    old = (NOW - dt.timedelta(days=9)).timestamp()
    write(audit_file.with_name("audit.jsonl.3"), line(5))  # as if of now, were it not for the file's time
    os.utime(audit_file.with_name("audit.jsonl.3"), (old, old))

    assert len(posts_since(audit_file, NOW - dt.timedelta(hours=24))) == 4


def test_a_service_that_was_never_asked_has_no_posts(audit_file: Path):
    assert posts_since(audit_file, NOW) == []
