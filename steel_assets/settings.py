"""Settings of the graph: the shared ones, plus what only the assets need. Read once, by ``definitions``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, field_validator

from steel_energy.errors import ConfigError
from steel_energy.settings import SteelSettings

Automation = Literal["on", "off"]
"""Whether schedules and sensors run by themselves; ``off`` is for a machine that somebody works on."""


class AssetsSettings(SteelSettings):
    """``STEEL_*`` variables that the graph reads."""

    reference: Path | None = Field(
        default=None,
        description="A CSV with the true readings; cleaned readings must match it. Without one that check is skipped.",
    )
    automation: Automation = Field(
        default="off",
        description="Whether schedules, sensors and what follows readings run by themselves: on or off.",
    )

    @field_validator("automation", mode="before")
    @classmethod
    def _known_automation(cls, automation: object) -> object:
        """Our own error, as of ``profile``."""
        if automation not in get_args(Automation):
            choice = " or ".join(get_args(Automation))
            raise ConfigError(f"unknown value {automation!r}", field="STEEL_AUTOMATION", remedy=f"set it to {choice}")
        return automation

    @property
    def is_automated(self) -> bool:
        """Whether what can run by itself does."""
        return self.automation == "on"

    @property
    def warehouse_file(self) -> Path:
        """The DuckDB file for SQL users."""
        return self.lake_dir / "warehouse.duckdb"

    @property
    def mlflow_dir(self) -> Path:
        """MLflow's database and artifacts."""
        return self.data_dir / "mlflow"

    @property
    def dagster_home(self) -> Path:
        """Dagster's runs, events and schedules."""
        return self.data_dir / "dagster"
