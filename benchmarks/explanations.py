"""How much explanations of the past account for, and how long they take, on the published year.

Of every day, and of the highest demand of every day, in hindsight: the mean size of the difference from the usual, and
of what is left of it unexplained. No case is among those that it is compared with. Needs the published CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import mean, median
from time import perf_counter

import numpy as np
from libraries.lacks import published

from steel_energy.cleaning import clean, place
from steel_energy.explaining import PastExplanation, PastLoad, explain_day, explain_interval, past_load
from steel_energy.explaining.past import DAY_TYPES
from steel_energy.settings import SteelSettings
from steel_energy.sites import load_sites
from steel_energy.sources.file import read_csv

PLANT = "gwangyang"


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    site = load_sites(settings)[PLANT]
    placed = place(read_csv(csv).rows, site.plant)
    readings = clean(placed, plant=site.plant, tariff=site.tariff).readings
    started_s = perf_counter()
    past = past_load(readings, plant=site.plant, tariff=site.tariff)
    print(f"the year as arrays, once for all: {1000 * (perf_counter() - started_s):.0f} ms")
    starts = readings["interval_start"]
    peaks = [starts[highest_of(past, day)] for day in range(len(past.dates))]
    print_kind("days", lambda date: explain_day(past, date, compare="all"), past.dates)
    print_kind("highest demands of a day", lambda start: explain_interval(past, start, compare="all"), peaks)


def highest_of(past: PastLoad, day: int) -> int:
    """The row of the highest demand of a day."""
    rows = np.flatnonzero(past.day == day)
    return int(rows[past.usage_kwh[rows].argmax()])


def print_kind(name: str, explain: Callable[..., PastExplanation], events: Iterable[object]) -> None:
    told: list[PastExplanation] = []
    seconds: list[float] = []
    for event in events:
        started_s = perf_counter()
        told.append(explain(event))
        seconds.append(perf_counter() - started_s)
    worst_kwh = max(abs(sum(part.kwh for part in one.contributions) - one.difference_kwh) for one in told)
    print(f"{name}: {1000 * median(seconds):.0f} ms each, {1000 * max(seconds):.0f} ms at most, with their bills")
    print(f"  contributions and difference at most {worst_kwh:.1g} kWh apart")
    for kind in DAY_TYPES:
        of_kind = [one for one in told if one.usual.day_type == kind]
        difference_kwh = mean(abs(one.difference_kwh) for one in of_kind)
        unexplained_kwh = mean(abs(one.contributions[-1].kwh) for one in of_kind)
        print(
            f"  {kind}: {len(of_kind)}, {difference_kwh:.1f} kWh from usual, {unexplained_kwh:.1f} kWh unexplained "
            f"({unexplained_kwh / difference_kwh:.0%})"
        )


if __name__ == "__main__":
    main()
