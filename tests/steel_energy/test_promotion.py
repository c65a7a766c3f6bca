"""Builds refresh their champion freely; after a rollback they have to earn its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts import Manifest, champion_version, history, promote, publish, rollback, write_bundle
from steel_energy.errors import BundleError
from steel_energy.evaluation import over_24h
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.history import readings_end
from steel_energy.params import Params, load_params
from steel_energy.promotion import Verdict, put_forward, validation_rmse_kwh
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff
from steel_energy.trial import part_of, try_out

SITE = Site(toy_plant(), toy_tariff())
FAR_BETTER_KWH = 0.0


@pytest.fixture(scope="module")
def params() -> Params:
    return load_params(PROJECT_ROOT / "params.yaml")


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    """The toy plant, running half as much again every other week, so that last week is a poor guide."""
    frame = toy_readings(days=90)
    busy = pl.col("interval_start").dt.week() % 2 == 0
    return frame.with_columns(usage_kwh=pl.when(busy).then(1.5 * pl.col("usage_kwh")).otherwise("usage_kwh"))


@pytest.fixture(scope="module")
def fitted(readings: pl.DataFrame, params: Params) -> Vintages:
    """What a build publishes: fits before the validation and the test part and one on all readings."""
    model = SeasonalNaive(plant=SITE.plant, tariff=SITE.tariff, params=params.forecasting)
    return try_out(model, readings, params=params.evaluation).forecaster.fit(readings)


@pytest.fixture(scope="module")
def held_rmse_kwh(fitted: Vintages, readings: pl.DataFrame, params: Params) -> float:
    """The error of every bundle here, whatever score it claims of itself."""
    assert params.evaluation.promotion_margin == 0.01
    return validation_rmse_kwh(fitted, readings, params=params.evaluation)


@pytest.fixture
def bundle(tmp_path: Path, fitted: Vintages, readings: pl.DataFrame) -> Callable[..., Manifest]:
    """A bundle of the fits; another score makes another version of it."""

    def make(score: float, *, served: bool = False) -> Manifest:
        facts = toy_facts(
            metrics={"validation.over_24h.rmse_kwh": score},
            trained_from=readings["interval_start"][0],
            trained_until=readings_end(readings),
            earlier_fits=[vintage.trained_until for vintage in fitted.fits[:-1]],
        )
        return (publish if served else write_bundle)(tmp_path, facts, write=fitted.save)

    return make


@pytest.fixture
def forward(
    tmp_path: Path, fitted: Vintages, readings: pl.DataFrame, params: Params
) -> Callable[[Manifest, float], Verdict]:
    def put(candidate: Manifest, rmse_kwh: float) -> Verdict:
        return put_forward(
            candidate,
            fitted,
            SITE,
            bundles_dir=tmp_path,
            readings=readings,
            rmse_kwh=rmse_kwh,
            reason="best on validation",
            params=params,
        )

    return put


@pytest.fixture
def gone_back(bundle: Callable[..., Manifest], tmp_path: Path) -> tuple[Manifest, Manifest]:
    """The bundle that a person went back to, and the one that was rolled back."""
    good, bad = bundle(1.0, served=True), bundle(2.0, served=True)
    rollback(tmp_path, "toy", reason="bad nights")
    return good, bad


def test_a_bundle_is_scored_as_the_leaderboard_scores_its_model(readings: pl.DataFrame, params: Params):
    model = SeasonalNaive(plant=SITE.plant, tariff=SITE.tariff, params=params.forecasting)
    trial = try_out(model, readings, params=params.evaluation)

    rmse_kwh = validation_rmse_kwh(trial.forecaster.fit(readings), readings, params=params.evaluation)

    assert rmse_kwh == over_24h(part_of(trial.scores, "validation"))["rmse_kwh"]
    assert rmse_kwh > 1


def test_the_first_bundle_and_each_refreshed_one_is_served_with_its_reason(bundle, forward, tmp_path: Path):
    verdicts = [forward(bundle(score), rmse) for score, rmse in ((1.0, 10.0), (2.0, 10.1))]

    assert [verdict.is_promoted for verdict in verdicts] == [True, True]
    assert [(one.by, one.reason) for one in history(tmp_path, "toy")] == [("build", "best on validation")] * 2


def test_a_bundle_that_was_rolled_back_is_never_served_again_by_a_build(gone_back, forward, tmp_path: Path):
    good, bad = gone_back

    verdict = forward(bad, FAR_BETTER_KWH)

    assert not verdict.is_promoted
    assert verdict.reason.startswith(f"the champion stays: seasonal_naive {bad.version} was rolled back")
    assert champion_version(tmp_path, "toy") == good.version


def test_after_a_rollback_a_bundle_that_is_not_better_by_the_margin_at_the_same_origins_has_to_wait(
    gone_back, bundle, forward, held_rmse_kwh: float
):
    verdict = forward(bundle(3.0), 0.995 * held_rmse_kwh)

    better = f"1% better than seasonal_naive {gone_back[0].version} ({held_rmse_kwh:.2f} kWh there)"
    assert not verdict.is_promoted
    assert better in verdict.reason


@pytest.mark.usefixtures("gone_back")
def test_after_a_rollback_a_bundle_better_by_the_margin_at_the_same_origins_is_served(
    bundle, forward, held_rmse_kwh: float, tmp_path: Path
):
    candidate = bundle(3.0)

    assert forward(candidate, 0.985 * held_rmse_kwh).is_promoted
    assert champion_version(tmp_path, "toy") == candidate.version


def test_a_promotion_by_hand_ends_the_distrust(gone_back, bundle, forward, tmp_path: Path):
    promote(tmp_path, "toy", version=gone_back[1].version, by="promote", reason="it was the meter")

    assert forward(bundle(3.0), 1e6).is_promoted


def test_a_build_that_replaces_what_a_person_promoted_says_whose_choice_it_was(bundle, forward, tmp_path: Path):
    bundle(1.0, served=True)
    chosen = bundle(2.0)
    promote(tmp_path, "toy", version=chosen.version, by="promote", reason="calmer nights", who="ana")

    verdict = forward(bundle(3.0), 10.0)

    said = f"in the place of seasonal_naive {chosen.version}, which ana promoted by hand: calmer nights"
    assert verdict.reason == history(tmp_path, "toy")[-1].reason == f"best on validation; {said}"


def test_a_bundle_that_cannot_be_read_keeps_nobodys_place(gone_back, bundle, forward, tmp_path: Path):
    (tmp_path / "toy" / gone_back[0].version / "forecaster.json").unlink()

    assert forward(bundle(3.0), 1e6).is_promoted


def test_with_a_damaged_champion_a_rejected_bundle_is_not_served_and_the_way_out_is_named(
    gone_back, forward, tmp_path: Path
):
    good, bad = gone_back
    (tmp_path / "toy" / good.version / "forecaster.json").unlink()

    with pytest.raises(BundleError, match=r"is missing, and seasonal_naive .* was rolled back") as refusal:
        forward(bad, FAR_BETTER_KWH)

    assert f"steel champion promote {bad.version}" in refusal.value.remedy


def test_a_build_that_makes_the_champion_again_changes_nothing(gone_back, forward, tmp_path: Path):
    before = history(tmp_path, "toy")

    assert forward(gone_back[0], 1e6).is_promoted
    assert history(tmp_path, "toy") == before


def test_two_builds_of_the_same_readings_give_the_same_version(readings, params: Params, tmp_path: Path):
    versions = []
    for name in ("one", "two"):
        model = SeasonalNaive(plant=SITE.plant, tariff=SITE.tariff, params=params.forecasting)
        fits = try_out(model, readings, params=params.evaluation).forecaster.fit(readings)
        versions.append(publish(tmp_path / name, toy_facts(), write=fits.save))

    assert versions[0].version == versions[1].version
    assert versions[0].created_at < versions[1].created_at < dt.datetime.now(dt.UTC)
