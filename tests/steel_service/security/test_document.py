from __future__ import annotations

from typing import Any

from steel_service.app import build_app
from steel_service.security.document import NO_KEY


def demands(service: Any, path: str, **settings: Any) -> list[dict[str, list[str]]]:
    changed = service.with_(settings=service.state.settings.model_copy(update=settings))
    (operation,) = build_app(changed.state).openapi()["paths"][path].values()
    demanded: list[dict[str, list[str]]] = operation["security"]
    return demanded


def test_an_open_service_documents_keys_as_optional(service: Any) -> None:
    assert NO_KEY in demands(service, "/predict")


def test_a_locked_service_documents_keys_as_required(service: Any, tmp_path: Any) -> None:
    secret = tmp_path / "jwt.key"
    secret.write_text("0123456789abcdef" * 4)

    assert NO_KEY not in demands(service, "/predict", api_require_keys=True, api_jwt_key_file=secret)
