"""One question of a conversation and its answer: what was done, the text, its picture, its proof, what to ask next."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui

from steel_client.models import ChatAnswer, ChatEvidence
from steel_ui.chat_charts import chat_chart, table
from steel_ui.conversation import Rating, Turn
from steel_ui.figures import Look
from steel_ui.state import Session
from steel_ui.theme import palette
from steel_ui.views.page import STRETCH, html_pane
from steel_ui.views.parts.chart import csv, exports, panel
from steel_ui.views.parts.notices import notices_html
from steel_ui.words import DASH, Words, words

RATINGS: Mapping[Rating, str] = {"up": "thumb_up", "down": "thumb_down"}


def turn_panel(
    turn: Turn, session: Session, *, ask: Callable[[str], None], rate: Callable[[Rating], Awaitable[None]]
) -> pn.Column:
    """The turn as it goes on.

    Args:
        turn: followed until its answer is there.
        session: language, theme and the service's address.
        ask: asks another question.
        rate: tells what the reader thinks.
    """
    watched = (turn.param[name] for name in ("text", "steps", "answer", "problem", "is_stopped"))

    def told(*values: Any) -> str:  # noqa: ANN401 - parameters of the turn
        return turn_html(turn, words=words(values[-1]), url=session.service.url)

    said = html_pane(pn.bind(told, *watched, session.param.language))
    below = pn.Column(sizing_mode=STRETCH, styles={"gap": "var(--s2)"}, margin=0)

    def finished(_: object) -> None:
        if turn.answer is not None:
            below[:] = _below(turn.answer, turn, session, ask=ask, rate=rate)

    turn.param.watch(finished, "answer")
    return panel(said, below)


def turn_html(turn: Turn, *, words: Words, url: str) -> str:
    """Question, what is being done, answer, and what went wrong; the answer is read out as it comes."""
    missing = (turn.problem,) if turn.problem is not None else ()
    stopped = f'<p class="muted">{escape(words("copilot_stopped"))}</p>' if turn.is_stopped else ""
    notices = notices_html(missing, words=words, url=url, refused="copilot_refused", is_retried=False)
    text = "".join(f"<p>{escape(line)}</p>" for line in turn.text.split("\n") if line)
    return (
        f'<h2 class="asked">{escape(turn.question)}</h2>{_working_html(turn, words)}'
        f'<div class="answer" aria-live="polite">{text}</div>{stopped}'
        f"{notices}{_proof_html(turn.answer, words)}"
    )


def _working_html(turn: Turn, words: Words) -> str:
    if not turn.is_open:
        return ""
    doing = turn.steps[-1] if turn.steps else words("copilot_reading")
    return f'<p class="working" role="status"><i></i>{escape(doing)}</p>'


def _proof_html(answer: ChatAnswer | None, words: Words) -> str:
    """What the answer is made of, folded away: each tool with its arguments and figures, and the notes it cites."""
    if answer is None or not (answer.evidence or answer.citations):
        return ""
    parts = "".join(_evidence_html(one, words) for one in answer.evidence)
    cited = "".join(f"<li>[{one.number}] {escape(one.title)} ({escape(one.source)})</li>" for one in answer.citations)
    by = words("copilot_by_model" if answer.mode == "llm" else "copilot_by_planner")
    head = words("copilot_proof", by=by, seconds=words.number(answer.took_ms / 1000, digits=1))
    return (
        f'<details class="proof"><summary>{escape(head)}</summary>{parts}'
        f"{f'<ul>{cited}</ul>' if cited else ''}</details>"
    )


def _evidence_html(evidence: ChatEvidence, words: Words) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(_shown(value, words))}</td></tr>'
        for name, value in evidence.figures.items()
    )
    arguments = json.dumps(evidence.arguments, ensure_ascii=False)
    facts = [evidence.route]
    if evidence.period is not None:
        facts.append(f"{words.moment(evidence.period.start)} {DASH} {words.moment(evidence.period.end)}")
    if evidence.model_version:
        facts.append(evidence.model_version)
    return (
        f"<h3>{escape(' · '.join(facts))}</h3><code>{escape(arguments)}</code>"
        f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>'
    )


def _shown(value: object, words: Words) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    written = words.number(value, digits=3)
    return written.rstrip("0").rstrip(words.decimal)


def _below(
    answer: ChatAnswer,
    turn: Turn,
    session: Session,
    *,
    ask: Callable[[str], None],
    rate: Callable[[Rating], Awaitable[None]],
) -> list[pn.viewable.Viewable]:
    parts: list[pn.viewable.Viewable] = []
    if answer.chart is not None:
        parts.append(_picture(answer, session))
    if answer.options:
        parts.append(pn.FlexBox(*(_option(option, ask) for option in answer.options), gap="8px", margin=0))
    if answer.kind == "answer":
        parts.append(_ratings(turn, session, rate))
    return parts


def _picture(answer: ChatAnswer, session: Session) -> pn.Column:
    chart, name = answer.chart, f"answer-{answer.answer_id[:8]}"
    assert chart is not None  # noqa: S101 - asked for where there is one
    title = html_pane(f"<h3>{escape(chart.title)}</h3>", sizing_mode=None)

    def draw(theme: str) -> Any:  # noqa: ANN401 - a Bokeh layout
        drawn = chat_chart(chart, look=Look(words=words(answer.language), colours=palette(dark=theme == "dark")))
        drawn.name = name
        return drawn

    saved = exports(session, name=name, title="copilot_picture", table=lambda: csv(table(chart)))
    tools = pn.FlexBox(*saved, align_items="center", gap="6px", margin=0, sizing_mode=None)
    top = pn.FlexBox(title, tools, justify_content="space-between", align_items="center", margin=0)
    drawing = pn.pane.Bokeh(pn.bind(draw, session.param.theme), margin=0, sizing_mode=STRETCH)
    return pn.Column(top, drawing, sizing_mode=STRETCH, margin=0)


def _option(option: str, ask: Callable[[str], None]) -> pmui.Button:
    sx = {"textTransform": "none"}
    return pmui.Button(label=option, variant="outlined", size="small", margin=0, sx=sx, on_click=lambda _: ask(option))


def _ratings(turn: Turn, session: Session, rate: Callable[[Rating], Awaitable[None]]) -> pn.FlexBox:
    buttons = [_rating(turn, session, rating, rate) for rating in RATINGS]
    thanks = pn.bind(_thanks_html, turn.param.rating, session.param.language)
    return pn.FlexBox(*buttons, html_pane(thanks, sizing_mode=None), align_items="center", gap="4px", margin=0)


def _rating(turn: Turn, session: Session, rating: Rating, rate: Callable[[Rating], Awaitable[None]]) -> pmui.IconButton:
    async def click(_: object) -> None:
        await rate(rating)

    return pmui.IconButton(
        icon=RATINGS[rating],
        size="small",
        description=pn.bind(lambda code: words(code)(f"copilot_{rating}"), session.param.language),
        disabled=pn.bind(lambda given: given is not None, turn.param.rating),
        margin=0,
        on_click=click,
    )


def _thanks_html(rating: Rating | None, language: str) -> str:
    return (
        f'<span class="muted small" role="status">{escape(words(language)("copilot_thanks"))}</span>' if rating else ""
    )
