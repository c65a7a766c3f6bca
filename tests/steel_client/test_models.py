"""The client is of the same make as the service: its records and its questions are those of the OpenAPI document."""

from __future__ import annotations

import ast
import sys

from generate_client import MODELS, formatted, models_of, openapi_document

from steel_client import model_questions, questions
from steel_client.models import ChatAnswer

NOT_ASKED = {("GET", "/metrics"), ("POST", "/copilot/chat/stream")}
"""Prometheus reads the one; the other is a stream, which ``chat_stream`` reads."""
ANSWER = ChatAnswer.model_construct(session_id="0" * 32, answer_id="0" * 32)
ASKED = [
    questions.health(),
    questions.whoami(),
    questions.plants(),
    questions.model_info(),
    questions.model_metrics(),
    questions.models(),
    questions.drift(),
    questions.reports(),
    questions.report("{name}"),
    questions.history(),
    questions.forecast(),
    questions.bill(start="2018-12-01", end="2019-01-01"),
    questions.what_if([]),
    questions.optimize({}),
    questions.explain_day("2018-12-01"),
    questions.predict({}),
    questions.predict_batch([]),
    questions.predict_onnx({}),
    questions.post_readings([]),
    questions.chat("How much will we use tomorrow?"),
    questions.feedback(ANSWER, "up"),
    questions.knowledge("demand charge"),
    questions.preview_readings_csv(""),
    questions.quality(),
    questions.calendar(),
    questions.mark_days([]),
    model_questions.reload(),
    model_questions.model_versions(),
    model_questions.model_importance(),
    model_questions.model_evaluation(),
    model_questions.promote("0" * 12, because="calmer nights"),
    model_questions.rollback(because="nights too low"),
]


def test_the_records_are_what_make_client_would_write() -> None:
    assert MODELS.read_text(encoding="utf-8") == formatted(models_of(openapi_document())), "run make client"


def test_the_client_needs_few_libraries_and_nothing_of_this_project() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODELS.parent.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    packages = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"steel_client"}

    assert packages == {"httpx", "httpx_sse", "pydantic", "pydantic_core", "tenacity"}


def test_every_route_has_a_question() -> None:
    documented = openapi_document()["paths"].items()
    served = {(method.upper(), path) for path, methods in documented for method in methods} - NOT_ASKED

    assert {(call.method, call.path.replace("%7B", "{").replace("%7D", "}")) for call in ASKED} == served
