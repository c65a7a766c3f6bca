"""The rules of cleaning in one place: what each is called, why it is right, and how far it can be trusted.

``confidence`` is the share of repairs of that kind that can be expected to restore the true cell (within 0.005).
They are applied in this order, by `witnesses` (time), `copies` (several rows of one interval), `slips` (right values,
written wrong), and `physics`, `gaps` and `loadtypes` (values that have to be worked out).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule: its name in the audit, the reason behind it, and its confidence (0-1)."""

    name: str
    why: str
    confidence: float


RULES = {
    rule.name: rule
    for rule in (
        # when a row was measured
        Rule(
            "date_format",
            "The label is written in another format than most labels of the file, and means this time.",
            1.0,
        ),
        Rule(
            "day_and_month", "With day and month swapped the label agrees with the weekday or the rows around it.", 0.98
        ),
        Rule("nsm", "The label has the day; its time is unreadable or wrong, and NSM has the time.", 0.98),
        Rule("neighbours", "The rows before and after it in the file leave this interval to it.", 0.99),
        Rule("weekday", "The label is a day off: weekday, NSM and the free interval all point to this one.", 0.95),
        Rule("equal_row", "It has no date and shows the same values as the row of this interval: a copy of it.", 0.95),
        Rule(
            "free_interval",
            "It has no date; of the free intervals at its weekday and time, this one's neighbours are most like it.",
            0.9,
        ),
        Rule("missing_interval", "The file has no row for this interval, so one was inserted.", 1.0),
        # one row for each interval
        Rule("duplicate", "The interval has another row with the same cells.", 1.0),
        Rule("near_duplicate", "The interval has another row that agrees better with the meter's physics.", 0.98),
        Rule("unplaceable", "Nothing in the row tells when it was measured.", 0.9),
        Rule("other_copy", "The cell is unreadable here and readable in a copy of the row.", 0.99),
        # right values, written wrong
        Rule(
            "notation",
            "The same value, written otherwise than in the rest of the file (decimal comma, unit, spelling).",
            1.0,
        ),
        Rule("wh_for_kwh", "A thousandth of it agrees with power factor and CO2: it was written in Wh.", 0.99),
        Rule(
            "sign",
            "Without the minus it agrees with the other cells; energy, CO2 and power factors are never negative.",
            0.99,
        ),
        Rule("ratio_for_percent", "A hundred times it agrees with the energies: it was written as a ratio.", 0.99),
        Rule("decimal_point", "With the decimal point moved it agrees with the other cells.", 0.98),
        Rule("swapped_cells", "Two cells of the row agree with all others once they change places.", 0.98),
        # values worked out from the row's other cells
        Rule("power_factor_of_energies", "The meter computes it from the shown energies.", 0.99),
        Rule("co2_of_usage", "The meter computes it from the shown usage.", 0.99),
        Rule(
            "usage_from_power_factors", "The energy on the pulse grid that gives the shown power factors and CO2.", 0.9
        ),
        Rule("reactive_from_power_factor", "The energy on the pulse grid that gives the shown power factor.", 0.97),
        # values that nothing in the row determines
        Rule("calendar", "The load type follows from the tariff's hours and from whether the plant ran that day.", 1.0),
        Rule(
            "between_neighbours",
            "Nothing in the row determines it; taken from the rows around it or similar days.",
            0.4,
        ),
        Rule("stuck_meter", "The meter repeated one reading too often to be true; taken from the rows around it.", 0.3),
    )
}
"""Every rule by its name in the ``rule`` column of the audit, in the order in which they are applied."""

COMPUTED = ("power_factor_of_energies", "co2_of_usage", "usage_from_power_factors", "reactive_from_power_factor")
"""Rules that work a cell out from the others of its row, as the meter would: of one that was not sent, no repair."""
