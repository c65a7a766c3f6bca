"""What the data quality page says in cards and tables: figures, rules, columns, checks, gaps and single changes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from steel_client.models import QualityAnswer, QualityCheck, QualityGap, QualityRepair, RuleCount
from steel_ui.views.parts.card import Card, card_html, chip_html, row_html, skeleton_html
from steel_ui.views.parts.states import nothing_html, skeleton_panel_html
from steel_ui.views.parts.table import Column, table_html
from steel_ui.words import DASH, Words

CARDS = ("quality_share", "quality_missing", "quality_removed", "quality_fresh")
MOST_SHOWN = 15
"""Changes that the page shows; the table to save holds more."""
MOST_GAPS = 8
SECONDS_PER_HOUR = 3600


def cards_html(data: QualityAnswer | None, *, words: Words) -> str:
    """The share that was repaired, gaps, removed rows, and how fresh the readings are."""
    if data is None:
        return row_html([skeleton_html(words(name)) for name in CARDS], label=words("loading"))
    cards = (_share(data, words), _missing(data, words), _removed(data, words), _fresh(data, words))
    return row_html([card_html(card) for card in cards], label=words("page_quality"))


def _share(data: QualityAnswer, words: Words) -> Card:
    counts = {"repaired": words.number(data.repaired_cells), "cells": words.number(data.cells)}
    notes = [words("quality_share_cells", **counts)]
    if data.restyled_cells:
        notes.append(words("quality_restyled", n=words.number(data.restyled_cells)))
    value = words.number(100 * data.repaired_share, digits=2)
    return Card(words("quality_share"), value, "%", tuple(map(escape, notes)))


def _missing(data: QualityAnswer, words: Words) -> Card:
    longest = max(data.gaps, key=lambda gap: gap.intervals, default=None)
    note = words("quality_no_gap")
    if longest is not None:
        note = words("quality_longest", hours=_hours(longest, words), moment=words.moment(longest.start))
    return Card(words("quality_missing"), words.number(data.intervals_inserted), "", (escape(note),))


def _removed(data: QualityAnswer, words: Words) -> Card:
    return Card(words("quality_removed"), words.number(data.rows_removed), "", (escape(words("quality_removed_note")),))


def _fresh(data: QualityAnswer, words: Words) -> Card:
    until, posted = data.readings_until, data.posted
    notes = [f"<b>{escape(words.short_moment(until))}</b>"]
    if posted is not None:
        used, waiting = posted.rows_posted, posted.rows_waiting
        told = words("quality_posted", n=words.number(used)) if used else words("quality_none_posted")
        if waiting and posted.waiting_from is not None:
            told = words("quality_waiting", n=words.number(waiting), moment=words.moment(posted.waiting_from))
        notes.append(escape(told))
    day = f"{until.day} {words.months[until.month - 1]} {until.year}"
    return Card(words("quality_fresh"), day, "", tuple(notes), tone="warn" if posted and posted.rows_waiting else "")


def rules_html(data: QualityAnswer | None, *, words: Words) -> str:
    """Changes by rule, with what each is and how far it can be trusted; beside them changes by column."""
    if data is None:
        return skeleton_panel_html(words("loading"))
    if not data.rules:
        return nothing_html(words("quality_nothing"))
    rules = [(_rule(one, words), words.number(one.changes), words.percent(one.confidence)) for one in data.rules]
    most = max((one.changes for one in data.columns), default=1)
    columns = [
        (escape(words.label("column", one.column)) + _bar(one.changes / most), words.number(one.changes))
        for one in data.columns
    ]
    count = Column(words("quality_changes_n"), is_number=True)
    sure = Column(words("quality_confidence"), is_number=True, hint=words("quality_confidence_hint"))
    by_rule = table_html([Column(words("quality_rule")), count, sure], rules, caption=words("quality_rules"))
    by_column = table_html([Column(words("quality_column")), count], columns, caption=words("quality_columns"))
    return _halves(_panel(words("quality_rules"), by_rule), _panel(words("quality_columns"), by_column))


def checks_html(data: QualityAnswer | None, *, words: Words) -> str:
    """What must hold of the readings and whether it does; beside it the gaps that were filled in."""
    if data is None:
        return skeleton_panel_html(words("loading"), lines=3)
    lines = "".join(_check(one, words) for one in data.checks)
    checks = f'<p class="muted small">{escape(words("quality_checks_about"))}</p><ul class="plain">{lines}</ul>'
    gaps = gaps_html(data.gaps, words=words, left_out=data.gaps_left_out)
    return _halves(_panel(words("quality_checks"), checks), _panel(words("quality_gaps"), gaps))


def gaps_html(gaps: Sequence[QualityGap], *, words: Words, left_out: int = 0) -> str:
    """The newest gaps as a list; a sentence where there is none."""
    if not gaps:
        return f'<p class="muted small">{escape(words("quality_no_gap"))}</p>'
    items = "".join(
        f"<li>{escape(words('quality_gap', starts=words.moment(gap.start), ends=words.moment(gap.end)))} "
        f'<span class="muted">{escape(words("quality_gap_intervals", n=words.number(gap.intervals)))}</span></li>'
        for gap in gaps[:MOST_GAPS]
    )
    hidden = left_out + max(0, len(gaps) - MOST_GAPS)
    more = f'<p class="muted small">{escape(words("quality_gaps_more", n=words.number(hidden)))}</p>' if hidden else ""
    return f'<p class="muted small">{escape(words("quality_gaps_about"))}</p><ul class="plain">{items}</ul>{more}'


def changes_html(data: QualityAnswer | None, *, words: Words) -> str:
    """The newest changes: what stood there, what stands there now, and by which rule."""
    if data is None:
        return skeleton_panel_html(words("loading"))
    if not data.repairs:
        return f'<p class="nothing">{escape(words("quality_nothing_asked" if data.rules else "quality_nothing"))}</p>'
    names = ("interval", "column", "before", "after", "rule", "confidence")
    columns = [Column(words(f"quality_{name}"), is_number=name == "confidence") for name in names]
    rows = [_change_cells(one, words) for one in data.repairs[:MOST_SHOWN]]
    return table_html(columns, rows, caption=words("quality_list"))


def changes_head_html(data: QualityAnswer | None, *, words: Words) -> str:
    """Title of the list, and how much of it is shown."""
    about = words("loading")
    if data is not None:
        shown, total, kept = (min(MOST_SHOWN, len(data.repairs)), data.repairs_total, len(data.repairs))
        counts = {"shown": words.number(shown), "total": words.number(total), "kept": words.number(kept)}
        about = words("quality_list_about", **counts) if total else words("quality_filter_note")
    return f'<div class="chart-head"><h2>{escape(words("quality_list"))}</h2><p>{escape(about)}</p></div>'


def _change_cells(change: QualityRepair, words: Words) -> tuple[str, ...]:
    return (
        unbroken(words.moment(change.interval_start)),
        escape(words.label("column", change.column)),
        shown_cell(change.before),
        shown_cell(change.after),
        escape(words.label("rule", change.rule)),
        words.percent(change.confidence),
    )


def shown_cell(text: str | None) -> str:
    """A cell as the source wrote it, cut by the page where it is long; a dash where there was nothing."""
    if text is None:
        return DASH
    return f'<span class="cell" title="{escape(text)}">{escape(text)}</span>'


def unbroken(text: str) -> str:
    """Text that stays on one line."""
    return f'<span class="unbroken">{escape(text)}</span>'


def _hours(gap: QualityGap, words: Words) -> str:
    return words.number((gap.end - gap.start).total_seconds() / SECONDS_PER_HOUR, digits=1)


def _bar(share: float) -> str:
    return f'<span class="share" aria-hidden="true"><i style="width:{100 * share:.1f}%"></i></span>'


def _rule(one: RuleCount, words: Words) -> str:
    why = words.texts.get(f"why_{one.rule}", one.why or "")
    return f"{escape(words.label('rule', one.rule))}<small>{escape(why)}</small>"


def _check(one: QualityCheck, words: Words) -> str:
    chip = chip_html(words("quality_passed"), "good") if one.passed else chip_html(words("quality_failed"), "bad")
    found = "" if one.passed else f'<small lang="en">{escape(one.actual)}</small>'
    return f"<li>{chip} {escape(words.label('check', one.check))}{found}</li>"


def _halves(*panels: str) -> str:
    return f'<div class="halves">{"".join(panels)}</div>'


def _panel(title: str, content: str) -> str:
    return f'<section class="panel"><h2>{escape(title)}</h2>{content}</section>'
