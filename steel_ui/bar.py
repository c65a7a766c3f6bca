"""The bar on top: which plant, how fresh its readings are, light or dark, and the language."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import panel as pn
import panel_material_ui as pmui

from steel_ui.client import Health, PlantFacts, WhoAmI
from steel_ui.state import ADDRESS, Session
from steel_ui.theme import on_bar_sx
from steel_ui.views.page import html_pane
from steel_ui.views.parts.inputs import select
from steel_ui.words import LANGUAGES, Words, words

PLANT_PX = 180


def bar(session: Session) -> list[pn.viewable.Viewable]:
    """The parts of the bar, left to right."""
    chosen = session.param
    fresh = html_pane(pn.bind(fresh_html, chosen.health, chosen.language), sizing_mode=None)
    fresh.align = "center"
    return [
        fresh,
        pn.Spacer(sizing_mode="stretch_width"),
        plant_select(session),
        account(session),
        theme_button(session),
        language_buttons(session),
    ]


def fresh_html(health: Health | None, language: str) -> str:
    """Up to when readings are known."""
    if health is None or health.readings_until is None:
        return ""
    say = words(language)
    text = say("fresh", moment=say.moment(health.readings_until))
    return f'<p class="fresh" title="{escape(health.zone)}">{escape(text)}</p>'


def account(session: Session) -> pn.pane.HTML:
    """Who is signed in and the way out, or the way in; empty where nobody signs in."""

    def written(who: WhoAmI | None, language: str, *_: object) -> str:
        return account_html(who, session, words=words(language)) if session.signs_in else ""

    chosen = session.param
    address = (chosen[name] for name in ADDRESS if name != "language")
    shown = html_pane(pn.bind(written, chosen.who, chosen.language, *address), sizing_mode=None)
    shown.align = "center"
    return shown


def account_html(who: WhoAmI | None, session: Session, *, words: Words) -> str:
    """Name, role and the link out for who came with a key; the link in for others."""
    if who is None or who.means == "loopback":
        return f'<p class="account"><a href="{escape(session.by_way_of("login"))}">{escape(words("login"))}</a></p>'
    name = f"<span><b>{escape(who.name)}</b>{escape(words(f'role_{who.role}'))}</span>"
    out = f'<a href="{escape(session.by_way_of("logout"))}">{escape(words("logout"))}</a>'
    return f'<p class="account">{name}{out}</p>'


def plant_select(session: Session) -> pn.widgets.Select:
    """The plants of the service; there only where there are several."""
    chooser = select(session, "plant", width=PLANT_PX, css_classes=["on-bar"], align="center")

    def follow(*_: object) -> None:
        plants = _named(session.plants) if session.health else {}
        value = session.health.plant if session.health else None
        chooser.param.update(options=plants, value=value, visible=len(plants) > 1)

    follow()
    session.param.watch(follow, ["plants", "health"])
    chooser.param.watch(lambda event: _choose(session, event.new), "value")
    return chooser


def _named(plants: Sequence[PlantFacts]) -> dict[str, str]:
    """Each plant's id by its name; where two have the same, the id tells them apart."""
    names = [plant.name for plant in plants]
    return {one.name if names.count(one.name) == 1 else f"{one.name} · {one.id}": one.id for one in plants}


def _choose(session: Session, plant: str | None) -> None:
    if plant and session.health is not None and plant != session.health.plant:
        session.plant = plant


def language_buttons(session: Session) -> pmui.RadioButtonGroup:
    """One button for each language."""
    codes = {language.upper(): language for language in LANGUAGES}
    buttons = pmui.RadioButtonGroup.from_param(
        session.param.language, options=codes, label="", size="small", align="center", margin=0, sx=on_bar_sx()
    )
    buttons.jscallback(value="document.documentElement.lang = source.value.toLowerCase()")
    return buttons


def theme_button(session: Session) -> pmui.ToggleIcon:
    """Light or dark."""
    button = pmui.ToggleIcon(
        value=session.dark,
        icon="dark_mode",
        active_icon="light_mode",
        label="",
        align="center",
        margin=0,
        description=pn.bind(lambda language: words(language)("theme"), session.param.language),
    )
    button.param.watch(lambda event: session.param.update(theme="dark" if event.new else "light"), "value")
    session.param.watch(lambda _: button.param.update(value=session.dark), "theme")
    return button
