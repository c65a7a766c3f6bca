"""What a boosted model's trial is judged by: its errors on blocks of time before the test part.

The later half of the readings is cut into blocks, and each block is forecast by trees grown on everything before it.
Rows are sampled and trees grown by the code of the real fit. The trees are judged alone: what the fit mixes into their
forecast afterwards, it learns from them as they are.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from steel_energy.arrays import FloatArray
from steel_energy.features import FeatureBuilder
from steel_energy.forecasting import boosters, boosting, trees
from steel_energy.forecasting.base import require_days
from steel_energy.forecasting.boosting import BoostedForecaster, TrainingRows, sample_rows
from steel_energy.params import LeadRange, TreeParams, TuningParams
from steel_energy.timeline import DEFAULT_HORIZON, build_timeline
from steel_energy.tuning.study import SPACE, space_around

WARM_UPS = 2  # one before the first row, and as long again to learn the first block from


@dataclass(frozen=True)
class BlockErrors:
    """``FoldErrors`` of a boosted model: the later half of the readings as blocks, a few ranges of leads.

    Attributes:
        forecaster: unfitted; its own values of the trees are replaced by the trial's.
        ranges: the ranges of leads that are tried.
        weights: share of a day's leads that each of them stands for.
        rows: of each range; their folds are twice ``folds`` blocks, the earlier half of which only teaches.
        folds: blocks that are forecast.
        step: one row in so many is learned from.
    """

    forecaster: BoostedForecaster
    ranges: tuple[LeadRange, ...]
    weights: FloatArray
    rows: tuple[TrainingRows, ...]
    folds: int
    step: int

    @classmethod
    def of(cls, forecaster: BoostedForecaster, readings: pl.DataFrame, *, tuning: TuningParams) -> Self:
        """Sample the rows as the real fit does, all from ``readings``.

        Raises:
            NotEnoughDataError: the earlier half of the readings is too short to train on.
        """
        own = forecaster.params
        needed_days = WARM_UPS * own.warm_up_days
        require_days(readings.height // 2, needed_days=needed_days, purpose="tuning (half of what is before the test)")
        cut = own.model_copy(update={"calibration_folds": 2 * tuning.folds})
        timeline = build_timeline(readings, plant=forecaster.plant, tariff=forecaster.tariff, ahead=1)
        builder = FeatureBuilder(timeline)
        ranges = tuple(
            part for part in own.boosting.lead_ranges if any(part.first <= lead <= part.last for lead in tuning.leads)
        )
        edges = [1, *(part.first for part in ranges[1:]), DEFAULT_HORIZON + 1]
        rows = tuple(sample_rows(builder, part, params=cut) for part in ranges)
        weights = np.diff(edges) / DEFAULT_HORIZON
        return cls(forecaster, ranges, weights, rows, tuning.folds, tuning.learn_from_one_row_in)

    def __call__(self, values: TreeParams, *, fold: int) -> float:
        """See ``FoldErrors``."""
        own = self.forecaster.params
        forecaster = replace(self.forecaster, params=own.model_copy(update={self.forecaster.name: values}))
        with ThreadPoolExecutor(own.boosting.workers) as pool:
            errors = list(pool.map(lambda *part: self._error(forecaster, *part, fold=fold), self.ranges, self.rows))
        return float(self.weights @ errors)

    def signature(self) -> str:
        """A hash of where is looked and of everything that the errors depend on beside the values tried."""
        import lightgbm as lgb  # noqa: PLC0415 - a second, which who only reads this need not wait
        import xgboost as xgb  # noqa: PLC0415 - as above

        present: TreeParams = getattr(self.forecaster.params, self.forecaster.name)
        space = {name: asdict(bounds) for name, bounds in space_around(present).items()}
        fixed = present.model_dump(mode="json", exclude=set(SPACE))
        facts = [space, fixed, self.folds, self.step, self.forecaster.params.seed]
        facts += [part.model_dump() for part in self.ranges]
        facts += [lgb.__version__, xgb.__version__]
        digest = hashlib.sha256(json.dumps(facts).encode())
        for module in (boosters, boosting, trees):
            digest.update(Path(str(module.__file__)).read_bytes())
        for rows in self.rows:
            for values in (rows.features, rows.usage_kwh, rows.target_fold):
                digest.update(values.tobytes())
        return digest.hexdigest()[:16]

    def _error(self, forecaster: BoostedForecaster, leads: LeadRange, rows: TrainingRows, *, fold: int) -> float:
        block = self.folds + fold
        past = np.flatnonzero(rows.target_fold < block)[:: self.step]
        own = np.flatnonzero(rows.origin_fold == block)
        forecast = forecaster.grow(leads, rows, past).predict(rows.features[own])
        return float(np.mean((forecast - rows.usage_kwh[own]) ** 2))
