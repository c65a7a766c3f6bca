"""How good the global model is at a plant that it has not seen: with all of its history, and as if it were new.

Beside it stands the seasonal naive forecast at the same origins, which knows the whole history. Both forecast the part
of the readings that the plant's own models are reported on, so that those can be read beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from steel_energy.errors import NotEnoughDataError
from steel_energy.evaluation import backtest, over_24h, score, split_times
from steel_energy.fleet.rows import stretches, taught_days
from steel_energy.forecasting import Forecaster, SeasonalNaive
from steel_energy.forecasting.global_model import GlobalForecaster, GlobalRange
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, Lake
from steel_energy.params import Params
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.sites import Site


def judge(site: Site, models: Sequence[GlobalRange], *, lake: Lake, params: Params) -> dict[str, Any] | None:
    """Scores over 24 hours at one plant, by models that have not seen it; runs on a worker.

    Returns:
        ``plant``; RMSE, coverage of the 80 % band and number of forecast intervals over the test part (``rmse_kwh``,
        ``naive_rmse_kwh``, ``coverage_80``, ``forecasts``); the same where each forecast knows ``fleet.needed_days``
        to ``rows.taught_days`` days alone, prefixed with ``new_``. None where the history is too short.
    """
    readings = lake.read(CLEANED_READINGS, site.plant.id)
    try:
        return judged(readings, site, models, params)
    except NotEnoughDataError:
        return None


def judged(readings: pl.DataFrame, site: Site, models: Sequence[GlobalRange], params: Params) -> dict[str, Any]:
    """See ``judge``.

    Raises:
        NotEnoughDataError: what precedes the test part is too short for the seasonal naive forecast, or that part is.
    """
    needed = params.fleet.needed_days
    forecaster = GlobalForecaster(site.plant, site.tariff, tuple(models), needed, plants=0)
    split = split_times(readings, params.evaluation)
    start = pl.col("interval_start")
    naive = SeasonalNaive(site.plant, site.tariff, params.forecasting).fit(readings.filter(start < split.test_start))
    test = readings.filter(start >= split.test_start)

    def over_test(model: Forecaster) -> pl.DataFrame:
        return backtest(model, readings, start=split.test_start, end=split.end, params=params.evaluation)

    known, plain = over_test(forecaster), over_test(naive)
    days = min(taught_days(params), test.height // INTERVALS_PER_DAY)
    new = pl.concat(_as_new(forecaster, part, params) for part in stretches(test, days=days))
    beside = plain.join(new.select("origin", "lead"), on=["origin", "lead"], how="semi")
    return {
        "plant": site.plant.id,
        **_scores(known, plain, readings),
        **{f"new_{name}": value for name, value in _scores(new, beside, readings).items()},
    }


def _as_new(forecaster: Forecaster, part: pl.DataFrame, params: Params) -> pl.DataFrame:
    """Forecasts that know nothing of what was before ``part``."""
    first = readings_end(part.head(params.fleet.needed_days * INTERVALS_PER_DAY))
    return backtest(forecaster, part, start=first, end=readings_end(part), params=params.evaluation)


def _scores(model: pl.DataFrame, naive: pl.DataFrame, readings: pl.DataFrame) -> dict[str, float]:
    told, plain = over_24h(score(model, readings)), over_24h(score(naive, readings))
    return {
        "forecasts": told["forecasts"],
        "rmse_kwh": told["rmse_kwh"],
        "naive_rmse_kwh": plain["rmse_kwh"],
        "coverage_80": told["coverage_80"],
    }
