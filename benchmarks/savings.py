"""How far savings can be trusted, and what each model's forecasts are worth.

Verification: how often it shows a saving in weeks and in four weeks of the published year, in which nothing was
planned; then on simulated plants how often its interval holds the true saving, and how often it shows one, where a
share of the usage was really saved. Forecasts: the standard plan of each day of the test part, made on each model's
forecasts and carried out on what came; needs a build's trials. Needs the published CSV.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from statistics import mean

import polars as pl
from libraries.lacks import lacking, published

from steel_energy.cleaning import clean, place
from steel_energy.evaluation import CHOSEN_BY
from steel_energy.params import Params, load_params
from steel_energy.savings import THRESHOLDS, Verification, verify
from steel_energy.savings.regret import planning_days
from steel_energy.schema import DAYS_PER_WEEK
from steel_energy.settings import SteelSettings
from steel_energy.simulation.plant import simulate
from steel_energy.sites import Site, load_sites
from steel_energy.sources.file import read_csv
from steel_energy.trial import part_of, read_trial

PLANT = "gwangyang"
SEEDS = 100
SHARES = (0.0, 0.1, 0.2, 0.3)
SPANS = (7, 28)


def main() -> None:
    settings = SteelSettings()
    csv = published(settings)
    site, params = load_sites(settings)[PLANT], load_params(settings.params_file, profile=settings.profile)
    placed = place(read_csv(csv).rows, site.plant)
    readings = clean(placed, plant=site.plant, tariff=site.tariff).readings
    print_published(readings, site, params)
    print_simulated(site, params)
    print_values(readings, site, settings, params)


def print_published(readings: pl.DataFrame, site: Site, params: Params) -> None:
    print("Savings shown in the published year, in which nothing was planned:")
    first, last = (readings["interval_start"].dt.date()[at] for at in (0, -1))
    for span in SPANS:
        start, made = first + dt.timedelta(days=params.savings.verification.baseline_days), []
        while start + dt.timedelta(days=span) <= last + dt.timedelta(days=1):
            made.append(verified(readings, site, params, start=start, days=span))
            start += dt.timedelta(days=DAYS_PER_WEEK)
        verdicts = [one.cost.verdict for one in made]
        saved, more = verdicts.count("saved"), verdicts.count("used more")
        width = mean(one.cost.uncertainty / one.cost.counterfactual for one in made)
        print(f"  {span} days: {saved} saved and {more} used more of {len(made)}; interval of {width:.0%} in the mean")
    for resolution in THRESHOLDS:
        cv_rmse = mean(fit.cv_rmse for one in made for fit in one.fits if fit.resolution == resolution)
        kept = mean(bool(fit.meets_guideline) for one in made for fit in one.fits if fit.resolution == resolution)
        print(
            f"  by {resolution}: CV(RMSE) {cv_rmse:.0%} in the mean, {kept:.0%} of the baselines within the guideline"
        )


def print_simulated(site: Site, params: Params) -> None:
    print(f"\nSimulated plants, {SEEDS} seeds:")
    start = dt.date(2018, 3, 26)
    plants = [simulated(site, seed) for seed in range(SEEDS)]
    for span in SPANS:
        for share in SHARES:
            made = [verified(less(one, share, start, site), site, params, start=start, days=span) for one in plants]
            true_krw = [share / (1 - share) * one.cost.measured for one in made]
            held = sum(
                abs(one.cost.saving - saved) <= one.cost.uncertainty for one, saved in zip(made, true_krw, strict=True)
            )
            shown = [one.cost.verdict for one in made].count("saved")
            print(f"  {span} days, {100 * share:.0f} % saved: the interval holds it in {held}, it is shown in {shown}")


def simulated(site: Site, seed: int) -> pl.DataFrame:
    """Sixteen weeks of the plant with the same production in every month: its seasons are no matter of chance."""
    load = site.plant.load.model_copy(update={"production_by_month": (1.0,) * 12})
    plant = site.plant.model_copy(update={"load": load})
    months = simulate(plant, site.tariff, start=dt.date(2018, 1, 1), end=dt.date(2018, 4, 23), seed=seed)
    return pl.concat(months)


def less(readings: pl.DataFrame, share: float, start: dt.date, site: Site) -> pl.DataFrame:
    is_saved = pl.col("interval_start") >= pl.lit(dt.datetime.combine(start, dt.time())).dt.replace_time_zone(
        site.plant.zone
    )
    return readings.with_columns(pl.col("usage_kwh") * pl.when(is_saved).then(1 - share).otherwise(1.0))


def verified(readings: pl.DataFrame, site: Site, params: Params, *, start: dt.date, days: int) -> Verification:
    return verify(
        readings,
        plant=site.plant,
        tariff=site.tariff,
        start=start,
        end=start + dt.timedelta(days=days),
        params=params.savings.verification,
    )


def print_values(readings: pl.DataFrame, site: Site, settings: SteelSettings, params: Params) -> None:
    backtests = dict(trials_of(settings))
    if not backtests:
        lacking("there are no trials to tell the worth of: make build")
    days = list(
        planning_days(
            backtests,
            readings,
            plant=site.plant,
            tariff=site.tariff,
            standard=params.savings.standard_plan,
            params=params.planning,
        )
    )
    weeks = len(days) / DAYS_PER_WEEK
    unplanned, perfect = (sum(getattr(day, name) for day in days) for name in ("unplanned_krw", "perfect_krw"))
    print(f"\nStandard plans of {len(days)} days of the test part, KRW a week:")
    print(f"  {unplanned / weeks:,.0f} without a plan; perfect foresight saves {(unplanned - perfect) / weeks:,.0f}")
    for model, backtest in backtests.items():
        planned = sum(day.planned_krw[model] for day in days)
        told = f"saves {(unplanned - planned) / weeks:,.0f}, regret {(planned - perfect) / weeks:,.0f}"
        dearest = max(days, key=lambda day: day.planned_krw[model] - day.perfect_krw)
        share = (dearest.planned_krw[model] - dearest.perfect_krw) / (planned - perfect)
        print(f"  {model:30} {told}, {share:.0%} of it on {dearest.origin:%Y-%m-%d}; {_rmse(backtest)}")


def _rmse(backtest: pl.DataFrame) -> str:
    error = (pl.col("mean_kwh") - pl.col("usage_kwh")).pow(2).mean().sqrt()
    return f"{CHOSEN_BY} {backtest.select(error).item():.2f}"


def trials_of(settings: SteelSettings) -> Iterator[tuple[str, pl.DataFrame]]:
    """The test part of each model's backtest, by model."""
    for folder in sorted((settings.models_dir / "trials" / PLANT).glob("*/")):
        trial = read_trial(folder)
        if trial.backtest is not None:
            yield trial.record.model, part_of(trial.backtest, "test")


if __name__ == "__main__":
    main()
