from __future__ import annotations

import pytest
from pydantic import ValidationError

from steel_service.agent.settings import CopilotSettings


def test_the_model_is_asked_where_the_variables_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEEL_OLLAMA_URL", "http://models.plant.example:11434/")
    monkeypatch.setenv("STEEL_OLLAMA_MODEL", "qwen3:8b")
    monkeypatch.setenv("STEEL_COPILOT_LLM_S", "20")

    model = CopilotSettings().model

    assert (model.url, model.model, model.total_s) == ("http://models.plant.example:11434", "qwen3:8b", 20)


@pytest.mark.parametrize("url", ["", "localhost:11434", "file:///etc/passwd", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="write it as http"):
        CopilotSettings(ollama_url=url)
