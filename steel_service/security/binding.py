"""Where this process really listens: `bentoml serve --host` is free to say something else than the settings do."""

from __future__ import annotations

from typing import TypeVar

import psutil

from steel_service.security.settings import SecuritySettings, is_loopback

S = TypeVar("S", bound=SecuritySettings)


def as_bound(settings: S) -> S:
    """The settings with the address that this process listens on, so that whoever bound it cannot get round a check.

    Of several addresses the one that other machines reach counts; without any the settings are left as they are.
    """
    addresses = sorted(listening_addresses(), key=is_loopback)
    return settings.model_copy(update={"api_host": addresses[0]}) if addresses else settings


def listening_addresses() -> set[str]:
    """The addresses that TCP sockets of this process listen on; inherited ones are among them."""
    connections = psutil.Process().net_connections(kind="tcp")
    return {connection.laddr.ip for connection in connections if connection.status == psutil.CONN_LISTEN}
