"""Answers on bills of the toy plant; every number by hand, see ``conftest``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Request
from steel_energy.billing import compare
from steel_energy.telling.formats import voice
from steel_energy.telling.looking.bill_notes import KNOWN_SINCE
from steel_energy.telling.records import Told
from steel_energy.telling.tell import calls_of
from steel_energy.testing import toy_plant, toy_readings, toy_tariff

Tell = Callable[[Request], Told]


def asked(first: str, last: str, *, language: str = "en", tariffs: tuple[str, ...] = (), **focus: Any) -> Request:
    """The bill of full days ``[first, last)``."""
    start, end = (f"{day}T00:00:00+09:00" for day in (first, last))
    if "compared" in focus:
        before, behind = focus["compared"]
        focus["compared"] = {"start": f"{before}T00:00:00+09:00", "end": f"{behind}T00:00:00+09:00"}
    slots = {"from": start, "to": end, "tariffs": tariffs}
    focus = {"period": {"start": start, "end": end}, "measure": "cost", **focus}
    return Request.model_validate({"intent": "bill", "language": language, "slots": slots, "focus": focus})


def test_a_day_bears_its_part_of_the_demand_charge(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17"))

    # 1,696 KRW of energy; 80 kW at 10 KRW for a day of 31: 25.8 KRW
    assert told.text.startswith(
        "On Tuesday 16 January 2018 the bill comes to 1,722 KRW: energy 1,696 KRW (736.0 kWh) and demand charge 26 KRW."
    )
    assert "The demand billed is 80.0 kW, the highest of the month. Tariff: Toy tariff." in told.text
    assert "Months that the period covers in part bear that part of their demand charge." in told.text


def test_other_tariffs_are_set_beside_the_own_one(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17", tariffs=("toy", "flat"), language="es"))

    # flat: 736 kWh at 1 KRW against 1,721.8 KRW
    assert "Tarifa: Toy tariff. Con «Flat» serían 736 KRW: 986 KRW (57,3 %) menos." in told.text
    assert told.chart is not None
    assert told.chart.title == "La factura con cada tarifa"


def test_a_band_is_its_lines(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17", band="maximum"))

    assert told.text.startswith(
        "On Tuesday 16 January 2018 the energy in the hours billed as peak (maximum load) cost 960 KRW for 320.0 kWh, "
        "of a bill of 1,722 KRW."
    )


def test_hours_of_several_days_are_the_energy_alone(toy_told: Tell) -> None:
    request = asked("2018-01-15", "2018-01-18", hours=[[480, 720]])

    told = toy_told(request)

    # three days of 160 kWh at 2 KRW
    assert [call.tool for call in calls_of(request)] == ["history"]
    assert "the energy charge was 960 KRW for 480.0 kWh, without demand charge." in told.text
    assert "A bill is made of whole days" in told.text


def test_bills_of_two_periods_are_compared(toy_told: Tell) -> None:
    told = toy_told(asked("2018-01-16", "2018-01-17", compared=("2018-01-21", "2018-01-22")))

    # a Sunday: 192 KRW of energy and the same 25.8 KRW
    assert "That is 690.5 % more than on Sunday 21 January 2018 (218 KRW)." in told.text
    assert told.chart is not None
    assert [round(value or 0, 1) for value in told.chart.series[0].values] == [1721.8, 217.8]


def test_the_bill_still_says_its_notes_as_they_are_understood_here() -> None:
    readings = toy_readings(days=31)
    ends = {"start": readings["interval_start"][0], "end": readings["interval_start"][-1]}
    tariff = toy_tariff()
    ratchet = tariff.demand.model_copy(update={"ratchet_months": frozenset({1, 2, 12})})

    (made,) = compare(readings, plant=toy_plant(), tariffs=[tariff.model_copy(update={"demand": ratchet})], **ends)

    assert [bool(KNOWN_SINCE.fullmatch(note)) for note in made.notes] == [True]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_chart_shows_the_parts_of_a_bill(toy_told: Tell, language: Language) -> None:
    chart = toy_told(asked("2018-01-16", "2018-01-17", language=language)).chart

    assert chart is not None
    assert chart.x[0].lower() == voice(language)("part_light").lower()
    assert [round(value) for value in chart.series[0].values if value] == [96, 640, 960, 26]
