"""Taking a source in: the whole export, placed on the grid, with what must be remembered of it.

One export covers many months and is read as a whole, since a row is placed by its neighbours too. Its *facts* (origin,
span, fingerprint) are written beside the lake's raw readings, so that every later step can name the source.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from steel_energy.cleaning import period, place
from steel_energy.errors import NotEnoughDataError
from steel_energy.months import MONTH_FORMAT
from steel_energy.plant import Plant
from steel_energy.sources import read_source
from steel_energy.sources.raw import Origin
from steel_energy.tariff import Tariff


@dataclass(frozen=True)
class Intake:
    """A source's rows, placed on the plant's grid.

    Attributes:
        placed: every row of the source with ``plant``, ``interval_start``, ``placed_by``; by time, then file order.
        origin: where the rows came from.
        fingerprint: hash of every cell as found: equal exactly when the source says the same.
        months: the plant's months that have rows, oldest first.
        start: first interval that cleaning covers.
        end: end of the last one.
    """

    placed: pl.DataFrame
    origin: Origin
    fingerprint: str
    months: list[str]
    start: dt.datetime
    end: dt.datetime

    def month(self, month: str) -> pl.DataFrame:
        """The rows of one month, such as ``2018-01``.

        Raises:
            NotEnoughDataError: the source has none.
        """
        if month not in self.months:
            raise NotEnoughDataError(
                f"the source has no reading in {month}",
                field=self.origin.location,
                remedy=f"it has {', '.join(self.months)}",
            )
        return self.placed.filter(_month() == month)

    def facts(self) -> dict[str, Any]:
        """What the lake remembers of this source, as JSON values; times in ISO 8601 with offset."""
        return {
            **self.origin.model_dump(mode="json"),
            "is_simulated": self.origin.is_simulated,
            "fingerprint": self.fingerprint,
            "rows": self.placed.height,
            "rows_outside": self.placed.filter(~_month().is_in(self.months)).height,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


def take_in(setting: str, *, plant: Plant, tariff: Tariff, raw_dir: Path, seed: int) -> Intake:
    """Read the source that ``setting`` names and place its rows.

    Args:
        setting: ``auto``, ``uci``, ``simulated``, or the path or URL of a CSV file.
        plant: whose readings they are; rows outside its first and last month are kept in ``placed`` and counted.
        tariff: the plant's tariff.
        raw_dir: where downloads are kept, and where ``auto`` looks for a file.
        seed: of the simulated plant.

    Raises:
        SourceError: the source cannot be reached.
        NotMeterDataError: it is not a meter export.
        NotEnoughDataError: it has no row in the plant's months.
    """
    raw = read_source(setting, plant=plant, tariff=tariff, raw_dir=raw_dir, seed=seed)
    placed = place(raw.rows, plant)
    months = placed.select(_month().unique().sort()).to_series().to_list()
    covered = [month for month in months if plant.first_month <= month <= plant.last_month]
    if not covered:
        raise NotEnoughDataError(
            f"covers {months[0]} to {months[-1]}, but plant {plant.id} {plant.first_month} to {plant.last_month}",
            field=raw.origin.location,
            remedy=f"set first_month and last_month in data/plants/{plant.id}.yaml",
        )
    start, end = period(placed, plant)
    return Intake(
        placed=placed, origin=raw.origin, fingerprint=_fingerprint(raw.rows), months=covered, start=start, end=end
    )


def _month() -> pl.Expr:
    return pl.col("interval_start").dt.strftime(MONTH_FORMAT)


def _fingerprint(rows: pl.DataFrame) -> str:
    return hashlib.sha256(rows.write_csv().encode()).hexdigest()[:16]
