"""Where the steps of a run are done: in its own process, by Celery workers, or in pods. ``STEEL_ENGINE`` says which.

In a cluster of Kubernetes a run is a pod and so is each of its steps: dagster-k8s makes them as the run launcher of the
cluster's own ``dagster.yaml`` says (deploy/kubernetes-fleet), so there is little to tell it here.

For Celery the engine is dagster-celery's; what stands here is how it is told to survive a lost worker. A step is taken
from the queue for good only when it has ended (acknowledged late). One whose process was killed is handed out again at
once, at most three times; one whose whole machine is gone, when its time limit is over. A step that had ended before
its worker could say so is not done again. Addresses stay in the environment: what is stored of a run names the
variables alone.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import process
from multiprocessing.process import BaseProcess
from typing import Any

import dagster as dg

from steel_assets.settings import BROKER_URL, AssetsSettings, variable

STEPS, TRAINING = "dagster", "training"
QUEUES = (STEPS, TRAINING)
"""dagster-celery's own queue, and one for steps that fill a machine: as many are done at once as workers listen to."""
TRAINED = {"dagster-celery/queue": TRAINING}
"""Tag of the steps that train."""
POD_OF_A_STEP = {
    "enable_owner_references": True,  # when a run's pod is removed, those of its steps are too
    "step_k8s_config": {
        "pod_spec_config": {"service_account_name": "default", "automount_service_account_token": False}
    },
}
"""What differs from the pod of its run: a step starts no pods, so it may not call the cluster."""
MARGIN_S = 30
"""A step is ended this long before it would be handed out again."""
SWEEP_S = 10
"""How often workers look for steps that nobody works on any more."""
AGAIN_S = 5
"""Pause before a step whose process was killed is handed out again; Celery does so three times, then the run fails."""
LOGGED_CHARS = 40
"""Of a step's result in a worker's log; the rest is in Dagster's."""


def executor_of(settings: AssetsSettings) -> dg.ExecutorDefinition:
    """The executor of every job."""
    if settings.is_local:
        return dg.in_process_executor  # a step takes less time than starting a process for it
    if settings.engine == "kubernetes":
        from dagster_k8s import k8s_job_executor  # noqa: PLC0415 - of the extra `fleet`

        return k8s_job_executor.configured(POD_OF_A_STEP, name="kubernetes")
    from dagster_celery import celery_executor  # noqa: PLC0415 - as above

    address = {"env": variable(BROKER_URL)}
    return celery_executor.configured(
        {"broker": address, "backend": address, "config_source": celery_options(settings)}, name="celery"
    )


def celery_options(settings: AssetsSettings) -> dict[str, Any]:
    """Celery's settings, the same for those who ask for steps and for those who do them."""
    handed_out_again_s = settings.step_limit_s + MARGIN_S
    return {
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": handed_out_again_s,
            "unacked_restore_interval": SWEEP_S,
            "unacked_restore_throttle": 1,
        },
        "result_expires": 2 * handed_out_again_s,  # by it workers know what has ended
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_retry_on_worker_lost": True,
        "task_time_limit": settings.step_limit_s,
        "worker_deduplicate_successful_tasks": True,
        "worker_prefetch_multiplier": 1,
    }


def celery_app(settings: AssetsSettings) -> Any:  # noqa: ANN401 - Celery ships no types
    """dagster-celery's application, for a worker."""
    from celery.signals import worker_process_init  # type: ignore[import-untyped]  # noqa: PLC0415 - of `fleet`
    from dagster_celery.executor import CeleryExecutor  # noqa: PLC0415 - as above
    from dagster_celery.make_app import make_app  # noqa: PLC0415 - as above
    from dagster_celery.tasks import create_task  # noqa: PLC0415 - as above

    address = settings.broker_url.get_secret_value() if settings.broker_url else None
    executor = CeleryExecutor.for_cli(address, address, config_source=celery_options(settings))  # type: ignore[no-untyped-call]
    app = make_app(executor.app_args())  # type: ignore[no-untyped-call]
    create_task(app, default_retry_delay=AGAIN_S, resultrepr_maxsize=LOGGED_CHARS)  # type: ignore[no-untyped-call]
    worker_process_init.connect(let_have_children(process.current_process()), weak=False)
    return app


def let_have_children(own: BaseProcess) -> Callable[..., None]:
    """What lets steps start processes, as the global model's does; Dask's end by themselves when their parent has gone.

    Celery puts a process of its own kind where Python keeps its; it is a daemon, which Python lets have no children.

    Args:
        own: Python's, of the worker that Celery's processes are copies of.
    """

    def put_back(**_: object) -> None:
        process._current_process = own  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way

    return put_back
