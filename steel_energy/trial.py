"""Trying a forecaster out: backtested on the validation and the test part, each by a fit that ends where it begins.

How a split, a backtest and a score are made stands in ``evaluation``; here they are put together, the same for all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from steel_energy.config import Record
from steel_energy.errors import REBUILD, BundleError, ModelUnavailableError
from steel_energy.evaluation import (
    BANDS,
    CHOSEN_BY,
    PARTS,
    Split,
    backtest,
    cross_validate,
    flat_metrics,
    score,
    split_times,
)
from steel_energy.forecasting import Forecaster, Vintages
from steel_energy.lake import replace_folder
from steel_energy.params import EvaluationParams, Params

TRIAL_FILE = "trial.json"
BACKTEST_FILE = "backtest.parquet"
FITS_FOLDER = "fits"


class Costs(Record):
    """What a model costs, measured on the machine that tried it out.

    Attributes:
        training_s: wall time of the fit before the test part.
        inference_ms_per_origin: wall time of the test part's backtest, which asks for many origins at once.
        size_bytes: of the newest fit on disk.
    """

    training_s: float
    inference_ms_per_origin: float
    size_bytes: int = 0


class TrialRecord(Record):
    """What ``trial.json`` says: of a model that was tried out, or of one that could not be, with the reason."""

    model: str
    label: str = ""
    absent_because: str | None = None
    costs: Costs | None = None
    fold_rmse_kwh: tuple[float, ...] = ()


@dataclass(frozen=True)
class Trial:
    """A forecaster's fits before the validation and before the test part, and what came of them.

    Attributes:
        forecaster: the two fits; each origin is forecast by one that had not seen its future.
        split: the times that part the readings.
        backtest: ``part`` (validation or test), then the columns of ``evaluation.backtest``.
        scores: ``part``, then the columns of ``evaluation.score``.
        costs: of the newest fit, its size on disk aside.
        fold_rmse_kwh: error over 24 hours in each fold of a cross-validation; empty where there was none.
    """

    forecaster: Vintages
    split: Split
    backtest: pl.DataFrame
    scores: pl.DataFrame
    costs: Costs
    fold_rmse_kwh: tuple[float, ...] = ()


@dataclass(frozen=True)
class StoredTrial:
    """A trial as it lies on disk; ``backtest`` is None where the model could not be tried out."""

    record: TrialRecord
    backtest: pl.DataFrame | None
    fits: Path

    @property
    def backtested(self) -> pl.DataFrame:
        """The backtest of a model that was tried out.

        Raises:
            ModelUnavailableError: it was not; says why.
        """
        if self.backtest is None:
            raise ModelUnavailableError(self.record.absent_because or "has no backtest", field=self.record.model)
        return self.backtest

    @property
    def costs(self) -> Costs:
        """The costs of a model that was tried out.

        Raises:
            ModelUnavailableError: it was not; says why.
        """
        if self.record.costs is None:
            raise ModelUnavailableError(self.record.absent_because or "has no costs", field=self.record.model)
        return self.record.costs


def try_out(forecaster: Forecaster, readings: pl.DataFrame, *, params: EvaluationParams) -> Trial:
    """Backtest ``forecaster`` on the validation and the test part, fitted on all readings before each.

    Args:
        forecaster: unfitted.
        readings: data contract, sorted, one row for each interval.
        params: the split and the distance of the origins.

    Raises:
        NotEnoughDataError: the readings are too short to be parted or to train on.
        ModelUnavailableError: the model cannot run on this machine.
    """
    split = split_times(readings, params)
    fitted = Vintages(forecaster, str(split.end.tzinfo))
    for end in (split.validation_start, split.test_start):
        started = time.perf_counter()
        fitted = fitted.fit(readings.filter(pl.col("interval_start") < end))
        training_s = time.perf_counter() - started
    backtests = []
    for part, (start, end) in split.parts.items():
        started = time.perf_counter()
        backtests.append(in_part(part, backtest(fitted, readings, start=start, end=end, params=params)))
        inference_s = time.perf_counter() - started
    costs = Costs(
        training_s=training_s, inference_ms_per_origin=1000 * inference_s / backtests[-1]["origin"].n_unique()
    )
    backtested = pl.concat(backtests)
    return Trial(fitted, split, backtested, scores_of(backtested, readings), costs)


def cross_validated(trial: Trial, forecaster: Forecaster, readings: pl.DataFrame, *, params: Params) -> Trial:
    """``trial`` with the errors of a cross-validation on the readings before its test part.

    Args:
        trial: of the same model.
        forecaster: unfitted.
        readings: those of the trial.
        params: the number of folds, and how many days precede the first.
    """
    before = readings.filter(pl.col("interval_start") < trial.split.test_start)
    least = params.forecasting.min_training_days
    scored = cross_validate(forecaster, before, params=params.evaluation, min_training_days=least)
    return replace(trial, fold_rmse_kwh=tuple(scored[CHOSEN_BY]))


def without_scores() -> pl.DataFrame:
    """The empty scores of a model that could not be tried out."""
    return pl.DataFrame(schema={"part": pl.String, "lead_time": pl.String})


def scores_of(backtested: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """The scores of each part of a trial's backtest."""
    return pl.concat(in_part(part, score(part_of(backtested, part), readings)) for part in PARTS)


def write_trial(trial: Trial, folder: Path) -> TrialRecord:
    """Replace ``folder`` by the trial: ``trial.json``, ``backtest.parquet`` and the fits under ``fits``."""
    forecaster = trial.forecaster
    record = TrialRecord(
        model=forecaster.name, label=forecaster.label, costs=trial.costs, fold_rmse_kwh=trial.fold_rmse_kwh
    )

    def write(scratch: Path) -> None:
        nonlocal record
        (scratch / FITS_FOLDER).mkdir()
        forecaster.save(scratch / FITS_FOLDER)
        newest = scratch / FITS_FOLDER / forecaster.fits[-1].folder
        size = sum(path.stat().st_size for path in newest.rglob("*") if path.is_file())
        record = record.model_copy(update={"costs": trial.costs.model_copy(update={"size_bytes": size})})
        _write_record(record, scratch)
        trial.backtest.write_parquet(scratch / BACKTEST_FILE)

    replace_folder(folder, write)
    return record


def write_absence(model: str, folder: Path, *, reason: str) -> TrialRecord:
    """Replace ``folder`` by a note of why ``model`` was not tried out here."""
    record = TrialRecord(model=model, absent_because=reason)
    replace_folder(folder, lambda scratch: _write_record(record, scratch))
    return record


def read_trial(folder: Path) -> StoredTrial:
    """What ``write_trial`` or ``write_absence`` left in ``folder``; the fits are read by ``load_vintages(fits)``.

    Raises:
        BundleError: the folder holds no trial.
    """
    record = read_record(folder)
    absent = record.absent_because is not None
    try:
        backtested = None if absent else pl.read_parquet(folder / BACKTEST_FILE, hive_partitioning=False)
    except FileNotFoundError as error:
        raise BundleError("holds no trial", field=str(folder), remedy=REBUILD) from error
    return StoredTrial(record, backtested, folder / FITS_FOLDER)


def read_record(folder: Path) -> TrialRecord:
    """What the trial in ``folder`` says of itself, without its backtest.

    Raises:
        BundleError: the folder holds no trial.
    """
    try:
        return TrialRecord.model_validate_json((folder / TRIAL_FILE).read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise BundleError("holds no trial", field=str(folder), remedy=REBUILD) from error


def _write_record(record: TrialRecord, folder: Path) -> None:
    (folder / TRIAL_FILE).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")


def metrics_of(scores: pl.DataFrame) -> dict[str, float]:
    """The scores of a trial as flat names, such as ``test.over_24h.rmse_kwh``."""
    return {name: value for part in PARTS for name, value in flat_metrics(part_of(scores, part), part=part).items()}


def part_of(frame: pl.DataFrame, part: str) -> pl.DataFrame:
    """The rows of one part of a trial's scores or backtest."""
    return frame.filter(pl.col("part") == part).drop("part")


def in_part(part: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The inverse of ``part_of``."""
    return frame.select(pl.lit(part).alias("part"), pl.all())


def lead_time_table(scores: pl.DataFrame) -> pl.DataFrame:
    """The metrics that people look at first, rounded: a row for each part and lead time."""
    shown = (
        *("rmse_kwh", "mae_kwh", "median_mae_kwh", "peak_weighted_rmse_kwh", "skill", "pinball_kwh"),
        *BANDS,
    )
    return scores.select("part", "lead_time", pl.col("forecasts").cast(pl.Int64), *(pl.col(n).round(3) for n in shown))
