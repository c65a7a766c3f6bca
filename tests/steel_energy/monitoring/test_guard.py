"""A build's promotion is reviewed once, on the first days that neither model had seen; a person's never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from steel_energy.artifacts import Manifest, champion_version, history, promote, publish, rollback
from steel_energy.errors import BundleError, NotEnoughDataError
from steel_energy.forecasting import SeasonalNaive, Vintages
from steel_energy.forecasting.seasonal import DailyNaive
from steel_energy.history import readings_end
from steel_energy.monitoring.guard import REVIEWS, NotDue, Pending, due, review, with_review
from steel_energy.params import Params
from steel_energy.sites import Site
from steel_energy.testing import toy_facts

Kind = type[SeasonalNaive | DailyNaive]
OLDER_DAYS, NEWER_DAYS = 60, 70
Publish = Callable[..., Manifest]
Look = Callable[..., Pending | NotDue]


@pytest.fixture
def served(tmp_path: Path, readings: pl.DataFrame, site: Site, params: Params) -> Publish:
    """Serve a model that was fitted on the first ``days``: the naive one that knows closed days is never off here."""

    def serve(kind: Kind, *, days: int) -> Manifest:
        known = readings.head(days * 96)
        model = kind(plant=site.plant, tariff=site.tariff, params=params.forecasting)
        facts = toy_facts(model=kind.name, trained_from=known["interval_start"][0], trained_until=readings_end(known))
        return publish(tmp_path, facts, write=Vintages(model, site.plant.zone).fit(known).save)

    return serve


@pytest.fixture
def look(tmp_path: Path, readings: pl.DataFrame, site: Site, params: Params) -> Look:
    def find(*, days: float = NEWER_DAYS + 7, reviewed: tuple[int, ...] = ()) -> Pending | NotDue:
        until = readings["interval_start"][0] + dt.timedelta(days=days)
        return due(tmp_path, site.plant, readings_until=until, reviewed=reviewed, params=params.monitoring)

    return find


@pytest.fixture
def reviewed(tmp_path: Path, readings: pl.DataFrame, site: Site, params: Params) -> Callable[[Pending], pl.DataFrame]:
    return lambda found: review(found, site, bundles_dir=tmp_path, readings=readings, params=params)


@pytest.fixture
def bad(served: Publish) -> tuple[Manifest, Manifest]:
    """The good model that was served, and the worse one that a build put in its place."""
    return served(SeasonalNaive, days=OLDER_DAYS), served(DailyNaive, days=NEWER_DAYS)


def test_a_promotion_is_due_with_the_first_days_that_neither_has_seen(bad: tuple[Manifest, Manifest], look: Look):
    good, newer = bad

    found = look()

    assert isinstance(found, Pending)
    assert (found.champion, found.previous, found.promotion) == (newer.version, good.version, 2)
    assert found.start == newer.trained_until
    assert found.end - found.start == dt.timedelta(days=7)


@pytest.mark.usefixtures("bad")
def test_until_then_it_says_how_many_days_there_are(look: Look):
    found = look(days=NEWER_DAYS + 6.5)

    assert isinstance(found, NotDue)
    assert found.reason == "toy: promotion 2 has 6.5 of the 7 days that its review needs"


def test_a_worse_champion_gives_way_to_the_one_before_and_the_history_says_why(
    bad: tuple[Manifest, Manifest], look: Look, reviewed: Callable[[Pending], pl.DataFrame], tmp_path: Path
):
    good, newer = bad
    found = look()
    assert isinstance(found, Pending)

    row = reviewed(found).row(0, named=True)

    assert champion_version(tmp_path, "toy") == good.version
    last = history(tmp_path, "toy")[-1]
    assert last.by == "rollback"
    assert last.reason == row["reason"]
    assert row["reason"].startswith(f"worse by more than 10%: {newer.version} ")
    assert f"{good.version} before it 0.00 kWh on 2018-03-12 00:00 to 2018-03-19 00:00" in row["reason"]
    assert (row["is_taken_back"], row["previous_rmse_kwh"]) == (True, 0.0)
    assert isinstance(look(reviewed=(2,)), NotDue)


def test_a_champion_that_is_as_good_stays_and_is_not_reviewed_again(
    served: Publish, look: Look, reviewed: Callable[[Pending], pl.DataFrame], tmp_path: Path
):
    served(DailyNaive, days=OLDER_DAYS)
    newer = served(DailyNaive, days=NEWER_DAYS)
    found = look()
    assert isinstance(found, Pending)

    row = reviewed(found).row(0, named=True)

    assert champion_version(tmp_path, "toy") == newer.version
    assert (row["is_taken_back"], row["champion_rmse_kwh"]) == (False, row["previous_rmse_kwh"])
    again = look(reviewed=(row["promotion"],))
    assert again == NotDue(plant="toy", reason="toy: promotion 2 was reviewed")


def test_what_a_person_promoted_is_never_taken_back(bad: tuple[Manifest, Manifest], look: Look, tmp_path: Path):
    good, newer = bad
    promote(tmp_path, "toy", version=good.version, by="promote", reason="for a day")
    promote(tmp_path, "toy", version=newer.version, by="promote", reason="it was the meter")

    assert look() == NotDue(plant="toy", reason=f"toy: a person put {newer.version} there")


def test_after_a_rollback_there_is_nothing_to_review(bad: tuple[Manifest, Manifest], look: Look, tmp_path: Path):
    rollback(tmp_path, "toy")

    assert look() == NotDue(plant="toy", reason=f"toy: went back to {bad[0].version}")


def test_the_first_champion_of_a_plant_has_none_to_go_back_to(served: Publish, look: Look):
    assert look() == NotDue(plant="toy", reason="toy has no champion yet")

    first = served(SeasonalNaive, days=OLDER_DAYS)

    assert look() == NotDue(plant="toy", reason=f"toy: there is none before {first.version} to go back to")


def test_a_promotion_in_the_meantime_is_not_undone(
    bad: tuple[Manifest, Manifest], look: Look, reviewed: Callable[[Pending], pl.DataFrame], tmp_path: Path
):
    good, newer = bad
    found = look()
    assert isinstance(found, Pending)
    promote(tmp_path, "toy", version=good.version, by="promote", reason="for a day")
    promote(tmp_path, "toy", version=newer.version, by="promote", reason="it was the meter")

    assert reviewed(found).is_empty()
    assert champion_version(tmp_path, "toy") == newer.version


def test_a_rollback_that_expects_another_champion_changes_nothing(bad: tuple[Manifest, Manifest], tmp_path: Path):
    good, newer = bad

    with pytest.raises(BundleError, match=f"{good.version}: is not the champion of toy any more"):
        rollback(tmp_path, "toy", expected=good.version)

    assert champion_version(tmp_path, "toy") == newer.version


@pytest.mark.usefixtures("bad")
def test_readings_that_end_too_soon_are_refused(
    look: Look, site: Site, readings: pl.DataFrame, params: Params, tmp_path
):
    found = look()
    assert isinstance(found, Pending)

    with pytest.raises(NotEnoughDataError, match="the readings end before 2018-03-18 15:00 UTC"):
        review(found, site, bundles_dir=tmp_path, readings=readings.head(NEWER_DAYS * 96), params=params)


@pytest.mark.usefixtures("bad")
def test_a_review_counts_once(look: Look, reviewed: Callable[[Pending], pl.DataFrame]):
    found = look()
    assert isinstance(found, Pending)
    row = reviewed(found)

    assert row.schema == pl.Schema(REVIEWS)
    assert with_review(None, row).height == 1
    assert with_review(row, row).height == 1
