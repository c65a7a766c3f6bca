from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from steel_service.telemetry.logs import QueuedStream

PROGRAM = """
import logging, sys, warnings
import structlog
from steel_service.telemetry.logs import configure_logs

for name in ("bentoml", "uvicorn.error"):  # as the libraries leave them
    logging.getLogger(name).addHandler(logging.StreamHandler(sys.stdout))
    logging.getLogger(name).propagate = False
configure_logs(sys.argv[1])
structlog.contextvars.bind_contextvars(request_id="order-17")

def fail(password):
    raise ValueError("the bug")

structlog.get_logger().info("ours", logger="here", status=200)
logging.getLogger("steel_service.champions").info("of %s", "gwangyang")
logging.getLogger("steel_service.champions").debug("too much")
logging.getLogger("polars").info("too much")
logging.getLogger("bentoml.serve").warning("theirs")
logging.getLogger("uvicorn.error").error("theirs too")
warnings.warn("old ways")
try:
    fail("hunter2")
except ValueError:
    logging.getLogger("steel_energy").exception("failed")
"""


def printed(log_format: str) -> list[str]:
    """What a program prints whose end comes right after its last line."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM, log_format], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    return ended.stdout.splitlines()


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed("json")]


def test_every_line_is_json_whoever_logs_it_and_none_is_lost_at_the_end(lines: list[dict[str, Any]]) -> None:
    assert [(line["logger"], line["level"], line["event"].partition("\n")[0]) for line in lines[:4]] == [
        ("here", "info", "ours"),
        ("steel_service.champions", "info", "of gwangyang"),
        ("bentoml.serve", "warning", "theirs"),
        ("uvicorn.error", "error", "theirs too"),
    ]
    assert [line["logger"] for line in lines[4:]] == ["py.warnings", "steel_energy"]
    assert {line["request_id"] for line in lines} == {"order-17"}
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_a_trace_tells_the_error_but_no_value_of_a_variable(lines: list[dict[str, Any]]) -> None:
    failed = lines[-1]

    assert failed["exception"].endswith("ValueError: the bug")
    assert "in fail" in failed["exception"]
    assert "hunter2" not in json.dumps(failed)


def test_people_get_lines_they_can_read() -> None:
    lines = printed("console")

    assert "[info     ] of gwangyang" in lines[1]
    assert "request_id=order-17" in lines[1]
    assert lines[-1] == "ValueError: the bug"
    assert "hunter2" not in "\n".join(lines)


def test_lines_that_came_too_fast_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("steel_service.telemetry.logs.CAPACITY_LINES", 2)
    stream = QueuedStream(sys.stdout)
    monkeypatch.setattr(stream._background, "_wake", lambda: None)  # as if the thread never got its turn
    for number in range(5):
        stream.write(f"{number}\n")
    stream.close()

    assert capsys.readouterr().out == "0\n1\n"
    assert caplog.messages == ["3 log lines were dropped"]
