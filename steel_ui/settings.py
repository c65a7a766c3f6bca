"""Where the dashboard listens and which service it asks, from ``STEEL_*`` variables; read once, in ``__main__``."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self

import limits
from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from steel_client.connection import checked_key, checked_url

DATA_DIR = Path(__file__).resolve().parents[1] / "data"


def _address(url: str) -> str:
    checked_url(url)
    return url


def _key(key: SecretStr | None) -> SecretStr | None:
    """Refuse what cannot be sent; an empty variable is no key."""
    return SecretStr(checked_key(key)) if key and key.get_secret_value() else None


class UiSettings(BaseSettings):
    """Settings of the dashboard."""

    model_config = SettingsConfigDict(env_prefix="STEEL_", frozen=True, extra="ignore")

    api_url: Annotated[str, AfterValidator(_address)] = Field(
        default="http://127.0.0.1:8000", description="Address of the energy service."
    )
    ui_api_key: Annotated[SecretStr | None, AfterValidator(_key)] = Field(
        default=None,
        description="One key for everybody who opens the dashboard, on this machine alone; with none each signs "
        "in with their own as soon as the service wants keys.",
    )
    ui_require_login: bool = Field(
        default=False, description="Let nobody in without signing in, even where the service wants no keys."
    )
    ui_login_hours: float = Field(default=24, gt=0, le=2160, description="Hours until somebody has to sign in again.")
    ui_login_rate: str = Field(default="30/minute", description="Most tries to sign in from one address.")
    ui_cookie_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Signs and encrypts the cookie of who signed in; if unset, made and kept in data_dir.",
    )
    ui_behind_proxy: bool = Field(
        default=False,
        description="Believe a proxy's X-Forwarded-For and X-Forwarded-Proto: who asks, and by HTTPS or not.",
    )
    data_dir: Path = Field(default=DATA_DIR, description="Folder where the dashboard keeps its cookie secret.")
    ui_host: str = Field(default="127.0.0.1", description="Address the dashboard listens on.")
    ui_port: int = Field(
        default=5006, ge=0, le=65_535, description="Port the dashboard listens on; 0 takes a free one."
    )
    ui_origins: tuple[str, ...] = Field(
        default=(), description="Further host:port the page may be opened under (JSON list), e.g. behind a proxy."
    )
    ui_retry_s: float = Field(default=3, gt=0, description="Seconds between two tries while something is missing.")
    ui_refresh_s: float = Field(default=15, gt=0, description="Seconds between two looks for newer readings.")
    ui_timeout_s: float = Field(default=20, gt=0, description="Seconds after which a request is given up.")

    @property
    def is_reachable_from_elsewhere(self) -> bool:
        """Whether other machines can open the dashboard."""
        return not _is_loopback(self.ui_host)

    @property
    def demands_login(self) -> bool:
        """Whether nobody is let in without signing in, whatever the service says."""
        return self.ui_require_login or self.is_reachable_from_elsewhere

    @field_validator("ui_login_rate")
    @classmethod
    def _rate(cls, text: str) -> str:
        try:
            limits.parse(text)
        except ValueError as error:
            raise PydanticCustomError("rate", "is no rate; write it as 30/minute or 5/second") from error
        return text

    @model_validator(mode="after")
    def _everybody_is_somebody(self) -> Self:
        """Refuse to hand one key to whoever reaches the page."""
        if self.ui_api_key and self.demands_login:
            why = f"STEEL_UI_HOST={self.ui_host} lets other machines in" if self.is_reachable_from_elsewhere else ""
            raise PydanticCustomError(
                "shared_key",
                "{why}, and with STEEL_UI_API_KEY all of them would use one key; unset STEEL_UI_API_KEY, so that "
                "each signs in with a key of their own, or listen on 127.0.0.1",
                {"why": why or "STEEL_UI_REQUIRE_LOGIN asks everybody to sign in"},
            )
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
