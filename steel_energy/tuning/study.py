"""The search itself: which values are tried, when a trial is cut short, where a study lies and what it has found.

What a trial is judged by is handed in (``FoldErrors``), so nothing here knows of readings or trees.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from steel_energy.errors import InputError
from steel_energy.lake import write_atomically
from steel_energy.params import TreeParams

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.storages import RDBStorage

RANDOM_TRIALS = 5  # before the sampler has anything to learn from
JUDGED_TRIALS = 4  # before a trial that lags behind the median is cut short
TELLING_TRIALS = 25  # fewer do not say which value matters
SIGNIFICANT_DIGITS = 3  # of the values tried: a person reads and writes them


@dataclass(frozen=True)
class Bounds:
    """Where the study looks for a value; whole numbers where ``low`` is one, evenly over the logarithm if ``log``."""

    low: float
    high: float
    log: bool = False


SPACE = {
    "learning_rate": Bounds(0.01, 0.15, log=True),
    "leaves": Bounds(4, 63, log=True),
    "min_rows_in_leaf": Bounds(5, 500, log=True),
    "feature_share": Bounds(0.1, 0.8),
    "row_share": Bounds(0.4, 1.0),
    "bins": Bounds(31, 255, log=True),
}
"""What is tuned of ``TreeParams``, by field; the number of trees stays, the learning rate goes with it."""


def space_around(present: TreeParams) -> dict[str, Bounds]:
    """``SPACE``, widened where a present value lies outside.

    One study has one space: with another one, Optuna would leave the value out of what it learns and tells.
    """
    return {
        name: replace(
            bounds, low=min(bounds.low, getattr(present, name)), high=max(bounds.high, getattr(present, name))
        )
        for name, bounds in SPACE.items()
    }


class FoldErrors(Protocol):
    """What a study minimises, one block of time after the other."""

    @property
    def folds(self) -> int:
        """How many blocks there are."""

    def __call__(self, values: TreeParams, *, fold: int) -> float:
        """Mean squared error in kWh² of block ``fold``, forecast by trees that grew as ``values`` say."""


@dataclass(frozen=True)
class Attempt:
    """One finished trial: the values tried and the RMSE in kWh over the blocks that it forecast.

    Attributes:
        number: in order of trying, from 0.
        values: all that was set.
        rmse_kwh: over all blocks, or over those before it was cut short.
        fold_rmse_kwh: of each of these blocks.
        is_cut_short: it lagged behind the others and the rest of the blocks was spared.
        seconds: what it took.
    """

    number: int
    values: TreeParams
    rmse_kwh: float
    fold_rmse_kwh: tuple[float, ...]
    is_cut_short: bool
    seconds: float


@dataclass(frozen=True)
class Tuned:
    """What a study has found so far, the attempt with the present values among its attempts.

    Attributes:
        model: name of the forecaster.
        present: the values of ``params.yaml``.
        attempts: finished ones, in order.
        planned: how many there are to be.
        importance: share of each value in the differences between the attempts; empty where too few tell.
    """

    model: str
    present: TreeParams
    attempts: tuple[Attempt, ...]
    planned: int
    importance: dict[str, float] = field(default_factory=dict)

    @property
    def present_attempt(self) -> Attempt:
        """The attempt with the present values."""
        return next(one for one in self.attempts if one.values == self.present)

    @property
    def best(self) -> Attempt:
        """The attempt with the smallest error; the present one where none is better."""
        whole = [one for one in self.attempts if not one.is_cut_short]
        return min(whole, key=lambda one: (one.rmse_kwh, one.values != self.present))

    @property
    def gain(self) -> float:
        """Share of the present error that the best attempt saves, on the blocks it was chosen on."""
        return 1 - self.best.rmse_kwh / self.present_attempt.rmse_kwh

    @property
    def better_folds(self) -> int:
        """Blocks that the best attempt forecasts better than the present values do."""
        pairs = zip(self.best.fold_rmse_kwh, self.present_attempt.fold_rmse_kwh, strict=True)
        return sum(best < present for best, present in pairs)


Tell = Callable[[Tuned], None]
"""Called after each attempt; what it is given includes the present values' attempt."""


def search(
    study: Study, errors: FoldErrors, *, model: str, present: TreeParams, trials: int, seed: int, tell: Tell
) -> Tuned:
    """Try ``present`` and then what the sampler proposes, until ``trials`` are finished; those of the study count.

    Args:
        study: new, or one that was interrupted; nobody else uses it.
        errors: what is minimised.
        model: whose values they are.
        present: tried in any case, even where that makes one trial more.
        trials: how many.
        seed: of the sampler; it and the finished trials determine the next one.
        tell: called after each trial.
    """
    import optuna  # noqa: PLC0415 - half a second, for tuning alone

    _forget_unfinished(study)
    tuned = Tuned(model, present, _attempts(study), trials)
    while not (is_known := any(one.values == present for one in tuned.attempts)) or len(tuned.attempts) < trials:
        study.sampler = optuna.samplers.TPESampler(
            seed=seed + len(tuned.attempts), n_startup_trials=RANDOM_TRIALS, multivariate=True
        )
        if not is_known:
            study.enqueue_trial(present.model_dump(include=set(SPACE)))
        study.optimize(lambda trial: _try(trial, errors, present=present), n_trials=1)
        tuned = replace(tuned, attempts=_attempts(study))
        tell(tuned)
    return replace(tuned, importance=_importance(study) if len(tuned.attempts) >= TELLING_TRIALS else {})


def _try(trial: Trial, errors: FoldErrors, *, present: TreeParams) -> float:
    """The RMSE over all blocks; cut short after a block at which the trial lags behind."""
    import optuna  # noqa: PLC0415 - see above

    started = time.perf_counter()
    values = present.model_copy(update={name: _propose(trial, name, present) for name in SPACE})
    trial.set_user_attr("values", values.model_dump(mode="json"))
    squares: list[float] = []
    for fold in range(errors.folds):
        squares.append(errors(values, fold=fold))
        rmse_kwh = float(np.sqrt(np.mean(squares)))
        trial.report(rmse_kwh, fold)
        trial.set_user_attr("fold_rmse_kwh", np.sqrt(squares).tolist())
        trial.set_user_attr("seconds", time.perf_counter() - started)
        if fold + 1 < errors.folds and values != present and trial.should_prune():
            raise optuna.TrialPruned
    return rmse_kwh


def _propose(trial: Trial, name: str, present: TreeParams) -> float:
    """A value within its bounds; rounded unless it is the present one."""
    bounds = space_around(present)[name]
    if isinstance(bounds.low, int):
        return trial.suggest_int(name, bounds.low, int(bounds.high), log=bounds.log)
    value = trial.suggest_float(name, bounds.low, bounds.high, log=bounds.log)
    return value if value == getattr(present, name) else float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def _attempts(study: Study) -> tuple[Attempt, ...]:
    from optuna.trial import TrialState  # noqa: PLC0415 - see above

    finished = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
    return tuple(
        Attempt(
            number=number,
            values=TreeParams.model_validate(trial.user_attrs["values"]),
            rmse_kwh=float(trial.value),  # type: ignore[arg-type] # every trial reports a block
            fold_rmse_kwh=tuple(trial.user_attrs["fold_rmse_kwh"]),
            is_cut_short=trial.state == TrialState.PRUNED,
            seconds=trial.user_attrs["seconds"],
        )
        for number, trial in enumerate(finished)
    )


def _importance(study: Study) -> dict[str, float]:
    """Largest first, of the trials that were not cut short; the values are shares of 1."""
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances  # noqa: PLC0415 - see above

    shares = get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0))
    return {name: float(share) for name, share in shares.items()}


def _forget_unfinished(study: Study) -> None:
    """Count trials that a killed process left behind as failed, so that they are made as if for the first time."""
    from optuna.trial import TrialState  # noqa: PLC0415 - see above

    for _ in study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
        study.ask()  # one that waits has to run before it can fail
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)


@contextmanager
def open_study(path: Path, name: str) -> Iterator[Study]:
    """The study of that name in an SQLite file, made where it is missing; no other process has the file meanwhile.

    Raises:
        InputError: another process has it, or the file is not of this version of Optuna.
    """
    import filelock  # noqa: PLC0415 - see above
    import optuna  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = filelock.FileLock(path.with_suffix(".lock"), timeout=0).acquire()
    except filelock.Timeout as error:
        raise InputError("another process is at it", field=str(path), remedy="wait for it, or stop it") from error
    with lock:
        storage = _storage(path)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=JUDGED_TRIALS)
        try:
            yield optuna.create_study(
                storage=storage, study_name=name, load_if_exists=True, direction="minimize", pruner=pruner
            )
        finally:
            storage.remove_session()
            storage.engine.dispose()


def _storage(path: Path) -> RDBStorage:
    """The file's storage; a new file appears at once with all its tables, so that a kill leaves none half made."""
    import sqlalchemy  # noqa: PLC0415 - see above

    def create(scratch: Path) -> None:
        scratch.unlink(missing_ok=True)
        _open(scratch).engine.dispose()

    if not path.exists():
        write_atomically(path, create)
    try:
        return _open(path)
    except (sqlite3.DatabaseError, sqlalchemy.exc.DatabaseError, RuntimeError) as error:
        remedy = "delete it: its trials are made again"
        raise InputError("is no study of this version of Optuna", field=str(path), remedy=remedy) from error


def _open(path: Path) -> RDBStorage:
    """A trial makes dozens of small writes, which wait for no disk: a kill loses none, a power cut the last ones."""
    from optuna.storages import RDBStorage  # noqa: PLC0415 - see above

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    return RDBStorage(f"sqlite:///{path}", engine_kwargs={"creator": connect})
