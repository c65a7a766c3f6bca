"""What a reader of a bill must know: /bill says it in English sentences, which are told here in every language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from steel_energy.asking.outcomes import Period
from steel_energy.months import first_day
from steel_energy.telling.formats import Voice

KNOWN_SINCE = re.compile(r"readings are known from (\S+) on; a higher demand before would raise the demand charge")
IN_FORCE = re.compile(r"the tariff was in force from (\S+) to (\S+); its prices are used beyond")
RATCHET = re.compile(r"highest demand of (\d{4}-\d{2}) \(ratchet\)")
LEAST = re.compile(r"at least \S+ of the contracted")


def bill_notes(bill: Mapping[str, Any], period: Period, voice: Voice) -> list[str]:
    """A bill's notes, and that the months at its ends bear a part of the demand charge, where it holds them in part."""
    has_demand = any(line["kind"] == "demand" for line in bill["lines"])
    is_part = has_demand and any(moment.day != 1 or moment.time() != dt.time() for moment in (period.start, period.end))
    return [*([voice("bill_part_of_month")] if is_part else []), *(_note(one, voice) for one in bill["notes"])]


def earlier_demand(line: Mapping[str, Any], voice: Voice) -> str:
    """Why it is not the month's own demand that is billed; empty if it is."""
    if found := RATCHET.search(line["rule"]):
        return voice("bill_demand_ratchet", month=voice.month(first_day(found[1])))
    return voice("bill_demand_least") if LEAST.search(line["rule"]) else voice("bill_demand_own")


def _note(text: str, voice: Voice) -> str:
    """A note in the reader's language; one that is not known here as it is."""
    if found := KNOWN_SINCE.fullmatch(text):
        return voice("bill_known_since", day=voice.day(dt.date.fromisoformat(found[1])))
    if found := IN_FORCE.fullmatch(text):
        first, last = (voice.day(dt.date.fromisoformat(day)) for day in found.groups())
        return voice("bill_in_force", first=first, last=last)
    return text
