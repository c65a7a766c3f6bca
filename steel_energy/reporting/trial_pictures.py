"""A backtest in pictures: how good the forecasts are, when they err, and whether the bands hold what they promise.

PNGs for an asset's page and for MLflow, painted in the look of ``model_style``; what a model learnt is shown by
``model_pictures``. Numbers are those of the backtest; nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from steel_energy.forecasting.base import QUANTILE_COLUMNS, QUANTILES
from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture
from steel_energy.reporting.wording import number
from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.timeline import DEFAULT_HORIZON

DAYS_SHOWN = 14
CLOSE_KWH = 5
BIN_KWH = 2
SHOWN_SHARE = 0.995  # of the errors; the few beyond would squeeze all others
RELIABLE_POINTS = 3  # percentage points: a quantile that is off by no more is calibrated
PERCENT = 100

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def trial_pictures(backtest: pl.DataFrame, *, title: str) -> dict[str, bytes]:
    """The pictures of one part's backtest by name, PNG; the same backtest gives the same bytes.

    Args:
        backtest: as ``evaluation.backtest`` returns it, at least a day; the first 24 hours of each forecast are shown.
        title: whose forecasts these are, such as ``lightgbm, gwangyang, test part``.

    Returns:
        ``predicted_vs_actual``, ``residuals_over_time``, ``residual_distribution``, ``error_by_hour``,
        ``error_by_lead_time``, ``quantile_reliability`` and ``sample_fortnight``.
    """
    frame = backtest.filter(pl.col("lead") <= DEFAULT_HORIZON).with_columns(
        error_kwh=pl.col("usage_kwh") - pl.col("mean_kwh"), time=pl.col("interval_start").dt.replace_time_zone(None)
    )
    about = f"{title}: {number(frame.height)} forecasts up to 24 h ahead"
    return {
        "predicted_vs_actual": picture(
            _predicted_vs_actual(frame), title="What came, against what was forecast", remark=about, size=style.SQUARE
        ),
        "residuals_over_time": picture(
            _residuals_over_time(frame), title="Error of each day's forecasts", remark=f"{about}; reading less forecast"
        ),
        "residual_distribution": picture(_residual_distribution(frame), title="How large the errors are", remark=about),
        "error_by_hour": picture(_error_by_hour(frame), title="When the forecasts err", remark=about),
        "error_by_lead_time": picture(
            _error_by_lead_time(frame), title="How the error grows with the lead time", remark=about
        ),
        "quantile_reliability": picture(_quantile_reliability(frame), title="Do the quantiles hold?", remark=about),
        "sample_fortnight": picture(
            _fortnight(day_ahead(frame)),
            title="A fortnight, forecast a day ahead",
            remark=f"{title}: the last {DAYS_SHOWN} days, one forecast for each",
        ),
    }


def day_ahead(backtest: pl.DataFrame, *, days: int = DAYS_SHOWN) -> pl.DataFrame:
    """One forecast for each interval of the last ``days``: those whose origins lie whole days before the newest."""
    newest = backtest["origin"].max()
    a_day_apart = ((pl.lit(newest) - pl.col("origin")).dt.total_minutes() % (24 * 60)) == 0
    one_each = backtest.filter(a_day_apart & (pl.col("lead") <= DEFAULT_HORIZON))
    return one_each.sort("interval_start").tail(days * INTERVALS_PER_DAY)


def _predicted_vs_actual(frame: pl.DataFrame) -> Painter:
    forecast, actual = frame["mean_kwh"].to_numpy(), frame["usage_kwh"].to_numpy()
    top = max(float(forecast.max()), float(actual.max()), 1.0) * 1.03

    def paint(axes: Axes) -> None:
        tints = style.colour_scale(style.COUNTS)
        cells = axes.hexbin(
            forecast, actual, gridsize=60, extent=(0, top, 0, top), bins="log", mincnt=1, cmap=tints, linewidths=0.1
        )
        axes.plot([0, top], [0, top], color=style.CONTRAST, linewidth=1.2)
        style.label(axes, "exact", (top, top), colour=style.CONTRAST, ha="right", offset=(-18, -4))
        style.scale_bar(axes, cells, "forecasts")
        axes.set(xlim=(0, top), ylim=(0, top), aspect="equal", xlabel="forecast mean, kWh", ylabel="reading, kWh")

    return paint


def _residuals_over_time(frame: pl.DataFrame) -> Painter:
    error = pl.col("error_kwh")
    shares = {f"q{share:02d}": error.quantile(share / PERCENT, "linear") for share in (5, 25, 75, 95)}
    days = frame.group_by(pl.col("time").dt.date().alias("day")).agg(error.mean().alias("mean"), **shares).sort("day")
    day = days["day"].to_numpy()

    def paint(axes: Axes) -> None:
        axes.fill_between(day, days["q05"], days["q95"], color=style.ACCENT_PALE, linewidth=0, label="90 % of errors")
        axes.fill_between(day, days["q25"], days["q75"], color=style.ACCENT_SOFT, linewidth=0, label="half of errors")
        axes.axhline(0, color=style.INK_SOFT, linewidth=0.8)
        axes.plot(day, days["mean"], color=style.CONTRAST, linewidth=1.6, label="mean error")
        axes.set(ylabel="reading less forecast, kWh")
        axes.margins(x=0)
        style.dates(axes)
        style.key(axes)

    return paint


def _residual_distribution(frame: pl.DataFrame) -> Painter:
    error = frame["error_kwh"].to_numpy()
    reach = max(2 * CLOSE_KWH, np.ceil(np.quantile(np.abs(error), SHOWN_SHARE) / BIN_KWH) * BIN_KWH)
    edges = np.arange(-reach - BIN_KWH / 2, reach + BIN_KWH, BIN_KWH)
    shares = np.histogram(error, bins=edges)[0] / len(error) * PERCENT
    close = PERCENT * float(np.mean(np.abs(error) <= CLOSE_KWH))

    def paint(axes: Axes) -> None:
        middles = edges[:-1] + BIN_KWH / 2
        colours = [style.ACCENT if abs(middle) <= CLOSE_KWH else style.ACCENT_SOFT for middle in middles]
        axes.bar(middles, shares, width=BIN_KWH * 0.92, color=colours)
        axes.axvline(float(error.mean()), color=style.CONTRAST, linewidth=1.4)
        top = float(shares.max())
        text = f"{close:.0f} % within {CLOSE_KWH} kWh"
        style.label(axes, text, (CLOSE_KWH, top), colour=style.ACCENT, weight="bold", offset=(12, 0))
        style.label(axes, f"mean {error.mean():+.2f} kWh", (CLOSE_KWH, top), colour=style.CONTRAST, offset=(12, -18))
        axes.set(xlabel="reading less forecast, kWh", ylabel="share of forecasts, % (log scale)", yscale="log")
        style.plain_numbers(axes)
        axes.margins(x=0.01)
        axes.grid(visible=False, axis="x")

    return paint


def _error_by_hour(frame: pl.DataFrame) -> Painter:
    hours = _errors(frame, pl.col("time").dt.hour().cast(pl.Int64).alias("at"))

    def paint(axes: Axes) -> None:
        middle = hours["at"] + 0.5
        axes.bar(middle, hours["usage_kwh"], width=1, color=style.MUTED_PALE, label="mean reading")
        axes.plot(middle, hours["rmse_kwh"], color=style.CONTRAST, linewidth=2, marker="o", markersize=4, label="RMSE")
        axes.plot(middle, hours["mae_kwh"], color=style.ACCENT, linewidth=2, marker="o", markersize=4, label="MAE")
        axes.set(xlim=(0, 24), xticks=range(0, 25, 3), xlabel="hour of the day, plant time", ylabel="kWh in 15 minutes")
        axes.grid(visible=False, axis="x")
        style.key(axes)

    return paint


def _error_by_lead_time(frame: pl.DataFrame) -> Painter:
    block = INTERVALS_PER_DAY // frame.select(pl.col("origin").dt.convert_time_zone("UTC").dt.time().n_unique()).item()
    leads = _errors(frame, (pl.col("lead") / INTERVALS_PER_HOUR).alias("at"))
    blocks = _errors(frame, ((pl.col("lead") - 1) // block * block / INTERVALS_PER_HOUR).alias("at"))
    hours = block / INTERVALS_PER_HOUR

    def paint(axes: Axes) -> None:
        for name, text, colour in (("rmse_kwh", "RMSE", style.CONTRAST), ("mae_kwh", "MAE", style.ACCENT)):
            axes.plot(leads["at"], leads[name], color=colour, linewidth=1, alpha=0.4)
            axes.hlines(blocks[name], blocks["at"], blocks["at"] + hours, color=colour, linewidth=3)
            for start, value in zip(blocks["at"], blocks[name], strict=True):
                style.label(axes, f"{value:.1f}", (start, value), colour=colour, offset=(2, 9), weight="bold")
            style.label(axes, text, (leads["at"][-1], blocks[name][-1]), colour=colour, weight="bold")
        axes.set(xlim=(0, None), ylim=(0, None), ylabel="kWh in 15 minutes")
        axes.set_xlabel(f"lead time, hours (bold: {hours:g} hours together, in which each time of day counts alike)")
        axes.set_xticks(range(0, DEFAULT_HORIZON // INTERVALS_PER_HOUR + 1, 3))

    return paint


def _quantile_reliability(frame: pl.DataFrame) -> Painter:
    below = [pl.col("usage_kwh") <= pl.col(name) for name in QUANTILE_COLUMNS]
    seen = frame.select(share.mean().alias(name) for name, share in zip(QUANTILE_COLUMNS, below, strict=True)).row(0)
    promised, off = np.array(QUANTILES) * PERCENT, (np.array(seen) - QUANTILES) * PERCENT

    def paint(axes: Axes) -> None:
        axes.axhspan(-RELIABLE_POINTS, RELIABLE_POINTS, color=style.ACCENT_PALE, linewidth=0)
        axes.axhline(0, color=style.INK_SOFT, linewidth=0.9)
        for place, (level, points) in enumerate(zip(promised, off, strict=True)):
            colour = style.ACCENT if abs(points) <= RELIABLE_POINTS else style.CONTRAST
            axes.vlines(place, 0, points, color=colour, linewidth=2.5)
            axes.plot(place, points, marker="o", markersize=9, color=colour)
            style.label(axes, f"{level + points:.1f} %", (place, points), colour=colour, offset=(9, 0), weight="bold")
        reach = max(2 * RELIABLE_POINTS, 1.15 * float(np.abs(off).max()))
        axes.set(ylim=(-reach, reach), xlim=(-0.5, len(off) - 0.2), ylabel="seen less promised, points")
        axes.set_xticks(range(len(off)), [f"{level:.0f} %" for level in promised])
        axes.set_xlabel("promised share of readings below the quantile; beside each point the share seen")
        axes.grid(visible=False, axis="x")

    return paint


def _fortnight(frame: pl.DataFrame) -> Painter:
    time = frame["time"].to_numpy()

    def paint(axes: Axes) -> None:
        axes.fill_between(
            time, frame["q05"], frame["q95"], color=style.CONTRAST, alpha=0.13, linewidth=0, label="90 % band"
        )
        axes.fill_between(
            time, frame["q25"], frame["q75"], color=style.CONTRAST, alpha=0.25, linewidth=0, label="50 % band"
        )
        axes.plot(time, frame["mean_kwh"], color=style.CONTRAST, linewidth=1.5, label="forecast mean")
        axes.plot(time, frame["usage_kwh"], color=style.INK, linewidth=0.8, label="reading")
        axes.set(ylabel="kWh in 15 minutes", ylim=(0, None))
        axes.margins(x=0)
        style.dates(axes)
        style.key(axes)

    return paint


def _errors(frame: pl.DataFrame, at: pl.Expr) -> pl.DataFrame:
    """RMSE, MAE and the mean reading (kWh) by ``at``, in its order."""
    error = pl.col("error_kwh")
    figures = {
        "rmse_kwh": (error**2).mean().sqrt(),
        "mae_kwh": error.abs().mean(),
        "usage_kwh": pl.col("usage_kwh").mean(),
    }
    return frame.group_by(at).agg(**figures).sort("at")
