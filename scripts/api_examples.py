"""Runs every example of docs/api.md against a real service, and compares or writes down what it answers.

``python scripts/api_examples.py`` checks; with ``--write`` the document shows the answers and tables of this run. An
answer is the block right under an example. Compared are the keys and types of JSON, and texts without their numbers:
the readings are simulated, so the figures mean nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api_tables import with_tables
from example_service import ExampleService, example_service

from steel_service.security import Role

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"
EXAMPLE = re.compile(
    r"```(?P<language>bash|python|js)\n(?P<code>.*?)```\n(?:\n```(?P<kind>json|text)\n(?P<answer>.*?)```\n)?", re.DOTALL
)
SHOWN_ITEMS = 1
"""Of a list in an answer; the rest would only make the document longer."""
SECRET = re.compile(r"steel_[0-9a-f]{8}_[\w-]+")
FIGURES = re.compile(r"[0-9a-f]{12,}|[0-9]+([.,:][0-9]+)*")
PROGRAMS = {"bash": ["bash", "-euo", "pipefail", "-c"], "js": ["node", "--input-type=module", "-e"]}


@dataclass(frozen=True)
class Example:
    """Code of the document and the answer under it; ``kind`` is that of the answer, None where none is shown."""

    language: str
    code: str
    kind: str | None
    answer: str


class ExampleError(Exception):
    """An example failed, or answers something else than the document says."""


def main() -> int:
    """Check or write the document."""
    parser = argparse.ArgumentParser(description="Run the examples of docs/api.md.")
    parser.add_argument("--write", action="store_true", help="write the answers of this run into the document")
    is_writing = parser.parse_args().write
    text = DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, example_service(Path(folder)) as service:
        answers = list(run_all(examples_of(text), service))
    if is_writing:
        DOCUMENT.write_text(with_tables(with_answers(text, answers)), encoding="utf-8")
        return 0
    for example, answer in zip(examples_of(text), answers, strict=True):
        compare(example, answer)
    return 0


def examples_of(text: str) -> list[Example]:
    """The examples of a Markdown text, in their order."""
    return [
        Example(found["language"], found["code"], found["kind"], found["answer"] or "")
        for found in EXAMPLE.finditer(text)
    ]


def run_all(examples: list[Example], service: ExampleService) -> Iterator[str]:
    """What each example prints; those in Python share their names, as in one session.

    Raises:
        ExampleError: one of them failed.
    """
    variables = {
        "STEEL_API_URL": service.url,
        "STEEL_API_KEY": service.keys[Role.OPERATOR],
        "STEEL_ADMIN_KEY": service.keys[Role.ADMIN],
        "STEEL_DATA_DIR": str(service.data_dir),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    session: dict[str, Any] = {}
    for example in examples:
        if example.language == "python":
            yield _run_python(example.code, session, variables)
        else:
            yield _run_program(example, variables, cwd=service.data_dir)


def compare(example: Example, answer: str) -> None:
    """Check that the document shows an answer of the same shape.

    Raises:
        ExampleError: it shows another one.
    """
    if example.kind and shape(example.answer) != shape(shown(answer, example.kind)):
        raise ExampleError(f"{example.code}\nanswers\n{answer}\nwhere the document shows\n{example.answer}")


def shape(text: str) -> Any:  # noqa: ANN401 - JSON
    """What of an answer does not change with the data.

    >>> shape('{"b": 1.5, "a": [{"x": "y"}, 2]}'), shape("in 15 minutes")
    ({'b': 'number', 'a': [{'x': 'str'}]}, 'in # minutes')
    """
    try:
        return _types(json.loads(text))
    except ValueError:
        return FIGURES.sub("#", text.strip())


def shown(answer: str, kind: str) -> str:
    """An answer as the document shows it: without secrets, and with no more than the first items of its lists."""
    safe = SECRET.sub("steel_<id>_<secret>", answer.strip())
    if kind != "json":
        return safe + "\n"
    return json.dumps(_first_items(json.loads(safe)), indent=2, ensure_ascii=False) + "\n"


def with_answers(text: str, answers: list[str]) -> str:
    """``text`` with ``answers`` under its examples, wherever one is shown."""
    given = iter(answers)

    def written(found: re.Match[str]) -> str:
        answer = next(given)
        if not found["kind"]:
            return found[0]
        code = f"```{found['language']}\n{found['code']}```\n"
        return f"{code}\n```{found['kind']}\n{shown(answer, found['kind'])}```\n"

    return EXAMPLE.sub(written, text)


def _run_python(code: str, session: dict[str, Any], variables: dict[str, str]) -> str:
    printed, before = io.StringIO(), dict(os.environ)
    os.environ.update(variables)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(DOCUMENT), "exec"), session)  # noqa: S102 - the document is the project's own
    except Exception as error:
        raise ExampleError(f"{code}\nfailed: {error!r}") from error
    finally:
        os.environ.clear()
        os.environ.update(before)
    return printed.getvalue()


def _run_program(example: Example, variables: dict[str, str], *, cwd: Path) -> str:
    ended = subprocess.run(
        [*PROGRAMS[example.language], example.code],
        env={**os.environ, **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise ExampleError(f"{example.code}\nfailed: {ended.stdout}{ended.stderr}")
    return ended.stdout


def _types(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case dict():
            return {name: _types(part) for name, part in value.items()}
        case list():
            return [_types(part) for part in value[:1]]
        case bool() | None:
            return "flag or nothing"
        case int() | float():
            return "number"
        case _:
            return "str"


def _first_items(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _first_items(part) for name, part in value.items()}
    return [_first_items(part) for part in value[:SHOWN_ITEMS]] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
