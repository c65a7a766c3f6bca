"""The service's rows as columns that a chart can draw; pure, and without a colour.

Times become plant wall time without a zone, which is how Bokeh shows them to every reader, wherever their browser is.
An interval is drawn as a step from its start to its end, so each stepped column repeats its last value at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from steel_ui.client import INTERVAL, INTERVALS_PER_HOUR, Forecast, History, Reading, Step
from steel_ui.words import DASH, Words

Columns = dict[str, list[object]]
WINDOWS = ("1d", "3d", "14d")
"""The periods the page offers: the last 24 hours, three days or two weeks of readings, each with the forecast."""


class InBand(Protocol):
    """An interval that lies in a tariff band: a reading, a step of a forecast, or one of a plan."""

    @property
    def interval_start(self) -> dt.datetime:
        """Its start, with the plant's offset."""

    @property
    def band(self) -> str:
        """Its tariff band: light, medium or maximum."""


@dataclass(frozen=True)
class BandRun:
    """A stretch of intervals in one tariff band, in plant wall time."""

    start: dt.datetime
    end: dt.datetime
    band: str


def wall(moment: dt.datetime) -> dt.datetime:
    """``moment`` as the plant's clock shows it.

    >>> wall(dt.datetime.fromisoformat("2018-01-01T06:00:00+09:00"))
    datetime.datetime(2018, 1, 1, 6, 0)
    """
    return moment.replace(tzinfo=None)


def band_runs(rows: Sequence[InBand]) -> list[BandRun]:
    """The tariff bands of ``rows`` (in time order), neighbours of one band joined."""
    return [
        BandRun(wall(run[0].interval_start), wall(run[-1].interval_start) + INTERVAL, band)
        for band, group in groupby(rows, key=lambda row: row.band)
        for run in [list(group)]
    ]


def stepped(rows: Sequence[InBand], **columns: Sequence[float]) -> Columns:
    """Columns ``time`` and each of ``columns`` for a stepped line or area over ``rows``."""
    times: list[object] = [wall(row.interval_start) for row in rows]
    end = wall(rows[-1].interval_start) + INTERVAL
    return {"time": [*times, end]} | {name: [*values, values[-1]] for name, values in columns.items()}


def measured_line(history: History) -> Columns:
    """Stepped columns of the readings: ``time``, ``usage_kwh``."""
    return stepped(history.rows, usage_kwh=[row.usage_kwh for row in history.rows])


def expected_line(forecast: Forecast) -> Columns:
    """Stepped columns of the forecast: ``time``, ``mean_kwh``, ``q05``, ``q10``, ``q90``, ``q95``."""
    steps = forecast.intervals
    return stepped(
        steps,
        mean_kwh=[step.mean_kwh for step in steps],
        q05=[step.q05 for step in steps],
        q10=[step.q10 for step in steps],
        q90=[step.q90 for step in steps],
        q95=[step.q95 for step in steps],
    )


def repaired_points(history: History) -> Columns:
    """Middle and value of each reading with a repaired cell: ``time``, ``usage_kwh``."""
    rows = [row for row in history.rows if row.repaired]
    return {"time": [wall(row.interval_start) + INTERVAL / 2 for row in rows], "usage_kwh": [r.usage_kwh for r in rows]}


def hover_columns(rows: Sequence[Reading | Step], *, words: Words, afterwards: History | None = None) -> Columns:
    """What the pointer reads: one box for each interval, and its texts with units; ``afterwards`` for a forecast's.

    Columns ``left``, ``right``, ``top`` for the box, which is as high as what is drawn there; ``when``, ``energy``,
    ``power``, ``band``, ``note`` as texts.
    """
    came = {row.interval_start: row.usage_kwh for row in afterwards.rows} if afterwards else {}
    return {
        "left": [wall(row.interval_start) for row in rows],
        "right": [wall(row.interval_start) + INTERVAL for row in rows],
        "top": [max(_height_kwh(row), came.get(row.interval_start, 0)) for row in rows],
        "when": [_when(row.interval_start, words) for row in rows],
        "energy": [f"{words.number(_kwh(row), digits=2)} {words.units.energy}" for row in rows],
        "power": [f"{words.number(_kwh(row) * INTERVALS_PER_HOUR)} {words.units.power}" for row in rows],
        "band": [words(f"band_{row.band}") for row in rows],
        "note": [" · ".join(_notes(row, words, came.get(row.interval_start))) for row in rows],
    }


def all_rows(history: History | None, forecast: Forecast | None) -> list[Reading | Step]:
    """Readings and then the forecast, as far as they are there."""
    rows: list[Reading | Step] = []
    rows.extend(history.rows if history else ())
    rows.extend(forecast.intervals if forecast else ())
    return rows


def full_span(history: History | None, forecast: Forecast | None) -> tuple[dt.datetime, dt.datetime]:
    """First start and last end of everything that is drawn, in plant wall time; one of the two must be there."""
    rows = all_rows(history, forecast)
    return wall(rows[0].interval_start), wall(rows[-1].interval_start) + INTERVAL


def shown_span(history: History | None, forecast: Forecast | None, *, window: str) -> tuple[dt.datetime, dt.datetime]:
    """The part to show first: ``window`` ("1d", "3d", "14d") of readings, and the whole forecast."""
    first, last = full_span(history, forecast)
    now = wall(forecast.origin) if forecast else last
    return max(first, now - dt.timedelta(days=int(window.removesuffix("d")))), last


def highest_kwh(history: History | None, forecast: Forecast | None, *, start: dt.datetime, end: dt.datetime) -> float:
    """The highest value drawn from ``start`` to ``end`` (plant wall time), the upper edge of the band included."""
    rows = all_rows(history, forecast)
    return max(_height_kwh(row) for row in rows if start <= wall(row.interval_start) < end)


def table(history: History | None, forecast: Forecast | None, afterwards: History | None = None) -> Columns:
    """Everything that is drawn as columns of one length: start of the interval, what was measured, what is expected."""
    came = {row.interval_start: row.usage_kwh for row in afterwards.rows} if afterwards else {}
    rows = all_rows(history, forecast)
    steps = [row if isinstance(row, Step) else None for row in rows]
    measured = [row.usage_kwh if isinstance(row, Reading) else came.get(row.interval_start) for row in rows]
    return {
        "interval_start": [row.interval_start.isoformat() for row in rows],
        "band": [row.band for row in rows],
        "measured_kwh": list(measured),
        **{
            f"forecast_{name}": [getattr(step, name) if step else None for step in steps]
            for name in ("mean_kwh", "q05", "q10", "q90", "q95")
        },
    }


def _height_kwh(row: Reading | Step) -> float:
    return row.usage_kwh if isinstance(row, Reading) else row.q95


def _kwh(row: Reading | Step) -> float:
    return row.usage_kwh if isinstance(row, Reading) else row.mean_kwh


def _when(start: dt.datetime, words: Words) -> str:
    return f"{words.moment(start)}{DASH}{start + INTERVAL:%H:%M}"


def _notes(row: Reading | Step, words: Words, came_kwh: float | None) -> Iterator[str]:
    if came_kwh is not None:
        yield f"{words('legend_afterwards')} {words.number(came_kwh, digits=2)} {words.units.energy}"
    if isinstance(row, Step):
        for key, low, high in (("legend_80", row.q10, row.q90), ("legend_90", row.q05, row.q95)):
            yield f"{words(key)} {words.number(low, digits=1)}{DASH}{words.number(high, digits=1)} {words.units.energy}"
    elif row.repaired:
        yield words("hover_repaired")
