"""The models: which one answers, what may take its place, what drives it and where it errs, and which served before."""

from __future__ import annotations

import panel as pn

from steel_ui.client import Problem
from steel_ui.model_facts import ModelFacts, model_facts
from steel_ui.state import Session
from steel_ui.views.champions import champions_html
from steel_ui.views.model_board import cards_html, leaderboard_html
from steel_ui.views.model_change import Change
from steel_ui.views.model_insight import Insight
from steel_ui.views.page import View, column, page_head_html
from steel_ui.words import Words


class ModelsView(View):
    """Leaderboard, champions, their reasons and errors, and the way to another one."""

    key = "models"
    icon = "M7.5 21H2V9h5.5v12zm7.25-18h-5.5v18h5.5V3zM22 11h-5.5v10H22V11z"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.change = Change(self)
        self.insight = Insight(self)

    async def load(self) -> tuple[ModelFacts, tuple[Problem, ...]]:
        """Leaderboard, versions, and what the last build kept of the champion."""
        return await model_facts(self.session.service)

    def build(self) -> pn.viewable.Viewable:
        """Heading, the model that serves, its place, the leaderboard, what drives it and where it errs, the history."""
        return column(
            self.html(_heading_html),
            self.html(cards_html),
            self.change.build(),
            self.html(leaderboard_html),
            self.insight.build(),
            self.html(champions_html),
        )


def _heading_html(_: ModelFacts | None, *, words: Words) -> str:
    return page_head_html(words("page_models"), words("models_about"))
