"""The weekly report as files: what the pages and sheets say is what the record holds, in both languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pypdf
import pytest

from steel_energy.reporting.weekly_attention import attention
from steel_energy.reporting.weekly_pdf import weekly_pdf
from steel_energy.reporting.weekly_words import LANGUAGES, Words, words
from steel_energy.reporting.weekly_xlsx import weekly_xlsx
from steel_energy.savings.verified import Saving, Verification
from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_energy.sources.raw import Origin
from steel_energy.tariff import PowerFactorClause
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.weekly import Backtests, Context, PlanAhead, Week, WeeklyReport, weekly_report

SEOUL = ZoneInfo("Asia/Seoul")
CLAUSE = PowerFactorClause(reactive="lagging", from_hour=9, to_hour=23, limit_percent=90, share_per_point=0.01)
SITE = Site(toy_plant(), toy_tariff().model_copy(update={"power_factor": (CLAUSE,)}))
FILE = Origin(kind="file", location="/home/someone/meter export.csv")
PEAK = dt.datetime(2018, 1, 17, 13, tzinfo=SEOUL)
REPAIR = ("toy", PEAK, "co2_t", None, "0.01", "co2_of_usage", 0.99)


def peaked(readings: pl.DataFrame) -> pl.DataFrame:
    return readings.with_columns(usage_kwh=pl.when(pl.col("interval_start") == PEAK).then(101.5).otherwise("usage_kwh"))


def made(week: str = "2018-W03", *, readings: pl.DataFrame | None = None, origin: Origin = FILE) -> WeeklyReport:
    known = peaked(toy_readings(days=35)) if readings is None else readings
    start = Week.parse(week).bounds("Asia/Seoul")[0]
    told = known.filter(pl.col("interval_start") >= start).head(96).select(
        "interval_start", "usage_kwh", origin=pl.lit(start), lead=pl.int_range(1, pl.len() + 1),
        mean_kwh=pl.col("usage_kwh") + 1, q10=pl.col("usage_kwh") - 1, q90=pl.col("usage_kwh") + 2,
    )  # fmt: skip
    naive = told.with_columns(mean_kwh=pl.col("usage_kwh") + 4)
    repairs = pl.DataFrame([REPAIR], schema=repairs_schema("Asia/Seoul"), orient="row")
    context = Context(backtests=Backtests("lightgbm", told, naive))
    return weekly_report(known, repairs, Week.parse(week), site=SITE, origin=origin, context=context)


def pages(report: WeeklyReport, language: str) -> list[str]:
    """The text of each page, white space as single spaces."""
    found = pypdf.PdfReader(io.BytesIO(weekly_pdf(report, language=language))).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in found]


def sheets(report: WeeklyReport, language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(weekly_xlsx(report, language=language)), data_only=True)


@pytest.fixture(scope="module")
def report() -> WeeklyReport:
    return made()


@pytest.fixture(scope="module")
def printed(report: WeeklyReport) -> dict[str, list[str]]:
    return {language: pages(report, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_say_what_the_record_holds(
    report: WeeklyReport, printed: dict[str, list[str]], language: str
) -> None:
    told, text = words(language), " ".join(printed[language])
    cost = report.cost
    expected = [
        told.number(report.consumption.usage_kwh),
        *(told.number(day.usage_kwh) for day in report.consumption.days),
        told.number(cost.bill.total_krw),  # type: ignore[union-attr]
        *(told.number(line.amount_krw) for line in cost.bill.lines),  # type: ignore[union-attr]
        *(told.moment(peak.start) for peak in report.peaks),
        *(told.number(peak.demand_kw, 1) for peak in report.peaks),
        *(told.number(clause.month_percent, 2) for clause in report.power_factors),  # type: ignore[union-attr]
        told.number(report.forecasts.rmse_kwh, 1),  # type: ignore[union-attr]
        told(f"repair_{REPAIR[5]}"),
        told("missing_no_plan"),
        told("missing_not_executed"),
        told("missing_no_champion"),
        "meter export.csv",
    ]

    assert [one for one in expected if one not in text] == []
    assert "/home/someone" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_numbered_and_names_plant_week_and_source(printed: dict[str, list[str]], language: str) -> None:
    told, found = words(language), printed[language]

    assert 2 <= len(found) <= 4
    for number, text in enumerate(found, start=1):
        assert told("page", page=number, pages=len(found)) in text
        assert "Toy plant · 2018-W03" in text
        assert told("source_file", location="meter export.csv") in text


@pytest.mark.parametrize("make", [weekly_pdf, weekly_xlsx])
def test_the_same_report_gives_the_same_bytes(report: WeeklyReport, make: object) -> None:
    assert make(report, language="es") == make(made(), language="es")  # type: ignore[operator]


def test_the_document_names_itself_and_its_language(report: WeeklyReport) -> None:
    document = pypdf.PdfReader(io.BytesIO(weekly_pdf(report, language="es")))

    assert document.metadata is not None
    assert document.metadata.title == "Informe semanal de energía Toy plant, 2018-W03"
    assert document.trailer["/Root"]["/Lang"] == "es-ES"


def test_every_type_of_the_pages_is_embedded(report: WeeklyReport) -> None:
    document = pypdf.PdfReader(io.BytesIO(weekly_pdf(report, language="en")))
    fonts = {str(font) for page in document.pages for font in page["/Resources"]["/Font"]}  # type: ignore[index]
    embedded = {
        name
        for page in document.pages
        for name, font in page["/Resources"]["/Font"].items()  # type: ignore[index]
        if "/FontDescriptor" in font.get_object() and "/FontFile2" in font.get_object()["/FontDescriptor"]
    }

    assert {name for name in fonts if name != "/F1"} == embedded  # F1 is named by ReportLab and never used


def test_a_simulated_plant_is_told_on_the_first_page_and_on_each_foot() -> None:
    simulated = made(origin=Origin(kind="simulated", location="seed 1"))

    told, found = words("es"), pages(simulated, "es")

    assert told("simulated_notice") in found[0]
    assert all(told("source_simulated", location="seed 1") in text for text in found)
    assert told("simulated_notice") in [cell.value for (cell, *_) in sheets(simulated, "es").worksheets[0].rows]


def test_a_week_with_a_gap_says_so_and_that_it_is_not_billed() -> None:
    gap = pl.col("interval_start").is_between(PEAK, PEAK + dt.timedelta(hours=1), closed="left")
    report = made(readings=toy_readings(days=35).filter(~gap))

    told, text = words("en"), " ".join(pages(report, "en"))

    assert told("missing_gaps") in text
    assert told("attention_gaps", missing=4).split("**")[1] in text
    assert told("missing_gaps") in [cell.value for (cell, *_) in sheets(report, "en")[told("sheet_cost")].rows]


def test_the_first_week_and_a_single_day_of_a_week_have_their_pages() -> None:
    first, begun = made("2018-W01"), made(readings=toy_readings(days=15))

    assert words("en")("lead_no_usual") in pages(first, "en")[0]
    assert "96 of 672 quarter hours" in pages(begun, "en")[0]
    assert sheets(first, "es").sheetnames == sheets(begun, "es").sheetnames


def test_a_name_that_looks_like_markup_is_shown_as_it_is() -> None:
    plant = toy_plant().model_copy(update={"name": "Acero <b>& Cía</b> ñandú"})
    report = dataclasses.replace(made(), plant=plant)

    assert "Acero <b>& Cía</b> ñandú" in pages(report, "es")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_adds_up_to_the_bill(report: WeeklyReport, language: str) -> None:
    told, book = words(language), sheets(report, language)
    heading, *lines, total = list(book[told("sheet_cost")].iter_rows(max_row=7, values_only=True))
    amount = heading.index(told("column_amount"))

    assert total[0] == told("total")
    assert sum(line[amount] for line in lines) == pytest.approx(total[amount]) == report.cost.bill.total_krw  # type: ignore[union-attr]
    assert [line[amount] for line in lines] == [line.amount_krw for line in report.cost.bill.lines]  # type: ignore[union-attr]


def test_sums_of_the_workbook_are_formulas(report: WeeklyReport) -> None:
    book = openpyxl.load_workbook(io.BytesIO(weekly_xlsx(report, language="en")))

    assert book["Cost"]["E2"].value == "=B2*D2"
    assert book["Cost"]["E7"].value == "=SUM(E2:E6)"
    assert book["Days"]["B9"].value == "=SUM(B2:B8)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_every_reading_and_its_charts(report: WeeklyReport, language: str) -> None:
    told, book = words(language), openpyxl.load_workbook(io.BytesIO(weekly_xlsx(report, language=language)))
    readings = list(book[told("sheet_readings")].iter_rows(min_row=2, values_only=True))

    assert len(readings) == 672
    assert readings[0][0] == dt.datetime(2018, 1, 15)  # noqa: DTZ001 - a workbook knows no zones
    assert sum(float(str(row[1])) for row in readings) == pytest.approx(report.consumption.usage_kwh)
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert {name for name, count in charts.items() if count} == {
        told(f"sheet_{key}") for key in ("days", "cost", "readings")
    }


def test_the_plan_of_the_days_after_the_week_is_told_and_one_that_saves_nothing_as_such(report: WeeklyReport) -> None:
    start, end = report.end, report.end + dt.timedelta(days=2)
    plan = PlanAhead(start, end, 10_000, 9_000, 80, 70)

    told, none = (
        " ".join(pages(dataclasses.replace(report, plan=one), "en"))
        for one in (plan, dataclasses.replace(plan, planned_krw=10_000))
    )

    assert "from 22 January 2018 to 23 January 2018 a plan is ready" in told
    assert "from 10,000 KRW to 9,000 KRW, 1,000 KRW less. The highest demand would be 70 kW instead of 80 kW." in told
    assert "no plan would be cheaper than leaving everything as it is (10,000 KRW)" in none


@pytest.mark.parametrize(
    ("saving", "uncertainty", "sentence"),
    [
        (1_000, 300, "1,000 KRW (between 700 KRW and 1,300 KRW), which is shown"),
        (100, 300, "the range holds zero, so nothing is shown"),
        (-1_000, 300, "1,000 KRW more were spent than the counterfactual says (between 700 KRW and 1,300 KRW)"),
    ],
)
def test_verified_savings_are_told_with_their_range(
    report: WeeklyReport, saving: float, uncertainty: float, sentence: str
) -> None:
    first, last = report.week.monday, report.week.sunday
    cost = Saving("KRW", 5_000 + saving, 5_000, uncertainty, "formula", 7)
    found = Verification("toy", (first, first), (first, last), (), 0.9, cost, cost, (), 0)

    assert sentence in " ".join(pages(dataclasses.replace(report, savings=found), "en"))


def test_what_deserves_attention_names_the_peak_that_costs_and_the_power_factor_below_its_limit(
    report: WeeklyReport,
) -> None:
    """406 kW instead of 80 kW at 10 KRW each; 89.44 % at one percent of 4,060 KRW a point."""
    told: Words = words("en")

    notes = attention(report, told)

    assert notes[0].startswith("**The demand peak of Wed 17 Jan, 13:00 costs 3,260 KRW this month.**")
    assert "80 kW instead of 406 kW" in notes[0]
    assert notes[1].startswith("**The lagging power factor is below its limit:**")


def test_a_quiet_week_deserves_none() -> None:
    quiet = weekly_report(
        toy_readings(days=35),
        pl.DataFrame(schema=repairs_schema("Asia/Seoul")),
        Week.parse("2018-W03"),
        site=Site(toy_plant(), toy_tariff()),
        origin=FILE,
    )

    assert attention(quiet, words("en")) == [words("en")("attention_nothing")]
