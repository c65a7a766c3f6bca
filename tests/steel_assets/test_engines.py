"""Which executor a setting gives, which steps wait in the queue of training, when a lost step is handed out again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from steel_assets import worker
from steel_assets.definitions import build_defs, build_resources
from steel_assets.engines import MARGIN_S, QUEUES, TRAINING, celery_app, celery_options
from steel_assets.settings import AssetsSettings

ADDRESSES = {
    "broker_url": "redis://:pass-word@10.0.0.5:6379/0",
    "database_url": "postgresql+psycopg2://steel:pass-word@10.0.0.5:5432/dagster",
    "tracking_url": "postgresql+psycopg2://steel:pass-word@10.0.0.5:5432/mlflow",
}
QUEUE = "dagster-celery/queue"
pytestmark = pytest.mark.filterwarnings(
    "ignore:Task name 'execute_plan' is already registered"
)  # dagster-celery's habit
TRAINED = {
    "champion",
    "global_model",
    "tuning",
    "virtual_meter",
    "lightgbm",
    "xgboost",
    "chronos_zero_shot",
    "chronos_fine_tuned",
}


@pytest.fixture
def fleet(tmp_path: Path) -> AssetsSettings:
    return AssetsSettings(data_dir=tmp_path, engine="celery", step_limit_s=100, **ADDRESSES)  # type: ignore[arg-type]


def queues(defs: dg.Definitions) -> dict[str, str]:
    """Queues of the steps that are not in the usual one."""
    jobs = [defs.resolve_job_def(job.name) for job in defs.jobs or []]
    return {node.name: node.tags[QUEUE] for job in jobs for node in job.nodes if QUEUE in node.tags}


def test_a_laptop_runs_steps_in_the_process_of_their_run(tmp_path: Path):
    assert build_defs(AssetsSettings(data_dir=tmp_path)).executor is dg.in_process_executor


def test_a_fleet_hands_steps_to_celery_and_its_definitions_hold_no_address(fleet: AssetsSettings):
    executor = build_defs(fleet).executor

    assert isinstance(executor, dg.ExecutorDefinition)
    assert executor.name == "celery"
    assert "pass-word" not in str(
        executor.config_schema.default_value if executor.config_schema.default_provided else ""
    )


def test_mlflows_address_is_a_name_of_the_environment(fleet: AssetsSettings):
    assert build_resources(fleet)["tracking"].database == dg.EnvVar("STEEL_TRACKING_URL")


def test_what_trains_waits_in_a_queue_of_its_own(tmp_path: Path):
    found = queues(build_defs(AssetsSettings(data_dir=tmp_path)))

    assert set(found.values()) == {TRAINING}
    assert set(found) >= TRAINED
    assert "features" not in found


def test_a_step_is_ended_before_it_would_be_handed_out_again(fleet: AssetsSettings):
    options = celery_options(fleet)

    assert options["task_time_limit"] == 100
    assert options["broker_transport_options"]["visibility_timeout"] == 100 + MARGIN_S
    assert options["result_expires"] > options["broker_transport_options"]["visibility_timeout"]


def test_a_worker_takes_a_step_for_good_when_it_has_ended(fleet: AssetsSettings):
    app = celery_app(fleet)
    task = app.tasks["execute_plan"]

    assert task.acks_late
    assert task.reject_on_worker_lost
    assert task.retry_on_worker_lost
    assert (task.max_retries, task.time_limit) == (3, 100)
    assert app.conf.worker_deduplicate_successful_tasks
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_url == app.conf.result_backend == ADDRESSES["broker_url"]


@pytest.mark.parametrize("engine", ["laptop", "kubernetes"])
def test_a_worker_without_celery_says_that_nothing_waits(
    engine: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name, value in (ADDRESSES | {"engine": engine}).items():
        monkeypatch.setenv(f"STEEL_{name.upper()}", value)

    assert worker.main([]) == 2
    assert capsys.readouterr().err == "error: STEEL_ENGINE: no step ever waits for a worker (set it to celery)\n"


def test_a_worker_without_a_broker_ends_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    own = ADDRESSES | {"engine": "celery", "data_dir": str(tmp_path), "broker_url": "redis://:pass-word@127.0.0.1:1/0"}
    for name, value in own.items():
        monkeypatch.setenv(f"STEEL_{name.upper()}", value)

    assert worker.main([]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: STEEL_BROKER_URL: ")
    assert told.count("\n") == 1
    assert "pass-word" not in told


def test_a_step_may_start_processes():
    """In a process that is a daemon, as Celery's are."""
    done = subprocess.run([sys.executable, "-c", STEP], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["refused", "0"], done.stderr


STEP = """
from multiprocessing import get_context, process
from steel_assets.engines import let_have_children
spawning = get_context("spawn")
put_back, process._current_process = let_have_children(process.current_process()), spawning.Process(daemon=True)
try:
    spawning.Process(target=print).start()
except AssertionError:
    print("refused")
put_back()
child = spawning.Process(target=int)
child.start()
child.join(60)
print(child.exitcode)
"""


def test_a_worker_listens_to_all_queues_unless_told_otherwise():
    asked = worker.parser().parse_args([])

    assert list(asked.queues) == list(QUEUES)
    assert "--queues=training" in worker.celery_arguments([TRAINING], at_once=2)
    assert "--concurrency=2" in worker.celery_arguments([TRAINING], at_once=2)
