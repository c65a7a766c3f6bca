from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steel_energy.errors import ConfigError
from steel_service.security import binding
from steel_service.security.binding import as_bound, listening_addresses
from steel_service.security.key_file import create_key, revoke_key
from steel_service.security.layers import require_credentials
from steel_service.security.principals import Role
from steel_service.security.settings import SecuritySettings

NOW = dt.datetime.now(dt.UTC)
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address under test


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., SecuritySettings]:
    return lambda **given: SecuritySettings(data_dir=tmp_path, **given)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"api_host": EVERYWHERE}, "STEEL_API_HOST"), ({"api_require_keys": True}, "STEEL_API_REQUIRE_KEYS")],
)
def test_it_does_not_start_where_nobody_could_prove_who_asks(
    settings: Callable[..., SecuritySettings], given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ConfigError, match="there is no usable key") as raised:
        require_credentials(settings(**given))

    assert raised.value.field == field
    assert raised.value.remedy == "create one: python -m steel_service keys create NAME --role operator"


def test_a_key_or_a_tokens_key_lets_it_start(settings: Callable[..., SecuritySettings], tmp_path: Path) -> None:
    secret = tmp_path / "jwt"
    secret.write_text("0123456789abcdef" * 4)
    require_credentials(settings(api_host=EVERYWHERE, api_jwt_key_file=secret))
    create_key(tmp_path / "keys.json", "a", role=Role.VIEWER, days=None, now=NOW)
    require_credentials(settings(api_host=EVERYWHERE))


@pytest.mark.parametrize("out_of_use", ["revoked", "expired"])
def test_a_key_that_is_out_of_use_does_not(
    settings: Callable[..., SecuritySettings], tmp_path: Path, out_of_use: str
) -> None:
    file, before = tmp_path / "keys.json", NOW - dt.timedelta(days=2)
    create_key(file, "a", role=Role.VIEWER, days=1 if out_of_use == "expired" else None, now=before)
    if out_of_use == "revoked":
        revoke_key(file, "a", now=NOW)

    with pytest.raises(ConfigError, match="there is no usable key"):
        require_credentials(settings(api_host=EVERYWHERE))


def test_a_damaged_key_file_stops_it_on_loopback_too(settings: Callable[..., SecuritySettings], tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")

    with pytest.raises(ConfigError, match="Invalid JSON"):
        require_credentials(settings())


@pytest.mark.parametrize("address", ["127.0.0.1", EVERYWHERE])
def test_where_the_process_listens_is_known(address: str) -> None:
    with socket.socket() as own:
        own.bind((address, 0))
        own.listen()

        assert address in listening_addresses()


def test_what_counts_is_where_the_process_listens_and_not_what_the_settings_say(
    settings: Callable[..., SecuritySettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = {"127.0.0.1"}  # servers of other tests live in this process
    monkeypatch.setattr(binding, "listening_addresses", lambda: listening)
    assert not as_bound(settings()).demands_keys

    listening.add(EVERYWHERE)

    assert as_bound(settings()).api_host == EVERYWHERE
    with pytest.raises(ConfigError, match="other machines can reach"):
        require_credentials(as_bound(settings()))


def test_where_nothing_listens_the_settings_are_left_as_they_are(
    settings: Callable[..., SecuritySettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding, "listening_addresses", set)  # servers of other tests live in this process
    assert as_bound(settings(api_host=EVERYWHERE)).api_host == EVERYWHERE
