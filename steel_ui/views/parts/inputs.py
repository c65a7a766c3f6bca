"""Inputs whose label follows the language, and which say under themselves what is wrong with what was filled in.

A widget of Material UI can miss what it is told while the browser is still mounting it: React reads its properties
before it listens to them. What depends on the first answers, such as the options of a select or whether a button may
be pressed, is therefore the browser's own element (``select``, ``button``), which misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui

from steel_ui.state import Session
from steel_ui.words import words

SLIDER_SX = {"& .MuiFormLabel-root": {"fontSize": "13px", "lineHeight": 1.3}}


def labelled(kind: type[Any], session: Session, label: str, **options: Any) -> Any:  # noqa: ANN401 - any widget
    """A widget of ``kind`` called by the text ``label``.

    Args:
        kind: a class of ``panel_material_ui``.
        session: its language.
        label: key of the text.
        options: further parameters of the widget; ``hint`` is the key of the text under it.
    """
    hint = options.pop("hint", None)
    if hint:
        options["helper_text"] = pn.bind(lambda code: words(code)(hint), session.param.language)
    name = pn.bind(lambda code: words(code)(label), session.param.language)
    return kind(label=name, **({"margin": 0, "size": "small"} | options))


def choice(session: Session, label: str, texts: Mapping[str, Any], **options: Any) -> pmui.Select:  # noqa: ANN401
    """A select whose options are the texts of the keys of ``texts``; keeps what is chosen in every language."""
    select = labelled(pmui.Select, session, label, value=options.pop("value", next(iter(texts.values()))), **options)

    def name(*_: object) -> None:
        say = session.words()
        select.param.update(options={say(key): value for key, value in texts.items()}, value=select.value)

    name()
    session.param.watch(name, "language")
    return select


def complain(widget: Any, what: str) -> None:  # noqa: ANN401 - any widget with a text under it
    """Mark ``widget`` as wrong and say why; an empty text takes that back."""
    widget.param.update(error_state=bool(what), helper_text=what)


def select(session: Session, label: str, *, width: int, **options: Any) -> pn.widgets.Select:  # noqa: ANN401 - of Panel
    """The browser's own select in the dashboard's look, called by the text ``label``."""
    name = pn.bind(lambda code: words(code)(label), session.param.language)
    return pn.widgets.Select(label=name, width=width, margin=0, stylesheets=[_native_css()], **options)


def button(**options: Any) -> pn.widgets.Button:  # noqa: ANN401 - of Panel
    """The browser's own button in the dashboard's look."""
    return pn.widgets.Button(margin=0, stylesheets=[_native_css()], **options)


@cache
def _native_css() -> str:
    return (Path(__file__).parent / "native.css").read_text(encoding="utf-8")
