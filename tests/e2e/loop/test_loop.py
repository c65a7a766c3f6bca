"""The loop closes by itself: shifted readings, an alert, a training, a better model served, and a way back.

Real processes, a real mail server and a real receiver of webhooks; nothing is done by hand between the posts and the
new champion. ``make e2e`` runs it: sensors look every 15 to 60 seconds, so it takes minutes.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif("STEEL_E2E" not in os.environ, reason="takes minutes: make e2e runs it"),
]
BY_NIGHT = 1.0  # share of the work: the day shift became a night shift, as where power is cheaper then
KNOWN_UNTIL, SHIFTED_UNTIL, BACK_UNTIL = dt.date(2018, 4, 16), dt.date(2018, 4, 30), dt.date(2018, 5, 8)
PER_DAY = 96


def test_two_weeks_of_shifted_readings_bring_an_alert_a_training_and_a_new_champion_and_then_a_rollback(loop: Any):
    first = loop.served()
    loop.post_days(KNOWN_UNTIL, SHIFTED_UNTIL, by_night=BY_NIGHT)

    loop.until(lambda: loop.runs("take_in_posted"), within_s=60, what="a run that takes in")
    loop.until(lambda: loop.runs("watch"), within_s=90, what="a run that watches")
    loop.until(lambda: [text for text in loop.hooks.texts if "drift" in text], within_s=300, what="webhook of drift")
    loop.until(lambda: [said for said in loop.mailbox.texts if "drift" in said], within_s=60, what="mail of drift")
    loop.until(lambda: loop.runs("retrain")[0].tags.get("steel/evidence"), within_s=300, what="a training is asked for")
    loop.until(lambda: loop.runs("retrain")[0].is_success, within_s=600, what="the training ended well")
    second = loop.until(lambda: loop.served() != first and loop.served(), within_s=30, what="a new champion is served")

    assert [promotion.by for promotion in loop.promotions()] == ["build", "build"]
    assert loop.posted().height == 14 * PER_DAY
    assert loop.readings()["interval_start"].is_unique().all()

    loop.post_days(SHIFTED_UNTIL, BACK_UNTIL, by_night=0)
    loop.until(lambda: loop.runs("review_champion"), within_s=300, what="the new champion is reviewed")
    loop.until(lambda: loop.served() == first, within_s=120, what="the champion before is served again")

    assert [promotion.by for promotion in loop.promotions()] == ["build", "build", "rollback"]
    assert second != first
