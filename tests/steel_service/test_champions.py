from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from steel_energy.artifacts import FLEET, publish, rollback
from steel_energy.errors import BundleError
from steel_energy.history import readings_end
from steel_energy.ladder import CHAMPION, GLOBAL, NAIVE, PREVIOUS, Answered, Served
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


def test_a_newer_champion_is_served_as_soon_as_it_is_loaded(ask: Any, tmp_path: Path, until: Any) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)

    put(tmp_path, "second")

    until(lambda: ask(of).value == "second")
    assert ask(of).fallback is None


def test_a_rollback_is_served_as_soon_as_it_is_loaded_and_is_no_step_down(ask: Any, tmp_path: Path, until: Any) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second")
    of = champions(tmp_path)
    ask(of)

    rollback(tmp_path, "toy")

    until(lambda: ask(of).value == "first")
    assert ask(of).fallback is None


def test_until_a_bundle_comes_a_forecast_is_fitted_on_the_spot(ask: Any, tmp_path: Path, until: Any) -> None:
    of = champions(tmp_path)
    before = ask(of)

    put(tmp_path, "first")

    assert (before.step, before.value.name) == (NAIVE, "seasonal_naive")
    until(lambda: ask(of).value == "first")


def test_with_too_few_readings_for_that_the_missing_champion_is_the_error(site: Any, ask: Any, tmp_path: Path) -> None:
    of = champions(tmp_path, params=PARAMS.model_copy(update={"min_training_days": 42}))

    with pytest.raises(BundleError, match="no champion"):
        ask(of)
    with pytest.raises(BundleError, match="no champion"):
        of.in_use(site, None)


def test_a_plant_without_a_champion_is_answered_by_the_global_model_loaded_once_for_it(
    site: Any, known: Any, ask: Any, tmp_path: Path
) -> None:
    publish(tmp_path, toy_facts(plant=FLEET), write=lambda folder: (folder / "model.txt").write_text("global") and None)
    loads = Loads()
    of = champions(tmp_path, load=loads)

    found = [ask(of) for _ in range(3)]

    assert [(one.value, one.step) for one in found] == [("global", GLOBAL)] * 3
    assert loads.count == 1
    assert "no champion of plant toy" in found[0].fallback.because
    assert of.in_use(site, known).step == GLOBAL


def test_a_global_model_that_cannot_be_loaded_is_stepped_over_with_its_reason(ask: Any, tmp_path: Path) -> None:
    manifest = publish(
        tmp_path, toy_facts(plant=FLEET), write=lambda folder: (folder / "model.txt").write_text("global") and None
    )
    (tmp_path / FLEET / manifest.version / "model.txt").write_text("altered")

    answered = ask(champions(tmp_path))

    assert answered.step == NAIVE
    assert "global model: " in answered.fallback.because
    assert "was altered" in answered.fallback.because


def test_a_broken_bundle_is_refused_and_the_old_champion_serves_on(
    site: Any, ask: Any, tmp_path: Path, until: Any
) -> None:
    put(tmp_path, "first")
    loads = Loads()
    of = champions(tmp_path, load=loads)
    ask(of)
    put(tmp_path, "second").write_text("altered")

    ask(of)
    until(lambda: of.refused(site) is not None)

    answers = [ask(of) for _ in range(3)]
    assert ([one.value for one in answers], loads.count) == (["first"] * 3, 1)
    assert answers[-1].fallback is None
    assert "was altered" in str(of.refused(site))


def test_with_nothing_in_memory_a_broken_champion_is_stepped_down_from_and_the_answer_says_so(
    site: Any, ask: Any, tmp_path: Path
) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second").write_text("altered")
    loads = Loads()
    of = champions(tmp_path, load=loads)

    answers = [ask(of) for _ in range(3)]

    assert ([one.value for one in answers], loads.count) == (["first"] * 3, 1)
    assert answers[-1].fallback is not None
    assert answers[-1].fallback.step == PREVIOUS
    assert "was altered" in answers[-1].fallback.because
    assert (of.version(site), of.refused(site)) == (None, None)


def test_a_reload_says_what_served_and_what_serves(site: Any, ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    put(tmp_path, "second")

    renewal = of.reload(site)

    assert (renewal.was.forecaster, renewal.now.forecaster, renewal.refusal) == ("first", "second", None)
    assert of.version(site) == renewal.now.manifest.version


def test_a_reload_tries_again_what_was_refused_a_moment_ago(site: Any, ask: Any, tmp_path: Path) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    path = put(tmp_path, "second")
    path.write_text("altered")
    refused = of.reload(site)

    path.write_text("second")

    assert (refused.now.forecaster, "was altered" in str(refused.refusal)) == ("first", True)
    assert of.reload(site).now.forecaster == "second"
    assert of.refused(site) is None


def test_a_reload_where_nothing_is_published_finds_nothing(site: Any, tmp_path: Path) -> None:
    renewal = champions(tmp_path).reload(site)

    assert (renewal.was, renewal.now, renewal.refusal) == (None, None, None)


def test_each_step_down_is_logged_with_its_reason(ask: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second").write_text("altered")

    with caplog.at_level(logging.WARNING):
        ask(champions(tmp_path))

    said = [record.getMessage().partition(": ")[0] for record in caplog.records]
    assert said == [
        "the newest champion of toy is refused, there is no other",
        "toy steps down to its previous champion",
    ]
    assert "was altered" in caplog.text


def test_a_sound_bundle_after_a_broken_one_is_served(site: Any, ask: Any, tmp_path: Path, until: Any) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    put(tmp_path, "second").write_text("altered")
    of.reload(site)

    put(tmp_path, "third")

    until(lambda: ask(of).value == "third")
    assert (ask(of).fallback, of.refused(site)) == (None, None)


def test_a_bundle_that_was_mended_under_its_version_is_served_in_the_end(
    site: Any, ask: Any, tmp_path: Path, until: Any
) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path, retry_s=0)
    ask(of)
    path = put(tmp_path, "second")
    path.write_text("altered")
    assert of.reload(site).refusal is not None

    path.write_text("second")

    until(lambda: ask(of).value == "second")


@pytest.mark.parametrize("record", ["", "{}", None], ids=["empty", "without-version", "gone"])
def test_an_unreadable_champion_record_is_told_and_changes_nothing_until_a_restart(
    site: Any, ask: Any, tmp_path: Path, record: str | None
) -> None:
    put(tmp_path, "first")
    of = champions(tmp_path)
    ask(of)
    path = tmp_path / "toy" / "champion.json"
    path.unlink() if record is None else path.write_text(record)

    assert of.reload(site).refusal is not None
    assert (ask(of).value, ask(of).step) == ("first", CHAMPION)
    assert of.refused(site) is not None
    assert (ask(champions(tmp_path)).value, ask(champions(tmp_path)).step) == ("first", PREVIOUS)


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


def test_all_requests_go_on_with_the_old_champion_while_a_new_one_loads(ask: Any, tmp_path: Path, until: Any) -> None:
    put(tmp_path, "first")
    loads, loading, go_on = Loads(), Event(), Event()
    of = champions(tmp_path, load=loads)
    ask(of)
    put(tmp_path, "second")

    def wait() -> None:
        loading.set()
        go_on.wait(10)

    loads.meanwhile = wait
    noticed = ask(of)
    assert loading.wait(10)

    during = ask(of)
    go_on.set()

    assert (noticed.value, during.value, during.fallback) == ("first", "first", None)
    until(lambda: ask(of).value == "second")


def test_a_champion_that_is_replaced_while_it_loads_is_followed_by_the_next(
    site: Any, ask: Any, tmp_path: Path, until: Any
) -> None:
    put(tmp_path, "first")
    loads = Loads()
    of = champions(tmp_path, load=loads)
    ask(of)

    def replace_once() -> None:
        loads.meanwhile = lambda: None
        put(tmp_path, "third")

    put(tmp_path, "second")
    loads.meanwhile = replace_once

    assert of.reload(site).now.forecaster == "second"
    until(lambda: ask(of).value == "third")


def test_bundles_that_no_longer_serve_are_let_go(site: Any, ask: Any, tmp_path: Path) -> None:
    of = champions(tmp_path)
    for text in ("first", "second", "third"):
        put(tmp_path, text)
        of.reload(site)
        ask(of)

    assert sorted(served.forecaster for served in of._loaded.values()) == ["second", "third"]
