"""Inputs whose label follows the language.

A widget of Material UI can miss what it is told while the browser is still mounting it: React reads its properties
before it listens to them. What depends on the first answers, such as the options of a select or whether a button may
be pressed, is therefore the browser's own element (``select``, ``button``), which misses nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import panel as pn

from steel_ui.state import Session
from steel_ui.words import words


def labelled(kind: type[Any], session: Session, label: str, **options: Any) -> Any:  # noqa: ANN401 - any widget
    """A widget of ``kind`` called by the text ``label``.

    Args:
        kind: a class of ``panel_material_ui``.
        session: its language.
        label: key of the text.
        options: further parameters of the widget.
    """
    name = pn.bind(lambda code: words(code)(label), session.param.language)
    return kind(label=name, **({"margin": 0, "size": "small"} | options))


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
