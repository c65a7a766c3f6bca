"""``STEEL_ALERT_*``: what is set, what is refused, and that no secret shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from steel_energy.alerts.settings import AlertSettings, read_alert_settings
from steel_energy.errors import ConfigError

MAIL = {"SMTP_HOST": "mail", "MAIL_FROM": "a@plant.example", "MAIL_TO": "b@plant.example, c@plant.example"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def read(environment: pytest.MonkeyPatch, **variables: str) -> AlertSettings:
    for name, value in variables.items():
        environment.setenv(f"STEEL_ALERT_{name}", value)
    return read_alert_settings()


def test_without_variables_the_log_alone_is_told(environment: pytest.MonkeyPatch):
    settings = read(environment)

    assert (settings.smtp_host, settings.webhook_url) == (None, None)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_port_follows_from_the_security(environment: pytest.MonkeyPatch, security: str, port: int):
    settings = read(environment, **MAIL, SMTP_SECURITY=security)

    assert (settings.port, settings.mail_to) == (port, ("b@plant.example", "c@plant.example"))


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        pytest.param({"SMTP_HOST": "mail"}, "MAIL_FROM", id="no sender"),
        pytest.param(MAIL | {"MAIL_TO": " , "}, "MAIL_TO", id="no recipient"),
        pytest.param(MAIL | {"MAIL_TO": "operator"}, "MAIL_TO", id="a recipient without a host"),
        pytest.param(MAIL | {"MAIL_FROM": "a@b\r\nBcc: c@d"}, "MAIL_FROM", id="a sender of two lines"),
        pytest.param(MAIL | {"MAIL_TO": "bjørn@plant.example"}, "MAIL_TO", id="a name that needs another protocol"),
        pytest.param(MAIL | {"SMTP_PORT": "seven"}, "SMTP_PORT", id="a port that is none"),
        pytest.param(MAIL | {"SMTP_USER": "me"}, "SMTP_PASSWORD", id="a user without a password"),
        pytest.param(
            MAIL | {"SMTP_USER": "me", "SMTP_PASSWORD": "hush-hush", "SMTP_SECURITY": "none"},
            "SMTP_SECURITY",
            id="a readable password",
        ),
        pytest.param({"WEBHOOK_URL": "hooks.example/hush-hush"}, "WEBHOOK_URL", id="no address"),
        pytest.param({"WEBHOOK_URL": "ftp://hooks.example/hush-hush"}, "WEBHOOK_URL", id="not HTTP"),
        pytest.param({"WEBHOOK_URL": "http://hooks.example:x/hush-hush"}, "WEBHOOK_URL", id="a wrong port"),
        pytest.param({"WEBHOOK_MIN_SEVERITY": "bad"}, "WEBHOOK_MIN_SEVERITY", id="an unknown severity"),
        pytest.param({"DAGSTER_URL": "plant"}, "DAGSTER_URL", id="a link that leads nowhere"),
    ],
)
def test_what_cannot_work_is_refused_by_name_and_without_its_secret(
    environment: pytest.MonkeyPatch, variables: dict[str, str], field: str
):
    with pytest.raises(ConfigError) as raised:
        read(environment, **variables)

    assert raised.value.field == f"STEEL_ALERT_{field}"
    assert "hush-hush" not in repr(raised.value) + str(raised.value)


def test_secrets_do_not_show(environment: pytest.MonkeyPatch):
    secret = {"SMTP_USER": "me", "SMTP_PASSWORD": "hush-hush", "WEBHOOK_URL": "https://hooks.example/hush-hush"}
    settings = read(environment, **MAIL, **secret)

    assert "hush-hush" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_secrets_may_stand_in_files(environment: pytest.MonkeyPatch, tmp_path: Path):
    password, url = tmp_path / "password", tmp_path / "url"
    password.write_text("hush-hush\n")
    url.write_text("https://hooks.example/hush-hush\n")

    settings = read(environment, **MAIL, SMTP_USER="me", SMTP_PASSWORD_FILE=str(password), WEBHOOK_URL_FILE=str(url))

    assert settings.smtp_password is not None
    assert settings.webhook_url is not None
    assert settings.smtp_password.get_secret_value() == "hush-hush"
    assert settings.webhook_url.get_secret_value() == "https://hooks.example/hush-hush"
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"], ids=["missing", "empty", "no text"])
def test_a_file_without_a_secret_is_refused_by_the_settings_name(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
):
    if content is not None:
        (tmp_path / "url").write_bytes(content)

    with pytest.raises(ConfigError) as raised:
        read(environment, WEBHOOK_URL_FILE=str(tmp_path / "url"))

    assert raised.value.field == "STEEL_ALERT_WEBHOOK_URL_FILE"
