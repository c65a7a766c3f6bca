"""Settings of the service, from ``STEEL_*`` variables; read once when the service starts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError

from steel_energy.errors import ConfigError
from steel_service.agent.settings import CopilotSettings
from steel_service.security.settings import SecuritySettings

KIB = 1024
LogFormat = Literal["json", "console"]


class ServiceSettings(SecuritySettings, CopilotSettings):
    """Where the service listens, how much it takes at once, what it writes down, and how its copilot answers."""

    api_port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    api_max_batch_rows: int = Field(default=10_000, ge=1, description="Most rows of one batch.")
    api_forecasts_bytes: int = Field(
        default=64 * KIB * KIB, ge=KIB * KIB, description="Size of the forecasts that a worker keeps to answer again."
    )
    api_max_readings_rows: int = Field(default=100_000, ge=1, description="Most rows of one POST /readings.")

    api_access_log: bool = Field(default=True, description="Whether requests that succeed are logged too.")
    log_format: LogFormat = Field(
        default="json", description="How the service logs: a line of JSON each, or readable for people."
    )
    predictions_file_bytes: int = Field(default=20 * KIB * KIB, ge=KIB, description="Size of a full prediction log.")
    predictions_kept_files: int = Field(
        default=20, ge=1, description="Full prediction logs that each worker keeps of forecasts, and of nowcasts."
    )


def read_settings() -> ServiceSettings:
    """The settings of the environment.

    Raises:
        ConfigError: a variable does not validate; names it.
    """
    try:
        return ServiceSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "STEEL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(first["msg"], field=name, remedy="correct or unset it") from error
