"""What is missing or went wrong, as one record: told by the dashboard, or by the service with a name for it."""

from __future__ import annotations

from steel_client import (
    ForbiddenError,
    RateLimitedError,
    RefusedError,
    SteelApiError,
    SteelClientError,
    TimedOutError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from steel_client.models import Health
from steel_client.record import Record


class Problem(Record):
    """Something that is missing, and what to do about it.

    ``code`` names a problem the dashboard has words for, in both languages; it is empty for the service's own words.
    ``is_refusal`` says that what was asked for cannot be had, so that asking again is of no use. ``wait_s`` is how long
    the service asks to be left alone. ``is_of_key`` says that another key would help, so that signing in does.
    ``field`` is where in the request the service found it, ``kind`` its own name of the kind of error, ``reason`` of
    what is wrong and ``values`` what that speaks of; all are empty where it named none.
    """

    what: str
    remedy: str = ""
    code: str = ""
    is_refusal: bool = False
    wait_s: float = 0
    is_of_key: bool = False
    field: str = ""
    kind: str = ""
    reason: str = ""
    values: tuple[tuple[str, str | float], ...] = ()


def problems_of(health: Health) -> tuple[Problem, ...]:
    """What the service says is missing."""
    return tuple(
        Problem(what=one.what, remedy=one.remedy, kind=one.code, reason=one.reason, values=tuple(one.values.items()))
        for one in health.problems
    )


_CODES: tuple[tuple[type[SteelClientError], str], ...] = (
    (TimedOutError, "timeout"),
    (UnreachableError, "unreachable"),
    (UnexpectedAnswerError, "unexpected"),
    (UnauthorizedError, "unauthorized"),
    (ForbiddenError, "forbidden"),
    (RateLimitedError, "rate_limited"),
)
"""Failures that the page explains in its own words; the first match wins."""


def service_problem(error: SteelClientError) -> Problem:
    """What went wrong when the service was asked."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "")
    if isinstance(error, RateLimitedError):
        return Problem(code=code, what=str(error), wait_s=error.retry_after_s or 0)
    if isinstance(error, SteelApiError) and not code:
        is_refusal = isinstance(error, RefusedError)
        return Problem(
            what=error.message,
            remedy=error.hint,
            is_refusal=is_refusal,
            field=error.field or "",
            kind=error.code,
            reason=error.reason,
            values=tuple(error.values.items()),
        )
    return Problem(code=code, what=str(error), is_of_key=isinstance(error, (UnauthorizedError, ForbiddenError)))
