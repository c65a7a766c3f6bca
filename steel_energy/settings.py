"""Where things lie, from ``STEEL_*`` variables; read once, at the edge, and passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from steel_energy.errors import ConfigError
from steel_energy.storage import ADDRESS, Place, place

PROJECT_ROOT = Path(__file__).resolve().parents[1]

Profile = Literal["default", "full"]
"""How much work a build does; what ``full`` changes stands in the section of that name in params.yaml."""


def require_known(value: object, choices: tuple[str, ...], *, field: str, what: str) -> object:
    """The value of a setting; our own error where it is none of its choices, so that every command says it in one line.

    Raises:
        ConfigError: it is none of them; names them.
    """
    if value not in choices:
        raise ConfigError(f"unknown {what} {value!r}", field=field, remedy=f"set it to {' or '.join(choices)}")
    return value


class SteelSettings(BaseSettings):
    """Settings shared by the command line, the assets and the service."""

    model_config = SettingsConfigDict(env_prefix="STEEL_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(
        default=PROJECT_ROOT,
        description="Folder with params.yaml, data/plants and data/tariffs.",
    )
    data_dir: Path = Field(
        default=PROJECT_ROOT / "data",
        description="Folder for everything that is produced: raw files, lake, bundles, MLflow and Dagster state.",
    )
    sites_dir: Path | None = Field(
        default=None,
        description="Folder with plants/ and tariffs/, such as examples/fleet; the home's data/ if left out.",
    )
    source: str = Field(
        default="auto",
        description="Where raw readings come from: auto, uci, posted, simulated, or the path or URL of a CSV file.",
    )

    lake_url: str | None = Field(
        default=None,
        description="Where the lake lies in an object store, as s3://bucket/prefix; in the data folder if left out.",
    )

    plant: str | None = Field(
        default=None, description="Plant meant where none is named; the first of data/plants if left out."
    )
    profile: Profile = Field(
        default="default",
        description="How much work a build does: default takes minutes, full takes hours and shows its progress.",
    )

    @field_validator("profile", mode="before")
    @classmethod
    def _known_profile(cls, profile: object) -> object:
        return require_known(profile, get_args(Profile), field="STEEL_PROFILE", what="profile")

    @field_validator("lake_url", mode="before")
    @classmethod
    def _lake_address(cls, url: object) -> object:
        """Our own error, which does not repeat what may hold a key."""
        if url is None:
            return None
        if not ADDRESS.fullmatch(address := str(url).rstrip("/")):
            remedy = "write it as s3://bucket/prefix, with keys in AWS's own variables, or unset it"
            raise ConfigError("is no address of an object store", field="STEEL_LAKE_URL", remedy=remedy)
        return address

    @property
    def plants_dir(self) -> Path:
        """Folder of the plant files."""
        return (self.sites_dir or self.home / "data") / "plants"

    @property
    def tariffs_dir(self) -> Path:
        """Folder of the tariff files."""
        return (self.sites_dir or self.home / "data") / "tariffs"

    @property
    def params_file(self) -> Path:
        """The file with every hyperparameter and threshold."""
        return self.home / "params.yaml"

    @property
    def raw_dir(self) -> Path:
        """Folder of the raw files: put a CSV here and ``auto`` takes it."""
        return self.data_dir / "raw"

    @property
    def lake_dir(self) -> Path:
        """Folder on this machine's disk: of the lake where no ``lake_url`` is set, and of the inbox always."""
        return self.data_dir / "lake"

    @property
    def lake_root(self) -> Place:
        """Root of the Parquet lake.

        Raises:
            ConfigError: the extra for object stores is not installed.
        """
        return place(self.lake_url or str(self.lake_dir))

    @property
    def inbox_dir(self) -> Path:
        """Readings that applications posted."""
        return self.lake_dir / "inbox"

    @property
    def calendars_dir(self) -> Path:
        """The days that people marked as closed or open, a file for each plant."""
        return self.data_dir / "calendars"

    @property
    def reports_dir(self) -> Path:
        """Self-contained HTML reports, a folder for each plant."""
        return self.data_dir / "reports"

    @property
    def bundles_dir(self) -> Path:
        """Folder of the model bundles that the service reads."""
        return self.data_dir / "bundles"

    @property
    def predictions_dir(self) -> Path:
        """What the service forecast and told of single intervals, as it was answered."""
        return self.data_dir / "predictions"

    @property
    def logs_dir(self) -> Path:
        """What programs write down: their output, the service's audit log, alerts."""
        return self.data_dir / "logs"

    @property
    def alerts_dir(self) -> Path:
        """What was told to whom, so that nothing is told twice."""
        return self.data_dir / "alerts"

    @property
    def models_dir(self) -> Path:
        """Fitted forecasters and their backtests, before one of them is published."""
        return self.data_dir / "models"

    @property
    def nowcast_dir(self) -> Path:
        """Bundles of the virtual meter's models."""
        return self.models_dir / "nowcast"

    @property
    def nowcast_onnx_dir(self) -> Path:
        """Their trees as ONNX."""
        return self.models_dir / "nowcast_onnx"

    @property
    def champion_onnx_dir(self) -> Path:
        """The champions' trees as ONNX."""
        return self.models_dir / "champion_onnx"

    @property
    def tuning_dir(self) -> Path:
        """Studies of hyperparameters, one file for each plant."""
        return self.models_dir / "tuning"
