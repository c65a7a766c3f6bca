"""Reading time labels in any format a file mixes, and the one convention they all follow.

A label is the *end* of an interval, unless the plant's file says that its exports name the start. In the published
files the last interval of a day is labelled 00:00 with the date of the day that ends; other exports write the next
day's date there. Which one a file follows is found out from the file.

Times become *wall indices*: 96 for each day since 1970-01-01 on the plant's clock, plus the slot of the interval's
start.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from steel_energy.plant import LabelConvention
from steel_energy.schema import INTERVAL_MINUTES

DAY_MINUTES = 24 * 60
ONLY_MIDNIGHTS = 0.1  # share of labels without a time up to which a spreadsheet has only dropped the 00:00
CLEARLY = 0.6  # share of the other reading's jump at midnight from which the smaller one is telling
TOLERANCE_MINUTES = 1  # labels this far from the grid are rounding, further ones unreadable
EXCEL_EPOCH_DAYS = 25_569  # 1970-01-01 as a spreadsheet counts days
TWO_DIGIT_CENTURY = 2000
MONTHS_OF_YEAR = 12
DAYS_OF_MONTH = 31
MONTHS = {
    name: str(number)
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
DATE = r"^(?P<a>[0-9]{1,4})[-/. ]+(?P<b>[0-9]{1,2})[-/. ]+(?P<c>[0-9]{1,4})"
CLOCK = r"(?P<hour>[0-9]{1,2})[:.h](?P<minute>[0-9]{1,2})(?:[:.](?P<second>[0-9]{1,2})(?:[.,][0-9]+)?)?"
TIME = rf"(?:[t, ]+{CLOCK}\s*(?P<half>[ap])?\.?m?\.?\s*(?:z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?$"
SERIAL = r"^[0-9]{5}(?:[.,][0-9]+)?$"


@dataclass(frozen=True)
class Labels:
    """The labels of a file.

    Attributes:
        rows: one row for each label: ``day`` and ``other_day`` (days since 1970, read as most of the file and the other
            way round), ``slot`` (of the interval's start, 0-95 where intervals have 15 minutes), ``usual_format``
            (written as most of the file).
        midnight_is_next_day: 00:00 ends an interval and carries the date of the day that begins.
    """

    rows: pl.DataFrame
    midnight_is_next_day: bool


def read_labels(
    labels: pl.Series, usage_kwh: pl.Series, *, convention: LabelConvention = "end", minutes: int = INTERVAL_MINUTES
) -> Labels:
    """Read every label of a meter whose intervals have so many ``minutes``; what is unreadable is null.

    The usage helps to tell to which day an ending 00:00 belongs.
    """
    rows = _dated(_parts(labels), minutes).with_columns(usage_kwh.alias("usage_kwh"))
    styles = rows.filter(pl.col("day").is_not_null())["style"].mode().sort()
    next_day = convention == "end" and _midnight_is_next_day(rows, minutes)
    day_before = ((pl.col("day_minute") == 0) & next_day).cast(pl.Int32)
    return Labels(
        rows.select(
            pl.col("day") - day_before,
            pl.col("other_day") - day_before,
            slot=slot_of(pl.col("day_minute"), convention, minutes),
            usual_format=pl.col("style").is_in(styles.head(1).implode()),
        ),
        next_day,
    )


def _dated(parts: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """Day, the day read the other way round, minute and style of each label; day comes first unless that cannot be."""
    month_first = (pl.col("b") > MONTHS_OF_YEAR).sum() > pl.col("a").is_between(MONTHS_OF_YEAR + 1, DAYS_OF_MONTH).sum()
    year_first = pl.col("a") > DAYS_OF_MONTH
    written, swapped = _day("a", "b", "c"), _day("b", "a", "c")
    usual, other = (swapped, written) if parts.select(month_first).item() else (written, swapped)
    serial = pl.col("serial").floor().cast(pl.Int32)
    return parts.with_columns(
        day=pl.when(year_first).then(_day("c", "b", "a")).otherwise(pl.coalesce(usual, other, serial)),
        other_day=pl.when(year_first).then(_day("b", "c", "a")).otherwise(pl.when(usual.is_not_null()).then(other)),
        style=pl.when(year_first)
        .then(pl.lit("year"))
        .when(usual.is_not_null())
        .then(pl.lit("usual"))
        .otherwise(pl.lit("other")),
        day_minute=pl.coalesce(_minute_of_day(minutes), _on_grid((pl.col("serial") % 1) * DAY_MINUTES, minutes)),
    )


def slot_of(minute: pl.Expr, convention: LabelConvention, minutes: int = INTERVAL_MINUTES) -> pl.Expr:
    """Slot of the interval that ends or starts at this minute; 0 and 1440 both end the day's last one."""
    return ((minute // minutes - (convention == "end")) % (DAY_MINUTES // minutes)).cast(pl.Int32)


def _parts(labels: pl.Series) -> pl.DataFrame:
    """The numbers in each label, as Int32; ``serial`` where it is a spreadsheet's day count."""
    text = labels.str.strip_chars(" \t\u00a0'\"").str.to_lowercase()
    text = text.str.replace(r"([a-z]{3})[a-z]*", "$1").str.replace_many(MONTHS) if _has_month_names(text) else text
    found = text.str.extract_groups(DATE + TIME).struct.unnest()
    numbers = found.with_columns(pl.exclude("half").cast(pl.Int32))
    serial = text.to_frame("text").select(
        serial=pl.when(pl.col("text").str.contains(SERIAL))
        .then(pl.col("text").str.replace(",", ".", literal=True))
        .cast(pl.Float64)
        - EXCEL_EPOCH_DAYS
    )
    return pl.concat([numbers, serial], how="horizontal")


def _has_month_names(text: pl.Series) -> bool:
    return bool(text.str.contains(r"\d[-/. ]+(?:" + "|".join(MONTHS) + r")[a-z]*[-/. ]+\d").any())


def _day(day: str, month: str, year: str) -> pl.Expr:
    """Days since 1970; null where there is no such date."""
    full_year = pl.when(pl.col(year) < 100).then(pl.col(year) + TWO_DIGIT_CENTURY).otherwise(pl.col(year))  # noqa: PLR2004
    text = pl.format("{}-{}-{}", full_year, pl.col(month), pl.col(day))
    return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32)


def _minute_of_day(minutes: int) -> pl.Expr:
    """Minute of the day (0-1440) that the label names; a few dates without a time are midnights."""
    half = pl.when(pl.col("half") == "p").then(12).otherwise(0)
    hour = pl.when(pl.col("half").is_null()).then(pl.col("hour")).otherwise(pl.col("hour") % 12 + half)
    minute = hour * 60 + pl.col("minute") + pl.col("second").fill_null(0) / 60
    only_date = pl.col("hour").is_null() & pl.col("a").is_not_null()
    return pl.when(only_date & (only_date.mean() < ONLY_MIDNIGHTS)).then(0).otherwise(_on_grid(minute, minutes))


def _on_grid(minute: pl.Expr, minutes: int) -> pl.Expr:
    rounded = (minute / minutes).round() * minutes
    near = ((minute - rounded).abs() <= TOLERANCE_MINUTES) & rounded.is_between(0, DAY_MINUTES)
    return pl.when(near).then(rounded).cast(pl.Int32)


def _midnight_is_next_day(rows: pl.DataFrame, minutes: int) -> bool:
    """Whether 00:00 begins a day: it does not follow 23:45 of its own date in the file, and its usage fits."""
    last_label = DAY_MINUTES - minutes  # 23:45
    follows = (pl.col("day_minute") == 0) & (pl.col("day_minute").shift(1) == last_label)
    step = rows.select(pl.when(follows).then(pl.col("day") - pl.col("day").shift(1)))["day"]
    follows_own_date, follows_day_before = (step == 0).sum(), (step == 1).sum()
    if follows_own_date > follows_day_before:
        return False
    midnight, last, first = (
        rows.filter(pl.col("day_minute") == minute)
        .unique("day", keep="first")
        .select("day", pl.col("usage_kwh").clip(0).log1p())
        for minute in (0, last_label, minutes)
    )
    ends, begins = (_mean_jump(midnight, last, first, date_of_last=date) for date in (0, -1))
    return begins <= ends / CLEARLY if follows_day_before else begins < ends * CLEARLY


def _mean_jump(midnight: pl.DataFrame, last: pl.DataFrame, first: pl.DataFrame, *, date_of_last: int) -> float:
    """How much usage changes (log ratio) around midnight if 23:45 has this date relative to that of 00:00."""
    beside = [last.with_columns(pl.col("day") - date_of_last), first.with_columns(pl.col("day") - date_of_last - 1)]
    jumps = [
        midnight.join(side, on="day", suffix="_beside").select((pl.col("usage_kwh") - pl.col("usage_kwh_beside")).abs())
        for side in beside
    ]
    mean = pl.concat(jumps).to_series().mean()
    return mean if isinstance(mean, float) else float("inf")
