"""Answers to why on the toy plant, which takes 2, 10 or 20 kWh an interval in its bands at 1, 2 and 3 KRW/kWh."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import LANGUAGES, Language
from steel_energy.asking.outcomes import Focus, Note, Period, Request
from steel_energy.errors import NotEnoughDataError
from steel_energy.explaining import PastExplanation, PastLoad, explain_day, explain_interval, explain_peak, past_load
from steel_energy.explaining.records import DayType
from steel_energy.telling.changing.drivers import detail_of
from steel_energy.telling.formats import voice
from steel_energy.telling.records import Told
from steel_energy.telling.tell import tell
from steel_energy.testing import toy_plant, toy_readings, toy_tariff, varied_readings

SEOUL = ZoneInfo("Asia/Seoul")
NOON = dt.datetime(2018, 2, 1, 12, tzinfo=SEOUL)  # a Thursday, usually 20 kWh in the maximum band
FEBRUARY = Period(start=dt.datetime(2018, 2, 1, tzinfo=SEOUL), end=dt.datetime(2018, 3, 1, tzinfo=SEOUL))
SOURCE = {"kind": "file", "location": "toy.csv", "is_simulated": False}
Teller = Callable[..., Told]


def plain(told: Told) -> str:
    """The text with hyphens for minus signs and dashes."""
    return told.text.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


@cache
def past_with(usage_kwh: float | None = None, *, at: dt.datetime = NOON, intervals: int = 1) -> PastLoad:
    """January and February 2018 with the energy of some intervals changed."""
    readings, start = toy_readings(days=59), pl.col("interval_start")
    if usage_kwh is not None:
        is_changed = start.is_between(at, at + intervals * dt.timedelta(minutes=15), closed="left")
        usage = pl.when(is_changed).then(usage_kwh).otherwise(pl.col("usage_kwh"))
        readings = readings.with_columns(usage_kwh=usage)
    return past_load(readings, plant=toy_plant(), tariff=toy_tariff())


@cache
def varied() -> PastLoad:
    """Two months drawn at random."""
    return past_load(varied_readings(days=59, plant=toy_plant()), plant=toy_plant(), tariff=toy_tariff())


def answer_of(made: PastExplanation) -> dict[str, Any]:
    """What the route answers, as far as it is told."""
    record = TypeAdapter(PastExplanation).dump_python(made, mode="json")
    bill = {"lines": record["bill"], "total_krw": sum(change.amount_krw for change in made.bill)}
    times = {"from": record["start"], "to": record["end"]}
    parts = [{**part, "values": _known(part["values"])} for part in record["contributions"]]
    more = {"contributions": parts, "difference_kwh": made.difference_kwh, "bill": bill, "source": SOURCE}
    return {**record, **times, **more}


def _known(values: dict[str, Any]) -> dict[str, Any]:
    is_unknown = {name: isinstance(value, float) and math.isnan(value) for name, value in values.items()}
    return {name: None if is_unknown[name] else value for name, value in values.items()}


def say(
    made: PastExplanation,
    scene: Any,
    *,
    language: Language = "en",
    period: Period | None = None,
    notes: tuple[Note, ...] = (),
) -> Told:
    """The answer to a why."""
    slots = {"kind": made.kind, "at": made.start, "date": made.start.date()}
    request = Request.model_validate(
        {"intent": "explain", "slots": slots, "language": language, "notes": notes, "focus": Focus(period=period)}
    )
    return tell(request, [answer_of(made)], scene)


def test_an_interval_tells_its_usual_and_by_how_much_it_was_above(scene):
    """44 kWh at noon in place of 20: 96 kW more demand, and 24 kWh at 3 KRW."""
    told = say(explain_interval(past_with(44), NOON), scene)

    assert plain(told).startswith(
        "Thursday 1 February 2018, 12:00-12:15: 44.0 kWh in 15 minutes (176.0 kW), 24.0 kWh above the usual at that "
        "time (20.0 kWh: median of 23 earlier working weekdays)."
    )
    assert "In the bill: 1,032 KRW more than the usual would cost." in plain(told)
    assert plain(told).endswith("These are patterns in what the meter recorded, no proven causes.")
    assert told.figures["difference_kwh"] == 24


def test_a_peak_tells_power_and_usual_power_of_the_period_that_was_named(scene):
    told = say(explain_peak(past_with(44), FEBRUARY.start, FEBRUARY.end), scene, language="es", period=FEBRUARY)

    assert told.period == FEBRUARY
    assert plain(told).startswith(
        "Demanda máxima en febrero de 2018: 176,0 kW, el jueves 1 de febrero, 12:00-12:15; lo habitual a esa hora es "
        "80,0 kW (mediana de 23 días laborables anteriores). En esos 15 minutos: 44,0 kWh, 24,0 kWh más que lo "
        "habitual."
    )


def test_a_peak_of_one_day_names_the_day_once(scene):
    day = Period(start=FEBRUARY.start, end=FEBRUARY.start + dt.timedelta(days=1))
    told = say(explain_peak(past_with(44), day.start, day.end), scene, period=day)

    assert plain(told).startswith("Highest demand on Thursday 1 February 2018: 176.0 kW at 12:00-12:15; usual at")


def test_a_period_that_is_explained_by_its_peak_says_so_first(scene):
    made = explain_peak(past_with(44), FEBRUARY.start, FEBRUARY.end)
    told = say(made, scene, period=FEBRUARY, notes=("explained_by_peak",))

    assert told.text.startswith("I can explain a day, a quarter of an hour or a peak; this is about the peak")


def test_a_day_tells_in_which_hours_it_differs(scene):
    """Four hours of 44 kWh in place of 20: 384 kWh above 736."""
    told = say(explain_day(past_with(44, intervals=16), NOON.date()), scene)

    assert plain(told).startswith(
        "Thursday 1 February 2018: 1,120 kWh, 384.0 kWh above the usual (736.0 kWh: median of 23 earlier working "
        "weekdays)."
    )
    assert "Mostly 12:00-16:00: 704.0 kWh instead of 320.0 kWh." in plain(told)


def test_a_usual_day_has_little_to_explain(scene):
    told = say(explain_day(past_with(), NOON.date()), scene, language="es")

    assert "736,0 kWh, más o menos lo habitual (736,0 kWh: " in plain(told)
    assert "hay poco que explicar" in plain(told)
    assert "Sobre todo" not in plain(told)


def test_of_a_closed_day_it_is_told_what_that_alone_makes(scene):
    """A Sunday's 192 kWh beside the 736 of a median day."""
    told = say(explain_day(past_with(), dt.date(2018, 2, 18)), scene)

    assert "Against the median of all days (736.0 kWh), being a closed day makes -544.0 kWh." in plain(told)


def test_the_drivers_and_what_is_unexplained_add_up_to_the_difference(scene):
    start = dt.datetime(2018, 2, 14, 13, 30, tzinfo=SEOUL)
    told = say(explain_interval(varied(), start), scene)
    parts = [
        f"{code}_kwh" for code in ("operating_state", "tariff_band", "reactive", "recent_level", "others", "remainder")
    ]

    assert sum(told.figures.get(name, 0.0) for name in parts) == pytest.approx(told.figures["difference_kwh"], abs=0.01)


def test_the_chart_has_a_bar_for_each_contribution(scene):
    made = explain_day(past_with(44, intervals=16), NOON.date())
    chart = say(made, scene, language="es").chart

    assert (chart.kind, chart.unit, len(chart.x)) == ("bar", "kWh", len(made.contributions))
    assert sum(chart.series[0].values) == pytest.approx(384, abs=0.01)
    assert chart.x[-1] == "Sin explicar"


def test_what_is_not_known_is_not_told():
    part = {"code": "recent_level", "kwh": 1.0, "values": {"hours": 4.0, "recent_kw": None, "usual_recent_kw": 1.0}}

    assert detail_of(part, {}, voice("en")) == ""


@pytest.mark.parametrize("kind", ["open_weekday", "open_saturday", "open_sunday", "closed"])
def test_every_kind_of_day_has_words(kind: DayType):
    for language in LANGUAGES:
        assert voice(language)(f"ex_{kind}")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(0, 59 * 96 - 1), kind=st.sampled_from(["interval", "day"]), language=st.sampled_from(LANGUAGES))
def test_every_number_of_an_answer_stands_in_its_figures(scene, row, kind, language):
    past = varied()
    start = past.readings["interval_start"][row]
    try:
        made = explain_interval(past, start) if kind == "interval" else explain_day(past, start.date())
    except NotEnoughDataError:
        return  # the first weeks have too little before them
    told = say(made, scene, language=language)

    assert grounded(told.text, told.figures) == []
    assert "{" not in told.text
