"""How assets hand tables to each other: one Parquet file for each plant and month, through ``steel_energy.lake``.

Dagster's own Parquet and DuckDB managers are not used: with these versions of Polars and DuckDB they can write but not
read back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import dagster as dg
import polars as pl

from steel_assets.partitions import PlantMonth
from steel_energy.lake import Lake, write_atomically

MonthFrames = dict[PlantMonth, pl.DataFrame]
"""Tables of the plant-months of a run. Months stay apart: each is written, described and checked on its own.

A month of the run that is not in it has no readings: nothing lies in the lake for it, so that no reader meets a table
without rows.
"""


def filled(frames: Iterable[tuple[PlantMonth, pl.DataFrame]]) -> MonthFrames:
    """The plant-months that have rows."""
    return {part: frame for part, frame in frames if frame.height}


class LakeIO(dg.ConfigurableIOManager):
    """Writes and reads the plant-months of a run, be it one partition or a range in a single run.

    Attributes:
        lake_dir: root of the lake.
    """

    lake_dir: str

    def handle_output(self, context: dg.OutputContext, obj: MonthFrames) -> None:
        """Write each month, and take away the file of a month without readings: never is an old one left standing."""
        promised = {PlantMonth.parse(key) for key in context.asset_partition_keys}
        if unasked := set(obj) - promised:
            raise dg.DagsterInvariantViolationError(f"{_name(context)}: asked for {promised}, got {unasked} too")
        for part in sorted(promised):
            if part in obj:
                self._lake.write(_name(context), part.plant, part.month, obj[part])
            else:
                self._lake.remove(_name(context), part.plant, part.month)

    def load_input(self, context: dg.InputContext) -> MonthFrames:
        """Read the months on disk among those asked for, by plant, oldest first."""
        parts = sorted(PlantMonth.parse(key) for key in context.asset_partition_keys)
        asset = _name(context)
        on_disk = [part for part in parts if self._lake.month_path(asset, part.plant, part.month).exists()]
        return {part: self._lake.read(asset, part.plant, months=[part.month]) for part in on_disk}

    @property
    def _lake(self) -> Lake:
        return Lake(Path(self.lake_dir))


class ScoresIO(dg.ConfigurableIOManager):
    """Writes and reads one small table for each plant, such as a model's scores.

    Attributes:
        models_dir: folder of the tables.
    """

    models_dir: str

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Replace the plant's table."""
        write_atomically(self._path(context), obj.write_parquet)

    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        """The plant's table."""
        return pl.read_parquet(self._path(context), hive_partitioning=False)

    def _path(self, context: dg.InputContext | dg.OutputContext) -> Path:
        plant_id = context.asset_partition_key
        return Path(self.models_dir) / _name(context) / f"plant={plant_id}.parquet"


def _name(context: dg.InputContext | dg.OutputContext) -> str:
    return context.asset_key.path[-1]
