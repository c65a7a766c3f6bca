"""The sensors that tell people: one looks at everything once a minute, one at runs soon after they failed.

They start no runs. Both tell through the same ledger, so nothing is told twice; what a channel did not take fails the
tick, which the page shows, and is told at a later one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import dagster as dg

from steel_assets.alerting import Watch
from steel_energy.alerts.delivery import Delivery

LOOK_EVERY_S, RUNS_EVERY_S = 60, 15


def alerts_sensor(watch: Watch, status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """The sensor that looks at lake, inbox, audit log, champions and runs."""

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=LOOK_EVERY_S,
        default_status=status,
        description="Tells people by e-mail, webhook and log what they should know of a plant, each thing once.",
    )
    def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        now = dt.datetime.now(dt.UTC)
        return dg.SkipReason(told(watch.tell(watch.look(context.instance, now=now), now=now)))

    return alerts


def run_failures_sensor(watch: Watch, status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """The sensor that tells of a failed run at once."""

    @dg.run_failure_sensor(
        name="run_failures",
        minimum_interval_seconds=RUNS_EVERY_S,
        default_status=status,
        description="Tells of a run that failed: job, step, first line of the error, link to the run.",
    )
    def run_failures(context: dg.RunFailureSensorContext) -> None:
        now = dt.datetime.now(dt.UTC)
        context.log.info(told(watch.tell(watch.look_at_runs(context.instance), now=now)))

    return run_failures


def told(deliveries: Sequence[Delivery]) -> str:
    """What arrived, in words.

    Raises:
        dagster.Failure: a channel did not take its message, or not all of it.
    """
    problems = [delivery.problem for delivery in deliveries if delivery.problem]
    if problems:
        raise dg.Failure("; ".join(problems))
    said = [f"{one.channel} took {one.message.subject!r}" for one in deliveries if one.message]
    waits = [f"{one.channel} is tried again at {one.waits_until:%H:%M:%S} UTC" for one in deliveries if one.waits_until]
    return "; ".join((*said, *waits)) or "nothing to tell"
