from __future__ import annotations

import time

import pytest

from steel_service.errors import RateLimitedError
from steel_service.security.principals import ANONYMOUS, Principal, Role
from steel_service.security.rates import Allowance, Rates
from steel_service.security.settings import SecuritySettings


def taken(allowance: Allowance, name: str, *, at_most: int) -> int:
    """How many requests pass before one is refused."""
    for count in range(at_most):
        try:
            allowance.take(name)
        except RateLimitedError:
            return count
    return at_most


@pytest.mark.parametrize("amount", [1, 5, 199, 200, 1000])
def test_as_many_pass_as_the_rate_says(amount: int) -> None:
    assert taken(Allowance(f"{amount}/hour"), "a", at_most=amount + 10) == amount


def test_a_rate_that_is_no_multiple_of_its_blocks_loses_less_than_a_hundredth() -> None:
    assert taken(Allowance("399/hour"), "a", at_most=500) == 399  # blocks of 3
    assert taken(Allowance("350/hour"), "a", at_most=500) == 348


def test_names_do_not_take_from_each_other() -> None:
    allowance = Allowance("3/hour")

    assert [taken(allowance, name, at_most=10) for name in ("a", "b", "a")] == [3, 3, 0]


def test_a_refusal_says_when_to_come_again() -> None:
    allowance = Allowance("2/minute")
    taken(allowance, "a", at_most=3)
    with pytest.raises(RateLimitedError, match="more than 2 requests in 60 s") as raised:
        allowance.take("a")

    headers = dict(raised.value.headers or {})
    seconds = int(headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert raised.value.remedy == f"ask again in {seconds} s"
    assert headers == {
        "Retry-After": str(seconds),
        "RateLimit-Limit": "2",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(seconds),
    }


def test_who_waits_as_told_is_served_again() -> None:
    allowance = Allowance("2/second")
    taken(allowance, "a", at_most=3)
    with pytest.raises(RateLimitedError) as raised:
        allowance.take("a")
    time.sleep(int(dict(raised.value.headers or {})["Retry-After"]))

    allowance.take("a")


def test_keys_tokens_and_addresses_are_counted_apart() -> None:
    rates = Rates(SecuritySettings(api_rate_limit="1/hour", api_failed_rate_limit="1/hour"))
    rates.asked(Principal("a", Role.VIEWER, "key"))
    rates.asked(Principal("a", Role.VIEWER, "token"))
    rates.failed("10.0.0.1")
    rates.failed("10.0.0.2")

    with pytest.raises(RateLimitedError):
        rates.asked(Principal("a", Role.ADMIN, "key"))
    with pytest.raises(RateLimitedError):
        rates.failed("10.0.0.1")


def test_anonymous_users_of_this_machine_are_limited_only_where_a_setting_says_so() -> None:
    free, limited = (
        Rates(SecuritySettings(api_rate_limit="1/hour")),
        Rates(SecuritySettings(api_anonymous_rate_limit="1/hour")),
    )
    for _ in range(10):
        free.asked(ANONYMOUS)
    limited.asked(ANONYMOUS)

    with pytest.raises(RateLimitedError):
        limited.asked(ANONYMOUS)
