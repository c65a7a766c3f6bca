"""The sentences of a weekly report in a reader's language; ``**`` encloses what stands out.

Each says one thing that the records hold; nothing is computed here but shares and differences of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from steel_energy.reporting.weekly_words import DASH, Words
from steel_energy.savings.verified import Verification
from steel_energy.schema import INTERVAL
from steel_energy.weekly.charged import Cost, PowerFactor
from steel_energy.weekly.sections import Missing, PlanAhead, WeekForecasts, WeeklyReport

SAME_SHARE = 0.005
"""Closer than this, two energies are told as the same."""
KG_PER_T = 1000
CHEAPER_KRW = 1.0
"""A plan that promises less is told as none: solvers round."""


@dataclass(frozen=True)
class Tile:
    """One figure of the first page: its name, number, unit and a remark."""

    name: str
    number: str
    unit: str
    remark: str


def document_title(report: WeeklyReport, words: Words) -> str:
    """What the file calls itself."""
    return words("document_title", plant=report.plant.name, week=report.week.name)


def source_line(report: WeeklyReport, words: Words) -> str:
    """Where the readings came from; that they are simulated is said in capitals. Of a path, its last part."""
    location = report.origin.location
    if report.origin.kind == "file":
        location = location.replace("\\", "/").rsplit("/", 1)[-1]
    return words(f"source_{report.origin.kind}", location=location)


def headline(report: WeeklyReport, words: Words) -> str:
    """One sentence to read alone."""
    used = report.consumption
    energy = words.number(used.usage_kwh)
    if isinstance(report.cost, Missing):
        return words("headline_no_cost", energy=energy)
    cost = words.money(report.cost.bill.total_krw)
    if not used.before_kwh:
        return words("headline_plain", energy=energy, cost=cost)
    change = used.usage_kwh / used.before_kwh - 1
    return words(f"headline_{direction(change)}", energy=energy, cost=cost, share=words.percent(abs(change)))


def lead(report: WeeklyReport, words: Words) -> str:
    """What else a reader should know who reads no further."""
    return " ".join([_against_usual(report, words), *_cost_in_short(report, words), *_peak_in_short(report, words)])


def direction(change: float) -> str:
    """Which of three sentences tells of a relative change."""
    if abs(change) < SAME_SHARE:
        return "same"
    return "more" if change > 0 else "less"


def _against_usual(report: WeeklyReport, words: Words) -> str:
    used = report.consumption
    if not used.usual_kwh:
        return words("lead_no_usual")
    change = used.usage_kwh / used.usual_kwh - 1
    key = f"lead_usual_{direction(change)}"
    return words(key, share=words.percent(abs(change)), usual=words.number(used.usual_kwh))


def _cost_in_short(report: WeeklyReport, words: Words) -> Iterator[str]:
    if isinstance(report.cost, Cost) and report.cost.bill.total_krw > 0:
        bill = report.cost.bill
        energy_krw, demand_krw = bill.amount_krw("energy"), bill.amount_krw("demand")
        yield words("lead_cost", energy=words.money(energy_krw), demand=words.money(demand_krw))


def _peak_in_short(report: WeeklyReport, words: Words) -> Iterator[str]:
    peak = report.peaks[0]
    said = {"when": words.moment(peak.start), "kw": words.number(peak.demand_kw)}
    month = words.month_name(peak.start)
    if peak.is_month_peak:
        yield words("lead_peak_month", month=month, **said)
    elif isinstance(report.cost, Cost) and report.cost.demands:  # a fuel has none
        demand = next(one for one in report.cost.demands if one.month == f"{peak.start:%Y-%m}")
        yield words("lead_peak", month=month, month_kw=words.number(demand.peak_kw), **said)


def notices(report: WeeklyReport, words: Words) -> list[str]:
    """What a reader must know before the figures: that they are simulated, or of a part of the week."""
    found = [words("simulated_notice")] if report.origin.is_simulated else []
    if not report.is_whole:
        quality = report.quality
        found.append(
            words(
                "partial_notice",
                known=words.number(quality.known),
                expected=words.number(quality.expected),
                first=words.moment(report.start),
                last=words.moment(report.end),
            )
        )
    return found


def tiles(report: WeeklyReport, words: Words) -> list[Tile]:
    """The figures of the first page."""
    used, peak = report.consumption, report.peaks[0]
    factor_kg = report.plant.meter.emission_factor_t_per_kwh * KG_PER_T
    return [
        Tile(
            words("tile_energy"), words.number(used.usage_kwh), "kWh", _versus(used.usage_kwh, used.before_kwh, words)
        ),
        _cost_tile(report, words),
        Tile(
            words("tile_co2"),
            words.number(used.co2_t, 2),
            "t",
            words("tile_intensity", factor=words.number(factor_kg, 4)),
        ),
        Tile(words("tile_peak"), words.number(peak.demand_kw), "kW", words.moment(peak.start)),
        _power_factor_tile(report, words),
    ]


def _versus(now: float, before: float | None, words: Words) -> str:
    if not before:
        return words("tile_no_before")
    return words("tile_versus", change=words.percent(now / before - 1, 1, signed=True))


def _cost_tile(report: WeeklyReport, words: Words) -> Tile:
    name = words("tile_cost")
    if isinstance(report.cost, Missing):
        return Tile(name, DASH, "", words("tile_no_cost"))
    total_krw = report.cost.bill.total_krw
    return Tile(name, *words.money_parts(total_krw), _versus(total_krw, report.cost.before_krw, words))


def _power_factor_tile(report: WeeklyReport, words: Words) -> Tile:
    name, clauses = words("tile_power_factor"), clauses_of(report)
    if not clauses:
        return Tile(name, DASH, "", words("tile_no_cost" if report.tariff.power_factor else "tile_no_clause"))
    return Tile(name, words.number(clauses[0].week_percent, 1), "%", clause_words("tile_clause", clauses[0], words))


def clauses_of(report: WeeklyReport) -> tuple[PowerFactor, ...]:
    """The clauses that the report tells of."""
    return () if isinstance(report.power_factors, Missing) else report.power_factors


def clause_words(key: str, clause: PowerFactor, words: Words) -> str:
    """A clause by its hours and limit, in the sentence of ``key``."""
    return words(
        key,
        reactive=words(clause.reactive),
        from_hour=f"{clause.from_hour:02}",
        to_hour=f"{clause.to_hour:02}",
        limit=words.number(clause.limit_percent),
    )


def missing(found: Missing, words: Words) -> str:
    """Why a section has nothing to tell."""
    return words(f"missing_{found.reason}", **found.values)


def power_factor_text(clauses: tuple[PowerFactor, ...], words: Words) -> str:
    """What a point is, and how its sign is read."""
    shares = sorted({clause.share_per_point for clause in clauses})
    return words("power_factor_text", share=" / ".join(words.percent(share, 1) for share in shares))


def cost_text(report: WeeklyReport, words: Words) -> list[str]:
    """What stands behind the bill's demand charge, and whose prices they are."""
    if isinstance(report.cost, Missing):
        return [missing(report.cost, words)]
    tariff = report.tariff
    told = [
        words(
            "cost_demand_text",
            month=words.month(demand.month),
            krw=words.money(demand.month_krw),
            kw=words.number(demand.billed_kw),
        )
        for demand in report.cost.demands
    ]
    if report.cost.known_since:
        told.append(words("cost_known_since", since=words.long_day(report.cost.known_since)))
    told.append(words("cost_tariff", name=tariff.name, source=tariff.source))
    if report.cost.is_beyond_tariff:
        since, until = (words.long_day(date) for date in (tariff.valid_from, tariff.valid_to))
        told.append(words("cost_beyond", since=since, until=until))
    return told


def forecasts_text(found: WeekForecasts, words: Words) -> str:
    """How good the forecasts were, in a paragraph."""
    said = {"rmse": words.number(found.rmse_kwh, 1), "naive": words.number(found.naive_rmse_kwh, 1)}
    if found.skill is None:
        compared = words("forecasts_no_naive", **said)
    else:
        better = "skill" if found.skill > 0 else "worse"
        compared = words(f"forecasts_{better}_{found.naive}", skill=words.percent(abs(found.skill)), **said)
    return " ".join(
        [
            words(f"forecasts_{found.source}", model=found.model, count=words.number(found.forecasts)),
            words("forecasts_error", mae=words.number(found.mae_kwh, 1)),
            compared,
            words("forecasts_coverage", share=words.percent(found.within_80)),
        ]
    )


def plan_text(report: WeeklyReport, words: Words) -> list[str]:
    """What is planned and what was saved, or why there is nothing to tell."""
    plan = missing(report.plan, words) if isinstance(report.plan, Missing) else _plan(report.plan, words)
    saved = missing(report.savings, words) if isinstance(report.savings, Missing) else _savings(report.savings, words)
    return [plan, saved]


def _plan(plan: PlanAhead, words: Words) -> str:
    is_cheaper = plan.saving_krw >= CHEAPER_KRW
    return words(
        "plan_ahead" if is_cheaper else "plan_nothing",
        start=words.long_day(plan.start),
        end=words.long_day(plan.end - INTERVAL),
        baseline=words.money(plan.baseline_krw),
        planned=words.money(plan.planned_krw),
        saving=words.money(plan.saving_krw),
        peak=words.number(plan.planned_peak_kw),
        baseline_peak=words.number(plan.baseline_peak_kw),
    )


def _savings(found: Verification, words: Words) -> str:
    first, last = found.period
    is_spent = found.cost.verdict == "used more"
    low, high = found.cost.interval
    return words(
        f"savings_{found.cost.verdict.replace(' ', '_')}",
        start=words.long_day(first),
        end=words.long_day(last),
        saving=words.money(abs(found.cost.saving) if is_spent else found.cost.saving),
        low=words.money(-high if is_spent else low),
        high=words.money(-low if is_spent else high),
    )


def quality_text(report: WeeklyReport, words: Words) -> str:
    """What was wrong with the readings, in a paragraph."""
    quality = report.quality
    said = {"expected": words.number(quality.expected), "missing": words.number(quality.expected - quality.known)}
    first = words("quality_whole" if report.is_whole else "quality_gaps", **said)
    if not quality.repaired:
        return f"{first} {words('quality_clean')}"
    share = words.percent(quality.repaired / quality.known, 1)
    repaired = words.number(quality.repaired)
    inserted = words("quality_inserted", inserted=words.number(quality.inserted)) if quality.inserted else ""
    return " ".join(filter(None, [first, words("quality_repaired", share=share, repaired=repaired), inserted]))
