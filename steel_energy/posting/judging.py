"""The verdict on every posted row: accepted, repaired, unchanged or rejected, and which readings are to be kept.

Of several rows of one interval in a body the last stands, as it would had they come one after the other. What is kept
is the reading as it was sent; `preview` tells what cleaning will make of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from steel_energy.cleaning.physics import largest_kwh
from steel_energy.inbox import POSTED
from steel_energy.months import month_start, shift_month
from steel_energy.plant import Plant
from steel_energy.posting.preview import Repair, preview
from steel_energy.posting.problems import Problems, Reason
from steel_energy.posting.rows import TIME, Sent
from steel_energy.schema import INTERVAL, MEASURED
from steel_energy.sites import Site
from steel_energy.sources.file import ENERGY

Status = Literal["accepted", "repaired", "rejected", "unchanged"]
KILO = 1000  # a value in Wh, varh or kg can be set right; what lies beyond even that is no reading
CELLS = POSTED[1:]
SUPERSEDED = Reason(TIME, "superseded", "a later row of the same body has another reading of this interval")


@dataclass(frozen=True)
class Judged:
    """What became of a body's rows.

    Attributes:
        verdicts: ``row``, ``interval_start`` (plant zone, null where it is unknown), ``status``; in the body's order.
        reasons: why rows were rejected, by row.
        repairs: what cleaning would change of rows that are kept, by row.
        fresh: the readings to keep, accepted and repaired ones: ``inbox.POSTED`` in the plant's zone.
    """

    verdicts: pl.DataFrame
    reasons: Mapping[int, list[Reason]]
    repairs: Mapping[int, list[Repair]]
    fresh: pl.DataFrame

    def counts(self) -> dict[str, int]:
        """Number of rows with each status."""
        found = Counter(self.verdicts["status"])
        return {status: found[status] for status in get_args(Status)}


def judge(
    sent: Sent, *, site: Site, now: dt.datetime, known: pl.DataFrame, context: pl.DataFrame | None = None
) -> Judged:
    """Judge every row.

    Args:
        sent: the rows.
        site: whose readings they are.
        now: the present, with a zone: no interval can have begun after it.
        known: what the inbox has of the plant, the newest reading of each interval.
        context: clean readings of the plant (the data contract), for the preview of repairs.
    """
    problems = sent.problems
    _check(sent.readings, site.plant, now, problems)
    sound = sent.readings.filter(~pl.col("row").is_in(list(problems.by_row)))
    last = sound.unique(TIME, keep="last", maintain_order=True)
    earlier = sound.join(last, on="row", how="anti", maintain_order="left")
    same = _equal_rows(earlier, last)
    problems.add_all(set(earlier["row"]) - same, SUPERSEDED)
    unchanged = _equal_rows(last, known.with_columns(pl.col(TIME).dt.convert_time_zone("UTC")))
    fresh = last.filter(~pl.col("row").is_in(unchanged))
    repairs = preview(fresh, sent.unread, site=site, context=context)
    return Judged(
        _verdicts(sent.readings, problems, unchanged=unchanged | same, repaired=set(repairs), zone=site.plant.zone),
        problems.by_row,
        repairs,
        fresh.select(POSTED).with_columns(pl.col(TIME).dt.convert_time_zone(site.plant.zone)),
    )


def _check(readings: pl.DataFrame, plant: Plant, now: dt.datetime, problems: Problems) -> None:
    """Note what is wrong with the values; all questions in one pass, for most bodies have one row."""
    rules = list(_rules(plant, now))
    flags = readings.select(flag.fill_null(value=False).alias(str(n)) for n, (_, flag) in enumerate(rules))
    for number, (reason, _) in enumerate(rules):
        if (flag := flags[str(number)]).any():
            problems.add_all(readings["row"].filter(flag), reason)


def _rules(plant: Plant, now: dt.datetime) -> Iterator[tuple[Reason, pl.Expr]]:
    time, closing = pl.col(TIME), shift_month(plant.last_open_month(now), 1)
    first, last = (month_start(month, zone=plant.zone).astimezone(dt.UTC) for month in (plant.first_month, closing))
    off_grid = time.dt.truncate(INTERVAL) != time
    yield Reason(TIME, "off_grid", "does not begin a 15-minute interval: use :00, :15, :30 or :45"), off_grid
    yield (
        Reason(TIME, "future", f"begins after now, {now.isoformat(timespec='seconds')}"),
        time > now.astimezone(dt.UTC),
    )
    until = f"{plant.first_month} to {plant.last_open_month(now)}"
    yield (
        Reason(TIME, "outside_months", f"lies outside the plant's months, {until}"),
        ~time.is_between(first, last, closed="left"),
    )
    for name, (lower, upper, unit) in _limits(plant).items():
        yield Reason(name, "out_of_range", f"should be at least {lower:g} {unit}"), pl.col(name) < lower
        yield Reason(name, "out_of_range", f"should be at most {upper:g} {unit}"), pl.col(name) > upper
    known = [pl.all_horizontal(pl.col(sorted(columns)).is_not_null()) for columns in ENERGY]
    no_energy = "needs usage_kwh, or a reactive energy with its power factor"
    yield Reason("usage_kwh", "no_energy", no_energy), ~pl.any_horizontal(known)


def _limits(plant: Plant) -> dict[str, tuple[float, float, str]]:
    """Lowest and highest value of each measured column that can be a reading at all, and its unit."""
    most_kwh = KILO * largest_kwh(plant)
    beyond = {"co2_t": most_kwh * plant.meter.emission_factor_t_per_kwh}
    return {
        column.name: (column.lower or 0, column.upper or beyond.get(column.name, most_kwh), column.unit)
        for column in MEASURED
    }


def _equal_rows(rows: pl.DataFrame, others: pl.DataFrame) -> set[int]:
    """The ``row`` of each reading that stands among ``others`` with the same cells."""
    if rows.is_empty() or others.is_empty():
        return set()
    beside = rows.join(others.select(TIME, *CELLS), on=TIME, how="inner", suffix="_other")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_other").cast(rows.schema[name])) for name in CELLS)
    return set(beside.filter(same)["row"])


def _verdicts(
    readings: pl.DataFrame, problems: Problems, *, unchanged: set[int], repaired: set[int], zone: str
) -> pl.DataFrame:
    row = pl.col("row")
    status = (
        pl.when(row.is_in(list(problems.by_row)))
        .then(pl.lit("rejected"))
        .when(row.is_in(list(unchanged)))
        .then(pl.lit("unchanged"))
        .when(row.is_in(list(repaired)))
        .then(pl.lit("repaired"))
        .otherwise(pl.lit("accepted"))
    )
    return readings.select("row", pl.col(TIME).dt.convert_time_zone(zone), status.alias("status"))
