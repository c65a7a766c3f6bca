"""The four figures of the next 24 hours: energy, cost, CO2 and peak; grey shapes of the same size while they load."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from steel_ui.expected import Data
from steel_ui.outlook import Outcome, Outlook, change_percent, outcome, outlook
from steel_ui.views.page import page_link_html
from steel_ui.views.parts.card import Card, blank_html, card_html, row_html, skeleton_html
from steel_ui.words import DASH, Words

KG_PER_T = 1000


def cards_html(data: Data, *, words: Words) -> str:
    """The cards, filled where the forecast is there; at an earlier moment with what came in those 24 hours."""
    if data.forecast is None:
        shape = skeleton_html if data.at is None else blank_html
        return row_html(
            [shape(words(f"kpi_{name}")) for name in ("energy", "cost", "co2", "peak")], label=words("loading")
        )
    known, came = outlook(data.forecast, data.history), outcome(data.forecast, data.afterwards)
    cards = [_energy(known, words), _cost(known, words), _co2(known, words), _peak(known, words)]
    if data.at is not None:
        cards[0] = _with_outcome(cards[0], _energy_came(known, came, words))
        cards[3] = _with_outcome(cards[3], _peak_came(known, came, words))
    return row_html([card_html(card) for card in cards], label=words("kpi_next"))


def _energy(known: Outlook, words: Words) -> Card:
    return Card(
        words("kpi_energy"), words.number(known.usage_kwh), words.units.energy, (_versus_last_week(known, words),)
    )


def _cost(known: Outlook, words: Words) -> Card:
    price = _per_kwh(known.cost_krw, known, words, digits=1)
    note = words("kpi_average_price", price=price, currency=known.currency)
    return Card(words("kpi_cost"), words.number(known.cost_krw), known.currency, (escape(note),))


def _co2(known: Outlook, words: Words) -> Card:
    intensity = _per_kwh(known.co2_t * KG_PER_T, known, words, digits=3)
    note = words("kpi_intensity", intensity=intensity)
    return Card(words("kpi_co2"), words.number(known.co2_t, digits=2), "tCO₂", (escape(note),))


def _peak(known: Outlook, words: Words) -> Card:
    low, high = words.number(known.peak_low_kw), words.number(known.peak_high_kw)
    when = words.short_moment(known.peak_at)
    when_html = f'<span class="change">{escape(when)}</span> · {escape(words("kpi_peak_range", low=low, high=high))}'
    notes = (when_html, page_link_html("forecast", words, to="peak reasons", text="why_peak"))
    return Card(words("kpi_peak"), words.number(known.peak_kw), words.units.power, notes)


def _versus_last_week(known: Outlook, words: Words) -> str:
    before = known.week_ago_kwh
    change = change_percent(known.usage_kwh, before) if before is not None else None
    if before is None or change is None:
        return escape(words("no_week_ago"))
    percent = f"{words.number(change, digits=1, signed=True)} %"
    text = words("versus", energy=f"{words.number(before)} {words.units.energy}")
    return f'<span class="change">{escape(percent)}</span> {escape(text)}'


def _with_outcome(card: Card, note: str) -> Card:
    return replace(card, notes=(note, *card.notes))


def _energy_came(known: Outlook, came: Outcome | None, words: Words) -> str:
    if came is None:
        return escape(words("not_measured_yet"))
    measured = f"{words.number(came.usage_kwh)} {words.units.energy}"
    return _came(measured, change_percent(known.usage_kwh, came.usage_kwh), words)


def _peak_came(known: Outlook, came: Outcome | None, words: Words) -> str:
    if came is None:
        return escape(words("not_measured_yet"))
    measured = f"{words.number(came.peak_kw)} {words.units.power}, {words.short_moment(came.peak_at)}"
    return _came(measured, change_percent(known.peak_kw, came.peak_kw), words)


def _came(measured: str, change: float | None, words: Words) -> str:
    percent = DASH if change is None else words.number(change, digits=1, signed=True)
    difference = words("forecast_off", percent=percent)
    return f'{escape(words("measured"))} <span class="change">{escape(measured)}</span> · {escape(difference)}'


def _per_kwh(amount: float, known: Outlook, words: Words, *, digits: int) -> str:
    return words.number(amount / known.usage_kwh, digits=digits) if known.usage_kwh else DASH
