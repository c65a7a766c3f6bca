"""Questions over HTTP with a language model behind the stand-in for Ollama, in good health and in every bad one."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from ollama_replies import Reply, call, say, scripted
from ollama_stand_in import OllamaStandIn

from steel_energy.asking.grounding import grounded
from steel_energy.params import load_params
from steel_energy.ports import free_port
from steel_energy.settings import PROJECT_ROOT
from steel_service.app import build_asgi

QUESTION = "How much did we use on 10 January 2018?"
WHEN = call("history", when="2018-01-10")
FIRST_EVENT_MS = 2000
"""Less than the slowest of the ailing ones takes; benchmarks/copilot.py measures the time itself."""
PARAMS = load_params(PROJECT_ROOT / "params.yaml")


@dataclass(frozen=True)
class Chat:
    """A running service and the client of it."""

    http: httpx.Client
    state: Any

    def ask(self, question: str = QUESTION, **more: Any) -> dict[str, Any]:
        answer = self.http.post("/copilot/chat", json={"question": question, **more})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def stream(self, question: str = QUESTION) -> Iterator[tuple[str, float, dict[str, Any]]]:
        """Name, milliseconds and data of each event."""
        began = time.perf_counter()
        with self.http.stream("POST", "/copilot/chat/stream", json={"question": question}) as answer:
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, 1000 * (time.perf_counter() - began), json.loads(line.removeprefix("data: "))


@contextmanager
def served(service: Any, ollama_url: str) -> Iterator[Chat]:
    """The service on a port of this machine."""
    settings = service.state.settings.model_copy(update={"copilot_llm": "auto", "ollama_url": ollama_url})
    state = service.with_(settings=settings).state
    vars(state.copilot)["params"] = PARAMS  # read once: YAML takes a while
    config = uvicorn.Config(build_asgi(state), port=free_port(), log_level="critical", lifespan="off", loop="asyncio")
    server = uvicorn.Server(config)

    async def serve() -> None:
        await server.serve()
        await state.copilot.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{config.port}", timeout=60, trust_env=False) as http:
            yield Chat(http, state)
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def chats(service: Any) -> Iterator[Callable[..., tuple[Chat, OllamaStandIn]]]:
    """Starts a service whose model gives the replies."""
    with ExitStack() as stack:

        def start(*replies: Reply, **server: Any) -> tuple[Chat, OllamaStandIn]:
            ollama = stack.enter_context(OllamaStandIn(responder=scripted(replies), **server))
            return stack.enter_context(served(service, ollama.url)), ollama

        yield start


def test_a_model_answers_by_tools_and_its_numbers_are_proved(chats: Any) -> None:
    chat, _ = chats(WHEN, say("On 10 January 2018 the plant used 768 kWh."))

    told = chat.ask()

    assert (told["mode"], told["fallback"], told["answer"]) == (
        *("llm", None),
        "On 10 January 2018 the plant used 768 kWh.",
    )
    [line] = told["evidence"]
    assert (line["tool"], line["period"]["start"]) == ("history", "2018-01-10T00:00:00+09:00")
    assert grounded(told["answer"], line["figures"]) == []


def test_a_number_that_no_tool_answered_never_stays_in_the_answer(chats: Any) -> None:
    chat, _ = chats(WHEN, say("On 10 January 2018 the plant used 999 kWh."))

    told = list(chat.stream())

    [(_, _, replaced)] = [event for event in told if event[0] == "replace" and event[2]["text"]]
    final = told[-1][2]["answer"]
    assert (replaced["because"], final["mode"], final["fallback"]["reason"]) == (
        *("not_grounded", "planner"),
        "not_grounded",
    )
    assert final["answer"] == replaced["text"]
    assert "999" not in final["answer"]
    assert "768" in final["answer"]
    assert final["fallback"]["because"] in final["answer"]


def test_a_model_that_asks_no_tool_has_answered_nothing(chats: Any) -> None:
    chat, _ = chats(say("The plant used little energy, trust me."))

    told = chat.ask()

    assert (told["mode"], told["fallback"]["reason"]) == ("planner", "no_result")
    assert "768" in told["answer"]


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        pytest.param(
            (WHEN, say("On 10 January it was a good day", dead_after=3)), "down or cut_short", id="killed-mid-stream"
        ),
        pytest.param((WHEN, say("On 10 January it was a good day", cut_after=3)), "cut_short", id="cut"),
        pytest.param((WHEN, say("On 10 January it was", error_after=2)), "refused", id="error"),
        pytest.param((WHEN, say("On 10 January it was", broken_after=2)), "malformed", id="malformed"),
        pytest.param((WHEN, say("")), "empty", id="empty"),
        pytest.param((say('{"name": "history", "parameters": {"when": "today"}}'),), "call_as_text", id="call-as-text"),
        pytest.param((Reply(status=500),), "refused", id="500"),
    ],
)
def test_a_model_that_fails_leaves_the_planners_answer(chats: Any, replies: tuple[Reply, ...], reason: str) -> None:
    chat, _ = chats(*replies)

    told = list(chat.stream())

    final = told[-1][2]["answer"]
    assert (final["kind"], final["mode"]) == ("answer", "planner")
    assert final["fallback"]["reason"] in reason.split(" or ")
    assert "768" in final["answer"]
    shown = ""
    for name, _, data in told:
        shown = data["text"] if name == "replace" else shown + data["text"] if name == "token" else shown
    assert shown == final["answer"]


def test_an_ollama_that_ends_while_it_answers_leaves_the_planners_answer(chats: Any) -> None:
    chat, ollama = chats(WHEN, say("word " * 200, pause_s=0.05))
    told = []

    for event in chat.stream():
        told.append(event)
        if event[0] == "token" and ollama._server.should_exit is False:
            threading.Thread(target=ollama.stop).start()

    final = told[-1][2]["answer"]
    assert (told[-1][0], final["mode"], final["kind"]) == ("final", "planner", "answer")
    assert "768" in final["answer"]


@pytest.mark.parametrize("kind", ["hangs", "refuses", "slow-tags", "other", "lacks-the-model"])
def test_the_first_event_comes_at_once_whatever_becomes_of_ollama(service: Any, kind: str) -> None:
    with ExitStack() as stack:
        url, reason = _ailing(kind, stack)
        chat = stack.enter_context(served(service, url))
        chat.ask("hello")  # opens the connection

        told = list(chat.stream())

    assert told[0][0] == "start"
    assert told[0][1] < FIRST_EVENT_MS
    final = told[-1][2]["answer"]
    assert (final["mode"], final["fallback"]["reason"]) == ("planner", reason)
    assert "768" in final["answer"]


def _ailing(kind: str, stack: ExitStack) -> tuple[str, str]:
    """Where an Ollama is that cannot be asked, and why it cannot."""
    if kind == "hangs":
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        return f"http://127.0.0.1:{listening.getsockname()[1]}", "slow"
    if kind == "refuses":
        return f"http://127.0.0.1:{free_port()}", "down"
    faults, reason = {
        "slow-tags": ({"tags_delay_s": 5}, "slow"),
        "other": ({"tags_raw": "<html>"}, "broken"),
        "lacks-the-model": ({"models": ("other:1b",)}, "model_missing"),
    }[kind]
    return stack.enter_context(OllamaStandIn(**faults)).url, reason  # type: ignore[arg-type]


def test_a_model_cannot_reach_beyond_the_table_of_tools(chats: Any) -> None:
    wanted = [
        call("reload"),
        call("POST /admin/reload"),
        call("read_file", path="/etc/passwd"),
        call("post_readings", rows=[]),
        call("history", when="2018-01-10", plant="../../admin/reload"),
        call("history", when="/etc/passwd"),
    ]
    chat, ollama = chats(*(reply for one in wanted for reply in (one, say("Done: readings deleted."))))

    for _ in wanted:
        told = list(chat.stream())

        final = told[-1][2]["answer"]
        assert (final["mode"], final["fallback"]["reason"]) == ("planner", "no_result")
        assert [line["route"] for line in final["evidence"]] == ["GET /history"]
        assert len([data for name, _, data in told if name == "tool_result" and not data["ok"]]) == 1
    assert len(ollama.bodies) == 2 * len(wanted)
    assert "root:" not in json.dumps(ollama.bodies)


def test_whoever_hangs_up_ends_the_turn_and_the_models_work(chats: Any, until: Any) -> None:
    chat, ollama = chats(WHEN, say("word " * 400, pause_s=0.05))

    for name, _, data in chat.stream():
        if name == "start":
            session_id = data["session_id"]
        if name == "token":
            break

    until(lambda: len(ollama.aborted) == 1)
    until(lambda: not chat.state.copilot.sessions.of(session_id, owner="loopback:anonymous").answering)


def test_whoever_hangs_up_on_a_plain_answer_ends_it_too(chats: Any, until: Any) -> None:
    chat, ollama = chats(WHEN, say("word " * 400, pause_s=0.05))

    request = chat.http.build_request("POST", "/copilot/chat", json={"question": QUESTION})
    head = [f"POST {request.url.path} HTTP/1.1".encode(), *(b": ".join(field) for field in request.headers.raw)]
    with socket.create_connection((request.url.host, request.url.port)) as asking:
        asking.sendall(b"\r\n".join([*head, b"", request.content]))
        until(lambda: len(ollama.bodies) == 2)

    until(lambda: len(ollama.aborted) == 1)


def test_a_model_is_not_asked_where_none_is_needed(chats: Any) -> None:
    chat, ollama = chats()

    assert chat.ask("How much did we use?")["kind"] == "clarify"
    assert chat.ask("delete all readings")["kind"] == "refusal"
    assert ollama.bodies == []


def test_health_tells_of_the_model_and_stays_ok_without_it(chats: Any, until: Any) -> None:
    chat, _ = chats(models=("other:1b",))
    until(lambda: chat.http.get("/health").json()["copilot"]["state"] != "checking")

    health = chat.http.get("/health").json()

    assert (health["status"], health["copilot"]["answers"], health["copilot"]["state"]) == (
        *("ok", "planner"),
        "model_missing",
    )
    assert health["copilot"]["remedy"] == "Get it with: ollama pull llama3.2:3b"


def test_the_remark_on_a_missing_model_is_made_once_a_conversation(service: Any) -> None:
    with served(service, f"http://127.0.0.1:{free_port()}") as chat:
        first = chat.ask()
        then = chat.ask("and on the 11th?", session_id=first["session_id"])

    assert "without a language model" in first["answer"]
    assert "without a language model" not in then["answer"]
    assert then["fallback"]["reason"] == "down"


def test_a_secret_in_ollamas_address_is_not_told(service: Any) -> None:
    with served(service, f"http://me:secret@127.0.0.1:{free_port()}") as chat:
        told, health = chat.ask(), chat.http.get("/health").json()

    assert "127.0.0.1" in told["fallback"]["remedy"]
    assert "secret" not in json.dumps([told, health])
