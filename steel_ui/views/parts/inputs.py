"""Inputs whose label follows the language, and which say what is wrong with what was filled in.

A list to choose from is the browser's own everywhere: it opens by keyboard, for a screen reader and on a phone as
lists do there. A widget of Material UI can miss what it is told in the moment in which the browser mounts it, for React
reads its properties before it listens to them; so is the button the browser's own (``button``) where the first answers
decide whether it may be pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn

from steel_ui.state import Session
from steel_ui.words import words

WRONG = "wrong"
"""Class of a list whose choice the service refuses."""
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


def complain(widget: Any, what: str) -> None:  # noqa: ANN401 - any widget of these
    """Mark ``widget`` as wrong and say why, if it has room for that; an empty text takes it back."""
    if isinstance(widget, pn.widgets.Select):
        widget.css_classes = [WRONG] if what else []
    elif "error_state" in widget.param:
        widget.param.update(error_state=bool(what), helper_text=what)


def select(
    session: Session,
    label: str,
    texts: Mapping[str, Any] | None = None,
    *,
    width: int,
    **options: Any,  # noqa: ANN401 - of Panel
) -> pn.widgets.Select:
    """A list to choose one value from.

    Args:
        session: its language.
        label: key of the text that it is called by.
        texts: for each value the key of its text; None where ``options`` of Panel name the values.
        width: in pixels.
        options: further parameters of the widget.
    """
    language = session.param.language
    if texts is not None:
        options["options"] = pn.bind(lambda code: {words(code)(key): value for key, value in texts.items()}, language)
    name = pn.bind(lambda code: words(code)(label), language)
    return pn.widgets.Select(label=name, width=width, margin=0, stylesheets=[_native_css()], **options)


def button(**options: Any) -> pn.widgets.Button:  # noqa: ANN401 - of Panel
    """The browser's own button in the dashboard's look."""
    return pn.widgets.Button(margin=0, stylesheets=[_native_css()], **options)


@cache
def _native_css() -> str:
    return (Path(__file__).parent / "native.css").read_text(encoding="utf-8")
