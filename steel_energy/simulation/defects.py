"""The defects that meter exports have, each as one function that damages a sheet.

Every function takes the sheet, a generator of its own, and how much: a ``share`` of the rows (of each column, where a
defect strikes cell by cell) or a ``count`` of stretches. Which defects occur together is for ``damage.py`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from steel_energy.schema import INTERVALS_PER_DAY, INTERVALS_PER_HOUR
from steel_energy.simulation.sheet import Places, Sheet
from steel_energy.sources.raw import RAW_COLUMNS

Rng = np.random.Generator
ChoiceT = TypeVar("ChoiceT")
Edit = Callable[[str], str | None]

JUNK = ("invalid", "?", "error", "NULL", "-", "unknown", "N/A", "NAN", " nan ")
"""What the published dirty file holds instead of values."""
ENERGIES = ("usage_kwh", "lagging_reactive_kvarh", "leading_reactive_kvarh")
POWER_FACTORS = ("lagging_power_factor", "leading_power_factor")
METERED = (*ENERGIES, "co2_t", *POWER_FACTORS)
WORDS = ("week_status", "weekday", "load_type")
WH_PER_KWH = 1000
LONGEST_STRETCH = 4 * INTERVALS_PER_HOUR  # of a stuck value
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    lambda text: f"  {text} ",
    lambda text: text.replace("_", " "),
    lambda text: text.removesuffix("_Load"),
    lambda text: text.replace("Medium", "Médium"),
    lambda text: text.replace("Week", "Wek"),
)
PUBLISHED_LABEL = re.compile(r"\d+/\d+/\d{4} \d+:\d+")
DATE_FORMATS = (
    "{y}-{m}-{d} {time}:00",
    "{y}/{m}/{d} {time}",
    "{d}-{m}-{y} {time}",
    "{d}.{m}.{y} {time}",
    "{day}/{month}/{y} {time}",
)


def missing_cells(sheet: Sheet, rng: Rng, share: float) -> None:
    """Empty cells in every column."""
    for column in RAW_COLUMNS:
        _edit(sheet, column, _some(sheet, rng, share), lambda _: None, kind="missing")


def junk_tokens(sheet: Sheet, rng: Rng, share: float) -> None:
    """Words such as ``error`` instead of values, in every column."""
    for column in RAW_COLUMNS:
        _edit(sheet, column, _some(sheet, rng, share), lambda _: _pick(rng, JUNK), kind="junk")


def extremes(sheet: Sheet, rng: Rng, share: float) -> None:
    """Values 20 to 800 times too large: as often in usage as ``share`` says, rarer in the other energies and CO2."""
    for column, part in zip((*ENERGIES, "co2_t"), (1.0, 0.53, 0.15, 0.014), strict=True):
        places = _some(sheet, rng, share * part)
        _edit(sheet, column, places, lambda text: _scaled(text, rng.uniform(20, 800), offset=30), kind="extreme")


def negative_co2(sheet: Sheet, rng: Rng, share: float) -> None:
    """CO2 of -0.01 to -0.03 t."""
    _edit(sheet, "co2_t", _some(sheet, rng, share), lambda _: f"-0.0{rng.integers(1, 4)}", kind="negative")


def power_factors_over_100(sheet: Sheet, rng: Rng, share: float) -> None:
    """Power factors of 110 to 900 percent, on either side."""
    for column in POWER_FACTORS:
        places = _some(sheet, rng, share)
        _edit(sheet, column, places, lambda _: f"{rng.uniform(110, 900):.2f}", kind="over_100")


def misspelt_words(sheet: Sheet, rng: Rng, share: float) -> None:
    """Case, spaces, an accent, a dropped letter or a dropped ``_Load`` in weekday, week status and load type."""
    for column in WORDS:
        _edit(sheet, column, _some(sheet, rng, share), lambda text: _misspelt(text, rng), kind="spelling")


def decimals_on_seconds(sheet: Sheet, rng: Rng, share: float) -> None:
    """NSM as ``900.0``."""
    _edit(
        sheet, "nsm_s", _some(sheet, rng, share), lambda text: f"{text}.0" if text.isdigit() else text, kind="decimals"
    )


def wh_for_kwh(sheet: Sheet, rng: Rng, count: int) -> None:
    """Stretches of up to two days whose usage, or all three energies, are in thousandths of the unit."""
    for _ in range(count):
        places = _stretch(sheet, rng, 2 * INTERVALS_PER_DAY)
        for column in _pick(rng, (ENERGIES[:1], ENERGIES)):
            _edit(sheet, column, places, lambda text: _scaled(text, WH_PER_KWH), kind="wh_for_kwh")


def stuck_values(sheet: Sheet, rng: Rng, count: int) -> None:
    """Stretches of up to four hours in which one metered column repeats its first value."""
    for _ in range(count):
        column, places = _pick(rng, METERED), _stretch(sheet, rng, LONGEST_STRETCH)
        first = sheet.cells[column][places[0]]
        sheet.write(column, places, [first] * len(places), kind="stuck")


def missing_intervals(sheet: Sheet, rng: Rng, share: float) -> None:
    """Rows that are not there."""
    gone = _some(sheet, rng, share)
    sheet.take(np.delete(np.arange(sheet.height), gone))


def duplicates(sheet: Sheet, rng: Rng, share: float) -> None:
    """Exact copies of rows, at any place in the file."""
    originals = _some(sheet, rng, share)
    sheet.insert_copies(originals, rng.integers(0, sheet.height, len(originals)), kind="duplicate")


def near_duplicates(sheet: Sheet, rng: Rng, share: float) -> None:
    """Copies below their rows, in which one metered value is off by up to a half."""
    originals = _some(sheet, rng, share)
    for place in sheet.insert_copies(originals, originals + 1, kind="near_duplicate"):
        copied = np.array([place])
        _edit(
            sheet, _pick(rng, METERED), copied, lambda text: _scaled(text, rng.uniform(0.5, 1.5)), kind="near_duplicate"
        )


def swapped_blocks(sheet: Sheet, rng: Rng, count: int) -> None:
    """The file cut at ``count`` places, its pieces in any order."""
    cuts = _some_places(sheet, rng, count)
    pieces = np.split(np.arange(sheet.height), np.sort(cuts))
    sheet.take(np.concatenate([pieces[number] for number in rng.permutation(len(pieces))]))


def shuffled_rows(sheet: Sheet, rng: Rng, share: float) -> None:
    """This share of the rows in each other's places."""
    moved, order = _some(sheet, rng, share), np.arange(sheet.height)
    order[moved] = rng.permutation(moved)
    sheet.take(order)


def mixed_date_formats(sheet: Sheet, rng: Rng, share: float) -> None:
    """Labels in other, unambiguous formats: ISO, dashes, dots, no leading zeros; always day before month."""
    _edit(sheet, "label", _some(sheet, rng, share), lambda text: _reformatted(text, rng), kind="date_format")


def decimal_commas(sheet: Sheet, rng: Rng, share: float) -> None:
    """``3,17`` for 3.17, in all numbers of a row."""
    places = _some(sheet, rng, share)
    for column in (*METERED, "nsm_s"):
        _edit(sheet, column, places, lambda text: text.replace(".", ","), kind="decimal_comma")


def _edit(sheet: Sheet, column: str, places: Places, edit: Edit, *, kind: str) -> None:
    """Apply ``edit`` to the cells that are not empty."""
    values = [None if cell is None else edit(cell) for cell in sheet.cells[column][places]]
    sheet.write(column, places, values, kind=kind)


def _some(sheet: Sheet, rng: Rng, share: float) -> Places:
    return _some_places(sheet, rng, round(share * sheet.height))


def _some_places(sheet: Sheet, rng: Rng, count: int) -> Places:
    """Different places, sorted."""
    return np.sort(rng.choice(sheet.height, min(count, sheet.height), replace=False))


def _stretch(sheet: Sheet, rng: Rng, longest: int) -> Places:
    length = int(rng.integers(INTERVALS_PER_HOUR, longest + 1))
    start = int(rng.integers(0, max(1, sheet.height - length)))
    return np.arange(start, min(start + length, sheet.height))


def _pick(rng: Rng, choices: tuple[ChoiceT, ...]) -> ChoiceT:
    return choices[rng.integers(len(choices))]


def _scaled(text: str, factor: float, *, offset: float = 0) -> str:
    """The number times ``factor`` plus ``offset``, two decimals at most; what is no number stays."""
    try:
        return f"{float(text) * factor + offset:.2f}".removesuffix(".00")
    except ValueError:
        return text


def _misspelt(text: str, rng: Rng) -> str:
    wrong = tuple(spelling(text) for spelling in SPELLINGS if spelling(text) != text)
    return _pick(rng, wrong)


def _reformatted(text: str, rng: Rng) -> str:
    """A label ``dd/mm/yyyy HH:MM`` in another format; what is no such label stays."""
    if not PUBLISHED_LABEL.fullmatch(text):
        return text
    d, m, y, time = re.split("[/ ]", text)
    return _pick(rng, DATE_FORMATS).format(d=d, m=m, y=y, day=d.lstrip("0"), month=m.lstrip("0"), time=time)
