"""With new readings a challenger has to beat the champion on days that neither fit had seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts import Manifest, champion_version, history, promote, publish, rollback, write_bundle
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.forecasting.base import Forecaster
from steel_energy.forecasting.seasonal import DailyNaive
from steel_energy.history import readings_end
from steel_energy.params import Params, load_params
from steel_energy.promotion import Verdict, newest_days, put_forward
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

SITE = Site(toy_plant(), toy_tariff())
DAYS = 70
Forward = Callable[..., Verdict]


@pytest.fixture(scope="module")
def params() -> Params:
    params = load_params(PROJECT_ROOT / "params.yaml")
    return params.model_copy(update={"monitoring": params.monitoring.model_copy(update={"recent_days": 7})})


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """The toy plant, which the calendar tells everything of: the seasonal naive model is never off, the daily one is
    around each Sunday."""
    return toy_readings(days=DAYS)


@pytest.fixture(scope="module")
def fits(readings: pl.DataFrame, params: Params) -> Callable[..., Vintages]:
    def fit(kind: type[SeasonalNaive | DailyNaive], *, days: int = DAYS) -> Vintages:
        model: Forecaster = kind(plant=SITE.plant, tariff=SITE.tariff, params=params.forecasting)
        return Vintages(model, SITE.plant.zone).fit(readings.head(days * 96))

    return fit


@pytest.fixture
def bundle(tmp_path: Path, fits: Callable[..., Vintages], readings: pl.DataFrame) -> Callable[..., Manifest]:
    """A bundle of a model that was fitted on the first ``days``."""

    def make(kind: type[SeasonalNaive | DailyNaive], *, days: int = DAYS, served: bool = False) -> Manifest:
        facts = toy_facts(
            model=kind.name,
            trained_from=readings["interval_start"][0],
            trained_until=readings_end(readings.head(days * 96)),
        )
        return (publish if served else write_bundle)(tmp_path, facts, write=fits(kind, days=days).save)

    return make


@pytest.fixture
def forward(
    tmp_path: Path,
    bundle: Callable[..., Manifest],
    fits: Callable[..., Vintages],
    readings: pl.DataFrame,
    params: Params,
) -> Forward:
    def put(kind: type[SeasonalNaive | DailyNaive], *, params: Params = params) -> Verdict:
        return put_forward(
            bundle(kind),
            fits(kind),
            SITE,
            bundles_dir=tmp_path,
            readings=readings,
            rmse_kwh=0.0,
            reason="best on validation",
            params=params,
        )

    return put


def test_a_challenger_that_is_better_on_the_newest_days_is_served_and_both_figures_are_told(
    bundle: Callable[..., Manifest], forward: Forward, tmp_path: Path
):
    held = bundle(DailyNaive, days=DAYS - 7, served=True)

    verdict = forward(SeasonalNaive)

    assert verdict.is_promoted
    assert verdict.recent is not None
    assert verdict.recent.newer_rmse_kwh == 0.0 < verdict.recent.older_rmse_kwh
    assert verdict.recent.days == "2018-03-05 00:00 to 2018-03-12 00:00"
    assert verdict.reason == (
        "best on validation; 0.00 kWh on 2018-03-05 00:00 to 2018-03-12 00:00, which neither had seen, "
        f"seasonal_naive_day {held.version} {verdict.recent.older_rmse_kwh:.2f} kWh"
    )
    assert history(tmp_path, "toy")[-1].reason == verdict.reason


def test_a_challenger_that_is_worse_there_has_to_wait_however_good_it_was_before(
    bundle: Callable[..., Manifest], forward: Forward, tmp_path: Path
):
    held = bundle(SeasonalNaive, days=DAYS - 7, served=True)

    verdict = forward(DailyNaive)

    assert not verdict.is_promoted
    assert verdict.recent is not None
    assert f"is not 1% better than seasonal_naive {held.version} (0.00 kWh)" in verdict.reason
    assert f"({verdict.recent.newer_rmse_kwh:.2f} kWh)" in verdict.reason
    assert champion_version(tmp_path, "toy") == held.version


def test_the_margin_decides_between_models_that_are_as_good(
    bundle: Callable[..., Manifest], forward: Forward, params: Params, tmp_path: Path
):
    held = bundle(DailyNaive, days=DAYS - 7, served=True)
    without = params.model_copy(update={"evaluation": params.evaluation.model_copy(update={"promotion_margin": 0.0})})

    assert not forward(DailyNaive).is_promoted
    assert champion_version(tmp_path, "toy") == held.version
    assert forward(DailyNaive, params=without).is_promoted


def test_with_fewer_new_readings_a_build_refreshes_freely(bundle: Callable[..., Manifest], forward: Forward):
    bundle(SeasonalNaive, days=DAYS - 6, served=True)

    verdict = forward(DailyNaive)

    assert (verdict.is_promoted, verdict.recent) == (True, None)


def test_the_challengers_fit_that_is_judged_had_not_seen_the_newest_days(
    bundle: Callable[..., Manifest], forward: Forward, readings: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    bundle(DailyNaive, days=DAYS - 10, served=True)
    seen: list[dt.datetime] = []
    fit = SeasonalNaive.fit
    monkeypatch.setattr(SeasonalNaive, "fit", lambda self, known: seen.append(readings_end(known)) or fit(self, known))

    verdict = forward(SeasonalNaive)

    assert verdict.recent is not None
    assert seen[-1] == verdict.recent.start == readings_end(readings) - dt.timedelta(days=7)


def test_after_a_rollback_the_newest_days_take_the_place_of_the_validation_part(
    bundle: Callable[..., Manifest], forward: Forward, tmp_path: Path
):
    """The champion that was gone back to is as good on the validation part; on the newest days it is not."""
    bundle(DailyNaive, days=DAYS - 8, served=True)
    bundle(SeasonalNaive, days=DAYS - 7, served=True)
    rollback(tmp_path, "toy", reason="bad nights")

    verdict = forward(SeasonalNaive)

    assert verdict.is_promoted
    assert verdict.recent is not None


def test_a_champion_that_cannot_answer_keeps_nobodys_place(
    bundle: Callable[..., Manifest], forward: Forward, tmp_path: Path
):
    held = bundle(SeasonalNaive, days=DAYS - 7, served=True)
    (tmp_path / "toy" / held.version / "forecaster.json").unlink()

    verdict = forward(DailyNaive)

    assert (verdict.is_promoted, verdict.recent) == (True, None)
    assert verdict.reason.startswith("best on validation; the champion could not be asked: ")
    assert verdict.reason.endswith("forecaster.json: is missing")


def test_what_a_person_put_there_is_compared_like_any_champion(
    bundle: Callable[..., Manifest], forward: Forward, tmp_path: Path
):
    held = bundle(SeasonalNaive, days=DAYS - 7)
    promote(tmp_path, "toy", version=held.version, by="promote", reason="known to be good")

    assert not forward(DailyNaive).is_promoted


@pytest.mark.parametrize(("hours", "expected_days"), [(7 * 24, 7), (7 * 24 + 30, 7), (7 * 24 - 1, None)])
def test_the_newest_days_begin_where_the_fit_ends_or_later(
    readings: pl.DataFrame, hours: int, expected_days: int | None
):
    end = readings_end(readings)

    start = newest_days(end - dt.timedelta(hours=hours), readings, zone=SITE.plant.zone, recent_days=7)

    assert start == (end - dt.timedelta(days=expected_days) if expected_days else None)
