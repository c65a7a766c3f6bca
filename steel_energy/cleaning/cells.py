"""What a raw cell says, if it says anything: numbers, weekdays, week status and load type out of strings.

Reading is not judging: a number far outside any range is still read. Unreadable text (``error``, ``?``, ``NAN``) is
null.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping

import polars as pl

from steel_energy.plant import WEEKDAYS
from steel_energy.schema import LOAD_TYPES, MEASURED

CELLS = [column.name for column in MEASURED]
COMMON_VALUES = (0.0, 100.0)
MIN_TELLING = 2
MIN_EQUAL = 3
SIMILARITY = 0.72  # share of letters in common from which a misspelt word is believed; junk words stay below it
WEEKDAY_NUMBERS: dict[str, int] = {str(name): number for number, name in enumerate(WEEKDAYS, start=1)}
WEEKDAY_WORDS: dict[str, int] = {name[:end]: n for name, n in WEEKDAY_NUMBERS.items() for end in (3, None)}
WEEK_STATUS_WORDS = {"weekday": False, "weekend": True}
LOAD_TYPE_WORDS: dict[str, str] = {
    **{name: name for name in LOAD_TYPES},
    **{f"{name}load": name for name in LOAD_TYPES},
    **{f"{name[:3]}{load}": name for name in ("medium", "maximum") for load in ("", "load")},
}
BLANKS_AND_QUOTES = r"[\s'\"\u{00a0}\u{202f}\u{feff}]"
UNIT = r"(?i)(kwh|kvarh|tco2|t|%|s)$"
PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
COMMA_IS_DECIMAL = r"^[^,]*,[^.,]*$"


def read_numbers(cells: pl.Series) -> pl.Series:
    """Numbers as Float64; null where the text is none.

    A decimal comma, blanks, quotes, a unit behind the number and thousands separators are understood; of a comma and a
    point in one number the last is the decimal sign.

    >>> read_numbers(pl.Series(["3,17", " 900.0 ", "1,234.5", "NAN", "-"])).to_list()
    [3.17, 900.0, 1234.5, None, None]
    """
    is_plain = cells.str.contains(PLAIN_NUMBER)  # most cells are, and need no more than this
    plain = cells.to_frame().select(pl.when(is_plain).then(cells.name).cast(pl.Float64)).to_series()
    others = (~is_plain).arg_true()
    return plain.scatter(others, read_written_numbers(cells.gather(others)))


def read_written_numbers(cells: pl.Series) -> pl.Series:
    """As ``read_numbers``, of any notation."""
    bare = cells.str.replace_all(BLANKS_AND_QUOTES, "").str.replace(UNIT, "").str.replace("\u2212", "-", literal=True)
    frame = bare.to_frame("bare").with_columns(
        pl.when(pl.col("bare").str.contains(COMMA_IS_DECIMAL))
        .then(pl.col("bare").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .otherwise(pl.col("bare").str.replace_all(",", "", literal=True))
    )
    number = pl.when(pl.col("bare").str.contains(NUMBER)).then(pl.col("bare")).cast(pl.Float64)
    return frame.select(number).to_series().rename(cells.name)


def read_weekdays(cells: pl.Series) -> pl.Series:
    """ISO weekday, 1 = Monday, as Int8; null where unreadable."""
    return _read_words(cells, WEEKDAY_WORDS, pl.Int8())


def read_week_status(cells: pl.Series) -> pl.Series:
    """Whether the cell says weekend, as Boolean; null where unreadable."""
    return _read_words(cells, WEEK_STATUS_WORDS, pl.Boolean())


def read_load_types(cells: pl.Series) -> pl.Series:
    """Load type as String; null where unreadable.

    >>> read_load_types(pl.Series(["Médium_Load", " light load ", "Maximum", "unknown"])).to_list()
    ['medium', 'light', 'maximum', None]
    """
    return _read_words(cells, LOAD_TYPE_WORDS, pl.String())


def _read_words(cells: pl.Series, vocabulary: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    """Translate each distinct spelling by the nearest word of the vocabulary."""
    spellings = cells.drop_nulls().unique().to_list()
    meanings = {spelling: vocabulary.get(_nearest_word(spelling, vocabulary)) for spelling in spellings}
    return cells.replace_strict(meanings, default=None, return_dtype=dtype)


def _nearest_word(spelling: str, vocabulary: Mapping[str, object]) -> str:
    plain = unicodedata.normalize("NFKD", spelling).encode("ascii", "ignore").decode().casefold()
    letters = "".join(letter for letter in plain if letter.isalpha())
    return next(iter(difflib.get_close_matches(letters, vocabulary, n=1, cutoff=SIMILARITY)), "")


def is_copy(suffix: str) -> pl.Expr:
    """Whether a row's measured cells are those of another (in the columns with ``suffix``), but for damage.

    Two equal cells that say something (neither 0 nor 100, which most rows show, nor CO2, which hardly varies) are
    enough; so are any three where no cell differs.
    """
    equal = {name: (pl.col(name) == pl.col(name + suffix)).fill_null(value=False) for name in CELLS}
    telling = {name: same & ~pl.col(name).is_in(COMMON_VALUES) for name, same in equal.items() if name != "co2_t"}
    differs = pl.any_horizontal((pl.col(name) != pl.col(name + suffix)).fill_null(value=False) for name in CELLS)
    return (_count(telling) >= MIN_TELLING) | (~differs & (_count(equal) >= MIN_EQUAL))


def _count(flags: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(flag.cast(pl.Int32) for flag in flags.values())
