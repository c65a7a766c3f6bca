"""Settings of the copilot, from ``STEEL_*`` variables: whether a language model answers, which, how much at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from steel_energy.settings import SteelSettings
from steel_service.agent.llm import ModelSettings

KIB = 1024
_MODEL = ModelSettings()


class CopilotSettings(SteelSettings):
    """How the copilot answers, and how many it answers at once."""

    copilot_llm: Literal["auto", "off"] = Field(
        default="auto",
        description="auto: a language model answers where Ollama has it, else the planner; off: the planner alone.",
    )
    ollama_url: str = Field(default=_MODEL.url, description="Where Ollama answers.")
    ollama_model: str = Field(
        default=_MODEL.model, min_length=1, description="Any model of Ollama's that can call tools."
    )
    ollama_context_tokens: int = Field(
        default=_MODEL.context_tokens, ge=1024, description="Prompt and answer of the model together."
    )
    ollama_silence_s: float = Field(
        default=_MODEL.silence_s, gt=0, description="Longest wait for the model's next token; loading it counts."
    )
    copilot_llm_s: float = Field(
        default=_MODEL.total_s, gt=0, description="Longest answer of the model, its tools included; then the planner's."
    )
    copilot_tool_s: float = Field(default=60, gt=0, description="Longest call of a tool.")
    copilot_max_turns: int = Field(default=8, ge=1, description="Most questions that are answered at once.")
    copilot_max_sessions: int = Field(
        default=500, ge=1, description="Most conversations that are remembered; the one unused longest goes first."
    )
    copilot_session_minutes: float = Field(default=120, gt=0, description="How long an unused one is remembered.")
    copilot_feedback_file_bytes: int = Field(default=1024 * KIB, ge=KIB, description="Size of a full file of feedback.")

    @field_validator("ollama_url")
    @classmethod
    def _url(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        if scheme not in ("http", "https") or not separator or not rest.strip("/"):
            raise PydanticCustomError("url", "is no address; write it as http://127.0.0.1:11434")
        return url.rstrip("/")

    @property
    def model(self) -> ModelSettings:
        """What the language model's client takes."""
        return ModelSettings(
            url=self.ollama_url,
            model=self.ollama_model,
            context_tokens=self.ollama_context_tokens,
            silence_s=self.ollama_silence_s,
            total_s=self.copilot_llm_s,
        )

    @property
    def feedback_file(self) -> Path:
        """What people thought of answers, one JSON object a line."""
        return self.logs_dir / "copilot_feedback.jsonl"
