"""A search for better trees in a picture: each trial's error, and how the best one fell below the present values'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture
from steel_energy.tuning import Tuned, in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def history_picture(tuned: Tuned, *, plant: str) -> bytes:
    """A PNG of all attempts in order; the same search gives the same bytes."""
    return picture(_history(tuned), title=f"The search for better trees, {plant}", remark=in_words(tuned))


def _history(tuned: Tuned) -> Painter:
    whole = [one for one in tuned.attempts if not one.is_cut_short]
    cut = [one for one in tuned.attempts if one.is_cut_short]
    best_so_far = np.minimum.accumulate([one.rmse_kwh for one in whole])
    present_kwh = tuned.present_attempt.rmse_kwh

    def paint(axes: Axes) -> None:
        axes.axhline(present_kwh, color=style.CONTRAST, linewidth=1)
        numbers = [one.number for one in whole]
        axes.step(numbers, best_so_far, where="post", color=style.ACCENT, label="best so far")
        axes.scatter(numbers, [one.rmse_kwh for one in whole], s=22, color=style.ACCENT, label="trial")
        axes.scatter(
            [one.number for one in cut],
            [one.rmse_kwh for one in cut],
            s=22,
            color=style.MUTED,
            marker="x",
            label="cut short: its first blocks",
        )
        last = (tuned.attempts[-1].number, present_kwh)
        style.label(axes, "present values", last, colour=style.CONTRAST, offset=(0, 8), ha="right")
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("trial")
        axes.set_ylabel("RMSE over a day's leads, kWh")
        style.key(axes)

    return paint
