"""What to do about each figure that moved, in words."""

from __future__ import annotations

from steel_energy.drift.records import Verdict
from steel_energy.schema import LOAD_TYPE

NOTHING = "nothing to do"
COLUMN: dict[Verdict, str] = {
    "none": NOTHING,
    "moderate": "watch it: compare the forecasts of these days with what was measured",
    "severe": "find out what changed in plant or meter; if it is to last, train again: make build",
}
LOAD_TYPES: dict[Verdict, str] = {
    **COLUMN,
    "severe": "compare these days with the closed days in the plant's file; if they are right, train again: make build",
}
OTHER_HOURS = "ask for the shift plan; if it is to last, train again: make build"
FIGURES = {
    "level": (
        "everything is measured or driven at another scale: ask whether the meter's transformer ratio or the plant "
        "itself changed; if it is to last, train again: make build"
    ),
    "working_hours": f"the plant works at other hours than before: {OTHER_HOURS}",
    "work_moved": f"much of the work is done at other hours than before: {OTHER_HOURS}",
    "beyond": (
        "the plant draws more than it practically ever did: ask for new machines, and whether the meter's "
        "transformer ratio changed; if it is to last, train again: make build"
    ),
    "contradicted": (
        "the meter's cells contradict each other: have the meter and its transmission checked, and do not train on "
        "these days before they are cleaned"
    ),
    "mistyped": (
        "load types differ from the tariff's hours: compare tariff and closed days in the plant's file with the bill"
    ),
    "peaked": (
        "single quarter hours are far higher than those beside them, and their cells agree: compare them with the "
        "meter's own display and with what was switched on then; pulses may be counted twice"
    ),
    "repaired": (
        "cleaning had to change cells of many intervals: have the meter and its transmission checked; the quality "
        "report lists the repairs"
    ),
    "unchanged": "the meter repeats itself: it hangs, or the plant stands still; have it read on the spot",
}


def of_column(column: str, verdict: Verdict) -> str:
    """What to do about a column of the data contract."""
    return (LOAD_TYPES if column == LOAD_TYPE.name else COLUMN)[verdict]


def of_figure(figure: str, verdict: Verdict) -> str:
    """What to do about a figure."""
    return NOTHING if verdict == "none" else FIGURES[figure]
