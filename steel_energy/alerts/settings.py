"""Where alerts go, from ``STEEL_ALERT_*`` variables; read once, at the edge. What is told, and when, is ``params``'."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from steel_energy.alerts.alert import Severity
from steel_energy.errors import ConfigError

PREFIX = "STEEL_ALERT_"
Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
SECRETS = ("smtp_password", "webhook_url")
"""Settings that may stand in a file, which the setting of that name and ``_file`` names."""
Texts = Annotated[tuple[str, ...], NoDecode]
"""A comma-separated list in a variable."""


class AlertSettings(BaseSettings):
    """Channels and the addresses that links lead to; without any the log alone is told.

    No error and no representation shows a password or the webhook's address.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    smtp_host: str | None = Field(default=None, description="Mail server; without one no e-mail is sent.")
    smtp_port: int | None = Field(default=None, ge=1, le=65535, description="Default: 587, 465 or 25, by the security.")
    smtp_security: Security = Field(default="starttls", description="starttls, tls or none.")
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificate (PEM) that the server's is checked by, where it is the plant's own."
    )
    smtp_user: str | None = Field(default=None, description="Name to log in by; without one there is no login.")
    smtp_password: SecretStr | None = Field(default=None, description="Its password; better name a file.")
    smtp_password_file: Path | None = Field(default=None, description="A file that holds it.")
    mail_from: str | None = Field(default=None, description="Sender.")
    mail_to: Texts = Field(default=(), description="Recipients, separated by commas.")
    mail_min_severity: Severity = Field(default="warning", description="Least severity that is mailed.")

    webhook_url: SecretStr | None = Field(
        default=None,
        description="Incoming webhook of Slack, Mattermost or what understands the same; better name a file.",
    )
    webhook_url_file: Path | None = Field(default=None, description="A file that holds its address.")
    webhook_min_severity: Severity = Field(default="info", description="Least severity that is posted.")

    dashboard_url: str = Field(default="http://127.0.0.1:5006", description="Where readers find the dashboard.")
    dagster_url: str = Field(default="http://127.0.0.1:3000", description="Where readers find Dagster's pages.")

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Secrets from the files that are named, as container platforms hand them over."""
        named = {name: values.get(f"{name}_file") for name in SECRETS if not values.get(name)}
        return values | {name: _content(path, f"{name}_file") for name, path in named.items() if path}

    @field_validator("mail_to", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("webhook_url")
    @classmethod
    def _is_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            _require_address(url.get_secret_value(), "webhook_url")
        return url

    @field_validator("dashboard_url", "dagster_url")
    @classmethod
    def _without_slash(cls, url: str, info: ValidationInfo) -> str:
        _require_address(url, info.field_name or "")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.smtp_host is None:
            return self
        for name in ("mail_from", "mail_to"):
            if not getattr(self, name):
                raise _missing(name, "e-mail needs it beside the server")
        for address in (self.mail_from, *self.mail_to):
            _require_mail_address(address or "", "mail_from" if address == self.mail_from else "mail_to")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise _missing("smtp_password", "user and password belong together")
        if self.smtp_user is not None and self.smtp_security == "none":
            raise _missing("smtp_security", "a password would go over the network readable: use starttls or tls")
        return self

    @property
    def links_lead_here(self) -> bool:
        """Whether messages go out whose links other machines cannot follow."""
        tells_others = self.smtp_host is not None or self.webhook_url is not None
        return tells_others and any(
            urlsplit(url).hostname in THIS_MACHINE for url in (self.dashboard_url, self.dagster_url)
        )

    @property
    def port(self) -> int:
        """The mail server's port."""
        return self.smtp_port or PORTS[self.smtp_security]


def read_alert_settings() -> AlertSettings:
    """The settings of the environment.

    Raises:
        ConfigError: a variable does not validate; names it, and never shows its value.
    """
    try:
        return AlertSettings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(first["msg"], field=PREFIX + name, remedy="correct or unset it") from None


def mail_address(text: str) -> Address:
    """An address as people write it, such as ``Steel <steel@plant.example>``.

    Raises:
        ValueError: it is none.
    """
    name, address = parseaddr(text)
    if not text.isprintable() or address.count("@") != 1:
        raise ValueError("is no address")
    return Address(display_name=name, addr_spec=address)


def _content(path: Path | str, name: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _missing(name, f"{path} cannot be read: {getattr(error, 'strerror', 'it is no text')}") from None
    if not content:
        raise _missing(name, f"{path} is empty")
    return content


def _require_mail_address(text: str, name: str) -> None:
    try:
        mail_address(text)
    except (ValueError, MessageError) as error:
        raise _missing(name, f"{text!r} is no e-mail address") from error


def _require_address(url: str, name: str) -> None:
    """Without the address in the error: a webhook's is a secret."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address or not url.isprintable() or " " in url:
        raise _missing(name, "is no http or https address")


def _missing(name: str, message: str) -> ConfigError:
    return ConfigError(message, field=PREFIX + name.upper(), remedy="correct or unset it")
