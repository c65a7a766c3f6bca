"""The drift of a week as one HTML page, drawn by Evidently: data, target and prediction drift, regression performance.

Evidently's tests judge each column by itself, so they get limits of the plant's own: a column counts as moved only
where it differs by more than nearly all weeks of the training do. What is decided about the week, and said at the head
of the page, is ``steel_energy.drift``'s. The same input gives the same bytes.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from steel_energy.drift import ColumnDrift, DriftParams
from steel_energy.plant import Plant
from steel_energy.reporting import drift_words as words
from steel_energy.reporting.drift_data import DriftWeek
from steel_energy.schema import LOAD_TYPE, MEASURED
from steel_energy.sources.raw import Origin

if TYPE_CHECKING:
    from evidently.core.container import MetricOrContainer
    from evidently.core.report import Snapshot

READINGS = tuple(column.name for column in MEASURED)
RANDOM_NAME = re.compile(r"metric_[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How Evidently names the parts of a page, anew each time."""


@dataclass(frozen=True)
class DriftPage:
    """A page, and what Evidently found for it.

    Attributes:
        text: HTML, self-contained.
        performance: Evidently's figures of the forecasts by name, such as ``rmse_kwh``; none where it has none.
    """

    text: str
    performance: Mapping[str, float]


def drift_page(
    gathered: DriftWeek, *, plant: Plant, origin: Origin, params: DriftParams, prediction: ColumnDrift | None
) -> DriftPage:
    """Draw the page of a week.

    Args:
        gathered: readings, reference and what was found.
        plant: whose they are.
        origin: where its readings come from; that they are made up is said.
        params: the limits of drift.
        prediction: how the champion's forecasts moved; None where there are none to compare.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Evidently's own, of Pandas and NumPy
        from steel_energy.reporting import drift_evidently  # noqa: PLC0415 - takes seconds to import

        blocks = list(_blocks(gathered, plant=plant, origin=origin, params=params, prediction=prediction))
        snapshot = drift_evidently.run(blocks, newest=gathered.newest, reference=gathered.reference)
        text = snapshot.get_html_str(as_iframe=False)
    told = f"<title>{html.escape(words.title(plant, gathered.week))}</title>"
    return DriftPage(_repeatable(text.replace("<head>", f"<head>{told}", 1)), _errors(snapshot))


def _blocks(
    gathered: DriftWeek, *, plant: Plant, origin: Origin, params: DriftParams, prediction: ColumnDrift | None
) -> Iterator[MetricOrContainer]:
    from evidently.metrics import ValueDrift  # noqa: PLC0415 - as above
    from evidently.presets import DataDriftPreset, RegressionPreset  # noqa: PLC0415

    from steel_energy.reporting.drift_evidently import KS, PREDICTION, TARGET, Table, Words, as_found  # noqa: PLC0415

    found, champion = gathered.drift, gathered.champion
    columns = [*found.columns, *([prediction] if prediction else [])]
    method = as_found({column.column: column.psi for column in columns})
    above = {column.column: max(column.usual_psi, params.psi_moderate) for column in columns}
    said = {"moderate": params.psi_moderate, "share": params.usual_share}
    yield Words(
        text=words.lead(
            found, plant=plant, week=gathered.week, origin=origin, model=champion.model, version=champion.version
        )
    )
    rows = words.column_rows(columns, moderate=params.psi_moderate)
    yield Table(title="What was compared", head=words.COLUMN_HEAD, rows=rows)
    if found.figures:
        yield Table(title="What else is watched", head=words.FIGURE_HEAD, rows=words.figure_rows(found.figures))
    yield Words(text=words.READINGS_WORDS.format(**said))
    yield DataDriftPreset(columns=[*READINGS, LOAD_TYPE.name], method=method, per_column_threshold=above)
    yield Words(text=words.KS_WORDS.format(**said))
    below = usual_p_values(gathered.reference, rows=gathered.newest.height, share=params.usual_share)
    yield DataDriftPreset(columns=list(READINGS), method=KS, per_column_threshold=below)
    yield Words(text=words.TARGET_WORDS)
    yield ValueDrift(column=TARGET, method=method, threshold=above[TARGET])
    if prediction is None:
        yield Words(text=words.NO_FORECASTS.format(why=gathered.no_forecasts))
        return
    yield Words(text=words.PREDICTION_WORDS)
    yield ValueDrift(column=PREDICTION, method=method, threshold=above[PREDICTION])
    yield Words(text=words.REGRESSION_WORDS)
    yield RegressionPreset()


def usual_p_values(reference: pl.DataFrame, *, rows: int, share: float) -> dict[str, float]:
    """The p-value of each measured column that ``share`` of the reference's own stretches of ``rows`` stay above.

    1 where the reference has no two of them: then any difference counts.
    """
    from scipy.stats import ks_2samp  # noqa: PLC0415 - takes half a second

    def p_value(values: np.ndarray, first: int) -> float:
        rest = np.concatenate([values[:first], values[first + rows :]])
        return float(ks_2samp(rest, values[first : first + rows], method="asymp").pvalue)

    firsts = range(0, reference.height - rows + 1, rows) if reference.height >= 2 * rows else ()
    columns = {name: reference[name].to_numpy() for name in READINGS}
    return {
        name: float(np.quantile([p_value(values, first) for first in firsts], 1 - share)) if firsts else 1.0
        for name, values in columns.items()
    }


def _errors(snapshot: Snapshot) -> dict[str, float]:
    """Evidently's errors of the forecasts."""
    errors: dict[str, float] = {}
    for metric in snapshot.dict()["metrics"]:
        kind, value = metric["config"]["type"].rpartition(":")[2], metric["value"]
        if kind in ERRORS:
            errors[ERRORS[kind]] = float(value["mean"] if isinstance(value, dict) else value)
    return errors


ERRORS = {"MeanError": "bias_kwh", "MAE": "mae_kwh", "RMSE": "rmse_kwh", "R2Score": "r2", "AbsMaxError": "worst_kwh"}
"""Evidently's names of the errors that are told, and ours."""


def _repeatable(text: str) -> str:
    """Names by their order instead of by chance."""
    names: dict[str, str] = {}
    return RANDOM_NAME.sub(lambda found: names.setdefault(found[0], f"part_{len(names)}"), text)
