"""What a tree model learnt, in pictures: which features matter, how they push, at which lead time, and in one forecast.

PNGs in the look of ``model_style``, of what ``steel_energy.explaining`` computes. The swarms are the shap library's;
it takes seconds to import (extra ``assets``) and is imported when a swarm is painted.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from steel_energy.explaining import OVERALL, Explanation, driver_importance, importance
from steel_energy.explaining.drivers import CALENDAR, DRIVERS, LEVEL, REACTIVE, SIMILAR, STATE, TARIFF, words_of
from steel_energy.features import FEATURES
from steel_energy.params import LeadRange
from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture
from steel_energy.reporting.wording import lead_time, number
from steel_energy.timeline import DEFAULT_HORIZON

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOP = 15
COLOURS = {
    STATE: "#c0562b",
    LEVEL: "#e5a336",
    SIMILAR: "#2b5f8a",
    CALENDAR: "#62aede",
    TARIFF: "#2a9d7f",
    REACTIVE: "#7a8793",
}
"""A colour for each driver, told apart with any kind of colour vision."""


def importance_pictures(explained: Explanation, *, title: str) -> dict[str, bytes]:
    """The pictures of a model's contributions over a history by name, PNG; the same input gives the same bytes.

    Args:
        explained: rows of every range of leads, as ``explaining.explain_history`` draws them.
        title: which model of which plant, such as ``lightgbm, gwangyang``.

    Returns:
        ``top_features``, ``shap_by_lead_range``, ``shap_next_interval`` and ``shap_day_ahead`` (swarms of the nearest
        range of leads, and of the one that most of the first 24 hours belong to).
    """
    near, day_ahead = explained.ranges[0], max(explained.ranges, key=_leads_within_a_day)
    return {
        "top_features": picture(
            _top_features(importance(explained)),
            title=f"The {TOP} features that move forecasts most",
            remark=f"{title}: mean size of a contribution (SHAP) over the first 24 hours",
            size=style.TALL,
        ),
        "shap_by_lead_range": picture(
            _by_lead_range(driver_importance(explained), explained.ranges),
            title="What forecasts are made of, by lead time",
            remark=f"{title}: mean size of each driver's contribution (SHAP), kWh in 15 minutes",
        ),
        "shap_next_interval": _swarm(explained.within(near), near, title=title),
        "shap_day_ahead": _swarm(explained.within(day_ahead), day_ahead, title=title),
    }


def forecast_picture(explained: pl.DataFrame, *, title: str) -> bytes:
    """One forecast, taken apart: what each driver adds to the base and takes from it, interval by interval.

    Args:
        explained: as ``explaining.explain_forecast`` returns it.
        title: which model of which plant, and from when.
    """
    remark = f"{title}: contributions (SHAP) stacked on the base, the line is the forecast"
    return picture(_forecast(explained), title="One forecast, taken apart", remark=remark, size=style.TALL)


def _leads_within_a_day(leads: LeadRange) -> int:
    return min(leads.last, DEFAULT_HORIZON) - leads.first


def _top_features(sizes: pl.DataFrame) -> Painter:
    top = (
        sizes.filter(pl.col("lead_range") == OVERALL)
        .sort("mean_abs_kwh", "feature", descending=[True, False])
        .head(TOP)
    )

    def paint(axes: Axes) -> None:
        for driver in DRIVERS:
            rows = top.with_row_index("place").filter(pl.col("driver") == driver)
            if rows.height:
                axes.barh(rows["place"], rows["mean_abs_kwh"], color=COLOURS[driver], height=0.72, label=driver)
        for place, size in enumerate(top["mean_abs_kwh"]):
            style.label(axes, f"{size:.2f}", (size, place), colour=style.INK_SOFT, size=9.5)
        axes.set_yticks(range(top.height), [words_of(name) for name in top["feature"]], color=style.INK)
        axes.set(xlabel="kWh in 15 minutes")
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.legend(loc="lower right")

    return paint


def _by_lead_range(sizes: pl.DataFrame, ranges: tuple[LeadRange, ...]) -> Painter:
    order = sizes.filter(pl.col("lead_range") == OVERALL).sort("mean_abs_kwh", descending=True)["driver"]
    table = sizes.filter(pl.col("lead_range") != OVERALL).pivot("lead_range", index="driver", values="mean_abs_kwh")
    values = pl.DataFrame({"driver": order}).join(table, on="driver", maintain_order="left").drop("driver").to_numpy()

    def paint(axes: Axes) -> None:
        axes.imshow(np.sqrt(values), cmap=style.colour_scale((style.PAPER, *style.COUNTS[:4])), aspect="auto", vmin=0)
        dark = values > values.max() / 4
        for (row, column), value in np.ndenumerate(values):
            colour = style.PAPER if dark[row, column] else style.INK
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=colour)
        axes.set_yticks(range(len(order)), order, color=style.INK)
        axes.set_xticks(range(len(ranges)), [f"to {lead_time(part.last)}" for part in ranges])
        axes.set_xlabel("lead time of the range (shade: square root of the number)")
        axes.grid(visible=False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return paint


def _swarm(explained: Explanation, leads: LeadRange, *, title: str) -> bytes:
    since = f"{lead_time(leads.first - 1)} to " if leads.first > 1 else ""
    span = f"{since}{lead_time(leads.last)} ahead"
    return picture(
        _beeswarm(explained),
        title=f"How the {TOP} strongest features push a forecast {span}",
        remark=f"{title}: each dot is one of {number(len(explained.leads))} forecasts of the past",
        size=style.TALL,
    )


def _beeswarm(explained: Explanation) -> Painter:
    def paint(axes: Axes) -> None:
        with _undisturbed():
            import shap  # noqa: PLC0415 - seconds, see above

            rows = shap.Explanation(
                values=explained.contributions_kwh,
                base_values=explained.base_kwh,
                data=explained.features,
                feature_names=[words_of(name) for name in FEATURES],
            )
            shap.plots.beeswarm(
                rows,
                max_display=TOP,
                order=np.argsort(-np.abs(explained.contributions_kwh).mean(axis=0), kind="stable"),
                color=style.colour_scale(style.LOW_TO_HIGH),
                color_bar_label="value of the feature",
                group_remaining_features=False,
                ax=axes,
                plot_size=None,
                show=False,
                s=9,
            )
        axes.set_xlabel("contribution (SHAP), kWh in 15 minutes", fontsize=10.5)
        axes.tick_params(labelsize=10, labelcolor=style.INK_SOFT)
        axes.tick_params("y", labelcolor=style.INK, length=0)

    return paint


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let shap jitter its dots alike each time and leave nothing behind.

    It draws from numpy's global generator, and it calls functions that matplotlib will deprecate one day.
    """
    state = np.random.get_state()
    np.random.seed(0)
    try:
        with warnings.catch_warnings(category=PendingDeprecationWarning, action="ignore"):
            yield
    finally:
        np.random.set_state(state)


def _forecast(explained: pl.DataFrame) -> Painter:
    time = explained["interval_start"].dt.replace_time_zone(None).to_numpy()
    drivers = [driver for driver in DRIVERS if driver in explained.columns]

    def paint(axes: Axes) -> None:
        up, down = explained["base_kwh"].to_numpy(), explained["base_kwh"].to_numpy()
        axes.axhline(float(up.mean()), color=style.MUTED, linewidth=0)
        for driver in drivers:
            kwh = explained[driver].to_numpy()
            raised, lowered = up + np.maximum(kwh, 0), down + np.minimum(kwh, 0)
            fill: dict[str, Any] = {"color": COLOURS[driver], "linewidth": 0, "step": "post", "alpha": 0.9}
            axes.fill_between(time, up, raised, label=driver, **fill)
            axes.fill_between(time, lowered, down, **fill)
            up, down = raised, lowered
        axes.step(time, explained["base_kwh"], where="post", color=style.PAPER, linewidth=2.5)
        axes.step(time, explained["base_kwh"], where="post", color=style.INK_SOFT, linewidth=1, label="base")
        axes.step(time, explained["forecast_kwh"], where="post", color=style.INK, linewidth=1.8, label="forecast")
        axes.set(ylabel="kWh in 15 minutes")
        axes.margins(x=0)
        style.hours(axes)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=4, columnspacing=1.3, fontsize=9.5)

    return paint
