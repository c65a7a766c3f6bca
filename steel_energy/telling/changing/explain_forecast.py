"""The answer to why a forecast is what it is: the base, what each driver adds, and which part of the model says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from steel_energy.asking.outcomes import Period, Request
from steel_energy.asking.scene import Scene
from steel_energy.schema import INTERVAL
from steel_energy.telling.changing.charts import drivers_chart
from steel_energy.telling.changing.phrases import during, provenance, shown_as_nothing, signed, signed_kwh
from steel_energy.telling.formats import Voice, voice
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines

FIELDS = {
    "base": "base_kwh",
    "operating state now": "operating_state_kwh",
    "recent level": "recent_level_kwh",
    "similar days": "similar_days_kwh",
    "calendar and closed days": "calendar_kwh",
    "tariff band": "tariff_band_kwh",
    "reactive energy and power factor": "reactive_kwh",
    "rest": "rest_kwh",
}
"""Driver of a forecast to the field of an interval that holds what it adds."""
MEMBER = re.compile(r"(?P<name>[^,]+), (?P<percent>\d+)% of the ")
USUAL = "usual_kwh"
MOST_DRIVERS = 4


def tell_forecast_explained(request: Request, result: Result, scene: Scene) -> Told:
    """The answer, of the interval that was named or of the wanted part of the forecast."""
    speak, figures = voice(request.language, scene.tariff.measure), dict[str, Any]()
    period = _period(request, result, scene)
    sums = _sums(result, period, scene)
    total = sum(sums.values())
    figures |= {"forecast_kwh": total, "base_kwh": sums["base"]}
    drivers = sorted(((name, kwh) for name, kwh in sums.items() if name != "base"), key=lambda one: -abs(one[1]))
    text = joined(
        [speak("ex_forecast", during=during(period.start, period.end, speak), energy=speak.kwh(total))],
        [_parts(sums["base"], drivers, result, figures, speak), *_usual(result, figures, speak)],
        _made_by(result, figures, speak),
        note_lines(request.notes, period.end, speak),
        origin_lines([result], speak),
        [provenance(result, "forecast_made", scene, speak) or ""],
    )
    shown = [(_label(name, result, speak), kwh) for name, kwh in (("base", sums["base"]), *drivers)]
    return Told(
        text=text,
        figures=figures,
        chart=drivers_chart(shown, speak("ex_forecast_chart")),
        period=period,
        model_version=result["model_version"],
    )


def _period(request: Request, result: Result, scene: Scene) -> Period:
    """What is told of: the one interval, the wanted stretch as far as it is forecast, or all of it."""
    starts = [moment(one["interval_start"], scene) for one in result["intervals"]]
    if result["interval"]:
        start = moment(result["interval"], scene)
        return Period(start=start, end=start + INTERVAL)
    wanted = request.focus.period
    inside = [start for start in starts if wanted is None or wanted.start <= start < wanted.end] or starts
    return Period(start=inside[0], end=inside[-1] + INTERVAL)


def _sums(result: Result, period: Period, scene: Scene) -> dict[str, float]:
    """What each driver adds over a period."""
    inside = [one for one in result["intervals"] if period.start <= moment(one["interval_start"], scene) < period.end]
    return {driver: sum(one[name] for one in inside) for driver, name in FIELDS.items()}


def _label(driver: str, result: Result, speak: Voice) -> str:
    key = driver.replace(" ", "_")
    return speak(f"ex_driver_{key}_whole" if driver == "rest" and result["is_whole"] else f"ex_driver_{key}")


def _parts(base: float, drivers: list[tuple[str, float]], result: Result, figures: dict[str, Any], speak: Voice) -> str:
    """The base, the largest drivers, and the others in one."""
    shown = [one for one in drivers[:MOST_DRIVERS] if not shown_as_nothing(signed(one[1], speak))]
    figures |= {FIELDS[name]: kwh for name, kwh in shown}
    parts = [speak("ex_part", label=_label(name, result, speak), kwh=signed_kwh(kwh, speak)) for name, kwh in shown]
    others = sum(kwh for name, kwh in drivers if (name, kwh) not in shown)
    if not shown_as_nothing(signed(others, speak)):
        figures["others_kwh"] = others
        parts.append(speak("ex_others", kwh=signed_kwh(others, speak)))
    return speak("ex_forecast_parts", base=speak.kwh(base), parts="; ".join(parts))


def _usual(result: Result, figures: dict[str, Any], speak: Voice) -> Iterator[str]:
    """What like days take at the one interval, where the model looked at it."""
    features = (one for part in result["contributions"] for one in part["features"])
    usual = next((one["value"] for one in features if one["feature"] == USUAL), None)
    if usual is not None:
        figures[USUAL] = usual
        yield speak("ex_forecast_usual", usual=speak.kwh(usual))


def _made_by(result: Result, figures: dict[str, Any], speak: Voice) -> Iterator[str]:
    """Which trees are explained, where they are not the whole model."""
    if result["is_whole"]:
        return
    if found := MEMBER.match(result["explained_by"]):
        figures["explained_share"] = int(found["percent"]) / 100
        yield speak("ex_made_by", name=found["name"], share=speak.percent(figures["explained_share"], 0))
    else:
        yield speak("ex_made_by_other", name=result["explained_by"].partition(",")[0])
