"""What would change the bill: scenarios on a measured or forecast load, with energy, money, CO2 and peak.

``changes`` has the records of a scenario, ``asking`` the question and ``result`` its answer.
"""

from steel_energy.whatif.asking import forecast_load, what_if
from steel_energy.whatif.changes import (
    Change,
    ChangeLoadType,
    CloseDay,
    CorrectPowerFactor,
    Hours,
    MoveLoad,
    OtherTariff,
    ScaleProduction,
    Scenario,
)
from steel_energy.whatif.result import Amounts, WhatIf

__all__ = [
    "Amounts",
    "Change",
    "ChangeLoadType",
    "CloseDay",
    "CorrectPowerFactor",
    "Hours",
    "MoveLoad",
    "OtherTariff",
    "ScaleProduction",
    "Scenario",
    "WhatIf",
    "forecast_load",
    "what_if",
]
