"""A conversation with the copilot: its questions, what happens until each is answered, and what the reader thinks.

One question at a time. What happens is kept as it comes, so that a page can show it; a question that is stopped or
fails keeps what was said until then, and can be asked again. No drawing here.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import Any, Literal

import param

from steel_client import ChatEvent, questions
from steel_client.models import ChatAnswer
from steel_ui.client import EnergyService, Problem, ServiceError
from steel_ui.work import Work

Rating = Literal["up", "down"]


class Turn(param.Parameterized):
    """One question and its answer."""

    question = param.String(doc="As typed.")
    text = param.String(default="", doc="The answer so far.")
    steps = param.ClassSelector(class_=tuple, default=(), doc="What was done for it, in the answer's language.")
    answer = param.ClassSelector(class_=ChatAnswer, default=None, allow_None=True, doc="The finished answer.")
    problem = param.ClassSelector(class_=Problem, default=None, allow_None=True, doc="Why there is none.")
    is_stopped = param.Boolean(default=False, doc="Whether the reader broke it off.")
    rating = param.Selector(default=None, objects=[None, "up", "down"], doc="What the reader thinks of the answer.")

    @property
    def is_open(self) -> bool:
        """Whether the answer is still on its way."""
        return self.answer is None and self.problem is None and not self.is_stopped

    def take(self, event: ChatEvent) -> None:
        """Take over what happened."""
        data: dict[str, Any] = event.data
        match event.name:
            case "step":
                self.steps = (*self.steps, data["text"])
            case "token":
                self.text += data["text"]
            case "replace":
                self.text = data["text"]
            case "final":
                answer = event.answer
                assert answer is not None  # noqa: S101 - of this event
                self.param.update(answer=answer, text=answer.answer)


class Conversation(param.Parameterized):
    """The turns of one visit, oldest first; the service remembers what they were about.

    Attributes:
        work: runs while an answer is on its way.
    """

    turns = param.ClassSelector(class_=tuple, default=(), doc="As Turn objects.")

    def __init__(self, service: EnergyService) -> None:
        super().__init__()
        self.work = Work()
        self._service = service

    @property
    def session_id(self) -> str | None:
        """Of the conversation in the service; None before the first answer."""
        known = [turn.answer.session_id for turn in self.turns if turn.answer is not None]
        return known[-1] if known else None

    def start(self, question: str) -> None:
        """Ask ``question`` on the running event loop; nothing while another is being answered, or where it is blank."""
        if self.work.is_running or not question.strip():
            return
        turn = Turn(question=question.strip())
        self.turns = (*self.turns, turn)
        self.work.start(self._answer(turn))

    def stop(self) -> None:
        """Break the answer off; the service ends its turn as well."""
        self.work.cancel()
        for turn in self.turns:
            turn.is_stopped = turn.is_stopped or turn.is_open

    def clear(self) -> None:
        """Begin anew."""
        self.stop()
        self.turns = ()

    async def rate(self, turn: Turn, rating: Rating) -> None:
        """Tell the service what the reader thinks of an answer."""
        if turn.answer is None:
            return
        try:
            await self._service.ask(questions.feedback(turn.answer, rating))
        except ServiceError as error:
            turn.problem = error.problem
        else:
            turn.rating = rating

    async def _answer(self, turn: Turn) -> None:
        try:
            async with aclosing(self._service.chat(turn.question, session_id=self.session_id)) as happening:
                async for event in happening:
                    turn.take(event)
        except ServiceError as error:
            turn.problem = error.problem
