"""What the planner would ask a user back, as an error that tells the model which argument to mend."""

from __future__ import annotations

from steel_energy.asking.lexicon import lexicon
from steel_energy.asking.outcomes import Doubt
from steel_energy.errors import InputError

ARGUMENT_OF_SLOT = {
    "period": "when",
    "capacitor_kvar": "capacitor_kvar",
    "factor": "production_change_percent",
    "share": "share_percent",
    "tariff": "other_tariff",
    "day": "when",
    "jobs": "power_kw",
    "duration_minutes": "duration_hours",
    "max_kw": "power_kw",
}
"""What the planner misses, by the name that the model knows."""


class DoubtfulCallError(InputError):
    """The planner would have to ask back what a tool's arguments mean."""

    code = "unclear_call"


def refused(doubt: Doubt) -> DoubtfulCallError:
    """A doubt in the model's terms."""
    argument = ARGUMENT_OF_SLOT.get(doubt.missing, doubt.missing)
    question = lexicon("en").text(doubt.text, **doubt.values)
    remedy = f"use one of: {', '.join(doubt.options)}" if doubt.options else "give it, or ask the user for it"
    return DoubtfulCallError(question, field=argument, remedy=remedy)
