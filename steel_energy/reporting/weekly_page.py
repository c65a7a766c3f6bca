"""What stands on every page of a weekly report: plant and week above, source and page number below."""

from __future__ import annotations

from typing import Any

from steel_energy.reporting.model_style import ACCENT, INK_SOFT, LINE
from steel_energy.reporting.weekly_style import (
    BOLD,
    BOTTOM,
    CONTENT_WIDTH,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    SIDE,
    TINY,
    TOP,
)
from steel_energy.reporting.weekly_text import source_line
from steel_energy.reporting.weekly_words import Words
from steel_energy.weekly.sections import WeeklyReport

HEADER_Y = PAGE_HEIGHT - TOP + 16
FOOTER_Y = BOTTOM - 20


def page_template(report: WeeklyReport, words: Words) -> Any:  # noqa: ANN401 - ReportLab is untyped
    """A4 with one frame."""
    from reportlab.platypus import Frame, PageTemplate  # noqa: PLC0415 - a part of the extra ``assets``

    plain = {f"{side}Padding": 0 for side in ("left", "right", "top", "bottom")}
    frame = Frame(SIDE, BOTTOM, CONTENT_WIDTH, PAGE_HEIGHT - TOP - BOTTOM, **plain)

    def decorate(canvas: Any, _document: Any) -> None:  # noqa: ANN401
        _header(canvas, report, words)
        _footer(canvas, report, words)

    return PageTemplate("page", [frame], onPage=decorate, pagesize=(PAGE_WIDTH, PAGE_HEIGHT))


def _header(canvas: Any, report: WeeklyReport, words: Words) -> None:  # noqa: ANN401
    from reportlab.lib.colors import HexColor  # noqa: PLC0415

    canvas.setFillColor(HexColor(ACCENT))
    canvas.setFont(BOLD, TINY)
    canvas.drawString(SIDE, HEADER_Y, words("kicker").upper(), charSpace=0.6)
    canvas.setFillColor(HexColor(INK_SOFT))
    canvas.setFont(REGULAR, TINY)
    canvas.drawRightString(PAGE_WIDTH - SIDE, HEADER_Y, f"{report.plant.name} · {report.week.name}")
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.line(SIDE, HEADER_Y - 6, PAGE_WIDTH - SIDE, HEADER_Y - 6)


def _footer(canvas: Any, report: WeeklyReport, words: Words) -> None:  # noqa: ANN401
    from reportlab.lib.colors import HexColor  # noqa: PLC0415

    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.line(SIDE, FOOTER_Y + 10, PAGE_WIDTH - SIDE, FOOTER_Y + 10)
    canvas.setFillColor(HexColor(INK_SOFT))
    canvas.setFont(REGULAR, TINY)
    canvas.drawString(SIDE, FOOTER_Y, source_line(report, words))


def numbered_canvas(words: Words) -> Any:  # noqa: ANN401
    """A canvas that writes "page x of y": the pages are kept until their number is known."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    class NumberedCanvas(Canvas):  # type: ignore[misc]  # untyped base
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().__init__(*args, **kwargs)
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - ReportLab's name
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self.kept, start=1):
                self.__dict__.update(state)
                self.setFillColor(HexColor(INK_SOFT))
                self.setFont(REGULAR, TINY)
                numbered = words("page", page=number, pages=len(self.kept))
                self.drawRightString(PAGE_WIDTH - SIDE, FOOTER_Y, numbered)
                super().showPage()
            super().save()

    return NumberedCanvas
