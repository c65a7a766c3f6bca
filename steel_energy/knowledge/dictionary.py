"""The data dictionary: a note on every column of the readings, from ``schema.READINGS``."""

from __future__ import annotations

from collections.abc import Iterator

from steel_energy.knowledge.records import Note
from steel_energy.knowledge.sentences import Sentences
from steel_energy.knowledge.shown import number
from steel_energy.schema import READINGS, REPAIRS, Column


def dictionary_notes(told: Sentences) -> Iterator[Note]:
    """All columns in one note, each in a note of its own, and the audit of cleaning."""
    columns = ", ".join(column.name for column in READINGS)
    yield told.note("dictionary", "columns", [told.say("dictionary", "columns", "text", columns=columns)])
    for column in READINGS:
        yield told.note("dictionary", column.name, list(_described(column, told)))
    yield told.note(
        "dictionary", "repairs", [told.say("dictionary", "repairs", "text", columns=", ".join(sorted(REPAIRS)))]
    )


def _described(column: Column, told: Sentences) -> Iterator[str]:
    units = told.content["units"]
    parts = [told.say("dictionary", column.name, "text")]
    if column.unit:
        parts.append(units["unit"].format(unit=units.get(column.unit, column.unit)))
    if column.lower is not None:
        limits = {"lower": number(column.lower, told.words)}
        if column.upper is None:
            parts.append(units["at_least"].format(**limits))
        else:
            parts.append(units["between"].format(**limits, upper=number(column.upper, told.words)))
    yield " ".join(parts)
