"""JSON Web Tokens: who holds one that another system signed; the service itself makes none.

One algorithm and one key, both from settings: nothing that stands in a token chooses either, so ``alg``, ``kid``,
``jku`` and their like have nothing to turn. PyJWT checks signature and claims.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jwt

from steel_energy.errors import ConfigError
from steel_service.security.principals import Principal, Role
from steel_service.security.settings import SecuritySettings

MAX_TOKEN_CHARACTERS = 8192
KNOWN_HEADERS = frozenset({"alg", "typ", "kid"})
TYPES = frozenset({"jwt", "at+jwt"})
PLAIN_KID = re.compile(r"[A-Za-z0-9._-]{1,128}")
PLAIN_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:|+-]{0,127}")
FIELD = "STEEL_API_JWT_KEY_FILE"


class Tokens:
    """Accepts tokens that are signed by one key with one algorithm."""

    def __init__(self, key: Any, settings: SecuritySettings) -> None:  # noqa: ANN401 - each algorithm has its own kind
        self._key = key
        self._algorithm = settings.api_jwt_algorithm
        self._issuer = settings.api_jwt_issuer
        self._audience = settings.api_jwt_audience

    def holder(self, token: str) -> Principal | None:
        """Who holds ``token``; None unless it is signed, in force, of a plain form and names a known role."""
        if len(token) > MAX_TOKEN_CHARACTERS:
            return None
        try:
            read = jwt.decode_complete(
                token,
                self._key,
                algorithms=[self._algorithm],
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "sub", "role"]},
            )
        except jwt.PyJWTError:
            return None
        return _principal(read["payload"]) if _is_plain(read["header"]) else None


def tokens_of(settings: SecuritySettings) -> Tokens | None:
    """What accepts tokens, or None where no key is set.

    Raises:
        ConfigError: the key cannot be read, is too short, or is not of the algorithm.
    """
    if settings.api_jwt_key_file is None:
        return None
    return Tokens(_read_key(settings.api_jwt_key_file, settings.api_jwt_algorithm), settings)


def _read_key(file: Path, name: str) -> Any:  # noqa: ANN401 - each algorithm has its own kind
    algorithm = jwt.get_algorithm_by_name(name)
    remedy = f"{FIELD} needs the secret or public key of {name}"
    try:
        key = algorithm.prepare_key(file.read_bytes().strip())
        problem = algorithm.check_key_length(key)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}", field=FIELD, remedy=remedy) from error
    except (jwt.PyJWTError, ValueError, TypeError):
        # what the library says may hold the key, so it goes no further
        raise ConfigError(f"{file} holds no key of {name}", field=FIELD, remedy=remedy) from None
    if problem:
        raise ConfigError(problem.rstrip("."), field=FIELD, remedy="make a longer one, such as by openssl rand -hex 32")
    if hasattr(key, "private_bytes"):
        raise ConfigError(f"{file} holds a private key", field=FIELD, remedy="name the file of the public key")
    return key


def _is_plain(header: dict[str, Any]) -> bool:
    """Whether the header holds nothing that asks the reader for more than to check the signature."""
    return (
        header.keys() <= KNOWN_HEADERS
        and str(header.get("typ", "JWT")).lower() in TYPES
        and PLAIN_KID.fullmatch(header.get("kid", "none")) is not None
    )


def _principal(claims: dict[str, Any]) -> Principal | None:
    subject, role = claims["sub"], claims["role"]
    if role not in tuple(Role) or not PLAIN_SUBJECT.fullmatch(subject):
        return None
    plants = claims.get("plants")
    if plants is None:
        return Principal(subject, Role(role), "token")
    if not isinstance(plants, list) or not all(isinstance(plant, str) for plant in plants):
        return None
    return Principal(subject, Role(role), "token", frozenset(plants))
