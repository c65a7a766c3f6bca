"""What a scenario comes to, as HTML: baseline against scenario, the range, and how each number came about."""

from __future__ import annotations

from html import escape

from steel_client.models import WhatIfAnswer, WhatIfCapacitorBank, WhatIfPowerFactor
from steel_ui.views.parts.card import Card, Tone, card_html, row_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words

AMOUNTS = (("cost_krw", "KRW", 0), ("usage_kwh", "kWh", 0), ("co2_t", "t", 3), ("peak_kw", "kW", 1))
"""Figures with unit and decimals."""


def scenario_cards_html(answer: WhatIfAnswer | None, *, words: Words) -> str:
    """The difference of cost, energy, CO2 and peak, each a card."""
    if answer is None:
        return ""
    cards = [_card(answer, name, unit, digits, words) for name, unit, digits in AMOUNTS]
    return row_html(map(card_html, cards), label=words("if_result"))


def _card(answer: WhatIfAnswer, name: str, unit: str, digits: int, words: Words) -> Card:
    difference, before = getattr(answer.difference, name), getattr(answer.baseline, name)
    is_some = round(abs(difference), digits) > 0
    part = _flat(difference / before, 3) if before else 0.0
    share = f"<b>{escape(words.percent(part, digits=1, signed=part != 0))}</b>" if before else ""
    notes = (share if is_some else words("if_same"), escape(_range(answer, name, digits, words)))
    tone: Tone = "" if not is_some else "good" if difference < 0 else "warn"
    return Card(words(f"if_{name}"), _change(difference, digits, words), unit, notes, tone)


def _range(answer: WhatIfAnswer, name: str, digits: int, words: Words) -> str:
    if answer.range is None:
        return words("if_certain")
    low, high = (_change(getattr(end, name), digits, words) for end in (answer.range.low, answer.range.high))
    return words("if_range", low=low, high=high)


def _change(value: float, digits: int, words: Words) -> str:
    """A difference with its sign, where it is not zero to so many decimals."""
    return words.number(_flat(value, digits), digits=digits, signed=round(abs(value), digits) > 0)


def _flat(value: float, digits: int) -> float:
    """``value`` to ``digits`` decimals, never a negative zero."""
    return round(value, digits) + 0.0


def compared_html(answer: WhatIfAnswer | None, *, words: Words) -> str:
    """Baseline and scenario side by side."""
    if answer is None:
        return ""
    columns = [Column(words(f"if_{name}"), is_number=name != "figure") for name in COLUMNS]
    rows = [_cells(answer, name, unit, digits, words) for name, unit, digits in AMOUNTS]
    table = table_html(columns, rows, caption=words("if_caption"))
    period = words("if_period", starts=words.moment(answer.from_), ends=words.moment(answer.to))
    bank = "".join(_bank_html(bank, answer, words) for bank in answer.capacitor_banks)
    return (
        f'<section class="panel"><h2>{escape(words("if_compared"))}</h2>'
        f'<p class="muted small">{escape(period)}</p>{table}{bank}{_power_factors_html(answer, words)}</section>'
    )


COLUMNS = ("figure", "baseline", "scenario", "difference", "range_head")


def _cells(answer: WhatIfAnswer, name: str, unit: str, digits: int, words: Words) -> tuple[str, ...]:
    sides = [words.number(getattr(side, name), digits=digits) for side in (answer.baseline, answer.scenario)]
    change, spread = _change(getattr(answer.difference, name), digits, words), DASH
    if answer.range is not None:
        low, high = (_change(getattr(end, name), digits, words) for end in (answer.range.low, answer.range.high))
        spread = words("if_to", low=low, high=high)
    return (f"{escape(words(f'if_{name}'))} ({unit})", *sides, f"<b>{change}</b>", escape(spread))


def _bank_html(bank: WhatIfCapacitorBank, answer: WhatIfAnswer, words: Words) -> str:
    key = "if_bank_saves" if bank.saving_krw >= 0 else "if_bank_costs"
    said = words(
        key,
        kvar=words.number(bank.capacitor_kvar),
        krw=f"{words.number(abs(bank.saving_krw))} {answer.currency}",
        yearly=f"{words.number(abs(bank.yearly_saving_krw))} {answer.currency}",
    )
    if bank.payback_years is not None:
        said += " " + words("if_payback", years=words.number(bank.payback_years, digits=1))
    return f"<p><b>{escape(said)}</b></p>"


def _power_factors_html(answer: WhatIfAnswer, words: Words) -> str:
    moved = [one for one in answer.power_factors if round(one.baseline_percent, 1) != round(one.scenario_percent, 1)]
    return "".join(f"<p>{escape(_power_factor(one, words))}</p>" for one in moved)


def _power_factor(one: WhatIfPowerFactor, words: Words) -> str:
    percents = {
        name: words.number(getattr(one, f"{name}_percent"), digits=1) for name in ("baseline", "scenario", "limit")
    }
    return words(f"if_pf_{one.reactive}", hours=one.hours, **percents)


def difference_head_html(_: WhatIfAnswer | None, *, words: Words) -> str:
    """Title of the chart and how to read it."""
    return f'<div class="chart-head"><h2>{escape(words("if_chart"))}</h2><p>{escape(words("if_chart_about"))}</p></div>'


def how_html(answer: WhatIfAnswer | None, *, words: Words) -> str:
    """How the numbers came about and what to know, in the service's own words, folded away."""
    if answer is None:
        return ""
    steps = [*answer.changes, answer.derivation.cost, answer.derivation.peak, answer.range_derivation]
    items = "".join(f"<li>{escape(text)}</li>" for text in (*steps, *answer.notes))
    return (
        f'<section class="panel"><details><summary>{escape(words("if_how"))}</summary>'
        f'<ul lang="en" class="small">{items}</ul></details></section>'
    )
