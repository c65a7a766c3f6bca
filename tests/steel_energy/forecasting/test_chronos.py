from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from steel_energy.errors import ConfigError, InputError, ModelUnavailableError, NotEnoughDataError
from steel_energy.forecasting import FORECAST_COLUMNS, KINDS, QUANTILE_COLUMNS, load_forecaster
from steel_energy.forecasting.chronos import (
    FROM_SCRATCH,
    ChronosFineTuned,
    ChronosFineTunedCovariates,
    ChronosForecaster,
    ChronosZeroShot,
)
from steel_energy.params import ForecastingParams
from steel_energy.testing import toy_plant, toy_readings, toy_tariff
from steel_energy.timeline import MAX_HORIZON, build_timeline

TUNED = ("chronos_fine_tuned", "chronos_fine_tuned_covariates")


def midnight_of(day: int) -> dt.datetime:
    return dt.datetime(2018, 1, 1) + dt.timedelta(days=day)  # noqa: DTZ001 - plant time


def with_model(params: ForecastingParams, model: str, revision: str | None = None) -> ForecastingParams:
    chronos = params.chronos.model_copy(update={"model": model, "revision": revision})
    return params.model_copy(update={"chronos": chronos})


def blank(name: str, params: ForecastingParams) -> ChronosForecaster:
    return KINDS[name](plant=toy_plant(), tariff=toy_tariff(), params=params)


@pytest.fixture(scope="module")
def fitted(small_params: ForecastingParams, noisy_readings: pl.DataFrame) -> dict[str, ChronosForecaster]:
    return {name: blank(name, small_params).fit(noisy_readings[: 49 * 96]) for name in TUNED}


@pytest.fixture(scope="module")
def pretrained(fitted: dict[str, ChronosForecaster], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder as the hub would give it: a tiny network's config and weights, nothing of this project."""
    folder = tmp_path_factory.mktemp("pretrained")
    fitted["chronos_fine_tuned"].network.save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize("name", TUNED)
def test_a_week_is_forecast_with_rising_positive_quantiles(name: str, fitted: dict, noisy_readings: pl.DataFrame):
    forecast = fitted[name].predict(noisy_readings, origin=midnight_of(49), horizon=672)
    quantiles = forecast.select(QUANTILE_COLUMNS).to_numpy()

    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert forecast["interval_start"].to_list() == noisy_readings["interval_start"][49 * 96 :].to_list()
    assert np.isfinite(forecast.drop("interval_start").to_numpy()).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()
    assert forecast["mean_kwh"].is_between(forecast["q05"], forecast["q95"]).all()


@pytest.mark.parametrize("name", TUNED)
def test_nothing_after_the_origin_is_read(name: str, fitted: dict, noisy_readings: pl.DataFrame):
    origin, position = midnight_of(50) + dt.timedelta(hours=7), 50 * 96 + 28
    measured = [pl.lit(999.0).alias(column) for column in ("usage_kwh", "lagging_reactive_kvarh")]
    changed = pl.concat([noisy_readings[:position], noisy_readings[position:].with_columns(measured)])

    model = fitted[name]
    assert model.predict(changed, origin=origin).equals(model.predict(noisy_readings, origin=origin))
    assert model.predict_many(changed, [origin]).equals(model.predict_many(noisy_readings, [origin]))


@pytest.mark.parametrize("name", TUNED)
def test_many_origins_give_what_each_gives_alone(name: str, fitted: dict, noisy_readings: pl.DataFrame):
    origins = [midnight_of(day) for day in (48, 50, 52)]

    together = fitted[name].predict_many(noisy_readings, origins, horizon=100)

    alone = pl.concat([fitted[name].predict(noisy_readings, origin=origin, horizon=100) for origin in origins])
    assert together["origin"].unique().len() == 3
    np.testing.assert_allclose(
        together.drop("origin", "interval_start").to_numpy(), alone.drop("interval_start").to_numpy(), atol=1e-4
    )


@pytest.mark.parametrize("name", TUNED)
@pytest.mark.parametrize("horizon", [1, 96, 672])
def test_a_shared_timeline_gives_what_the_readings_before_each_origin_give(
    name: str, fitted: dict, noisy_readings: pl.DataFrame, horizon: int
):
    timeline = build_timeline(noisy_readings, plant=toy_plant(), tariff=toy_tariff(), ahead=MAX_HORIZON)

    for origin in (midnight_of(50) + dt.timedelta(hours=7), midnight_of(20), midnight_of(56)):
        shared = fitted[name].predict(timeline, origin=origin, horizon=horizon)

        assert shared.equals(fitted[name].predict(noisy_readings, origin=origin, horizon=horizon))


@pytest.mark.parametrize("name", TUNED)
def test_the_same_readings_give_the_same_network(
    name: str, fitted: dict, small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    again = blank(name, small_params).fit(noisy_readings[: 49 * 96])

    first, second = (model.predict(noisy_readings, origin=midnight_of(49)) for model in (fitted[name], again))
    assert first.equals(second)


def test_training_leaves_the_randomness_and_threads_of_others_alone(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    import torch  # noqa: PLC0415 - slow

    torch.manual_seed(5)
    expected, threads = torch.rand(1), torch.get_num_threads()
    torch.manual_seed(5)

    blank("chronos_fine_tuned", small_params).fit(noisy_readings[: 30 * 96])

    assert torch.rand(1) == expected
    assert torch.get_num_threads() == threads


def test_covariates_learn_the_bands_and_the_closed_day(fitted: dict, noisy_readings: pl.DataFrame):
    forecast = fitted["chronos_fine_tuned_covariates"].predict(noisy_readings, origin=midnight_of(49), horizon=672)
    expected = toy_readings(days=56)["usage_kwh"][49 * 96 :].to_numpy()

    assert np.abs(forecast["mean_kwh"].to_numpy() - expected).mean() < 1.5


@pytest.mark.parametrize("name", TUNED)
def test_a_day_to_be_closed_changes_the_forecast_of_that_day_where_covariates_are_used(
    name: str, fitted: dict, noisy_readings: pl.DataFrame
):
    calendar = toy_plant().calendar.model_copy(update={"closed_days": frozenset({dt.date(2018, 2, 20)})})
    model = fitted[name]
    closing = type(model)(
        plant=toy_plant().model_copy(update={"calendar": calendar}),
        tariff=model.tariff,
        params=model.params,
        network=model.network,
        errors=model.errors,
    )

    opened, closed = (each.predict(noisy_readings, origin=midnight_of(49), horizon=192) for each in (model, closing))

    is_lower = closed["mean_kwh"][96 + 40 : 96 + 72].mean() < opened["mean_kwh"][96 + 40 : 96 + 72].mean() / 2
    knows_the_calendar = name == "chronos_fine_tuned_covariates"
    assert is_lower == knows_the_calendar
    assert closed.equals(opened) != knows_the_calendar


def test_what_is_trained_from_scratch_says_so(fitted: dict):
    assert {model.label for model in fitted.values()} == {FROM_SCRATCH}


def test_a_network_that_could_not_be_had_is_named_where_another_is_trained_instead(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    from huggingface_hub import constants  # noqa: PLC0415 - slow

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    params = with_model(small_params, "amazon/chronos-2", revision="0" * 40)

    model = blank("chronos_fine_tuned", params).fit(noisy_readings[: 30 * 96])

    assert model.label == f"{FROM_SCRATCH}; amazon/chronos-2 could not be had"


def test_without_pretrained_weights_there_is_no_zero_shot_model(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    with pytest.raises(ModelUnavailableError) as refusal:
        blank("chronos_zero_shot", small_params).fit(noisy_readings)

    assert "no pretrained weights are configured" in str(refusal.value)
    assert "params.yaml" in refusal.value.remedy


def test_weights_in_a_folder_forecast_as_they_come(
    pretrained: str, fitted: dict, small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
):
    params = with_model(small_params, pretrained)

    model = blank("chronos_zero_shot", params).fit(noisy_readings[: 49 * 96])

    untouched, twin = (each.network.model.state_dict() for each in (model, fitted["chronos_fine_tuned"]))
    assert isinstance(model, ChronosZeroShot)
    assert model.label == f"weights in {pretrained}"
    assert all((untouched[key] == twin[key]).all() for key in twin)
    model.save(tmp_path)
    loaded = load_forecaster(tmp_path, plant=toy_plant(), tariff=toy_tariff())
    assert loaded.label == model.label
    assert loaded.predict(noisy_readings, origin=midnight_of(49)).equals(
        model.predict(noisy_readings, origin=midnight_of(49))
    )


@pytest.mark.parametrize("kind", [ChronosFineTuned, ChronosFineTunedCovariates])
def test_weights_in_a_folder_are_tuned_further(
    kind: type[ChronosFineTuned],
    pretrained: str,
    fitted: dict,
    small_params: ForecastingParams,
    noisy_readings: pl.DataFrame,
):
    model = blank(kind.name, with_model(small_params, pretrained)).fit(noisy_readings[: 30 * 96])

    tuned, before = (each.network.model.state_dict() for each in (model, fitted["chronos_fine_tuned"]))
    assert model.label == f"weights in {pretrained}, fine-tuned on the plant's own readings"
    assert any((tuned[key] != before[key]).any() for key in before)


def test_pretrained_weights_are_shown_no_more_than_asked_for(
    pretrained: str, small_params: ForecastingParams, noisy_readings: pl.DataFrame
):
    params = with_model(small_params, pretrained)
    fine_tuning = params.chronos.fine_tuning.model_copy(update={"context": 48})
    chronos = params.chronos.model_copy(update={"fine_tuning": fine_tuning})

    model = blank("chronos_zero_shot", params.model_copy(update={"chronos": chronos})).fit(noisy_readings[: 30 * 96])

    assert model.network.model_context_length == 48


def test_a_folder_without_a_chronos_2_is_refused(
    small_params: ForecastingParams, noisy_readings: pl.DataFrame, tmp_path: Path
):
    (tmp_path / "config.json").write_text('{"model_type": "t5", "architectures": ["T5Model"]}', encoding="utf-8")

    with pytest.raises(ConfigError, match="holds no Chronos-2"):
        blank("chronos_fine_tuned", with_model(small_params, str(tmp_path))).fit(noisy_readings)


def test_a_gpu_that_is_not_there_is_refused(small_params: ForecastingParams, noisy_readings: pl.DataFrame):
    import torch  # noqa: PLC0415 - slow

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    chronos = small_params.chronos.model_copy(update={"device": "cuda"})
    model = blank("chronos_fine_tuned", small_params.model_copy(update={"chronos": chronos}))

    with pytest.raises(ModelUnavailableError, match="there is no GPU"):
        model.fit(noisy_readings)


def test_training_on_too_little_says_how_much_is_needed(small_params: ForecastingParams):
    with pytest.raises(NotEnoughDataError, match=r"training needs 28 days of readings, got 27\.0"):
        blank("chronos_fine_tuned", small_params).fit(toy_readings(days=27))


@pytest.mark.parametrize("name", TUNED)
def test_a_forecast_from_too_little_history_is_refused(name: str, fitted: dict):
    with pytest.raises(NotEnoughDataError, match=r"a forecast needs 14 days of readings, got 13\.0"):
        fitted[name].predict(toy_readings(days=20), origin=midnight_of(13))


def test_an_unfitted_forecaster_refuses_to_forecast_and_to_save(small_params: ForecastingParams, tmp_path: Path):
    unfitted = blank("chronos_fine_tuned", small_params)

    with pytest.raises(InputError, match="not fitted"):
        unfitted.predict(toy_readings(days=21), origin=midnight_of(21))
    with pytest.raises(InputError, match="not fitted"):
        unfitted.save(tmp_path)


def test_no_network_library_is_loaded_before_it_is_used():
    program = "import sys, steel_energy.forecasting; print({'torch', 'transformers', 'chronos'} & set(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "set()"
