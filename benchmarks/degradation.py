"""How often a stable week counts as degraded, and how soon a changed plant does, by ``steel_energy.monitoring``.

    python benchmarks/degradation.py [--model lightgbm] [--months 5 6 7 8 9 10 11 12]

Champions fitted at the first of each month of the published year are judged by each later week of it; then by the first
and the second week after a shift. Beside it: how a champion does against one that is a month older, week by week, which
is what the review of promotions has to bear. Needs the published CSV; LightGBM takes about ten
minutes on two cores, seasonal_naive one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from libraries.lacks import published
from rich.progress import track

from steel_energy.artifacts import Manifest
from steel_energy.artifacts.provenance import Code
from steel_energy.cleaning import clean, place
from steel_energy.evaluation import backtest
from steel_energy.forecasting import KINDS, Vintages
from steel_energy.history import readings_end
from steel_energy.monitoring.expected import means, measured
from steel_energy.monitoring.performance import Asked, Window, ask_again, forecast_error
from steel_energy.params import FittedModel, Params, load_params
from steel_energy.settings import SteelSettings
from steel_energy.simulation.shift import ShiftKind, shifted
from steel_energy.sites import Site, load_sites
from steel_energy.sources.file import read_csv
from steel_energy.testing import toy_facts
from steel_energy.trial import try_out

PLANT = "gwangyang"
SHIFTS: tuple[tuple[ShiftKind, float], ...] = (
    ("level_shift", 0.3),
    ("level_shift", -0.3),
    ("shift_pattern", 0.5),
    ("shift_pattern", 0.3),
    ("stuck_sensor", 0.3),
    ("seasonal", 0.3),
)
SHIFTED_EVERY_WEEKS, SHIFTED_WEEKS = 2, 8
MARGINS = (0.05, 0.10)


@dataclass(frozen=True)
class Champion:
    """A model as it was at the first of a month, asked at every later origin of the year."""

    fits: Vintages
    asked: Asked
    until: dt.datetime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=get_args(FittedModel), default="lightgbm")
    parser.add_argument("--months", type=int, nargs="+", default=list(range(5, 13)))
    options = parser.parse_args()
    settings = SteelSettings()
    csv = published(settings)
    site, params = load_sites(settings)[PLANT], load_params(settings.params_file, profile=settings.profile)
    placed = place(read_csv(csv, plant=site.plant).rows, site.plant)
    readings = clean(placed, plant=site.plant, tariff=site.tariff).readings
    champions = [
        champion(options.model, month, readings, site=site, params=params)
        for month in track(options.months, description="fitting", transient=True)
    ]
    print(stable_line(champions, readings, params), flush=True)
    print(review_line(champions, readings), flush=True)
    for kind, size in SHIFTS:
        print(shift_line(kind, size, champions, readings, site=site, params=params), flush=True)


def champion(model: FittedModel, month: int, readings: pl.DataFrame, *, site: Site, params: Params) -> Champion:
    """What a build would have published at the first of a month."""
    until = dt.datetime(2018, month, 1, tzinfo=ZoneInfo(site.plant.zone))
    known = readings.filter(pl.col("interval_start") < until)
    unfitted = KINDS[model](plant=site.plant, tariff=site.tariff, params=params.forecasting)
    fits = try_out(unfitted, known, params=params.evaluation).forecaster.fit(known)
    facts = toy_facts(
        plant=PLANT,
        model=model,
        trained_from=known["interval_start"][0],
        trained_until=until,
        earlier_fits=[fit.trained_until for fit in fits.fits[:-1]],
    )
    manifest = Manifest(**facts.model_dump(), created_at=until, code=Code(package=""), libraries={}, files={}).named()
    return Champion(fits, ask_again(fits, manifest, readings, site=site, params=params.evaluation), until)


def weeks_after(one: Champion, readings: pl.DataFrame) -> Iterator[Window]:
    """The weeks between a champion's training and the end of the year."""
    end = one.until + dt.timedelta(weeks=1)
    while end <= readings_end(readings):
        yield Window.until(end)
        end += dt.timedelta(weeks=1)


def stable_line(champions: list[Champion], readings: pl.DataFrame, params: Params) -> str:
    """How many stable weeks count as degraded."""
    verdicts = [
        [forecast_error(one.asked, week, params=params.monitoring).verdict for week in weeks_after(one, readings)]
        for one in champions
    ]
    every = [verdict for weeks in verdicts for verdict in weeks]
    fresh = [verdict for weeks in verdicts for verdict in weeks[:4]]
    return (
        f"stable weeks: {every.count('degraded')} of {len(every)} degraded, "
        f"{fresh.count('degraded')} of {len(fresh)} within four weeks of training"
    )


def review_line(champions: list[Champion], readings: pl.DataFrame) -> str:
    """How often a champion is worse than one a month older by more than a margin, on stable weeks."""
    ratios = np.array(
        [
            means(newer.asked.within(week)).rmse_kwh / means(older.asked.within(week)).rmse_kwh
            for older, newer in itertools.pairwise(champions)
            for week in weeks_after(newer, readings)
        ]
    )
    said = ", ".join(f"{np.mean(ratios > 1 + margin):.1%} by more than {margin:.0%}" for margin in MARGINS)
    return f"{ratios.size} stable weeks against a champion of the month before: worse in {said}"


def shift_line(
    kind: ShiftKind, size: float, champions: list[Champion], readings: pl.DataFrame, *, site: Site, params: Params
) -> str:
    """In how many cases the first and the second week after a shift count as degraded."""
    found: list[list[bool]] = []
    for one in champions:
        for week in list(weeks_after(one, readings))[:SHIFTED_WEEKS:SHIFTED_EVERY_WEEKS]:
            sent = shifted(readings, kind=kind, size=size, start=week.start, seed=1, plant=site.plant)
            later = Window.until(week.end + dt.timedelta(weeks=1))
            asked = [after(one, sent, window, site=site, params=params) for window in (week, later)]
            verdicts = [
                forecast_error(*pair, params=params.monitoring).verdict
                for pair in zip(asked, (week, later), strict=True)
            ]
            found.append([verdict == "degraded" for verdict in verdicts])
    first, either = sum(one[0] for one in found), sum(any(one) for one in found)
    return f"{kind} {size:+.0%}: {first} of {len(found)} in the first week, {either} within two"


def after(one: Champion, sent: pl.DataFrame, window: Window, *, site: Site, params: Params) -> Asked:
    """A champion with its own backtest, asked in a window of shifted readings."""
    end = min(window.end, readings_end(sent))
    rows = backtest(one.fits, sent, start=window.start, end=end, params=params.evaluation)
    before = one.asked.rows.filter(pl.col("interval_start").max().over("origin") < one.until)
    return Asked(one.asked.manifest, pl.concat([before, measured(rows, site)]))


if __name__ == "__main__":
    main()
