"""Notes on the newest weeks: the weekly report, drift, how good forecasts were, and what cleaning repaired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from steel_energy.calendar import interval_grid
from steel_energy.drift import VERDICTS
from steel_energy.errors import NotEnoughDataError
from steel_energy.knowledge.records import Note
from steel_energy.knowledge.report_context import SOURCE, Context
from steel_energy.knowledge.sentences import Sentences
from steel_energy.knowledge.shown import number, plain
from steel_energy.lake import REPAIRS
from steel_energy.weekly.week import Week

Row = Mapping[str, Any]
MOVED_NAMED = 4
"""Columns and figures that are told of a week's drift, the worst first."""
RULES_NAMED = 5
PARTS = ("energy", "demand", "power_factor", "co2")


def weekly(context: Context) -> Iterator[Note]:
    """The newest week, and the one before it where that one is not over."""
    for back in (0, 1):
        for row in context.week("weekly_report", back=back):
            week = Week(row["monday"])
            expected = _quarter_hours(week, context.plant.zone)
            yield _week_note(row, week, expected, context.told)
            if row["intervals"] >= expected:
                return


def _quarter_hours(week: Week, zone: str) -> int:
    first, after = week.bounds(zone)
    return interval_grid(first, after, zone=zone).len()


def _week_note(row: Row, week: Week, expected: int, told: Sentences) -> Note:
    words = told.words
    known = {
        "span": words.span(week.monday, week.sunday),
        "usage": words.number(row["usage_kwh"]),
        "co2": words.number(row["co2_t"], 2),
        "peak": words.number(row["peak_kw"], 1),
    }
    texts = [told.say(SOURCE, "week", "usage", **known), _charged(row, told)]
    if row["intervals"] < expected:
        values = {"known": words.number(row["intervals"]), "expected": words.number(expected)}
        texts.append(told.say(SOURCE, "week", "partial", **values))
    files = ", ".join(map(plain, row["files"]))
    texts.append(told.say(SOURCE, "week", "files", files=files))
    names = {"number": week.number, "year": week.name[:4]}
    return told.note(SOURCE, "week", [" ".join(texts)], anchor=f"weekly-{week.name.lower()}", **names)


def _charged(row: Row, told: Sentences) -> str:
    if row["cost_krw"] is None:
        return told.say(SOURCE, "week", "not_billed")
    parts = {part: told.words.money(row[f"{part}_krw"] or 0) for part in PARTS}
    return told.say(SOURCE, "week", "cost", total=told.words.money(row["cost_krw"]), **parts)


def drift(context: Context) -> Iterator[Note]:
    """The verdict of the newest week that was watched, and what moved."""
    rows = [row for row in context.week("drift_report") if row["role"] != "prediction"]
    if not rows:
        return
    told, first = context.told, rows[0]
    verdict = max((row["verdict"] for row in rows), key=VERDICTS.index)
    values = _window(first, context) | {
        "verdict": told.words(f"verdict_{verdict}"),
        "model": plain(first["model"]),
        "version": plain(first["champion_version"]),
    }
    texts = [told.say(SOURCE, "drift", "verdict", **values)]
    moved = [row for row in rows if row["verdict"] != "none"]
    moved.sort(key=lambda row: -VERDICTS.index(row["verdict"]))
    texts += [_moved(row, told) for row in moved[:MOVED_NAMED]] or [told.say(SOURCE, "drift", "still")]
    yield told.note(SOURCE, "drift", texts)


def _window(row: Row, context: Context) -> dict[str, str]:
    last: dt.datetime = row["window_until"] - dt.timedelta(microseconds=1)
    return {"span": context.told.words.span(row["window_from"].date(), last.date())}


def _moved(row: Row, told: Sentences) -> str:
    words = told.words
    values = {"name": _name(row, told), "verdict": words(f"verdict_{row['verdict']}")}
    if row["role"] == "figure":
        figures = {name: number(round(row[name], 3), words) for name in ("value", "severe_at")}
        return told.say(SOURCE, "drift", "figure", **values, **figures)
    figures = {"psi": words.number(row["psi"], 2), "usual": words.number(row["usual_psi"], 2)}
    return told.say(SOURCE, "drift", "column", **values, **figures)


def _name(row: Row, told: Sentences) -> str:
    """What people call a column or figure; its own name where nothing better is known."""
    key = f"figure_{row['name']}" if row["role"] == "figure" else f"col_{row['name']}"
    name = told.words.texts.get(key, plain(row["name"]))
    of = row["column"] if row["role"] == "figure" else None
    return f"{name} ({plain(of)})" if of else name


def performance(context: Context) -> Iterator[Note]:
    """How good the forecasts of the newest week that was watched were, beside the backtest."""
    told, words = context.told, context.told.words
    for row in context.week("performance"):
        known = row["rmse_kwh"] is not None
        values = _window(row, context) | {
            "model": plain(row["model"]),
            "rmse": words.number(row["rmse_kwh"], 2),
            "mae": words.number(row["mae_kwh"], 2),
            "expected_rmse": words.number(row["backtest_rmse_kwh"], 2),
            "expected_mae": words.number(row["backtest_mae_kwh"], 2),
            "outside": words.percent(row["outside_share"], 1),
            "expected_outside": words.percent(row["backtest_outside_share"], 1),
        }
        texts = [told.say(SOURCE, "performance", "errors" if known else "unknown", **values)]
        if row["verdict"]:
            texts.append(told.say(SOURCE, "performance", row["verdict"]))
        yield told.note(SOURCE, "performance", [" ".join(texts)])


def quality(context: Context) -> Iterator[Note]:
    """What cleaning changed in all the months that there are."""
    told, words, plant = context.told, context.told.words, context.plant
    try:
        repairs = context.lake.read(REPAIRS, plant.id)
    except NotEnoughDataError:
        return
    months = context.lake.months(REPAIRS, plant.id)
    span = {"first": words.month(months[0]), "last": words.month(months[-1])}
    if repairs.is_empty():
        yield told.note(SOURCE, "quality", [told.say(SOURCE, "quality", "clean", **span)])
        return
    counts = repairs["rule"].value_counts(sort=True).sort("count", "rule", descending=[True, False]).rows()
    rules = told.listing([f"{_rule(rule, told)} ({words.number(count)})" for rule, count in counts[:RULES_NAMED]])
    values = {"changes": words.number(repairs.height), "intervals": words.number(_intervals(repairs)), "rules": rules}
    yield told.note(SOURCE, "quality", [told.say(SOURCE, "quality", "text", **span, **values)])


def _intervals(repairs: pl.DataFrame) -> int:
    return repairs["interval_start"].n_unique()


def _rule(rule: str, told: Sentences) -> str:
    return told.words.texts.get(f"repair_{rule}", plain(rule))
