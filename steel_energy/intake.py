"""Taking a plant's readings in: the whole export and what was posted since, placed on the grid, with facts to remember.

One export covers many months and is read as a whole, since a row is placed by its neighbours too. A posted reading
names its interval itself and replaces the export's rows of it. The *facts* (origin, span, fingerprint) are written
beside the lake's raw readings, so that every later step can name the source.
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
from steel_energy.months import MONTH_FORMAT, month_start, shift_month
from steel_energy.params import IntakeParams
from steel_energy.plant import Plant
from steel_energy.posted import Posted, Span, all_waiting, as_placed, following_on
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.sources import read_source
from steel_energy.sources.raw import Origin, RawReadings
from steel_energy.tariff import Tariff

POSTED = "posted"
"""The setting, and the kind of origin, of a plant whose readings were all posted."""


@dataclass(frozen=True)
class Intake:
    """A plant's rows, placed on its grid.

    Attributes:
        placed: every row of the plant's months with ``plant``, ``interval_start``, ``placed_by``; by time, then file
            order.
        origin: where the source's rows came from.
        source_fingerprint: hash of every cell of the source as found.
        posted_fingerprint: hash of every posted cell in use.
        rows_outside: rows of the source outside the plant's months, which are left out.
        rows_superseded: rows of the source that a posted reading replaced.
        posted: what was posted: readings in use and those that wait.
        start: first interval that cleaning covers.
        end: end of the last one.
    """

    placed: pl.DataFrame
    origin: Origin
    source_fingerprint: str
    posted_fingerprint: str
    rows_outside: int
    rows_superseded: int
    posted: Posted
    start: dt.datetime
    end: dt.datetime

    @property
    def months(self) -> list[str]:
        """The plant's months that have rows, oldest first."""
        return self.placed.select(_month().unique().sort()).to_series().to_list()

    @property
    def fingerprint(self) -> str:
        """Equal exactly when source and posted readings say the same."""
        return _digest(f"{self.source_fingerprint}{self.posted_fingerprint}")

    def month(self, month: str) -> pl.DataFrame:
        """The rows of one month, such as ``2018-01``; none where the readings begin after it or end before it.

        Raises:
            NotEnoughDataError: it lies between months with rows and has none itself: nothing could fill it.
        """
        rows, months = self.placed.filter(_month() == month), self.months
        if rows.is_empty() and months[0] < month < months[-1]:
            raise NotEnoughDataError(
                f"there is no reading in {month}",
                field=self.origin.location,
                remedy=f"post that month's readings to the service; there are {', '.join(months)}",
            )
        return rows

    def facts(self) -> dict[str, Any]:
        """What the lake remembers, as JSON values; times in ISO 8601 with offset, null where nothing was posted."""
        until, waiting = self.posted.until, self.posted.waiting
        return {
            **self.origin.model_dump(mode="json"),
            "is_simulated": self.origin.is_simulated,
            "fingerprint": self.fingerprint,
            "rows": self.placed.height,
            "rows_outside": self.rows_outside,
            "rows_posted": self.posted.used.height,
            "rows_superseded": self.rows_superseded,
            "posted_until": until.isoformat() if until else None,
            "rows_waiting": waiting.height,
            "waiting_from": waiting["interval_start"][0].isoformat() if waiting.height else None,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }


def take_in(
    setting: str,
    *,
    plant: Plant,
    tariff: Tariff,
    raw_dir: Path,
    seed: int,
    posted: pl.DataFrame,
    params: IntakeParams,
) -> Intake:
    """Read the source that ``setting`` names, put what was posted in its place or behind it, and place every row.

    Posted readings are never mixed with simulated ones. Beside the simulated plant they wait, until there are
    ``params.alone_days`` of them and the setting leaves the choice: then they stand alone.

    Args:
        setting: ``auto``, ``uci``, ``posted``, ``simulated``, or the path or URL of a CSV file.
        plant: whose readings they are; the source counts from its first to its last month.
        tariff: the plant's tariff.
        raw_dir: where downloads are kept, and where ``auto`` looks for a file.
        seed: of the simulated plant.
        posted: what the inbox has of the plant, the newest reading of each interval.
        params: how posted readings join the source's.

    Raises:
        SourceError: the source cannot be reached.
        NotMeterDataError: it is not a meter export.
        NotEnoughDataError: there is no row in the plant's months.
    """
    if setting == POSTED:
        return _posted_alone(posted, plant, params, skipped=())
    raw = read_source(setting, plant=plant, tariff=tariff, raw_dir=raw_dir, seed=seed)
    if setting == "auto" and raw.origin.is_simulated and posted.height >= params.alone_days * INTERVALS_PER_DAY:
        skipped = (*raw.origin.skipped, "simulated: readings of the plant itself were posted")
        return _posted_alone(posted, plant, params, skipped=skipped)
    return _with_source(raw, posted, plant, params)


def _posted_alone(posted: pl.DataFrame, plant: Plant, params: IntakeParams, *, skipped: tuple[str, ...]) -> Intake:
    parted = following_on(posted, plant, span=None, max_gap_days=params.max_gap_days)
    if parted.until is None:
        raise NotEnoughDataError(
            f"no reading of {plant.id} was posted", field=POSTED, remedy="POST /readings, or set another STEEL_SOURCE"
        )
    rows = as_placed(parted.used, plant, first_row=0)
    return Intake(
        placed=rows,
        origin=Origin(kind=POSTED, location="the service", skipped=skipped),
        source_fingerprint=_digest(""),
        posted_fingerprint=_fingerprint(rows),
        rows_outside=0,
        rows_superseded=0,
        posted=parted,
        start=parted.used["interval_start"][0],
        end=parted.until,
    )


def _with_source(raw: RawReadings, posted: pl.DataFrame, plant: Plant, params: IntakeParams) -> Intake:
    placed = place(raw.rows, plant)
    inside = placed.filter(_month().is_between(pl.lit(plant.first_month), pl.lit(plant.last_month)))
    if inside.is_empty():
        raise _other_months(placed, raw.origin, plant)
    start, end = _period(placed, plant)
    parted = (
        all_waiting(posted)
        if raw.origin.is_simulated
        else following_on(posted, plant, span=(start, end), max_gap_days=params.max_gap_days)
    )
    standing = inside.join(parted.used, on="interval_start", how="anti", maintain_order="left")
    rows = as_placed(parted.used, plant, first_row=raw.rows.height)
    if parted.until is not None:
        start, end = min(start, parted.used["interval_start"][0]), max(end, parted.until)
    return Intake(
        placed=pl.concat([standing, rows]).sort("interval_start", "source_row"),
        origin=raw.origin,
        source_fingerprint=_fingerprint(raw.rows),
        posted_fingerprint=_fingerprint(rows),
        rows_outside=placed.height - inside.height,
        rows_superseded=inside.height - standing.height,
        posted=parted,
        start=start,
        end=end,
    )


def _period(placed: pl.DataFrame, plant: Plant) -> Span:
    """What the source covers of the plant's months."""
    start, end = period(placed, plant)
    opening = month_start(plant.first_month, zone=plant.zone)
    closing = month_start(shift_month(plant.last_month, 1), zone=plant.zone)
    return max(start, opening), min(end, closing)


def _other_months(placed: pl.DataFrame, origin: Origin, plant: Plant) -> NotEnoughDataError:
    first, last = placed.select(first=_month().min(), last=_month().max()).row(0)
    return NotEnoughDataError(
        f"covers {first} to {last}, but plant {plant.id} {plant.first_month} to {plant.last_month}",
        field=origin.location,
        remedy=f"set first_month and last_month in data/plants/{plant.id}.yaml",
    )


def _month() -> pl.Expr:
    return pl.col("interval_start").dt.strftime(MONTH_FORMAT)


def _fingerprint(rows: pl.DataFrame) -> str:
    return _digest(rows.drop("source_row").write_csv())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
