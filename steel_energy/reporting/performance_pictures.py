"""The picture of a served model's weeks: how large its errors were, beside what its backtest leads to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from steel_energy.monitoring.table import DEGRADED
from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def performance_pictures(weeks: pl.DataFrame, *, title: str) -> dict[str, bytes]:
    """The picture of some weeks by its name, PNG.

    Args:
        weeks: rows of the table ``performance``, one a week, oldest first; at least one.
        title: whose they are, such as ``gwangyang, champion 3fd4884ef36c``.
    """
    remark = f"{title}: RMSE over 24 hours; the band is what the backtest leads to expect of such weeks"
    return {"error_by_week": picture(_error_by_week(weeks), title="The error of each week", remark=remark)}


def _error_by_week(weeks: pl.DataFrame) -> Painter:
    ends = weeks["window_until"].dt.date().to_list()
    colours = [style.CONTRAST if verdict == DEGRADED else style.ACCENT for verdict in weeks["verdict"]]
    high = weeks["usual_high_kwh"].fill_null(strategy="forward").to_list()

    def paint(axes: Axes) -> None:
        if None not in high:
            axes.fill_between(ends, high, color=style.ACCENT_PALE, step="mid", linewidth=0)
        axes.step(ends, weeks["backtest_rmse_kwh"], where="mid", color=style.MUTED, linewidth=1.2)
        axes.scatter(ends, weeks["rmse_kwh"], color=colours, s=28, zorder=3)
        axes.set(ylim=(0, None), xlabel="end of the seven days", ylabel="kWh in 15 minutes")
        axes.tick_params(axis="x", rotation=30)

    return paint
