"""Pictures beside answers to what-if, why and when questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steel_energy.schema import INTERVALS_PER_HOUR
from steel_energy.telling.changing.phrases import shown_as_nothing
from steel_energy.telling.formats import Voice, sentence
from steel_energy.telling.records import MAX_POINTS, Chart, Result, Series

STEPS = (1, 2, 4, 8, 16, 24)
"""Intervals that a point of a profile is the mean of."""


def bill_chart(result: Result, voice: Voice, *, was: bool) -> Chart | None:
    """Both bills charge by charge, energy by band; None where they are the same.

    Args:
        result: of /what-if.
        voice: of the answer.
        was: whether the load was measured.
    """
    sums: dict[str, list[float]] = {}
    for line in result["lines"]:
        name = sentence(voice(f"ch_charge_{line['kind']}"))
        name = f"{name}, {voice('ch_band_' + line['band'])}" if line["band"] else name
        both = sums.setdefault(name, [0.0, 0.0])
        for place, side in enumerate(("baseline", "scenario")):
            both[place] += line[f"{side}_krw"]
    if all(shown_as_nothing(voice.krw(after - before)) for before, after in sums.values()):
        return None
    names = voice("wi_without_past" if was else "wi_without"), voice("wi_with")
    rows = zip(*sums.values(), strict=True)
    return Chart(
        kind="bar",
        title=voice("wi_chart"),
        unit="KRW",
        x=tuple(sums),
        x_kind="category",
        series=tuple(
            Series(name=name, values=tuple(round(one, 2) for one in row)) for name, row in zip(names, rows, strict=True)
        ),
    )


def drivers_chart(parts: Sequence[tuple[str, float]], title: str) -> Chart | None:
    """Signed contributions as bars, in the order given; None of fewer than two."""
    if len(parts) < 2:  # noqa: PLR2004 - one bar shows nothing that its number does not
        return None
    labels, kwh = zip(*parts, strict=True)
    values = tuple(round(one, 3) for one in kwh)
    series = (Series(name="kWh", values=values),)
    return Chart(kind="bar", title=title, unit="kWh", x=tuple(map(sentence, labels)), x_kind="category", series=series)


def profile_chart(schedule: Sequence[dict[str, Any]], voice: Voice) -> Chart | None:
    """Load without and with a plan in kW, of long plans as means; with it alone where both are the same."""
    step = next((one for one in STEPS if len(schedule) <= one * MAX_POINTS), None)
    if step is None or not schedule:
        return None
    groups = [schedule[place : place + step] for place in range(0, len(schedule), step)]
    rows = {
        name: tuple(round(INTERVALS_PER_HOUR * sum(one[name] for one in group) / len(group), 2) for group in groups)
        for name in ("baseline_kwh", "total_kwh")
    }
    without, planned = rows["baseline_kwh"], rows["total_kwh"]
    series = (Series(name=voice("op_without"), values=without),) if without != planned else ()
    return Chart(
        kind="line",
        title=voice("op_chart" if series else "op_chart_same"),
        unit="kW",
        x=tuple(group[0]["interval_start"] for group in groups),
        x_kind="time",
        series=(*series, Series(name=voice("op_with"), values=planned)),
    )
