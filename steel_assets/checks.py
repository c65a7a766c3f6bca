"""How a list of rules becomes an asset's checks.

A rule looks at one plant-month and returns a finding of ``steel_energy.quality``; all rules of an asset run in one step
and read the asset once. A check always carries the asset's partitions: without them Dagster would hand it all there is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import dagster as dg
import polars as pl

from steel_assets.io_managers import MonthFrames
from steel_assets.metadata import markdown_table
from steel_assets.partitions import PlantMonth
from steel_assets.resources import Project
from steel_energy.quality import Finding


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
        specs=[
            spec(asset, rule.name, rule.description, blocking=rule.blocking, partitions=partitions) for rule in rules
        ],
        ins={"frames": dg.AssetIn(asset)},
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, project: Project, frames: MonthFrames
    ) -> Iterator[dg.AssetCheckResult]:
        selected = {key.name for key in context.selected_asset_check_keys}
        for rule in rules:
            if rule.name in selected:
                findings = {part: rule.find(project, part, frame) for part, frame in frames.items()}
                yield month_result(asset, rule, findings)

    return check


def spec(
    asset: str, name: str, description: str, *, blocking: bool, partitions: dg.PartitionsDefinition[str]
) -> dg.AssetCheckSpec:
    """A check's definition."""
    return dg.AssetCheckSpec(name, asset=asset, description=description, blocking=blocking, partitions_def=partitions)


def month_result(asset: str, rule: Rule, findings: dict[PlantMonth, Finding | None]) -> dg.AssetCheckResult:
    """One result for all plant-months of a run; what failed comes first and is named month by month."""
    applicable = {part: finding for part, finding in findings.items() if finding is not None}
    if not applicable:
        return dg.AssetCheckResult(
            check_name=rule.name,
            asset_key=asset,
            passed=True,
            description="Does not apply here: nothing to compare with.",
        )
    ordered = sorted(applicable.items(), key=lambda item: (item[1].passed, item[0]))
    failed = [part.key for part, finding in ordered if not finding.passed]
    first = ordered[0][1]
    return dg.AssetCheckResult(
        check_name=rule.name,
        asset_key=asset,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if rule.blocking else dg.AssetCheckSeverity.WARN,
        description=f"{len(failed)} of {len(ordered)} months fail: {', '.join(failed)}" if failed else None,
        metadata={"expected": first.expected, "actual": first.actual, "months": _month_table(ordered)},
    )


def _month_table(ordered: list[tuple[PlantMonth, Finding]]) -> dg.MarkdownMetadataValue:
    rows = [
        (part.key, "yes" if finding.passed else "NO", finding.expected, finding.actual) for part, finding in ordered
    ]
    return markdown_table(pl.DataFrame(rows, schema=["month", "passed", "expected", "actual"], orient="row"))
