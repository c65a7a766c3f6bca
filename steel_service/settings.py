"""Settings of the service, from ``STEEL_*`` variables; read once when the service starts."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from steel_energy.settings import SteelSettings

KIB = 1024
LogFormat = Literal["json", "console"]


class ServiceSettings(SteelSettings):
    """Where the service listens and what it accepts."""

    api_host: str = Field(default="127.0.0.1", description="Address to listen on; loopback only, there are no keys.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    api_max_body_bytes: int = Field(default=4 * KIB * KIB, ge=KIB, description="Largest request body.")
    api_max_batch_rows: int = Field(default=10_000, ge=1, description="Most rows of one batch.")
    api_max_history_days: int = Field(default=400, ge=1, description="Longest period of one history request.")

    api_access_log: bool = Field(default=True, description="Whether requests that succeed are logged too.")
    log_format: LogFormat = Field(
        default="json", description="How the service logs: a line of JSON each, or readable for people."
    )
    predictions_file_bytes: int = Field(default=20 * KIB * KIB, ge=KIB, description="Size of a full prediction log.")
    predictions_kept_files: int = Field(
        default=20, ge=1, description="Full prediction logs that each worker keeps of forecasts, and of nowcasts."
    )

    @field_validator("api_host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        """Refuse to be reachable from other machines: the routes are open, so only this machine may call them."""
        address = "127.0.0.1" if host == "localhost" else host
        if not _is_loopback(address):
            raise PydanticCustomError(
                "loopback",
                "is no loopback address; the service has no keys, so it listens on 127.0.0.1 only "
                "(to reach it from elsewhere, put an authenticating proxy in front of it)",
            )
        return address


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
