from __future__ import annotations

from typing import Any

import pytest

from steel_service.app import build_app


@pytest.mark.parametrize(("keys", "optional"), [(False, True), (True, False)])
def test_the_document_says_whether_a_key_is_needed(service: Any, keys: bool, optional: bool) -> None:
    settings = service.state.settings.model_copy(update={"api_require_keys": keys})
    paths = build_app(service.with_(settings=settings).state).openapi()["paths"]

    assert ({} in paths["/predict"]["post"]["security"]) is optional
