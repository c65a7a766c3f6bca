"""What the asset ``weekly_report`` does between its partitions and the domain: gather, write four files, describe."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from steel_assets.day_ahead import PLAN
from steel_assets.io_managers import WeekFrames
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_assets.trials import trial_folder
from steel_energy.artifacts import Manifest, read_champion
from steel_energy.calendar import interval_end
from steel_energy.errors import BundleError, ModelUnavailableError, NotEnoughDataError
from steel_energy.evaluation import NAIVE
from steel_energy.lake import CLEANED_READINGS, REPAIRS, write_atomically
from steel_energy.report_files import weekly_name
from steel_energy.reporting.weekly_words import LANGUAGES
from steel_energy.trial import read_trial
from steel_energy.weekly import Backtests, Context, PlanAhead, Week, WeeklyReport, weekly_report
from steel_energy.weekly.summary import figures

PREDICTION_LOG = "prediction_log"
Facts = dict[PlantWeek, dict[str, Any]]


def written(project: Project, weeks: Sequence[PlantWeek]) -> tuple[WeekFrames, Facts]:
    """Write the reports of ``weeks``; the figures of each, and what is to be said of it on the page.

    A week without readings has no report: what an earlier source left of it is removed.
    """
    frames: WeekFrames = {}
    for plant_id in sorted({part.plant for part in weeks}):
        frames |= _of_plant(project, plant_id, [part for part in weeks if part.plant == plant_id])
    return frames, {part: _facts(project, part, frame) for part, frame in frames.items()}


def reports_folder(project: Project, plant_id: str) -> Path:
    """Where a plant's reports lie."""
    return project.settings.reports_dir / f"plant={plant_id}"


def _of_plant(project: Project, plant_id: str, weeks: Sequence[PlantWeek]) -> WeekFrames:
    readings, repairs = (project.lake.read(table, plant_id) for table in (CLEANED_READINGS, REPAIRS))
    manifest, folder = _champion(project, plant_id), reports_folder(project, plant_id)
    context = Context(
        backtests=_backtests(project, plant_id, manifest),
        trained=(manifest.trained_from, manifest.trained_until) if manifest else None,
        drift_params=project.params().drift,
        plan=_plan(project, plant_id),
    )
    frames: WeekFrames = {}
    for part in weeks:
        week = Week.parse(part.iso)
        try:
            report = weekly_report(
                readings,
                repairs,
                week,
                site=project.site(plant_id),
                origin=project.origin(plant_id),
                context=context.with_told(_told(project, part)),
            )
        except NotEnoughDataError:
            _remove(folder, week)
        else:
            frames[part] = figures(report, files=_write(report, folder))
    return frames


def _write(report: WeeklyReport, folder: Path) -> list[str]:
    from steel_energy.reporting.weekly_pdf import weekly_pdf  # noqa: PLC0415 - libraries of pages take a second
    from steel_energy.reporting.weekly_xlsx import weekly_xlsx  # noqa: PLC0415

    names = []
    for language in LANGUAGES:
        for suffix, make in ((".pdf", weekly_pdf), (".xlsx", weekly_xlsx)):
            content, name = make(report, language=language), weekly_name(report.week.name, language, suffix)
            write_atomically(folder / name, partial(_save, content))
            names.append(name)
    return names


def _save(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _remove(folder: Path, week: Week) -> None:
    for language in LANGUAGES:
        for suffix in (".pdf", ".xlsx"):
            (folder / weekly_name(week.name, language, suffix)).unlink(missing_ok=True)


def _champion(project: Project, plant_id: str) -> Manifest | None:
    """The champion's manifest; None before there is one, which the report says."""
    try:
        return read_champion(project.settings.bundles_dir, plant_id)[0]
    except BundleError:
        return None


def _backtests(project: Project, plant_id: str, manifest: Manifest | None) -> Backtests | None:
    """The backtests of champion and seasonal naive model; None where one is not there."""
    if manifest is None:
        return None
    try:
        champion, naive = (
            read_trial(trial_folder(model, plant_id, project)).backtested for model in (manifest.model, NAIVE)
        )
    except (BundleError, ModelUnavailableError):
        return None
    return Backtests(manifest.model, champion, naive)


def _plan(project: Project, plant_id: str) -> PlanAhead | None:
    """The plan of the days after the readings; None before one is made."""
    facts, plan = project.lake.read_facts(PLAN, plant_id), project.lake.find_newest(PLAN, plant_id)
    if facts is None or plan is None:
        return None
    starts = plan["interval_start"]
    return PlanAhead(
        start=starts[0],
        end=interval_end(starts[-1]),
        baseline_krw=facts["baseline_krw"],
        planned_krw=facts["planned_krw"],
        baseline_peak_kw=facts["baseline_peak_kw"],
        planned_peak_kw=facts["peak_kw"],
    )


def _told(project: Project, part: PlantWeek) -> pl.DataFrame | None:
    """What the service predicted of the week; None where it was not asked, or nothing was joined yet."""
    return project.lake.find_week(PREDICTION_LOG, part.plant, part.week)


def _facts(project: Project, part: PlantWeek, frame: pl.DataFrame) -> dict[str, Any]:
    """Figures and places of a week's files, for its page."""
    row = frame.row(0, named=True)
    files = {name.replace(".", "_").replace("-", "_"): name for name in row.pop("files")}
    figures_told = {name: value for name, value in row.items() if isinstance(value, int | float)}
    paths = {key: str(reports_folder(project, part.plant) / name) for key, name in files.items()}
    return figures_told | paths | project.source_of(part.plant)
