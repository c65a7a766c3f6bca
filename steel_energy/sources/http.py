"""Fetching a file over HTTP with bounded patience: time-outs, a few attempts, a limit on the size."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx
import tenacity

from steel_energy.errors import SourceError, UnreachableError
from steel_energy.sources.unpack import MAX_BYTES, MAX_MIB

REMEDY = "check the address and the network, or put the file into the raw folder"
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server.

    Attributes:
        connect_s: for the connection; a server that cannot be reached is not asked twice.
        read_s: for the next bytes.
        total_s: for everything, all attempts and pauses together.
        attempts: how often a transfer that broke off or a server that failed is tried.
        pause_s: before the second attempt, doubled before each further one.
    """

    connect_s: float = 3
    read_s: float = 10
    total_s: float = 60
    attempts: int = 3
    pause_s: float = 0.5


PATIENT = Patience()
"""What a person who waits for a download puts up with."""


class _TransferError(Exception):
    """A transfer that may work when it is tried again."""


def fetch(url: str, *, patience: Patience = PATIENT) -> bytes:
    """The content at ``url``, redirects followed.

    Raises:
        UnreachableError: it cannot be had within ``patience``; says what went wrong last.
        SourceError: the address is wrong, or the content too large.
    """
    deadline = time.monotonic() + patience.total_s
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_TransferError),
        stop=tenacity.stop_after_attempt(patience.attempts) | tenacity.stop_before_delay(patience.total_s),
        wait=tenacity.wait_exponential(multiplier=patience.pause_s),
        reraise=True,
    )
    try:
        return retrying(_fetch_once, url, patience, deadline)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise SourceError(f"cannot be fetched: {error}", field=url, remedy=REMEDY) from error
    except (_TransferError, httpx.HTTPError) as error:
        raise UnreachableError(f"cannot be fetched: {error}", field=url, remedy=REMEDY) from error


def _fetch_once(url: str, patience: Patience, deadline: float) -> bytes:
    timeout = httpx.Timeout(patience.read_s, connect=patience.connect_s)
    try:
        with httpx.stream("GET", url, timeout=timeout, follow_redirects=True) as response:
            if response.status_code == TOO_MANY_REQUESTS or response.is_server_error:
                raise _TransferError(f"the server answers {response.status_code}")
            if not response.is_success:
                raise SourceError(f"the server answers {response.status_code}", field=url, remedy=REMEDY)
            return _read(response, url, deadline)
    except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
        raise _TransferError(f"the transfer broke off ({error or type(error).__name__})") from error


def _read(response: httpx.Response, url: str, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MAX_BYTES:
            raise SourceError(f"is over {MAX_MIB} MiB", field=url, remedy="split it by year")
        if time.monotonic() > deadline:
            raise UnreachableError("is too slow", field=url, remedy=REMEDY)
    return bytes(content)
