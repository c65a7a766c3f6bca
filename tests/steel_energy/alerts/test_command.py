"""``steel alert`` and what ``steel doctor`` says of the channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from steel_energy.alerts.alert import Alert
from steel_energy.alerts.ledger import Failed, Ledger, Sent
from steel_energy.alerts.policy import Notice
from steel_energy.cli import app
from steel_energy.doctor import Finding, examine
from steel_energy.settings import SteelSettings

Steel = Callable[..., Result]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def steel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Steel:
    """Runs ``steel`` with its data in a temporary folder, on a wide terminal."""
    monkeypatch.setenv("STEEL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str, **variables: str) -> Result:
        for name, value in variables.items():
            monkeypatch.setenv(f"STEEL_ALERT_{name}", value)
        return CliRunner().invoke(app, arguments)

    return run


def test_a_test_message_goes_through_every_channel_that_is_set(
    steel: Steel, mail_server: Any, receiver: Any, tmp_path: Path
):
    server = mail_server("none")

    result = steel(
        "alert",
        "test",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(server.port),
        SMTP_SECURITY="none",
        MAIL_FROM="steel@plant.example",
        MAIL_TO="operator@plant.example",
        WEBHOOK_URL=receiver.url,
    )

    assert result.exit_code == 0
    assert server.mails[0]["Subject"] == "[info] the whole system: this is a test, nothing happened"
    assert "this is a test" in receiver.got[0]["text"]
    assert len((tmp_path / "logs" / "alerts.jsonl").read_text().splitlines()) == 1
    assert [line.count("yes") for line in result.output.splitlines() if "│" in line] == [1, 1, 1]
    assert "SECRET" not in result.output


def test_two_tests_are_two_messages(steel: Steel, mail_server: Any):
    server = mail_server("none")
    settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_SECURITY": "none"}
    for _ in range(2):
        steel("alert", "test", **settings, MAIL_FROM="steel@plant.example", MAIL_TO="operator@plant.example")

    first, second = (mail["Message-ID"] for mail in server.mails)
    assert first != second


def test_what_does_not_arrive_is_said_with_the_reason_and_fails(steel: Steel, receiver: Any, answer: Any):
    receiver.answers = [answer(status=403, body=b"invalid_token")]

    result = steel("alert", "test", WEBHOOK_URL=receiver.url)

    assert result.exit_code == 2
    assert "answers 403 invalid_token" in result.output
    assert "nothing arrived by webhook" in result.output
    assert "not set" in result.output


def test_what_was_told_and_is_not_over_is_listed_worst_first(
    steel: Steel, make_alert: Callable[..., Alert], now: dt.datetime, tmp_path: Path
):
    ledger = Ledger(tmp_path / "alerts")
    alerts = {
        "warning": make_alert(key="a", title="a warning"),
        "critical": make_alert(key="b", title="something critical", severity="critical"),
        "over": make_alert(key="c", title="something over"),
        "news": make_alert(key="d", title="some news", is_lasting=False),
    }
    for name, alert in alerts.items():
        notice = Notice(alert=alert, change="over" if name == "over" else "new")
        ledger.record(Sent(at=now, channel="log", message_id="1", notices=(notice,)))

    lines = [line for line in steel("alert", "list").output.splitlines() if "2018-12-03" in line]

    assert ["something critical" in lines[0], "a warning" in lines[1], len(lines)] == [True, True, 2]


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Finding]]:
    def look(**variables: str) -> dict[str, Finding]:
        for name, value in variables.items():
            monkeypatch.setenv(f"STEEL_ALERT_{name}", value)
        found = examine(SteelSettings(data_dir=tmp_path, source="simulated"))
        return {one.subject: one for one in found if one.subject.startswith("alerts")}

    return look


def test_the_doctor_says_which_channels_are_set(findings: Callable[..., dict[str, Finding]]):
    found = findings(WEBHOOK_URL="https://hooks.example/services/SECRET")

    assert [(name, one.state) for name, one in found.items()] == [
        ("alerts by log", "ok"),
        ("alerts by mail", "off"),
        ("alerts by webhook", "ok"),
        ("alerts' links", "off"),
    ]
    assert found["alerts by webhook"].detail == "hooks.example, from info on"
    assert "STEEL_ALERT_SMTP_HOST" in found["alerts by mail"].remedy


def test_links_that_others_can_follow_are_no_finding(findings: Callable[..., dict[str, Finding]]):
    pages = {"DASHBOARD_URL": "https://energy.plant.example/", "DAGSTER_URL": "https://dagster.plant.example"}

    assert "alerts' links" not in findings(WEBHOOK_URL="https://hooks.example/services/SECRET", **pages)


def test_the_doctor_says_what_a_channel_answered_last(
    findings: Callable[..., dict[str, Finding]], now: dt.datetime, tmp_path: Path
):
    failed = Failed(at=now, channel="webhook", reason="answers 403", not_before=now + HOUR, times=7)
    Ledger(tmp_path / "alerts").record(failed)

    finding = findings(WEBHOOK_URL="https://hooks.example/services/SECRET")["alerts by webhook"]

    assert (finding.state, finding.remedy) == ("problem", "steel alert test")
    assert "7 times: answers 403" in finding.detail


def test_a_setting_that_cannot_work_is_a_problem_by_its_name(findings: Callable[..., dict[str, Finding]]):
    finding = findings(SMTP_HOST="mail")["alerts"]

    assert (finding.state, "STEEL_ALERT_MAIL_FROM" in finding.detail) == ("problem", True)
