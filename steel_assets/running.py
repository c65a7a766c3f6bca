"""One job, run to its end: by this process alone, or by workers whom this process asks for each step.

What is asked for stands in ``build``, what a person sees of it in ``progress``.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TypeVar

import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableRepository  # no public name for a job of a module

from steel_assets.instance import open_instance
from steel_assets.settings import AssetsSettings
from steel_energy.errors import ClusterError

LOGGER = "progress"
"""What hears of a run of this process, where the definitions have a logger of this name."""
NO_LOG = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
AT_ONCE = 4
"""Runs that are followed at once; following one costs memory and next to no time, its steps wait for workers."""
Work = TypeVar("Work")
Follow = Callable[[str, Mapping[str, str]], "Ended"]


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    run_id: str
    events: Sequence[dg.DagsterEvent]

    @property
    def is_success(self) -> bool:
        """Whether all of it went well."""
        return any(event.event_type == dg.DagsterEventType.RUN_SUCCESS for event in self.events)


def run_here(job: dg.JobDefinition, *, instance: dg.DagsterInstance, tags: Mapping[str, str]) -> Ended:
    """Run a job in this process; its logger hears of its events."""
    done = job.execute_in_process(
        run_config={"loggers": {LOGGER: {}}}, instance=instance, tags=tags, raise_on_error=False
    )
    return Ended(done.run_id, done.all_events)


def run_on_workers(name: str, tags: Mapping[str, str]) -> Ended:
    """Run a job of ``steel_assets.definitions``, which workers import too, with the settings of the environment.

    Args:
        name: of the job.
        tags: of the run.
    """
    graph = ReconstructableRepository.for_module("steel_assets.definitions", "defs")
    job = graph.get_reconstructable_job(name)
    with open_instance(AssetsSettings()) as instance:
        done = dg.execute_job(job, instance, run_config=NO_LOG, tags=tags)
        return Ended(done.run_id, done.all_events)


@contextmanager
def followers() -> Iterator[Follow]:
    """Processes that follow runs. Threads would not do: Dagster sets up its process's logging anew for each run."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, mp_context=spawning, initializer=end_with_parent) as pool:

        def follow(name: str, tags: Mapping[str, str]) -> Ended:
            try:
                return pool.submit(run_on_workers, name, dict(tags)).result()
            except BrokenProcessPool as error:
                remedy = "see that there is memory for it, then build again"
                raise ClusterError("a process that followed a run was killed", field=name, remedy=remedy) from error

        yield follow


def end_with_parent() -> None:
    """Let this process end with the one that started it, however that ends: the next build asks for the same steps."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def side_by_side(do: Callable[[Work], None], works: Iterable[Work]) -> None:
    """Do works at once that wait for others, and see all of them end.

    Raises:
        Exception: the first of those that were raised.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = [pool.submit(do, work) for work in works]
    for one in done:
        one.result()
