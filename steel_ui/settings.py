"""Where the dashboard listens and which service it asks, from ``STEEL_*`` variables; read once, in ``__main__``."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from steel_client.connection import checked_key, checked_url


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
        default=None, description="The dashboard's key for the service, of the role viewer; none where it is open."
    )
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
