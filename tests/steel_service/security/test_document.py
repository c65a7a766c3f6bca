from __future__ import annotations

from typing import Any

from steel_service.app import build_app
from steel_service.security import Role
from steel_service.security.document import NO_KEY

PROOFS = [{"api_key": []}, {"bearer": []}]

ADMINS = {"POST /admin/reload", "POST /admin/promote", "POST /admin/rollback"}


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {f"{method.upper()} {path}": one for path, ways in document["paths"].items() for method, one in ways.items()}


def test_a_locked_service_documents_keys_as_required(service: Any, tmp_path: Any) -> None:
    secret = tmp_path / "jwt.key"
    secret.write_text("0123456789abcdef" * 4)
    locked = service.state.settings.model_copy(update={"api_require_keys": True, "api_jwt_key_file": secret})
    object.__setattr__(service.state, "settings", locked)  # of this test's own state: a second service takes seconds

    documented = operations(build_app(service.state).openapi())

    assert all(one["security"] == PROOFS for one in documented.values())


def test_an_open_service_documents_keys_as_optional_but_for_the_admin(service: Any) -> None:
    documented = operations(service.client.get("/openapi.json").json())
    optional = {name for name, one in documented.items() if NO_KEY in one["security"]}

    assert set(documented) - optional == ADMINS


def test_every_operation_tells_its_role_and_the_guards_errors(service: Any) -> None:
    documented = operations(service.client.get("/openapi.json").json())

    assert all({"401", "403", "429"} <= one["responses"].keys() for one in documented.values())
    roles = {name: one["description"].rpartition("Role: ")[2].rstrip(".") for name, one in documented.items()}
    changing = {name: role for name, role in roles.items() if role != Role.VIEWER}
    assert changing == {
        "POST /readings": "operator",
        "POST /calendar": "operator",
        **dict.fromkeys(ADMINS, "admin"),
    }
