"""Charts of what was measured or is expected: one point for each window, at most as many as a chart holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from steel_energy.history import Aggregation
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.telling.formats import sentence
from steel_energy.telling.looking.calls import ORDER
from steel_energy.telling.looking.look import Look
from steel_energy.telling.looking.rows import Row, windows
from steel_energy.telling.looking.sums import BANDS, MAIN, figures_of
from steel_energy.telling.records import MAX_POINTS, Chart, Series

UNITS = {
    "usage": "kWh",
    "cost": "KRW",
    "co2": "t",
    "peak": "kW",
    "power_factor": "%",
    "reactive": "kvarh",
    "load_type": "kWh",
}
PAIRS = {
    "power_factor": ("lagging_power_factor", "leading_power_factor"),
    "reactive": ("lagging_reactive_kvarh", "leading_reactive_kvarh"),
}
"""Measures of two lines."""
POWERS = ("usage", "peak")
"""Measures whose forecast is drawn as demand."""
BARS = ("day", "week", "month")
FEWEST = 2


def history_chart(look: Look, aggregation: Aggregation) -> Chart | None:
    """The windows of a look over time, or its load types; None where there is but one window."""
    if look.measure == "load_type" and look.rows:
        return _load_type_chart(look)
    grain, found = _grained(look.rows, aggregation)
    if len(found) < FEWEST:
        return None
    say, measure = look.voice, look.measure
    sums = [figures_of(measure, rows) for rows in found.values()]
    names = PAIRS.get(measure, (MAIN[measure],))
    title = "chart_title_expected" if look.is_expected else "chart_title"
    series = tuple(Series(name=say(f"series_{name}"), values=tuple(one[name] for one in sums)) for name in names)
    return Chart(
        kind="bar" if grain in BARS else "line",
        title=say(title, noun=sentence(say(f"chart_{measure}")), per=say(f"per_{grain}")),
        unit=UNITS[measure],
        x=tuple(opening.isoformat() for opening in found),
        x_kind="time",
        series=series,
    )


def forecast_chart(look: Look) -> Chart | None:
    """Expected demand with the range that holds nine times in ten; of hours, means and the widest of their quarters.

    What is not measured by power is drawn as the past is.
    """
    if look.measure not in POWERS:
        return history_chart(look, "hour")
    grain, found = _grained(look.rows, "15min")
    if len(found) < FEWEST:
        return None
    say = look.voice
    demand = Series(
        name=say("series_expected"),
        values=tuple(_mean_kw([row.values["usage_kwh"] for row in rows]) for rows in found.values()),
        lower=tuple(INTERVALS_PER_HOUR * min(_ranges(rows, 0)) for rows in found.values()),
        upper=tuple(INTERVALS_PER_HOUR * max(_ranges(rows, 1)) for rows in found.values()),
    )
    return Chart(
        kind="band",
        title=say("chart_expected", per=say(f"per_{grain}")),
        unit="kW",
        x=tuple(opening.isoformat() for opening in found),
        x_kind="time",
        series=(demand,),
    )


def comparison_chart(look: Look, beside: Look) -> Chart | None:
    """Two looks side by side; None where one has no rows."""
    if not (look.rows and beside.rows):
        return None
    say, measure = look.voice, look.measure
    names = PAIRS.get(measure, (MAIN[measure],))
    pair = (beside, look) if beside.period.start < look.period.start else (look, beside)
    return Chart(
        kind="bar",
        title=sentence(say(f"chart_{measure}")),
        unit=UNITS[measure],
        x=tuple(sentence(one.during()) for one in pair),
        x_kind="category",
        series=tuple(
            Series(name=say(f"series_{name}"), values=tuple(one.figures[name] for one in pair)) for name in names
        ),
    )


def _load_type_chart(look: Look) -> Chart:
    say, figures = look.voice, look.figures
    there = [band for band in BANDS if f"{band}_kwh" in figures]
    values = tuple(figures[f"{band}_kwh"] for band in there)
    return Chart(
        kind="bar",
        title=sentence(say("chart_load_type")),
        unit="kWh",
        x=tuple(sentence(say(f"load_{band}")) for band in there),
        x_kind="category",
        series=(Series(name=say("series_usage_kwh"), values=values),),
    )


def _grained(rows: Sequence[Row], aggregation: Aggregation) -> tuple[Aggregation, dict[dt.datetime, list[Row]]]:
    """Windows of at least that size, so large that there are few enough of them; with their size."""
    for grain in ORDER[ORDER.index(aggregation) :]:
        found = windows(rows, grain)
        if len(found) <= MAX_POINTS:
            break
    return grain, dict(list(found.items())[-MAX_POINTS:])


def _mean_kw(energies_kwh: Sequence[float]) -> float:
    return INTERVALS_PER_HOUR * sum(energies_kwh) / len(energies_kwh)


def _ranges(rows: Sequence[Row], end: int) -> list[float]:
    return [row.range_kwh[end] for row in rows if row.range_kwh is not None]
