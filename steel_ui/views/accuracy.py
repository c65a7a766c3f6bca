"""How far the forecast can be trusted: what its model scored on readings that nothing was chosen on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from steel_ui.expected import Data
from steel_ui.views.page import page_link_html
from steel_ui.words import Words

TEST = "test.over_24h."


def accuracy_html(data: Data, *, words: Words) -> str:
    """A short list of scores; nothing where the model's manifest has none."""
    lines = list(_lines(data, words))
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    more = escape(words("accuracy_more", link="{link}")).replace("{link}", page_link_html("models", words))
    head = f'<h2>{escape(words("accuracy"))}</h2><p class="muted small">{escape(words("accuracy_about"))}</p>'
    return f'<section class="panel">{head}<ul>{items}</ul><p class="small">{more}</p></section>'


def _lines(data: Data, words: Words) -> Iterator[str]:
    scores = {name.removeprefix(TEST): value for name, value in (data.model.metrics if data.model else {}).items()}
    for name in ("rmse", "mae"):
        if (value := scores.get(f"{name}_kwh")) is not None:
            yield words(f"accuracy_{name}", value=words.number(value, digits=1))
    if (skill := scores.get("skill")) is not None:
        yield words("accuracy_skill", value=words.percent(skill))
    if "coverage_80" in scores and "coverage_90" in scores:
        bands = {name: words.percent(scores[f"coverage_{level}"]) for name, level in (("eighty", 80), ("ninety", 90))}
        yield words("accuracy_coverage", **bands)
