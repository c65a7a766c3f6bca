"""The bar that chooses the moment the page speaks of: a picker, a way back, and what the forecast could know then."""

from __future__ import annotations

import datetime as dt
from html import escape

import panel as pn
import panel_material_ui as pmui

from steel_ui.client import Health
from steel_ui.expected import Data
from steel_ui.replay import LATEST, address_of, moment_of
from steel_ui.series import wall
from steel_ui.state import Session
from steel_ui.words import Words, words

PICKER_PX = 264


def moment_picker(session: Session) -> pmui.DatetimePicker:
    """A date and time on the plant's clock, empty at the latest readings; follows the session and is followed by it."""
    language = session.param.language
    picker = pmui.DatetimePicker(
        label=pn.bind(lambda chosen: words(chosen)("as_of"), language),
        value=_shown(session.at),
        end=pn.bind(_last, session.param.health),
        enable_seconds=False,
        clearable=True,
        size="small",
        width=PICKER_PX,
        margin=0,
    )
    # Two watchers and no binding: a bound value is let go as soon as the reader chooses one.
    picker.param.watch(lambda event: _choose(session, picker, event.new), "value")
    session.param.watch(lambda event: picker.param.update(value=_shown(event.new)), "at")
    return picker


def latest_button(session: Session) -> pmui.Button:
    """Back to the latest readings; there only while another moment is shown."""
    return pmui.Button(
        label=pn.bind(lambda language: words(language)("to_latest"), session.param.language),
        visible=pn.bind(lambda at: at != LATEST, session.param.at),
        icon="update",
        variant="outlined",
        size="small",
        margin=0,
        on_click=lambda _: session.param.update(at=LATEST),
    )


def replay_html(data: Data, *, words: Words) -> str:
    """One sentence: that these are the latest readings, or what the fit behind the forecast had seen."""
    if data.at is None:
        return f'<p class="replay">{escape(words("latest_text"))}</p>'
    until = data.forecast.model_trained_until if data.forecast else None
    if until is None:
        return ""
    kind = "fact attention" if data.forecast and data.forecast.is_in_sample else "fact"
    seen = f"<dt>{escape(words('fit_seen'))}</dt><dd>{escape(words.moment(until))}</dd>"
    return f'<dl class="facts"><div class="{kind}">{seen}</div></dl>'


def _choose(session: Session, picker: pmui.DatetimePicker, moment: dt.datetime | None) -> None:
    if moment != _shown(session.at):
        session.at = address_of(moment)
        picker.value = _shown(session.at)


def _shown(at: object) -> dt.datetime | None:
    moment = moment_of(at)
    return moment if isinstance(moment, dt.datetime) else None


def _last(health: Health | None) -> dt.datetime | None:
    return wall(health.readings_until) if health and health.readings_until else None
