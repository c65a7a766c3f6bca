"""When missing and refused readings are worth a message."""

from __future__ import annotations

import datetime as dt

import pytest

from steel_energy.alerts.alert import WHOLE_SYSTEM, Alert
from steel_energy.alerts.links import Links
from steel_energy.alerts.params import AlertParams
from steel_energy.alerts.posts import Post
from steel_energy.alerts.rules.readings import Arrivals, rejected_readings, stale_data
from steel_energy.plant import Plant
from steel_energy.testing import toy_plant

LINKS = Links("http://dagster", "http://dashboard")
NEWEST = dt.datetime(2018, 4, 10, 0, 0, tzinfo=dt.UTC)  # 09:00 in Seoul
HOUR = dt.timedelta(hours=1)


def arrivals(**changes: object) -> Arrivals:
    return Arrivals(**({"known_until": NEWEST, "is_growing": True} | changes))  # type: ignore[arg-type]


def open_plant() -> Plant:
    return toy_plant().model_copy(update={"open_until": None})


def stale(
    params: AlertParams, hours: float, *, found: Arrivals | None = None, plant: Plant | None = None
) -> list[Alert]:
    return stale_data(found or arrivals(), plant or open_plant(), now=NEWEST + hours * HOUR, params=params, links=LINKS)


@pytest.mark.parametrize(
    ("hours", "severities"), [(5.9, []), (6.0, ["warning"]), (23.9, ["warning"]), (24.0, ["critical"])]
)
def test_a_plant_whose_readings_stop_is_told_after_hours(params: AlertParams, hours: float, severities: list[str]):
    assert [alert.severity for alert in stale(params, hours)] == severities


def test_it_is_said_since_when_and_how_many_readings_wait(params: AlertParams):
    found = arrivals(waiting=96, waiting_from=NEWEST + 200 * HOUR)

    (alert,) = stale(params, 50, found=found)

    assert alert.title == "no reading for 2 days"
    assert alert.since == NEWEST
    assert "The newest reading ends Tue 2018-04-10 09:00; there should be one every 15 minutes." in alert.facts
    assert any(fact.startswith("96 posted readings from Wed 2018-04-18 17:00 on wait") for fact in alert.facts)


@pytest.mark.parametrize(
    ("found", "plant"),
    [
        pytest.param(arrivals(is_growing=False), open_plant(), id="a file that nobody adds to"),
        pytest.param(arrivals(known_until=None), open_plant(), id="nothing known yet"),
        pytest.param(arrivals(), toy_plant(), id="months that are over"),
    ],
)
def test_history_is_never_stale(params: AlertParams, found: Arrivals, plant: Plant):
    assert stale(params, 24 * 365, found=found, plant=plant) == []


def post(
    *, received: int = 96, rejected: int = 0, status: int = 202, plant: str | None = "toy", hours: float = 1
) -> Post:
    line = {
        "event": "answered",
        "route": "/readings",
        "method": "POST",
        "at": NEWEST - hours * HOUR,
        "status": status,
        "plant": plant,
        "counts": {"received": received, "accepted": received - rejected, "rejected": rejected},
    }
    return Post.model_validate(line)


def rejected(params: AlertParams, *posts: Post, plant: Plant | None = None) -> list[Alert]:
    return rejected_readings(posts, plant, params=params, links=LINKS)


@pytest.mark.parametrize(
    ("posts", "severities"),
    [
        pytest.param([post()], [], id="none refused"),
        pytest.param([post(rejected=7)], [], id="a slip"),
        pytest.param([post(rejected=4), post(rejected=4)], ["warning"], id="slips that add up"),
        pytest.param([post(rejected=48)], ["critical"], id="half of them"),
        pytest.param([post(received=0, status=422)], ["warning"], id="a body that could not be read"),
        pytest.param([post(received=0, status=401)], [], id="a body without a key"),
        pytest.param([post(received=0, status=400)] * 8, ["critical"], id="body after body"),
        pytest.param([post(rejected=96, plant="other")], [], id="another plant's"),
    ],
)
def test_refused_readings_are_told_by_their_number_and_share(
    params: AlertParams, posts: list[Post], severities: list[str]
):
    assert [alert.severity for alert in rejected(params, *posts, plant=toy_plant())] == severities


def test_it_is_said_how_many_of_how_many_were_refused_and_since_when(params: AlertParams):
    (alert,) = rejected(params, post(rejected=12, hours=5), post(rejected=12, hours=2), post(), plant=toy_plant())

    assert alert.title == "24 of 288 posted readings refused"
    assert alert.since == NEWEST - 5 * HOUR
    assert "24 readings were refused (8.3%); the others were kept." in alert.facts


def test_bodies_of_no_known_plant_are_the_whole_systems(params: AlertParams):
    (alert,) = rejected(params, post(received=0, status=413, plant=None))

    assert (alert.plant, alert.title) == (WHOLE_SYSTEM, "refused as a whole: 1 of 1 posts")
