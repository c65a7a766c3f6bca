"""The plan page: when to run what, and what would be if; advice alone, nothing is switched."""

from __future__ import annotations

from functools import cached_property

import panel as pn
import panel_material_ui as pmui

from steel_ui.client import Forecast, Problem
from steel_ui.state import TASKS, Session
from steel_ui.views.page import View, column, page_head_html
from steel_ui.views.parts.card import chip_html
from steel_ui.views.plan_schedule import Schedule
from steel_ui.views.plan_what_if import WhatIf
from steel_ui.words import Words, words

DAYS_AHEAD = 7
BUTTONS_SX = {"& .MuiToggleButton-root": {"padding": "4px 14px", "whiteSpace": "nowrap", "lineHeight": 1.5}}


class PlanView(View):
    """Two questions, one of them shown; what was filled in for the other one stays."""

    key = "plan"
    icon = "M19 4h-1V2h-2v2H8V2H6v2H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V6a2 2 0 0 0-2-2zm0 16H5V10h14v10z"

    @cached_property
    def schedule(self) -> Schedule:
        """When to run what; made when the page is first shown, for its widgets take their time."""
        return Schedule(self)

    @cached_property
    def what_if(self) -> WhatIf:
        """What would be if; as ``schedule``."""
        return WhatIf(self.session)

    async def load(self) -> tuple[Forecast, tuple[Problem, ...]]:
        """The forecast of the days ahead: the load that a plan starts from."""
        return await self.session.service.forecast(hours=24 * DAYS_AHEAD), ()

    def loaded(self) -> None:
        """Fill a first plan in and ask for it, so that the page shows at once what it is good for."""
        if self.schedule.suggest(self.data):
            self.schedule.ask()

    def build(self) -> pn.viewable.Viewable:
        """Heading, the choice between the two questions, and each of them."""
        tasks: tuple[Schedule | WhatIf, ...] = (self.schedule, self.what_if)
        parts = [task.build() for task in tasks]
        for name, task, part in zip(TASKS, tasks, parts, strict=True):
            part.visible = pn.bind(name.__eq__, self.session.param.task)
            self.session.param.watch(task.forget, "plant")
        return column(self.html(_head_html), _task_buttons(self.session), *parts)


def _head_html(_: Forecast | None, *, words: Words) -> str:
    head = page_head_html(words("page_plan"), words("page_plan_about"))
    return head.replace("</header>", f"{chip_html(words('plan_advice_chip'))}</header>")


def _task_buttons(session: Session) -> pmui.RadioButtonGroup:
    buttons = pmui.RadioButtonGroup(value=session.task, label="", size="small", margin=0, sx=BUTTONS_SX)

    def name(*_: object) -> None:
        say = words(session.language)
        buttons.param.update(options={say(f"task_{task}"): task for task in TASKS}, value=session.task)

    name()
    session.param.watch(name, ["language", "task"])
    buttons.param.watch(lambda event: session.param.update(task=event.new or session.task), "value")
    return buttons
