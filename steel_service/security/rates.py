"""How often somebody may ask: a sliding window for each name, by the ``limits`` library, in this process's memory."""

from __future__ import annotations

import math
import time

import limits
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from steel_service.errors import RateLimitedError
from steel_service.security.principals import Principal
from steel_service.security.settings import SecuritySettings

BLOCKS = 100  # a window is handed out in so many parts


class Allowance:
    """One rate, counted for each name.

    Requests are taken from the window in blocks of a hundredth of it, so that a request mostly costs a look into a
    dictionary: the library's storage is slow to ask after a pause. Rates below 200 are counted one by one.
    """

    def __init__(self, rate: str) -> None:
        self._item = limits.parse(rate)
        self._block = max(1, self._item.amount // BLOCKS)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._in_hand: dict[str, int] = {}

    def take(self, name: str) -> None:
        """Count one request of ``name``.

        Raises:
            RateLimitedError: it had its share; the error's headers say when to come again.
        """
        left = self._in_hand.pop(name, 0)
        if not left:
            if not self._limiter.hit(self._item, name, cost=self._block):
                raise self._refusal(name)
            left = self._block
        if left > 1:
            self._in_hand[name] = left - 1

    def _refusal(self, name: str) -> RateLimitedError:
        stats = self._limiter.get_window_stats(self._item, name)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        headers = {
            "Retry-After": str(seconds),
            "RateLimit-Limit": str(self._item.amount),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(seconds),
        }
        return RateLimitedError(
            f"more than {self._item.amount} requests in {self._item.get_expiry()} s",
            remedy=f"ask again in {seconds} s",
            headers=headers,
        )


class Rates:
    """The rates of the service: of each key or token, of this machine's anonymous users, and of refused credentials."""

    def __init__(self, settings: SecuritySettings) -> None:
        self._known = Allowance(settings.api_rate_limit)
        anonymous = settings.api_anonymous_rate_limit
        self._anonymous = Allowance(anonymous) if anonymous else None
        self._failed = Allowance(settings.api_failed_rate_limit)

    def asked(self, principal: Principal) -> None:
        """Count a request of somebody who was let in.

        Raises:
            RateLimitedError: too many came.
        """
        if principal.means != "loopback":
            self._known.take(f"{principal.means}:{principal.name}")
        elif self._anonymous:
            self._anonymous.take(principal.name)

    def failed(self, address: str) -> None:
        """Count a request from ``address`` that proved nobody; good credentials from there go on being accepted.

        Raises:
            RateLimitedError: too many came.
        """
        self._failed.take(address)
