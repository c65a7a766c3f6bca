"""A small kit to draw pictures of a page with: a frame with axes, and what is drawn into it, in vectors.

ReportLab's own shapes are used, not its chart classes: those know neither bands by colour nor marks beside a curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steel_energy.reporting.model_style import GRID, INK_SOFT, LINE, PAPER
from steel_energy.reporting.weekly_style import BOLD, REGULAR, TINY
from steel_energy.reporting.weekly_words import Words

LABEL = 6.8
"""Size of what is written at an axis, in points."""


def nice_ticks(top: float, *, most: int = 5) -> list[float]:
    """Round numbers from 0 to at least ``top``, at most ``most`` steps.

    >>> nice_ticks(628.7)
    [0.0, 200.0, 400.0, 600.0, 800.0]
    """
    if top <= 0:
        return [0.0, 1.0]
    magnitude = 10.0 ** math.floor(math.log10(top / most))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude * most >= top)
    return [step * count for count in range(math.ceil(top / step - 1e-9) + 1)]


@dataclass
class Plot:
    """A drawing with a plotting area; ``x`` runs from 0 to ``x_top``, ``y`` from 0 to ``y_top``.

    Attributes:
        width: of the whole, in points.
        height: of the whole.
        x_top: the value at the right edge of the area.
        y_top: the value at its upper edge.
        left: room for the labels of the y axis.
        bottom: room for those of the x axis.
        right: room on the right.
        top: room above.
    """

    width: float
    height: float
    x_top: float
    y_top: float
    left: float = 26
    bottom: float = 14
    right: float = 2
    top: float = 4

    def __post_init__(self) -> None:
        from reportlab.graphics.shapes import Drawing  # noqa: PLC0415 - see above

        self.drawing: Any = Drawing(self.width, self.height)

    def x(self, value: float) -> float:
        """Where a value lies from the left."""
        return self.left + (self.width - self.left - self.right) * value / self.x_top

    def y(self, value: float) -> float:
        """Where a value lies from below."""
        return self.bottom + (self.height - self.bottom - self.top) * value / self.y_top

    def y_axis(self, ticks: Sequence[float], words: Words, *, unit: str = "") -> None:
        """Light lines across, with their numbers on the left; the unit beside the uppermost."""
        for tick in ticks:
            self.line([(0, tick), (self.x_top, tick)], colour=LINE if tick == 0 else GRID, width=0.6)
            digits = 0 if tick == round(tick) else 1
            self.text(self.left - 4, self.y(tick) - 2.4, words.number(tick, digits), anchor="end")
        if unit:
            self.text(self.left, self.y(ticks[-1]) + 3.5, unit, anchor="start")

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str, width: float = 1.0, dash: Sequence[float] = ()
    ) -> None:
        """A line through points."""
        from reportlab.graphics.shapes import PolyLine  # noqa: PLC0415
        from reportlab.lib.colors import HexColor  # noqa: PLC0415

        flat = [coordinate for x, y in points for coordinate in (self.x(x), self.y(y))]
        self.drawing.add(
            PolyLine(
                flat,
                strokeColor=HexColor(colour),
                strokeWidth=width,
                strokeDashArray=list(dash) or None,
                strokeLineJoin=1,
            )
        )

    def area(self, points: Sequence[tuple[float, float]], *, colour: str) -> None:
        """A filled outline; the first point is joined with the last."""
        from reportlab.graphics.shapes import Polygon  # noqa: PLC0415
        from reportlab.lib.colors import HexColor  # noqa: PLC0415

        flat = [coordinate for x, y in points for coordinate in (self.x(x), self.y(y))]
        self.drawing.add(Polygon(flat, fillColor=HexColor(colour), strokeColor=None, strokeWidth=0))

    def box(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle, in points of the drawing."""
        from reportlab.graphics.shapes import Rect  # noqa: PLC0415
        from reportlab.lib.colors import HexColor  # noqa: PLC0415

        self.drawing.add(Rect(x, y, width, height, fillColor=HexColor(colour), strokeColor=None, strokeWidth=0))

    def text(
        self, x: float, y: float, text: str, *, anchor: str = "middle", colour: str = INK_SOFT, size: float = LABEL,
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Words at a point of the drawing."""
        from reportlab.graphics.shapes import String  # noqa: PLC0415
        from reportlab.lib.colors import HexColor  # noqa: PLC0415

        font = BOLD if bold else REGULAR
        self.drawing.add(
            String(x, y, text, fontName=font, fontSize=size, fillColor=HexColor(colour), textAnchor=anchor)
        )

    def mark(self, x: float, y: float, text: str, *, colour: str) -> None:
        """A number in a disc above a point of the data."""
        from reportlab.graphics.shapes import Circle  # noqa: PLC0415
        from reportlab.lib.colors import HexColor  # noqa: PLC0415

        at_x, at_y = self.x(x), self.y(y) + 7
        self.drawing.add(
            Circle(at_x, at_y, 5.2, fillColor=HexColor(colour), strokeColor=HexColor(PAPER), strokeWidth=0.8)
        )
        self.text(at_x, at_y - 2.5, text, colour=PAPER, size=TINY, bold=True)


def text_width(text: str, *, size: float = LABEL, bold: bool = False) -> float:
    """Width of words in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    return float(stringWidth(text, BOLD if bold else REGULAR, size))


def legend(plot: Plot, entries: Sequence[tuple[str, str, bool]], *, right: float, y: float) -> None:
    """Names beside a square or, where the last is true, a dash of their colour, in one row that ends at ``right``."""
    x = right
    for colour, name, is_line in reversed(entries):
        x -= text_width(name)
        plot.text(x, y, name, anchor="start")
        x -= 9
        plot.box(x - 3 * is_line, y + 1.7 * is_line - 0.6, 6 + 3 * is_line, 1.3 if is_line else 6, colour=colour)
        x -= 10
