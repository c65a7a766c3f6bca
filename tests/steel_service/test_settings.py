from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_service.settings import ServiceSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_the_service_may_listen_on_this_machine(host: str) -> None:
    assert ServiceSettings(api_host=host).api_host == host


def test_localhost_is_the_loopback_address() -> None:
    assert ServiceSettings(api_host="localhost").api_host == "127.0.0.1"


@pytest.mark.parametrize("host", ["plant.example", "", "127.0.0.1:8000"])
def test_it_listens_on_addresses_alone(host: str) -> None:
    with pytest.raises(ValidationError, match="is no IP address"):
        ServiceSettings(api_host=host)


def test_variables_name_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_API_PORT", "8123")
    monkeypatch.setenv("STEEL_PLANT", "gwangyang")

    settings = ServiceSettings()

    assert (settings.api_port, settings.plant) == (8123, "gwangyang")
