"""The two clients: the same questions, asked by waiting (``SteelClient``) or by ``await`` (``AsyncSteelClient``).

What can be asked lies in ``questions``, what an answer means in ``exchange``, what is sent again in ``repeating``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from functools import update_wrapper
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

import httpx
from tenacity import AsyncRetrying, Retrying

from steel_client import model_questions, questions
from steel_client.connection import Connection, TransportT
from steel_client.exchange import Call, answer_of, unanswered
from steel_client.repeating import repetition
from steel_client.streaming import ChatEvent, stream, stream_async

P = ParamSpec("P")
T = TypeVar("T")


class Route(Generic[P, T]):
    """A method of both clients made of a question: plain on a ``SteelClient``, to be awaited on the other."""

    def __init__(self, ask: Callable[P, Call[T]]) -> None:
        self._ask = ask
        self.__doc__ = ask.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Call[T]]: ...

    @overload
    def __get__(self, client: SteelClient, owner: type) -> Callable[P, T]: ...

    @overload
    def __get__(self, client: AsyncSteelClient, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, client: SteelClient | AsyncSteelClient | None, owner: type) -> Any:
        """The method of ``client``; on the class the question itself, so that ``help`` shows it."""
        if client is None:
            return self._ask

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - as the overloads say
            return client.send(self._ask(*args, **kwargs))

        return update_wrapper(method, self._ask)


class Pages(Generic[P, T]):
    """A method of both clients that goes on asking for the next page: an iterator, or one for ``async for``."""

    def __init__(self, ask: Callable[P, Call[T]], *, after: Callable[[Call[T], T], Call[T] | None]) -> None:
        self._ask = ask
        self._after = after

    @overload
    def __get__(self, client: SteelClient, owner: type) -> Callable[P, Iterator[T]]: ...

    @overload
    def __get__(self, client: AsyncSteelClient, owner: type) -> Callable[P, AsyncIterator[T]]: ...

    def __get__(self, client: SteelClient | AsyncSteelClient, owner: type) -> Any:
        """The method of ``client``."""

        def method(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - as the overloads say
            return client.send_all(self._ask(*args, **kwargs), after=self._after)

        return update_wrapper(method, self._ask)


class Routes(Connection[TransportT]):
    """The service's routes, each as a method; ``questions`` has their arguments and what they answer."""

    health = Route(questions.health)
    whoami = Route(questions.whoami)
    plants = Route(questions.plants)
    model_info = Route(questions.model_info)
    model_metrics = Route(questions.model_metrics)
    models = Route(questions.models)
    drift = Route(questions.drift)
    quality = Route(questions.quality)
    reports = Route(questions.reports)
    report = Route(questions.report)
    history = Route(questions.history)
    history_pages = Pages(questions.history, after=questions.page_after)
    history_csv = Route(questions.history_csv)
    history_parquet = Route(questions.history_parquet)
    forecast = Route(questions.forecast)
    calendar = Route(questions.calendar)
    mark_days = Route(questions.mark_days)
    bill = Route(questions.bill)
    what_if = Route(questions.what_if)
    optimize = Route(questions.optimize)
    explain_interval = Route(questions.explain_interval)
    explain_day = Route(questions.explain_day)
    explain_peak = Route(questions.explain_peak)
    explain_forecast = Route(questions.explain_forecast)
    chat = Route(questions.chat)
    feedback = Route(questions.feedback)
    knowledge = Route(questions.knowledge)
    predict = Route(questions.predict)
    predict_batch = Route(questions.predict_batch)
    predict_onnx = Route(questions.predict_onnx)
    post_readings = Route(questions.post_readings)
    post_readings_csv = Route(questions.post_readings_csv)
    post_readings_ndjson = Route(questions.post_readings_ndjson)
    preview_readings_csv = Route(questions.preview_readings_csv)
    reload = Route(model_questions.reload)
    model_versions = Route(model_questions.model_versions)
    model_importance = Route(model_questions.model_importance)
    model_evaluation = Route(model_questions.model_evaluation)
    promote = Route(model_questions.promote)
    rollback = Route(model_questions.rollback)


class SteelClient(Routes[httpx.BaseTransport]):
    """Asks the service and waits for the answer; every failure is a ``SteelClientError``.

    Use it with ``with``, or ``close`` it. One client may be shared by threads.
    """

    def send(self, call: Call[T]) -> T:
        """Send a question of your own making, such as ``questions.forecast().read_as(MyForecast)``."""
        answer: T = Retrying(**repetition(call, retries=self.retries))(self._send_once, call)
        return answer

    def send_all(self, call: Call[T], *, after: Callable[[Call[T], T], Call[T] | None]) -> Iterator[T]:
        """The answers to ``call`` and to each question ``after`` an answer, until there is none."""
        following: Call[T] | None = call
        while following is not None:
            answer = self.send(following)
            yield answer
            following = after(following, answer)

    def chat_stream(
        self, question: str, *, session_id: str | None = None, plant: str | None = None
    ) -> Generator[ChatEvent, None, None]:
        """As ``chat``, told while it happens; the last event has the answer, and stopping early ends the turn."""
        return stream(self._http, questions.chat(question, session_id=session_id, plant=plant), url=self.url)

    def close(self) -> None:
        """Close the connections; the client is of no use afterwards."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _open(self, **options: Any) -> None:  # noqa: ANN401 - of httpx
        self._http = httpx.Client(**options)

    def _send_once(self, call: Call[T]) -> T:
        try:
            response = self._http.request(**call.as_request())
        except httpx.HTTPError as error:
            raise unanswered(self.url, error) from error
        return answer_of(call, response)


class AsyncSteelClient(Routes[httpx.AsyncBaseTransport]):
    """As ``SteelClient``, with methods to be awaited; use it with ``async with``, or ``close`` it."""

    async def send(self, call: Call[T]) -> T:
        """Send a question of your own making, such as ``questions.forecast().read_as(MyForecast)``."""
        return await AsyncRetrying(**repetition(call, retries=self.retries))(self._send_once, call)

    async def send_all(self, call: Call[T], *, after: Callable[[Call[T], T], Call[T] | None]) -> AsyncIterator[T]:
        """The answers to ``call`` and to each question ``after`` an answer, until there is none."""
        following: Call[T] | None = call
        while following is not None:
            answer = await self.send(following)
            yield answer
            following = after(following, answer)

    def chat_stream(
        self, question: str, *, session_id: str | None = None, plant: str | None = None
    ) -> AsyncGenerator[ChatEvent, None]:
        """As ``chat``, told while it happens; the last event has the answer, and stopping early ends the turn."""
        return stream_async(self._http, questions.chat(question, session_id=session_id, plant=plant), url=self.url)

    async def close(self) -> None:
        """Close the connections; the client is of no use afterwards."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()

    def _open(self, **options: Any) -> None:  # noqa: ANN401 - of httpx
        self._http = httpx.AsyncClient(**options)

    async def _send_once(self, call: Call[T]) -> T:
        try:
            response = await self._http.request(**call.as_request())
        except httpx.HTTPError as error:
            raise unanswered(self.url, error) from error
        return answer_of(call, response)
