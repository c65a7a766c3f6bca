"""Bills in words: the total and what it is made of, under the plant's own tariff and others, beside another period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steel_energy.asking.outcomes import Period, Request
from steel_energy.asking.scene import Scene
from steel_energy.schema import HOURS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.tariff import Band
from steel_energy.telling.formats import Voice, sentence, voice
from steel_energy.telling.looking.bill_notes import bill_notes, earlier_demand
from steel_energy.telling.looking.comparing import Said, difference
from steel_energy.telling.looking.history import history
from steel_energy.telling.looking.pictures_of_bills import bill_chart, period_chart, tariff_chart
from steel_energy.telling.looking.rows import quarters
from steel_energy.telling.records import Chart, Result, Told, moment
from steel_energy.telling.said import joined, note_lines, origin_lines

OneBill = Mapping[str, Any]


def bill(request: Request, results: Sequence[Result], scene: Scene) -> Told:
    """The answer on the bill of a period; of some hours of several days, their energy charge."""
    if "rows" in results[0]:
        return history(request, results, scene)
    say = voice(request.language, scene.tariff.measure)
    periods = [Period(start=moment(one["from"], scene), end=moment(one["to"], scene)) for one in results]
    during = say.during(periods[0].start, periods[0].end)
    own = _own(results[0], scene)
    if request.focus.band is not None:
        texts, figures = _of_band(own, request.focus.band, during, say)
    else:
        texts, figures = _whole(own, results[0], during, say)
    others, rest = _other_tariffs(results[0]["bills"], own, say)
    beside, more = _other_period(results, periods, scene, say) if len(results) > 1 else ([], {})
    picture = _of_periods(results, periods, scene, say) if beside else tariff_chart(results[0]["bills"], say)
    notes = [*note_lines(request.notes, periods[0].end, say), *bill_notes(own, periods[0], say)]
    return Told(
        text=joined(map(sentence, [*texts, *others, *beside]), [*notes, *origin_lines(results, say)]),
        figures=figures | rest | more,
        chart=picture or bill_chart(own, say),
        period=periods[0],
    )


def _of_periods(results: Sequence[Result], periods: Sequence[Period], scene: Scene, say: Voice) -> Chart | None:
    """The totals of periods, the earlier one first."""
    order = sorted(zip(periods, results, strict=True), key=lambda one: one[0].start)
    during = [say.during(period.start, period.end) for period, _ in order]
    return period_chart(during, [_own(result, scene)["total_krw"] for _, result in order], say)


def _own(result: Result, scene: Scene) -> OneBill:
    """The bill under the plant's own tariff, or else the cheapest one."""
    bills = result["bills"]
    found: OneBill = next((one for one in bills if one["tariff"] == scene.tariff.id), bills[0])
    return found


def _whole(own: OneBill, result: Result, during: str, say: Voice) -> Said:
    """The total and its parts, those that are nothing left out."""
    figures = {"total_krw": own["total_krw"], "usage_kwh": result["usage_kwh"]}
    parts = []
    for kind in ("energy", "demand", "power_factor", "co2"):
        name = f"{kind}_krw"
        if own[name]:
            figures[name] = own[name]
            trend = "credit" if own[name] < 0 else "charge"
            parts.append(
                say(f"bill_{kind}_{trend}", amount=say.krw(abs(own[name])), usage=say.kwh(result["usage_kwh"]))
            )
    texts = [say("bill", during=during, total=say.krw(own["total_krw"]), parts=say.listing(parts))]
    demands = [line for line in own["lines"] if line["kind"] == "demand"]
    if len(demands) == 1:
        figures["billed_kw"] = demands[0]["quantity"]
        texts.append(say("bill_demand", billed=say.kw(figures["billed_kw"]), why=earlier_demand(demands[0], say)))
    return texts, figures


def _of_band(own: OneBill, band: Band, during: str, say: Voice) -> Said:
    """The energy that is billed in one band."""
    lines = [line for line in own["lines"] if line["kind"] == "energy" and line["band"] == band]
    figures = {
        "energy_krw": sum(line["amount_krw"] for line in lines),
        "usage_kwh": sum(line["quantity"] for line in lines),
        "total_krw": own["total_krw"],
    }
    shown = {name: say.figure(name, value) for name, value in figures.items()}
    return [say("bill_of_band", during=during, band=say(f"billed_{band}"), **shown)], figures


def _other_tariffs(bills: Sequence[OneBill], own: OneBill, say: Voice) -> Said:
    """Under which tariff it is, and by how much each other one differs."""
    others = [one for one in bills if one is not own]
    texts = [say("tariff_own", name=own["tariff_name"])]
    figures: dict[str, Any] = {"tariff_name": own["tariff_name"]}
    for place, one in enumerate(others, start=1):
        gap = one["total_krw"] - own["total_krw"]
        trend, change = difference(one["total_krw"], own["total_krw"])
        names = ("tariff_name", "total_krw", "gap_krw", "change_share")
        keys = {name: f"other_{name}" if len(others) == 1 else f"other_{place}_{name}" for name in names}
        values = dict(zip(keys.values(), (one["tariff_name"], one["total_krw"], gap, change), strict=True))
        figures |= values
        shown = {"total": say.krw(one["total_krw"]), "gap": say.krw(abs(gap)), "share": say.percent(abs(change))}
        texts.append(say(f"tariff_{trend}", name=one["tariff_name"], **shown))
    return texts, figures


def _other_period(results: Sequence[Result], periods: Sequence[Period], scene: Scene, say: Voice) -> Said:
    """What the first bill differs from the second one, by the day too where they are not equally long."""
    total, other = (_own(one, scene)["total_krw"] for one in results)
    trend, change = difference(total, other)
    figures = {"compared_total_krw": other, "change_share": change}
    during = say.during(periods[1].start, periods[1].end)
    texts = [say(f"compared_{trend}", share=say.percent(abs(change)), during=during, other=say.krw(other))]
    days = [quarters(one, scene) / (HOURS_PER_DAY * INTERVALS_PER_HOUR) for one in periods]
    if days[0] != days[1]:
        value, beside = total / days[0], other / days[1]
        trend, change = difference(value, beside)
        figures |= {"total_krw_per_day": value, "compared_total_krw_per_day": beside, "change_per_day_share": change}
        shown = {"value": say.krw(value), "other": say.krw(beside), "share": say.percent(abs(change))}
        texts.append(say(f"by_day_{trend}", **shown))
    return texts, figures
