from __future__ import annotations

import datetime as dt

import pytest

from steel_ui import series
from steel_ui.client import Forecast, History
from steel_ui.testing import REPAIRED
from steel_ui.words import Words

FIRST_DAY = dt.datetime(2018, 1, 1)  # noqa: DTZ001 - plant wall time has no zone
NOW = dt.datetime(2018, 1, 15)  # noqa: DTZ001
END = dt.datetime(2018, 1, 16)  # noqa: DTZ001


def test_bands_are_joined_into_runs_over_midnight(history: History) -> None:
    runs = series.band_runs(history.rows[: 2 * 96])

    spans = [(run.band, run.start.hour, (run.end - run.start) / dt.timedelta(hours=1)) for run in runs]
    assert spans == [
        ("light", 0, 8),
        ("medium", 8, 4),
        ("maximum", 12, 4),
        ("medium", 16, 4),
        ("light", 20, 12),
        ("medium", 8, 4),
        ("maximum", 12, 4),
        ("medium", 16, 4),
        ("light", 20, 4),
    ]


def test_bands_leave_no_gap_and_do_not_overlap(history: History) -> None:
    runs = series.band_runs(history.rows)

    assert [run.end for run in runs[:-1]] == [run.start for run in runs[1:]]
    assert (runs[0].start, runs[-1].end) == (FIRST_DAY, NOW)


def test_a_stepped_line_ends_at_the_end_of_its_last_interval(forecast: Forecast) -> None:
    line = series.expected_line(forecast)

    assert {name: len(values) for name, values in line.items()} == dict.fromkeys(
        ("time", "mean_kwh", "q05", "q10", "q90", "q95"), 97
    )
    assert (line["time"][0], line["time"][-1]) == (NOW, END)
    assert line["mean_kwh"][-1] == line["mean_kwh"][-2]


def test_a_repaired_reading_is_marked_in_the_middle_of_its_interval(history: History) -> None:
    points = series.repaired_points(history)

    assert points == {"time": [series.wall(REPAIRED) + dt.timedelta(minutes=7.5)], "usage_kwh": [20.0]}


@pytest.mark.parametrize(("window", "days"), [("1d", 1), ("3d", 3), ("14d", 14)])
def test_a_window_shows_that_much_past_and_the_whole_forecast(
    history: History, forecast: Forecast, window: str, days: int
) -> None:
    shown = series.shown_span(history, forecast, window=window)

    assert shown == (NOW - dt.timedelta(days=days), END)


def test_a_window_never_reaches_beyond_the_known_readings(history: History, forecast: Forecast) -> None:
    short = History(rows=history.rows[-96:])

    assert series.shown_span(short, forecast, window="14d") == (NOW - dt.timedelta(days=1), END)


def test_without_a_forecast_the_readings_are_shown_alone(history: History) -> None:
    assert series.shown_span(history, None, window="1d") == (NOW - dt.timedelta(days=1), NOW)


def test_the_pointer_reads_numbers_with_units_in_the_readers_language(forecast: Forecast, spanish: Words) -> None:
    columns = series.hover_columns(forecast.intervals[48:49], words=spanish)

    assert columns["when"] == ["lun 15 ene 2018, 12:00\N{EN DASH}12:15"]
    assert (columns["energy"], columns["power"], columns["band"]) == (["33,00 kWh"], ["132 kW"], ["Punta"])
    assert columns["note"] == [
        "Banda 80 % 29,7\N{EN DASH}36,3 kWh · Banda 90 % 26,4\N{EN DASH}39,6 kWh",
    ]


def test_the_pointer_says_which_reading_was_repaired(history: History, english: Words) -> None:
    notes = series.hover_columns(history.rows, words=english)["note"]

    assert [note for note in notes if note] == ["repaired reading"]


def test_times_are_the_plants_clock_wherever_the_browser_is(history: History) -> None:
    start = history.rows[0].interval_start

    assert start.utcoffset() == dt.timedelta(hours=9)
    assert series.wall(start) == FIRST_DAY


def test_the_height_is_that_of_what_is_in_view(history: History, forecast: Forecast) -> None:
    night = NOW - dt.timedelta(hours=4)

    assert series.highest_kwh(history, None, start=FIRST_DAY, end=NOW) == 30
    assert series.highest_kwh(history, forecast, start=night, end=NOW) == 5
    assert series.highest_kwh(history, forecast, start=night, end=END) == pytest.approx(39.6)
