"""What an asset says of itself on its page: columns with units, rows, span, a preview and a small chart.

Derived from ``schema.py`` and the frames; nothing is measured twice here, and no asset writes its own tables.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg
import polars as pl

from steel_assets.partitions import Part
from steel_energy.schema import MEASURED, Column

PREVIEW_ROWS = 5
UNITS = {"kwh": "kWh", "kvarh": "kvarh", "kw": "kW", "t": "t", "krw": "KRW"}
MEASURED_TYPES = {column.name: column.dtype for column in MEASURED}
CHART_WIDTH, CHART_HEIGHT = 480, 90  # pixels


def column_schema(columns: Iterable[Column]) -> dict[str, dg.TableSchema]:
    """The columns of the contract, for an asset's definition: name, type, unit and meaning."""
    described = [
        dg.TableColumn(column.name, type=_type(column.dtype), description=_meaning(column)) for column in columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=described)}


def plain_schema(columns: Mapping[str, pl.DataType | type[pl.DataType]]) -> dict[str, dg.TableSchema]:
    """Names and types of a table that is not of the contract, for an asset's definition."""
    described = [dg.TableColumn(name, type=_type(dtype), description=_unit(name)) for name, dtype in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=described)}


def describe(
    context: dg.AssetExecutionContext,
    frames: Mapping[Part, pl.DataFrame],
    *,
    asset: str,
    facts: Mapping[Part, Mapping[str, Any]] | None = None,
) -> None:
    """Attach rows, span, preview and ``facts`` to each part of an asset's materialisation; 0 rows to one without."""
    for key in set(context.partition_keys) - {part.key for part in frames}:
        context.add_asset_metadata({"dagster/row_count": 0}, asset_key=dg.AssetKey(asset), partition_key=key)
    for part, frame in frames.items():
        metadata = {**table_facts(frame), **(facts or {}).get(part, {})}
        context.add_asset_metadata(metadata, asset_key=dg.AssetKey(asset), partition_key=part.key)


def table_facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Rows, span, preview, and of readings a chart of the daily energy."""
    facts: dict[str, Any] = {"dagster/row_count": frame.height, "preview": markdown_table(frame.head(PREVIEW_ROWS))}
    if "interval_start" in frame.columns and frame.height:
        start = frame["interval_start"].dt.strftime("%Y-%m-%d %H:%M")
        facts |= {"first_interval": start.min(), "last_interval": start.max()}
    if frame.schema.items() >= MEASURED_TYPES.items():
        facts["daily_energy_kwh"] = daily_chart(frame)
    return facts


def source_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The source of the readings, so that a simulated one is never hidden."""
    return {"source": f"{facts['kind']}: {facts['location']}", "is_simulated": bool(facts["is_simulated"])}


def record_facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record's figures: numbers as they are, so that the page charts them over the partitions; the rest as JSON."""
    return {
        name: value if isinstance(value, int | float | str) else dg.JsonMetadataValue(value)
        for name, value in record.items()
    }


def markdown_table(frame: pl.DataFrame) -> dg.MarkdownMetadataValue:
    """A small frame as a Markdown table."""
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + " --- |" * frame.width]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return dg.MetadataValue.md("\n".join(lines))


def transposed(frame: pl.DataFrame, *, by: str) -> dg.MarkdownMetadataValue:
    """A frame of few rows and many columns as a Markdown table with a column for each row, named by ``by``."""
    names = frame[by].to_list()
    turned = frame.drop(by).with_columns(pl.all().round(4)).transpose(include_header=True, column_names=names)
    return markdown_table(turned.rename({"column": "metric"}))


def daily_chart(frame: pl.DataFrame) -> dg.MarkdownMetadataValue:
    """A bar for the energy of each day of ``frame``; hover text is left to the reports."""
    days = frame.group_by(pl.col("interval_start").dt.date()).agg(pl.col("usage_kwh").sum()).sort("interval_start")
    top = max(*days["usage_kwh"], 1.0)
    step = CHART_WIDTH / days.height
    bars = "".join(
        f'<rect x="{index * step:.1f}" y="{CHART_HEIGHT * (1 - energy / top):.1f}" '
        f'width="{step * 0.8:.1f}" height="{CHART_HEIGHT * energy / top:.1f}"/>'
        for index, energy in enumerate(days["usage_kwh"])
    )
    size = f'width="{CHART_WIDTH}" height="{CHART_HEIGHT}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="#3b6ea8">{bars}</svg>'
    image = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![daily energy](data:image/svg+xml;base64,{image})\n\nhighest day {top:,.0f} kWh")


def _meaning(column: Column) -> str:
    bounds = (
        ""
        if column.lower is None
        else f" (from {column.lower:g}{'' if column.upper is None else f' to {column.upper:g}'})"
    )
    return f"{column.meaning}{f' [{column.unit}]' if column.unit else ''}{bounds}"


def _unit(name: str) -> str | None:
    """The unit that a column's name ends with."""
    unit = UNITS.get(name.rpartition("_")[2])
    return f"in {unit}" if unit else None


def _type(dtype: pl.DataType | type[pl.DataType]) -> str:
    return str(dtype).split("(")[0]  # an Enum would list its members, a Datetime the zone of one plant


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a frame holds
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value).replace("|", "\\|")
