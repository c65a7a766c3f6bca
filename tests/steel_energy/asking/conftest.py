from __future__ import annotations

import datetime as dt

import pytest
from questions import scene_at

from steel_energy.asking.scene import Scene


@pytest.fixture(scope="session")
def wednesday() -> Scene:
    """The published plant, known until Wednesday 12 December 2018, 15:30."""
    return scene_at(dt.datetime(2018, 12, 12, 15, 30))  # noqa: DTZ001 - plant time
