"""How tables become sheets of a workbook: number formats, sums, charts. What they hold lives elsewhere."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from steel_energy.reporting.model_style import ACCENT, INK, INK_SOFT, LINE
from steel_energy.reporting.weekly_cells import Cell, Column, Table
from steel_energy.reporting.weekly_words import Words
from steel_energy.schema import INTERVALS_PER_DAY

HEAT = ("#f3f6f9", "#74a9cf", "#12324d")
LINE_HEIGHT = 14  # points
FONT = {"size": 9, "color": INK_SOFT}
MOMENT, DATE = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"


class Book:
    """A workbook in one language; Excel shows its numbers with the reader's own marks.

    Attributes:
        workbook: XlsxWriter's.
        words: of the language.
    """

    def __init__(self, workbook: Any, words: Words) -> None:  # noqa: ANN401 - XlsxWriter is untyped
        self.workbook, self.words = workbook, words
        self._formats: dict[frozenset[tuple[str, object]], Any] = {}

    def sheet(self, key: str, *, widths: Sequence[float]) -> Sheet:
        """A new sheet, named in the book's language, with its columns' widths in characters."""
        sheet = self.workbook.add_worksheet(self.words(f"sheet_{key}"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        return Sheet(self, sheet, widths)

    def format(self, **settings: object) -> Any:  # noqa: ANN401
        """A cell's format in the book's type; each is made once."""
        key = frozenset(settings.items())
        if key not in self._formats:
            own = {"font_name": "Calibri", "font_size": 10, "font_color": INK, **settings}
            self._formats[key] = self.workbook.add_format(own)
        return self._formats[key]


class Sheet:
    """A sheet that is filled from the top.

    Attributes:
        widths: of its columns, in characters.
        row: the next free one.
    """

    def __init__(self, book: Book, sheet: Any, widths: Sequence[float]) -> None:  # noqa: ANN401
        self.book, self.sheet, self.widths, self.row = book, sheet, widths, 0

    def heading(self, heading: str) -> None:
        """A title."""
        self.sheet.write_string(self.row, 0, heading, self.book.format(bold=True, font_size=14, font_color=ACCENT))
        self.row += 1

    def line(self, line: str, *, bold: bool = False) -> None:
        """A sentence over the whole width, in as many lines as it needs."""
        style = self.book.format(bold=bold, text_wrap=True, valign="top")
        lines = math.ceil(len(line) / sum(self.widths))
        if len(self.widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", style)
        self.sheet.write_string(self.row, 0, line, style)  # never a formula, whatever it begins with
        self.sheet.set_row(self.row, LINE_HEIGHT * max(lines, 1))
        self.row += 1

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def pairs(self, headings: tuple[str, str], rows: Sequence[tuple[str, Cell, str]]) -> None:
        """Names beside values, each with the format of its number."""
        self._headings(headings)
        for name, value, number_format in rows:
            self.sheet.write_string(self.row, 0, name, self.book.format())
            self._write(1, value, self.book.format(num_format=number_format, align="left"))
            self.row += 1

    def table(
        self, table: Table, *, sums: Sequence[int] = (), product: tuple[int, int] | None = None
    ) -> tuple[int, int]:
        """Write a table; its first and last row are returned, counted from 0.

        Args:
            table: the last row, where it is a sum, gets formulas.
            sums: columns that the sum adds up.
            product: two columns whose product the first of ``sums`` is, in the rows above.
        """
        self._headings([column.heading for column in table.columns])
        first = self.row
        for cells in table.rows:
            is_total = table.has_total and self.row - first == len(table.rows) - 1
            for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                style = self._style(column, is_total=is_total)
                if is_total and place in sums:
                    letter = _letter(place)
                    self.sheet.write_formula(
                        self.row, place, f"=SUM({letter}{first + 1}:{letter}{self.row})", style, cell
                    )
                elif product and not is_total and place in sums:
                    factors = "*".join(f"{_letter(factor)}{self.row + 1}" for factor in product)
                    self.sheet.write_formula(self.row, place, f"={factors}", style, cell)
                else:
                    self._write(place, cell, style)
            self.row += 1
        return first, self.row - 1

    def series(self, name: str, *, value: int, category: int, first: int, last: int) -> dict[str, Any]:
        """A chart's series out of two columns of this sheet."""
        own = self.sheet.get_name()
        return {
            "name": name,
            "categories": [own, first, category, last, category],
            "values": [own, first, value, last, value],
        }

    def chart(
        self,
        kind: str,
        series: Sequence[dict[str, Any]],
        *,
        title: str,
        y: str,
        width: int,
        height: int,
        beside: int = 0,
    ) -> None:
        """A chart of ``series`` below what is there, or beside it from the column ``beside`` on."""
        chart = self.book.workbook.add_chart({"type": kind})
        colours = (ACCENT, "#a9b4bf")
        for one, colour in zip(series, colours, strict=False):
            chart.add_series({"fill": {"color": colour}, "gap": 60, **one} if kind != "line" else one)
        chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}, "overlay": False})
        is_lying = kind == "bar"
        values = {"name": y, "name_font": FONT, "major_gridlines": {"visible": True, "line": {"color": LINE}}}
        names = {"reverse": is_lying, "major_gridlines": {"visible": False}}
        if kind == "line":  # a label at each midnight
            names |= {"interval_unit": INTERVALS_PER_DAY, "interval_tick": INTERVALS_PER_DAY, "num_format": "dd/mm"}
        chart.set_x_axis({"num_font": FONT, **(values if is_lying else names)})
        chart.set_y_axis({"num_font": FONT, **(names if is_lying else values)})
        chart.set_legend({"position": "top"} if len(series) > 1 else {"none": True})
        chart.set_size({"width": width, "height": height})
        self.sheet.insert_chart(1 if beside else self.row + 1, beside, chart)
        if not beside:
            self.row += height // 20 + 2

    def shaded(self, first: int, last: int, *, columns: tuple[int, int]) -> None:
        """Shade numbers from little to much."""
        scale = dict(zip(("min_color", "mid_color", "max_color"), HEAT, strict=True))
        self.sheet.conditional_format(first, columns[0], last, columns[1], {"type": "3_color_scale", **scale})

    def _headings(self, headings: Sequence[str]) -> None:
        style = self.book.format(bold=True, font_color=INK_SOFT, bottom=1, bottom_color=LINE, text_wrap=True)
        for place, heading in enumerate(headings):
            self.sheet.write_string(self.row, place, heading, style)
        self.row += 1

    def _style(self, column: Column, *, is_total: bool) -> Any:  # noqa: ANN401
        decimals = "." + "0" * column.digits if column.digits else ""
        formats = {"number": f"#,##0{decimals}", "share": f"0{decimals}%", "change": f"+0{decimals}%;-0{decimals}%;0%",
                   "moment": MOMENT, "date": DATE, "text": "@"}  # fmt: skip
        settings = {"num_format": formats[column.kind], "align": "left" if column.is_text else "right"}
        return self.book.format(**settings, **({"bold": True, "top": 1} if is_total else {}))

    def _write(self, place: int, cell: Cell, style: Any) -> None:  # noqa: ANN401
        if cell is None:
            self.sheet.write_blank(self.row, place, None, style)
        elif isinstance(cell, str):
            self.sheet.write_string(self.row, place, cell, style)
        elif isinstance(cell, dt.date):
            self.sheet.write_datetime(self.row, place, cell, style)
        else:
            self.sheet.write_number(self.row, place, cell, style)


def _letter(place: int) -> str:
    """The letter of a column, the first being 0; a table has fewer than 26."""
    return chr(ord("A") + place)
