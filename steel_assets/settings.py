"""Settings of the graph: the shared ones, plus what only the assets need. Read once, by ``definitions``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from steel_energy.settings import SteelSettings


class AssetsSettings(SteelSettings):
    """``STEEL_*`` variables that the graph reads."""

    reference: Path | None = Field(
        default=None,
        description="A CSV with the true readings; cleaned readings must match it. Without one that check is skipped.",
    )

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
