"""What both clients know of the service: where it answers, the key, how long to wait. Nothing is sent from here."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import SecretStr

from steel_client.repeating import DEFAULT_RETRIES

DEFAULT_URL = "http://127.0.0.1:8000"
DEFAULT_TIMEOUT_S = 30.0
URL_VARIABLE = "STEEL_API_URL"
KEY_VARIABLE = "STEEL_API_KEY"  # its name, not a key
TransportT = TypeVar("TransportT")


class Connection(ABC, Generic[TransportT]):
    """Base of both clients.

    Args:
        url: address of the service, without a path.
        api_key: an API key or a JSON Web Token; None for a service that is open to this machine. It is sent with every
            request and stands in no text that this package writes.
        timeout_s: seconds after which a request is given up.
        retries: how often a request that is safe to repeat is sent again; 0 for never.
        transport: carries the requests in place of the network: a proxy's, another certificate's, or a test's. Without
            it nothing of the environment is read, neither a proxy nor a ``.netrc``.

    Raises:
        ValueError: the address is not one of HTTP, or the key cannot be one.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        api_key: str | SecretStr | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        retries: int = DEFAULT_RETRIES,
        transport: TransportT | None = None,
    ) -> None:
        self.url = str(checked_url(url).copy_with(userinfo=b""))
        self.retries = retries
        headers = {"Authorization": f"Bearer {checked_key(api_key)}"} if api_key is not None else {}
        self._open(base_url=url, timeout=timeout_s, headers=headers, transport=transport, trust_env=False)

    @classmethod
    def from_environment(cls, **options: Any) -> Self:  # noqa: ANN401 - those of the class
        """A client by ``STEEL_API_URL`` and ``STEEL_API_KEY``, as far as they are set; ``options`` as of the class."""
        return cls(os.environ.get(URL_VARIABLE) or DEFAULT_URL, api_key=os.environ.get(KEY_VARIABLE) or None, **options)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    @abstractmethod
    def _open(self, **options: Any) -> None:  # noqa: ANN401 - of httpx
        """Make the HTTP client."""


def checked_url(url: str) -> httpx.URL:
    """``url`` as an address.

    Raises:
        ValueError: it is none of HTTP.
    """
    parsed = httpx.URL(url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ValueError(f"the service's address should look like {DEFAULT_URL}")
    return parsed


def checked_key(api_key: str | SecretStr) -> str:
    """The text of a key.

    Raises:
        ValueError: it cannot be sent in a header; says nothing of it.
    """
    key = api_key.get_secret_value() if isinstance(api_key, SecretStr) else api_key
    if not key or not all("!" <= character <= "~" for character in key):
        raise ValueError("the API key is empty or has characters that no key has, such as a space or a line's end")
    return key
