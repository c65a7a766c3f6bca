"""The pages, in the order of the menu; a page that is not in it does not exist for the reader."""

from __future__ import annotations

from steel_ui.views.copilot import CopilotView
from steel_ui.views.drift import DriftView
from steel_ui.views.forecast import ForecastView
from steel_ui.views.models import ModelsView
from steel_ui.views.overview import OverviewView
from steel_ui.views.page import View
from steel_ui.views.plan import PlanView
from steel_ui.views.quality import QualityView
from steel_ui.views.reports import ReportsView

VIEWS: tuple[type[View], ...] = (
    *(OverviewView, ForecastView, PlanView, CopilotView),
    *(QualityView, ModelsView, DriftView, ReportsView),
)
