"""Dagster's instance under the data folder: how runs are queued, watched and done again; jobs stand in ``jobs``.

A run whose process was killed is done again, from the step that it was at: what it had written before is whole, and
its step writes the same again. A run that failed for a reason of its own is not: it would fail again, and a person is
told instead.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, WILL_RETRY_TAG  # how Dagster marks runs, not exported

from steel_assets.servers import require_servers
from steel_assets.settings import DATABASE_URL, AssetsSettings, variable
from steel_energy.errors import ConfigError
from steel_energy.lake import write_text

CONFIG = "dagster.yaml"
INSTANCE_CONFIG = """\
# Written by `python -m steel_assets.build`, which brings it up to date; once you edit it, it is yours and stays.
telemetry:
  enabled: false
run_launcher: # Dagster's own, which also tells whether a run's process lives
  module: steel_assets.launching
  class: WatchedRunLauncher
  config:
    grace_s: 60.0 # a killed code server is back by then; before, Dagster could not do the run again
concurrency:
  runs:
    max_concurrent_runs: 2
run_monitoring: # finds runs that nobody works on any more: killed, or cut off with their machine
  enabled: true
  poll_interval_seconds: 15
  start_timeout_seconds: 180 # a run that does not start so long will not; importing its libraries takes seconds
  cancel_timeout_seconds: 180
run_retries: # and does them again; not those that failed for a reason of their own
  enabled: true
  max_retries: 3 # a run that takes its machine down each time is left to a person
  retry_on_asset_or_op_failure: false
"""
RUNS, FLEET_RUNS = "max_concurrent_runs: 2\n", "max_concurrent_runs: 8 # they wait for steps, which workers do\n"
FLEET_STORAGE = f"""\
storage: # what runs did, where all workers can write it; the address stays in the environment
  postgres:
    postgres_url:
      env: {variable(DATABASE_URL)}
"""
FLEET_CONFIG = INSTANCE_CONFIG.replace(RUNS, FLEET_RUNS) + FLEET_STORAGE
FORMER_CONFIGS = frozenset({"fcc2a01b"})
"""Hashes of what builds wrote before: a file that nobody edited is one of them."""


def open_instance(settings: AssetsSettings) -> dg.DagsterInstance:
    """The Dagster instance under the data folder, the one `make up` starts the page on.

    Raises:
        ConfigError: its file was edited, and is not for workers; or it is the cluster's, where steps are pods.
        SteelError: a server of the fleet does not answer.
    """
    if settings.engine == "kubernetes":
        remedy = "ask for runs on Dagster's page: rebuild_months, fit_nowcast, retrain"
        raise ConfigError("Dagster is the cluster's, not this folder's", field="STEEL_ENGINE", remedy=remedy)
    config = settings.dagster_home / CONFIG
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    keep_up_to_date(config, wanted=INSTANCE_CONFIG if settings.is_local else FLEET_CONFIG)
    if not settings.is_local:
        _require_shared_storage(config)
        require_servers(settings)
    return dg.DagsterInstance.from_config(str(settings.dagster_home))


def will_be_repeated(run: dg.DagsterRun) -> bool:
    """Whether a lost run is about to be done again: until that has begun, nobody else should ask for the same work."""
    is_due = run.status == dg.DagsterRunStatus.FAILURE and run.tags.get(WILL_RETRY_TAG) == "true"
    return is_due and AUTO_RETRY_RUN_ID_TAG not in run.tags


def keep_up_to_date(config: Path, *, wanted: str) -> None:
    """Write the file where there is none, and anew where it is as this project wrote it, now or earlier."""
    ours = FORMER_CONFIGS | {digest(text.encode()) for text in (INSTANCE_CONFIG, FLEET_CONFIG)}
    if not config.exists() or digest(config.read_bytes()) in ours:
        write_text(config, wanted)


def _require_shared_storage(config: Path) -> None:
    """Workers must not write to one machine's SQLite files."""
    if "storage" not in yaml.safe_load(config.read_bytes()):
        raise ConfigError(
            "was edited, and keeps runs where workers cannot",
            field=str(config),
            remedy="add a block `storage`, or remove the file: it is written anew",
        )


def digest(content: bytes) -> str:
    """By which a former file is known."""
    return hashlib.sha256(content).hexdigest()[:8]
