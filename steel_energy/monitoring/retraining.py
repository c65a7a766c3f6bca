"""Whether a plant's models are trained again because of what its newest week shows.

A decision and its reason, nothing more: who looks and who starts the run is the shell's. Schedules and people train
whenever they like; nothing here keeps them from it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import polars as pl

from steel_energy.config import Record
from steel_energy.monitoring.params import MonitoringParams
from steel_energy.monitoring.table import DEGRADED

SEVERE = "severe"
THINGS_NAMED = 3


class Evidence(Record):
    """A week that speaks for training again.

    Attributes:
        plant: plant id.
        champion_version: the bundle that it speaks against.
        window_until: end of the seven days.
        says: what was found, with figures.
    """

    plant: str
    champion_version: str
    window_until: dt.datetime
    says: str

    @property
    def key(self) -> str:
        """The same for whatever is found of the same days and champion: those ask for one training."""
        return f"{self.plant} {self.champion_version} {self.window_until.astimezone(dt.UTC):%Y%m%dT%H%MZ}"


class Retraining(Record):
    """A training that is asked for.

    Attributes:
        plant: plant id.
        reason: why, in words.
        evidence_key: what it was asked for; never asked for twice.
    """

    plant: str
    reason: str
    evidence_key: str


class NoRetraining(Record):
    """Why none is asked for."""

    plant: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """What is known of a plant when it is decided.

    Attributes:
        evidence: of its newest week; None where that week is as usual, or says nothing of the champion.
        champion_version: the bundle that is served; None before there is one.
        trained_until: end of the readings that the champion has seen.
        readings_until: end of the known readings.
        last_requested: when a training of the plant was last asked for, by whomever; None where none is known.
        asked: keys of the evidence that trainings were asked for.
    """

    plant: str
    evidence: Evidence | None
    champion_version: str | None
    trained_until: dt.datetime | None
    readings_until: dt.datetime | None
    last_requested: dt.datetime | None
    asked: frozenset[str] = frozenset()


def evidence(
    plant_id: str, *, drift: pl.DataFrame | None = None, performance: pl.DataFrame | None = None
) -> Evidence | None:
    """What a plant's newest week says for training again; None where it says nothing.

    Args:
        plant_id: the plant.
        drift: its newest table ``drift_report`` (one row a thing compared); None where there is none.
        performance: its newest table ``performance`` (one row); None where there is none.

    Returns:
        Of the later window where both speak and differ in it, with the words of both where they do not.
    """
    found = [one for one in (_drifted(plant_id, drift), _degraded(plant_id, performance)) if one is not None]
    if not found:
        return None
    newest = max(one.window_until for one in found)
    of_newest = [one for one in found if one.window_until == newest]
    return of_newest[0].model_copy(update={"says": "; ".join(one.says for one in of_newest)})


def decide(
    standing: Standing, *, training: str | None, now: dt.datetime, params: MonitoringParams
) -> Retraining | NoRetraining:
    """Whether the plant is trained again now.

    Args:
        standing: what is known of it.
        training: what trains already, of any plant, in words; None where nothing does.
        now: the present, with a zone: the cool-down is of the clock, not of the readings.
        params: ``recent_days`` of readings that the champion has not seen, and the cool-down.
    """
    found = standing.evidence
    if found is None:
        return _not(standing, "its newest week is as usual")
    if said := _says_nothing_new(found, standing, params):
        return _not(standing, said)
    if said := _waits(standing, training, now, params):
        return _not(standing, f"{said}: {found.says}")
    return Retraining(plant=standing.plant, reason=found.says, evidence_key=found.key)


def decide_all(
    standings: list[Standing], *, training: str | None, now: dt.datetime, params: MonitoringParams
) -> list[Retraining | NoRetraining]:
    """``decide`` for all plants, at most one of which is trained: the one that was trained longest ago.

    Args:
        standings: one for each plant.
        training: as in ``decide``.
        now: the present, with a zone.
        params: as in ``decide``.
    """
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    decided: list[Retraining | NoRetraining] = []
    for standing in sorted(standings, key=lambda one: (one.last_requested or never, one.plant)):
        verdict = decide(standing, training=training, now=now, params=params)
        if isinstance(verdict, Retraining):
            training = f"the training of {standing.plant}"
        decided.append(verdict)
    return decided


def _drifted(plant_id: str, drift: pl.DataFrame | None) -> Evidence | None:
    if drift is None:
        return None
    severe = drift.filter(pl.col("verdict") == SEVERE)
    if severe.is_empty():
        return None
    named = severe["name"].unique(maintain_order=True).to_list()
    more = f" and {len(named) - THINGS_NAMED} more" if len(named) > THINGS_NAMED else ""
    return _evidence(plant_id, severe, f"severe drift of {', '.join(named[:THINGS_NAMED])}{more}")


def _degraded(plant_id: str, performance: pl.DataFrame | None) -> Evidence | None:
    if performance is None:
        return None
    degraded = performance.filter(pl.col("verdict") == DEGRADED)
    if degraded.is_empty():
        return None
    return _evidence(plant_id, degraded, f"worse forecasts than its backtest's: {degraded['found'][0]}")


def _evidence(plant_id: str, rows: pl.DataFrame, says: str) -> Evidence:
    row = rows.row(0, named=True)
    return Evidence(
        plant=plant_id, champion_version=row["champion_version"], window_until=row["window_until"], says=says
    )


def _says_nothing_new(found: Evidence, standing: Standing, params: MonitoringParams) -> str:
    """Why the evidence asks for no training; empty where it does."""
    if found.champion_version != standing.champion_version:
        return f"has a newest week that speaks of {found.champion_version}, which is not served any more"
    if found.key in standing.asked:
        return f"was asked to train for this already: {found.says}"
    if standing.trained_until is None or standing.readings_until is None:
        return "has no readings that its champion could learn from"
    new_days = max((standing.readings_until - standing.trained_until) / dt.timedelta(days=1), 0)
    if new_days < params.recent_days:
        days = math.floor(10 * new_days) / 10
        return f"has {days} days of readings that its champion has not seen, {params.recent_days} are needed"
    return ""


def _waits(standing: Standing, training: str | None, now: dt.datetime, params: MonitoringParams) -> str:
    """What the training waits for; empty where it need not."""
    if training is not None:
        return f"waits for {training}"
    if standing.last_requested is not None:
        free_from = standing.last_requested + dt.timedelta(hours=params.cool_down_hours)
        if now < free_from:
            return f"cools down until {free_from.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return ""


def _not(standing: Standing, reason: str) -> NoRetraining:
    return NoRetraining(plant=standing.plant, reason=f"{standing.plant}: {reason}")
