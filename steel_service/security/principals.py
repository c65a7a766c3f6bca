"""Who asks: a name, a role, and how the two were proven."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Means = Literal["loopback", "key", "token"]
"""How a principal was recognised: by asking from this machine, by an API key or by a JSON Web Token."""


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


ANONYMOUS = Principal("anonymous", Role.OPERATOR)
"""Whoever asks from this machine without a key, where that is open."""
