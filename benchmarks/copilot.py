"""How well the copilot answers: the sets of questions asked of the real service, one conversation each.

By the planner alone, by the agent against a stand-in that speaks Ollama's protocol, and by every model of a real Ollama
where one answers at ``STEEL_OLLAMA_URL``. Prints for each the share of questions with the right tool, with the right
slots, and with every number proved; failed turns; and the time to the first event and to the answer.

The service knows readings until one moment. Tool and slots are scored of the questions that are asked at that moment;
all the others are asked as well, for they must be answered too. Needs a built data folder: run ``make build`` first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from libraries.lacks import require_built
from ollama_stand_in import OllamaStandIn
from questions import SETS_DIR, Asked, as_any, holds, questions

from steel_energy.asking.grounding import grounded
from steel_energy.settings import PROJECT_ROOT
from steel_service.testing import RunningService, running_service

DEFAULT_OLLAMA = "http://127.0.0.1:11434"
TIMEOUT_S = 300
PAGE = PROJECT_ROOT / "docs" / "copilot.md"
PLACE = re.compile("(<!-- benchmark -->\n).*?(<!-- end of benchmark -->)", re.DOTALL)
HEAD = (
    "Answered by",
    "Questions",
    "Right tool, es · en",
    "Right tool and slots, es · en",
    "Grounded",
    "Failed",
    "First event, ms: median · 95 %",
    "Answer, ms: median · 95 %",
)
KINDS = {"clarify": "clarify", "refusal": "out_of_scope"}


@dataclass(frozen=True)
class Heard:
    """What a turn sent.

    Attributes:
        events: their names, in order.
        answer: of the final one; None if there was none.
        first_ms: from the question to the first event.
        last_ms: to the last.
    """

    events: tuple[str, ...]
    answer: dict[str, Any] | None
    first_ms: float
    last_ms: float


def ask(client: httpx.Client, question: str, session: str | None) -> Heard:
    """One turn over /copilot/chat/stream."""
    names, answer, first_ms, began = list[str](), None, 0.0, time.perf_counter()
    body = {"question": question, **({"session_id": session} if session else {})}
    with client.stream("POST", "/copilot/chat/stream", json=body) as stream:
        if not stream.is_success:
            return Heard((f"HTTP {stream.status_code}",), None, 0.0, 0.0)
        for line in stream.iter_lines():
            if line.startswith("event:"):
                names.append(line.removeprefix("event:").strip())
                first_ms = first_ms or 1e3 * (time.perf_counter() - began)
            elif line.startswith("data:") and names and names[-1] == "final":
                answer = json.loads(line.removeprefix("data:"))["answer"]
    return Heard(tuple(names), answer, first_ms, 1e3 * (time.perf_counter() - began))


def talk(client: httpx.Client, asked: Asked) -> Heard:
    """A question after those before it, in a conversation of its own."""
    session = None
    for earlier in asked.after:
        before = ask(client, earlier, session)
        session = before.answer["session_id"] if before.answer else None
    return ask(client, asked.question, session)


def is_right_tool(asked: Asked, answer: dict[str, Any]) -> bool:
    """Whether it did what was asked; a refusal by a route is an answer of that route."""
    used = {line["tool"] for line in answer["evidence"]} or {KINDS.get(answer["kind"], answer["kind"])}
    return bool(used.intersection(as_any(asked.expected["intent"])))


def has_right_slots(asked: Asked, answer: dict[str, Any]) -> bool:
    """Whether the call of the right tool had what was expected in its arguments, and was about the right period."""
    if answer["language"] != asked.language or not is_right_tool(asked, answer):
        return False
    if answer["kind"] == "clarify":
        return answer["missing"] in as_any(asked.expected.get("missing", answer["missing"]))
    calls = [line for line in answer["evidence"] if line["tool"] in as_any(asked.expected["intent"])]
    return not calls or any(_fits(asked.expected, line) for line in calls)


def unproved(asked: Asked, answer: dict[str, Any]) -> list[str]:
    """The numbers of an answer that neither the routes' results nor the questions hold."""
    evidence = [[line["figures"], line["result"]] for line in answer["evidence"]]
    return [number.words for number in grounded(answer["answer"], [evidence, asked.question, *asked.after])]


def score(client: httpx.Client, sets: list[Path], *, name: str, every: int, are_faults_shown: bool) -> dict[str, Any]:
    """Ask everything and sum it up."""
    now = dt.datetime.fromisoformat(client.get("/health").json()["readings_until"]).replace(tzinfo=None)
    rows = []
    for asked in [one for path in sets for one in questions(path)][::every]:
        heard = talk(client, asked)
        answer, is_now = heard.answer, asked.now == now
        wrong = unproved(asked, answer) if answer and answer["kind"] == "answer" else []
        tool = bool(answer) and is_right_tool(asked, answer or {})
        slots = bool(answer) and has_right_slots(asked, answer or {})
        mode = answer["mode"] if answer else "none"
        rows.append((asked.language, is_now, tool, slots, not wrong, answer is not None, heard, mode))
        if are_faults_shown and (wrong or not answer or (is_now and not slots)):
            print(f"- {asked.question}\n    {wrong or heard.events[-1:]} {(answer or {}).get('answer', '')[:200]!r}")
    scored = [row for row in rows if row[1]]
    first, last = ([getattr(row[6], field) for row in rows if row[5]] for field in ("first_ms", "last_ms"))
    return {
        "who": name,
        "questions": len(rows),
        **{f"tool_{language}": _share([row[2] for row in scored if row[0] == language]) for language in ("es", "en")},
        **{f"slots_{language}": _share([row[3] for row in scored if row[0] == language]) for language in ("es", "en")},
        "of": len(scored),
        "grounded": _share([row[4] for row in rows if row[5]]),
        "failed": sum(not row[5] for row in rows),
        "by_model": sum(row[7] == "llm" for row in rows),
        "first_ms": tuple(np.percentile(first, [50, 95])),
        "last_ms": tuple(np.percentile(last, [50, 95])),
    }


def _fits(expected: dict[str, Any], line: dict[str, Any]) -> bool:
    """Whether a call is as expected; what a scenario is set beside may begin before the days that it changes."""
    told = {name: dt.datetime.fromisoformat(at).replace(tzinfo=None) for name, at in (line["period"] or {}).items()}
    wanted = {
        end: dt.datetime.fromisoformat(str(expected[name]))
        for name, end in (("from", "start"), ("to", "end"))
        if name in expected and line["error"] is None
    }
    if line["tool"] == "what_if" and "start" in told and "start" in wanted:
        wanted["start"] = min(wanted["start"], told["start"])
    return all(told.get(end) == at for end, at in wanted.items()) and holds(
        line["arguments"], expected.get("slots", {})
    )


def _share(held: list[bool]) -> float:
    return sum(held) / len(held) if held else float("nan")


def table(results: list[dict[str, Any]]) -> str:
    """The results as a table of Markdown."""
    head = f"| {' | '.join(HEAD)} |"
    return "\n".join([head, "|---" * len(HEAD) + "|", *map(_row, results)])


def _row(one: dict[str, Any]) -> str:
    cells = (
        one["who"],
        f"{one['questions']} ({one['of']} scored; {one['by_model']} answered by a model)",
        *(f"{one[f'{what}_es']:.1%} · {one[f'{what}_en']:.1%}" for what in ("tool", "slots")),
        f"{one['grounded']:.1%}",
        str(one["failed"]),
        *(f"{one[when][0]:.0f} · {one[when][1]:.0f}" for when in ("first_ms", "last_ms")),
    )
    return f"| {' | '.join(cells)} |"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[RunningService, httpx.Client]]:
    """The real service, and a client of it."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_service(Path(scratch) / "api.log", environment=environment) as service,
        httpx.Client(base_url=service.url, timeout=TIMEOUT_S) as client,
    ):
        yield service, client


def models_of(url: str) -> list[str]:
    """Models that a real Ollama has; none where none answers."""
    try:
        listed = httpx.get(f"{url}/api/tags", timeout=2).raise_for_status().json()["models"]
    except httpx.HTTPError:
        return []
    return [one["name"] for one in listed]


def main() -> int:
    """Score whatever can answer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="*", type=Path, default=sorted(SETS_DIR.glob("questions*.yaml")))
    parser.add_argument("--every", type=int, default=1, help="ask every Nth question alone")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT_ROOT)}")
    parser.add_argument("--faults", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    asked = {"every": options.every, "are_faults_shown": options.faults}
    results = []
    with served({"STEEL_COPILOT_LLM": "off"}) as (_, client):
        require_built(client.get("/health").json())
        results.append(score(client, options.sets, name="planner", **asked))
    with OllamaStandIn() as stand_in, served({"STEEL_OLLAMA_URL": stand_in.url}) as (_, client):
        results.append(score(client, options.sets, name="agent, stand-in for a model", **asked))
    url = os.environ.get("STEEL_OLLAMA_URL", DEFAULT_OLLAMA)
    for model in models_of(url):
        with served({"STEEL_OLLAMA_URL": url, "STEEL_OLLAMA_MODEL": model}) as (_, client):
            results.append(score(client, options.sets, name=f"agent, {model}", **asked))
    print(table(results))
    if options.write:
        page = PLACE.sub(lambda match: f"{match[1]}{table(results)}\n{match[2]}", PAGE.read_text(encoding="utf-8"))
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
