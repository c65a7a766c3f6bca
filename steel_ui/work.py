"""Long work of a page: one job at a time, that the reader sees running and may cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import param

from steel_ui.client import Problem
from steel_ui.faults import problem_of


class Work(param.Parameterized):
    """A job, its outcome, and what went wrong.

    A job that is started while another runs takes its place; the request of the other is broken off.
    """

    is_running = param.Boolean(default=False, doc="Whether a job is running.")
    result = param.Parameter(default=None, doc="What the last job returned; None where it failed, and while it runs.")
    problem = param.ClassSelector(class_=Problem, default=None, allow_None=True, doc="Why the last job failed.")

    def __init__(self) -> None:
        super().__init__()
        self._task: asyncio.Task[None] | None = None

    def start(self, job: Coroutine[Any, Any, Any], *, keeps_result: bool = False) -> None:
        """Run ``job`` on the running event loop in place of the one before.

        Args:
            job: what is to be done.
            keeps_result: whether what the last job returned stays until this one is done, so that a page does not jump.
        """
        self.cancel()
        self.param.update(is_running=True, result=self.result if keeps_result else None, problem=None)
        self._task = asyncio.get_running_loop().create_task(self._run(job))
        self._task.add_done_callback(lambda _: job.close())  # one that is cancelled before its first step never ran

    def cancel(self) -> None:
        """Break the job off, if there is one."""
        if self._task is not None:
            self._task.cancel()
        self._task, self.is_running = None, False

    async def wait(self) -> None:
        """Until the job is done; for tests and for jobs that follow it."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self, job: Coroutine[Any, Any, Any]) -> None:
        own = asyncio.current_task()
        try:
            outcome = {"result": await job, "problem": None}
        except Exception as error:  # noqa: BLE001 - a job has no caller: what went wrong in it is its outcome
            outcome = {"result": None, "problem": problem_of(error)}
        if self._task is own:
            self.param.update(is_running=False, **outcome)
