"""The nowcast's errors in a picture: physics alone, trees on the raw columns and the virtual meter, by roughening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from steel_energy.reporting import model_style as style
from steel_energy.reporting.model_style import Painter, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHODS = {
    "physics_rmse_kwh": ("physics alone", style.MUTED),
    "raw_trees_rmse_kwh": ("trees on the raw columns", style.CONTRAST),
    "rmse_kwh": ("virtual meter", style.ACCENT),
}


def roughening_picture(table: pl.DataFrame, *, title: str) -> bytes:
    """A PNG of the errors of ``nowcasting.trial.error_table``; the same table gives the same bytes.

    Args:
        table: the scores, a row for each roughening.
        title: whose readings these are.
    """
    return picture(
        _errors(table), title="Nowcast of readings that got worse", remark=f"{title}: RMSE in kWh", size=style.TALL
    )


def _errors(table: pl.DataFrame) -> Painter:
    def paint(axes: Axes) -> None:
        rows = np.arange(table.height)
        for place, (column, (name, colour)) in enumerate(METHODS.items()):
            axes.plot(table[column].to_numpy(), rows, "o", color=colour, label=name, markersize=7 - place)
        axes.set_xscale("symlog", linthresh=1)
        axes.set_xlim(left=0)
        axes.set_xticks([0, 0.5, 1, 2, 5, 10, 20, 50], ["0", "0.5", "1", "2", "5", "10", "20", "50"])
        axes.set_yticks(rows, table["roughening"].to_list())
        axes.invert_yaxis()
        axes.set_xlabel("RMSE, kWh")
        style.key(axes)

    return paint
