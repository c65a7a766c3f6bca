"""A toy plant's weeks that a person can add up: 736 kWh a working day, 192 on Sunday."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from steel_energy.schema import repairs_schema
from steel_energy.sites import Site
from steel_energy.sources.raw import Origin
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.weekly import Context, Week, WeeklyReport, weekly_report

ZONE = "Asia/Seoul"
SITE = Site(toy_plant(), toy_tariff())
FILE = Origin(kind="file", location="/home/someone/meter export.csv")
NO_REPAIRS = pl.DataFrame(schema=repairs_schema(ZONE))
Make = Callable[..., WeeklyReport]


def make_report(
    readings: pl.DataFrame | None = None,
    *,
    week: str = "2018-W03",
    repairs: pl.DataFrame = NO_REPAIRS,
    site: Site = SITE,
    origin: Origin = FILE,
    context: Context | None = None,
) -> WeeklyReport:
    known = toy_readings(days=35) if readings is None else readings
    return weekly_report(known, repairs, Week.parse(week), site=site, origin=origin, context=context)


@pytest.fixture(scope="session")
def make() -> Make:
    return make_report
