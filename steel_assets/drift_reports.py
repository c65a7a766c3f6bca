"""What the asset ``drift_report`` does between its partitions and the domain: gather, write a page a week, describe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from steel_assets import metadata
from steel_assets.io_managers import WeekFrames
from steel_assets.partitions import PlantWeek
from steel_assets.resources import Project
from steel_assets.weekly import reports_folder
from steel_energy.artifacts import Manifest, read_champion
from steel_energy.errors import BundleError, NotEnoughDataError, SteelError
from steel_energy.forecasting import load_vintages
from steel_energy.lake import CLEANED_READINGS, REPAIRS, write_text
from steel_energy.report_files import drift_name
from steel_energy.reporting.drift_data import DayAhead, drift_week, prediction_drift
from steel_energy.reporting.drift_page import drift_page
from steel_energy.reporting.drift_table import drift_table, week_verdict
from steel_energy.weekly import Week

if TYPE_CHECKING:
    import dagster as dg

Facts = dict[PlantWeek, dict[str, Any]]
TOLD = ("name", "psi", "usual_psi", "ks_statistic", "value", "usual", "verdict")


def written(project: Project, weeks: Sequence[PlantWeek], *, log: dg.DagsterLogManager) -> tuple[WeekFrames, Facts]:
    """Write the pages of ``weeks``; the rows of each, and what is to be said of it on Dagster's page.

    A week that cannot be compared (no readings, no champion yet) has no page: what an earlier run left of it is
    removed, and the log says why.
    """
    frames: WeekFrames = {}
    facts: Facts = {}
    for plant_id in sorted({part.plant for part in weeks}):
        own = [part for part in weeks if part.plant == plant_id]
        try:
            basis = _basis(project, plant_id)
        except (BundleError, NotEnoughDataError) as error:
            _leave_out(project, own, error, log=log)
            continue
        for part in own:
            try:
                frames[part], facts[part] = basis.written(part)
            except NotEnoughDataError as error:
                _leave_out(project, [part], error, log=log)
    return frames, facts


@dataclass(frozen=True)
class _Basis:
    """What all weeks of a plant are made from."""

    project: Project
    readings: pl.DataFrame
    repairs: pl.DataFrame
    champion: Manifest
    day_ahead: DayAhead

    def written(self, part: PlantWeek) -> tuple[pl.DataFrame, dict[str, Any]]:
        """Write the page of a week; its rows and what is to be said of it."""
        project, champion, params = self.project, self.champion, self.project.params().drift
        gathered = drift_week(
            self.readings,
            Week.parse(part.iso),
            site=project.site(part.plant),
            champion=champion,
            day_ahead=self.day_ahead,
            repairs=self.repairs,
        )
        prediction = prediction_drift(gathered, params)
        page = drift_page(
            gathered,
            plant=project.plant(part.plant),
            origin=project.origin(part.plant),
            params=params,
            prediction=prediction,
        )
        path = write_text(page_path(project, part), page.text)
        frame = drift_table(gathered.drift, gathered.week, champion=champion, prediction=prediction)
        facts = {"report": str(path), "report_bytes": path.stat().st_size, "verdict": week_verdict(frame)}
        told = {"compared": metadata.markdown_table(frame.select(TOLD)), **page.performance}
        return frame, facts | told | project.source_of(part.plant)


def page_path(project: Project, part: PlantWeek) -> Path:
    """Where the page of a week lies."""
    return reports_folder(project, part.plant) / drift_name(part.iso)


def _basis(project: Project, plant_id: str) -> _Basis:
    """What a plant's weeks are made from.

    Raises:
        BundleError: there is no champion, or it is damaged.
        NotEnoughDataError: there are no readings yet.
    """
    readings, repairs = (project.lake.read(table, plant_id) for table in (CLEANED_READINGS, REPAIRS))
    champion, folder = read_champion(project.settings.bundles_dir, plant_id)
    fitted = load_vintages(folder, plant=project.plant(plant_id), tariff=project.tariff(plant_id))
    return _Basis(project, readings, repairs, champion, DayAhead(fitted, readings, project.params()))


def _leave_out(project: Project, weeks: Sequence[PlantWeek], error: SteelError, *, log: dg.DagsterLogManager) -> None:
    for part in weeks:
        page_path(project, part).unlink(missing_ok=True)
        log.warning("%s of %s has no drift report: %s", part.iso, part.plant, error)
