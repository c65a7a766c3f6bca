"""Evidently as the drift page needs it: its charts with words and tables between them, and the PSI that was found.

The one module that imports Evidently, which takes seconds and wants Pandas: import it inside a function. Evidently
counts its users over the network where its collector runs; it never does here, and is told not to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

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

from steel_energy.schema import LOAD_TYPE, MEASURED

TARGET, PREDICTION = "usage_kwh", "mean_kwh"
NUMBERS = tuple(column.name for column in MEASURED)
PSI, KS = "psi_as_found", "ks"


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


def as_found(found: Mapping[str, float]) -> str:
    """The name of a test by which Evidently shows the PSI that ``steel_energy.drift`` found, by column.

    Evidently's own counts every day alike and takes other bins: there would be two figures for one thing.
    """

    def shown(
        _reference: pd.Series,
        newest: pd.Series,
        _kind: ColumnType,
        threshold: float,
    ) -> tuple[float, bool]:
        index = found[str(newest.name)]
        return index, index > threshold

    test = StatTest(PSI, "PSI", [ColumnType.Numerical, ColumnType.Categorical], default_threshold=0.1)
    register_stattest(test, shown)  # the name's newest meaning counts, also where several reports are made
    return PSI


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
