from __future__ import annotations

import json
from typing import Any

import pytest

from steel_energy.errors import BundleError, ConfigError, NotEnoughDataError, SchemaError, SourceError, SteelError
from steel_service.error_shape import MAX_TEXT, error_answer
from steel_service.errors import MediaTypeError, NotReadyError, UnknownPlantError, status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotEnoughDataError("x"), 422),
        (SchemaError("x"), 422),
        (ConfigError("x"), 422),
        (UnknownPlantError("x"), 404),
        (MediaTypeError("x"), 415),
        (BundleError("x"), 503),
        (NotReadyError("x"), 503),
        (SourceError("x"), 503),
        (SteelError("x"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, SteelError) else str(value),
)
def test_the_class_of_an_error_decides_its_status(error: SteelError, status: int) -> None:
    assert status_of(error) == status


def test_endless_and_broken_text_is_made_readable() -> None:
    body = json.loads(error_answer(422, code="x", message="m" * 1000, field="half \ud800").body)

    assert len(body["error"]["message"]) == MAX_TEXT + 1
    assert body["error"]["field"] == "half ?"


def test_an_unknown_route_a_wrong_method_and_an_outside_page_have_the_same_shape(service: Any) -> None:
    assert service.error("GET", "/nope")[0] == 404
    assert service.error("GET", "/docs.json")[0] == 404
    assert service.error("GET", "/docs/assets/../../app.py")[0] == 404
    assert service.error("DELETE", "/health")[0] == 405
    assert service.client.get("/predict").headers["allow"] == "POST"


def test_a_bug_is_answered_without_its_details(service: Any) -> None:
    class Buggy:
        def of(self, _site: Any) -> None:
            raise RuntimeError("secret")

    status, error = service.with_(readings=Buggy()).error("GET", "/history")

    assert (status, error["code"]) == (500, "internal")
    assert "secret" not in json.dumps(error)
