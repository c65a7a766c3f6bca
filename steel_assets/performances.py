"""What the asset ``performance`` does between its partitions and the domain: ask the champion again, cut by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from steel_assets.io_managers import WeekFrames
from steel_assets.partitions import PlantWeek
from steel_assets.pictures import picture_facts
from steel_assets.resources import Project
from steel_assets.weekly import PREDICTION_LOG
from steel_energy.artifacts import read_champion
from steel_energy.calendar import in_zone
from steel_energy.drift.streaming import ChangePoint, change_points
from steel_energy.errors import BundleError, NotEnoughDataError
from steel_energy.forecasting import load_forecaster
from steel_energy.history import readings_end
from steel_energy.lake import CLEANED_READINGS, RAW_READINGS, read_table
from steel_energy.monitoring.nowcasts import NowcastError, nowcast_error
from steel_energy.monitoring.performance import Asked, Window, ask_again, errors_by_interval, forecast_error
from steel_energy.monitoring.rows import performance_row, told_within
from steel_energy.monitoring.table import ASSET
from steel_energy.nowcasting.bundle import read_published
from steel_energy.nowcasting.model import UsageModel
from steel_energy.prediction_log import predictions_schema
from steel_energy.weekly import Week

if TYPE_CHECKING:
    import dagster as dg

WEEKS_SHOWN = 26
SHOWN = ("window_until", "champion_version", "verdict", "rmse_kwh", "backtest_rmse_kwh", "usual_high_kwh")
"""What the picture needs of earlier weeks."""
Facts = dict[PlantWeek, dict[str, Any]]
FIGURES = ("rmse_kwh", "mae_kwh", "outside_share", "ratio", "nowcast_rmse_kwh", "inconsistent_share")
"""Charted over the weeks on the asset's page."""


def measured(project: Project, weeks: Sequence[PlantWeek], *, log: dg.DagsterLogManager) -> tuple[WeekFrames, Facts]:
    """The performance of ``weeks``: a row each, and what is to be said of it on the page.

    A week that cannot be judged (no readings, no champion, or one whose fits have all seen it) has no row; the log
    says why.
    """
    frames: WeekFrames = {}
    for plant_id in sorted({part.plant for part in weeks}):
        own = [part for part in weeks if part.plant == plant_id]
        try:
            basis = _basis(project, plant_id)
        except (BundleError, NotEnoughDataError) as error:
            log.warning("the weeks of %s are not judged: %s", plant_id, error)
            continue
        for part in own:
            try:
                frames[part] = basis.row(part)
            except NotEnoughDataError as error:
                log.info("%s of %s is not judged: %s", part.iso, plant_id, error)
    return frames, {part: _facts(project, part, frames) for part in frames}


@dataclass(frozen=True)
class _Basis:
    """What all weeks of a plant are judged by."""

    project: Project
    readings: pl.DataFrame
    raw: pl.DataFrame
    asked: Asked
    model: UsageModel | None
    changes: tuple[ChangePoint, ...]

    def row(self, part: PlantWeek) -> pl.DataFrame:
        """The row of a week.

        Raises:
            NotEnoughDataError: it has no readings, or the champion's fits had all seen it.
        """
        manifest, params = self.asked.manifest, self.project.params().monitoring
        window = self._window(part)
        first = window.start.date()
        trained = (in_zone(moment, self._zone) for moment in (manifest.trained_from, manifest.trained_until))
        return performance_row(
            manifest,
            part.week,
            window,
            forecasts=forecast_error(self.asked, window, params=params),
            nowcasts=self._nowcasts(window),
            usual_nowcasts=self._nowcasts(Window(*trained)),
            told=told_within(self._log(part), window),
            change_points=[one.since for one in self.changes if first <= one.found_on < window.end.date()],
            params=params,
        )

    @property
    def _zone(self) -> str:
        return self.project.plant(self.asked.manifest.plant).zone

    def _window(self, part: PlantWeek) -> Window:
        first, after = part.bounds(self._zone)
        end = min(after, readings_end(self.readings))
        if end <= first:
            raise NotEnoughDataError(part.nothing, field="week", remedy="post its readings first")
        return Window.until(end)

    def _nowcasts(self, window: Window) -> NowcastError:
        inside = pl.col("interval_start").is_between(window.start, window.end, closed="left")
        plant = self.project.plant(self.asked.manifest.plant)
        return nowcast_error(self.raw.filter(inside), self.readings.filter(inside), plant=plant, model=self.model)

    def _log(self, part: PlantWeek) -> pl.DataFrame:
        """What the service predicted of this week and the one before, which the window may reach into."""
        monday = Week.parse(part.iso)
        weeks = (
            self.project.lake.find_week(PREDICTION_LOG, part.plant, week.monday.isoformat())
            for week in (monday.shifted(-1), monday)
        )
        known = (week for week in weeks if week is not None)
        return pl.concat([pl.DataFrame(schema=predictions_schema(self._zone)), *known])


def _basis(project: Project, plant_id: str) -> _Basis:
    """What a plant's weeks are judged by.

    Raises:
        BundleError: there is no champion, or it is damaged.
        NotEnoughDataError: there are no readings, or the champion's fits have seen all of them.
    """
    site = project.site(plant_id)
    readings, raw = (project.lake.read(table, plant_id) for table in (CLEANED_READINGS, RAW_READINGS))
    manifest, folder = read_champion(project.settings.bundles_dir, plant_id)
    champion = load_forecaster(folder, plant=site.plant, tariff=site.tariff)
    asked = ask_again(champion, manifest, readings, site=site, params=project.params().evaluation)
    fitted = read_published(project.settings, site.plant)
    changes = change_points(errors_by_interval(asked), site=site, params=project.params().drift.streaming)
    return _Basis(project, readings, raw, asked, fitted.model if fitted else None, changes)


def _weeks_until(project: Project, part: PlantWeek, frames: WeekFrames) -> pl.DataFrame:
    """The rows of a week and of those before it, from this run or, where it has none, from an earlier one."""
    lake = project.lake
    mondays = [monday for monday in lake.weeks(ASSET, part.plant) if monday < part.week][-WEEKS_SHOWN:]
    rows = {monday: read_table(lake.week_path(ASSET, part.plant, monday)) for monday in mondays}
    rows |= {other.week: frame for other, frame in frames.items() if other.plant == part.plant and other <= part}
    return pl.concat(rows[monday].select(SHOWN) for monday in sorted(rows))


def _facts(project: Project, part: PlantWeek, frames: WeekFrames) -> dict[str, Any]:
    from steel_energy.reporting.performance_pictures import performance_pictures  # noqa: PLC0415 - imports Matplotlib

    row = frames[part].row(0, named=True)
    known = _weeks_until(project, part, frames).filter(pl.col("champion_version") == row["champion_version"])
    title = f"{part.plant}, champion {row['champion_version']}"
    return {
        "verdict": row["verdict"],
        **({"found": row["found"]} if row["found"] else {}),
        **({"errors_differ_since": ", ".join(map(str, row["change_points"]))} if row["change_points"] else {}),
        "nowcast_verdict": row["nowcast_verdict"],
        **{name: row[name] for name in FIGURES if row[name] is not None},
        **picture_facts(performance_pictures(known, title=title)),
        **project.source_of(part.plant),
    }
