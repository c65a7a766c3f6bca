"""A panel around a chart: head, legend, drawing, and its export as a picture or a table."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.models import LayoutDOM

from steel_ui.state import Session
from steel_ui.theme import palette
from steel_ui.views.page import STRETCH
from steel_ui.words import words

PANEL_STYLES = {
    "background": "var(--surface)",
    "border": "1px solid var(--line)",
    "border-radius": "var(--radius)",
    "padding": "var(--s3) var(--s4) var(--s2)",
    "box-sizing": "border-box",
    "gap": "var(--s2)",
    "min-height": "fit-content",  # else a panel that grows after the page was laid out lies over the next one
}


def panel(*parts: pn.viewable.Viewable) -> pn.Column:
    """A surface with a border around parts of a page."""
    return pn.Column(*parts, sizing_mode=STRETCH, styles=PANEL_STYLES, margin=0)


def chart_panel(
    head: pn.viewable.Viewable,
    drawing: Callable[..., LayoutDOM | None],
    *,
    session: Session,
    name: str,
    title: str,
    table: Callable[[], str],
    controls: Sequence[pn.viewable.Viewable] = (),
    between: Sequence[pn.viewable.Viewable] = (),
) -> pn.Column:
    """A chart with its head and its exports.

    Args:
        head: title and what the reader must know of it.
        drawing: the bound function that draws; its layout is named ``name`` here.
        session: language and theme.
        name: of the chart, and of the files that are saved.
        title: key of the text over the saved picture.
        table: what the saved table holds, as CSV.
        controls: buttons beside the exports.
        between: panes between head and drawing, such as a legend.
    """

    def named(layout: LayoutDOM | None) -> LayoutDOM | None:
        if layout is not None:
            layout.name = name
        return layout

    pane = pn.pane.Bokeh(margin=0)
    pane.sizing_mode = STRETCH
    draw_after_words(pane, pn.bind(named, drawing), session=session)
    saved = exports(session, name=name, title=title, table=table)
    tools = pn.FlexBox(*controls, *saved, align_items="center", gap="6px", margin=0, sizing_mode=None)
    top = pn.FlexBox(head, tools, justify_content="space-between", align_items="flex-start", gap="8px", margin=0)
    return panel(top, *between, pane)


def draw_after_words(pane: pn.pane.Bokeh, drawing: Callable[[], LayoutDOM | None], *, session: Session) -> None:
    """Show what ``drawing`` draws, anew with whatever it is bound to.

    Not at once but as the next thing: the words of the same change are then on their way to the reader, and a drawing
    that several changes ask for is drawn once. On a page that is not shown it waits until the page is shown again; a
    chart stands on the page that is shown while it is made.
    """
    home, is_asked, is_stale = session.shown, False, False

    def draw() -> None:
        nonlocal is_asked, is_stale
        is_asked = False
        if session.shown == home:
            is_stale = False
            pane.object = drawing()

    def ask(*_: object) -> None:
        nonlocal is_asked
        if is_stale and not is_asked:
            is_asked = True
            pn.state.execute(draw, schedule=True)

    def due(*_: object) -> None:
        nonlocal is_stale
        is_stale = True
        ask()

    for parameter in param.parameterized.resolve_ref(drawing):
        parameter.owner.param.watch(due, parameter.name)
    session.param.watch(ask, "shown")
    draw()


def exports(session: Session, *, name: str, title: str, table: Callable[[], str]) -> tuple[Any, ...]:
    """Two buttons: the chart called ``name`` as PNG, and ``table`` as CSV."""
    language = session.param.language
    picture = pmui.IconButton(
        icon="image",
        size="small",
        description=pn.bind(lambda code: words(code)("export_png"), language),
        sx={"color": "var(--accent)"},
        margin=0,
    )
    picture.js_on_click(args=_picture_args(session, name, title), code=_picture_js())
    rows = pmui.FileDownload(
        callback=lambda: io.BytesIO(table().encode("utf-8-sig")),
        filename=f"{name}.csv",
        label="CSV",
        icon="download",
        size="small",
        sx={"boxShadow": "none", "background": "none", "color": "var(--accent)", "padding": "3px 8px", "minWidth": 0},
        description=pn.bind(lambda code: words(code)("export_csv"), language),
        margin=0,
    )
    return picture, rows


def csv(columns: Mapping[str, Sequence[object]]) -> str:
    r"""Columns of the same length as CSV with a head; a time is ISO 8601.

    >>> csv({"interval_start": ["2018-01-01"], "usage_kwh": [3.5]})
    'interval_start,usage_kwh\n2018-01-01,3.5\n'
    """
    lines = [columns.keys(), *zip(*columns.values(), strict=True)]
    return "".join(",".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines)


def _picture_args(session: Session, name: str, title: str) -> dict[str, str]:
    colours = palette(dark=session.dark)
    return {"name": name, "title": session.words()(title), "surface": colours.surface, "ink": colours.ink}


@cache
def _picture_js() -> str:
    return (Path(__file__).parent / "picture.js").read_text(encoding="utf-8")
