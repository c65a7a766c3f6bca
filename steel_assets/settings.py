"""Settings of the graph: the shared ones, plus what only the assets need. Read once, by ``definitions``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from steel_energy.errors import ConfigError
from steel_energy.settings import SteelSettings, require_known

Automation = Literal["on", "off"]
"""Whether schedules and sensors run by themselves; ``off`` is for a machine that somebody works on."""
Engine = Literal["laptop", "celery", "kubernetes"]
"""Where steps run and runs are remembered: on this machine alone, or on a fleet of workers."""
BROKER_URL, DATABASE_URL, TRACKING_URL = "broker_url", "database_url", "tracking_url"
ADDRESSES: dict[Engine, tuple[str, ...]] = {
    "laptop": (),
    "celery": (BROKER_URL, DATABASE_URL, TRACKING_URL),
    "kubernetes": (DATABASE_URL, TRACKING_URL),
}
"""What each engine must be able to reach."""
LIBRARIES: dict[Engine, tuple[str, ...]] = {
    "laptop": (),
    "celery": ("dagster_celery", "redis", "dagster_postgres", "psycopg2"),
    "kubernetes": ("dagster_k8s", "dagster_postgres", "psycopg2"),
}
"""What it needs of the extra ``fleet``."""
EXAMPLES = {
    BROKER_URL: "redis://:PASSWORD@HOST:6379/0",
    DATABASE_URL: "postgresql+psycopg2://USER:PASSWORD@HOST:5432/dagster",
    TRACKING_URL: "postgresql+psycopg2://USER:PASSWORD@HOST:5432/mlflow",
}
SECURE = {"rediss": "redis"}
"""Schemes of the same over TLS."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"STEEL_{name.upper()}"


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
    dask_address: str | None = Field(
        default=None,
        description="Scheduler that trains the global model, as tcp://host:8786; this machine's processes if left out.",
    )
    engine: Engine = Field(
        default="laptop",
        description="Where steps run and runs are remembered: laptop (in the run's own process, in files), celery (on "
        "Celery workers, in PostgreSQL) or kubernetes (each in a pod of its own, in PostgreSQL). The one setting that "
        "switches; addresses are read where it asks for them.",
    )
    broker_url: SecretStr | None = Field(
        default=None, description=f"Redis that hands steps to workers: {EXAMPLES[BROKER_URL]}"
    )
    database_url: SecretStr | None = Field(
        default=None, description=f"PostgreSQL database for Dagster's runs and events: {EXAMPLES[DATABASE_URL]}"
    )
    tracking_url: SecretStr | None = Field(
        default=None, description=f"PostgreSQL database for MLflow, one of its own: {EXAMPLES[TRACKING_URL]}"
    )
    step_limit_s: int = Field(
        default=2 * 3600,
        description="Seconds that a step on a worker may take. A step whose machine was lost is done again after them: "
        "until then nobody can know that it is not still at work.",
    )

    @field_validator("engine", mode="before")
    @classmethod
    def _known_engine(cls, engine: object) -> object:
        return require_known(engine, get_args(Engine), field="STEEL_ENGINE", what="engine")

    @field_validator("step_limit_s", mode="before")
    @classmethod
    def _whole_seconds(cls, seconds: object) -> object:
        """Our own error, as of ``profile``."""
        if not str(seconds).isdecimal() or int(str(seconds)) == 0:
            raise ConfigError(
                f"not a number of seconds: {seconds!r}", field="STEEL_STEP_LIMIT_S", remedy="set it to 7200, say"
            )
        return seconds

    @model_validator(mode="after")
    def _has_what_its_engine_needs(self) -> Self:
        """Addresses are judged by their form, and never shown: there are passwords in them."""
        if missing := [name for name in LIBRARIES[self.engine] if find_spec(name) is None]:
            remedy = "pip install 'steel-energy-copilot[fleet]', or set it to laptop"
            raise ConfigError(f"{' and '.join(missing)} not installed", field="STEEL_ENGINE", remedy=remedy)
        for name in ADDRESSES[self.engine]:
            require_address(name, getattr(self, name))
        if not self.is_local:
            self._require_apart()
        return self

    def _require_apart(self) -> None:
        if not self.data_dir.is_absolute():
            raise ConfigError(
                f"{self.data_dir} is another folder for each program",
                field="STEEL_DATA_DIR",
                remedy="give the whole path of the folder that all workers share",
            )
        if self.database_url == self.tracking_url:
            raise ConfigError(
                "the same database as Dagster's, whose tables bear the same names",
                field=variable(TRACKING_URL),
                remedy="make a database for MLflow alone",
            )

    @field_validator("automation", mode="before")
    @classmethod
    def _known_automation(cls, automation: object) -> object:
        return require_known(automation, get_args(Automation), field="STEEL_AUTOMATION", what="value")

    @property
    def is_automated(self) -> bool:
        """Whether what can run by itself does."""
        return self.automation == "on"

    @property
    def is_local(self) -> bool:
        """Whether everything runs on this machine."""
        return self.engine == "laptop"

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


def require_address(name: str, url: SecretStr | None) -> None:
    """See to it that a setting has the form of its example.

    Raises:
        ConfigError: it is missing or has another form; the address itself is not told.
    """
    example = EXAMPLES[name]
    if url is None:
        raise ConfigError("is missing", field=variable(name), remedy=f"set it to {example}, or STEEL_ENGINE to laptop")
    if not _is_like(url.get_secret_value(), example):
        raise ConfigError("is no such address", field=variable(name), remedy=f"set it to {example}")


def _is_like(url: str, example: str) -> bool:
    """Whether an address has the scheme of its example, a host, a port that can be one and the name of a database."""
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    scheme = SECURE.get(parts.scheme, parts.scheme)
    return scheme == urlsplit(example).scheme and bool(parts.hostname) and port_is_right and len(parts.path) > 1
