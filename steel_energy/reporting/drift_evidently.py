"""Evidently as the drift page needs it: its charts with words and tables between them, and our PSI as one of its tests.

The one module that imports Evidently, which takes seconds and wants Pandas: import it inside a function. Evidently
counts its users over the network where its collector runs; it never does here, and is told not to.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
import polars as pl

os.environ.setdefault("DO_NOT_TRACK", "1")  # read by Evidently

from evidently import DataDefinition, Dataset, Regression, Report
from evidently.core.container import MetricContainer, MetricOrContainer
from evidently.core.metric_types import MetricId
from evidently.core.report import Context, Snapshot
from evidently.legacy.calculations.stattests import StatTest, register_stattest
from evidently.legacy.core import ColumnType
from evidently.legacy.model.widget import BaseWidgetInfo
from evidently.legacy.renderers.html_widgets import table_data, text_widget

from steel_energy.drift import bin_edges, psi
from steel_energy.schema import LOAD_TYPE, MEASURED

TARGET, PREDICTION = "usage_kwh", "mean_kwh"
NUMBERS = tuple(column.name for column in MEASURED)
KS = "ks"


class Words(MetricContainer):  # type: ignore[misc]  # Evidently's have no types
    """A block of Markdown."""

    text: str

    def generate_metrics(self, context: Context) -> Sequence[MetricOrContainer]:  # noqa: ARG002 - Evidently's signature
        """Nothing is measured."""
        return []

    def render(
        self,
        context: Context,  # noqa: ARG002 - as above
        child_widgets: list[tuple[MetricId | None, list[BaseWidgetInfo]]] | None = None,  # noqa: ARG002
    ) -> list[BaseWidgetInfo]:
        """The block."""
        return [text_widget(text=self.text)]


class Table(MetricContainer):  # type: ignore[misc]  # as above
    """A table of texts."""

    title: str
    head: list[str]
    rows: list[list[str]]

    def generate_metrics(self, context: Context) -> Sequence[MetricOrContainer]:  # noqa: ARG002 - as above
        """Nothing is measured."""
        return []

    def render(
        self,
        context: Context,  # noqa: ARG002 - as above
        child_widgets: list[tuple[MetricId | None, list[BaseWidgetInfo]]] | None = None,  # noqa: ARG002
    ) -> list[BaseWidgetInfo]:
        """The table."""
        return [table_data(column_names=self.head, data=self.rows, title=self.title)]


@cache
def our_psi(bins: int) -> str:
    """The name under which Evidently knows the PSI of ``steel_energy.drift``, so that both tell the same figure."""

    def measured(reference: pd.Series, newest: pd.Series, kind: ColumnType, threshold: float) -> tuple[float, bool]:
        if kind == ColumnType.Categorical:
            names = sorted({*reference.unique(), *newest.unique()})
            counts = [side.value_counts().reindex(names, fill_value=0).to_numpy() for side in (reference, newest)]
        else:
            edges = bin_edges(reference.to_numpy(), bins=bins)
            places = (np.searchsorted(edges, side.to_numpy()) for side in (reference, newest))
            counts = [np.bincount(place, minlength=edges.size + 1) for place in places]
        index = psi(*(count.astype(np.float64) for count in counts))
        return index, index > threshold

    name = f"psi_{bins}_equal_shares"
    kinds = [ColumnType.Numerical, ColumnType.Categorical]
    register_stattest(StatTest(name, "PSI", kinds, default_threshold=0.1), measured)
    return name


def run(blocks: Sequence[MetricOrContainer], *, newest: pl.DataFrame, reference: pl.DataFrame) -> Snapshot:
    """Evidently's report of ``blocks``; each frame is the data contract's and ``mean_kwh``."""
    known = DataDefinition(
        timestamp="interval_start",
        numerical_columns=[*NUMBERS, PREDICTION],
        categorical_columns=[LOAD_TYPE.name],
        regression=[Regression(target=TARGET, prediction=PREDICTION)],
    )
    sides = (Dataset.from_pandas(_pandas(frame), data_definition=known) for frame in (newest, reference))
    return Report(list(blocks), include_tests=False).run(*sides)


def _pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Clock times without a zone: Evidently's charts drop it with a warning."""
    start, load_type = pl.col("interval_start").dt.replace_time_zone(None), pl.col(LOAD_TYPE.name).cast(pl.String)
    return frame.select(start, load_type, *NUMBERS, PREDICTION).to_pandas()
