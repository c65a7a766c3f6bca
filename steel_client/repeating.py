"""When a request is sent again by itself: only what is safe to send twice, a few times, and never for long.

Sent again are requests that never arrived; refusals that name when to come back; and, where asking twice does the same
as asking once, broken connections and a service that is not ready. A request that took too long is not: the service may
be busy with it, and a second one would not make it faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenacity import RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from steel_client.errors import NotReadyError, RateLimitedError, SteelApiError, TimedOutError, UnreachableError
from steel_client.exchange import Call

DEFAULT_RETRIES = 2
LONGEST_WAIT_S = 30.0  # a service that wants to be left alone for longer is the caller's to wait for
_WAIT_S = wait_exponential_jitter(multiplier=0.1, max=2.0, jitter=0.1)


def repetition(call: Call[Any], *, retries: int) -> dict[str, Any]:
    """Arguments of tenacity's ``Retrying`` and ``AsyncRetrying`` for ``call``, sent again up to ``retries`` times."""
    return {
        "stop": stop_after_attempt(retries + 1),
        "retry": retry_if_exception(_is_safe_for(call)),
        "wait": _wait_s,
        "reraise": True,
    }


def _is_safe_for(call: Call[Any]) -> Callable[[BaseException], bool]:
    def is_safe(error: BaseException) -> bool:
        match error:
            case UnreachableError(was_sent=False):
                return True
            case UnreachableError():
                return call.is_repeatable and not isinstance(error, TimedOutError)
            case RateLimitedError(retry_after_s=float(wait_s)):
                return wait_s <= LONGEST_WAIT_S
            case NotReadyError(retry_after_s=wait_s):
                return call.is_repeatable and (wait_s or 0) <= LONGEST_WAIT_S
            case _:
                return False

    return is_safe


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told_s = error.retry_after_s if isinstance(error, SteelApiError) else None
    return _WAIT_S(state) if told_s is None else told_s
