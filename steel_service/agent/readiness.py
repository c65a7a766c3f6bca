"""Whether the model can be asked: Ollama is there, has it, and it can call tools; each "no" with what helps.

Asks ``/api/tags`` and ``/api/show``, which load nothing. LlamaIndex never asks before it chats.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import Any, Literal

import httpx

from steel_energy.config import Record

State = Literal["ready", "down", "model_missing", "no_tools", "slow", "broken"]
PROBE_SECONDS = 1.0
KEPT_SECONDS = 10.0
MISSED_SECONDS = 3.0
"""A "no" is kept for less long, so that an Ollama that was just started is found."""
DEFAULT_TAG = ":latest"
TOOLS, THINKING = "tools", "thinking"


class Readiness(Record):
    """Whether a model can be asked.

    Attributes:
        state: slow is an Ollama that did not answer in time, broken one whose answer makes no sense.
        model: which one.
        remedy: one sentence on what helps; empty where nothing is wrong.
        installed: models that Ollama has.
        is_thinker: whether it thinks before it answers unless it is told not to.
    """

    state: State
    model: str
    remedy: str = ""
    installed: tuple[str, ...] = ()
    is_thinker: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether to ask it."""
        return self.state == "ready"


async def ready(url: str, model: str, *, timeout_s: float = PROBE_SECONDS) -> Readiness:
    """Ask an Ollama whether ``model`` can be asked; never fails."""
    timeout = httpx.Timeout(timeout_s)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False) as client:
            return await _found(client, model)
    except (httpx.TimeoutException, httpx.TransportError, httpx.InvalidURL) as error:
        return _unreachable(error, url, model)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):  # an answer of another kind altogether
        remedy = f"What answers at {url} is no Ollama: check STEEL_OLLAMA_URL."
        return Readiness(state="broken", model=model, remedy=remedy)


class Probe:
    """Asks at most once in some seconds, however many turns want to know.

    Args:
        url: where Ollama answers.
        model: which one is wanted.
        kept_s: how long a "yes" is believed.
        missed_s: how long a "no" is.
    """

    def __init__(self, url: str, model: str, *, kept_s: float = KEPT_SECONDS, missed_s: float = MISSED_SECONDS) -> None:
        self._url, self._model = url, model
        self._kept_s, self._missed_s = kept_s, missed_s
        self._known: Readiness | None = None
        self._until_s = 0.0
        self._lock = asyncio.Lock()

    async def readiness(self) -> Readiness:
        """What was found last, if that was just now; else what is found now."""
        async with self._lock:
            if self._known is None or time.monotonic() >= self._until_s:
                self._known = await ready(self._url, self._model)
                self._until_s = time.monotonic() + (self._kept_s if self._known.is_ready else self._missed_s)
            return self._known

    def forget(self) -> None:
        """Ask again next time: a turn has just failed."""
        self._until_s = 0.0


async def _found(client: httpx.AsyncClient, model: str) -> Readiness:
    answer = (await client.get("/api/tags")).raise_for_status().json()
    installed = tuple(str(one["model"]) for one in answer["models"])
    if _full(model) not in {_full(one) for one in installed}:
        remedy = f"Get it with: ollama pull {model}"
        return Readiness(state="model_missing", model=model, remedy=remedy, installed=installed)
    capabilities = await _capabilities(client, model)
    if TOOLS not in capabilities:
        remedy = f"{model} cannot call tools: set STEEL_OLLAMA_MODEL to one that can, such as llama3.2:3b."
        return Readiness(state="no_tools", model=model, remedy=remedy, installed=installed)
    return Readiness(state="ready", model=model, installed=installed, is_thinker=THINKING in capabilities)


async def _capabilities(client: httpx.AsyncClient, model: str) -> Collection[str]:
    """What a model can do; of an Ollama too old to tell, it is believed that it can call tools."""
    shown: dict[str, Any] = (await client.post("/api/show", json={"model": model})).raise_for_status().json()
    capabilities: Collection[str] = shown.get("capabilities", (TOOLS,))
    return capabilities


def _full(model: str) -> str:
    """A model's name with its tag, as Ollama lists it."""
    return model if ":" in model else model + DEFAULT_TAG


def _unreachable(error: Exception, url: str, model: str) -> Readiness:
    if isinstance(error, httpx.TimeoutException):
        remedy = f"Ollama at {url} does not answer in time: wait until it is less busy, or restart it."
        return Readiness(state="slow", model=model, remedy=remedy)
    remedy = f"Nothing answers at {url}: start Ollama with `ollama serve`, or set STEEL_OLLAMA_URL."
    return Readiness(state="down", model=model, remedy=remedy)
