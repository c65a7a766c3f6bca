"""The shell of every report: one HTML file with its styles, charts and plotly.js inside, nothing fetched from outside.

Content comes in as ``Section``s whose blocks are HTML made by ``chart``, ``picture``, ``table``, ``bullets`` and
``grid``; all text is escaped here. What the sections say lives in ``eda``, ``quality`` and ``model_page``. A page holds
no clock time and no random id: the same input gives the same bytes.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from steel_energy.lake import write_text

LONG_TABLE = 30
"""A table with more rows scrolls within the page; on paper it is printed whole."""
WIDE_TABLE = 5
"""A table with at least so many columns scrolls sideways on a phone rather than squeeze its texts."""


@dataclass(frozen=True)
class Tile:
    """One headline figure: what it is, its value with unit, and a short remark below it."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """One part of a page: a sentence that says what is seen, then the blocks that show it.

    Attributes:
        anchor: id of the section in the page's address.
        title: heading, also in the table of contents.
        text: what is seen, plain text; ``**words**`` are set bold.
        blocks: HTML of ``chart``, ``picture``, ``table``, ``bullets`` and ``grid``.
        is_left_out: the data do not suffice for it; ``text`` says what it needs.
    """

    anchor: str
    title: str
    text: str
    blocks: tuple[str, ...] = ()
    is_left_out: bool = False


def left_out(anchor: str, title: str, text: str) -> Section:
    """A section that the data do not suffice for; ``text`` says what it needs."""
    return Section(anchor, title, text, is_left_out=True)


@dataclass(frozen=True)
class Page:
    """Everything of a report but its styles."""

    kicker: str
    title: str
    lead: str
    tiles: Sequence[Tile]
    sections: Sequence[Section]
    notice: str = ""
    footer: str = ""


def chart(figure: go.Figure, caption: str, *, least_px: int = 0) -> str:
    """A figure with its caption, drawn by ``page.js``; it scrolls sideways where there are less than ``least_px``."""
    content = str(figure.to_json()).replace("<", "\\u003c")
    return (
        f'<figure class="chart" aria-label="{html.escape(caption)}"><figcaption>{html.escape(caption)}</figcaption>'
        f'<div class="plot" style="height:{figure.layout.height}px;min-width:{least_px}px"></div>'
        f'<script type="application/json">{content}</script></figure>'
    )


def picture(png: bytes, caption: str) -> str:
    """A picture, held by the page itself; its paper stays white in a dark theme."""
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<figure class="picture"><img src="{address}" alt="{html.escape(caption)}" loading="lazy"></figure>'


def bullets(sentences: Sequence[str]) -> str:
    """A list of sentences, plain text."""
    return f'<ul class="bullets">{"".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)}</ul>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", numbers: Sequence[int] = ()) -> str:
    """A table of ready-made texts; the columns at the positions ``numbers`` are set right."""
    kinds = [' class="number"' if place in numbers else "" for place in range(len(head))]
    body = "".join(f"<tr>{_cells('td', row, kinds)}</tr>" for row in rows)
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    top = f"<thead><tr>{_cells('th', head, kinds)}</tr></thead>"
    size = " long" * (len(rows) > LONG_TABLE) + " wide" * (len(head) >= WIDE_TABLE)
    return f'<div class="scroll{size}"><table>{title}{top}<tbody>{body}</tbody></table></div>'


def grid(*blocks: str, least_rem: float = 25) -> str:
    """Blocks side by side, each at least ``least_rem`` wide, below one another where there is no room."""
    return f'<div class="grid" style="--least:{least_rem:g}rem">{"".join(blocks)}</div>'


def write_page(page: Page, path: Path) -> Path:
    """Write ``page`` as one self-contained HTML file, atomically; folders are made as needed."""
    return write_text(path, render(page))


def render(page: Page) -> str:
    """The HTML of ``page``."""
    contents = "".join(f'<li><a href="#{s.anchor}">{html.escape(s.title)}</a></li>' for s in page.sections)
    notice = f'<p class="notice" role="note">{_rich(page.notice)}</p>' if page.notice else ""
    main = "".join(map(_section, page.sections))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{html.escape(page.title)}</title>
<style>{_resource("page.css")}</style>
</head>
<body>
<div class="frame">
<header><p class="kicker">{html.escape(page.kicker)}</p><h1>{html.escape(page.title)}</h1>
<p class="lead">{_rich(page.lead)}</p>{notice}</header>
<dl class="tiles">{"".join(map(_tile, page.tiles))}</dl>
<nav aria-label="Contents"><ol>{contents}</ol></nav>
<main>{main}</main>
<footer>{_rich(page.footer)}</footer>
</div>
{_drawing() if 'class="chart"' in main else ""}</body>
</html>
"""


def _drawing() -> str:
    """What draws the charts of a page that has any."""
    return f"""<noscript>
<p class="notice">The charts are drawn by JavaScript, which is switched off here.</p>
</noscript>
<script>{get_plotlyjs()}</script>
<script>{_resource("page.js")}</script>
"""


def _section(section: Section) -> str:
    kind = ' class="left-out"' if section.is_left_out else ""
    return (
        f'<section id="{section.anchor}"><h2>{html.escape(section.title)}</h2>'
        f"<p{kind}>{_rich(section.text)}</p>{''.join(section.blocks)}</section>\n"
    )


def _tile(tile: Tile) -> str:
    remark = f"<small>{html.escape(tile.remark)}</small>" if tile.remark else ""
    return f'<div class="tile"><dt>{html.escape(tile.label)}</dt><dd>{html.escape(tile.value)}{remark}</dd></div>'


def _cells(tag: str, texts: Sequence[str], kinds: Sequence[str]) -> str:
    return "".join(f"<{tag}{kind}>{html.escape(text)}</{tag}>" for text, kind in zip(texts, kinds, strict=True))


def _rich(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text))


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
