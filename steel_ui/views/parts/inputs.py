"""Inputs whose label follows the language."""

from __future__ import annotations

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
