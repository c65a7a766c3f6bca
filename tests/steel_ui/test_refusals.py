"""What is missing or refused, in the reader's language; the names have to be those that the service gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from steel_ui.client import Problem
from steel_ui.refusals import told
from steel_ui.words import Words

ROOT = Path(__file__).parents[2]
VALIDATION = {
    "less_than_equal",
    "less_than",
    "greater_than_equal",
    "greater_than",
    "missing",
    "string_too_short",
    "string_too_long",
}
"""Pydantic's own names of a value's fault."""


def named_by_the_service() -> set[str]:
    """Every name that the code gives an error."""
    files = [path for part in ("steel_energy", "steel_service") for path in (ROOT / part).rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "errors.py")
    missing = re.findall(r'"(no_(?:energy|time|meter)_columns?)"', source)
    return set(re.findall(r'\.named\(\s*"(\w+)"', source)) | set(missing)


def test_every_name_that_the_service_gives_has_words_and_no_words_are_for_nothing(english: Words) -> None:
    keys = {key.removeprefix("refusal_") for key in english.texts if key.startswith("refusal_")}
    there = {key for key in keys if not key.endswith(("_remedy", "_alone"))}

    assert there == named_by_the_service() | VALIDATION


def test_a_named_problem_is_told_with_its_values_in_the_readers_language(english: Words, spanish: Words) -> None:
    problem = Problem(
        what="a forecast needs 8 days of readings, got 2.5",
        kind="conflict",
        reason="too_few_days_before",
        values=(("days", 8.0), ("known", 2.5), ("first", "2018-01-01T00:00:00+09:00")),
    )

    assert told(problem, words=spanish).text == (
        "Una previsión necesita 8 días de lecturas anteriores; en este momento se conocen 2,5."
    )
    assert told(problem, words=spanish).remedy == (
        "Elija un momento posterior; las lecturas empiezan el lun 1 ene 2018, 00:00."
    )
    assert "at this moment 2.5 are known" in told(problem, words=english).what


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        pytest.param("storage", "El servicio no puede leer o escribir sus archivos.", id="known kind"),
        pytest.param("moon", "El servicio lo dice con sus propias palabras.", id="new kind"),
    ],
)
def test_what_has_no_words_stays_the_services_own_and_is_marked_as_english(
    kind: str, before: str, spanish: Words
) -> None:
    found = told(Problem(what="disk <full>", remedy="free some", kind=kind, reason="unheard_of"), words=spanish)

    assert found.what_html == f'{before} <span lang="en">Disk &lt;full&gt;.</span>'
    assert found.remedy_html == '<span lang="en">Free some.</span>'


def test_a_service_that_speaks_of_other_values_is_told_in_its_own_words(spanish: Words) -> None:
    found = told(Problem(what="no readings", kind="not_ready", reason="no_readings"), words=spanish)

    assert found.text == "El servicio no tiene esto listo. No readings."


@pytest.mark.parametrize(
    ("relief", "way"),
    [
        pytest.param(
            {"relief": "limits.power_kw", "amount": 1200.5, "unit": "kW"},
            "Aumente la potencia máxima en 1.200,5 kW; el plan costaría 41.000 KRW.",
            id="a limit",
        ),
        pytest.param(
            {"relief": "jobs.arc 1.5 t.windows", "amount": 2.0, "unit": "h"},
            "Permita 2 h fuera de: las horas en que puede hacerse «arc 1.5 t»; el plan costaría 41.000 KRW.",
            id="hours",
        ),
        pytest.param(
            {"relief": "jobs.arc 1.5 t", "amount": 1.0, "unit": ""},
            "Deje fuera «arc 1.5 t»; el plan costaría 41.000 KRW.",
            id="a job",
        ),
    ],
)
def test_why_there_is_no_plan_names_what_conflicts_as_the_page_does(
    relief: dict[str, str | float], way: str, spanish: Words
) -> None:
    values = {
        "conflict_0": "limits.power_kw",
        "size_0": 400.0,
        "conflict_1": "jobs.arc 1.5 t.windows",
        "cost_krw": 41_000.0,
        **relief,
    }

    found = told(Problem(what="no plan", reason="no_plan", values=tuple(values.items())), words=spanish)

    assert found.what == (
        "Esto no se puede cumplir a la vez: la potencia máxima (400 kW); las horas en que puede hacerse «arc 1.5 t»."
    )
    assert found.remedy == way


def test_a_combination_of_ways_out_stays_in_the_services_words(spanish: Words) -> None:
    values: dict[str, str | float] = {"conflict_0": "limits.moon"}

    found = told(
        Problem(what="no plan", remedy="raise both", reason="no_plan", values=tuple(values.items())), words=spanish
    )

    assert found.what == "Esto no se puede cumplir: limits.moon."
    assert found.remedy == "Raise both."
