"""``kill -9`` of every process while the loop is closing: after a restart it closes, and nothing is counted twice.

``make e2e`` runs it. Service, code server, run worker, daemon and everything at once are killed in one pass.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from typing import Any

import httpx
import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif("STEEL_E2E" not in os.environ, reason="takes minutes: make e2e runs it"),
]
BY_NIGHT = 1.0  # share of the work
KNOWN_UNTIL, SHIFTED_UNTIL = dt.date(2018, 4, 16), dt.date(2018, 4, 30)
PER_DAY = 96
PATIENCE_S = 600
RUNNING = {"STARTED"}


def newest_is(loop: Any, job: str, statuses: set[str]) -> Any:
    runs = loop.runs(job)
    return runs and runs[0].status.value in statuses and runs[0]


def test_the_loop_closes_whatever_is_killed_on_the_way(loop: Any):
    first = loop.served()
    *early, last = loop.days(KNOWN_UNTIL, SHIFTED_UNTIL, by_night=BY_NIGHT)
    for batch in early:
        loop.post(batch)
    loop.kill_service()
    with pytest.raises(httpx.TransportError):
        loop.post(last)
    loop.start_service()
    for batch in (early[-1], last):  # a client that has no answer posts again, be it that the batch was kept
        loop.post(batch)

    loop.until(lambda: newest_is(loop, "take_in_posted", RUNNING), within_s=PATIENCE_S, what="taking in begins")
    loop.say(f"killed {loop.dagster.kill('run worker')} run workers")
    loop.until(lambda: newest_is(loop, "take_in_posted", {"SUCCESS"}), within_s=PATIENCE_S, what="taken in")

    loop.until(lambda: newest_is(loop, "watch", RUNNING), within_s=PATIENCE_S, what="watching begins")
    loop.say(f"killed {loop.dagster.kill('daemon')} daemons")
    loop.restart_dagster()
    loop.until(lambda: newest_is(loop, "watch", {"SUCCESS"}), within_s=PATIENCE_S, what="watched")

    loop.until(lambda: newest_is(loop, "retrain", RUNNING), within_s=PATIENCE_S, what="the training begins")
    asked = loop.runs("retrain")[0].tags["steel/evidence"]
    loop.say(f"killed {loop.dagster.kill('code server')} code servers, {loop.dagster.kill('run worker')} run workers")
    loop.until(lambda: len(loop.runs("retrain")) > 2, within_s=PATIENCE_S, what="the training is begun again")
    loop.until(lambda: newest_is(loop, "retrain", RUNNING), within_s=PATIENCE_S, what="and runs")
    loop.say(f"killed everything: {loop.dagster.kill_all()} processes")
    loop.kill_service()
    loop.start_service()
    loop.restart_dagster()
    loop.until(lambda: newest_is(loop, "retrain", {"SUCCESS"}), within_s=PATIENCE_S, what="the training ended well")
    loop.until(lambda: loop.served() != first, within_s=60, what="a new champion is served")
    loop.until(lambda: [said for said in loop.mailbox.texts if "drift" in said], within_s=180, what="mail of drift")

    numbers = [promotion.number for promotion in loop.promotions()]
    successes = Counter(run.tags.get("steel/evidence") for run in loop.runs("retrain") if run.is_success)
    posted = loop.posted()
    assert posted["interval_start"].is_unique().all()
    assert posted.height == 14 * PER_DAY
    assert loop.readings()["interval_start"].is_unique().all()
    assert loop.readings()["interval_start"].max() == posted["interval_start"].max()
    assert successes[asked] == 1
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(set(loop.mailbox.ids)) == len(loop.mailbox.ids)
