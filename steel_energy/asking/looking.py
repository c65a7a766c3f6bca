"""Requests that look: forecasts, histories, bills and explanations."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from steel_energy.asking.hearing import Heard
from steel_energy.asking.moments import DAY, Direction, Said, Stretch, days
from steel_energy.asking.outcomes import (
    AnySlots,
    BillSlots,
    Doubt,
    ExplainSlots,
    Focus,
    ForecastSlots,
    HistorySlots,
    Intent,
    Note,
    Request,
)
from steel_energy.asking.scene import Scene
from steel_energy.asking.timing import When, ahead, day_of, known, when, with_clocks
from steel_energy.history import Aggregation
from steel_energy.schema import INTERVAL_MINUTES
from steel_energy.timeline import MAX_HORIZON

HOURLY_DAYS, DAILY_DAYS = 2, 92
PAIR = 2
COLUMNS = {
    "usage": ("usage_kwh",),
    "cost": ("usage_kwh", "cost_krw"),
    "co2": ("co2_t",),
    "peak": ("peak_kw",),
    "power_factor": ("lagging_power_factor", "leading_power_factor"),
    "reactive": ("lagging_reactive_kvarh", "leading_reactive_kvarh"),
    "load_type": ("usage_kwh", "load_type"),
}
"""Measure to the columns of /history that show it."""
MEASURED_ALONE = frozenset({"power_factor", "reactive", "load_type"})
"""What nobody forecasts."""


def forecast(heard: Heard, scene: Scene) -> Request:
    """The forecast of a moment or period; of the next day where none is named.

    A certain stretch of the past is forecast as of its start, where a forecast is asked for by name.
    """
    heard = _by_band(heard)
    there = when(heard, scene, "future") or next_day(scene)
    if there.stretch.end > scene.clock:
        return _coming(there, heard, scene)
    length = _length(there.stretch)
    if not heard.words.says(heard.text, "named_forecast") or length > MAX_HORIZON:
        return _measured(there, heard, scene)
    start, _ = _full_quarters(there.stretch)
    return _request("forecast", ForecastSlots(at=scene.aware(start), horizon=length), heard, there, scene)


def _coming(there: When, heard: Heard, scene: Scene) -> Request:
    there, beside = ahead(there, scene), _beside(heard, scene)
    end = max(there.stretch.end, beside.stretch.end if beside else there.stretch.end)
    slots = ForecastSlots(horizon=scene.intervals_until(end))
    return _request("forecast", slots, heard, there, scene, beside=beside)


def history(heard: Heard, scene: Scene) -> Request:
    """Readings of the past; a forecast where only the future can be meant."""
    heard = _by_band(heard)
    there = when(heard, scene, heard.tense or heard.leaning or ("past" if heard.measure in MEASURED_ALONE else None))
    if there is None:
        raise Doubt("period")
    is_open = there.stretch.end > scene.clock
    if heard.tense != "past" and (there.stretch.start >= scene.clock or (is_open and heard.tense == "future")):
        return _coming(there, heard, scene)
    return _measured(there, heard, scene)


def _measured(there: When, heard: Heard, scene: Scene) -> Request:
    is_by_days = heard.aggregation == "day" and heard.days and not _is_in_hours(heard.days[0], heard)
    there = known(_by_days(there) if is_by_days else there, scene)
    start, end = _full_quarters(there.stretch)
    slots = HistorySlots.model_validate(
        {
            "from": scene.aware(start),
            "to": scene.aware(end),
            "aggregation": heard.aggregation or _aggregation(there, by_band=heard.band is not None),
            "columns": COLUMNS[heard.measure or "usage"],
        }
    )
    return _request("history", slots, heard, there, scene, beside=_beside(heard, scene))


def bill(heard: Heard, scene: Scene) -> Request:
    """The bill of a period, under the plant's own tariff first where others are named."""
    heard = _by_band(heard)
    there = when(heard, scene, heard.tense or "past")
    if there is None:
        raise Doubt("period")
    if there.stretch.start >= scene.clock and heard.tense != "past":
        return _coming(there, heard, scene)
    there = known(there, scene)
    start, end = _full_quarters(there.stretch)
    body: dict[str, Any] = {"from": scene.aware(start), "to": scene.aware(end)}
    tariffs = heard.tariffs or (scene.tariffs if heard.words.says(heard.text, "every_tariff") else ())
    if not tariffs and heard.words.says(heard.text, "tariff_option"):
        raise tariff_doubt(heard, scene)
    if tariffs:
        body["tariffs"] = tuple(dict.fromkeys((scene.tariff.id, *tariffs)))
    return _request("bill", BillSlots.model_validate(body), heard, there, scene, beside=_beside(heard, scene))


def tariff_doubt(heard: Heard, scene: Scene) -> Doubt:
    """The question which tariff is meant, beside the plant's own."""
    others = [one for one in scene.tariffs if one != scene.tariff.id]
    return Doubt("tariff", options=tuple(others), joined=heard.words.text("or").join(others))


def explain(heard: Heard, scene: Scene) -> Request:
    """Why: of a forecast where it is named or lies ahead, else of a day, a quarter of an hour or the highest demand."""
    is_forecast = heard.words.says(heard.text, "named_forecast") or "forecast" in heard.intents
    is_forecast = is_forecast or (heard.leaning == "future" and heard.tense is None)
    direction: Direction = "future" if is_forecast and heard.tense != "past" else "past"
    there = when(heard, scene, direction)
    if there is None and not is_forecast and heard.words.says(heard.text, "ongoing"):
        there = _today(scene)
    if there is None and not is_forecast:
        raise Doubt("period")
    if there is None or there.stretch.start >= scene.clock or direction == "future":
        return _explain_forecast(there or next_day(scene), heard, scene)
    there = known(there, scene)
    return _explain_past(there, heard, scene)


def next_day(scene: Scene) -> When:
    """The 24 hours from now on."""
    stretch = Stretch(scene.clock, scene.clock + DAY)
    return When(stretch, stretch, notes=("assumed_next_day",))


def _today(scene: Scene) -> When:
    today = days(scene.clock.date())
    return When(today, today)


def _by_band(heard: Heard) -> Heard:
    """Hours of a band as the band itself: on a Sunday all hours are off-peak. Beside other hours they are left out."""
    bands = dict.fromkeys(clock.band for clock in heard.clocks if clock.band)
    if not bands:
        return heard
    clocks = tuple(clock for clock in heard.clocks if not clock.band)
    return dataclasses.replace(
        heard, clocks=clocks, band=heard.band or (next(iter(bands)) if len(bands) == 1 else None)
    )


def _beside(heard: Heard, scene: Scene) -> When | None:
    """A second stretch to look at as well, of the past or ahead.

    Raises:
        Doubt: there are more than two, or the second cannot be told.
    """
    if len(heard.days) <= 1:
        return None
    if len(heard.days) > PAIR:
        raise Doubt("period")
    said = heard.days[1]
    day = day_of(said, heard, scene, heard.tense or heard.leaning or ("past" if heard.is_compared else None))
    there = with_clocks(day, heard.clocks, said, scene)
    return known(there, scene) if there.stretch.start < scene.clock else ahead(there, scene)


def _explain_forecast(there: When, heard: Heard, scene: Scene) -> Request:
    there = ahead(there, scene)
    body: dict[str, Any] = {"kind": "forecast", "horizon": scene.intervals_until(there.stretch.end)}
    if there.is_moment:
        body["interval"] = scene.aware(there.stretch.start)
    return _request("explain", ExplainSlots.model_validate(body), heard, there, scene)


def _explain_past(there: When, heard: Heard, scene: Scene) -> Request:
    start, end = _full_quarters(there.stretch)
    notes: tuple[Note, ...] = ()
    if there.is_moment:
        body: dict[str, Any] = {"kind": "interval", "at": scene.aware(start)}
    elif there.stretch.is_one_day and heard.measure != "peak" and not there.hours:
        body = {"kind": "day", "date": start.date()}
    elif heard.statistic == "minimum" and heard.measure != "peak":  # of many readings only the highest can be explained
        raise Doubt("period")
    else:
        body = {"kind": "peak", "from": scene.aware(start), "to": scene.aware(end)}
        notes = () if heard.measure == "peak" else ("explained_by_peak",)
    return _request("explain", ExplainSlots.model_validate(body), heard, there, scene, notes=notes)


def _request(
    intent: Intent,
    slots: AnySlots,
    heard: Heard,
    there: When,
    scene: Scene,
    *,
    notes: tuple[Note, ...] = (),
    beside: When | None = None,
) -> Request:
    focus = {
        "period": there.period(scene),
        "compared": beside.period(scene) if beside else None,
        "hours": there.hours,
        "band": heard.band,
        "measure": heard.measure or ("cost" if intent == "bill" else "usage"),
        "statistic": heard.statistic,
    }
    return Request(
        intent=intent,
        slots=slots,
        language=heard.language,
        focus=Focus.model_validate(focus),
        notes=tuple(dict.fromkeys((*notes, *there.notes))),
    )


def _aggregation(there: When, *, by_band: bool) -> Aggregation:
    """As fine as the stretch is short; no coarser than the hours or the band that count."""
    length = there.stretch.end - there.stretch.start
    if length < dt.timedelta(hours=1):
        return "15min"
    if length <= HOURLY_DAYS * DAY or there.hours or by_band:
        return "hour"
    return "day" if length <= DAILY_DAYS * DAY else "month"


def _is_in_hours(said: Said, heard: Heard) -> bool:
    return any(heard.words["units"].get(word) == "hour" for word in said.words.split())


def _by_days(there: When) -> When:
    """The last so many days, day by day, are whole ones: those before today."""
    start, end = (dt.datetime.combine(one.date(), dt.time()) for one in (there.stretch.start, there.stretch.end))
    is_rolling = there.stretch.end - there.stretch.start == end - start and start != there.stretch.start
    return dataclasses.replace(there, stretch=Stretch(start, end)) if is_rolling else there


def _length(stretch: Stretch) -> int:
    return max(1, round((stretch.end - stretch.start) / dt.timedelta(minutes=INTERVAL_MINUTES)))


def _full_quarters(stretch: Stretch) -> tuple[dt.datetime, dt.datetime]:
    """The stretch on the grid: readings end on it, so only what was said can lie between."""
    grid = dt.timedelta(minutes=INTERVAL_MINUTES)
    start = stretch.start - (stretch.start - dt.datetime.combine(stretch.start.date(), dt.time())) % grid
    over = (stretch.end - dt.datetime.combine(stretch.end.date(), dt.time())) % grid
    end = stretch.end - over
    return start, max(end, start + grid)
