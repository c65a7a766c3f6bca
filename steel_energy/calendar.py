"""The 15-minute grid of a plant and what is known of each interval ahead of time.

Everything here is legitimate future knowledge: slot, weekday, closed day and load type, which is the tariff's band on
operating days. Nothing measured lives here.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl

from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL, INTERVAL_MINUTES, INTERVALS_PER_HOUR, LoadType
from steel_energy.tariff import Tariff


def interval_grid(start: dt.datetime, end: dt.datetime, *, zone: str) -> pl.Series:
    """Every interval start in ``[start, end)``, in the plant's zone.

    A day with a clock change has 92 or 100 intervals: the grid is regular in absolute time.

    Args:
        start: first interval start; naive times are read as plant time.
        end: end of the last interval, exclusive.
        zone: IANA time zone of the plant.

    >>> interval_grid(dt.datetime(2018, 1, 1), dt.datetime(2018, 1, 1, 1), zone="Asia/Seoul").len()
    4
    """
    first, last = (in_utc(moment, zone) for moment in (start, end))
    grid = pl.datetime_range(first, last, f"{INTERVAL_MINUTES}m", closed="left", time_unit="us", eager=True)
    return grid.dt.convert_time_zone(zone).alias("interval_start")


def known_ahead(interval_start: pl.Series, *, plant: Plant, tariff: Tariff) -> pl.DataFrame:
    """What is known ahead of time of each interval, in the given order.

    Returns:
        ``interval_start``, ``slot`` (0-95, quarter hour of the day), ``weekday`` (1 = Monday to 7), ``is_closed``,
        ``load_type``; one row for each input.
    """
    wall = pl.Series("wall", interval_start.dt.replace_time_zone(None))  # the clock is asked once, not for each part
    start = pl.col("wall")
    frame = pl.DataFrame([interval_start.alias("interval_start"), wall]).with_columns(
        date=start.dt.date(), month=start.dt.month(), hour=start.dt.hour()
    )
    dates = frame["date"].unique()
    closed = [date for date in dates if plant.calendar.is_closed(date)]
    return frame.join(tariff.hourly_bands(), on=["month", "hour"], how="left", maintain_order="left").select(
        "interval_start",
        slot=(pl.col("hour").cast(pl.Int16) * INTERVALS_PER_HOUR + start.dt.minute() // INTERVAL_MINUTES),
        weekday=start.dt.weekday(),
        is_closed=pl.col("date").is_in(closed),
        load_type=pl.when(pl.col("date").is_in(closed)).then(pl.lit("light", LoadType)).otherwise(pl.col("band")),
    )


def in_utc(moment: dt.datetime, zone: str) -> dt.datetime:
    """``moment`` in UTC; a naive one is read as the time of ``zone``.

    >>> in_utc(dt.datetime(2018, 1, 1, 9), "Asia/Seoul").hour
    0
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(dt.UTC)


def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """``moment`` in ``zone``; a naive one is read as its time, and one that the clock skips stands an hour later.

    >>> in_zone(dt.datetime(2023, 3, 26, 2, 30), "Europe/Madrid").isoformat()
    '2023-03-26T03:30:00+02:00'
    """
    return in_utc(moment, zone).astimezone(ZoneInfo(zone))


def on_clock(wall: pl.Expr, zone: str) -> pl.Expr:
    """Moments of times that a clock of ``zone`` shows, in the order of the rows.

    Where the clock is set back and shows an hour twice, the first row of a time is the earlier one's and any further
    row the later one's; a time that the clock skips stands an hour later.
    """
    first, second = (
        wall.dt.replace_time_zone(zone, ambiguous=hour, non_existent="null") for hour in ("earliest", "latest")
    )
    hour_later = (wall + pl.duration(hours=1)).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    is_repeated = pl.int_range(pl.len()).over(wall) > 0
    return pl.coalesce(pl.when(is_repeated).then(second).otherwise(first), hour_later)


def interval_end(start: dt.datetime) -> dt.datetime:
    """The end of the interval that begins at ``start``, in the same zone, also where the clock changes in between.

    >>> interval_end(in_zone(dt.datetime(2023, 3, 26, 1, 45), "Europe/Madrid")).isoformat()
    '2023-03-26T03:00:00+02:00'
    """
    return (start.astimezone(dt.UTC) + INTERVAL).astimezone(start.tzinfo)
