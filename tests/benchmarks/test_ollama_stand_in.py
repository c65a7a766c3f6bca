"""The stand-in for Ollama, as Ollama's own client finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ollama
import pytest
from ollama_replies import Reply, call, say, scripted
from ollama_stand_in import OllamaStandIn

MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def stand_in() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as server:
        yield server


@pytest.fixture
def client(stand_in: OllamaStandIn) -> Iterator[ollama.Client]:
    with ollama.Client(host=stand_in.url, trust_env=False) as asking:
        yield asking


def test_its_models_are_listed_and_shown(client: ollama.Client):
    (listed,) = client.list().models
    shown = client.show("llama3.2:3b")

    assert listed.model == "llama3.2:3b"
    assert shown.capabilities == ["completion", "tools"]
    assert shown.modelinfo == {"llama.context_length": 131072}


def test_an_answer_is_streamed_word_by_word_and_says_when_it_is_done(stand_in: OllamaStandIn, client: ollama.Client):
    stand_in.responder = scripted([say("One two three.")])
    parts = list(client.chat("llama3.2:3b", MESSAGES, stream=True))

    assert [part.message.content for part in parts] == ["One", " two", " three.", ""]
    assert [part.done for part in parts] == [False, False, False, True]
    assert (parts[-1].done_reason, parts[-1].eval_count) == ("stop", 3)


def test_an_answer_in_one_piece_is_the_same(stand_in: OllamaStandIn, client: ollama.Client):
    stand_in.responder = scripted([Reply(text="One.", calls=call("bill", when="november").calls)])
    answered = client.chat("llama3.2:3b", MESSAGES)

    assert answered.message.content == "One."
    assert answered.message.tool_calls is not None
    (made,) = answered.message.tool_calls
    assert (made.function.name, made.function.arguments) == ("bill", {"when": "november"})


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"model": "qwen3:8b", "messages": MESSAGES}, 404),
        ({"model": "llama3.2:3b", "messages": []}, 400),
        ({"model": "llama3.2:3b", "messages": [{"role": "nobody", "content": "Hello"}]}, 400),
    ],
    ids=["model", "empty", "role"],
)
def test_what_ollama_refuses_it_refuses(client: ollama.Client, asked: dict[str, Any], status: int):
    with pytest.raises(ollama.ResponseError) as refusal:
        client.chat(**asked)

    assert refusal.value.status_code == status


def test_every_body_is_kept(stand_in: OllamaStandIn, client: ollama.Client):
    client.chat("llama3.2:3b", MESSAGES, options={"seed": 7})

    assert stand_in.bodies[0]["messages"] == MESSAGES
    assert stand_in.bodies[0]["options"] == {"seed": 7}
