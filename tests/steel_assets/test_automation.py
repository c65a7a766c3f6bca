"""One setting switches on what runs by itself; taking in what was posted is not asked of it."""

from __future__ import annotations

import dagster as dg
import pytest

from steel_assets.definitions import build_defs
from steel_assets.settings import AssetsSettings
from steel_energy.errors import ConfigError

ALWAYS = {"posted_readings"}


def running(defs: dg.Definitions) -> set[str]:
    switched = (*(defs.sensors or []), *(defs.schedules or []))
    return {one.name for one in switched if one.default_status.value == "RUNNING"}  # type: ignore[union-attr]


def test_nothing_but_taking_in_runs_by_itself_where_somebody_works_on_the_machine(settings: AssetsSettings):
    assert settings.automation == "off"
    assert running(build_defs(settings)) == ALWAYS


def test_everything_runs_by_itself_once_it_is_switched_on(settings: AssetsSettings):
    defs = build_defs(settings.model_copy(update={"automation": "on"}))

    names = {one.name for one in (*(defs.sensors or []), *(defs.schedules or []))}  # type: ignore[union-attr]

    assert running(defs) == names > ALWAYS


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STEEL_AUTOMATION", "on")

    assert AssetsSettings().is_automated


def test_another_word_is_refused_in_one_line():
    with pytest.raises(ConfigError, match=r"STEEL_AUTOMATION: unknown value 'yes' \(set it to on or off\)"):
        AssetsSettings(automation="yes")  # type: ignore[arg-type]  # what a user might write


def test_every_schedule_and_sensor_says_what_it_is_for(settings: AssetsSettings):
    defs = build_defs(settings)

    said = {one.name: one.description or "" for one in (*(defs.sensors or []), *(defs.schedules or []))}  # type: ignore[union-attr]

    assert {name for name, text in said.items() if len(text) < 40 or not text.endswith(".")} == set()
