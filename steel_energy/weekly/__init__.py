"""What a weekly report of a plant says, as records: every figure is computed here, none is put into words.

``weekly_report`` puts the sections together; each has a module of its own. A section that there is nothing to tell of
is ``Missing`` and carries the reason as a code. Words, pages and workbooks live in ``reporting.weekly_*``.
"""

from steel_energy.weekly.forecasts import Backtests
from steel_energy.weekly.report import Context, weekly_report
from steel_energy.weekly.sections import Missing, PlanAhead, WeekForecasts, WeeklyReport
from steel_energy.weekly.week import Week

__all__ = ["Backtests", "Context", "Missing", "PlanAhead", "Week", "WeekForecasts", "WeeklyReport", "weekly_report"]
