"""What follows which asset by itself, tried as Dagster's daemon tries it."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pytest

from steel_assets.definitions import build_defs
from steel_assets.following import conditions
from steel_assets.settings import AssetsSettings

NOON = dt.datetime(2018, 4, 10, 3, tzinfo=dt.UTC)  # 12:00 in Seoul
FIVE = dt.datetime(2018, 4, 10, 20, 0, 5, tzinfo=dt.UTC)  # 05:00 the next morning
MAY = dt.datetime(2018, 4, 30, 19, 0, 5, tzinfo=dt.UTC)  # 04:00 on the first of May


class Daemon:
    """Looks at the conditions again and again, as the daemon does, and remembers where it was."""

    def __init__(self, defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
        self.defs, self.instance, self.cursor = defs, instance, None
        self.look(NOON)

    def look(self, now: dt.datetime) -> dict[str, set[str | None]]:
        found = dg.evaluate_automation_conditions(
            self.defs, instance=self.instance, cursor=self.cursor, evaluation_time=now
        )
        self.cursor = found.cursor  # type: ignore[assignment]
        asked = {result.key: set(found.get_requested_partitions(result.key)) for result in found.results}
        return {key.to_user_string(): parts for key, parts in asked.items() if parts}

    def made(self, asset: str, partition: str) -> None:
        self.instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition=partition))


@pytest.fixture
def daemon(settings: AssetsSettings, instance: dg.DagsterInstance) -> Daemon:
    return Daemon(build_defs(settings), instance)


def test_nothing_is_asked_for_while_nothing_changes(daemon: Daemon):
    assert daemon.look(FIVE) == {}
    assert daemon.look(MAY) == {}


@pytest.mark.parametrize("month", ["2018-01", "2018-03"], ids=["a correction of an old month", "the newest month"])
def test_changed_readings_refresh_the_warehouse_at_once_and_the_reports_in_the_morning(daemon: Daemon, month: str):
    daemon.made("cleaned_readings", f"{month}|toy")

    assert daemon.look(NOON + dt.timedelta(minutes=1)) == {"warehouse": {None}}
    assert daemon.look(NOON + dt.timedelta(minutes=2)) == {}
    assert daemon.look(FIVE) == {"quality_report": {"toy"}, "eda_report": {"toy"}}
    assert daemon.look(FIVE + dt.timedelta(minutes=1)) == {}


def test_many_changes_of_a_day_are_reported_once(daemon: Daemon):
    for minute in (1, 2, 3):
        daemon.made("cleaned_readings", "2018-03|toy")
        daemon.look(NOON + dt.timedelta(minutes=minute))

    assert daemon.look(FIVE) == {"quality_report": {"toy"}, "eda_report": {"toy"}}
    assert daemon.look(FIVE + dt.timedelta(days=1)) == {}


def test_the_virtual_meter_and_its_export_follow_on_the_first_of_the_month(daemon: Daemon):
    daemon.made("cleaned_readings", "2018-03|toy")
    daemon.look(NOON + dt.timedelta(minutes=1))
    daemon.look(FIVE)

    assert daemon.look(MAY) == {"virtual_meter": {"toy"}, "onnx_virtual_meter": {"toy"}}


def test_a_new_champion_forecasts_and_plans_the_next_days_at_once(daemon: Daemon):
    daemon.made("champion", "toy")

    assert daemon.look(NOON + dt.timedelta(minutes=1)) == {"day_ahead_forecast": {"toy"}, "day_ahead_plan": {"toy"}}


def test_no_forecaster_is_trained_by_itself():
    trained = {"champion", "leaderboard", "lightgbm", "xgboost", "ensemble", "tuning"}

    assert trained.isdisjoint(conditions("Asia/Seoul"))


def test_every_condition_says_when_and_why():
    reasons = {name: condition.get_label() or "" for name, condition in conditions("Asia/Seoul").items()}

    assert {
        name for name, reason in reasons.items() if not reason.startswith(("at ", "on ")) or ":" not in reason
    } == set()
