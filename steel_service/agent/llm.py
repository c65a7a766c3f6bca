"""The language model behind Ollama: what of it may be set, and the client that keeps out of LlamaIndex's traps.

Without a context size of its own the client asks Ollama for it in a blocking call; without a client of its own it
obeys ``HTTP_PROXY`` even for this machine. Whether Ollama is there at all is ``readiness``'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import Field

from steel_energy.config import Record
from steel_service.agent.readiness import Probe, Readiness

CONNECT_SECONDS = 1.0
"""Ollama runs on this machine or beside it: one that has not answered by then is not there."""


class ModelSettings(Record):
    """Where the model is, and how long it may take."""

    url: str = Field(default="http://127.0.0.1:11434", description="Where Ollama answers.")
    model: str = Field(default="llama3.2:3b", description="Any model of Ollama's that can call tools.")
    context_tokens: int = Field(default=8192, ge=1024, description="Prompt and answer together.")
    answer_tokens: int = Field(default=400, ge=16, description="Longest answer; its length is the latency.")
    silence_s: float = Field(default=30, gt=0, description="Longest wait for the next token; loading a model counts.")
    total_s: float = Field(default=60, gt=0, description="Longest turn, its tools included.")
    tool_rounds: int = Field(default=4, ge=1, le=20, description="Times that the model may call tools in a turn.")
    keep_alive: str = Field(default="30m", description="How long Ollama keeps the model loaded.")


@dataclass(frozen=True)
class ChatModel:
    """A model that can be asked; built once, for one event loop.

    Attributes:
        llm: LlamaIndex's client.
        client: its connections.
        probe: says whether it can be asked now.
    """

    settings: ModelSettings
    llm: Any
    client: Any
    probe: Probe

    async def ready(self) -> Readiness:
        """Whether it can be asked now; known from a few seconds ago if it was asked then.

        A model that would think first is told not to: its thoughts take longer than its answer. One that does not think
        is not told, as some versions of Ollama refuse that.
        """
        found = await self.probe.readiness()
        self.llm.thinking = False if found.is_thinker else None
        return found

    async def aclose(self) -> None:
        """Give the connections back."""
        await self.client.close()


def build_model(settings: ModelSettings | None = None) -> ChatModel:
    """A model of some settings; asks nothing of the network.

    LlamaIndex takes a second to import and is imported here: call it when the service starts, not in a request.
    """
    from ollama import AsyncClient  # noqa: PLC0415 - slow, and only where a model is wanted

    settings = settings or ModelSettings()
    timeout = httpx.Timeout(settings.silence_s, connect=CONNECT_SECONDS)
    client = AsyncClient(host=settings.url, timeout=timeout, trust_env=False)
    return ChatModel(settings, make_llm(settings, client), client, Probe(settings.url, settings.model))


def make_llm(settings: ModelSettings, client: Any) -> Any:  # noqa: ANN401 - both libraries ship no types that mypy reads
    """LlamaIndex's client over one of Ollama's; temperature 0 and a fixed seed, so that a question has one answer."""
    from llama_index.llms.ollama import Ollama  # noqa: PLC0415 - slow, as above

    return Ollama(
        model=settings.model,
        base_url=settings.url,
        context_window=settings.context_tokens,
        temperature=0.0,
        request_timeout=settings.silence_s,
        keep_alive=settings.keep_alive,
        additional_kwargs={"num_predict": settings.answer_tokens, "seed": 1},
        async_client=client,
    )
