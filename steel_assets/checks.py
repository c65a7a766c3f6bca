"""How a list of rules becomes an asset's checks.

A rule looks at one plant-month or plant-week and returns a finding of ``steel_energy.quality``; all rules of an asset
run in one step and read the asset once. A check always carries the asset's partitions: without them Dagster would hand
it all there is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import dagster as dg
import polars as pl

from steel_assets.metadata import markdown_table
from steel_assets.partitions import Part, PlantPart
from steel_assets.resources import Project
from steel_energy.quality import Finding

Findings = Mapping[Part, Finding | None]
NOTHING_TO_COMPARE = Finding(passed=True, expected="does not apply", actual="nothing to compare with")


@dataclass(frozen=True)
class Rule(Generic[Part]):
    """One check of an asset.

    Attributes:
        name: the check's name on the page.
        description: one sentence.
        find: looks at one plant-month or plant-week; None where the rule does not apply.
        blocking: whether what follows would be wrong, and so does not run.
    """

    name: str
    description: str
    find: Callable[[Project, Part, pl.DataFrame], Finding | None]
    blocking: bool = True

    def findings(self, project: Project, parts: Sequence[Part], frames: Mapping[Part, pl.DataFrame]) -> Findings[Part]:
        """What the rule finds in each part; a part without rows passes and says so."""
        nothing = {part: Finding(passed=True, expected="does not apply", actual=part.nothing) for part in parts}
        return {part: self.find(project, part, frames[part]) if part in frames else nothing[part] for part in parts}


def part_checks(
    asset: str, rules: Sequence[Rule[Part]], *, kind: type[Part], partitions: dg.PartitionsDefinition[str]
) -> dg.AssetChecksDefinition:
    """The checks of an asset that is partitioned plant x month or plant x week, as ``kind`` says."""

    @dg.multi_asset_check(
        name=f"check_{asset}",
        specs=_specs(asset, rules, partitions=partitions),
        ins={"frames": dg.AssetIn(asset)},
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, project: Project, frames: dict[Any, pl.DataFrame]
    ) -> Iterator[dg.AssetCheckResult]:
        selected = {key.name for key in context.selected_asset_check_keys}
        parts = sorted(kind.parse(key) for key in context.op_execution_context.partition_keys)
        for rule in rules:
            if rule.name in selected:
                findings = rule.findings(project, parts, frames)
                if not context.has_partition_key:
                    _log_each_part(context, asset, rule, findings)
                yield parts_result(asset, rule, findings)

    return check


@dataclass(frozen=True)
class PlantRule:
    """One check of an asset that is partitioned by plant; ``find`` gets the plant's id and the table that is read."""

    name: str
    description: str
    find: Callable[[Project, str, pl.DataFrame], Finding]
    blocking: bool = True


def plant_checks(
    asset: str,
    rules: Sequence[PlantRule],
    *,
    reads: str,
    partitions: dg.PartitionsDefinition[str],
    io_manager: str = "scores_io",
) -> dg.AssetChecksDefinition:
    """The checks of an asset that is partitioned by plant; they look at the table of the asset ``reads``."""

    @dg.multi_asset_check(
        name=f"check_{asset}",
        specs=_specs(asset, rules, partitions=partitions, also_reads=[reads] if reads != asset else []),
        ins={"table": dg.AssetIn(reads, input_manager_key=io_manager)},
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
    rules: Sequence[Rule[Any] | PlantRule],
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


def parts_result(asset: str, rule: Rule[Part], findings: Findings[Part]) -> dg.AssetCheckResult:
    """One result for all parts of a run; what failed comes first and is named part by part."""
    applicable = {part: finding for part, finding in findings.items() if finding is not None}
    ordered = sorted(applicable.items(), key=lambda item: (item[1].passed, item[0]))
    failed = [part.key for part, finding in ordered if not finding.passed]
    first = ordered[0][1] if ordered else NOTHING_TO_COMPARE
    return dg.AssetCheckResult(
        check_name=rule.name,
        asset_key=asset,
        passed=not failed,
        severity=_severity(rule),
        description=f"{len(failed)} of {len(ordered)} fail: {', '.join(failed)}" if failed else None,
        metadata={**_said(first), "parts": _part_table(ordered)},
    )


def _log_each_part(
    context: dg.AssetCheckExecutionContext, asset: str, rule: Rule[Part], findings: Findings[Part]
) -> None:
    """Record a range run's findings part by part; Dagster alone records one result that belongs to no partition."""
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


def _severity(rule: Rule[Any] | PlantRule) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.ERROR if rule.blocking else dg.AssetCheckSeverity.WARN


def _said(finding: Finding) -> dict[str, str]:
    return {"expected": finding.expected, "actual": finding.actual}


def _part_table(ordered: Sequence[tuple[PlantPart, Finding]]) -> dg.MarkdownMetadataValue:
    rows = [(part.key, "yes" if found.passed else "NO", found.expected, found.actual) for part, found in ordered]
    return markdown_table(pl.DataFrame(rows, schema=["part", "passed", "expected", "actual"], orient="row"))
