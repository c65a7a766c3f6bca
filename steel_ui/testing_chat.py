"""The toy service's copilot: every question is about the 15 January, which comes to 1,496 kWh."""

from __future__ import annotations

import json
from typing import Any

SESSION, ANSWER = "5" * 32, "a" * 32
TEXT = "On Monday 15 January 2018 the plant is expected to use 1,496 kWh."
FIGURES = {"usage_kwh": 1496.0}


def chat(question: str) -> dict[str, Any]:
    """The answer to any question but "which?", which is asked back."""
    is_clear = question != "which?"
    return {
        "session_id": SESSION,
        "answer_id": ANSWER,
        "plant": "toy",
        "language": "en",
        "kind": "answer" if is_clear else "clarify",
        "answer": TEXT if is_clear else "Which period do you mean?",
        "mode": "planner",
        "fallback": None,
        "reason": None,
        "missing": None if is_clear else "period",
        "options": [] if is_clear else ["today", "tomorrow"],
        "evidence": [_evidence()] if is_clear else [],
        "chart": _chart() if is_clear else None,
        "citations": [],
        "now": "2018-01-15T00:00:00+09:00",
        "took_ms": 40.0,
    }


def told(question: str) -> bytes:
    """The same as server-sent events; "break" ends before the answer, and "fail" is answered with an error."""
    if question == "fail":
        error = {"code": "not_ready", "message": "there is no model yet", "field": None, "hint": "run make build"}
        return _sent("error", {"error": error})
    start = {"session_id": SESSION, "language": "en", "now": "2018-01-15T00:00:00+09:00", "mode": "planner"}
    events = [_sent("start", start), _sent("step", {"text": "Asking for the forecast"})]
    if question == "break":
        return b"".join(events)
    answer = chat(question)
    events += [_sent("token", {"text": "As I thi"}), _sent("replace", {"text": answer["answer"]})]
    return b"".join([*events, _sent("final", {"answer": answer})])


def feedback(asked: dict[str, Any]) -> dict[str, Any]:
    """What was given, written down."""
    return {name: asked[name] for name in ("session_id", "answer_id", "rating")}


def _evidence() -> dict[str, Any]:
    return {
        "tool": "forecast",
        "route": "POST /forecast",
        "arguments": {"horizon": 96},
        "figures": FIGURES,
        "result": None,
        "period": {"start": "2018-01-15T00:00:00+09:00", "end": "2018-01-16T00:00:00+09:00"},
        "model_version": "abc12345",
        "error": None,
    }


def _chart() -> dict[str, Any]:
    series = {"name": "Expected", "values": [20.0, 120.0], "lower": [16.0, 96.0], "upper": [24.0, 144.0]}
    return {
        "kind": "band",
        "title": "Expected demand",
        "unit": "kW",
        "x": ["2018-01-15T00:00:00+09:00", "2018-01-15T12:00:00+09:00"],
        "x_kind": "time",
        "series": [series],
    }


def _sent(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
