"""How assets hand tables to each other: one Parquet file for each plant and month or week of ``steel_energy.lake``.

Dagster's own Parquet and DuckDB managers are not used: with these versions of Polars and DuckDB they can write but not
read back.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from steel_assets.partitions import Part, PlantMonth, PlantPart, PlantWeek
from steel_assets.retrying import tried_again
from steel_energy.lake import Lake, find_table, read_table, write_table
from steel_energy.storage import Place, each, place, remove

MonthFrames = dict[PlantMonth, pl.DataFrame]
"""Tables of the plant-months of a run. Months stay apart: each is written, described and checked on its own.

A month of the run that is not in it has no readings: nothing lies in the lake for it, so that no reader meets a table
without rows.
"""
WeekFrames = dict[PlantWeek, pl.DataFrame]
"""Tables of the plant-weeks of a run; likewise."""


def filled(frames: Iterable[tuple[Part, pl.DataFrame]]) -> dict[Part, pl.DataFrame]:
    """The parts that have rows."""
    return {part: frame for part, frame in frames if frame.height}


class PatientIO(dg.ConfigurableIOManager):
    """Lets Dagster try a step again whose tables cannot be written or read at the moment."""

    @abstractmethod
    def write(self, context: dg.OutputContext, obj: Any) -> None:  # noqa: ANN401 - as of Dagster's own
        """See ``handle_output``."""

    @abstractmethod
    def read(self, context: dg.InputContext) -> Any:  # noqa: ANN401 - as above
        """See ``load_input``."""

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:  # noqa: ANN401 - as above
        """Write what a step made."""
        with tried_again(context.step_context.previous_attempt_count):
            self.write(context, obj)

    def load_input(self, context: dg.InputContext) -> Any:  # noqa: ANN401 - as above
        """Read what a step asks for."""
        with tried_again(context.step_context.previous_attempt_count):
            return self.read(context)


class OfLakeIO(PatientIO):
    """Writes and reads tables of the lake.

    Attributes:
        lake_root: folder of a disk or address of an object store.
    """

    lake_root: str

    @property
    def lake(self) -> Lake:
        """The lake."""
        return Lake(place(self.lake_root))


class PartIO(OfLakeIO):
    """Writes and reads the parts of a run, be it one partition or a range in a single run."""

    @abstractmethod
    def parse(self, key: str) -> PlantPart:
        """The part that Dagster's key names."""

    @abstractmethod
    def path(self, asset: str, part: Any) -> Place:  # noqa: ANN401 - what ``parse`` gives
        """Where it lies."""

    def write(self, context: dg.OutputContext, obj: Mapping[Any, pl.DataFrame]) -> None:
        """Write each part, and take away the file of one without rows: never is an old one left standing."""
        promised = self._parts(context)
        if unasked := set(obj) - set(promised):
            raise dg.DagsterInvariantViolationError(f"{_name(context)}: asked for {promised}, got {unasked} too")
        frames = {self.path(_name(context), part): obj.get(part) for part in promised}
        each(frames, lambda path: remove(path) if (frame := frames[path]) is None else write_table(path, frame))

    def read(self, context: dg.InputContext) -> dict[Any, pl.DataFrame]:
        """Read those of the parts asked for that are there, by plant, oldest first."""
        parts = self._parts(context)
        tables = each((self.path(_name(context), part) for part in parts), find_table)
        return {part: table for part, table in zip(parts, tables, strict=True) if table is not None}

    def _parts(self, context: dg.InputContext | dg.OutputContext) -> list[Any]:
        return sorted(self.parse(key) for key in context.asset_partition_keys)


class LakeIO(PartIO):
    """The tables of plant-months."""

    def parse(self, key: str) -> PlantMonth:
        """The plant-month that Dagster's key names."""
        return PlantMonth.parse(key)

    def path(self, asset: str, part: PlantMonth) -> Place:
        """Where it lies."""
        return self.lake.month_path(asset, part.plant, part.month)


class WeekIO(PartIO):
    """The tables of plant-weeks."""

    def parse(self, key: str) -> PlantWeek:
        """The plant-week that Dagster's key names."""
        return PlantWeek.parse(key)

    def path(self, asset: str, part: PlantWeek) -> Place:
        """Where it lies."""
        return self.lake.week_path(asset, part.plant, part.week)


class NewestIO(OfLakeIO):
    """Writes and reads the one table of a plant that is made anew each time."""

    def write(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Replace the plant's table."""
        write_table(self.lake.newest_path(_name(context), context.asset_partition_key), obj)

    def read(self, context: dg.InputContext) -> pl.DataFrame:
        """The plant's table."""
        return self.lake.read_newest(_name(context), context.asset_partition_key)


class ScoresIO(PatientIO):
    """Writes and reads one small table for each plant, such as a model's scores.

    Attributes:
        models_dir: folder of the tables.
    """

    models_dir: str

    def write(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Replace the plant's table."""
        write_table(self._path(context), obj)

    def read(self, context: dg.InputContext) -> pl.DataFrame:
        """The plant's table."""
        return read_table(self._path(context))

    def _path(self, context: dg.InputContext | dg.OutputContext) -> Path:
        plant_id = context.asset_partition_key
        return Path(self.models_dir) / _name(context) / f"plant={plant_id}.parquet"


def _name(context: dg.InputContext | dg.OutputContext) -> str:
    return context.asset_key.path[-1]
