from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steel_service.errors import UnknownPlantError
from steel_service.settings import ServiceSettings
from steel_service.state import build_state


def test_a_state_is_built_before_anything_else_is(tmp_path: Path) -> None:
    state = build_state(ServiceSettings(data_dir=tmp_path, plant=None))

    assert state.site(None).plant.id == "gwangyang"
    assert state.site(None).tariff.id == state.site(None).plant.tariff


def test_a_default_plant_that_is_unknown_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UnknownPlantError, match="unknown plant 'moon'"):
        build_state(ServiceSettings(data_dir=tmp_path, plant="moon"))


def test_without_any_plant_the_remedy_says_where_they_belong(service: Any) -> None:
    state = service.with_(sites={}).state

    with pytest.raises(UnknownPlantError, match="add a file to data/plants"):
        state.site(None)
