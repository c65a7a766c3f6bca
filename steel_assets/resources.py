"""What assets reach for: the project's files, the warehouse and MLflow.

Each resource hands out plain domain objects, so ``steel_energy`` never sees Dagster. Nothing is opened before an asset
asks for it, and slow imports (MLflow) wait until then, so that the code location loads fast.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from dagster_duckdb import DuckDBResource
from pydantic import PrivateAttr

from steel_assets import metadata
from steel_assets.io_managers import MonthFrames
from steel_assets.partitions import PlantMonth
from steel_assets.settings import AssetsSettings
from steel_energy.cleaning import Cleaned, clean, place, reference_match
from steel_energy.errors import InputError, NotEnoughDataError
from steel_energy.features import origin_features
from steel_energy.inbox import Inbox
from steel_energy.intake import Intake, take_in
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, Lake, write_atomically
from steel_energy.marked_days import plant_as_marked
from steel_energy.params import Params, load_params
from steel_energy.plant import Plant, load_plant
from steel_energy.sites import Site
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import Origin
from steel_energy.tariff import Tariff, load_tariff


class Project(dg.ConfigurableResource[None]):
    """Plant, tariff and parameter files, and the folders that assets write to.

    Attributes:
        home: folder with params.yaml, data/plants and data/tariffs.
        data_dir: folder for everything produced.
        source: where raw readings come from.
        profile: default or full.
        reference: CSV with the true readings, if there is one.
        lake_url: address of an object store with the lake, if it does not lie below data_dir.
        dask_address: scheduler that trains the global model; processes of this machine without one.
    """

    home: str
    data_dir: str
    source: str
    profile: str = "default"
    reference: str | None = None
    lake_url: str | None = None
    dask_address: str | None = None
    # Read once for a run: a year of checks asks a hundred times. Dagster makes a new resource for every run.
    _params: Params | None = PrivateAttr(default=None)
    _plants: dict[str, Plant] = PrivateAttr(default_factory=dict)
    _tariffs: dict[str, Tariff] = PrivateAttr(default_factory=dict)

    @property
    def settings(self) -> AssetsSettings:
        """The settings, as paths."""
        return AssetsSettings(
            home=Path(self.home),
            data_dir=Path(self.data_dir),
            source=self.source,
            profile=self.profile,
            reference=Path(self.reference) if self.reference else None,
            lake_url=self.lake_url,
        )

    @property
    def lake(self) -> Lake:
        """The Parquet lake."""
        return Lake(self.settings.lake_root)

    def params(self) -> Params:
        """``params.yaml`` for the profile."""
        if self._params is None:
            self._params = load_params(self.settings.params_file, profile=self.settings.profile)
        return self._params

    def plant(self, plant_id: str) -> Plant:
        """The plant's file, with the days that people marked as they stood when a run first asked."""
        if plant_id not in self._plants:
            self._plants[plant_id] = plant_as_marked(plant_id, self.settings)
        return self._plants[plant_id]

    def tariff(self, plant_id: str) -> Tariff:
        """The tariff of a plant."""
        tariff = self.plant(plant_id).tariff
        if tariff not in self._tariffs:
            self._tariffs[tariff] = load_tariff(tariff, tariffs_dir=self.settings.tariffs_dir)
        return self._tariffs[tariff]

    def site(self, plant_id: str) -> Site:
        """The plant with its tariff."""
        return Site(self.plant(plant_id), self.tariff(plant_id))

    @property
    def inbox(self) -> Inbox:
        """The readings that applications posted."""
        return Inbox(self.settings.inbox_dir)

    def take_in(self, plant_id: str) -> Intake:
        """The plant's source and what was posted, read and placed; days that people marked change no reading."""
        plant = load_plant(plant_id, plants_dir=self.settings.plants_dir)
        return take_in(
            self.source,
            plant=plant,
            tariff=self.tariff(plant_id),
            raw_dir=self.settings.raw_dir,
            seed=self.params().seed,
            posted=self.inbox.read(plant_id, zone=plant.zone),
            params=self.params().intake,
        )

    def require_one_kind(self, plant_id: str, intake: Intake, *, months: set[str]) -> None:
        """See to it that a run over ``months`` leaves no simulated readings beside measured ones.

        Raises:
            InputError: the lake keeps months of the other kind.
        """
        facts = self.lake.read_facts(RAW_READINGS, plant_id)
        kept = set(self.lake.months(CLEANED_READINGS, plant_id)) - months
        if facts and kept and facts["is_simulated"] != intake.origin.is_simulated:
            raise InputError(
                f"readings are {intake.origin.kind} now, those of {min(kept)} to {max(kept)} are {facts['kind']}",
                field=plant_id,
                remedy="build all months anew: make build",
            )

    def source_facts(self, plant_id: str) -> dict[str, Any]:
        """What the lake remembers of the plant's source.

        Raises:
            NotEnoughDataError: no raw readings yet.
        """
        facts = self.lake.read_facts(RAW_READINGS, plant_id)
        if facts is None:
            raise NotEnoughDataError("no raw readings yet", field=plant_id, remedy="materialise raw_readings first")
        return facts

    def period(self, part: PlantMonth) -> tuple[dt.datetime, dt.datetime]:
        """The part of a month that the source covers: a first or last month may be begun or ended within."""
        facts = self.source_facts(part.plant)
        first, last = part.bounds(self.plant(part.plant).zone)
        start, end = (dt.datetime.fromisoformat(facts[name]) for name in ("start", "end"))
        return max(first, start.astimezone(first.tzinfo)), min(last, end.astimezone(first.tzinfo))

    def origin(self, plant_id: str) -> Origin:
        """Where the plant's readings came from."""
        facts = self.source_facts(plant_id)
        return Origin.model_validate({name: facts[name] for name in Origin.model_fields})

    def source_of(self, plant_id: str) -> dict[str, Any]:
        """The plant's source, for an asset's metadata."""
        return metadata.source_facts(self.source_facts(plant_id))

    def clean(self, part: PlantMonth, raw: MonthFrames) -> Cleaned:
        """Clean one month of raw readings, the month before being its context."""
        start, end = self.period(part)
        placed = pl.concat([raw[month] for month in (part.previous, part) if month in raw])
        return clean(placed, plant=self.plant(part.plant), tariff=self.tariff(part.plant), start=start, end=end)

    def clean_all(self, plant_id: str, raw: MonthFrames) -> Cleaned:
        """Clean all months of a plant at once: the same readings as month by month, and one report of all."""
        start, end = self.period(min(raw))[0], self.period(max(raw))[1]
        return clean(
            pl.concat(raw.values()), plant=self.plant(plant_id), tariff=self.tariff(plant_id), start=start, end=end
        )

    def features(self, part: PlantMonth, readings: MonthFrames, *, history_months: int) -> pl.DataFrame:
        """The features at the end of each interval of a month.

        Only its own and the ``history_months`` before are looked at, so that a month comes out the same whether it is
        built alone or with the whole year.
        """
        wanted = [replace(part, month=month) for month in part.back_to(history_months)]
        known = pl.concat(readings[month] for month in wanted if month in readings)
        found = origin_features(known, plant=self.plant(part.plant), tariff=self.tariff(part.plant))
        return found.tail(readings[part].height).select(pl.lit(part.plant).alias("plant"), pl.all())

    def reference_match(self, plant_id: str, readings: pl.DataFrame) -> dict[str, float] | None:
        """Share of cells of ``readings`` that equal the reference, by column; None where no reference is given."""
        if self.reference is None:
            return None
        reference = _reference_readings(self.home, self.reference, plant_id)
        same_time = pl.col("interval_start").is_in(readings["interval_start"].implode())
        return reference_match(readings, reference.filter(same_time))


class Warehouse(DuckDBResource):
    """The DuckDB file for SQL users; replaced as a whole, so that a reader never sees half of it."""

    def replace(self, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Fill a new file beside the old one, then move it there in one step."""

        def write(scratch: Path) -> None:
            for leftover in (scratch, scratch.with_name(f"{scratch.name}.wal")):  # of a killed run
                leftover.unlink(missing_ok=True)
            with DuckDBResource(database=str(scratch)).get_connection() as connection:
                fill(connection)

        write_atomically(Path(self.database), write)


@lru_cache(maxsize=1)  # the months of a run share it
def _reference_readings(home: str, reference: str, plant_id: str) -> pl.DataFrame:
    settings = AssetsSettings(home=Path(home))
    plant = load_plant(plant_id, plants_dir=settings.plants_dir)
    tariff = load_tariff(plant.tariff, tariffs_dir=settings.tariffs_dir)
    placed = place(read_csv(Path(reference), plant=plant).rows, plant)
    return clean(placed, plant=plant, tariff=tariff).readings
