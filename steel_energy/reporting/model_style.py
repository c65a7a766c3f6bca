"""The look of every picture of a model: one palette, one typography, one way to paint and to save. No data here.

Pictures are PNGs for places that show no HTML (an asset's page, MLflow), so they are painted by matplotlib, on a canvas
of their own: nothing of ``pyplot``'s global state is read or left behind, and the same input gives the same bytes.
Matplotlib (extra ``assets``) takes a second to import and is imported when a picture is painted.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap

Painter: TypeAlias = "Callable[[Axes], None]"

INK, INK_SOFT, LINE, GRID, PAPER = "#1c2733", "#5b6875", "#c9d1d9", "#e8edf1", "#ffffff"
ACCENT, CONTRAST, MUTED = "#2b5f8a", "#c0562b", "#a9b4bf"
"""Blue and burnt orange: told apart with any kind of colour vision, and in grey; the pages' own (``page.css``)."""
ACCENT_PALE, ACCENT_SOFT, MUTED_PALE = "#dfe8f0", "#a9c3d8", "#eceff2"
COUNTS = ("#dce9f3", "#8fb8d6", "#3d7fb0", "#17456b", "#0b2239")
"""Few to many."""
LOW_TO_HIGH = ("#2b6cb0", "#9db8d2", "#d9a48d", "#c0562b")
"""A feature's value in a swarm, low to high."""

DOTS_PER_INCH = 110
COLOURS_KEPT = 256
WIDE, SQUARE, TALL = (8.6, 4.4), (7.2, 6.4), (8.6, 6.4)
"""Sizes of a picture in inches."""
HEADING, MARGIN = 0.7, 0.12  # inches: room for title and remark, and what lies beside them

STYLE: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so a picture looks the same on every machine
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK_SOFT,
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK_SOFT,
    "ytick.labelcolor": INK_SOFT,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
}


def picture(paint: Painter, *, title: str, remark: str = "", size: tuple[float, float] = WIDE) -> bytes:
    """A PNG of one chart.

    Args:
        paint: draws onto the axes it is given and names their units.
        title: what is seen, in bold at the top left.
        remark: one line below the title: whose data, how many, how to read it.
        size: width and height in inches of ``DOTS_PER_INCH`` dots.
    """
    import matplotlib as mpl  # noqa: PLC0415 - a second, see above
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    with mpl.rc_context(dict[Any, Any](STYLE)):
        width, height = size
        below_heading = (0, 0, 1, 1 - HEADING / height)
        figure = Figure(size, DOTS_PER_INCH, layout=ConstrainedLayoutEngine(rect=below_heading, w_pad=0.12, h_pad=0.1))
        canvas = FigureCanvasAgg(figure)
        paint(figure.add_subplot())
        figure.text(MARGIN / width, 1 - 0.15 / height, title, size=13, weight="bold", va="top")
        figure.text(MARGIN / width, 1 - 0.42 / height, remark, size=9.5, color=INK_SOFT, va="top")
        canvas.draw()
        return _small_png(np.asarray(canvas.buffer_rgba())[:, :, :3])


def _small_png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of few colours, a third of the size: pictures are kept in databases. No text, no time, no version in it."""
    from PIL import Image  # noqa: PLC0415 - comes with matplotlib

    few = Image.fromarray(pixels).quantize(COLOURS_KEPT, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    png = io.BytesIO()
    few.save(png, format="png", optimize=True)
    return png.getvalue()


def label(axes: Axes, text: str, at: tuple[float, float], *, colour: str, **settings: Any) -> None:  # noqa: ANN401
    """Write ``text`` beside what it names, at data coordinates: no legend to look up."""
    offset = settings.pop("offset", (6, 0))
    axes.annotate(
        text, at, offset, textcoords="offset points", color=colour, va="center", annotation_clip=False, **settings
    )


def key(axes: Axes) -> None:
    """Name the series in one row at the top right, beside the title."""
    axes.figure.legend(loc="upper right", ncols=4, borderaxespad=0.7, handlelength=1.2, columnspacing=1.3, fontsize=9.5)


def dates(axes: Axes) -> None:
    """Days as ``12 Nov``, a few of them whatever the span."""
    from matplotlib.dates import AutoDateLocator, DateFormatter  # noqa: PLC0415

    axes.xaxis.set_major_locator(AutoDateLocator(minticks=5, maxticks=9))
    axes.xaxis.set_major_formatter(DateFormatter("%-d %b"))


def hours(axes: Axes) -> None:
    """Times of a day or two as ``18:00``, midnights with their date."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415

    locator = AutoDateLocator(minticks=6, maxticks=12)
    formats = ["%Y", "%-d %b", "%-d %b", "%H:%M", "%H:%M", "%H:%M"]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=formats, zero_formats=formats, show_offset=False)
    )


def plain_numbers(axes: Axes) -> None:
    """Write 0.1, 1, 10 on a log axis, not powers of ten."""
    from matplotlib.ticker import FormatStrFormatter  # noqa: PLC0415

    axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))


def colour_scale(colours: tuple[str, ...]) -> Colormap:
    """A smooth scale through ``colours``."""
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415

    return LinearSegmentedColormap.from_list("scale", colours)


def scale_bar(axes: Axes, shown: ScalarMappable, text: str) -> None:
    """A slim bar that says what the colours of ``shown`` mean."""
    bar = axes.figure.colorbar(shown, ax=axes, label=text, shrink=0.7, aspect=28, pad=0.02)
    bar.outline.set_visible(False)
