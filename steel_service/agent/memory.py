"""Conversations: what each keeps of its questions and answers, and how many there are.

They are kept in this process's memory alone and are gone when it ends.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from steel_energy.asking.planner import Memory
from steel_service.agent.asked import Exchange
from steel_service.errors import ConflictError, RateLimitedError, UnknownSessionError
from steel_service.ids import new_id

EXCHANGES = 12
"""Answered questions that a conversation keeps; more than a model is shown, and enough for feedback."""
RETRY_S = "2"
S_PER_MINUTE = 60


@dataclass(frozen=True)
class Kept:
    """An answered question, for feedback on it."""

    answer_id: str
    at: dt.datetime
    question: str
    answer: str
    mode: str


@dataclass
class Session:
    """One conversation.

    Attributes:
        id: by which it is gone on with.
        plant: it is about.
        owner: name of who began it; nobody else may go on.
        memory: what the planner keeps of the question before.
        exchanges: answered questions, oldest first; refusals and questions back are none.
        kept: the newest answers of all kinds.
        answering: id of the question that is being answered; None between questions.
    """

    id: str
    plant: str
    owner: str
    memory: Memory | None = None
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=EXCHANGES))
    kept: deque[Kept] = field(default_factory=lambda: deque(maxlen=EXCHANGES))
    answering: str | None = None
    told_reason: str | None = None
    used_s: float = 0.0


class Sessions:
    """The conversations of a worker; to be used from one event loop.

    Args:
        most: how many are remembered.
        minutes: how long an unused one is.
        clock_s: seconds that only grow; tests pass their own.
    """

    def __init__(self, *, most: int, minutes: float, clock_s: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._unused_s = S_PER_MINUTE * minutes
        self._clock_s = clock_s
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def of(self, session_id: str, *, owner: str) -> Session:
        """A conversation that goes on.

        Raises:
            UnknownSessionError: there is none of that id, or it is somebody else's, or it has been forgotten.
        """
        self._forget()
        session = self._sessions.get(session_id)
        if session is None or session.owner != owner:
            raise UnknownSessionError(
                "there is no such conversation, or it has been forgotten",
                field="session_id",
                remedy="leave it out to begin a new one",
            ).named("no_conversation")
        return session

    @contextmanager
    def turn(self, session_id: str | None, *, plant: str, owner: str) -> Iterator[Session]:
        """A conversation for the time of one question; a new one without an id.

        Raises:
            UnknownSessionError: there is none of that id.
            ConflictError: it is about another plant, or its last question is still being answered.
        """
        session = self.of(session_id, owner=owner) if session_id else Session(new_id(), plant, owner)
        if session.plant != plant:
            raise ConflictError(
                f"the conversation is about {session.plant}", field="plant", remedy="begin a new one for another plant"
            )
        if session.answering:
            raise ConflictError(
                "its last question is still being answered", field="session_id", remedy="wait for that answer"
            ).named("still_answering")
        session.answering = own = new_id()
        self._keep(session)  # before the answer is sent: the next question may come as soon as that is read
        try:
            yield session
        finally:
            if session.answering == own:
                session.answering = None
            self._keep(session)

    def _keep(self, session: Session) -> None:
        session.used_s = self._clock_s()
        self._sessions[session.id] = session
        self._sessions.move_to_end(session.id)
        self._forget()

    def _forget(self) -> None:
        """Those that were not used for long, and the ones beyond the limit, least recently used first."""
        limit_s = self._clock_s() - self._unused_s
        while self._sessions:
            oldest = next(iter(self._sessions.values()))
            if len(self._sessions) <= self._most and oldest.used_s >= limit_s:
                return
            del self._sessions[oldest.id]


class Gate:
    """Lets so many questions in at once; more would only make all of them late."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside = 0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """For the time of one question.

        Raises:
            RateLimitedError: too many are being answered; says when to ask again.
        """
        if self._inside >= self._most:
            raise RateLimitedError(
                f"{self._most} questions are being answered already",
                remedy=f"ask again in {RETRY_S} s",
                headers={"Retry-After": RETRY_S},
            )
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
