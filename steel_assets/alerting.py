"""What alerts need of Dagster: runs that failed, trainings that changed nothing, and telling what a look found.

Rules, messages and channels are ``steel_energy.alerts``'; the sensors are ``sensors.alerts``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from steel_energy.alerts.alert import WHOLE_SYSTEM, Scope
from steel_energy.alerts.delivery import Delivery, channels_of, dispatch
from steel_energy.alerts.ledger import Ledger
from steel_energy.alerts.links import Links
from steel_energy.alerts.looking import Look, Places, look_at
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.rules.models import Retraining, retrained
from steel_energy.alerts.rules.operation import FailedRun, run_failures
from steel_energy.alerts.settings import AlertSettings
from steel_energy.inbox import Inbox
from steel_energy.lake import Lake
from steel_energy.params import load_params
from steel_energy.plant import Plant
from steel_energy.settings import SteelSettings

PLANT_TAG, WILL_RETRY_TAG = "steel/plant", "dagster/will_retry"
PARTITION_TAGS = ("dagster/partition", "dagster/asset_partition_range_start")
CHAMPION = dg.AssetKey("champion")
MOST_RUNS = 500
"""That failed last; one that failed so often hides what failed before."""
FAILURES = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}


@dataclass(frozen=True)
class Watch:
    """What the alert sensors look at and through whom they tell.

    Attributes:
        plants: by id.
        settings: where the project's files lie.
        alerts: the channels.
        inbox: what was posted.
        ledger: what was told.
    """

    plants: Mapping[str, Plant]
    settings: SteelSettings
    alerts: AlertSettings
    inbox: Inbox
    ledger: Ledger

    @classmethod
    def over(cls, plants: Mapping[str, Plant], settings: SteelSettings, alerts: AlertSettings) -> Watch:
        """The watch over a project's data folder."""
        return cls(plants, settings, alerts, Inbox(settings.inbox_dir), Ledger(settings.alerts_dir))

    @property
    def links(self) -> Links:
        """Addresses for the readers of alerts."""
        return Links(self.alerts.dagster_url, self.alerts.dashboard_url)

    @property
    def params(self) -> AlertParams:
        """As they stand in the file now."""
        return load_params(self.settings.params_file, profile=self.settings.profile).alerts

    def look(self, instance: dg.DagsterInstance, *, now: dt.datetime) -> Look:
        """Look at everything."""
        params = self.params
        places = Places(
            lake=Lake(self.settings.lake_root),
            inbox=self.inbox,
            bundles_dir=self.settings.bundles_dir,
            audit_file=self.settings.logs_dir / "audit.jsonl",
            links=self.links,
            params=params,
        )
        since = now - dt.timedelta(hours=params.news_hours)
        return (
            look_at(self.plants.values(), places, now=now) + self.look_at_runs(instance) + self._news(instance, since)
        )

    def look_at_runs(self, instance: dg.DagsterInstance) -> Look:
        """Look at the runs that failed."""
        params = self.params
        failed = list(failed_runs(instance, plants=self.plants))
        found = []
        for plant_id in {run.plant for run in failed}:
            plant = self.plants.get(plant_id or "")
            own = [run for run in failed if run.plant == plant_id]
            found += run_failures(own, zone=plant.zone if plant else "UTC", params=params, links=self.links)
        seen: set[Scope] = {(plant_id, "run_failure") for plant_id in (*self.plants, WHOLE_SYSTEM)}
        return Look(tuple(found), frozenset(seen))

    def tell(self, look: Look, *, now: dt.datetime) -> list[Delivery]:
        """Send what is due, and record it."""
        params = self.params
        channels = channels_of(self.alerts, logs_dir=self.settings.logs_dir)
        return dispatch(look.alerts, seen=look.seen, channels=channels, ledger=self.ledger, params=params, now=now)

    def _news(self, instance: dg.DagsterInstance, since: dt.datetime) -> Look:
        filtered = dg.AssetRecordsFilter(asset_key=CHAMPION, after_timestamp=since.timestamp())
        look = Look()
        for record in instance.fetch_materializations(filtered, limit=MOST_RUNS).records:
            plant, made = self.plants.get(record.partition_key or ""), record.asset_materialization
            if plant and made and "is_promoted" in made.metadata and not made.metadata["is_promoted"].value:
                at = dt.datetime.fromtimestamp(record.timestamp, dt.UTC)
                training = Retraining(record.run_id, at, str(made.metadata["reason"].value))
                look += Look(tuple(retrained([training], plant, links=self.links)))
        return look


def failed_runs(instance: dg.DagsterInstance, *, plants: Collection[str]) -> Iterator[FailedRun]:
    """Runs that failed and that no later run of the same job and plant made good; the error of the last one each.

    A run that Dagster is going to start again by itself is no failure yet.
    """
    found: dict[tuple[str, str | None], list[dg.RunRecord]] = {}
    for record in _records(instance, dg.DagsterRunStatus.FAILURE):
        run = record.dagster_run
        if run.tags.get(WILL_RETRY_TAG) != "true":
            found.setdefault((run.job_name, plant_of(run.tags, plants)), []).append(record)
    for (job, plant), records in found.items():
        good_since = _last_success(instance, job, plant, plants)
        standing = [record for record in records if _ended(record) > good_since]
        for number, record in enumerate(standing):
            step, error = first_error(instance, record.dagster_run.run_id) if number == 0 else (None, "")
            at = dt.datetime.fromtimestamp(_ended(record), dt.UTC)
            yield FailedRun(job, plant, record.dagster_run.run_id, at, step, error)


def plant_of(tags: Mapping[str, str], plants: Collection[str]) -> str | None:
    """The plant that a run is about; None where it is of no single one.

    >>> plant_of({"dagster/partition": "2018-01|gwangyang"}, {"gwangyang"})
    'gwangyang'
    """
    named = [tags.get(PLANT_TAG, ""), *(part for tag in PARTITION_TAGS for part in tags.get(tag, "").split("|"))]
    return next((name for name in named if name in plants), None)


def first_error(instance: dg.DagsterInstance, run_id: str) -> tuple[str | None, str]:
    """The step that failed first, None where none did, and the first line of its error."""
    for entry in instance.all_logs(run_id, of_type=FAILURES):
        event = entry.dagster_event
        error = getattr(event.event_specific_data, "error", None) if event else None  # a killed run's has no data
        said = _said(error) if error else entry.message
        if said:
            return entry.step_key, said.splitlines()[0]
    return None, "nothing was recorded: its process ended by itself or was killed"


def _said(error: SerializableErrorInfo) -> str:
    """The first line of what went wrong at the bottom of it, without the module that it comes from."""
    while error.cause is not None:
        error = error.cause
    first = next(iter(error.message.strip().splitlines()), "no message")
    name, separator, rest = first.partition(":")
    return f"{name.rsplit('.', 1)[-1]}{separator}{rest}"


def _records(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, job: str | None = None) -> list[dg.RunRecord]:
    filters = dg.RunsFilter(statuses=[status], job_name=job)
    return list(instance.get_run_records(filters, limit=MOST_RUNS))


def _last_success(instance: dg.DagsterInstance, job: str, plant: str | None, plants: Collection[str]) -> float:
    records = _records(instance, dg.DagsterRunStatus.SUCCESS, job)
    own = [_ended(record) for record in records if plant_of(record.dagster_run.tags, plants) == plant]
    return max(own, default=0.0)


def _ended(record: dg.RunRecord) -> float:
    return record.end_time or record.update_timestamp.timestamp()
