"""The figures of the overview as cards: now, today, this month, the contract, the next day and the power factor."""

from __future__ import annotations

import datetime as dt
from html import escape

from steel_client.models import HistoryRow
from steel_ui.outlook import change_percent
from steel_ui.standing import WARN_AT, Standing
from steel_ui.views.page import page_link_html
from steel_ui.views.parts.card import Card, Tone, blank_html, card_html, row_html, skeleton_html
from steel_ui.words import DASH, Words

NAMES = ("now", "today", "month", "contract", "ahead", "factor")


def standing_html(data: Standing | None, *, words: Words) -> str:
    """The cards, or their shapes while there is nothing to show."""
    if data is None:
        return row_html([skeleton_html(words(f"card_{name}")) for name in NAMES], label=words("loading"), kind="three")
    cards = [_now, _today, _month, _contract, _ahead, *([_factor] if data.is_electric else [])]
    return row_html([card(data, words) for card in cards], label=words("page_overview"), kind="three")


def month_name(moment: dt.datetime, words: Words) -> str:
    """Month and year."""
    return f"{words.months[moment.month - 1]} {moment.year}"


def _now(data: Standing, words: Words) -> str:
    latest, ends = data.latest, data.ends
    band = words(f"band_{latest.billing_band}") if latest.billing_band else DASH
    when = f"{words.short_moment(latest.interval_start)}{DASH}{ends:%H:%M}"
    factor = words("lagging_factor", percent=words.number(latest.lagging_power_factor or 0, digits=1))
    notes = (f"<b>{escape(when)}</b> · {escape(band)}", *([escape(factor)] if data.is_electric else []))
    return card_html(Card(words("card_now"), words.number(data.now_kw), words.units.power, notes))


def _today(data: Standing, words: Words) -> str:
    today = data.today
    title = f"{words('card_today')} · {words.weekdays[today.interval_start.weekday()]} {today.interval_start.day}"
    peak = words("peak_of", peak=words.number(today.peak_kw or 0), time=f"{data.peak_at:%H:%M}")
    notes = (_versus(data, words), f"{escape(_spent(today, data, words))} · {escape(peak)}")
    return card_html(Card(title, words.number(today.usage_kwh or 0), words.units.energy, notes))


def _versus(data: Standing, words: Words) -> str:
    before = data.week_ago
    change = change_percent(data.today.usage_kwh or 0, before.usage_kwh or 0) if before else None
    if before is None or change is None or not data.week_ago_is_whole:
        return escape(words("no_week_ago_today"))
    text = words("versus", energy=f"{words.number(before.usage_kwh or 0)} {words.units.energy}")
    return f"<b>{escape(words.number(change, digits=1, signed=True))} %</b> {escape(text)}"


def _month(data: Standing, words: Words) -> str:
    title = f"{words('card_month')} · {month_name(data.month.interval_start, words)}"
    bill = data.bill
    costs = escape(words("bill_missing"))
    if bill is not None:
        parts = {"energy": bill.energy_krw, "demand": bill.demand_krw, "factor": bill.power_factor_krw}
        figures = {name: words.number(amount) for name, amount in parts.items()}
        parts_of = f" {escape(words('bill_parts', **figures))}" if data.is_electric else ""
        costs = f"<b>{words.number(bill.total_krw)} KRW</b>{parts_of}"
    co2 = data.co2_t(data.month.usage_kwh or 0)
    emitted = f"{words.number(co2, digits=1)} tCO₂" if co2 is not None else ""
    return card_html(Card(title, words.number(data.month.usage_kwh or 0), words.units.energy, (costs, escape(emitted))))


def _contract(data: Standing, words: Words) -> str:
    share, plant = data.contract_share, data.plant
    if share is None or plant is None:
        return blank_html(words("card_contract"))
    peak_kw = words.number(data.month.peak_kw or 0)
    of = words("of_contract", percent=words.percent(share), contract=words.number(plant.contract_kw))
    when = words("highest_on", day=words.day(data.peak_day.interval_start))
    notes = (f"<b>{escape(of)}</b>", escape(when))
    return card_html(Card(words("card_contract"), peak_kw, words.units.power, notes, tone=_tone(share), share=share))


def _tone(share: float) -> Tone:
    if share > 1:
        return "bad"
    return "warn" if share >= WARN_AT else ""


def _ahead(data: Standing, words: Words) -> str:
    ahead = data.ahead
    if ahead is None:
        return blank_html(words("card_ahead"))
    low, high = words.number(ahead.peak_low_kw), words.number(ahead.peak_high_kw)
    energy = f"{words.number(ahead.usage_kwh)} {words.units.energy} · {words.number(ahead.cost_krw)} {ahead.currency}"
    link = page_link_html("forecast", words)
    why = page_link_html("forecast", words, to="peak reasons", text="why_peak")
    when = f"<b>{escape(words.short_moment(ahead.peak_at))}</b> · {escape(words('kpi_peak_range', low=low, high=high))}"
    notes = (when, f"{escape(energy)} · {link} · {why}")
    return card_html(Card(words("card_ahead"), words.number(ahead.peak_kw), words.units.power, notes))


def _factor(data: Standing, words: Words) -> str:
    month, bill = data.month, data.bill
    leading = words("leading_factor", percent=words.number(month.leading_power_factor or 0, digits=1))
    notes, tone = [escape(leading)], ""
    if bill is not None:
        key = "factor_surcharge" if bill.power_factor_krw > 0 else "factor_credit"
        notes.insert(0, f"<b>{escape(words(key, amount=words.number(abs(bill.power_factor_krw))))}</b>")
        tone = "warn" if bill.power_factor_krw > 0 else ""
    value = words.number(month.lagging_power_factor or 0, digits=1)
    return card_html(Card(words("card_factor"), value, "%", tuple(notes), tone="warn" if tone else ""))


def _spent(day: HistoryRow, data: Standing, words: Words) -> str:
    co2 = data.co2_t(day.usage_kwh or 0)
    emitted = f" · {words.number(co2, digits=2)} tCO₂" if co2 is not None else ""
    return f"{words.number(day.cost_krw or 0)} KRW{emitted}"
