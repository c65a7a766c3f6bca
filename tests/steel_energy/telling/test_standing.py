"""Answers on drift, health, the model, a meter's values and the notes."""

from __future__ import annotations

from typing import Any

import pytest

from steel_energy.asking.grounding import grounded
from steel_energy.asking.lexicon import Language
from steel_energy.asking.outcomes import Request
from steel_energy.asking.scene import Scene
from steel_energy.drift.remedies import FIGURES
from steel_energy.schema import READINGS
from steel_energy.telling.formats import voice
from steel_energy.telling.tell import calls_of, tell

METER: dict[str, Any] = {
    "lagging_reactive_power": 2.95,
    "leading_reactive_power": 0,
    "co2": 0,
    "lagging_power_factor": 0.7321,
    "leading_power_factor": 1,
    "nsm": 900,
    "day_of_week": 0,
    "load_type": "Light",
}
DRIFT: dict[str, Any] = {
    "champion": {"model": "ensemble", "label": "", "version": "1a2b3c4d5e6f"},
    "newest_from": "2018-01-15T00:00:00+09:00",
    "newest_until": "2018-01-22T00:00:00+09:00",
    "verdict": "severe",
    "columns": [
        {"column": "usage_kwh", "psi": 0.31, "usual_psi": 0.12, "verdict": "severe", "remedy": "look"},
        {"column": "co2_t", "psi": 0.05, "usual_psi": 0.12, "verdict": "none", "remedy": ""},
    ],
    "figures": [
        {"figure": "level", "column": None, "value": -0.2, "moderate_at": 0.1, "verdict": "severe", "remedy": "look"},
        {"figure": "unchanged", "column": "usage_kwh", "value": 2, "moderate_at": 2.8, "verdict": "none", "remedy": ""},
    ],
}
HEALTH: dict[str, Any] = {
    "status": "ok",
    "source": {"is_simulated": False},
    "readings_until": "2018-01-22T00:00:00+09:00",
    "champion": {"model": "ensemble", "label": "", "version": "1a2b3c4d5e6f"},
    "fallback": None,
    "problems": [],
}
MODEL: dict[str, Any] = {
    "model": "ensemble",
    "label": "58% this + 42% that",
    "version": "1a2b3c4d5e6f",
    "fallback": None,
    "trained_from": "2018-01-01T00:00:00+09:00",
    "trained_until": "2018-01-15T00:00:00+09:00",
    "source": {"is_simulated": True},
    "metrics": {
        f"test.over_24h.{name}": value
        for name, value in {"rmse_kwh": 15.34, "mae_kwh": 7.6, "wape": 0.29, "skill": 0.38}.items()
    },
    "nowcast": {"version": "physics-0.1.0"},
}


def asked(intent: str, language: str = "en", **slots: Any) -> Request:
    """A request without a time."""
    return Request.model_validate({"intent": intent, "language": language, "slots": slots})


def test_what_drifted_is_told_with_what_is_usual_and_what_to_do(toy_scene: Scene) -> None:
    told = tell(asked("drift"), [DRIFT], toy_scene)

    assert told.text == (
        "Severe drift from 15 to 21 January 2018: the readings no longer look like those of the training. What moved: "
        "the distribution of the consumption (PSI 0.31, usual up to 0.12) and all energies together by 20.0 % "
        "(notable from 10.0 % on).\n"
        "Find out what changed in the plant or its meter; if it is to last, train again. "
        "Ask whether the meter's transformer ratio or the plant itself changed; if it is to last, train again.\n"
        "Compared with like days of the training of ensemble, version 1a2b3c4d5e6f."
    )
    assert grounded(told.text, told.figures) == []


def test_no_drift_is_told_in_a_sentence(toy_scene: Scene) -> None:
    calm = DRIFT | {"verdict": "none", "columns": [], "figures": []}

    told = tell(asked("drift", "es"), [calm], toy_scene)

    assert told.text.startswith("No hay deriva del 15 al 21 de enero de 2018: las lecturas se parecen a las del ")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_column_and_figure_of_a_drift_report_has_words(language: Language) -> None:
    texts = voice(language).texts

    measured = {column.name for column in READINGS} - {"plant", "interval_start"}
    wanted = {f"column_{name}" for name in measured}
    wanted |= {f"{kind}_{name}" for name in FIGURES for kind in ("drift", "remedy")}
    assert wanted <= texts.keys()


def test_health_says_how_far_readings_go_and_who_forecasts(toy_scene: Scene) -> None:
    told = tell(asked("health"), [HEALTH], toy_scene)

    assert told.text == (
        "Everything is in order. Readings are known up to Monday 22 January 2018 at 00:00. "
        "Forecasts come from ensemble, version 1a2b3c4d5e6f."
    )


def test_a_problem_is_told_with_its_remedy(toy_scene: Scene) -> None:
    ill = HEALTH | {
        "status": "degraded",
        "champion": None,
        "readings_until": None,
        "problems": [{"what": "no bundle of 3 files", "remedy": "run make build"}],
    }

    told = tell(asked("health", "es"), [ill], toy_scene)

    assert told.text == "Falta algo; véase abajo.\nProblema: no bundle of 3 files. Remedio: run make build."
    assert grounded(told.text, told.figures) == []


def test_the_model_is_told_with_its_error_and_that_its_readings_are_simulated(toy_scene: Scene) -> None:
    told = tell(asked("model"), [MODEL], toy_scene)

    assert "It was trained on the readings taken from 1 to 14 January 2018." in told.text
    assert "it errs over the coming day by 7.60 kWh in a quarter of an hour on average (RMSE 15.3 kWh)" in told.text
    assert "29.0 % of the energy; its RMSE is 38.0 % below that of repeating last week." in told.text
    assert told.text.endswith("Simulated data: no meter measured these readings.")
    assert grounded(told.text, told.figures) == []


def test_a_model_without_a_backtest_has_no_error(toy_scene: Scene) -> None:
    told = tell(asked("model"), [MODEL | {"metrics": {}, "label": ""}], toy_scene)

    assert "errs" not in told.text


def test_a_certain_estimate_is_called_so(toy_scene: Scene) -> None:
    found = {
        "predicted_usage_kwh": 3.17,
        "confidence_interval_lower": 3.17,
        "confidence_interval_upper": 3.17,
        "consistent": True,
        "model_version": "physics-0.1.0",
    }

    told = tell(asked("nowcast", **METER), [found], toy_scene)

    assert told.text == (
        "By these values the interval used 3.17 kWh, 12.7 kW on average. "
        "The values agree, and no other energy fits them. Method: physics-0.1.0."
    )
    assert told.model_version == "physics-0.1.0"


def test_an_estimate_of_rough_values_has_its_range(toy_scene: Scene) -> None:
    found = {
        "predicted_usage_kwh": 43.0,
        "confidence_interval_lower": 33.8,
        "confidence_interval_upper": 52.1,
        "consistent": False,
        "model_version": "model-f60bd4d51700",
    }

    told = tell(asked("nowcast", "es", **METER), [found], toy_scene)

    assert "así que es una estimación: nueve de cada diez veces entre 33,8 kWh y 52,1 kWh." in told.text


def test_values_that_no_energy_fits_are_told_apart(toy_scene: Scene) -> None:
    found = {"predicted_usage_kwh": None, "model_version": "physics-0.1.0"}

    assert tell(asked("nowcast", **METER), [found], toy_scene).text.startswith("No energy agrees with these values")


def passage(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text, "source": "tariff", "anchor": "tariff#any"}


def test_a_note_is_told_with_its_source_and_others_by_name_where_they_are_long(toy_scene: Scene) -> None:
    found = [passage("Demand charge", "It costs 8,320 KRW per kW."), passage("Energy of 2018", "Else. " * 120)]

    told = tell(asked("knowledge", query="demand charge"), [{"passages": found}], toy_scene)

    assert told.text == ("It costs 8,320 KRW per kW. [1]\n[1] Demand charge (tariff)\nSee also: Energy of 2018.")
    assert told.figures["numbers_1"] == ["8,320 KRW"]
    assert grounded(told.text, told.figures) == []


def test_two_short_notes_are_both_told(toy_scene: Scene) -> None:
    found = [passage("One", "First."), passage("Two", "Second."), passage("Three", "Third.")]

    told = tell(asked("knowledge", "es", query="x"), [{"passages": found}], toy_scene)

    assert told.text == "First. [1]\nSecond. [2]\n[1] One (tarifa)\n[2] Two (tarifa)\nVéase también: Three."


def test_that_the_notes_have_nothing_is_said(toy_scene: Scene) -> None:
    assert tell(asked("knowledge", query="?"), [{"passages": []}], toy_scene).text.startswith("My notes have nothing")


def test_what_takes_nothing_is_one_call() -> None:
    (call,) = calls_of(asked("drift"))

    assert (call.tool, call.arguments) == ("drift", {})
