"""The overview: where the plant stands now, today and this month, and what needs a look."""

from __future__ import annotations

import datetime as dt
from html import escape

import panel as pn
from bokeh.models import LayoutDOM

from steel_ui.alerts import Alert, alerts
from steel_ui.bars import HEIGHT_PX, Bar, bars
from steel_ui.client import INTERVAL, Problem
from steel_ui.figures import Look
from steel_ui.standing import Standing, standing
from steel_ui.theme import palette
from steel_ui.units import Units
from steel_ui.views.page import View, column, page_link_html
from steel_ui.views.parts.card import chip_html
from steel_ui.views.parts.chart import chart_panel, csv
from steel_ui.views.standing_cards import month_name, standing_html
from steel_ui.words import Words


class OverviewView(View):
    """The first page that an operator sees."""

    key = "overview"
    icon = "M3 13h8V3H3v10zm0 8h8v-6H3v6zm10 0h8V11h-8v10zm0-18v6h8V3h-8z"

    async def load(self) -> tuple[Standing | None, tuple[Problem, ...]]:
        """Everything up to the end of the known readings."""
        session = self.session
        if session.health is None:
            return None, ()
        return await standing(session.service, session.health, session.plant_facts)

    def build(self) -> pn.viewable.Viewable:
        """Heading, alerts, figures, and the month day by day."""
        charts = pn.FlexBox(
            self._chart("month_energy", "usage_kwh"), self._chart("month_peak", "peak_kw"), gap="12px", margin=0
        )
        charts.sizing_mode = "stretch_width"
        return column(self.html(_heading_html), self.html(_alerts_html), self.html(standing_html), charts)

    def _chart(self, name: str, value: str) -> pn.Column:
        """One of the two charts of the month's days; ``value`` is the column that its bars show."""

        def draw(data: Standing | None, language: str, theme: str) -> LayoutDOM | None:
            look = Look(words=self.session.words(language), colours=palette(dark=theme == "dark"))
            return None if data is None else _draw(data, value, look)

        def head(data: Standing | None, *, words: Words) -> str:
            about = "" if data is None else month_name(data.month.interval_start, words)
            waiting = f'<div class="skeleton" style="height:{HEIGHT_PX}px"></div>' if data is None else ""
            title = f"<h2>{escape(words(name))}</h2>"
            return f'<div class="chart-head">{title}<p>{escape(about)}</p></div>{waiting}'

        panel = chart_panel(
            self.html(head, sizing_mode=None),
            pn.bind(draw, self.param.data, self.session.param.language, self.session.param.theme),
            session=self.session,
            name=name.replace("_", "-"),
            title=name,
            table=lambda: _table(self.data, self.session.service.units),
        )
        panel.styles = {**panel.styles, "flex": "1 1 340px", "min-width": "0"}
        return panel


def _heading_html(data: Standing | None, *, words: Words) -> str:
    about = ""
    if data is not None:
        plant = data.plant.name if data.plant else ""
        about = words("overview_about", plant=plant, moment=words.moment(data.ends))
    return (
        f'<header class="heading"><div><h1>{escape(words("page_overview"))}</h1><p>{escape(about)}</p></div></header>'
    )


def _alerts_html(data: Standing | None, *, words: Words) -> str:
    if data is None:
        return ""
    found = alerts(data, clock=dt.datetime.now(dt.UTC))
    if not found:
        return f'<p class="alerts none" role="status">{chip_html(words("alert_none"), "good")}</p>'
    items = "".join(f"<li>{_alert_html(alert, words)}</li>" for alert in found)
    return f'<ul class="alerts" role="status" aria-label="{escape(words("alerts"))}">{items}</ul>'


def _alert_html(alert: Alert, words: Words) -> str:
    values = {name: words.number(value) if isinstance(value, float) else value for name, value in alert.values.items()}
    link = f" {page_link_html(alert.page, words)}" if alert.page else ""
    chip = chip_html(words(f"tone_{alert.tone}"), alert.tone)
    return f"{chip} <span>{escape(words(alert.key, **values))}{link}</span>"


def _draw(data: Standing, value: str, look: Look) -> LayoutDOM:
    say = look.words
    is_peak = value == "peak_kw"
    drawn = [
        Bar(
            day=day.interval_start.date(),
            value=getattr(day, value) or 0,
            stands_out=is_peak and day is data.peak_day,
            when=say.day(day.interval_start),
            texts=(
                f"{say.number(day.usage_kwh or 0)} {say.units.energy}",
                f"{say.number(day.peak_kw or 0)} {say.units.power}",
                f"{say.number(day.cost_krw or 0)} KRW",
            ),
        )
        for day in data.days
    ]
    labels = (say("hover_energy"), say("day_peak"), say("day_cost"))
    limit = data.plant.contract_kw if is_peak and data.plant else None
    return bars(drawn, look=look, unit=say.units.power if is_peak else say.units.energy, labels=labels, limit=limit)


def _table(data: Standing | None, units: Units) -> str:
    days = data.days if data else ()
    return csv(
        {
            "day": [day.interval_start.date().isoformat() for day in days],
            units.column("usage_kwh"): [day.usage_kwh for day in days],
            units.column("peak_kw"): [day.peak_kw for day in days],
            "energy_cost_krw": [day.cost_krw for day in days],
            "hours_known": [(day.intervals or 0) * INTERVAL / dt.timedelta(hours=1) for day in days],
        }
    )
