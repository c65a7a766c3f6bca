"""Steps on two workers that are killed in the middle: the run completes, and the lake is what one process writes.

``make e2e`` runs it: Redis, PostgreSQL and the workers are real, and so is ``kill -9``.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from typing import Any

import pytest

from steel_assets.engines import MARGIN_S, SWEEP_S

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif("STEEL_E2E" not in os.environ, reason="takes minutes: make e2e runs it"),
]
STEP = "raw_readings"
RETRIES = 3  # Celery's
Lake = dict[str, bytes]


def begun_and_ended(told: Counter[tuple[str, str]]) -> tuple[int, int]:
    """How often the step was begun, and ended well."""
    return told["STEP_START", STEP], told["STEP_SUCCESS", STEP]


def ended_twice(told: Counter[tuple[str, str]]) -> list[str]:
    return [step for (kind, step), times in told.items() if kind == "STEP_SUCCESS" and times > 1]


def test_two_workers_write_the_same_bytes_as_one_process(fleet: Any, local: Lake):
    run = fleet.ask()
    run.ended()

    told = fleet.told(run)
    assert fleet.lake() == local
    assert begun_and_ended(told) == (1, 1)
    assert all(b" succeeded in " in worker.log.read_bytes() for worker in fleet.workers)


def test_a_step_whose_process_was_killed_is_done_again_at_once(fleet: Any, local: Lake):
    fleet.source.waits = 1
    run = fleet.ask()
    fleet.busy().child.kill()
    killed_s = time.monotonic()
    run.ended()

    told = fleet.told(run)
    assert time.monotonic() - killed_s < fleet.settings.step_limit_s + MARGIN_S
    assert fleet.lake() == local
    assert begun_and_ended(told) == (2, 1)
    assert ended_twice(told) == []


def test_the_steps_of_a_lost_machine_are_done_by_another(fleet: Any, local: Lake):
    fleet.source.waits = 1
    run = fleet.ask()
    fleet.busy().kill()
    run.ended()

    told = fleet.told(run)
    assert fleet.lake() == local
    assert begun_and_ended(told) == (2, 1)
    assert ended_twice(told) == []
    assert told["ASSET_MATERIALIZATION", STEP] == 2


def test_a_step_that_ended_before_its_worker_could_say_so_is_not_done_again(fleet: Any, local: Lake):
    fleet.source.waits = 1
    run = fleet.ask()
    worker = fleet.busy()
    worker.process.send_signal(signal.SIGSTOP)  # the process that does the step goes on
    fleet.source.answer.set()
    run.ended()
    worker.kill()
    time.sleep(fleet.settings.step_limit_s + MARGIN_S + SWEEP_S)

    told = fleet.told(run)
    assert fleet.lake() == local
    assert begun_and_ended(told) == (1, 1)
    assert fleet.source.requests == 1
    assert any(b"already completed" in worker.log.read_bytes() for worker in fleet.workers)


def test_a_worker_that_is_told_to_stop_ends_its_step_first(fleet: Any, local: Lake):
    fleet.source.waits = 1
    run = fleet.ask()
    worker = fleet.busy()
    worker.process.terminate()
    fleet.source.answer.set()
    worker.process.wait(60)
    run.ended()

    assert fleet.lake() == local
    assert begun_and_ended(fleet.told(run)) == (1, 1)
    assert fleet.source.requests == 1


def test_a_step_that_takes_its_process_down_each_time_fails_its_run(fleet: Any):
    fleet.source.waits = 1 + RETRIES
    run = fleet.ask()
    for _ in range(1 + RETRIES):
        fleet.busy().child.kill()

    assert "WorkerLostError" in run.failed()
    assert fleet.source.requests == 1 + RETRIES


def test_a_step_that_takes_too_long_is_ended_and_fails_its_run(fleet: Any):
    fleet.source.waits = 3  # as often as it is asked in vain, for 10 s each
    run = fleet.ask()

    assert "TimeLimitExceeded" in run.failed()
    assert fleet.source.requests < 3
