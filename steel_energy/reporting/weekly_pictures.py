"""The pictures of a weekly report, in vectors: load curve, what the bill is made of, day profile, hours of the week."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from steel_energy.reporting.model_style import ACCENT, ACCENT_PALE, CONTRAST, GRID, INK, INK_SOFT, MUTED
from steel_energy.reporting.weekly_plot import LABEL, Plot, legend, nice_ticks, text_width
from steel_energy.reporting.weekly_style import BAND_COLOURS, CONTENT_WIDTH
from steel_energy.reporting.weekly_words import Words
from steel_energy.schema import DAYS_PER_WEEK, HOURS_PER_DAY, INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.weekly.sections import Missing, WeekForecasts, WeeklyReport

Point = tuple[float, float]
HEAT = ("#f3f6f9", "#c3d8e8", "#74a9cf", "#2b5f8a", "#12324d")
"""Little to much."""
BAND_PALE = "#c9dbea"
KRW_PER_SHOWN = 1000
MARK = 11.5  # points: discs closer than this would cover each other
HOUR_TICKS = range(0, HOURS_PER_DAY + 1, 6)


def _position(start: dt.datetime, monday: dt.date) -> float:
    """Days since Monday by the plant's clock."""
    return (start.date() - monday).days + (start.hour + start.minute / 60) / HOURS_PER_DAY


def load_curve(report: WeeklyReport, words: Words, *, width: float = CONTENT_WIDTH, height: float = 172) -> Any:  # noqa: ANN401
    """Demand in each quarter hour by billing band, what is usual, and the peaks by number."""
    series, monday = report.series, report.week.monday
    usual_kw = [None if kwh is None else kwh * INTERVALS_PER_HOUR for kwh in series["usual_kwh"]]
    at = [_position(start, monday) for start in series["interval_start"]]
    highest = max([*series["demand_kw"], *(kw for kw in usual_kw if kw is not None)])
    ticks = nice_ticks(highest * 1.06)
    plot = Plot(width, height, x_top=DAYS_PER_WEEK, y_top=ticks[-1], bottom=25, top=19)
    plot.y_axis(ticks, words, unit="kW")
    step = 1 / INTERVALS_PER_DAY
    for band, points in _runs(at, series["demand_kw"].to_list(), series["billing_band"].to_list(), step):
        plot.area(points, colour=BAND_COLOURS[band])
    for stretch in _stretches(at, usual_kw, step):
        plot.line(stretch, colour=INK_SOFT, width=0.7)
    _day_labels(plot, report, words)
    for rank, x, kw in _apart(plot, [(_position(one.start, monday) + step / 2, one.demand_kw) for one in report.peaks]):
        plot.mark(x, kw, str(rank), colour=INK)
    entries = [(BAND_COLOURS[use.band], words(f"band_{use.band}"), False) for use in report.consumption.bands]
    usual = [(INK_SOFT, words("legend_usual"), True)] if any(kw is not None for kw in usual_kw) else []
    legend(plot, [*entries, *usual], right=width - 2, y=height - 8)
    return plot.drawing


def _apart(plot: Plot, points: Sequence[Point]) -> list[tuple[int, float, float]]:
    """Rank and place of each mark; one that would cover its neighbour moves aside."""
    step = plot.x_top * MARK / (plot.width - plot.left - plot.right)
    placed: list[tuple[int, float, float]] = []
    for rank, (x, kw) in enumerate(points, start=1):
        free = x
        for _, other, high in placed:
            is_covered = abs(plot.x(free) - plot.x(other)) < MARK and abs(plot.y(kw) - plot.y(high)) < MARK
            free = other + math.copysign(step, free - other) if is_covered else free
        placed.append((rank, free, kw))
    return placed


def _runs(
    at: Sequence[float], values: Sequence[float], bands: Sequence[str], step: float
) -> Iterator[tuple[str, list[Point]]]:
    """Outlines of steps, one for each unbroken run of a band, closed along the axis."""
    first = 0
    for index in range(1, len(at) + 1):
        is_end = index == len(at) or bands[index] != bands[first] or at[index] - at[index - 1] > 1.5 * step
        if is_end:
            steps = [(x, values[i]) for i in range(first, index) for x in (at[i], at[i] + step)]
            yield bands[first], [(at[first], 0.0), *steps, (at[index - 1] + step, 0.0)]
            first = index


def _stretches(at: Sequence[float], values: Sequence[float | None], step: float) -> Iterator[list[Point]]:
    """Points of a line, broken where a value is unknown or an interval is missing."""
    stretch: list[Point] = []
    for index, (x, value) in enumerate(zip(at, values, strict=True)):
        is_gap = bool(stretch) and at[index] - at[index - 1] > 1.5 * step
        if (value is None or is_gap) and stretch:
            yield stretch
            stretch = []
        if value is not None:
            stretch.append((x + step / 2, value))
    if stretch:
        yield stretch


def _day_labels(plot: Plot, report: WeeklyReport, words: Words) -> None:
    for index, day in enumerate(report.consumption.days):
        if index:
            plot.line([(index, 0), (index, plot.y_top)], colour=GRID, width=0.6)
        middle = plot.x(index + 0.5)
        plot.text(middle, plot.bottom - 10, words.day(day.date), colour=INK, size=LABEL + 0.4)
        known = f"{words.number(day.usage_kwh)} kWh" if day.usage_kwh is not None else words.number(None)
        below = f"{known}, {words('closed')}" if day.is_closed else known
        plot.text(middle, plot.bottom - 20, below)


def bill_bars(report: WeeklyReport, words: Words, *, width: float, height: float = 118) -> Any:  # noqa: ANN401
    """A bar for each part of the bill; the energy charge by band alone where the week is not billed."""
    parts = _bill_parts(report, words)
    whole = sum(krw for _, krw, _ in parts)
    left = max(text_width(name, size=LABEL + 0.4) for name, _, _ in parts) + 8
    top = max(*(krw for _, krw, _ in parts), 1.0)
    plot = Plot(width, height, x_top=top, y_top=len(parts), left=left, bottom=2, right=78)
    for index, (name, krw, colour) in enumerate(parts):
        y = plot.y(len(parts) - index - 1)
        room = plot.y(1) - plot.y(0)
        plot.box(plot.left, y + room * 0.2, max(plot.x(abs(krw)) - plot.left, 0.6), room * 0.6, colour=colour)
        middle = y + room / 2 - 2.5
        plot.text(plot.left - 6, middle, name, anchor="end", colour=INK, size=LABEL + 0.4)
        share = words.percent(krw / whole if whole else 0.0, 0)
        plot.text(
            plot.x(abs(krw)) + 5, middle, f"{words.number(krw / KRW_PER_SHOWN)}  ({share})", anchor="start", colour=INK
        )
    return plot.drawing


def _bill_parts(report: WeeklyReport, words: Words) -> list[tuple[str, float, str]]:
    bands = [(words(f"band_{use.band}"), use.energy_krw, BAND_COLOURS[use.band]) for use in report.consumption.bands]
    if isinstance(report.cost, Missing):
        return bands
    bill = report.cost.bill
    kinds = {line.kind for line in bill.lines}
    further = [("demand", "item_demand"), ("power_factor", "tile_power_factor"), ("co2", "item_co2")]
    for kind, key in further:
        if kind in kinds:
            krw = bill.amount_krw(kind)
            bands.append((words(key), krw, CONTRAST if krw < 0 else ACCENT if kind == "demand" else MUTED))
    return bands


def profile_kind(report: WeeklyReport) -> tuple[str, int]:
    """The kind of day that the week used most energy on, and how many days of it there were."""
    days = report.series.group_by("kind").agg(pl.col("usage_kwh").sum(), pl.col("date").n_unique())
    kind, _, count = max(days.iter_rows(), key=lambda found: (found[1], found[0]))
    return kind, count


def day_profile(report: WeeklyReport, words: Words, *, width: float, height: float = 118) -> Any:  # noqa: ANN401
    """The mean day of the kind that used most beside the usual one."""
    kind, _ = profile_kind(report)
    rows = report.series.filter(pl.col("kind") == kind).group_by("slot").agg(
        pl.col("demand_kw").mean(), usual_kw=pl.col("usual_kwh").first() * INTERVALS_PER_HOUR
    ).sort("slot")  # fmt: skip
    usual = [(slot, kw) for slot, kw in rows.select("slot", "usual_kw").iter_rows() if kw is not None]
    now = list(rows.select("slot", "demand_kw").iter_rows())
    ticks = nice_ticks(max(kw for _, kw in [*now, *usual]), most=4)
    plot = Plot(width, height, x_top=INTERVALS_PER_DAY, y_top=ticks[-1], top=16, right=6)
    plot.y_axis(ticks, words, unit="kW")
    plot.area([(now[0][0], 0.0), *((slot + 0.5, kw) for slot, kw in now), (now[-1][0] + 1, 0.0)], colour=ACCENT_PALE)
    if usual:
        plot.line([(slot + 0.5, kw) for slot, kw in usual], colour=INK_SOFT, width=0.9, dash=(2.5, 1.8))
    plot.line([(slot + 0.5, kw) for slot, kw in now], colour=ACCENT, width=1.3)
    for hour in HOUR_TICKS:
        plot.text(plot.x(hour * INTERVALS_PER_HOUR), 4, f"{hour:02}:00" if hour < HOURS_PER_DAY else "24:00")
    names = [(ACCENT, words("legend_this_week"), True), *([(INK_SOFT, words("legend_usual"), True)] if usual else [])]
    legend(plot, names, right=width - 4, y=height - 8)
    return plot.drawing


def forecast_curve(
    report: WeeklyReport, found: WeekForecasts, words: Words, *, width: float = CONTENT_WIDTH, height: float = 128
) -> Any:  # noqa: ANN401
    """What was forecast at the beginning of each day with its 80 % band, and what was measured."""
    curve, monday = found.curve, report.week.monday
    at = [_position(start, monday) for start in curve["interval_start"]]
    columns = ("mean_kwh", "q10", "q90", "usage_kwh")
    mean, low, high, measured = ([kwh * INTERVALS_PER_HOUR for kwh in curve[name]] for name in columns)
    ticks = nice_ticks(max(*high, *measured))
    plot = Plot(width, height, x_top=DAYS_PER_WEEK, y_top=ticks[-1], bottom=14, top=17)
    plot.y_axis(ticks, words, unit="kW")
    step = 1 / INTERVALS_PER_DAY
    for first, after in _spans(at, step):
        middles = [x + step / 2 for x in at[first:after]]
        lower, upper = (
            list(zip(middles, low[first:after], strict=True)),
            list(zip(middles, high[first:after], strict=True)),
        )
        plot.area([*lower, *reversed(upper)], colour=BAND_PALE)
        plot.line(list(zip(middles, measured[first:after], strict=True)), colour=INK_SOFT, width=0.6)
        plot.line(list(zip(middles, mean[first:after], strict=True)), colour=ACCENT, width=1.1)
    for index, day in enumerate(report.consumption.days):
        plot.text(plot.x(index + 0.5), 4, words.weekdays[day.date.weekday()])
    names = [
        (ACCENT, words("legend_forecast"), True),
        (BAND_PALE, words("legend_band"), False),
        (INK_SOFT, words("legend_measured"), True),
    ]
    legend(plot, names, right=width - 2, y=height - 8)
    return plot.drawing


def _spans(at: Sequence[float], step: float) -> Iterator[tuple[int, int]]:
    """First and after the last place of each stretch without a gap."""
    first = 0
    for index in range(1, len(at) + 1):
        if index == len(at) or at[index] - at[index - 1] > 1.5 * step:
            yield first, index
            first = index


def hour_means(report: WeeklyReport) -> dict[tuple[int, int], float]:
    """Mean demand in kW by day (0 is Monday) and hour; hours without a reading are left out."""
    start = pl.col("interval_start")
    means = report.series.group_by(day=start.dt.weekday() - 1, hour=start.dt.hour()).agg(pl.col("demand_kw").mean())
    return {(day, hour): kw for day, hour, kw in means.iter_rows()}


def heat_map(report: WeeklyReport, words: Words, *, width: float = CONTENT_WIDTH, height: float = 96) -> Any:  # noqa: ANN401
    """Mean demand by hour and day, darker where it was higher."""
    means = hour_means(report)
    ticks = nice_ticks(max(means.values()), most=4)
    plot = Plot(width, height, x_top=HOURS_PER_DAY, y_top=DAYS_PER_WEEK, left=54, bottom=13, right=2, top=16)
    cell_width, cell_height = plot.x(1) - plot.x(0), plot.y(1) - plot.y(0)
    for (number, hour), kw in sorted(means.items()):
        place = plot.x(hour), plot.y(DAYS_PER_WEEK - 1 - number)
        plot.box(*place, cell_width - 0.8, cell_height - 0.8, colour=shade(kw / ticks[-1]))
    for index, day in enumerate(report.consumption.days):
        y = plot.y(DAYS_PER_WEEK - 0.5 - index) - 2.4
        plot.text(plot.left - 5, y, words.day(day.date), anchor="end", colour=INK)
    for hour in range(0, HOURS_PER_DAY + 1, 2):
        plot.text(plot.x(hour) - 0.4, 3, f"{hour:02}")
    _scale(plot, ticks, words)
    return plot.drawing


def _scale(plot: Plot, ticks: Sequence[float], words: Words) -> None:
    """What the shades mean, in one row at the top right."""
    x, y, step = plot.width - 4, plot.height - 8, 24
    plot.text(x, y, "kW", anchor="end")
    x -= 16
    for tick in reversed(ticks):
        label = words.number(tick)
        plot.text(x, y, label, anchor="end")
        x -= text_width(label) + 4
        plot.box(x - 9, y - 1.2, 9, 7, colour=shade(tick / ticks[-1]))
        x -= step - 6


def shade(share: float) -> str:
    """The colour of a share 0-1 on the scale from little to much.

    >>> shade(0.0), shade(1.0)
    ('#f3f6f9', '#12324d')
    """
    place = min(max(share, 0.0), 1.0) * (len(HEAT) - 1)
    below = min(int(place), len(HEAT) - 2)
    ends = [[int(HEAT[index][at : at + 2], 16) for at in (1, 3, 5)] for index in (below, below + 1)]
    mixed = [round(low + (high - low) * (place - below)) for low, high in zip(*ends, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)
