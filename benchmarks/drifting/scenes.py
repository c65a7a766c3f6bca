"""Champions with the readings that come after their training: real ones, and simulated years with other seeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from steel_energy.calendar import in_zone, interval_end
from steel_energy.cleaning import clean, place
from steel_energy.forecasting import KINDS
from steel_energy.forecasting.base import Forecaster
from steel_energy.params import Params
from steel_energy.simulation.plant import simulate
from steel_energy.simulation.shift import shifted
from steel_energy.sites import Site
from steel_energy.sources.file import read_csv
from steel_energy.sources.raw import to_raw

CONTEXT = dt.timedelta(days=62)  # the month before is read by cleaning, and it may lie two months back
REAL_YEAR = 2018
STARTS = {
    "2018-06-01": ("2018-06-11T00:00", "2018-07-04T10:00", "2018-08-10T15:30", "2018-09-05T00:00"),
    "2018-10-01": ("2018-10-08T00:00", "2018-10-24T10:00", "2018-11-09T15:30", "2018-11-26T00:00", "2018-12-06T06:15"),
}
"""When things begin to shift in the real year, by the end of the champion's training: also mid-week and mid-shift."""
WINTER = tuple(
    f"2018-{start}"
    for start in (
        *("01-08T00:00", "01-16T10:00", "01-25T15:30", "02-02T06:15", "02-12T00:00", "02-21T10:00"),
        *("03-02T15:30", "03-10T06:15", "03-19T00:00", "03-28T10:00", "04-06T15:30", "04-16T00:00"),
    )
)
"""When things begin to shift in the real year's restless months, of which nothing earlier is known."""
SIMULATED_STARTS = ("2019-05-10T15:30", "2019-10-09T06:15")


@dataclass(frozen=True)
class Scene:
    """A champion, and the readings of its plant as they were cleaned.

    Attributes:
        name: whose readings, and until when the champion was trained.
        group: real, or simulated.
        site: plant and tariff.
        readings: data contract's, from the start of the training on.
        repairs: what cleaning changed.
        trained_until: end of the champion's training.
        starts: when shifts are injected.
        forecaster: fitted on the training; None where errors are not asked for.
        knows_later: whether the training goes on after the newest days, with which it is parted from them.
    """

    name: str
    group: str
    site: Site
    readings: pl.DataFrame
    repairs: pl.DataFrame
    trained_until: dt.datetime
    starts: tuple[dt.datetime, ...] = ()
    forecaster: Forecaster | None = None
    knows_later: bool = False

    def fitted(self, model: str, params: Params) -> Scene:
        """The same with a forecaster fitted on its training."""
        kind = KINDS[model](plant=self.site.plant, tariff=self.site.tariff, params=params.forecasting)
        return replace(self, forecaster=kind.fit(self.readings.filter(pl.col("interval_start") < self.trained_until)))

    def with_new(self, sent: pl.DataFrame, *, start: dt.datetime, until: dt.datetime, cleaning: bool) -> Scene:
        """The scene as it is known at ``until``, where ``sent`` came from ``start`` on, cleaned or as it was sent.

        Args:
            sent: readings as the meter sends them, the earlier ones too.
            start: from here on they take the place of the scene's own.
            until: nothing later is known.
            cleaning: whether they are cleaned first, with the scene's readings before them as context.
        """
        time = pl.col("interval_start")
        known, later = sent.filter(time < until), (time >= until) & self.knows_later
        if not cleaning:
            return replace(self, readings=pl.concat([known, self.readings.filter(later)]))
        new = cleaned(known.filter(time >= start - CONTEXT), self.site, start=start, end=until)
        return replace(
            self,
            readings=pl.concat([self.readings.filter(time < start), new[0], self.readings.filter(later)]),
            repairs=pl.concat([self.repairs.filter(time < start), new[1], self.repairs.filter(later)]),
        )

    def mondays(self, first: dt.datetime) -> Iterator[dt.datetime]:
        """Ends of the weeks after ``first`` up to the end of the readings, each a Monday's midnight."""
        end = interval_end(self.readings["interval_start"][-1])
        monday = first.date() + dt.timedelta(days=(7 - first.weekday()) % 7 + 7)
        while (until := moment(monday.isoformat(), self.site)) <= end:
            yield until
            monday += dt.timedelta(days=7)


def cleaned(
    sent: pl.DataFrame, site: Site, *, start: dt.datetime, end: dt.datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Readings and repairs of what the meter sent, from ``start`` to ``end``; the rows before are context."""
    placed = place(to_raw(sent, site.plant.zone, label=site.plant.label), site.plant)
    made = clean(placed, plant=site.plant, tariff=site.tariff, start=start, end=end)
    return made.readings, made.repairs


def real_scenes(source: Path, site: Site) -> list[Scene]:
    """The published year, with a champion for each of ``STARTS``."""
    made = clean(place(read_csv(source).rows, site.plant), plant=site.plant, tariff=site.tariff)
    return [
        Scene(
            name=f"{REAL_YEAR}, trained until {until}",
            group="real",
            site=site,
            readings=made.readings,
            repairs=made.repairs,
            trained_until=moment(until, site),
            starts=tuple(moment(start, site) for start in starts),
        )
        for until, starts in STARTS.items()
    ]


def winter_scene(real: Scene) -> Scene:
    """The real year's first months beside all the rest of it, before and after."""
    site = real.site
    return replace(
        real,
        name=f"{REAL_YEAR}, trained on the rest of it",
        group="winter",
        trained_until=moment(f"{REAL_YEAR + 1}-01-01", site),
        starts=tuple(moment(start, site) for start in WINTER),
        forecaster=None,
        knows_later=True,
    )


def simulated_scene(site: Site, *, seed: int, swing: float = 0.0) -> Scene:
    """Two simulated years, the first of which the champion was trained on.

    Args:
        site: plant and tariff.
        seed: of the simulation.
        swing: how much stronger both years' seasons are.
    """
    days = dt.date(REAL_YEAR, 1, 1), dt.date(REAL_YEAR + 2, 1, 1)
    readings = pl.concat(simulate(site.plant, site.tariff, start=days[0], end=days[1], seed=seed))
    first = readings["interval_start"][0]
    if swing:
        readings = shifted(readings, kind="seasonal", size=swing, start=first, seed=seed, plant=site.plant)
    _, repairs = cleaned(readings, site, start=first, end=interval_end(readings["interval_start"][-1]))
    return Scene(
        name=f"simulated, seed {seed}" + (f", seasons {swing:.0%} stronger" if swing else ""),
        group="simulated",
        site=site,
        readings=readings,
        repairs=repairs,
        trained_until=moment(f"{REAL_YEAR + 1}-01-01", site),
        starts=tuple(moment(start, site) for start in SIMULATED_STARTS),
    )


def moment(text: str, site: Site) -> dt.datetime:
    """A time of the plant's clock."""
    return in_zone(dt.datetime.fromisoformat(text), site.plant.zone)
