"""What can go wrong when the service is asked: one tree, so that a caller catches as much of it as it can handle.

::

    SteelClientError
    ├── UnreachableError            nothing answered
    │   └── TimedOutError           ... in time
    ├── UnexpectedAnswerError       something answered that is not this service, or is of another version
    └── SteelApiError               the service answered with an error
        ├── RefusedError            4xx: this request is wrong, and asking again is of no use
        │   ├── UnauthorizedError   401: no key, or one that the service does not know
        │   ├── ForbiddenError      403: the key's role may not do this
        │   └── RateLimitedError    429: too much at once; may be asked again later
        ├── NotReadyError           503: something has not been built yet
        └── FailedError             other 5xx: a fault of the service
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType


class SteelClientError(Exception):
    """Base of everything that the client raises once a request is on its way."""


class UnreachableError(SteelClientError):
    """Nothing answered at ``url``.

    Attributes:
        url: address of the service, without a user's name or password.
        was_sent: whether the request may have arrived all the same.
    """

    def __init__(self, what: str, *, url: str, was_sent: bool) -> None:
        super().__init__(f"{what} {url}")
        self.url = url
        self.was_sent = was_sent


class TimedOutError(UnreachableError):
    """The service did not answer in time; it may still be at work."""


class UnexpectedAnswerError(SteelClientError):
    """The answer is not one of this service, or of another version of it.

    Attributes:
        path: the route that was asked.
        status: HTTP status of the answer.
    """

    def __init__(self, path: str, *, status: int, why: str) -> None:
        super().__init__(f"unexpected answer of {path} (HTTP {status}): {why}")
        self.path = path
        self.status = status


class SteelApiError(SteelClientError):
    """The service answered with an error, in its own words.

    Attributes:
        status: HTTP status.
        code: stable name of the kind of error.
        message: what is wrong.
        field: the field or parameter it is about; None where it is about none.
        hint: what to do about it.
        reason: stable name of what is wrong, finer than the code; empty where it has none.
        values: what the message speaks of, by name.
        request_id: names the request in the service's log; None where the answer had none.
        retry_after_s: seconds after which the service asks to be asked again; None where it named none.
    """

    def __init__(
        self,
        status: int,
        *,
        code: str,
        message: str,
        field: str | None = None,
        hint: str = "",
        reason: str = "",
        values: Mapping[str, str | float] = MappingProxyType({}),
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        about = f"{field}: {message}" if field else message
        super().__init__(f"{status} {code}: {about}" + (f" ({hint})" if hint else ""))
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.hint = hint
        self.reason = reason
        self.values = values
        self.request_id = request_id
        self.retry_after_s = retry_after_s


class RefusedError(SteelApiError):
    """The request is wrong; the same request will be refused again."""


class UnauthorizedError(RefusedError):
    """The service wants a key, or does not know this one."""


class ForbiddenError(RefusedError):
    """The key is good, but its role may not do this."""


class RateLimitedError(RefusedError):
    """Too many requests at once; ``retry_after_s`` says when to come back."""


class NotReadyError(SteelApiError):
    """Readings or a model have not been built yet, or are being replaced."""


class FailedError(SteelApiError):
    """The service failed on this request; its log has the details under ``request_id``."""


_KINDS: dict[int, type[SteelApiError]] = {
    HTTPStatus.UNAUTHORIZED: UnauthorizedError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
    HTTPStatus.SERVICE_UNAVAILABLE: NotReadyError,
}


def kind_of(status: int) -> type[SteelApiError]:
    """The class of an error with this HTTP status.

    >>> kind_of(404).__name__, kind_of(429).__name__, kind_of(500).__name__
    ('RefusedError', 'RateLimitedError', 'FailedError')
    """
    other = FailedError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else RefusedError
    return _KINDS.get(status, other)
