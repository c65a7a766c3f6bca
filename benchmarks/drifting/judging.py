"""What drift and forecast say of a scene: stable weeks judged, shifts injected and looked for night by night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from drifting.causes import Cause
from drifting.errors import Champion
from drifting.scenes import Scene, moment
from steel_energy.drift import Drift, drift
from steel_energy.params import Params

WITHIN_DAYS = 7  # after which a shift that was not found counts as missed
NIGHTS = WITHIN_DAYS + 1  # asked at most: the first one may come soon after the start
ERROR_DAYS = 7  # forecasts of so many days are compared
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Found:
    """What came of one injected shift.

    Attributes:
        scene: its name.
        group: real or simulated.
        cause: what was injected.
        cleaning: whether the readings were cleaned before they were judged, as they are in use.
        start: first shifted interval.
        delay_days: from the start to the night on which it was found; None where it was missed.
        first_by: the figures that found it, the clearest first.
        moderate_days: from the start to the first night with a new moderate verdict or worse; None for never.
        error_ratio: RMSE of the week's day-ahead forecasts over that of the same days without the shift.
        has_errors: whether the champion's errors were judged too.
        degraded_days: from the start to the night on which they counted as degraded; None for not within a week.
    """

    scene: str
    group: str
    cause: Cause
    cleaning: bool
    start: dt.datetime
    delay_days: float | None
    first_by: tuple[str, ...] = ()
    moderate_days: float | None = None
    error_ratio: float | None = None
    has_errors: bool = False
    degraded_days: float | None = None

    @property
    def either_days(self) -> float | None:
        """From the start to the first night on which drift was severe or the errors had degraded, within a week."""
        told = [self.delay_days if self.is_found else None, self.degraded_days]
        return min((days for days in told if days is not None), default=None)

    @property
    def is_found(self) -> bool:
        """Whether it was found within a week."""
        return self.delay_days is not None and self.delay_days <= WITHIN_DAYS


@dataclass(frozen=True)
class Judged:
    """One stable week: its end, the figures that called it moved or moved far, and whether forecasts had degraded.

    The last is None where no forecasts were asked for.
    """

    scene: str
    group: str
    until: dt.datetime
    moderate: tuple[str, ...]
    severe: tuple[str, ...]
    is_degraded: bool | None = None


def judged(scene: Scene, params: Params, *, until: dt.datetime) -> Drift:
    """The drift of a scene as asked at ``until``."""
    return drift(
        scene.readings,
        site=scene.site,
        trained_from=scene.readings["interval_start"][0],
        trained_until=scene.trained_until,
        params=params.drift,
        repairs=scene.repairs,
        until=until,
    )


def flags(found: Drift, verdict: str) -> dict[str, float]:
    """Columns and figures with this verdict, and how clearly: 1 is just severe."""
    columns = {f"PSI of {one.column}": one.psi for one in found.columns if one.verdict == verdict}
    figures = {
        f"{one.figure} of {one.column}" if one.column else one.figure: abs(one.value) / one.severe_at
        for one in found.figures
        if one.verdict == verdict
    }
    return columns | figures


def stable_weeks(
    scene: Scene, params: Params, *, retrained: bool = False, asked: Champion | None = None
) -> Iterator[Judged]:
    """Each whole week after the training judged; where ``retrained``, by a champion trained until its start.

    Forecasts are judged where the scene's champion is given.
    """
    first = scene.trained_until
    for until in scene.mondays(first):
        champion = replace(scene, trained_until=until - WEEK) if retrained else scene
        found = judged(champion, params, until=until)
        moderate, severe = (tuple(flags(found, verdict)) for verdict in ("moderate", "severe"))
        is_degraded = asked.is_degraded(until) if asked else None
        yield Judged(scene.name, scene.group, until, moderate, severe, is_degraded)


class Unshifted:
    """What drift says of the scene without the shift, asked once for each night; the champion, where errors count."""

    def __init__(self, scene: Scene, params: Params, champion: Champion | None = None) -> None:
        self.scene, self.params, self.champion = scene, params, champion
        self._known: dict[dt.datetime, tuple[set[str], set[str]]] = {}

    def flags(self, until: dt.datetime) -> tuple[set[str], set[str]]:
        """Names of what is severe, and of what is moderate."""
        if until not in self._known:
            found = judged(self.scene, self.params, until=until)
            self._known[until] = set(flags(found, "severe")), set(flags(found, "moderate"))
        return self._known[until]


def injected(watched: Iterable[Unshifted], cause: Cause) -> Iterator[Found]:
    """A cause at each start of each scene; what breaks the meter's laws as it was sent, too.

    Errors of forecasts are told of cleaned readings, where the scene has a forecaster.
    """
    for unshifted in watched:
        scene = unshifted.scene
        for start in scene.starts:
            sent = cause.send(scene.readings, start, scene.site.plant)
            for cleaning in (True,) if cause.is_physical else (True, False):
                told = looked_for(Found(scene.name, scene.group, cause, cleaning, start, None), unshifted, sent)
                ratio = error_ratio(scene, sent, start=start) if scene.forecaster and cleaning else None
                told = replace(told, error_ratio=ratio)
                yield with_errors(told, unshifted.champion, sent) if unshifted.champion and cause.is_physical else told


def looked_for(told: Found, unshifted: Unshifted, sent: pl.DataFrame) -> Found:
    """Ask at each midnight after the start what the shift adds to the verdict, until it is called severe."""
    scene, moderate_days = unshifted.scene, None
    end, whole = told.start + dt.timedelta(days=NIGHTS), None
    if (
        told.cause.is_physical and not scene.knows_later
    ):  # cleaning finds nothing in it, so that it is asked once for all nights
        whole = scene.with_new(sent, start=told.start, until=end, cleaning=True)
    for night in range(1, NIGHTS + 1):
        until = moment((told.start.date() + dt.timedelta(days=night)).isoformat(), scene.site)
        days = (until - told.start) / dt.timedelta(days=1)
        new = whole or scene.with_new(sent, start=told.start, until=until, cleaning=told.cleaning)
        after, (was_severe, was_moderate) = judged(new, unshifted.params, until=until), unshifted.flags(until)
        severe = {name: size for name, size in flags(after, "severe").items() if name not in was_severe}
        if moderate_days is None and (severe or set(flags(after, "moderate")) - was_moderate - was_severe):
            moderate_days = days
        if severe:
            by = tuple(sorted(severe, key=lambda name: -severe[name]))
            return replace(told, delay_days=days, first_by=by, moderate_days=moderate_days)
    return replace(told, moderate_days=moderate_days)


def with_errors(told: Found, champion: Champion, sent: pl.DataFrame) -> Found:
    """Judge the champion's errors at each midnight after the start, up to a week after it."""
    start, site = told.start, champion.scene.site
    end = start + WEEK
    new = champion.shifted(champion.scene.with_new(sent, start=start, until=end, cleaning=True), start=start, end=end)
    nights = (moment((start.date() + dt.timedelta(days=day)).isoformat(), site) for day in range(1, NIGHTS + 1))
    degraded = next((night for night in nights if night <= end and new.is_newly_degraded(night)), None)
    days = (degraded - start) / dt.timedelta(days=1) if degraded else None
    return replace(told, has_errors=True, degraded_days=days)


def error_ratio(scene: Scene, sent: pl.DataFrame, *, start: dt.datetime) -> float:
    """How much larger the error of day-ahead forecasts gets by the shift: the days after the start's, cleaned."""
    first = start.date() + dt.timedelta(days=1)
    origins = [moment((first + dt.timedelta(days=day)).isoformat(), scene.site) for day in range(ERROR_DAYS)]
    until = origins[-1] + dt.timedelta(days=1)
    after = scene.with_new(sent, start=start, until=until, cleaning=True)
    return rmse_kwh(after, origins) / rmse_kwh(scene, origins)


def rmse_kwh(scene: Scene, origins: list[dt.datetime]) -> float:
    """RMSE of the forecasts of 24 hours from these origins."""
    if scene.forecaster is None:
        raise ValueError("the scene has no forecaster")
    forecasts = scene.forecaster.predict_many(scene.readings, origins)
    both = forecasts.join(scene.readings.select("interval_start", "usage_kwh"), on="interval_start")
    return float(both.select((pl.col("mean_kwh") - pl.col("usage_kwh")).pow(2).mean().sqrt()).item())
