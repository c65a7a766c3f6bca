"""The answer to a what-if: baseline, scenario, difference, how it came about, what it leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from steel_energy.asking.outcomes import Period, Request, WhatIfSlots
from steel_energy.asking.scene import Scene
from steel_energy.schema import HOURS_PER_DAY
from steel_energy.telling.changing.charts import bill_chart
from steel_energy.telling.changing.effects import derived
from steel_energy.telling.changing.phrases import exact_kw, shown_as_nothing, signed
from steel_energy.telling.changing.subjects import subject_of
from steel_energy.telling.formats import Voice, sentence, voice
from steel_energy.telling.records import Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines
from steel_energy.whatif.wording import LATER_MONTHS

HOUR = dt.timedelta(hours=1)
Shown = Callable[[float], str]
FIELDS = {"cost": "cost_krw", "co2": "co2_t", "peak": "peak_kw"}
AMOUNTS = ("cost_krw", "usage_kwh", "co2_t", "peak_kw")
QUIET_SHARE = 0.05
"""Of a mean day's energy: closing a day that saves less finds it as good as closed."""
NAMED = ("share", "factor", "capacitor_kvar", "investment_krw")
"""Fields of changes that an answer may show."""
SHORT_DAYS = 28
"""What a shorter forecast says of a year is hardly more than a guess."""


@dataclass(frozen=True)
class Scenario:
    """A what-if as it is being told."""

    request: Request
    result: Result
    scene: Scene
    voice: Voice
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def slots(self) -> WhatIfSlots:
        """What was asked."""
        assert isinstance(self.request.slots, WhatIfSlots)  # noqa: S101 - the teller of this intent is the caller
        return self.request.slots

    @property
    def is_forecast(self) -> bool:
        """Whether the load is one."""
        return self.result["forecast"] is not None

    def shown(self, name: str) -> Shown:
        """How an amount is written."""
        ways: dict[str, Shown] = {"cost_krw": self.voice.krw, "usage_kwh": self.voice.kwh, "co2_t": self.voice.tonnes}
        return ways.get(name, self.voice.kw)


def tell_what_if(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer to a scenario."""
    (result,) = results
    told = Scenario(request, result, scene, voice(request.language, scene.tariff.measure))
    period = Period(start=moment(result["from"], scene), end=moment(result["to"], scene))
    for name in AMOUNTS:
        told.figures.update({f"{side}_{name}": result[side][name] for side in ("baseline", "scenario", "difference")})
    text = joined(
        [_headline(told)],
        [_period(period, told)],
        [derived(told.slots.changes, result, told.figures, told.voice)],
        _amounts(told),
        _banks(told, period),
        _warnings(told),
        note_lines(request.notes, period.end, told.voice),
        origin_lines([result, result["forecast"] or {}], told.voice),
        [told.voice("ch_advice")],
    )
    return Told(
        text=text,
        figures=told.figures,
        chart=bill_chart(result, told.voice, was=not told.is_forecast),
        period=period,
        model_version=result["forecast"]["model_version"] if told.is_forecast else None,
    )


def _measure(told: Scenario) -> str:
    """What the first sentence is about: the cost unless something else of it was asked for."""
    measure = told.request.focus.measure
    if measure == "power_factor" and _lagging(told) is not None:
        return "power_factor"
    return measure if measure in FIELDS else "cost"


def _headline(told: Scenario) -> str:
    """What the scenario does to what was asked of it."""
    speak = told.voice
    does, bounds = _to_power_factor(told) if _measure(told) == "power_factor" else _to_amount(told)
    subject = sentence(subject_of(told.slots.changes, speak))
    told.figures.update(_named(told.slots))
    return speak("wi_headline" if bounds else "wi_headline_certain", subject=subject, does=does, range=bounds)


def _to_power_factor(told: Scenario) -> tuple[str, str]:
    speak, clause = told.voice, _lagging(told) or {}
    both = before, after = clause["baseline_percent"], clause["scenario_percent"]
    told.figures.update({"baseline_power_factor_percent": before, "scenario_power_factor_percent": after})
    told.figures["difference_power_factor_points"] = after - before
    change = speak("wi_points", number=speak.number(abs(after - before), 1))
    what = speak("wi_what_power_factor", hours=clause["hours"])
    return _does(told, what, change, both, speak.points), ""


def _to_amount(told: Scenario) -> tuple[str, str]:
    """What it does to a cost, an emission or a demand, and between what that lies."""
    measure = _measure(told)
    name = FIELDS[measure]
    both = before, after = told.result["baseline"][name], told.result["scenario"][name]
    show = told.shown(name)
    does = _does(told, told.voice(f"wi_what_{measure}"), show(abs(after - before)), both, show)
    return does, _range(name, told)


def _does(told: Scenario, what: str, change: str, both: tuple[float, float], show: Shown) -> str:
    verb = "keep" if shown_as_nothing(change) else "lower" if both[1] < both[0] else "raise"
    key = f"wi_{verb}" if told.is_forecast else f"wi_past_{verb}"
    return told.voice(key, what=what, change=change, before=show(both[0]), after=show(both[1]))


def _named(slots: WhatIfSlots) -> dict[str, float]:
    """The numbers that the changes themselves hold."""
    found: dict[str, float] = {}
    for place, change in enumerate(slots.changes, start=1):
        prefix = f"change_{place}_" if len(slots.changes) > 1 else ""
        values = change.model_dump()
        found |= {f"{prefix}{name}": values[name] for name in NAMED if values.get(name) is not None}
        if "factor" in values:
            found[f"{prefix}production_change_share"] = abs(values["factor"] - 1)
    return found


def _range(name: str, told: Scenario) -> str:
    """Between what the difference lies; empty of a measured load, or where it is the same at every quantile."""
    bounds = told.result["range"]
    if bounds is None:
        return ""
    low, high, show = bounds["low"][name], bounds["high"][name], told.shown(name)
    if show(low) == show(high):
        return ""
    told.figures.update({f"low_difference_{name}": low, f"high_difference_{name}": high})
    if high <= 0:
        return told.voice("wi_range_less", least=show(-high), most=show(-low))
    if low >= 0:
        return told.voice("wi_range_more", least=show(low), most=show(high))
    return told.voice("wi_range_both", least=show(low), most=f"+{show(high)}")


def _period(period: Period, told: Scenario) -> str:
    """What the load is: measured, or forecast from its start on, where the readings end."""
    during, forecast = told.voice.during(period.start, period.end), told.result["forecast"]
    if forecast is None:
        return told.voice("wi_measured", during=during)
    return told.voice("wi_forecast", during=during, model=forecast["model"], version=forecast["model_version"])


def _amounts(told: Scenario) -> Iterator[str]:
    """The amounts that the first sentence has not named, those that change before the others."""
    speak, first = told.voice, FIELDS.get(_measure(told))
    names = {"cost_krw": "wi_bill", "usage_kwh": "wi_energy", "co2_t": "wi_co2", "peak_kw": "wi_peak"}
    changed, same = [], []
    for name in AMOUNTS:
        if name == first:
            continue
        before, after, show = told.result["baseline"][name], told.result["scenario"][name], told.shown(name)
        if show(before) == show(after):
            same.append(speak("wi_unchanged", name=speak(names[name]), before=show(before)))
        else:
            change = signed(after - before, speak, 0 if name == "cost_krw" else 3 if name == "co2_t" else 1)
            whole = {"before": show(before), "after": show(after), "change": change}
            changed.append(speak("wi_changed", name=speak(names[name]), **whole))
    for key, parts in (("wi_changed_all", changed), ("wi_unchanged_all", same)):
        if parts:
            yield sentence(speak(key, parts="; ".join(parts) if key == "wi_changed_all" else speak.listing(parts)))


def _lagging(told: Scenario) -> dict[str, Any] | None:
    return next((one for one in told.result["power_factors"] if one["reactive"] == "lagging"), None)


def _banks(told: Scenario, period: Period) -> Iterator[str]:
    """Power factors and payback of capacitor banks."""
    speak, banks = told.voice, told.result["capacitor_banks"]
    if not banks:
        return
    for clause in told.result["power_factors"]:
        kind = clause["reactive"]
        is_said = kind == "lagging" and _measure(told) == "power_factor"
        if is_said or speak.points(clause["baseline_percent"]) == speak.points(clause["scenario_percent"]):
            continue
        names = ("baseline", "scenario", "limit")
        told.figures.update({f"{name}_{kind}_power_factor_percent": clause[f"{name}_percent"] for name in names})
        values = {
            new: speak.points(clause[f"{old}_percent"])
            for new, old in zip(("before", "after", "limit"), names, strict=True)
        }
        yield speak(f"wi_factor_{kind}", hours=clause["hours"], **values)
    if _is_overdone(told):
        yield speak("wi_overdone")
    for bank in banks:
        yield _payback(bank, told)
    if told.is_forecast and (period.end - period.start).days < SHORT_DAYS:
        yield speak("wi_short")


def _is_overdone(told: Scenario) -> bool:
    """Whether a bank that is always on pushes the leading power factor below its limit, at a loss."""
    leads = (one for one in told.result["power_factors"] if one["reactive"] == "leading")
    below = any(one["scenario_percent"] < min(one["limit_percent"], one["baseline_percent"]) for one in leads)
    fixed = any(getattr(change, "control", "") == "fixed" for change in told.slots.changes)
    return below and fixed and told.result["difference"]["power_factor_krw"] > 0


def _closes_what_is_quiet(told: Scenario) -> bool:
    """Whether days are closed on which hardly anything is expected, as on days that are closed already."""
    effects, result = told.result["effects"], told.result
    days = len({effect["first_day"] for effect in effects})
    hours = (moment(result["to"], told.scene) - moment(result["from"], told.scene)) / HOUR
    usual_kwh = result["baseline"]["usage_kwh"] * HOURS_PER_DAY / hours * days
    closes = bool(effects) and all(effect["kind"] == "close_day" for effect in effects)
    return closes and -result["difference"]["usage_kwh"] < QUIET_SHARE * usual_kwh


def _payback(bank: Result, told: Scenario) -> str:
    """What a bank saves in a year, and when it has paid for itself."""
    yearly, investment, years = bank["yearly_saving_krw"], bank["investment_krw"], bank["payback_years"]
    prefix = f"bank_{bank['change'] + 1}_" if len(told.result["capacitor_banks"]) > 1 else "bank_"
    values = {"yearly_saving_krw": yearly, "investment_krw": investment, "payback_years": years}
    told.figures.update({f"{prefix}{name}": value for name, value in values.items() if value is not None})
    key = "wi_yearly" if yearly >= 0 else "wi_yearly_lost"
    if investment is not None:
        key = "wi_never" if years is None else "wi_payback"
    shown = {"investment": told.voice.krw(investment or 0), "years": told.voice.number(years or 0, 1)}
    return told.voice(key, yearly=told.voice.krw(abs(yearly)), **shown)


def _warnings(told: Scenario) -> Iterator[str]:
    if told.is_forecast and _closes_what_is_quiet(told):
        yield told.voice("wi_little")
    peak, contract = told.result["scenario"]["peak_kw"], told.result["contract_kw"]
    if peak > contract:
        told.figures["contract_kw"] = contract
        yield told.voice("wi_above_contract", peak=told.voice.kw(peak), contract=exact_kw(contract, told.voice))
    if LATER_MONTHS in told.result["notes"]:
        yield told.voice("wi_later_months")
    if told.is_forecast and not shown_as_nothing(told.voice.krw(told.result["difference"]["demand_krw"])):
        yield told.voice("wi_demand_expected")
