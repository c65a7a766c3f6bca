"""Head and legend of the chart: what each line and colour means, with the price of each tariff band."""

from __future__ import annotations

from html import escape

from steel_ui.expected import Data
from steel_ui.outlook import band_prices
from steel_ui.words import Words

BANDS = ("light", "medium", "maximum")


def chart_head_html(data: Data, *, words: Words) -> str:
    """The chart's title, and what "now" means."""
    key = "now_text" if data.at is None else "as_of_text"
    text = words(key, moment=words.moment(data.forecast.origin)) if data.forecast else ""
    return f'<div class="chart-head"><h2>{escape(words("chart_title"))}</h2><p>{escape(text)}</p></div>'


def legend_html(data: Data, *, words: Words) -> str:
    """The lines and areas first, then the tariff bands; prices where a forecast tells them."""
    return f'<div class="legend">{_lines(data, words)}{_bands(data, words)}</div>'


def _lines(data: Data, words: Words) -> str:
    keys = [("measured", words("legend_history"))]
    if data.forecast:
        names = {"expected": "legend_forecast", "inner": "legend_80", "outer": "legend_90"}
        keys += [(kind, words(name)) for kind, name in names.items()]
    if data.afterwards:
        keys.insert(1, ("afterwards", words("legend_afterwards")))
    repaired = sum(row.repaired for row in data.history.rows) if data.history else 0
    if repaired:
        keys.append(("repaired", words("legend_repaired", count=words.number(repaired))))
    return f"<ul>{''.join(_key(kind, text) for kind, text in keys)}</ul>"


def _bands(data: Data, words: Words) -> str:
    prices = band_prices(data.forecast) if data.forecast else {}
    currency = data.forecast.currency if data.forecast else ""
    keys = [_key(band, words(f"band_{band}"), note=_price(prices.get(band), currency, words)) for band in BANDS]
    return f'<ul><li class="lead">{escape(words("bands"))}</li>{"".join(keys)}</ul>'


def _price(price: float | None, currency: str, words: Words) -> str:
    return "" if price is None else words("price", price=words.number(price, digits=1), currency=currency)


def _key(kind: str, text: str, *, note: str = "") -> str:
    small = f" <small>{escape(note)}</small>" if note else ""
    return f'<li><span class="key {kind}"></span>{escape(text)}{small}</li>'
