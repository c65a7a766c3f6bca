"""A look at one plant: what its files say, judged by every rule. Runs are Dagster's and do not live here.

What cannot be read is an alert itself, and nothing that it would have told counts as over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert, Kind, Scope
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.posts import Post, posts_since
from steel_energy.alerts.rules.drifting import drifted
from steel_energy.alerts.rules.models import champion_news, degraded
from steel_energy.alerts.rules.operation import PlannedPeak, peaks_expected, unreadable
from steel_energy.alerts.rules.readings import Arrivals, rejected_readings, stale_data
from steel_energy.artifacts import champion_version, history
from steel_energy.errors import SteelError
from steel_energy.inbox import Inbox
from steel_energy.lake import RAW_READINGS, Lake, read_table
from steel_energy.plant import Plant
from steel_energy.schema import INTERVAL

DRIFT_REPORT, PERFORMANCE = "drift_report", "performance"
FORECAST, PLAN = "day_ahead_forecast", "day_ahead_plan"
MOST_WEEKS = 8
"""How far back the beginning of a state is looked for."""
Rule = Callable[[], list[Alert] | None]
"""Gives what it finds; None where there is nothing yet that could be judged."""


@dataclass(frozen=True)
class Look:
    """What a look found, and what it covered."""

    alerts: tuple[Alert, ...] = ()
    seen: frozenset[Scope] = frozenset()

    def __add__(self, other: Look) -> Look:
        return Look((*self.alerts, *other.alerts), self.seen | other.seen)


@dataclass(frozen=True)
class Places:
    """Where a plant's files lie, and by what they are judged."""

    lake: Lake
    inbox: Inbox
    bundles_dir: Path
    audit_file: Path
    links: Links
    params: AlertParams


def look_at(plants: Iterable[Plant], places: Places, *, now: dt.datetime) -> Look:
    """Look at every plant, and at what was posted for none of them."""
    posted = Posted(places.audit_file, now - dt.timedelta(hours=places.params.rejected_hours))
    look = Look()
    for plant in plants:
        look += PlantLook(plant, places, posted, now).look()
    return look + _nobodys(places, posted)


@dataclass(frozen=True)
class Posted:
    """What was posted since a moment, for any plant: read once a look."""

    audit_file: Path
    since: dt.datetime

    @cached_property
    def posts(self) -> list[Post]:
        """Newest file first."""
        return posts_since(self.audit_file, self.since)


@dataclass(frozen=True)
class PlantLook:
    """One look at one plant."""

    plant: Plant
    places: Places
    posted: Posted
    now: dt.datetime

    def look(self) -> Look:
        """Every rule's alerts; a rule whose files cannot be read gives one that says so."""
        rules: dict[Kind, Rule] = {
            "stale_data": self._stale,
            "rejected_readings": self._rejected,
            "drift": self._drifted,
            "degradation": self._degraded,
            "peak": self._peaks,
            "champion": self._champion,
        }
        look = Look()
        for kind, rule in rules.items():
            look += self._by(kind, rule)
        return look

    def _by(self, kind: Kind, rule: Rule) -> Look:
        plant_id = self.plant.id
        try:
            found = rule()
        except (SteelError, OSError, ValueError, pl.exceptions.PolarsError) as error:
            return Look((unreadable(self.plant, kind, str(error), links=self.places.links),))
        seen: set[Scope] = {(plant_id, "unreadable")} if found is None else {(plant_id, kind), (plant_id, "unreadable")}
        return Look(tuple(found or ()), frozenset(seen))

    @cached_property
    def _champion_version(self) -> str | None:
        return champion_version(self.places.bundles_dir, self.plant.id)

    def _stale(self) -> list[Alert]:
        places, plant = self.places, self.plant
        facts = places.lake.read_facts(RAW_READINGS, plant.id) or {}
        posted = places.inbox.read(plant.id, zone=plant.zone)["interval_start"]
        newest = posted.max()
        ends = [
            *([dt.datetime.fromisoformat(facts["end"])] if facts else []),
            *([newest + INTERVAL] if isinstance(newest, dt.datetime) else []),
        ]
        waiting_from = facts.get("waiting_from")
        arrivals = Arrivals(
            known_until=max(ends, default=None),
            is_growing=posted.len() > 0 or str(facts.get("location", "")).startswith(("http://", "https://")),
            waiting=facts.get("rows_waiting", 0),
            waiting_from=dt.datetime.fromisoformat(waiting_from) if waiting_from else None,
        )
        return stale_data(arrivals, plant, now=self.now, params=places.params, links=places.links)

    def _rejected(self) -> list[Alert]:
        return rejected_readings(self.posted.posts, self.plant, params=self.places.params, links=self.places.links)

    def _drifted(self) -> list[Alert] | None:
        weeks = self._weeks(DRIFT_REPORT)
        newest = next(weeks, None)
        return None if newest is None else drifted(newest, self.plant, earlier=weeks, links=self.places.links)

    def _degraded(self) -> list[Alert] | None:
        rows = (week.row(0, named=True) for week in self._weeks(PERFORMANCE))
        newest = next(rows, None)
        if newest is None:
            return None
        return degraded(newest, self.plant, earlier=rows, params=self.places.params, links=self.places.links)

    def _peaks(self) -> list[Alert] | None:
        lake, plant_id = self.places.lake, self.plant.id
        facts, forecast = lake.read_facts(RAW_READINGS, plant_id), lake.find_newest(FORECAST, plant_id)
        if facts is None or forecast is None:
            return None
        if forecast["interval_start"][0] < dt.datetime.fromisoformat(facts["end"]):  # these days were measured since
            return None
        return peaks_expected(forecast, self.plant, planned=self._planned(forecast), links=self.places.links)

    def _planned(self, forecast: pl.DataFrame) -> PlannedPeak | None:
        lake, plant_id = self.places.lake, self.plant.id
        facts, plan = lake.read_facts(PLAN, plant_id), lake.find_newest(PLAN, plant_id)
        if facts is None or plan is None:
            return None
        if plan["interval_start"][0] != forecast["interval_start"][0]:  # of an earlier forecast
            return None
        return PlannedPeak(without_kw=facts["baseline_peak_kw"], with_kw=facts["peak_kw"])

    def _champion(self) -> list[Alert]:
        promotions = history(self.places.bundles_dir, self.plant.id)
        return champion_news(promotions, self.plant, now=self.now, params=self.places.params, links=self.places.links)

    def _weeks(self, table: str) -> Iterator[pl.DataFrame]:
        """The newest weeks of a table, newest first; none while the newest is of another champion than is served."""
        lake = self.places.lake
        for monday in lake.weeks(table, self.plant.id)[: -MOST_WEEKS - 1 : -1]:
            week = read_table(lake.week_path(table, self.plant.id, monday))
            if week["champion_version"][0] != self._champion_version:
                return
            yield week


def _nobodys(places: Places, posted: Posted) -> Look:
    """Bodies that were refused before their plant was known."""
    try:
        found = rejected_readings(posted.posts, None, params=places.params, links=places.links)
    except OSError:  # told of each plant already
        return Look()
    return Look(tuple(found), frozenset({(WHOLE_SYSTEM, "rejected_readings")}))
