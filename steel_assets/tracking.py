"""MLflow runs for assets: one run for each asset, ended as it went, never leaking into another.

``dagster-mlflow`` does the connecting, tagging and chunked logging. Three of its habits are unsound for assets, and
this resource goes round exactly those: it opens one MLflow run for a whole Dagster run (here every asset gets its own,
handed over by id), it leaves that run active for assets that never asked for it, and it ends a failed asset's run as
FINISHED or not at all (here a context manager ends it FINISHED, or FAILED when the asset raises).

MLflow takes seconds to import and is imported when an asset asks for it.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from steel_assets.retrying import tried_again
from steel_assets.settings import AssetsSettings

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow
    from mlflow import MlflowClient

DATABASE = "mlflow.db"
EXPERIMENT = "steel-energy"
CHAMPION = "champion"
BUNDLE = "bundle"  # tag of a registered version: the bundle it was made of


class Tracking(dg.ConfigurableResource[None]):
    """MLflow's database, artifacts and model registry under one folder.

    Attributes:
        folder: absolute path; MLflow would otherwise write beside whatever the current folder is.
        database: address of the database, where it is no file in the folder.
    """

    folder: str
    database: str | None = None

    @property
    def uri(self) -> str:
        """The tracking and registry address, for ``mlflow server`` too."""
        return self.database or f"sqlite:///{Path(self.folder).resolve()}/{DATABASE}"

    @property
    def has_store(self) -> bool:
        """Whether anything was ever logged."""
        return self.database is not None or (Path(self.folder) / DATABASE).is_file()

    def client(self) -> MlflowClient:
        """A client of the tracking store and registry; creates them on first use."""
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        import mlflow  # noqa: PLC0415 - seconds, see above

        for talkative in ("mlflow", "alembic"):  # each migration and each model logged, line by line
            logging.getLogger(talkative).setLevel(logging.ERROR)
        Path(self.folder).mkdir(parents=True, exist_ok=True)
        mlflow.set_tracking_uri(self.uri)
        return mlflow.MlflowClient(self.uri)

    def experiment_id(self, client: MlflowClient) -> str:
        """The experiment of all models, created on first use with an absolute folder for its artifacts."""
        if experiment := client.get_experiment_by_name(EXPERIMENT):
            return str(experiment.experiment_id)
        artifacts = Path(self.folder).resolve() / "artifacts"
        return str(client.create_experiment(EXPERIMENT, artifact_location=artifacts.as_uri()))

    def prepare(self) -> None:
        """Make tables and experiment, before several processes at once would."""
        self.experiment_id(self.client())

    @contextmanager
    def run(self, context: dg.AssetExecutionContext, *, name: str, tags: dict[str, Any]) -> Iterator[MlFlow]:
        """The asset's own MLflow run, active inside the block.

        Args:
            context: of the asset; its run id becomes the tag ``dagster_run_id``.
            name: the run's name.
            tags: further tags, such as plant and source.

        Yields:
            dagster-mlflow's resource: all of MLflow's logging functions, and ``mlflow_run_id``.

        Raises:
            dagster.RetryRequested: what failed inside may pass, such as MLflow's database being locked.
        """
        with tried_again(context.retry_number):
            client = self.client()
            run = client.create_run(self.experiment_id(client), run_name=name)
            named = {**tags, "mlflow.runName": name}  # dagster-mlflow renames the run after the Dagster job
            settings = {"experiment_name": EXPERIMENT, "mlflow_tracking_uri": self.uri, "extra_tags": named, "env": {}}
            status = "FAILED"
            tracking = _mlflow_resource(context, {**settings, "mlflow_run_id": run.info.run_id})
            try:
                yield tracking
                status = "FINISHED"
            finally:
                tracking.end_run(status)

    def register(self, tracking: MlFlow, plant_id: str, bundle: Path, *, is_champion: bool) -> str:
        """Log a bundle as a model of the active run and register it; the alias ``champion`` follows if it is one.

        Returns:
            The registered version. ``mlflow.pyfunc.load_model("models:/<plant>-forecast@champion")`` forecasts with
            the champion's.
        """
        logged = tracking.pyfunc.log_model(
            name="model",
            loader_module="steel_assets.mlflow_model",
            data_path=str(bundle),
            pip_requirements=["steel-energy-copilot"],  # this project; MLflow would guess for seconds
        )
        client, name = self.client(), registered_name(plant_id)
        if not client.search_registered_models(filter_string=f"name = '{name}'"):
            client.create_registered_model(name)
        version = client.create_model_version(
            name,
            logged.model_uri,
            run_id=tracking.mlflow_run_id,
            model_id=logged.model_id,
            tags={BUNDLE: bundle.name},
        ).version
        if is_champion:
            client.set_registered_model_alias(name, CHAMPION, version)
        return str(version)

    def follow(self, plant_id: str, bundle_version: str) -> str | None:
        """Let the alias ``champion`` point at the newest registration of a bundle.

        Returns:
            The registered version; None where that bundle was never registered, and the alias stays.
        """
        client, name = self.client(), registered_name(plant_id)
        found = client.search_model_versions(f"name = '{name}' and tags.{BUNDLE} = '{bundle_version}'")
        if not found:
            return None
        newest = max(found, key=lambda registered: int(registered.version)).version
        client.set_registered_model_alias(name, CHAMPION, newest)
        return str(newest)


def open_tracking(settings: AssetsSettings) -> Tracking:
    """MLflow as the settings say, for use outside a run of Dagster's."""
    address = settings.tracking_url
    database = None if settings.is_local or address is None else address.get_secret_value()
    return Tracking(folder=str(settings.mlflow_dir), database=database)


def registered_name(plant_id: str) -> str:
    """Name of a plant's forecaster in MLflow's registry."""
    return f"{plant_id}-forecast"


def _mlflow_resource(context: dg.AssetExecutionContext, config: dict[str, Any]) -> MlFlow:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # dagster-mlflow is marked beta as a whole
        from dagster_mlflow.resources import MlFlow, mlflow_tracking  # noqa: PLC0415 - imports MLflow

        return MlFlow(
            dg.InitResourceContext(
                resource_config=config,
                resources=context.resources,
                resource_def=mlflow_tracking,
                all_resource_defs={},
                instance=context.instance,
                dagster_run=context.run,
                log_manager=context.log,
            )
        )
