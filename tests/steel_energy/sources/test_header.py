from __future__ import annotations

import pytest

from steel_energy.schema import READINGS
from steel_energy.sources.header import match_header
from steel_energy.sources.raw import PUBLISHED_HEADER

SPELLINGS = {
    "label": ["Date", "datetime", "Timestamp", "date_time"],
    "usage_kwh": ["USAGE_KWH", "Usage (kWh)", "usage [kWh]", "Energy consumption"],
    "lagging_reactive_kvarh": [
        "Lagging_Current_Reactive_Power_kVarh",
        "Lagging Current Reactive.Power (kVArh)",
        "lagging_kvarh",
    ],
    "leading_reactive_kvarh": ["Leading_Current_Reactive.Power_kVarh", "leading reactive energy"],
    "co2_t": ["CO2.tCO2.", "co2", "CO2 (t)", "CO2_emissions"],
    "lagging_power_factor": ["Lagging_Current_Power.Factor", "lagging PF (%)"],
    "leading_power_factor": ["leading current power factor", "lead_pf"],
    "nsm_s": ["nsm", "NSM (s)", "Number of seconds from midnight"],
    "week_status": ["Week_Status", "week status"],
    "weekday": ["Day_of_Week", "day of the week", "DayOfWeek"],
    "load_type": ["Load Type", "LoadType"],
}


@pytest.mark.parametrize(
    ("column", "spelling"), [(column, spelling) for column, spellings in SPELLINGS.items() for spelling in spellings]
)
def test_a_spelling_is_known(column, spelling):
    assert match_header(["junk", spelling]) == {column: 1}


@pytest.mark.parametrize(
    "name", ["", "predicted_usage_kwh", "usage_mean", "week", "Lagging", "reactive power", "load_kw", "CO2 price"]
)
def test_another_name_is_not_mistaken_for_a_column(name):
    assert match_header([name]) == {}


def test_the_published_header_and_our_own_are_known_whole():
    assert list(match_header(list(PUBLISHED_HEADER.values()))) == list(PUBLISHED_HEADER)
    assert len(match_header([column.name for column in READINGS])) == len(READINGS)


def test_the_published_spelling_wins_over_another_of_the_same_column():
    assert match_header(["time", "date", "timestamp"]) == {"label": 1}
    assert match_header(["time", "timestamp"]) == {"label": 0}
