"""The capacity page says what its formulas say, and its words agree with its figures."""

from __future__ import annotations

import capacity
import pytest


@pytest.fixture
def values() -> dict[str, float | None]:
    return {name: told["value"] for name, told in capacity.inputs().items()}


def by_what(found: list[float | None]) -> dict[str, float | None]:
    return {what: value for (what, *_), value in zip(capacity.LINES, found, strict=True)}


def test_what_stands_on_the_page_is_what_comes_out():
    page = capacity.PAGE.read_text(encoding="utf-8")

    assert all(table in page for table in capacity.tables())


def test_formulas_are_as_by_hand(values):
    small = values | {"plants": 900, "readings_a_day": 96, "lake_mib_a_year": 1024, "retrain_core_s": 3600}
    found = by_what(capacity.computed(small | {"retrainings_a_year": 365}))

    assert found["readings taken in, on average"] == 1  # 900 * 96 = 86,400 a day
    assert found["lake: readings, repairs, features"] == 900
    assert found["train own models"] == 900


def test_without_prices_there_is_no_cost_and_with_them_there_is(values):
    found = by_what(capacity.computed(values))
    priced = by_what(capacity.computed(values | {"price_core_hour": 2.0, "price_gib_month": 0.5}))

    assert found["what a month costs"] is None
    assert priced["what a month costs"] == pytest.approx(
        60 * found["all of it, in places"] + found["kept after a year"] / 2
    )


def test_every_input_is_used_and_says_where_it_is_from():
    text = " ".join(formula for _, _, formula, _ in capacity.LINES)

    assert set(capacity.inputs()) <= set(capacity.WORD.findall(text))
    assert all(told["of"] for told in capacity.inputs().values())
