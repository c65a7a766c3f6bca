"""What a reader sees of long work: that it runs, a way to cancel it, and why it failed with a way to try again."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from steel_ui.client import Problem
from steel_ui.state import Session
from steel_ui.views.page import html_pane
from steel_ui.views.parts.notices import notices_html
from steel_ui.words import words
from steel_ui.work import Work

AWAY = "unreachable"


def work_bar(
    work: Work,
    session: Session,
    *,
    again: Callable[[object], object],
    is_question: bool = False,
    shows_refusals: bool = True,
    refused: str = "refused",
) -> pn.Column:
    """The state of ``work``; nothing while there is none.

    Args:
        work: the job.
        session: language, and the service's address.
        again: called when the reader wants another try.
        is_question: whether it changes nothing, and is asked again once a service that was away answers.
        shows_refusals: False where the page itself says what a refusal means.
        refused: names the texts for what a refusal means.
    """
    language = session.param.language
    cancel = _button("cancel", language, icon="close", visible=work.param.is_running, on_click=lambda _: work.cancel())
    has_failed = pn.bind(lambda problem: problem is not None and not problem.is_refusal, work.param.problem)
    retry = _button("retry", language, icon="refresh", visible=has_failed, on_click=again)

    def told(is_running: bool, problem: Problem | None, code: str) -> str:  # noqa: FBT001 - bound parameter
        if is_running:
            return f'<p class="working" role="status"><i></i>{escape(words(code)("working"))}</p>'
        is_shown = problem is not None and (shows_refusals or not problem.is_refusal)
        missing = (problem,) if problem is not None and is_shown else ()
        is_retried = is_question and _is_away(problem)
        url, login = session.service.url, session.login_address
        return notices_html(missing, words=words(code), url=url, login=login, refused=refused, is_retried=is_retried)

    def resume(_: object) -> None:
        if _is_away(work.problem):
            again(None)

    if is_question:
        session.param.watch(resume, "health")  # each look that is answered brings a new one
    state = html_pane(pn.bind(told, work.param.is_running, work.param.problem, language))
    return pn.Column(state, pn.Row(cancel, retry, margin=0), sizing_mode="stretch_width", margin=0)


def _button(
    text: str,
    language: param.Parameter,
    *,
    icon: str,
    visible: Any,  # noqa: ANN401 - a parameter or bound
    on_click: Callable[[object], object],
) -> pmui.Button:
    return pmui.Button(
        label=pn.bind(lambda code: words(code)(text), language),
        visible=visible,
        icon=icon,
        variant="outlined",
        size="small",
        margin=0,
        on_click=on_click,
    )


def _is_away(problem: Problem | None) -> bool:
    return problem is not None and problem.code == AWAY
