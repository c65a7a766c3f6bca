from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

PAGE = b"<!DOCTYPE html><html><head><title>Toy &amp; plant: quality</title></head><body>0123456789</body></html>"
WRITTEN_S = 1_530_000_000  # 26 June 2018, 08:00 UTC


@pytest.fixture
def folder(service: Any) -> Path:
    """The toy plant's reports: a page, and files that are none; a secret lies one folder above."""
    folder: Path = service.state.settings.reports_dir / "plant=toy"
    folder.mkdir(parents=True)
    (folder / "quality.html").write_bytes(PAGE)
    os.utime(folder / "quality.html", (WRITTEN_S, WRITTEN_S))
    (folder / ".quality.html.tmp").write_bytes(b"half")
    (folder / "notes.txt").write_text("none")
    (folder / "inner.html").mkdir()
    (folder.parent / "secret.html").write_text("secret")
    (folder / "link.html").symlink_to(folder.parent / "secret.html")
    return folder


@pytest.mark.usefixtures("folder")
def test_reports_are_listed_by_name_with_what_they_call_themselves(service: Any) -> None:
    answer = service.client.get("/reports").json()

    assert answer == {
        "plant": "toy",
        "reports": [
            {
                "name": "quality.html",
                "kind": "quality",
                "title": "Toy & plant: quality",
                "created_at": "2018-06-26T08:00:00Z",
                "size_bytes": len(PAGE),
                "media_type": "text/html",
                "link": "/reports/quality.html?plant=toy",
            }
        ],
    }


def test_before_the_first_build_there_are_none(service: Any) -> None:
    assert service.client.get("/reports").json() == {"plant": "toy", "reports": []}


def test_a_page_without_a_title_is_called_by_its_name_and_any_name_has_a_link(service: Any, folder: Path) -> None:
    (folder / "a b&c.html").write_bytes(b"\xff\xfe no title")

    report = service.client.get("/reports").json()["reports"][0]

    assert (report["title"], report["link"]) == ("a b&c.html", "/reports/a%20b%26c.html?plant=toy")
    assert service.client.get(report["link"]).content == b"\xff\xfe no title"


@pytest.mark.usefixtures("folder")
def test_a_report_opens_in_a_sandbox_and_is_asked_for_anew(service: Any) -> None:
    answer = service.client.get("/reports/quality.html?plant=toy")

    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Last-Modified"] == "Tue, 26 Jun 2018 08:00:00 GMT"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("suffix", "content", "media_type"),
    [
        ("pdf", b"%PDF-1.4 of a week", "application/pdf"),
        ("xlsx", b"PK\x03\x04 of a week", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_weeks_report_is_handed_out_to_be_kept(
    service: Any, folder: Path, suffix: str, content: bytes, media_type: str
) -> None:
    name = f"weekly-2018-W47-es.{suffix}"
    (folder / name).write_bytes(content)

    listed = {report["name"]: report for report in service.client.get("/reports").json()["reports"]}[name]
    answer = service.client.get(listed["link"])

    assert (listed["kind"], listed["media_type"]) == ("weekly", media_type)
    assert listed["title"] == "Informe semanal de energía, semana 47 de 2018"
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("folder")
def test_who_has_it_already_is_told_so(service: Any) -> None:
    first = service.client.get("/reports/quality.html")

    by_tag = service.client.get("/reports/quality.html", headers={"If-None-Match": first.headers["ETag"]})
    by_time = service.client.get("/reports/quality.html", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert [(one.status_code, one.content) for one in (by_tag, by_time)] == [(304, b""), (304, b"")]


@pytest.mark.usefixtures("folder")
def test_a_part_of_it_can_be_had(service: Any) -> None:
    start = PAGE.index(b"0123")

    part = service.client.get("/reports/quality.html", headers={"Range": f"bytes={start}-{start + 3}"})

    assert (part.status_code, part.content) == (206, b"0123")
    assert part.headers["Content-Range"] == f"bytes {start}-{start + 3}/{len(PAGE)}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("asked", ["bytes=9999-", "bytes=5-2", "lines=1-2", "bytes"])
def test_a_range_that_cannot_be_had_is_told_in_the_one_error_shape(service: Any, asked: str) -> None:
    answer = service.client.get("/reports/quality.html", headers={"Range": asked})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (416, "range_not_satisfiable", "Range")
    assert error["hint"].startswith(f"ask for bytes from 0 to {len(PAGE) - 1}")
    assert answer.headers["Content-Range"] == f"bytes */{len(PAGE)}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "name",
    [
        "other.html",
        "notes.txt",
        ".quality.html.tmp",
        "inner.html",
        "link.html",
        "../secret.html",
        "%2e%2e%2fsecret.html",
        "..\\secret.html",
        "/etc/passwd",
        "quality.html\x00",
        "plant=toy/quality.html",
    ],
)
@pytest.mark.parametrize("once_more", [False, True], ids=["as it is", "escaped"])
def test_whatever_is_not_listed_is_not_found(service: Any, name: str, once_more: bool) -> None:  # noqa: FBT001
    path = quote(name, safe="") if once_more else quote(name)

    status, error = service.error("GET", f"/reports/{path}")

    assert status == 404
    assert error["code"] in {"unknown_report", "not_found"}


@pytest.mark.usefixtures("folder")
def test_an_unknown_report_names_those_that_there_are(service: Any) -> None:
    _, error = service.error("GET", "/reports/eda.html")

    assert (error["code"], error["field"], error["hint"]) == ("unknown_report", "name", "known reports: quality.html")


@pytest.mark.parametrize("path", ["/reports", "/reports/quality.html"])
def test_an_unknown_plant_is_not_found(service: Any, path: str) -> None:
    status, error = service.error("GET", path, params={"plant": "../toy"})

    assert (status, error["code"]) == (404, "unknown_plant")
