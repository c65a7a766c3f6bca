"""Ids that no two requests or predictions share; they are no secrets."""

from __future__ import annotations

from random import getrandbits

BITS = 128


def new_id() -> str:
    """32 hexadecimal digits; asking the system for randomness each time would cost more than the rest of a request.

    Python seeds its generator from the system, in each process and again in a forked one.

    >>> len(new_id()), new_id() == new_id()
    (32, False)
    """
    return f"{getrandbits(BITS):0{BITS // 4}x}"
