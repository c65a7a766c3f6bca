"""The look of the weekly report's pages: paper, type, colours, and how a table of cells becomes one on the page.

ReportLab (extra ``assets``) is imported when a page is made. The type is DejaVu Sans, which comes with matplotlib, may
be embedded and knows every sign that a report needs.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from steel_energy.reporting.model_style import GRID, INK, INK_SOFT, LINE
from steel_energy.reporting.weekly_cells import Table
from steel_energy.reporting.weekly_words import Words

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
SIDE, TOP, BOTTOM = 16 * MM, 19 * MM, 16 * MM
CONTENT_WIDTH = PAGE_WIDTH - 2 * SIDE
REGULAR, BOLD = "Report", "Report-Bold"
FILES = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
BAND_COLOURS = {"light": "#9cc4de", "medium": "#e5a336", "maximum": "#c8414b"}
"""As on the dashboard and in the other reports, the cheapest one paler: it fills most of the pictures."""
CARD = "#f6f8fa"
NOTICE, NOTICE_LINE = "#fff4dc", "#e5a336"
LEFT, RIGHT = 0, 2
"""ReportLab's numbers for where lines begin or end."""
BODY, SMALL, TINY = 8.6, 7.8, 7.0
"""Sizes in points; this type is large for its size, 8.6 reads as 10 of others."""
NUMBER_AND_UNIT = re.compile(r"(\d) (%|kWh|kW|kg|KRW|h|t)(?!\w)")
BOLD_WORDS = re.compile(r"\*\*(.+?)\*\*")


@cache
def register_fonts() -> None:
    """Make the type known to ReportLab, once for this process."""
    import matplotlib as mpl  # noqa: PLC0415 - a third of a second, for its folder of fonts
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - the extra is not installed everywhere
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def text_style(
    size: float = BODY,
    *,
    colour: str = INK,
    bold: bool = False,
    leading: float = 1.42,
    **settings: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - ReportLab is untyped
    """A paragraph's style."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415

    return ParagraphStyle(
        "text",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * leading,
        textColor=HexColor(colour),
        **settings,
    )


def paragraph(text: str, size: float = BODY, *, bullet: str | None = None, **settings: Any) -> Any:  # noqa: ANN401
    """A paragraph of plain text in which ``**`` encloses bold words; what else looks like markup is shown as it is."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    unbroken = NUMBER_AND_UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", text)
    marked = BOLD_WORDS.sub(r"<b>\1</b>", escape(unbroken, quote=False))
    return Paragraph(marked, text_style(size, **settings), bulletText=bullet)


def figure(number: str, unit: str) -> Any:  # noqa: ANN401
    """A number that is to be seen first, its unit small beside it."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    small = (
        f'<font name="{REGULAR}" size="8" color="{INK_SOFT}">\N{NO-BREAK SPACE}{escape(unit)}</font>' if unit else ""
    )
    return Paragraph(escape(number) + small, text_style(14, bold=True, leading=1.35))


def table(content: Table, words: Words, *, width: float = CONTENT_WIDTH) -> Any:  # noqa: ANN401
    """A table with a light rule under each row, numbers on the right, the sum in bold."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415
    from reportlab.platypus import Table as FlowableTable  # noqa: PLC0415

    whole = sum(column.width for column in content.columns)
    last = len(content.rows) - 1
    heading = [_cell(one.heading, is_text=one.is_text, size=TINY, colour=INK_SOFT) for one in content.columns]
    body = [
        [
            _cell(column.shown(cell, words), is_text=column.is_text, size=SMALL, bold=content.has_total and row == last)
            for column, cell in zip(content.columns, cells, strict=True)
        ]
        for row, cells in enumerate(content.rows)
    ]
    rules = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2.3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.9),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor(LINE)),
        ("LINEBELOW", (0, 1), (-1, -2), 0.5, HexColor(GRID)),
    ]
    if content.has_total:
        rules.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, HexColor(INK_SOFT)))
    for place, (before, column) in enumerate(pairwise(content.columns), start=1):
        if column.is_text and not before.is_text:  # a number on the right of its column, words on the left of theirs
            rules.append(("LEFTPADDING", (place, 0), (place, -1), 9))
    widths = [width * column.width / whole for column in content.columns]
    return FlowableTable([heading, *body], colWidths=widths, repeatRows=1, style=rules, hAlign="LEFT")


def _cell(text: str, *, is_text: bool, size: float, colour: str = INK, bold: bool = False) -> Any:  # noqa: ANN401
    return paragraph(text, size, colour=colour, bold=bold, leading=1.25, alignment=LEFT if is_text else RIGHT)
