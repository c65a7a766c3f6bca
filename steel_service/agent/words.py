"""What the copilot says of itself, in the language of the answer; what is said of the plant is ``telling``'s."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from steel_energy.asking.lexicon import Language
from steel_energy.config import Record, read_yaml


class Words(Record):
    """The texts of a language.

    Attributes:
        steps: what is being done, by tool.
        fallback: why no language model answered, by reason; parts of a sentence.
        answered_by_planner: the remark under such an answer.
        tool_refused: the answer where a route refused.
    """

    steps: dict[str, str]
    fallback: dict[str, str]
    answered_by_planner: str
    tool_refused: str


@cache
def words(language: Language) -> Words:
    """The texts of ``language``; read once.

    >>> words("en").fallback["down"]
    'Ollama cannot be reached'
    """
    return Words.model_validate(read_yaml(Path(__file__).parent / "words.yaml")[language])
