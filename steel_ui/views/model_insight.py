"""What drives the champion, where it errs and whether its bands hold: a panel for each chart, with how to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from types import MappingProxyType

import panel as pn
import param
from bokeh.models import LayoutDOM

from steel_client.models import BandHeld, DriverSize, ErrorGroup, EvaluationAnswer, FeatureSwarm, QuantileLevel
from steel_ui.figures import Look
from steel_ui.model_charts import density, driver_bars, error_bars, promises
from steel_ui.model_facts import ModelFacts
from steel_ui.retold import retold_text
from steel_ui.swarm import swarm
from steel_ui.theme import palette
from steel_ui.views.page import View, column
from steel_ui.views.parts.chart import chart_panel, csv
from steel_ui.views.parts.inputs import select
from steel_ui.words import DASH, Words, words

OVERALL = "over_24h"
BY = MappingProxyType({"hour": "by_hour", "day": "by_day", "load_type": "by_load_type", "lead": "by_lead"})
"""What errors may be grouped by, and the field of the answer that holds it."""
QUARTERS = 4
SELECT_PX, WAITING_PX = 200, 180
Draw = Callable[[ModelFacts, Look], LayoutDOM | None]


class Insight(param.Parameterized):
    """The charts of a models page.

    Args:
        view: whose ``data`` are drawn.
    """

    leads = param.String(default=OVERALL, doc="Range of leads whose drivers are shown.")
    swarm_leads = param.String(default="", doc="Range of leads whose swarm is shown; empty for the furthest there is.")
    by = param.Selector(default="hour", objects=list(BY), doc="What errors are grouped by.")

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def build(self) -> pn.Column:
        """Drivers, swarm, errors, what the bands promised, and what came."""
        return column(
            self._panel("drives", self._drivers, _drivers_csv, "leads", self._lead_options),
            self._panel("swarm", self._swarm, self._swarm_csv, "swarm_leads", self._swarm_options),
            self._panel("errors", self._errors, self._errors_csv, "by", _by_options),
            self._panel("promises", self._promises, _promises_csv),
            self._panel("density", self._density, _density_csv),
        )

    def _panel(
        self,
        name: str,
        draw: Draw,
        table: Callable[[ModelFacts], str],
        choice: str = "",
        options: Callable[[ModelFacts, Words], dict[str, str]] | None = None,
    ) -> pn.Column:
        """A chart with its sentence on how to read it; ``choice`` is the parameter that its select changes."""
        view, chosen = self._view, self._view.session.param
        watched = (self.param[choice],) if choice else ()

        def drawn(data: ModelFacts | None, language: str, theme: str, *_: object) -> LayoutDOM | None:
            look = Look(words=view.session.words(language), colours=palette(dark=theme == "dark"))
            return None if data is None else draw(data, look)

        def head(data: ModelFacts | None, *, words: Words) -> str:
            return _head_html(name, data, words, self._note(name, data, words))

        return chart_panel(
            view.html(head, sizing_mode=None),
            pn.bind(drawn, view.param.data, chosen.language, chosen.theme, *watched),
            session=view.session,
            name=name,
            title=f"{name}_title",
            table=lambda: "" if view.data is None else table(view.data),
            controls=[self._select(choice, options)] if options else (),
        )

    def _select(self, choice: str, options: Callable[[ModelFacts, Words], dict[str, str]]) -> pn.widgets.Select:
        view = self._view
        chooser = select(view.session, f"choose_{choice}", width=SELECT_PX)

        def fill(*_: object) -> None:
            there = options(view.data, words(view.session.language)) if view.data is not None else {}
            chosen = getattr(self, choice)
            value = chosen if chosen in there.values() else next(iter(there.values()), None)
            chooser.param.update(options=there, value=value)

        fill()
        view.session.param.watch(fill, "language")
        view.param.watch(fill, "data")
        chooser.param.watch(lambda event: self.param.update({choice: event.new or getattr(self, choice)}), "value")
        return chooser

    def _drivers(self, data: ModelFacts, look: Look) -> LayoutDOM | None:
        sizes = [one for one in _sizes(data) if one.lead_range == self.leads]
        return driver_bars(sizes, look=look) if sizes else None

    def _swarm(self, data: ModelFacts, look: Look) -> LayoutDOM | None:
        found = self._swarms(data)
        return swarm(found, look=look) if found else None

    def _swarms(self, data: ModelFacts) -> Sequence[FeatureSwarm]:
        ranges = _swarm_ranges(data)
        wanted = self.swarm_leads if self.swarm_leads in ranges else next(iter(reversed(ranges)), "")
        return [one for one in (data.importance.swarms if data.importance else ()) if one.lead_range == wanted]

    def _errors(self, data: ModelFacts, look: Look) -> LayoutDOM | None:
        if data.evaluation is None:
            return None
        groups = self._groups(data.evaluation)
        return error_bars(groups, [_group_name(self.by, one, look.words) for one in groups], look=look)

    def _groups(self, evaluation: EvaluationAnswer) -> Sequence[ErrorGroup]:
        groups: Sequence[ErrorGroup] = getattr(evaluation, BY[self.by])
        return groups

    def _promises(self, data: ModelFacts, look: Look) -> LayoutDOM | None:
        found = data.evaluation
        return promises(found.levels, found.bands, look=look) if found else None

    def _density(self, data: ModelFacts, look: Look) -> LayoutDOM | None:
        found = data.evaluation
        return density(found.cells, found.bin_kwh, look=look) if found and found.cells else None

    def _lead_options(self, data: ModelFacts, say: Words) -> dict[str, str]:
        ranges = list(dict.fromkeys(one.lead_range for one in _sizes(data)))
        return {_range_name(one, say): one for one in sorted(ranges, key=lambda one: one != OVERALL)}

    def _swarm_options(self, data: ModelFacts, say: Words) -> dict[str, str]:
        return {_range_name(one, say): one for one in reversed(_swarm_ranges(data))}

    def _note(self, name: str, data: ModelFacts | None, say: Words) -> str:
        """Whose chart it is, where that is not the champion that serves."""
        if data is None:
            return ""
        if name in {"drives", "swarm"} and data.importance is not None:
            other = data.importance.is_of_champion is False
            return say("drives_of", explained=_explained(data.importance.explained, say)) + (
                f" {say('drives_other')}" if other else ""
            )
        if name in {"errors", "promises", "density"} and data.evaluation is not None:
            return say("errors_other") if not data.evaluation.is_of_champion else ""
        return ""

    def _swarm_csv(self, data: ModelFacts) -> str:
        rows = [(one, point) for one in self._swarms(data) for point in one.points]
        return csv(
            {
                "lead_range": [one.lead_range for one, _ in rows],
                "feature": [one.feature for one, _ in rows],
                "value": [point.value for _, point in rows],
                "contribution_kwh": [point.kwh for _, point in rows],
            }
        )

    def _errors_csv(self, data: ModelFacts) -> str:
        groups = self._groups(data.evaluation) if data.evaluation else []
        names = ("forecasts", "usage_kwh", "rmse_kwh", "mae_kwh", "bias_kwh", "coverage_80")
        return csv(
            {self.by: [one.name for one in groups], **{name: [getattr(one, name) for one in groups] for name in names}}
        )


def _missing(name: str, data: ModelFacts | None) -> bool:
    if data is None:
        return False
    if name == "drives":
        return not _sizes(data)
    if name == "swarm":
        return not _swarm_ranges(data)
    return data.evaluation is None


def _head_html(name: str, data: ModelFacts | None, say: Words, note: str) -> str:
    is_missing = _missing(name, data)
    key = "drives_none" if name in {"drives", "swarm"} else "errors_none"
    told = f'<p class="nothing">{escape(say(key))}</p>' if is_missing else ""
    waiting = f'<div class="skeleton" style="height:{WAITING_PX}px"></div>' if data is None else ""
    more = f'<p class="muted small">{escape(note)}</p>' if note else ""
    return (
        f'<div class="chart-head"><h2>{escape(say(f"{name}_title"))}</h2>'
        f"<p>{escape(say(f'{name}_about'))}</p>{more}{told}{waiting}</div>"
    )


def _sizes(data: ModelFacts) -> Sequence[DriverSize]:
    return data.importance.drivers if data.importance else ()


def _swarm_ranges(data: ModelFacts) -> list[str]:
    return list(dict.fromkeys(one.lead_range for one in (data.importance.swarms if data.importance else ())))


def _range_name(lead_range: str, say: Words) -> str:
    """``over_24h`` or a range of intervals, as a time ahead.

    A range ends with its last interval: ``17-96`` reaches 24 hours ahead.
    """
    if lead_range == OVERALL:
        return say("leads_day")
    first, _, last = lead_range.partition("-")
    if not last:
        return say("leads_next") if first == "1" else say("leads_at", at=_hours(int(first), say))
    return say("leads_range", first=_hours(int(first) - 1, say), last=_hours(int(last), say))


def _hours(intervals: int, say: Words) -> str:
    hours = intervals / QUARTERS
    return f"{say.number(hours, digits=0 if hours == int(hours) else 2)} h"


def _by_options(_: ModelFacts, say: Words) -> dict[str, str]:
    return {say(f"by_{name}"): name for name in BY}


def _group_name(by: str, group: ErrorGroup, say: Words) -> str:
    match by:
        case "hour":
            return f"{int(group.name):02}"
        case "day":
            return say.label("day", group.name)
        case "load_type":
            return say.label("band", group.name)
        case _:
            return f"{group.name.replace('-', DASH)} h"


def _drivers_csv(data: ModelFacts) -> str:
    drivers = data.importance.drivers if data.importance else []
    names = ("lead_range", "driver", "mean_abs_kwh")
    return csv({name: [getattr(one, name) for one in drivers] for name in names})


def _promises_csv(data: ModelFacts) -> str:
    levels = data.evaluation.levels if data.evaluation else []
    bands = data.evaluation.bands if data.evaluation else []
    kept: list[QuantileLevel | BandHeld] = [*levels, *bands]
    return csv(
        {
            "kind": ["quantile"] * len(levels) + ["band"] * len(bands),
            "promised": [one.promised for one in kept],
            "seen": [one.seen for one in kept],
            "mean_width_kwh": [*([None] * len(levels)), *(one.width_kwh for one in bands)],
        }
    )


def _density_csv(data: ModelFacts) -> str:
    found = data.evaluation
    cells, bin_kwh = (found.cells, found.bin_kwh) if found else ([], 0.0)
    return csv(
        {
            "forecast_from_kwh": [cell.forecast_kwh for cell in cells],
            "reading_from_kwh": [cell.usage_kwh for cell in cells],
            "width_kwh": [bin_kwh] * len(cells),
            "forecasts": [cell.forecasts for cell in cells],
        }
    )


def _explained(explained: str, say: Words) -> str:
    """The model that was explained, or why there is none."""
    return say.label("model_name", explained) if explained.isidentifier() else retold_text(explained, words=say)
