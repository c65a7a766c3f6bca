"""Who answers when the champion cannot: each step, what is said of it, and what is the asker's own fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from steel_energy.artifacts import champion_version, publish, rollback
from steel_energy.errors import BundleError, InputError, ModelUnavailableError, NotEnoughDataError, NotFittedError
from steel_energy.forecasting import SeasonalNaive
from steel_energy.history import readings_end
from steel_energy.ladder import (
    CHAMPION,
    NAIVE,
    PREVIOUS,
    Answered,
    Served,
    fit_naive,
    forecast_by,
    forecast_from_disk,
    step_down,
)
from steel_energy.params import ForecastingParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.sites import Site
from steel_energy.testing import toy_facts, toy_plant, toy_readings, toy_tariff

SEOUL = ZoneInfo("Asia/Seoul")
DAYS = 50


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(toy_plant(), toy_tariff())


@pytest.fixture(scope="module")
def params() -> ForecastingParams:
    return load_params(PROJECT_ROOT / "params.yaml").forecasting


@pytest.fixture(scope="module")
def readings() -> pl.DataFrame:
    return toy_readings(days=DAYS)


@pytest.fixture
def published(tmp_path: Path, site: Site, params: ForecastingParams, readings: pl.DataFrame) -> Callable[[float], str]:
    """Publish a fitted forecaster; another score makes another version of it."""
    fitted = SeasonalNaive(plant=site.plant, tariff=site.tariff, params=params).fit(readings)

    def put(score: float) -> str:
        facts = toy_facts(
            metrics={"score": score}, trained_from=readings["interval_start"][0], trained_until=readings_end(readings)
        )
        return publish(tmp_path, facts, write=fitted.save).version

    return put


@pytest.fixture
def ask(
    tmp_path: Path, site: Site, params: ForecastingParams, readings: pl.DataFrame
) -> Callable[..., Answered[pl.DataFrame]]:
    def answer(*, origin: dt.datetime | None = None, horizon: int = 4) -> Answered[pl.DataFrame]:
        origin = origin or readings_end(readings)
        return forecast_from_disk(tmp_path, site, history=readings, origin=origin, horizon=horizon, params=params)

    return answer


def damage(bundles: Path, version: str) -> None:
    (bundles / "toy" / version / "forecaster.json").write_text("{}", encoding="utf-8")


def test_the_champion_answers_and_nothing_is_said(published, ask):
    version = published(1.0)

    answered = ask()

    assert (answered.step, answered.served.manifest.version, answered.fallback) == (CHAMPION, version, None)
    assert answered.value["mean_kwh"].to_list() == [2.0] * 4  # the toy plant at night


def test_a_damaged_champion_is_stepped_down_from_to_the_previous_one(published, ask, tmp_path: Path):
    one, two = published(1.0), published(2.0)
    damage(tmp_path, two)

    answered = ask()

    assert answered.served.manifest.version == one
    assert answered.fallback is not None
    assert answered.fallback.step == PREVIOUS
    assert "forecaster.json: was altered" in answered.fallback.because


def test_a_bundle_that_was_rolled_back_is_not_stepped_down_to(published, ask, tmp_path: Path):
    one = published(1.0)
    published(2.0)
    rollback(tmp_path, "toy")
    damage(tmp_path, one)

    assert ask().step == NAIVE


def test_with_no_whole_bundle_a_forecast_is_fitted_on_the_spot_and_says_all_reasons(published, ask, tmp_path: Path):
    for version in (published(1.0), published(2.0)):
        damage(tmp_path, version)

    answered = ask()

    assert (answered.step, answered.served.manifest.version) == (NAIVE, "on-the-spot")
    assert answered.fallback is not None
    assert answered.fallback.because.count("was altered") == 2
    assert answered.value["mean_kwh"].to_list() == [2.0] * 4


def test_without_any_champion_a_forecast_is_fitted_on_the_spot(ask):
    answered = ask()

    assert answered.fallback is not None
    assert answered.fallback.because.startswith("champion: no champion of plant toy")


def test_a_lost_champion_record_is_stepped_down_from_to_what_served_last(published, ask, tmp_path: Path):
    version = published(1.0)
    (tmp_path / "toy" / "champion.json").write_text("", encoding="utf-8")

    answered = ask()

    assert (answered.step, answered.served.manifest.version) == (PREVIOUS, version)


def test_a_mended_champion_answers_again(published, ask, tmp_path: Path):
    damage(tmp_path, published(1.0))
    before = ask().step

    published(1.0)

    assert (before, ask().step) == (NAIVE, CHAMPION)


def test_where_no_step_can_answer_the_champions_reason_is_raised(ask, readings: pl.DataFrame):
    early = readings["interval_start"][0] + dt.timedelta(days=20)

    with pytest.raises(BundleError, match="no champion of plant toy"):
        ask(origin=early)


@pytest.mark.parametrize("horizon", [0, 673])
def test_a_wrong_question_is_the_askers_fault_and_no_step_down(published, ask, horizon: int):
    published(1.0)

    with pytest.raises(InputError, match="1 to 672"):
        ask(horizon=horizon)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotFittedError("lightgbm"), "champion: lightgbm: is not fitted (call fit first)"),
        (ModelUnavailableError("no weights"), "champion: no weights"),
        (RuntimeError("out of memory"), "champion: RuntimeError: out of memory"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_champion_that_fails_to_forecast_is_stepped_down_from(error: Exception, said: str, naive: Served):
    asked = []

    def question(served: Served) -> str:
        asked.append(served)
        if len(asked) == 1:
            raise error
        return "answer"

    answered = step_down({CHAMPION: lambda: naive, NAIVE: lambda: naive}, question)

    assert (answered.value, answered.step, answered.failures[0].version) == ("answer", NAIVE, "on-the-spot")
    assert answered.fallback is not None
    assert answered.fallback.because == said


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda frame: frame.with_columns(q50=pl.lit(float("nan"))), id="no number"),
        pytest.param(lambda frame: frame.head(3), id="too short"),
    ],
)
def test_a_forecast_with_gaps_is_no_answer(spoil, naive: Served, readings: pl.DataFrame):
    @dataclass(frozen=True)
    class Spoilt(SeasonalNaive):
        def predict(self, history: pl.DataFrame, *, origin: dt.datetime, horizon: int = 96) -> pl.DataFrame:
            return spoil(naive.forecaster.predict(history, origin=origin, horizon=horizon))

    spoilt = replace(naive, forecaster=Spoilt(**vars(naive.forecaster)))

    with pytest.raises(BundleError, match="its forecast has gaps"):
        forecast_by(spoilt, readings, origin=readings_end(readings), horizon=4)


def test_too_little_history_for_a_loaded_model_is_the_askers_fault(naive: Served):
    def question(_: Served) -> None:
        raise NotEnoughDataError("needs 14 days")

    with pytest.raises(NotEnoughDataError):
        step_down({CHAMPION: lambda: naive, NAIVE: lambda: naive}, question)


@pytest.fixture
def naive(site: Site, params: ForecastingParams, readings: pl.DataFrame) -> Served:
    return fit_naive(readings, site, origin=readings_end(readings), params=params)


def test_what_is_fitted_on_the_spot_has_seen_nothing_after_the_origin(
    site: Site, params: ForecastingParams, readings: pl.DataFrame
):
    origin = dt.datetime(2018, 2, 15, tzinfo=SEOUL)
    after = pl.col("interval_start") >= origin
    changed = readings.with_columns(usage_kwh=pl.when(after).then(999.0).otherwise("usage_kwh"))

    served = [fit_naive(frame, site, origin=origin, params=params) for frame in (readings, changed)]

    assert served[0].manifest.trained_until == origin
    assert served[0].manifest.data_sha256 == served[1].manifest.data_sha256
    forecasts = [one.forecaster.predict(readings, origin=origin) for one in served]
    assert forecasts[0].equals(forecasts[1])


def test_stepping_down_changes_nothing_on_disk(published, ask, tmp_path: Path):
    version = published(1.0)
    damage(tmp_path, version)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    ask()

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert champion_version(tmp_path, "toy") == version
