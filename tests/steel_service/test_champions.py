from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from steel_energy.artifacts import publish, rollback
from steel_energy.errors import BundleError
from steel_energy.history import readings_end
from steel_energy.ladder import CHAMPION, NAIVE, PREVIOUS, Answered, Served
from steel_energy.params import ForecastingParams, load_params
from steel_energy.settings import PROJECT_ROOT
from steel_energy.testing import toy_facts
from steel_service.champions import Champions

PARAMS = load_params(PROJECT_ROOT / "params.yaml").forecasting.model_copy(update={"min_training_days": 14})


class Loads:
    """Loads a bundle as the text of its model file, and remembers how often."""

    def __init__(self) -> None:
        self.count = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, folder: Path, /, **_: Any) -> Any:
        self.count += 1
        self.meanwhile()
        return (folder / "model.txt").read_text()


def put(bundles: Path, text: str) -> Path:
    manifest = publish(bundles, toy_facts(), write=lambda folder: (folder / "model.txt").write_text(text) and None)
    return bundles / "toy" / manifest.version / "model.txt"


def champions(bundles: Path, *, params: ForecastingParams = PARAMS, **options: Any) -> Champions:
    return Champions(bundles, params=params, **{"load": Loads(), **options})


@pytest.fixture
def ask(site: Any, known: Any) -> Callable[..., Answered[Any]]:
    """The answer of the first step that can, by default its forecaster itself."""

    def answer(of: Champions, question: Callable[[Served], Any] = lambda served: served.forecaster) -> Answered[Any]:
        return of.answer(site, known, origin=readings_end(known.readings), ask=question)

    return answer


def test_a_bundle_is_loaded_once(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads = Loads()
    of = champions(tmp_path, load=loads)

    found = [ask(of).value for _ in range(3)]

    assert (found, loads.count) == (["first"] * 3, 1)


def test_a_newer_champion_is_served_from_the_next_request_on(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)

    put(tmp_path, "second")

    assert (ask(of).value, ask(of).fallback) == ("second", None)


def test_a_rollback_is_served_from_the_next_request_on_and_is_no_step_down(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second")
    of = champions(tmp_path)
    ask(of)

    rollback(tmp_path, "toy")

    assert (ask(of).value, ask(of).fallback) == ("first", None)


def test_until_a_bundle_comes_a_forecast_is_fitted_on_the_spot(ask: Any, tmp_path: Path) -> None:
    of = champions(tmp_path)
    before = ask(of)

    put(tmp_path, "first")

    assert (before.step, before.value.name) == (NAIVE, "seasonal_naive")
    assert ask(of).value == "first"


def test_with_too_few_readings_for_that_the_missing_champion_is_the_error(site: Any, ask: Any, tmp_path: Path) -> None:
    of = champions(tmp_path, params=PARAMS.model_copy(update={"min_training_days": 42}))

    with pytest.raises(BundleError, match="no champion"):
        ask(of)
    with pytest.raises(BundleError, match="no champion"):
        of.in_use(site, None)


def test_a_broken_bundle_is_refused_once_and_the_old_one_answers_and_says_so(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads = Loads()
    of = champions(tmp_path, load=loads)
    ask(of)
    put(tmp_path, "second").write_text("altered")

    answers = [ask(of) for _ in range(3)]

    assert ([one.value for one in answers], loads.count) == (["first"] * 3, 1)
    assert answers[-1].fallback is not None
    assert answers[-1].fallback.step == PREVIOUS
    assert "was altered" in answers[-1].fallback.because


def test_each_step_down_is_logged_with_its_reason(ask: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second").write_text("altered")

    with caplog.at_level(logging.WARNING):
        ask(champions(tmp_path))

    assert [record.getMessage().partition(": ")[0] for record in caplog.records] == [
        "toy steps down to its previous champion"
    ]
    assert "was altered" in caplog.text


def test_a_sound_bundle_after_a_broken_one_is_served(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    put(tmp_path, "second").write_text("altered")
    ask(of)

    put(tmp_path, "third")

    assert (ask(of).value, ask(of).fallback) == ("third", None)


def test_a_bundle_that_was_mended_under_its_version_is_served_in_the_end(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path, retry_s=0)
    ask(of)
    put(tmp_path, "second").write_text("altered")
    refused = ask(of).value

    put(tmp_path, "second")

    assert (refused, ask(of).value) == ("first", "second")


@pytest.mark.parametrize("record", ["", "{}", None], ids=["empty", "without-version", "gone"])
def test_an_unreadable_champion_record_is_stepped_down_from(ask: Any, tmp_path: Path, record: str | None) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    path = tmp_path / "toy" / "champion.json"
    path.unlink() if record is None else path.write_text(record)

    answered = ask(of)

    assert (answered.value, answered.step) == ("first", PREVIOUS)


def test_a_champion_that_fails_is_stepped_down_from_told_of_and_asked_again(
    site: Any, known: Any, ask: Any, tmp_path: Path
) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second")
    of, failing = champions(tmp_path), True

    def question(served: Served) -> Any:
        if failing and served.forecaster == "second":
            raise RuntimeError("out of memory")
        return served.forecaster

    stepped = ask(of, question)
    told = of.in_use(site, known)
    failing = False
    recovered = ask(of, question)

    assert (stepped.value, stepped.step) == ("first", PREVIOUS)
    assert told.fallback == stepped.fallback
    assert (recovered.value, recovered.step) == ("second", CHAMPION)
    assert of.in_use(site, known).fallback is None


def test_a_failure_of_the_past_is_not_told_for_ever(site: Any, known: Any, ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path, retry_s=0)

    def question(served: Served) -> Any:
        if served.forecaster == "first":
            raise RuntimeError("out of memory")

    assert ask(of, question).step == NAIVE
    assert of.in_use(site, known).step == CHAMPION


def test_other_requests_go_on_with_the_old_champion_while_a_new_one_loads(ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    loads, loading, go_on = Loads(), Event(), Event()
    of = champions(tmp_path, load=loads)
    ask(of)
    put(tmp_path, "second")

    def wait() -> None:
        loading.set()
        go_on.wait(10)

    loads.meanwhile = wait
    renewal = Thread(target=ask, args=(of,))
    renewal.start()
    assert loading.wait(10)

    during = ask(of)
    go_on.set()
    renewal.join()

    assert (during.value, during.fallback, ask(of).value) == ("first", None, "second")


def test_bundles_that_no_longer_serve_are_let_go(ask: Any, tmp_path: Path) -> None:
    of = champions(tmp_path)
    for text in ("first", "second", "third"):
        put(tmp_path, text)
        ask(of)

    assert sorted(served.forecaster for served in of._loaded.values()) == ["second", "third"]
