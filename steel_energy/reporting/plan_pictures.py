"""A picture of a plan: the load with and without it, over the price of energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture
from steel_energy.schema import INTERVALS_PER_HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOURS_BETWEEN_LABELS = 6


def plan_pictures(schedule: pl.DataFrame, *, title: str) -> dict[str, bytes]:
    """The pictures of a plan by name, PNG.

    Args:
        schedule: as a ``planning.Plan`` has it.
        title: whose plan of which days, such as ``gwangyang, 1 to 2 January 2019``.
    """
    remark = f"{title}: power by quarter of an hour; the darker, the dearer is energy"
    return {"planned_load": picture(_loads(schedule), title="The load with the plan and without", remark=remark)}


def _loads(schedule: pl.DataFrame) -> Painter:
    hours = np.arange(schedule.height) / INTERVALS_PER_HOUR
    price = schedule["energy_krw_per_kwh"].to_numpy()
    lines = (("baseline_kwh", "without", style.MUTED), ("total_kwh", "planned", style.ACCENT))
    labels = schedule["interval_start"].dt.strftime("%a %H:%M").to_list()

    def paint(axes: Axes) -> None:
        spread = max(float(price.max() - price.min()), 1.0)
        for at, shade in enumerate((price - price.min()) / spread):
            axes.axvspan(hours[at], hours[at] + 1 / INTERVALS_PER_HOUR, color=style.CONTRAST, alpha=0.16 * shade, lw=0)
        for column, text, colour in lines:
            power_kw = schedule[column].to_numpy() * INTERVALS_PER_HOUR
            axes.step(hours, power_kw, where="post", color=colour, linewidth=1.5, label=text)
        ticks = range(0, schedule.height, HOURS_BETWEEN_LABELS * INTERVALS_PER_HOUR)
        axes.set_xticks([hours[at] for at in ticks], [labels[at] for at in ticks])
        axes.set(xlim=(0, hours[-1] + 1 / INTERVALS_PER_HOUR), ylim=(0, None), ylabel="kW")
        axes.legend(loc="upper left", ncols=2)

    return paint
