"""How far the forecast can be trusted: what its model scored on readings that nothing was chosen on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import panel as pn
from bokeh.models import LayoutDOM

from steel_ui.expected import Data
from steel_ui.figures import Look
from steel_ui.lead_times import OVERALL, Lead, lead_chart, leads_of
from steel_ui.theme import palette
from steel_ui.views.page import View, page_link_html
from steel_ui.views.parts.chart import chart_panel, csv
from steel_ui.words import Words

TEST = "test.over_24h."


def accuracy_panel(view: View) -> pn.Column:
    """The scores of the model as a list, and its error by how long ahead it speaks; empty where there are none."""
    chosen = view.session.param

    def draw(data: Data, language: str, theme: str) -> LayoutDOM | None:
        leads = leads_of(data.models)
        return (
            lead_chart(leads, look=Look(view.session.words(language), palette(dark=theme == "dark"))) if leads else None
        )

    return chart_panel(
        view.html(_head_html, sizing_mode=None),
        pn.bind(draw, view.param.data, chosen.language, chosen.theme),
        session=view.session,
        name="accuracy",
        title="accuracy",
        table=lambda: _table(view.data),
        between=[view.html(accuracy_html)],
    )


def accuracy_html(data: Data, *, words: Words) -> str:
    """A short list of scores, what the chart under it shows, and the way to the other models."""
    items = "".join(f"<li>{escape(line)}</li>" for line in _lines(data, words))
    scores = f"<ul>{items}</ul>" if items else f'<p class="muted">{escape(words("accuracy_none"))}</p>'
    more = escape(words("accuracy_more", link="{link}")).replace("{link}", page_link_html("models", words))
    return f'{scores}<p class="small">{more}</p>{_leads_html(leads_of(data.models), words)}'


def _head_html(_: Data, *, words: Words) -> str:
    about = escape(words("accuracy_about"))
    return f'<div class="chart-head"><h2>{escape(words("accuracy"))}</h2><p>{about}</p></div>'


def _leads_html(leads: tuple[Lead, ...], words: Words) -> str:
    """The sentence over the chart: the nearest and the farthest lead, each beside the naive forecast; its legend."""
    single = [lead for lead in leads if lead.lead_time != OVERALL]
    if not single:
        return ""
    told = " ".join(_lead_sentence(lead, words) for lead in dict.fromkeys((single[0], single[-1])))
    names = {"expected": "lead_model", "naive": "lead_naive"}
    keys = "".join(f'<li><span class="key {kind}"></span>{escape(words(name))}</li>' for kind, name in names.items())
    return (
        f"<h3>{escape(words('leads'))}</h3><p>{escape(told)}</p>"
        f'<p class="muted small">{escape(words("leads_about"))}</p><div class="legend"><ul>{keys}</ul></div>'
    )


def _lead_sentence(lead: Lead, words: Words) -> str:
    key = "lead_sentence" if lead.naive_kwh is not None and lead.held is not None else "lead_sentence_alone"
    return words(
        key,
        ahead=words.label("ahead", lead.lead_time),
        kwh=words.number(lead.model_kwh, digits=1),
        naive=words.number(lead.naive_kwh or 0, digits=1),
        held=words.percent(lead.held or 0),
    )


def _table(data: Data) -> str:
    leads = leads_of(data.models)
    names = ("lead_time", "model_kwh", "naive_kwh", "held")
    heads = ("lead_time", "mae_kwh", "seasonal_naive_mae_kwh", "coverage_80")
    return csv({head: [getattr(lead, name) for lead in leads] for head, name in zip(heads, names, strict=True)})


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
