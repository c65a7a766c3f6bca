"""Who stands where among models that were asked at the same origins, and who serves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from pydantic import Field

from steel_energy.config import Record
from steel_energy.errors import InputError

NAIVE = "seasonal_naive"
CHOSEN_BY = "rmse_kwh"


class Standing(Record):
    """One model's scores over 24 hours on the validation part and, for the report alone, on the test part.

    Attributes:
        model: its name.
        label: how it came to be, where its name would promise more.
        validation: metric to value.
        test: the same.
        further: what else is told of it, by the name of its column; None where it has no such figure.
    """

    model: str
    label: str = ""
    validation: dict[str, float]
    test: dict[str, float]
    further: dict[str, float | None] = Field(default_factory=dict)


class Choice(Record):
    """The champion and the reason, in words for the leaderboard."""

    model: str
    reason: str


@dataclass(frozen=True)
class Leaderboard:
    """Standings of models that were asked at the same origins."""

    standings: tuple[Standing, ...]

    def frame(self) -> pl.DataFrame:
        """A row a model, best validation score first.

        Returns:
            ``model``, ``label``, ``validation_<metric>``, ``test_<metric>``, then what else is told.
        """
        rows = [
            {
                "model": standing.model,
                "label": standing.label,
                **{f"validation_{name}": value for name, value in standing.validation.items()},
                **{f"test_{name}": value for name, value in standing.test.items()},
                **standing.further,
            }
            for standing in self.standings
        ]
        board = pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Null).cast(pl.Float64))
        return board.sort(f"validation_{CHOSEN_BY}", "model")

    def validation_rmse_kwh(self) -> dict[str, float]:
        """What the champion is chosen by."""
        return {standing.model: standing.validation[CHOSEN_BY] for standing in self.standings}


def choose_champion(
    validation_rmse_kwh: dict[str, float], *, incumbent: str | None = None, promotion_margin: float
) -> Choice:
    """The model to serve, by its validation score alone.

    The best model has to beat the seasonal naive forecast, which itself serves otherwise. An incumbent that still
    beats it gives way only to a model whose error is smaller by ``promotion_margin``, so that noise changes nothing.

    Args:
        validation_rmse_kwh: score of each model, ``seasonal_naive`` among them.
        incumbent: model that is served now; None, or one without a score, where there is none.
        promotion_margin: share of the incumbent's error.

    Raises:
        InputError: the seasonal naive forecast has no score.

    >>> choose_champion({"seasonal_naive": 20.0, "lightgbm": 15.0}, promotion_margin=0.01).model
    'lightgbm'
    """
    if NAIVE not in validation_rmse_kwh:
        raise InputError(f"{NAIVE} has no score", field="leaderboard", remedy="backtest it on the same origins")
    scores, gate = validation_rmse_kwh, validation_rmse_kwh[NAIVE]
    best = min(sorted(scores), key=lambda model: scores[model])
    if scores[best] >= gate:
        return Choice(model=NAIVE, reason=f"no model beats the seasonal naive forecast ({gate:.2f} kWh)")
    held = scores.get(incumbent, np.inf) if incumbent else np.inf
    if incumbent and best != incumbent and held < gate and scores[best] > held * (1 - promotion_margin):
        return Choice(
            model=incumbent,
            reason=f"{best} ({scores[best]:.2f} kWh) is not {promotion_margin:.0%} better ({held:.2f} kWh)",
        )
    return Choice(model=best, reason=f"best on validation: {scores[best]:.2f} kWh, seasonal naive {gate:.2f} kWh")
