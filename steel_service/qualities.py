"""What /quality answers: a period's review by cleaning's own audit, beside the checks of the readings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from steel_energy.calendar import in_zone
from steel_energy.cleaning import RULES
from steel_energy.cleaning.report import CELL_COLUMNS
from steel_energy.cleaning.review import Review, review
from steel_energy.history import readings_end
from steel_energy.quality import findings_of
from steel_energy.sites import Site
from steel_service.answers import source_answer
from steel_service.api_models.quality import (
    MAX_GAPS,
    ColumnCount,
    QualityAnswer,
    QualityCheck,
    QualityGap,
    QualityPart,
    QualityQuery,
    QualityRepair,
    RuleCount,
    Waiting,
)
from steel_service.errors import ConflictError
from steel_service.readings import PlantReadings
from steel_service.state import State

RAW_TIME = "label"
"""What a source's column of times is called where it lacks one."""


def quality_answer(query: QualityQuery, state: State) -> QualityAnswer:
    """What cleaning did to the readings of a period, and whether they hold what they must.

    Raises:
        UnknownPlantError: there is no such plant.
        ConflictError: the period ends before it starts.
        NotReadyError: no readings yet.
    """
    site = state.site(query.plant)
    known = state.readings.of(site)
    start, end = _period(query, known, zone=site.plant.zone)
    absent = _absent(known.source or {})
    found = review(known.readings, known.repairs, start=start, end=end, by=query.by, absent=absent)
    told = _asked(found.repairs, query)
    return QualityAnswer(
        plant=site.plant.id,
        zone=site.plant.zone,
        source=source_answer(known.source),
        start=start,
        end=end,
        readings_from=known.readings["interval_start"][0],
        readings_until=readings_end(known.readings),
        intervals=found.intervals,
        cells=found.cells,
        repaired_cells=found.repaired_cells,
        repaired_share=found.repaired_share,
        restyled_cells=found.restyled_cells,
        rows_removed=found.rows_removed,
        intervals_inserted=found.intervals_inserted,
        rules=_rules(found),
        columns=[ColumnCount(column=column, changes=n) for column, n in found.by_column.items()],
        parts=_parts(found),
        gaps=[QualityGap(**gap) for gap in found.gaps.head(MAX_GAPS).iter_rows(named=True)],
        gaps_left_out=max(0, found.gaps.height - MAX_GAPS),
        checks=_checks(known, site, state, start=start, end=end),
        repairs=[QualityRepair(**row) for row in told.drop("plant").head(query.limit).iter_rows(named=True)],
        repairs_total=told.height,
        posted=Waiting.model_validate(known.source) if "rows_posted" in (known.source or {}) else None,
    )


def _period(query: QualityQuery, known: PlantReadings, *, zone: str) -> tuple[dt.datetime, dt.datetime]:
    first: dt.datetime = known.readings["interval_start"][0]
    since, until = in_zone(query.start or first, zone), in_zone(query.end or readings_end(known.readings), zone)
    if since.astimezone(dt.UTC) >= until.astimezone(dt.UTC):  # clocks of one zone can show an hour twice
        raise ConflictError(
            f"must lie before the end of the period, {until.isoformat()}", field="from", remedy="name an earlier start"
        )
    return since, until


def _absent(source: dict[str, Any]) -> set[str]:
    """Columns that the source lacks, by their names in the audit."""
    missing = {"interval_start" if name == RAW_TIME else name for name in source.get("missing_columns", ())}
    return missing & set(CELL_COLUMNS)


def _asked(repairs: pl.DataFrame, query: QualityQuery) -> pl.DataFrame:
    wanted = {"rule": query.rule, "column": query.column}
    asked = [pl.col(name) == value for name, value in wanted.items() if value is not None]
    return repairs.filter(asked) if asked else repairs


def _rules(found: Review) -> list[RuleCount]:
    confidences = dict(found.repairs.group_by("rule").agg(pl.col("confidence").mean().round(6)).iter_rows())
    reasons = {name: rule.why for name, rule in RULES.items()}
    return [
        RuleCount(rule=name, changes=n, confidence=confidences[name], why=reasons.get(name))
        for name, n in found.by_rule.items()
    ]


def _parts(found: Review) -> list[QualityPart]:
    share = pl.col("repaired_cells") / pl.col("cells")
    return [QualityPart(**part) for part in found.parts.with_columns(repaired_share=share).iter_rows(named=True)]


def _checks(
    known: PlantReadings, site: Site, state: State, *, start: dt.datetime, end: dt.datetime
) -> list[QualityCheck]:
    """The checks of the period, as far as there are readings of it."""
    rows = known.readings.filter(pl.col("interval_start").is_between(start, end, closed="left"))
    if rows.is_empty():
        return []
    limit = state.cleaning.max_physics_breach_share
    span = {"start": rows["interval_start"][0], "end": readings_end(rows)}
    found = findings_of(rows, site.plant, **span, max_breach_share=limit)
    return [
        QualityCheck(check=name, passed=finding.passed, expected=finding.expected, actual=finding.actual)
        for name, finding in found.items()
    ]
