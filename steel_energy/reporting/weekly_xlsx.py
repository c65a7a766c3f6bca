"""A weekly report as a workbook: every table as numbers, the readings behind them, and charts that Excel draws itself.

Sums are formulas with their results, so that who changes a cell sees them follow. The same report gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from steel_energy.reporting import weekly_tables as tables
from steel_energy.reporting import weekly_text as text
from steel_energy.reporting.weekly_attention import attention
from steel_energy.reporting.weekly_cells import Cell
from steel_energy.reporting.weekly_drift import columns_table, figures_table
from steel_energy.reporting.weekly_sheets import Book
from steel_energy.reporting.weekly_words import Words, words
from steel_energy.weekly.sections import Missing, WeeklyReport

CHART_WIDTH, CHART_HEIGHT = 900, 300  # pixels
BAND_CHART_WIDTH = 520


def weekly_xlsx(report: WeeklyReport, *, language: str) -> bytes:
    """The report as an XLSX workbook, in one of ``weekly_words.LANGUAGES``."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a part of the extra ``assets``

    told, file = words(language), io.BytesIO()
    with Workbook(file, {"in_memory": True, "remove_timezone": True}) as workbook:
        workbook.set_properties(
            {
                "title": text.document_title(report, told),
                "subject": text.headline(report, told),
                "author": "Steel energy copilot",
                "created": dt.datetime.combine(report.end.date(), dt.time()),
            }
        )
        _fill(Book(workbook, told), report)
    return file.getvalue()


def _fill(book: Book, report: WeeklyReport) -> None:
    _summary(book, report)
    _days(book, report)
    _cost(book, report)
    _peaks(book, report)
    _forecasts(book, report)
    _quality(book, report)
    _hours(book, report)
    _readings(book, report)


def _summary(book: Book, report: WeeklyReport) -> None:
    told, used = book.words, report.consumption
    sheet = book.sheet("summary", widths=(34, 24, 44))
    sheet.heading(text.document_title(report, told))
    sheet.line(text.headline(report, told), bold=True)
    sheet.line(text.lead(report, told))
    for notice in text.notices(report, told):
        sheet.line(notice, bold=True)
    sheet.gap()
    cost = report.cost
    rows: list[tuple[str, Cell, str]] = [
        (told("figure_week"), f"{report.week.name}: {told.span(report.week.monday, report.week.sunday)}", "@"),
        (f"{told('tile_energy')}, kWh", used.usage_kwh, "#,##0.00"),
        (f"{told('figure_before')}, kWh", used.before_kwh, "#,##0.00"),
        (f"{told('figure_usual')}, kWh", used.usual_kwh, "#,##0.00"),
        (f"{told('tile_cost')}, KRW", None if isinstance(cost, Missing) else cost.bill.total_krw, "#,##0"),
        (f"{told('figure_cost_before')}, KRW", None if isinstance(cost, Missing) else cost.before_krw, "#,##0"),
        (f"{told('tile_co2')}, t", used.co2_t, "#,##0.000"),
        (f"{told('tile_peak')}, kW", report.peaks[0].demand_kw, "#,##0.0"),
        (told("figure_known"), report.quality.known, "#,##0"),
        (told("figure_source"), text.source_line(report, told), "@"),
    ]
    sheet.pairs((told("column_measure"), told("column_value")), rows)
    sheet.gap()
    sheet.heading(told("attention"))
    for note in attention(report, told):
        sheet.line(note.replace("**", ""))


def _days(book: Book, report: WeeklyReport) -> None:
    told = book.words
    sheet = book.sheet("days", widths=(24, 14, 14, 14, 14, 16))
    days = tables.days_table(report, told)
    first, last = sheet.table(days, sums=(1, 5))
    sheet.line(told("usual_is", weeks=report.consumption.usual_weeks))
    names = [(1, told("column_usage")), (2, told("column_usual"))]
    series = [sheet.series(name, value=column, category=0, first=first, last=last - 1) for column, name in names]
    sheet.chart("column", series, title=told("section_consumption"), y="kWh", width=CHART_WIDTH, height=CHART_HEIGHT)


def _cost(book: Book, report: WeeklyReport) -> None:
    told = book.words
    if isinstance(report.cost, Missing):
        book.sheet("cost", widths=(80,)).line(text.missing(report.cost, told))
        return
    bill = tables.bill_table(report, report.cost, told)
    amount = next(place for place, column in enumerate(bill.columns) if column.heading == told("column_amount"))
    sheet = book.sheet("cost", widths=(34, *([18] * (amount - 4)), 14, 10, 14, 16, 70))
    first, last = sheet.table(bill, sums=(amount,), product=(amount - 3, amount - 1))
    for line in text.cost_text(report, told):
        sheet.line(line)
    series = [sheet.series(told("column_amount"), value=amount, category=0, first=first, last=last - 1)]
    sheet.chart("bar", series, title=told("picture_bands"), y="KRW", width=BAND_CHART_WIDTH, height=CHART_HEIGHT)
    if not isinstance(report.power_factors, Missing):
        sheet.gap()
        sheet.heading(told("section_power_factor"))
        sheet.table(tables.power_factor_table(report.power_factors, told))


def _peaks(book: Book, report: WeeklyReport) -> None:
    book.sheet("peaks", widths=(6, 20, 14, 14, 14, 100)).table(tables.peaks_table(report, book.words))


def _forecasts(book: Book, report: WeeklyReport) -> None:
    told = book.words
    sheet = book.sheet("forecasts", widths=(18, 26, 16, 12))
    if isinstance(report.forecasts, Missing):
        sheet.line(text.missing(report.forecasts, told))
    else:
        sheet.line(text.forecasts_text(report.forecasts, told))
    if days := tables.forecast_table(report, told):
        sheet.gap()
        sheet.table(days)
    sheet.gap()
    sheet.heading(told("section_plan"))
    for line in text.plan_text(report, told):
        sheet.line(line)


def _quality(book: Book, report: WeeklyReport) -> None:
    told = book.words
    sheet = book.sheet("quality", widths=(50, 16, 16, 18, 16, 14))
    sheet.line(text.quality_text(report, told))
    if repairs := tables.repairs_table(report, told):
        sheet.gap()
        sheet.table(repairs)
    sheet.gap()
    sheet.heading(told("section_drift"))
    if isinstance(report.drift, Missing):
        sheet.line(text.missing(report.drift, told))
    for found in (columns_table(report, told), figures_table(report, told)):
        if found:
            sheet.table(found)
            sheet.gap()


def _hours(book: Book, report: WeeklyReport) -> None:
    sheet = book.sheet("heat", widths=(10, *([13] * len(report.consumption.days))))
    sheet.line(f"{book.words('picture_heat')}: {book.words('picture_heat_note')}")
    first, last = sheet.table(tables.hours_table(report, book.words))
    sheet.shaded(first, last, columns=(1, len(report.consumption.days)))


def _readings(book: Book, report: WeeklyReport) -> None:
    told: Words = book.words
    sheet = book.sheet("readings", widths=(20, 12, 12, 12, 14, 16))
    first, last = sheet.table(tables.readings_table(report, told))
    names: list[tuple[int, str, dict[str, Any]]] = [
        (2, told("column_demand"), {"color": "#2b5f8a", "width": 1}),
        (3, told("column_usual_kw"), {"color": "#5b6875", "width": 0.75, "dash_type": "dash"}),
    ]
    series = [
        sheet.series(name, value=column, category=0, first=first, last=last) | {"line": line}
        for column, name, line in names
    ]
    sheet.chart("line", series, title=told("picture_load"), y="kW", width=CHART_WIDTH, height=CHART_HEIGHT, beside=7)
