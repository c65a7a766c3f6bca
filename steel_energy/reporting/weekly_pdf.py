"""A weekly report as a PDF of A4 pages. What it says lives in ``weekly_text`` and ``weekly_tables``.

The same report gives the same bytes: no time of making stands in the file.
"""

from __future__ import annotations

import io
from typing import Any

from steel_energy.reporting import weekly_pictures as pictures
from steel_energy.reporting import weekly_tables as tables
from steel_energy.reporting import weekly_text as text
from steel_energy.reporting.model_style import ACCENT, INK, INK_SOFT
from steel_energy.reporting.weekly_attention import attention
from steel_energy.reporting.weekly_drift import columns_table, figures_table
from steel_energy.reporting.weekly_page import numbered_canvas, page_template
from steel_energy.reporting.weekly_style import (
    BODY,
    CARD,
    CONTENT_WIDTH,
    NOTICE,
    SMALL,
    figure,
    paragraph,
    register_fonts,
    table,
)
from steel_energy.reporting.weekly_words import Words, words
from steel_energy.weekly.sections import Missing, WeeklyReport
from steel_energy.weekly.usual import USUAL_WEEKS

Flowable = Any  # ReportLab is untyped
GAP = 8.0
COLUMN_GAP = 16.0
MOST_CAUSES = 2  # parts of a peak that are named on the page; the workbook names all
TILE_WIDTHS = (1.0, 1.25, 0.95, 0.95, 1.05)
HALF = (CONTENT_WIDTH - COLUMN_GAP) / 2


def weekly_pdf(report: WeeklyReport, *, language: str) -> bytes:
    """The report as a PDF, in one of ``weekly_words.LANGUAGES``."""
    from reportlab.platypus import BaseDocTemplate  # noqa: PLC0415 - a part of the extra ``assets``

    register_fonts()
    told, file = words(language), io.BytesIO()
    document = BaseDocTemplate(
        file,
        invariant=1,
        lang=told.locale,
        title=text.document_title(report, told),
        author="Steel energy copilot",
        subject=text.headline(report, told),
        pageTemplates=[page_template(report, told)],
    )
    document.build(_story(report, told), canvasmaker=numbered_canvas(told))
    return file.getvalue()


def _story(report: WeeklyReport, told: Words) -> list[Flowable]:
    return [
        *_opening(report, told),
        *_consumption(report, told),
        *_cost(report, told),
        *_power_factor(report, told),
        *_peaks(report, told),
        *_forecasts(report, told),
        *_plan(report, told),
        *_drift(report, told),
        *_quality(report, told),
    ]


def _opening(report: WeeklyReport, told: Words) -> list[Flowable]:
    title = told("title", plant=report.plant.name, week=report.week.number, year=report.week.name[:4])
    return [
        paragraph(title, 11, colour=ACCENT, bold=True),
        paragraph(told.span(report.week.monday, report.week.sunday), BODY, colour=INK_SOFT, spaceAfter=5),
        paragraph(text.headline(report, told), 16.5, bold=True, leading=1.25, spaceAfter=5),
        paragraph(text.lead(report, told), 9.4, spaceAfter=8),
        *(_notice(one) for one in text.notices(report, told)),
        _tiles(report, told),
        _space(GAP),
        *_picture(told("picture_load"), told("picture_load_note"), pictures.load_curve(report, told)),
        _space(GAP * 0.6),
        _heading(told("attention")),
        *(_bullet(note) for note in attention(report, told)),
        _space(GAP * 0.6),
        _two_pictures(report, told),
    ]


def _two_pictures(report: WeeklyReport, told: Words) -> Flowable:
    kind, days = pictures.profile_kind(report)
    counted = told("days_one") if days == 1 else told("days_many", count=days)
    has_usual = report.consumption.usual_kwh is not None
    is_billed = not isinstance(report.cost, Missing)
    left = _picture(
        told("picture_profile" if has_usual else "picture_profile_alone", kind=told(f"kind_{kind}")),
        told("picture_profile_note", days=counted, weeks=USUAL_WEEKS),
        pictures.day_profile(report, told, width=HALF),
    )
    right = _picture(
        told("picture_bands" if is_billed else "picture_bands_energy"),
        told("picture_bands_note" if is_billed else "picture_bands_energy_note"),
        pictures.bill_bars(report, told, width=HALF),
    )
    return _beside(left, right)


def _consumption(report: WeeklyReport, told: Words) -> list[Flowable]:
    return [
        *_section(told("section_consumption"), table(tables.days_table(report, told), told)),
        _small(told("usual_is", weeks=USUAL_WEEKS)),
    ]


def _cost(report: WeeklyReport, told: Words) -> list[Flowable]:
    heading = told("section_cost")
    if isinstance(report.cost, Missing):
        return _section(heading, paragraph(text.missing(report.cost, told)))
    bill = table(tables.bill_table(report, report.cost, told), told)
    return [*_section(heading, bill), *(_small(line) for line in text.cost_text(report, told))]


def _peaks(report: WeeklyReport, told: Words) -> list[Flowable]:
    heat = _picture(told("picture_heat"), told("picture_heat_note"), pictures.heat_map(report, told))
    shown = table(tables.peaks_table(report, told, most_causes=MOST_CAUSES), told)
    note = [_small(told("peaks_usual"))] if any(peak.causes for peak in report.peaks) else []
    return [*_section(told("section_peaks"), shown), *note, _space(GAP), *_whole(heat)]


def _power_factor(report: WeeklyReport, told: Words) -> list[Flowable]:
    heading = told("section_power_factor")
    if isinstance(report.power_factors, Missing):
        return _section(heading, paragraph(text.missing(report.power_factors, told)))
    shown = table(tables.power_factor_table(report.power_factors, told), told)
    return [*_section(heading, shown), _small(text.power_factor_text(report.power_factors, told))]


def _forecasts(report: WeeklyReport, told: Words) -> list[Flowable]:
    heading, found = told("section_forecasts"), report.forecasts
    if isinstance(found, Missing):
        return _section(heading, paragraph(text.missing(found, told)))
    shown = _section(heading, paragraph(text.forecasts_text(found, told)))
    if days := tables.forecast_table(report, told):
        drawing = pictures.forecast_curve(report, found, told, width=HALF)
        picture = _picture(told("picture_forecast"), told("picture_forecast_note"), drawing)
        shown += [_space(6), _beside([table(days, told, width=HALF)], picture)]
    return shown


def _plan(report: WeeklyReport, told: Words) -> list[Flowable]:
    first, *further = text.plan_text(report, told)
    return [*_section(told("section_plan"), paragraph(first)), *(paragraph(line, spaceBefore=2) for line in further)]


def _drift(report: WeeklyReport, told: Words) -> list[Flowable]:
    heading = told("section_drift")
    if isinstance(report.drift, Missing):
        return _section(heading, paragraph(text.missing(report.drift, told)))
    found = (make(report, told, moved_only=True) for make in (columns_table, figures_table))
    moved = [part for one in found if one for part in (_space(3), table(one, told))]
    if not moved:
        return _section(heading, paragraph(told("drift_none")))
    return [*_section(heading, paragraph(told("drift_moved"))), *moved]


def _quality(report: WeeklyReport, told: Words) -> list[Flowable]:
    repairs = tables.repairs_table(report, told)
    shown = [_space(3), table(repairs, told, width=HALF)] if repairs else []
    return [*_section(told("section_quality"), paragraph(text.quality_text(report, told))), *shown]


def _heading(heading: str) -> Flowable:
    return paragraph(heading, 10.6, bold=True, colour=INK, spaceBefore=GAP, spaceAfter=3)


def _section(heading: str, first: Flowable) -> list[Flowable]:
    """A heading that never stands alone at the foot of a page."""
    return _whole([_heading(heading), first])


def _whole(parts: list[Flowable]) -> list[Flowable]:
    """Parts that stay on one page."""
    from reportlab.platypus import KeepTogether  # noqa: PLC0415

    return [KeepTogether(parts)]


def _small(line: str) -> Flowable:
    return paragraph(line, SMALL, colour=INK_SOFT, spaceBefore=3)


def _space(height: float) -> Flowable:
    from reportlab.platypus import Spacer  # noqa: PLC0415

    return Spacer(1, height)


def _bullet(note: str) -> Flowable:
    return paragraph(note, BODY, leftIndent=9, bulletIndent=0, spaceAfter=3, bullet="•")


def _picture(title: str, note: str, drawing: Flowable) -> list[Flowable]:
    return [
        paragraph(title, BODY + 0.4, bold=True),
        paragraph(note, SMALL - 0.4, colour=INK_SOFT, spaceAfter=2),
        drawing,
    ]


def _beside(left: list[Flowable], right: list[Flowable]) -> Flowable:
    """Two columns."""
    from reportlab.platypus import Table  # noqa: PLC0415

    plain = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    gap = ("RIGHTPADDING", (0, 0), (0, 0), COLUMN_GAP)
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *plain, gap]
    return Table([[left, right]], colWidths=[HALF + COLUMN_GAP, HALF], style=style)


def _notice(notice: str) -> Flowable:
    from reportlab.lib.colors import HexColor  # noqa: PLC0415
    from reportlab.platypus import Table  # noqa: PLC0415

    style = [("BACKGROUND", (0, 0), (-1, -1), HexColor(NOTICE)), ("LEFTPADDING", (0, 0), (-1, -1), 8)]
    return Table([[paragraph(notice, SMALL)]], colWidths=[CONTENT_WIDTH], style=style, spaceAfter=7)


def _tiles(report: WeeklyReport, told: Words) -> Flowable:
    """The figures of the week side by side on a pale ground."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415
    from reportlab.platypus import Table  # noqa: PLC0415

    cells = [
        [
            paragraph(tile.name, 7.2, colour=INK_SOFT),
            figure(tile.number, tile.unit),
            paragraph(tile.remark, 6.8, colour=INK_SOFT),
        ]
        for tile in text.tiles(report, told)
    ]
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), HexColor(CARD)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ("LINEABOVE", (0, 0), (-1, 0), 1.6, HexColor(ACCENT)),
    ]
    widths = [CONTENT_WIDTH * share / sum(TILE_WIDTHS) for share in TILE_WIDTHS]
    return Table([cells], colWidths=widths, style=style)
