"""Whether one model is better than another, or only luckier: paired comparisons on the same origins.

Forecasts made a few hours apart share most of their targets, and a bad day spoils several: the errors of neighbouring
origins move together. Both methods here allow for that; a plain t-test would find a difference in pure noise.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from pydantic import Field

from steel_energy.arrays import FloatArray
from steel_energy.config import Record
from steel_energy.errors import InputError
from steel_energy.timeline import DEFAULT_HORIZON

RESAMPLES = 2000  # enough for the ends of a 95 % interval to stand still in the second digit
CONFIDENCE = 0.95
RESAMPLING_SEED = 1


class Comparison(Record):
    """One model against another, on the mean squared error over 24 hours from each origin.

    Attributes:
        p_value: of the Diebold-Mariano test that both are equally good; None where they never differ.
        difference_kwh: the model's RMSE less the other's.
        low_kwh: lower end of the difference's 95 % interval.
        high_kwh: upper end.
    """

    p_value: float | None = Field(ge=0, le=1)
    difference_kwh: float
    low_kwh: float
    high_kwh: float


def compare(model: pl.DataFrame, other: pl.DataFrame, *, block_origins: int) -> Comparison:
    """Compare two backtests.

    Args:
        model: as ``backtest`` returns it.
        other: the same of another model, at the same origins.
        block_origins: neighbouring origins that the bootstrap keeps together; a week of them keeps weekends whole.

    Raises:
        InputError: the origins differ.
    """
    paired = _losses(model).join(_losses(other), on="origin", suffix="_other", validate="1:1")
    if not paired.height == model["origin"].n_unique() == other["origin"].n_unique():
        raise InputError("were not asked at the same origins", field="backtests", remedy="try both models out again")
    paired = paired.sort("origin")
    own, others = paired["loss"].to_numpy(), paired["loss_other"].to_numpy()
    low, high = _interval(own, others, block=min(block_origins, len(own)))
    return Comparison(
        p_value=diebold_mariano(own - others),
        difference_kwh=float(np.sqrt(own.mean()) - np.sqrt(others.mean())),
        low_kwh=low,
        high_kwh=high,
    )


def diebold_mariano(differences: FloatArray) -> float | None:
    """Two-sided p-value that a series of differences of losses has mean zero; None where all are zero.

    The variance of the mean is heteroscedasticity- and autocorrelation-consistent (Newey and West) over 1.3 times the
    root of the length, as Lazarus et al. (2018) advise; the small-sample correction is that of Harvey et al. (1997).

    >>> diebold_mariano(np.zeros(30)) is None
    True
    """
    from scipy import stats  # noqa: PLC0415 - a second, and few ask
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415 - the same

    n = len(differences)
    if n < 2 or not np.ptp(differences):  # noqa: PLR2004 - no spread, no test
        return None
    lags = min(math.ceil(1.3 * math.sqrt(n)), n - 1)
    fitted = OLS(differences, np.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    steps = lags + 1
    correction = math.sqrt(max((n + 1 - 2 * steps + steps * (steps - 1) / n) / n, 0.0))
    statistic = float(fitted.tvalues[0]) * correction
    return float(2 * stats.t.sf(abs(statistic), df=n - 1))


def _losses(backtested: pl.DataFrame) -> pl.DataFrame:
    """Mean squared error over the first 24 hours, a row for each origin."""
    loss = ((pl.col("mean_kwh") - pl.col("usage_kwh")) ** 2).mean().alias("loss")
    return backtested.filter(pl.col("lead") <= DEFAULT_HORIZON).group_by("origin").agg(loss)


def _interval(own: FloatArray, others: FloatArray, *, block: int) -> tuple[float, float]:
    """Ends of the interval of the difference of RMSEs, by a bootstrap of moving blocks of origins."""
    n = len(own)
    random = np.random.default_rng(RESAMPLING_SEED)
    starts = random.integers(0, n - block + 1, size=(RESAMPLES, math.ceil(n / block)))
    chosen = (starts[:, :, None] + np.arange(block)).reshape(RESAMPLES, -1)[:, :n]
    differences = np.sqrt(own[chosen].mean(axis=1)) - np.sqrt(others[chosen].mean(axis=1))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(differences, [tail, 1 - tail])
    return float(low), float(high)
