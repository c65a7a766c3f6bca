"""Alerts about models: forecasts got worse, another model is served, or none was after a training."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from steel_energy.alerts.alert import Alert
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.rules.weeks import window
from steel_energy.artifacts import Promotion
from steel_energy.calendar import in_zone
from steel_energy.plant import Plant

Week = Mapping[str, Any]
"""A row of ``performance``."""
DEGRADED = "degraded"
TOLD_RATIO = 1.1
"""Of the errors, from which on the factor is worth a word."""
RETRAIN = (
    "Compare these days with what was made. A training is asked for by itself where STEEL_AUTOMATION is on; else run "
    "the job retrain on Dagster's page."
)
CHECK_METER = "Have the meter and its transmission checked: training again on such readings makes no better model."
CAUSES = {"build": "a build", "promote": "a person, by steel champion promote", "rollback": "a rollback"}


def degraded(
    newest: Week, plant: Plant, *, earlier: Iterable[Week] = (), params: AlertParams, links: Links
) -> list[Alert]:
    """That the newest week's forecasts or nowcasts are worse than the champion's backtest leads to expect.

    Args:
        newest: its row of ``performance``.
        plant: whose.
        earlier: those of the weeks before, newest first; they say since when, and are asked for only where it is worse.
        params: from which ratio on it is critical.
        links: where to look.
    """
    facts = _error_facts(newest)
    if not facts:
        return []
    is_forecast, ratio = newest["verdict"] == DEGRADED, newest["ratio"]
    first: dt.datetime = [newest, *itertools.takewhile(_error_facts, earlier)][-1]["window_from"]
    is_critical = is_forecast and ratio is not None and ratio >= params.degraded_critical_ratio
    return [
        Alert(
            key=f"{plant.id}/degradation",
            plant=plant.id,
            kind="degradation",
            severity="critical" if is_critical else "warning",
            title=_worse(ratio) if is_forecast else "more readings contradict themselves than a sound meter's do",
            facts=(window(newest, plant), *facts),
            since=in_zone(first, plant.zone),
            zone=plant.zone,
            advice=RETRAIN if is_forecast else CHECK_METER,
            link=links.asset("performance"),
        )
    ]


def _worse(ratio: float | None) -> str:
    """``forecasts are worse than expected, 1.6 times the error``; without the factor where the RMSE is not what moved.

    >>> _worse(1.04)
    'forecasts are worse than expected'
    """
    words = "forecasts are worse than expected"
    return f"{words}, {ratio:.1f} times the error" if ratio is not None and ratio >= TOLD_RATIO else words


def _error_facts(row: Mapping[str, Any]) -> list[str]:
    facts = []
    if row["verdict"] == DEGRADED:
        facts.append(f"Forecasts of 24 hours by {row['model']}: {row['found']}.")
        if row["change_points"]:
            facts.append(f"Their errors differ since {row['change_points'][-1]:%a %Y-%m-%d}.")
    if row["nowcast_verdict"] == DEGRADED:
        usual = row["usual_inconsistent_share"]
        beside = f", {usual:.1%} in the training" if usual is not None else ""
        facts.append(f"{row['inconsistent_share']:.1%} of the readings contradict themselves{beside}.")
    return facts


def champion_news(
    promotions: Iterable[Promotion], plant: Plant, *, now: dt.datetime, params: AlertParams, links: Links
) -> list[Alert]:
    """Each change of the served model in the last hours, as news."""
    known = list(promotions)
    since = now - dt.timedelta(hours=params.news_hours)
    pairs = zip(known, (None, *known), strict=False)
    return [_change(new, old, plant, links) for new, old in pairs if new.promoted_at >= since]


def _change(new: Promotion, old: Promotion | None, plant: Plant, links: Links) -> Alert:
    is_back = new.by == "rollback"
    before = f"In the place of {old.model} {old.version}" if old else "The first champion"
    return Alert(
        key=f"{plant.id}/champion/{new.number}",
        plant=plant.id,
        kind="champion",
        severity="info",
        title=f"{'rolled back to' if is_back else 'now served:'} {new.model} {new.version}",
        facts=(f"{before}, by {new.who or CAUSES.get(new.by, new.by)}.", f"Reason: {new.reason}"),
        since=in_zone(new.promoted_at, plant.zone),
        zone=plant.zone,
        advice="Nothing to do. steel champion history shows all changes, steel champion rollback goes back.",
        link=links.asset("champion"),
        is_lasting=False,
    )


@dataclass(frozen=True)
class Retraining:
    """A retraining that ended with the champion staying."""

    run_id: str
    at: dt.datetime
    reason: str


def retrained(trainings: Iterable[Retraining], plant: Plant, *, links: Links) -> list[Alert]:
    """Retrainings after which the champion stayed, as news; those that changed it are the champion's own."""
    return [
        Alert(
            key=f"{plant.id}/retrained/{training.run_id}",
            plant=plant.id,
            kind="retrained",
            severity="info",
            title="trained again, the champion stays",
            facts=(f"Reason: {training.reason}",),
            since=in_zone(training.at, plant.zone),
            zone=plant.zone,
            advice="Nothing to do. steel champion promote serves the new bundle all the same.",
            link=links.run(training.run_id),
            is_lasting=False,
        )
        for training in trainings
    ]
