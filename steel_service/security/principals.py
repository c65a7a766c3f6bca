"""Who asks: a name, a role, the plants it may ask about, and how these were proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

Means = Literal["loopback", "key", "token"]
"""How a principal was recognised: by asking from this machine, by an API key or by a JSON Web Token."""
T = TypeVar("T")


class Role(StrEnum):
    """What somebody may do; each role may do all that the one before it may.

    >>> Role("operator") >= Role.VIEWER
    True
    >>> Role.OPERATOR >= Role.ADMIN
    False
    """

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for the role that may do least."""
        return RANKS[self]

    def __ge__(self, other: str) -> bool:
        return self.rank >= Role(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Role(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Role(other).rank

    def __lt__(self, other: str) -> bool:
        return self.rank < Role(other).rank


RANKS = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True)
class Principal:
    """Somebody who asks; holds no secret, so it may stand in logs."""

    name: str
    role: Role
    means: Means = "loopback"
    plants: frozenset[str] | None = None
    """The plants it may ask about; None: all."""


ANONYMOUS = Principal("anonymous", Role.OPERATOR)
"""Whoever asks from this machine without a key, where that is open."""

_ASKING: ContextVar[Principal | None] = ContextVar("asking", default=None)


@contextmanager
def asking(principal: Principal | None) -> Iterator[None]:
    """Whatever runs inside, on other threads too, is asked by ``principal``."""
    token = _ASKING.set(principal)
    try:
        yield
    finally:
        _ASKING.reset(token)


def permitted(by_plant: Mapping[str, T]) -> Mapping[str, T]:
    """What of a mapping by plant id who asks may see; all of it where nobody asks, as at a start.

    >>> with asking(Principal("planner", Role.VIEWER, "key", frozenset({"mine"}))):
    ...     permitted({"mill": 1, "mine": 2})
    {'mine': 2}
    """
    principal = _ASKING.get()
    if principal is None or principal.plants is None:
        return by_plant
    return {plant: value for plant, value in by_plant.items() if plant in principal.plants}
