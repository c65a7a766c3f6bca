from __future__ import annotations

from typing import Any

import pytest

from steel_energy.errors import BundleError
from steel_energy.sites import Site
from steel_service.errors import ConflictError
from steel_service.reloads import reload_models
from steel_service.renewal import Renewal


def test_a_reload_says_of_each_kind_what_served_and_what_serves(service: Any, site: Site) -> None:
    answer = reload_models([site], service.state)

    assert answer.model_dump() == {
        "plants": [
            {
                "plant": "toy",
                "champion": {"was": "abc123", "now": "abc123"},
                "nowcast": {"was": None, "now": None},
            }
        ]
    }


def test_a_refused_model_is_a_conflict_that_says_who_serves_on(
    service: Any, site: Site, champion: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = service.state.settings.data_dir / "model.txt"
    refusal = BundleError("was altered", field=str(path), remedy="build it again")
    monkeypatch.setattr(service.state.champions, "reload", lambda _: Renewal(champion, champion, refusal))

    with pytest.raises(ConflictError) as caught:
        reload_models([site], service.state)

    assert caught.value.message == "the newest champion of toy is refused, abc123 serves on: model.txt: was altered"
    assert (caught.value.field, caught.value.remedy) == ("champion", "build it again")


def test_only_an_administrator_may_reload(service: Any) -> None:
    status, error = service.error("POST", "/admin/reload")

    assert (status, error["code"]) == (401, "unauthorized")
