"""The copilot: questions in plain language, and answers with what proves them."""

from __future__ import annotations

import asyncio
from functools import partial
from html import escape

import panel as pn
import panel_material_ui as pmui
import param

from steel_ui.client import Health, Problem
from steel_ui.conversation import Conversation, Turn
from steel_ui.state import Session
from steel_ui.views.page import STRETCH, View, column, html_pane
from steel_ui.views.parts.card import chip_html
from steel_ui.views.turn import turn_panel
from steel_ui.words import Words, words

SUGGESTIONS = ("forecast", "peak", "why", "what_if", "plan", "bill", "drift", "knowledge")
MOST_CHARACTERS = 2000
"""As the service takes them."""
SEEN_S = 0.05
"""Until a browser has surely been told what a line holds, before it is told that it is empty."""


class CopilotView(View):
    """A conversation; it is kept while other pages are looked at, and begins anew with another plant."""

    key = "copilot"
    icon = "M20 2H4c-1.1 0-2 .9-2 2v18l4-4h14c1.1 0 2-.9 2-2V4c0-1.1-.9-2-2-2zm0 14H5.2L4 17.2V4h16v12z"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.conversation = Conversation(session.service)
        self._log = column()
        self._asked = ""  # what the line held last, until the browser has surely seen it emptied
        session.param.watch(lambda _: self.conversation.clear(), "plant")
        self.conversation.param.watch(self._follow, "turns")

    async def load(self) -> tuple[Health | None, tuple[Problem, ...]]:
        """Who answers; what is missing the frame says itself."""
        return self.session.health, ()

    def build(self) -> pn.viewable.Viewable:
        """Heading, what was said, where to begin, and the line to type in."""
        return column(self.html(heading_html), self._log, self._suggestions(), self._line())

    def _follow(self, _: object) -> None:
        """Show the turns that are new; the log of a conversation that was cleared is empty."""
        turns = self.conversation.turns
        if len(turns) < len(self._log):
            self._log.clear()
        for turn in turns[len(self._log) :]:
            self._log.append(self._shown(turn))

    def _shown(self, turn: Turn) -> pn.Column:
        return turn_panel(turn, self.session, ask=self.conversation.start, rate=partial(self.conversation.rate, turn))

    def _suggestions(self) -> pn.Column:
        """Questions to begin with, as buttons; gone once there is something to read."""
        chosen = self.session.param
        head = html_pane(
            pn.bind(lambda code: f'<p class="muted">{escape(words(code)("copilot_try"))}</p>', chosen.language)
        )
        buttons = [self._suggestion(name) for name in SUGGESTIONS]
        is_new = pn.bind(lambda turns: not turns, self.conversation.param.turns)
        row = pn.FlexBox(*buttons, gap="8px", margin=0)
        return pn.Column(head, row, visible=is_new, sizing_mode=STRETCH, styles={"gap": "8px"}, margin=0)

    def _suggestion(self, name: str) -> pmui.Button:
        return pmui.Button(
            label=pn.bind(lambda code: words(code)(f"ask_{name}"), self.session.param.language),
            variant="outlined",
            size="small",
            margin=0,
            sx={"textTransform": "none", "textAlign": "left"},
            on_click=lambda _: self.conversation.start(self.session.words()(f"ask_{name}")),
        )

    def _line(self) -> pn.Column:
        language, is_asking = self.session.param.language, self.conversation.work.param.is_running
        typed = pmui.TextInput(
            label=pn.bind(lambda code: words(code)("copilot_ask"), language),
            max_length=MOST_CHARACTERS,
            sizing_mode=STRETCH,
            size="small",
            margin=0,
        )
        send = partial(self._send, typed)
        typed.param.watch(send, "enter_pressed")
        self.conversation.work.param.watch(partial(self._empty_again, typed), "is_running")
        is_idle = pn.bind(lambda busy: not busy, is_asking)
        buttons = (
            _button(self.session, "send", "send", on_click=send, variant="contained", visible=is_idle),
            _button(self.session, "stop", "stop", on_click=lambda _: self.conversation.stop(), visible=is_asking),
            _button(self.session, "anew", "add_comment", on_click=lambda _: self.conversation.clear()),
        )
        return column(typed, pn.FlexBox(*buttons, gap="8px", margin=0), gap="8px")

    def _send(self, typed: pmui.TextInput, _: object) -> None:
        if not self.conversation.work.is_running:
            self._asked = typed.value_input or typed.value
            typed.value = self._asked  # so that emptying it is a change to the browser
            self.conversation.start(self._asked)
            typed.param.update(value="", value_input="")

    async def _empty_again(self, typed: pmui.TextInput, running: param.parameterized.Event) -> None:
        """A busy browser may miss that the line was emptied; what is typed since then stays."""
        if not running.new and self._asked and typed.value_input in ("", self._asked):
            typed.value_input, self._asked = self._asked, ""
            await asyncio.sleep(SEEN_S)
            typed.value_input = ""


def heading_html(health: Health | None, *, words: Words) -> str:
    """What the page is for, and who answers."""
    who = '<div class="skeleton" style="width:40%;height:1em"></div>'
    if health is not None:
        is_model = health.copilot.answers == "llm"
        chip = chip_html(words("copilot_by_model" if is_model else "copilot_by_planner"), "good" if is_model else "")
        name = escape(words("copilot_model", model=health.copilot.model)) if is_model else _remedy(health, words)
        who = f'<p>{chip} <span class="muted small">{name}</span></p>'
    return (
        f'<header class="heading"><div><h1>{escape(words("page_copilot"))}</h1>'
        f"<p>{escape(words('copilot_about'))}</p>{who}</div></header>"
    )


def _remedy(health: Health, words: Words) -> str:
    """Why no language model answers and what would help; the service's own words on it are its tooltip."""
    state, model = health.copilot.state, health.copilot.model or ""
    remedy = words.texts.get(f"copilot_remedy_{state}", "").format(model=model)
    text = f"{words.label('copilot_state', state)} {remedy}".strip()
    return f'<span title="{escape(health.copilot.remedy)}">{escape(text)}</span>'


def _button(session: Session, name: str, icon: str, **options: object) -> pmui.Button:
    label = pn.bind(lambda code: words(code)(f"copilot_{name}"), session.param.language)
    return pmui.Button(**{"label": label, "icon": icon, "variant": "outlined", "size": "small", "margin": 0, **options})
