"""Pictures of what the service predicted, against what was measured: how far its forecasts were off, by lead time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture
from steel_energy.reporting.wording import number
from steel_energy.schema import INTERVALS_PER_HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def prediction_pictures(joined: pl.DataFrame, *, title: str) -> dict[str, bytes]:
    """The pictures of a week by name, PNG; none where no forecast has met its actual yet.

    Args:
        joined: predictions with their actuals, as ``prediction_log.join_actuals`` returns them.
        title: whose predictions these are, such as ``gwangyang, week of 2018-12-31``.
    """
    met = joined.filter(pl.col("lead").is_not_null() & pl.col("error_kwh").is_not_null())
    if met.is_empty():
        return {}
    remark = f"{title}: {number(met.height)} forecast intervals that have been measured since"
    return {"error_by_lead": picture(_error_by_lead(met), title="How far the forecasts were off", remark=remark)}


def _error_by_lead(met: pl.DataFrame) -> Painter:
    hour, off = (pl.col("lead") - 1) // INTERVALS_PER_HOUR, pl.col("error_kwh")
    by_hour = met.group_by(hour=hour + 1).agg(mae=off.abs().mean(), rmse=(off**2).mean().sqrt()).sort("hour")

    def paint(axes: Axes) -> None:
        for name, text, colour in (("rmse", "RMSE", style.CONTRAST), ("mae", "MAE", style.ACCENT)):
            axes.plot(by_hour["hour"], by_hour[name], color=colour, linewidth=1.5, marker="o", markersize=4)
            style.label(axes, text, (by_hour["hour"][-1], by_hour[name][-1]), colour=colour, weight="bold")
        axes.set(xlim=(0, None), ylim=(0, None), xlabel="hours ahead", ylabel="kWh in 15 minutes")

    return paint
