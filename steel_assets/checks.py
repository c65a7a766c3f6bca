"""How a list of rules becomes an asset's checks.

A rule looks at one plant-month and returns a finding of ``steel_energy.quality``; all rules of an asset run in one step
and read the asset once. A check always carries the asset's partitions: without them Dagster would hand it all there is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
import polars as pl

from steel_assets.io_managers import MonthFrames
from steel_assets.metadata import markdown_table
from steel_assets.partitions import PlantMonth
from steel_assets.resources import Project
from steel_energy.quality import Finding

NOTHING_TO_COMPARE = Finding(passed=True, expected="does not apply", actual="nothing to compare with")
NO_READINGS = Finding(passed=True, expected="does not apply", actual="no readings in this month")


@dataclass(frozen=True)
class Rule:
    """One check of an asset.

    Attributes:
        name: the check's name on the page.
        description: one sentence.
        find: looks at one plant-month; None where the rule does not apply.
        blocking: whether what follows would be wrong, and so does not run.
    """

    name: str
    description: str
    find: Callable[[Project, PlantMonth, pl.DataFrame], Finding | None]
    blocking: bool = True


def month_checks(
    asset: str, rules: Sequence[Rule], *, partitions: dg.PartitionsDefinition[str]
) -> dg.AssetChecksDefinition:
    """The checks of an asset that is partitioned plant x month."""

    @dg.multi_asset_check(
        name=f"check_{asset}",
        specs=_specs(asset, rules, partitions=partitions),
        ins={"frames": dg.AssetIn(asset)},
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, project: Project, frames: MonthFrames
    ) -> Iterator[dg.AssetCheckResult]:
        selected = {key.name for key in context.selected_asset_check_keys}
        parts = sorted(PlantMonth.parse(key) for key in context.op_execution_context.partition_keys)
        for rule in rules:
            if rule.name in selected:
                findings = {
                    part: rule.find(project, part, frames[part]) if part in frames else NO_READINGS for part in parts
                }
                if not context.has_partition_key:
                    _log_each_month(context, asset, rule, findings)
                yield month_result(asset, rule, findings)

    return check


@dataclass(frozen=True)
class PlantRule:
    """One check of an asset that is partitioned by plant; ``find`` gets the plant's id and the table that is read."""

    name: str
    description: str
    find: Callable[[Project, str, pl.DataFrame], Finding]
    blocking: bool = True


def plant_checks(
    asset: str, rules: Sequence[PlantRule], *, reads: str, partitions: dg.PartitionsDefinition[str]
) -> dg.AssetChecksDefinition:
    """The checks of an asset that is partitioned by plant; they look at the table of the asset ``reads``."""

    @dg.multi_asset_check(
        name=f"check_{asset}",
        specs=_specs(asset, rules, partitions=partitions, also_reads=[reads] if reads != asset else []),
        ins={"table": dg.AssetIn(reads, input_manager_key="scores_io")},
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, project: Project, table: pl.DataFrame
    ) -> Iterator[dg.AssetCheckResult]:
        selected = {key.name for key in context.selected_asset_check_keys}
        for rule in rules:
            if rule.name in selected:
                finding = rule.find(project, context.partition_key, table)
                yield dg.AssetCheckResult(
                    check_name=rule.name,
                    asset_key=asset,
                    passed=finding.passed,
                    severity=_severity(rule),
                    metadata=_said(finding),
                )

    return check


def _specs(
    asset: str,
    rules: Sequence[Rule | PlantRule],
    *,
    partitions: dg.PartitionsDefinition[str],
    also_reads: Sequence[str] = (),
) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            rule.name,
            asset=asset,
            description=rule.description,
            blocking=rule.blocking,
            partitions_def=partitions,
            additional_deps=also_reads,
        )
        for rule in rules
    ]


def month_result(asset: str, rule: Rule, findings: Mapping[PlantMonth, Finding | None]) -> dg.AssetCheckResult:
    """One result for all plant-months of a run; what failed comes first and is named month by month."""
    applicable = {part: finding for part, finding in findings.items() if finding is not None}
    ordered = sorted(applicable.items(), key=lambda item: (item[1].passed, item[0]))
    failed = [part.key for part, finding in ordered if not finding.passed]
    first = ordered[0][1] if ordered else NOTHING_TO_COMPARE
    return dg.AssetCheckResult(
        check_name=rule.name,
        asset_key=asset,
        passed=not failed,
        severity=_severity(rule),
        description=f"{len(failed)} of {len(ordered)} months fail: {', '.join(failed)}" if failed else None,
        metadata={**_said(first), "months": _month_table(ordered)},
    )


def _log_each_month(
    context: dg.AssetCheckExecutionContext, asset: str, rule: Rule, findings: Mapping[PlantMonth, Finding | None]
) -> None:
    """Record a range run's findings month by month; Dagster alone records one result that belongs to no partition."""
    for part, finding in findings.items():
        said = finding or NOTHING_TO_COMPARE
        context.op_execution_context.log_event(
            dg.AssetCheckEvaluation(  # type: ignore[arg-type]  # accepted, not in the stated type
                asset_key=dg.AssetKey(asset),
                check_name=rule.name,
                passed=said.passed,
                severity=_severity(rule),
                metadata={name: dg.MetadataValue.text(text) for name, text in _said(said).items()},
                partition=part.key,
                blocking=False,  # the run's own result, which follows, is what blocks
            )
        )


def _severity(rule: Rule | PlantRule) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.ERROR if rule.blocking else dg.AssetCheckSeverity.WARN


def _said(finding: Finding) -> dict[str, str]:
    return {"expected": finding.expected, "actual": finding.actual}


def _month_table(ordered: list[tuple[PlantMonth, Finding]]) -> dg.MarkdownMetadataValue:
    rows = [(part.key, "yes" if found.passed else "NO", found.expected, found.actual) for part, found in ordered]
    return markdown_table(pl.DataFrame(rows, schema=["month", "passed", "expected", "actual"], orient="row"))
