"""Charts of bills: what one is made of, tariffs side by side, periods side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steel_energy.telling.formats import Voice, sentence
from steel_energy.telling.looking.sums import BANDS
from steel_energy.telling.records import Chart, Series

FEWEST = 2


def bill_chart(bill: Mapping[str, Any], voice: Voice) -> Chart | None:
    """What a bill is made of: energy by band, demand charge, power factor, CO2; None where it is one thing."""
    parts: dict[str, float] = {}
    for line in bill["lines"]:
        key = f"part_{line['band']}" if line["band"] in BANDS else f"part_{line['kind']}"
        parts[key] = parts.get(key, 0.0) + line["amount_krw"]
    order = (*(f"part_{band}" for band in BANDS), "part_demand", "part_power_factor", "part_co2")
    shown = {voice(key): parts[key] for key in order if parts.get(key)}
    return _bars(shown, "chart_bill", voice)


def tariff_chart(bills: Sequence[Mapping[str, Any]], voice: Voice) -> Chart | None:
    """The totals under several tariffs; None where there is one."""
    return _bars({one["tariff_name"]: one["total_krw"] for one in bills}, "chart_tariffs", voice)


def period_chart(during: Sequence[str], totals_krw: Sequence[float], voice: Voice) -> Chart | None:
    """The totals of several periods."""
    names = map(sentence, during)
    return _bars(dict(zip(names, totals_krw, strict=True)), "chart_bills", voice)


def _bars(values: Mapping[str, float], title: str, voice: Voice) -> Chart | None:
    if len(values) < FEWEST:
        return None
    return Chart(
        kind="bar",
        title=voice(title),
        unit="KRW",
        x=tuple(sentence(name) for name in values),
        x_kind="category",
        series=(Series(name=voice("series_bill"), values=tuple(values.values())),),
    )
