"""Settings of who may ask, how often and how much; what they guard lies in the modules beside this one."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

import limits
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from steel_energy.settings import SteelSettings

KIB = 1024
MIB = KIB * KIB
Algorithm = Literal["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"]
Texts = Annotated[tuple[str, ...], NoDecode]
"""A comma-separated list in a variable."""


class SecuritySettings(SteelSettings):
    """Where the service listens, to whom it answers and how much it takes."""

    api_host: str = Field(
        default="127.0.0.1", description="Address to listen on; one that other machines reach needs keys."
    )
    api_require_keys: bool = Field(
        default=False,
        description="Ask for keys on 127.0.0.1 too; needed behind a proxy on the same machine, whose requests all "
        "come from there.",
    )
    api_keys_file: Path | None = Field(default=None, description="File of hashed keys; default: data_dir/keys.json.")
    api_jwt_key_file: Path | None = Field(
        default=None, description="File with the secret (HS…) or public key (PEM) that signs tokens; without it, none."
    )
    api_jwt_algorithm: Algorithm = Field(default="HS256", description="The one algorithm that tokens may be signed by.")
    api_jwt_issuer: str | None = Field(default=None, description="The `iss` that tokens must name; unset: any.")
    api_jwt_audience: str | None = Field(default=None, description="The `aud` that tokens must name; unset: none.")

    api_allowed_hosts: Texts = Field(
        default=(), description="Names beside this machine's own that a request may call the service by (Host header)."
    )
    api_cors_origins: Texts = Field(
        default=(), description="Origins whose pages may read answers, such as https://plant.example; none by default."
    )
    api_rate_limit: str = Field(default="6000/minute", description="Most requests of one key or token name.")
    api_anonymous_rate_limit: str | None = Field(
        default=None, description="Most requests without a key from this machine; unset: no limit."
    )
    api_failed_rate_limit: str = Field(
        default="60000/minute", description="Most refused credentials of one address; then 429 until it slows down."
    )
    api_max_body_bytes: int = Field(default=4 * MIB, ge=KIB, description="Largest request body.")
    api_max_readings_bytes: int = Field(default=32 * MIB, ge=KIB, description="Largest body of POST /readings.")
    api_audit_file_bytes: int = Field(default=10 * MIB, ge=KIB, description="Size at which the audit log is rotated.")
    api_audit_files: int = Field(default=20, ge=1, description="Rotated audit logs that are kept.")

    @property
    def keys_file(self) -> Path:
        """The file of hashed keys."""
        return self.api_keys_file or self.data_dir / "keys.json"

    @property
    def audit_file(self) -> Path:
        """The audit log, one JSON object a line."""
        return self.data_dir / "logs" / "audit.jsonl"

    @property
    def is_reachable_from_elsewhere(self) -> bool:
        """Whether other machines can call the address that the service listens on."""
        return not is_loopback(self.api_host)

    @property
    def demands_keys(self) -> bool:
        """Whether nobody is let in without a key."""
        return self.api_require_keys or self.is_reachable_from_elsewhere

    @field_validator("api_host")
    @classmethod
    def _address(cls, host: str) -> str:
        """An address, since BentoML binds no names."""
        address = "127.0.0.1" if host == "localhost" else host
        try:
            ip_address(address)
        except ValueError as error:
            raise PydanticCustomError("address", "is no IP address; name one such as 127.0.0.1 or 0.0.0.0") from error
        return address

    @field_validator("api_allowed_hosts", "api_cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("api_cors_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, separator, host = origin.partition("://")
            if scheme not in ("http", "https") or not separator or not host or set(host) & set("/*?#@ "):
                raise PydanticCustomError(
                    "origin", "name origins as https://plant.example or http://localhost:3000, without path or *"
                )
        return origins

    @field_validator("api_rate_limit", "api_anonymous_rate_limit", "api_failed_rate_limit")
    @classmethod
    def _rate(cls, text: str | None) -> str | None:
        try:
            if text is not None:
                limits.parse(text)
        except ValueError as error:
            raise PydanticCustomError("rate", "is no rate; write it as 6000/minute or 5/second") from error
        return text


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own; a name or nonsense is not.

    >>> is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("::ffff:127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
