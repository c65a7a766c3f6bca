from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from steel_service.security.settings import SecuritySettings


@pytest.mark.parametrize(
    ("host", "reachable"),
    [("127.0.0.1", False), ("127.9.9.9", False), ("::1", False), ("0.0.0.0", True), ("::", True), ("10.0.0.5", True)],  # noqa: S104
)
def test_keys_are_demanded_where_other_machines_can_ask(host: str, *, reachable: bool) -> None:
    assert SecuritySettings(api_host=host).demands_keys == reachable
    assert SecuritySettings(api_host=host, api_require_keys=True).demands_keys


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_API_CORS_ORIGINS", "https://a.example, http://localhost:3000,")
    monkeypatch.setenv("STEEL_API_ALLOWED_HOSTS", "")

    settings = SecuritySettings()

    assert settings.api_cors_origins == ("https://a.example", "http://localhost:3000")
    assert settings.api_allowed_hosts == ()


@pytest.mark.parametrize("origin", ["*", "a.example", "https://*.example", "https://a.example/", "ftp://a", "null"])
def test_origins_are_named_in_full(origin: str) -> None:
    with pytest.raises(ValidationError, match="name origins as"):
        SecuritySettings(api_cors_origins=(origin,))


@pytest.mark.parametrize("name", ["api_rate_limit", "api_anonymous_rate_limit", "api_failed_rate_limit"])
@pytest.mark.parametrize("rate", ["", "many", "5", "5/eternity"])
def test_a_rate_has_a_number_and_a_time(name: str, rate: str) -> None:
    with pytest.raises(ValidationError, match="is no rate"):
        SecuritySettings(**{name: rate})


def test_the_keys_lie_in_the_data_folder_unless_a_setting_says_otherwise(tmp_path: Path) -> None:
    assert SecuritySettings(data_dir=tmp_path).keys_file == tmp_path / "keys.json"
    assert SecuritySettings(data_dir=tmp_path, api_keys_file=tmp_path / "k").keys_file == tmp_path / "k"


def test_settings_hold_no_secret() -> None:
    """Where a secret is needed they name its file, so that printing them tells nothing."""
    secret = [name for name in SecuritySettings.model_fields if "key" in name or "secret" in name or "token" in name]

    assert secret == ["api_require_keys", "api_keys_file", "api_jwt_key_file"]
