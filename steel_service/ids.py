"""Ids that no two requests or predictions share: random for each process, counted within it; they are no secrets."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import count
from secrets import token_hex

RANDOM_BYTES = 10
COUNTED_DIGITS = 12
_NUMBERS = count()


def new_id() -> str:
    """32 hexadecimal digits; asking the system for randomness each time would cost more than the rest of a request.

    >>> len(new_id()), new_id() == new_id()
    (32, False)
    """
    return f"{_of_process(os.getpid())}{next(_NUMBERS):0{COUNTED_DIGITS}x}"


@lru_cache(maxsize=1)
def _of_process(_pid: int) -> str:
    return token_hex(RANDOM_BYTES)
