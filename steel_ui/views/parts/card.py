"""Cards: a figure with its unit and what to know of it; shapes of the same size while it loads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from steel_ui.words import DASH

Tone = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True)
class Card:
    """One figure: its title, value with unit, and notes of ready HTML.

    ``tone`` colours its border; ``share`` (0 to 1 and more) draws a meter under the value.
    """

    title: str
    value: str
    unit: str
    notes: tuple[str, ...]
    tone: Tone = ""
    share: float | None = None


def card_html(card: Card) -> str:
    """The card as HTML."""
    notes = "".join(f"<p>{note}</p>" for note in card.notes)
    return (
        f'<article class="card {card.tone}"><h2>{escape(card.title)}</h2>'
        f'<div class="value">{escape(card.value)}<span class="unit">{escape(card.unit)}</span></div>'
        f"{_meter(card)}{notes}</article>"
    )


def row_html(cards: Iterable[str], *, label: str, kind: str = "") -> str:
    """Cards beside each other, as many as there is room for."""
    return f'<section class="cards {kind}" aria-label="{escape(label)}">{"".join(cards)}</section>'


def blank_html(title: str) -> str:
    """A card without a figure: there is none."""
    return f'<article class="card"><h2>{escape(title)}</h2><div class="value">{DASH}</div></article>'


def skeleton_html(title: str) -> str:
    """A card whose figure is on its way."""
    return (
        f'<article class="card" aria-busy="true"><h2>{escape(title)}</h2>'
        '<div class="value"><div class="skeleton" style="width:60%;height:1em"></div></div>'
        '<p><div class="skeleton" style="width:85%;height:1em"></div></p></article>'
    )


def chip_html(text: str, tone: Tone = "") -> str:
    """A short word on a coloured ground."""
    return f'<span class="chip {tone}">{escape(text)}</span>'


def _meter(card: Card) -> str:
    if card.share is None:
        return ""
    width = 100 * min(max(card.share, 0), 1)
    return f'<div class="meter {card.tone}" aria-hidden="true"><i style="width:{width:.1f}%"></i></div>'
