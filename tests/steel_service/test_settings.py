from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_service.settings import ServiceSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_the_service_may_listen_on_this_machine(host: str) -> None:
    assert ServiceSettings(api_host=host).api_host == host


def test_localhost_is_the_loopback_address() -> None:
    assert ServiceSettings(api_host="localhost").api_host == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "plant.example", ""])  # noqa: S104 - refused
def test_it_refuses_to_be_reachable_from_elsewhere(host: str) -> None:
    with pytest.raises(ValidationError, match="no loopback address"):
        ServiceSettings(api_host=host)


def test_variables_name_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_API_PORT", "8123")
    monkeypatch.setenv("STEEL_PLANT", "gwangyang")

    settings = ServiceSettings()

    assert (settings.api_port, settings.plant) == (8123, "gwangyang")
