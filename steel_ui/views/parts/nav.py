"""The menu: links to the pages, drawn in the browser so that a click needs no answer to be marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import param
from panel.custom import JSComponent

from steel_ui.theme import stylesheet
from steel_ui.words import words


class Nav(JSComponent):
    """Links to pages; ``active`` is the key of the one that is shown. It keeps the document's title and language."""

    items = param.List(default=[], doc="For each page its key, label and icon.")
    active = param.String(default="", doc="Key of the page that is shown.")
    label = param.String(default="", doc="What a screen reader calls the menu.")
    product = param.String(default="", doc="Name of the product, in the document's title.")
    leads_to = param.String(default="", doc="Address that the reader has to go to; empty while they may stay.")
    language = param.String(default="en", doc="ISO 639-1 code of the document's language.")

    _esm = Path(__file__).parent / "nav.js"


def nav(pages: Sequence[tuple[str, str]], *, active: str, language: str) -> Nav:
    """The menu of ``pages``, given by key and icon."""
    menu = Nav(active=active, css_classes=["nav"], stylesheets=[stylesheet()], margin=0)
    translate(menu, pages, language=language)
    return menu


def translate(menu: Nav, pages: Sequence[tuple[str, str]], *, language: str) -> None:
    """Name the pages in ``language``."""
    say = words(language)
    items = [{"key": key, "icon": icon, "label": say(f"page_{key}")} for key, icon in pages]
    menu.param.update(label=say("menu"), product=say("product"), language=language, items=items)
