"""The plant's months by two real Celery workers over a real Redis and PostgreSQL: the same files as by one process.

What becomes of a worker that is killed in the middle is proved by ``make e2e``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
import psutil
import pytest

from steel_assets import running
from steel_assets.definitions import build_defs
from steel_assets.fleet_testing import missing_programs, running_servers, running_worker
from steel_assets.partitions import PlantMonth, range_tags
from steel_assets.running import LOGGER, run_here, run_on_workers, side_by_side
from steel_assets.settings import AssetsSettings
from steel_assets.testing import STOP_SECONDS
from steel_energy.errors import ClusterError

pytestmark = pytest.mark.filterwarnings(
    "ignore:Task name 'execute_plan' is already registered"
)  # dagster-celery's habit
JOB = "rebuild_months"
MONTHS = range_tags(PlantMonth("toy", "2018-01"), PlantMonth("toy", "2018-02"))
QUIET = {LOGGER: dg.LoggerDefinition(lambda _: dg.get_dagster_logger())}


@pytest.fixture
def fleet(
    tmp_path: Path, make_toy_project: Callable[[Path], AssetsSettings], monkeypatch: pytest.MonkeyPatch
) -> Iterator[AssetsSettings]:
    """A toy plant and two workers that wait for its steps."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    home = make_toy_project(tmp_path / "fleet").home
    with ExitStack() as stack:
        own = {"STEEL_HOME": str(home), "STEEL_DATA_DIR": str(home / "data"), "STEEL_SOURCE": "simulated"}
        environment = own | {"STEEL_ENGINE": "celery"} | stack.enter_context(running_servers())
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for number in range(2):
            stack.enter_context(running_worker(tmp_path / f"worker-{number}.log", environment=environment))
        yield AssetsSettings()


def lake_bytes(settings: AssetsSettings) -> dict[str, bytes]:
    files = [path for path in settings.lake_dir.rglob("*") if path.is_file()]
    return {str(path.relative_to(settings.lake_dir)): path.read_bytes() for path in files}


def test_two_workers_write_the_same_bytes_as_one_process(
    fleet: AssetsSettings, settings: AssetsSettings, instance: dg.DagsterInstance
):
    ended = run_on_workers(JOB, MONTHS)
    job = build_defs(settings, loggers=QUIET).resolve_job_def(JOB)

    assert ended.is_success
    assert sum(event.is_step_success for event in ended.events) == len(job.nodes)
    assert run_here(job, instance=instance, tags=MONTHS).is_success
    assert lake_bytes(fleet) == lake_bytes(settings)
    assert {path.split("/")[0] for path in lake_bytes(fleet)} == {
        "raw_readings",
        "cleaned_readings",
        "repairs",
        "features",
    }


def test_works_that_wait_are_done_at_once_and_all_end_though_one_fails():
    done: list[int] = []

    def do(work: int) -> None:
        if work == 1:
            raise LookupError(work)
        done.append(work)

    with pytest.raises(LookupError):
        side_by_side(do, range(4))

    assert sorted(done) == [0, 2, 3]


def test_a_follower_that_is_killed_is_one_clear_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "run_on_workers", exec)

    with running.followers() as follow, pytest.raises(ClusterError, match="a process that followed a run was killed"):
        follow("import os; os._exit(9)", {})


def test_a_follower_ends_with_its_build_however_that_ends():
    build = subprocess.Popen([sys.executable, "-c", BUILD], stdout=subprocess.PIPE, text=True)
    assert build.stdout
    follower = psutil.Process(int(build.stdout.readline()))
    build.kill()
    build.communicate()

    follower.wait(STOP_SECONDS)
    assert not follower.is_running()


BUILD = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from steel_assets.running import end_with_parent
pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)
print(pool.submit(os.getpid).result(), flush=True)
pool.submit(time.sleep, 600).result()
"""
