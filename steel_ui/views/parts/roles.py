"""What a reader of a low role is told where others have a button."""

from __future__ import annotations

from html import escape

import panel as pn

from steel_ui.client import WhoAmI
from steel_ui.state import Role, Session
from steel_ui.views.page import html_pane
from steel_ui.words import words


def role_note(session: Session, role: Role) -> pn.pane.HTML:
    """One line that says which role it takes; empty for who has it, and while the service has not said who asks.

    Put it beside a button that is disabled by ``not_allowed``.
    """

    def written(who: WhoAmI | None, language: str) -> str:
        say = words(language)
        if who is None or session.may(role):
            return ""
        text = say("role_needed", role=say(f"role_{role}"), own=say(f"role_{who.role}"))
        return f'<p class="muted small" role="note">{escape(text)}</p>'

    return html_pane(pn.bind(written, session.param.who, session.param.language))


def not_allowed(session: Session, role: Role) -> object:
    """For ``disabled=``: true until the service has said that the reader may do what takes ``role``."""
    return pn.bind(lambda _: not session.may(role), session.param.who)
