"""The layers that stand before the routes, outermost last, and what must be there before the service may start."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from steel_energy.errors import ConfigError
from steel_service.security.access import KEY_HEADER
from steel_service.security.admission import Admission
from steel_service.security.audit import AuditLog
from steel_service.security.body_limits import BodyLimits
from steel_service.security.guard import Guard
from steel_service.security.headers import SecurityHeaders
from steel_service.security.key_file import LiveKeys, read_keys, utc_now
from steel_service.security.rates import Rates
from steel_service.security.settings import SecuritySettings
from steel_service.security.tokens import tokens_of

READ_BY_PAGES = ("X-Request-ID", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
SENT_BY_PAGES = ("Authorization", "Content-Type", "X-Request-ID", KEY_HEADER)


def secured(app: ASGIApp, settings: SecuritySettings) -> ASGIApp:
    """``app`` behind the guard, its limits and its headers.

    Raises:
        ConfigError: the file of keys or tokens cannot be used, or a key is needed and there is none.
    """
    require_credentials(settings)
    limited = BodyLimits(
        app,
        limit_bytes=settings.api_max_body_bytes,
        limits_bytes=dict.fromkeys(("/readings", "/readings/preview"), settings.api_max_readings_bytes),
    )
    keys = LiveKeys(settings.keys_file)
    admission = Admission(settings, keys=keys, tokens=tokens_of(settings), rates=Rates(settings))
    guarded: ASGIApp = Guard(limited, admission=admission, keys=keys, audit=AuditLog(settings))
    if settings.api_cors_origins:
        guarded = CORSMiddleware(
            guarded,
            allow_origins=settings.api_cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=SENT_BY_PAGES,
            expose_headers=READ_BY_PAGES,
        )
    return SecurityHeaders(guarded)


def require_credentials(settings: SecuritySettings) -> None:
    """Refuse to listen where other machines can ask while nobody could prove who they are.

    Raises:
        ConfigError: there is neither a usable key nor a key of tokens; or a file of either does not validate.
    """
    records, tokens = read_keys(settings.keys_file), tokens_of(settings)
    if not settings.demands_keys or tokens or any(record.is_usable(utc_now()) for record in records):
        return
    where = (
        f"other machines can reach {settings.api_host}"
        if settings.is_reachable_from_elsewhere
        else "keys are asked for"
    )
    raise ConfigError(
        f"{where}, and there is no usable key",
        field="STEEL_API_HOST" if settings.is_reachable_from_elsewhere else "STEEL_API_REQUIRE_KEYS",
        remedy="create one: python -m steel_service keys create NAME --role operator",
    )
