"""docs/api.md: its examples run against a real service and answer what it shows, its tables are those of the code."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest
from api_examples import DOCUMENT, PROGRAMS, Example, ExampleError, compare, examples_of, run_all, shown
from api_tables import with_tables
from generate_client import openapi_document

TEXT = DOCUMENT.read_text(encoding="utf-8")
EXAMPLES = examples_of(TEXT)
SHOWN = Example("bash", "ask", "json", '{"rows": [{"usage_kwh": 1.5}], "next": null}')


@pytest.fixture(scope="module")
def answers(example: Any) -> list[str]:
    missing = [program for program, *_ in PROGRAMS.values() if shutil.which(program) is None]
    if missing:
        pytest.skip(f"the examples need {', '.join(missing)}")
    return list(run_all(EXAMPLES, example))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_answers_what_the_document_shows(answers: list[str], number: int) -> None:
    compare(EXAMPLES[number], answers[number])


def test_every_example_shows_its_answer_if_it_has_one() -> None:
    silent = [example.code for example in EXAMPLES if example.kind is None]

    assert len(EXAMPLES) > 20
    assert [re.split("[=(]", code)[0] for code in silent] == ["export STEEL_API_URL", "client.close"]


def test_the_tables_are_those_of_the_code() -> None:
    assert with_tables(TEXT) == TEXT


def test_every_status_that_a_route_may_answer_is_explained() -> None:
    operations = [operation for path in openapi_document()["paths"].values() for operation in path.values()]
    declared = {status for operation in operations for status in operation["responses"] if status >= "400"}

    assert declared - set(re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE)) == set()


def test_other_figures_of_the_same_kind_are_the_same_answer() -> None:
    compare(SHOWN, '{"rows": [{"usage_kwh": 2}, {"usage_kwh": 3}], "next": null}')
    compare(Example("python", "ask", "text", "95 % within 3.5 ms\n"), "95 % within 12 ms\n")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param('{"rows": [{"usage": 2}], "next": null}', id="another-name"),
        pytest.param('{"rows": [{"usage_kwh": "2"}], "next": null}', id="another-type"),
        pytest.param('{"rows": [], "next": null}', id="nothing"),
        pytest.param('{"error": {"code": "internal"}}', id="an-error"),
    ],
)
def test_an_answer_of_another_shape_is_found(answer: str) -> None:
    with pytest.raises(ExampleError, match="where the document shows"):
        compare(SHOWN, answer)


def test_a_failing_example_is_found(example: Any) -> None:
    for broken in (Example("python", "1 / 0", None, ""), Example("bash", "false", None, "")):
        with pytest.raises(ExampleError, match="failed"):
            list(run_all([broken], example))


def test_no_key_is_written_into_the_document() -> None:
    key = "steel_0a1b2c3d_" + "x" * 43

    assert shown(key, "text") == "steel_<id>_<secret>\n"
    assert re.search(r"steel_[0-9a-f]{8}_", TEXT) is None
