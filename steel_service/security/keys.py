"""API keys: what they look like, what of them is kept, and who holds one; the file of them is key_file.py's.

A key reads ``steel_<id>_<secret>``. Kept are the id and the SHA-256 of the secret: the secret has 256 random bits, so a
slow hash would add nothing, and who reads what is kept can ask for nothing.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Container, Sequence
from hashlib import sha256
from hmac import compare_digest

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from steel_energy.errors import ConfigError
from steel_service.security.principals import Principal, Role

PREFIX = "steel_"
SECRET_BYTES = 32
ID_BYTES = 4


class KeyRecord(BaseModel):
    """What is kept of a key; times are UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{8}$")
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")
    role: Role
    plants: frozenset[str] | None = Field(default=None, description="Plants it may ask about; null: all.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", repr=False)
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether the key opens anything at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyRing:
    """Keys by id, and who holds them."""

    def __init__(self, records: Sequence[KeyRecord] = ()) -> None:
        self._records = {record.id: record for record in records}

    def holder(self, key: str, now: dt.datetime) -> Principal | None:
        """Who holds ``key``, or None; an unknown id takes as long as a wrong secret."""
        key_id, _, secret = key.removeprefix(PREFIX).partition("_")
        record = self._records.get(key_id)
        matches = compare_digest(digest(secret), record.sha256 if record else NO_DIGEST)
        if record is None or not matches or not key.startswith(PREFIX) or not record.is_usable(now):
            return None
        return Principal(record.name, record.role, "key", record.plants)

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether any key opens anything at ``now``."""
        return any(record.is_usable(now) for record in self._records.values())


def new_key(
    name: str,
    *,
    role: Role,
    plants: frozenset[str] | None = None,
    expires_at: dt.datetime | None,
    now: dt.datetime,
    taken_ids: Container[str] = (),
) -> tuple[KeyRecord, str]:
    """Make a key.

    Returns:
        What is kept of it, and the key itself.

    Raises:
        ConfigError: the name is no plain one.
    """
    key_id = next(made for made in iter(lambda: secrets.token_hex(ID_BYTES), "") if made not in taken_ids)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        record = KeyRecord(
            id=key_id,
            name=name,
            role=role,
            plants=plants,
            sha256=digest(secret),
            created_at=now,
            expires_at=expires_at,
        )
    except ValidationError as error:
        remedy = "use 1 to 64 letters, digits, dots, dashes, underscores or @"
        raise ConfigError(f"{name!r} is no plain name", field="name", remedy=remedy) from error
    return record, f"{PREFIX}{key_id}_{secret}"


def digest(secret: str) -> str:
    """SHA-256 of a secret, in hexadecimal digits; any text has one."""
    return sha256(secret.encode("utf-8", errors="surrogatepass")).hexdigest()


NO_DIGEST = digest("")
"""What the secret of an unknown id is compared with; it opens nothing, whatever the outcome."""
