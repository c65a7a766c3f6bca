"""The answer to a why: of the past against the usual, in ``explain_forecast`` of a forecast by its drivers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from steel_energy.asking.outcomes import Period, Request
from steel_energy.asking.scene import Scene
from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.telling.changing.charts import drivers_chart
from steel_energy.telling.changing.drivers import detail_of
from steel_energy.telling.changing.explain_forecast import tell_forecast_explained
from steel_energy.telling.changing.phrases import DAY, short_day, shown_as_nothing, signed, signed_kwh, span
from steel_energy.telling.formats import Voice, sentence, voice
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines

BY_PEAK = "explained_by_peak"
MOST_DRIVERS = 3
USUAL_SHARE = 0.02
"""What lies no further from the usual is about the usual."""
TOLD_SHARE = 0.02
"""Of the largest driver: what adds less is told as one of the others."""


@dataclass(frozen=True)
class Past:
    """An explanation of the past as it is being told."""

    request: Request
    result: Result
    scene: Scene
    voice: Voice
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_usual(self) -> bool:
        """Whether there is next to no difference."""
        return bool(abs(self.result["difference_kwh"]) <= USUAL_SHARE * self.result["usual"]["kwh"])


def tell_explain(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer to a why."""
    (result,) = results
    if result["kind"] == "forecast":
        return tell_forecast_explained(request, result, scene)
    told = Past(request, result, scene, voice(request.language, scene.tariff.measure))
    start, end = moment(result["from"], scene), moment(result["to"], scene)
    text = joined(
        [told.voice("ex_by_peak")] if BY_PEAK in request.notes else [],
        [_headline(told, start, end)],
        _kind_of_day(told),
        [_drivers(told)],
        [*_stretch(told), *_bill(told)],
        note_lines(
            (note for note in request.notes if note != BY_PEAK),
            request.focus.period.end if request.focus.period else end,
            told.voice,
        ),
        origin_lines([result], told.voice),
        [told.voice("ex_association")],
    )
    parts = [(told.voice(f"ex_label_{one['code']}"), one["kwh"]) for one in result["contributions"]]
    return Told(
        text=text,
        figures=told.figures,
        chart=drivers_chart(parts, told.voice("ex_chart")),
        period=(request.focus.period if result["kind"] == "peak" else None) or Period(start=start, end=end),
    )


def _headline(told: Past, start: dt.datetime, end: dt.datetime) -> str:
    """How much it was, and how far from what is usual then."""
    result, speak, usual = told.result, told.voice, told.result["usual"]
    kind, difference = result["kind"], result["difference_kwh"]
    told.figures.update(
        {
            "usage_kwh": result["usage_kwh"],
            "usual_kwh": usual["kwh"],
            "difference_kwh": difference,
            "compared_days": usual["cases"],
        }
    )
    if kind != "day":
        told.figures["demand_kw"] = INTERVALS_PER_HOUR * result["usage_kwh"]
        told.figures["usual_kw"] = INTERVALS_PER_HOUR * usual["kwh"]
    beyond = speak("ex_above" if difference > 0 else "ex_below", kwh=speak.kwh(abs(difference)))
    wanted = told.request.focus.period
    words = {
        "day": sentence(speak.day(start.date())) if kind != "peak" else speak.day(start.date()),
        "hours": span(start, end, speak),
        "energy": speak.kwh(result["usage_kwh"]),
        "power": speak.kw(told.figures.get("demand_kw", 0.0)),
        "usual": speak.kwh(usual["kwh"]),
        "cases": _cases(usual, speak),
        "beyond": beyond,
        "during": speak.during(wanted.start, wanted.end) if wanted else speak.during(start, end),
        "when": _when(start, end, wanted, speak),
        "usual_power": speak.kw(told.figures.get("usual_kw", 0.0)),
    }
    return speak(f"ex_{kind}_same" if told.is_usual else f"ex_{kind}", **words)


def _when(start: dt.datetime, end: dt.datetime, wanted: Period | None, speak: Voice) -> str:
    """When a peak was: its hours alone where the day has been said."""
    if wanted and wanted.end - wanted.start <= DAY:
        return span(start, end, speak)
    return speak("ex_peak_when", day=short_day(start.date(), speak), hours=span(start, end, speak))


def _cases(usual: Result, speak: Voice) -> str:
    days = speak(f"ex_{usual['day_type']}")
    return speak(f"ex_cases_{usual['compare']}", count=speak.number(usual["cases"], 0), days=days)


def _kind_of_day(told: Past) -> Iterator[str]:
    """What the kind of day alone makes, on days that are no working weekdays."""
    usual, speak = told.result["usual"], told.voice
    part = next((one["kwh"] for one in usual["parts"] if one["code"] == "day_type"), 0.0)
    if usual["day_type"] != "open_weekday" and not shown_as_nothing(speak.kwh(part)):
        told.figures.update({"all_days_kwh": usual["plant_kwh"], "kind_of_day_kwh": part})
        plant, kwh = speak.kwh(usual["plant_kwh"]), signed_kwh(part, speak)
        yield speak("ex_kind_of_day", plant=plant, kwh=kwh, kind=speak(f"ex_is_{usual['day_type']}"))


def _drivers(told: Past) -> str:
    """The largest contributions with what is behind them, the others in one, and what is left unexplained."""
    speak, parts = told.voice, told.result["contributions"]
    named = sorted((one for one in parts if one["code"] != "remainder"), key=lambda one: -abs(one["kwh"]))
    least = TOLD_SHARE * max((abs(one["kwh"]) for one in named), default=0.0)
    top = [one for one in named[:MOST_DRIVERS] if abs(one["kwh"]) > least]
    told.figures.update({f"{one['code']}_kwh": one["kwh"] for one in top})
    shown = [_part(one, told) for one in top]
    others = sum(one["kwh"] for one in named if one not in top)
    rest = sum(one["kwh"] for one in parts if one["code"] == "remainder")
    for name, key, kwh in (("others_kwh", "ex_others", others), ("remainder_kwh", "ex_label_remainder", rest)):
        if not shown_as_nothing(signed(kwh, speak)):
            told.figures[name] = kwh
            text = signed_kwh(kwh, speak)
            shown.append(speak(key, kwh=text) if key == "ex_others" else speak("ex_part", label=speak(key), kwh=text))
    key = "ex_balanced" if told.is_usual else "ex_drivers"
    return speak(key, parts="; ".join(shown)) if shown else ""


def _part(one: Result, told: Past) -> str:
    speak = told.voice
    label, kwh = speak(f"ex_label_{one['code']}"), signed_kwh(one["kwh"], speak)
    detail = "" if told.is_usual else detail_of(one, told.figures, speak)
    return speak("ex_part_detail" if detail else "ex_part", label=label, kwh=kwh, detail=detail)


def _stretch(told: Past) -> Iterator[str]:
    """The hours of a day that took most of the difference, to either side."""
    hours, speak = told.result["hours"], told.voice
    if not hours or told.is_usual:
        return
    sign = 1 if told.result["difference_kwh"] >= 0 else -1
    apart = [sign * (one["usage_kwh"] - one["usual_kwh"]) for one in hours]
    stretches = [(first, end) for first in range(len(apart)) for end in range(first + 1, len(apart) + 1)]
    first, end = max(stretches, key=lambda one: (round(sum(apart[slice(*one)]), 6), one[0] - one[1]))
    part = hours[first:end]
    if len(part) == len(hours):
        return
    usage, usual = (sum(one[name] for one in part) for name in ("usage_kwh", "usual_kwh"))
    told.figures.update({"mostly_usage_kwh": usage, "mostly_usual_kwh": usual})
    last = part[-1]["hour"] + 1
    shown = speak("ch_span", first=f"{part[0]['hour']:02}:00", last=f"{last:02}:00")
    yield speak("ex_stretch", hours=shown, energy=speak.kwh(usage), usual=speak.kwh(usual))


def _bill(told: Past) -> Iterator[str]:
    cost = told.result["bill"]["total_krw"]
    if not shown_as_nothing(told.voice.krw(cost)):
        told.figures["bill_difference_krw"] = cost
        yield told.voice("ex_bill_more" if cost > 0 else "ex_bill_less", cost=told.voice.krw(abs(cost)))
        if any(line["code"] == "ratchet" and line["amount_krw"] > 0 for line in told.result["bill"]["lines"]):
            yield told.voice("ex_bill_later")
