"""The rules that place a row: one function a rule, from the most certain to the least.

Each takes the clues (one row for each raw row, `placement` and `order` name the columns) and the rows placed so far,
and returns the rows it places as ``row``, ``index`` (wall index: 96 a day since 1970, plus the slot) and
``placed_by``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from steel_energy.cleaning.cells import CELLS, is_copy
from steel_energy.cleaning.order import EPOCH_WEEKDAY
from steel_energy.schema import INTERVALS_PER_DAY
from steel_energy.tariff import SATURDAY

VOTES = {"day": 2.0, "slot": 1.0, "nsm": 1.5, "weekday": 1.0, "is_weekend": 0.25, "order": 2.0, "free": 2.5}
"""Weight of the witnesses; ``free`` says that no sure row with other values holds the interval."""
DISSENT = {"nsm": 1.5, "weekday": 0.5}
"""What a readable clock or weekday takes from a candidate that it contradicts."""
MIN_VOTES = 3.0
EDGE_ROWS = 8  # rows before the first or after the last sure one of a file that its order still speaks for
TWIN_KEYS = [
    ("usage_kwh", "lagging_power_factor"),
    ("usage_kwh", "lagging_reactive_kvarh"),
    ("lagging_reactive_kvarh", "lagging_power_factor"),
    ("leading_reactive_kvarh", "leading_power_factor"),
]
"""Pairs of cells, one of which two copies of a row still share when a cell or two of one is damaged."""
SIDES = (-2, -1, 1, 2)  # intervals around a free one that a row is compared with
UNKNOWN_APART = 0.5
MAX_PAIRS = 4_000_000  # of rows without a time and free intervals that are compared
IMPOSSIBLE = 1e6  # cost of a pair that no witness suggests
OTHER_BAND = 2.0  # log ratios that another load type beside it weighs
PLACED = ("row", "index", "placed_by")


def agreeing(clues: pl.DataFrame) -> pl.DataFrame:
    """Rows whose label stands in the file's order, or agrees with NSM and weekday where the file has no order."""
    label = pl.col("label")
    said = {"nsm": label % INTERVALS_PER_DAY, "weekday": weekday_of(label)}
    confirmed = pl.all_horizontal(
        label.is_not_null(), *(pl.col(name) == value for name, value in said.items() if clues[name].is_not_null().any())
    )
    sure = pl.col("on_backbone") | (~pl.col("is_ordered") & confirmed.fill_null(value=False))
    return (
        clues.filter(sure)
        .select("row", pl.coalesce("backbone", "label").alias("index"), _name_of_label())
        .select(PLACED)
    )


def most_votes(clues: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Any other row goes to the interval that most of its witnesses name, if some name one."""
    doubtful = clues.join(sure, on="row", how="anti")
    tried = pl.concat([_candidate(doubtful, how, index) for how, index in _candidates().items()])
    first, last = sure["index"].min(), sure["index"].max()
    inside = pl.col("index").is_between(first, last) | pl.col("in_order")
    tried = tried.filter(inside | _extends(first, last))
    voted = _with_occupant(tried, clues, sure).with_columns(votes=_votes())
    return (
        voted.filter(pl.col("votes") >= MIN_VOTES)
        .sort("row", "votes", "rank", descending=[False, True, False])
        .unique("row", keep="first", maintain_order=True)
        .select(PLACED)
    )


def equal_row(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """A row without a time of its own is the copy of the row that shows the same values at the same time of day."""
    twins = _twins(clues, placed)
    return (
        twins.filter(_fits("nsm", pl.col("index") % INTERVALS_PER_DAY))
        .sort("row", "equal", "weekday_fits", "index", descending=[False, True, True, False])
        .unique("row", keep="first", maintain_order=True)
        .with_columns(placed_by=pl.lit("equal_row"))
        .select(PLACED)
    )


def only_equal_row(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The same where no other row of the file shows those values, so that chance is out of the question."""
    twins = _twins(clues, placed)
    only = twins.filter(pl.col("usage_kwh") > 0).filter(pl.len().over("row") == 1)
    return (
        only.filter(_fits("nsm", pl.col("index") % INTERVALS_PER_DAY) & pl.col("weekday_fits"))
        .with_columns(placed_by=pl.lit("equal_row"))
        .select(PLACED)
    )


def free_interval(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """A row without a date goes to the free interval of its weekday and time whose neighbours are most like it."""
    homeless, settled = _split(clues, placed)
    tried = homeless.join(_free(settled), on="nsm", how="inner")
    return _most_alike(tried, settled)


def any_free_interval(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """A row of a shuffled file without date or time goes to the free interval whose neighbours are most like it."""
    homeless, settled = _split(clues, placed)
    homeless, free = homeless.filter(pl.col("nsm").is_null()), _free(settled)
    tried = (
        homeless.join(free.drop("nsm"), how="cross") if homeless.height * free.height <= MAX_PAIRS else homeless.clear()
    )
    return _most_alike(tried, settled) if tried.height else placed.clear()


def weekday_of(index: pl.Expr) -> pl.Expr:
    """ISO weekday of a wall index."""
    return ((index // INTERVALS_PER_DAY + EPOCH_WEEKDAY) % 7 + 1).cast(pl.Int8)


def _is_weekend(index: pl.Expr) -> pl.Expr:
    return weekday_of(index) >= SATURDAY


def _name_of_label() -> pl.Expr:
    usual = pl.when("usual_format").then(pl.lit("label")).otherwise(pl.lit("date_format"))
    return pl.when(pl.col("label").is_null()).then(pl.lit("neighbours")).otherwise(usual).alias("placed_by")


def _candidates() -> dict[str, pl.Expr]:
    """Every interval that some witness names, by the rule that would place the row there; earlier ones win ties."""
    after, before = pl.col("previous") + pl.col("since_previous"), pl.col("next") - pl.col("until_next")
    to_nsm = (
        pl.col("nsm") - after % INTERVALS_PER_DAY + INTERVALS_PER_DAY // 2
    ) % INTERVALS_PER_DAY - INTERVALS_PER_DAY // 2
    return {
        "label": pl.col("label"),
        "day_and_month": pl.col("other_label"),
        "nsm": pl.col("day") * INTERVALS_PER_DAY + pl.col("nsm"),
        "neighbours": after,
        "neighbours_after": before,
        "neighbours_and_nsm": after + to_nsm,
        "weekday": pl.col("label") - INTERVALS_PER_DAY,
        "weekday_after": pl.col("label") + INTERVALS_PER_DAY,
    }


def _candidate(doubtful: pl.DataFrame, how: str, index: pl.Expr) -> pl.DataFrame:
    """The doubtful rows at the interval that one witness names, with ``in_order`` and the candidate's ``rank``."""
    rule = pl.lit(how.removesuffix("_after").removesuffix("_and_nsm")).alias("placed_by")
    tried = doubtful.with_columns(
        index.cast(pl.Int64).alias("index"),
        _name_of_label() if how == "label" else rule,
        rank=pl.lit(list(_candidates()).index(how)),
    )
    judged = tried.filter(pl.col("index").is_not_null()).with_columns(in_order=_in_order() & pl.col("is_ordered"))
    return judged.filter("in_order") if how.startswith("neighbours") else judged


def _in_order() -> pl.Expr:
    """Whether the interval lies between those of the sure rows around, or at a file's end near one and as NSM says."""
    after, before = pl.col("index") - pl.col("previous"), pl.col("next") - pl.col("index")
    between = (after.fill_null(1) > 0) & (before.fill_null(1) > 0)
    at_end = pl.col("previous").is_null() | pl.col("next").is_null()
    reach = pl.max_horizontal(
        pl.when(pl.col("next").is_null()).then(pl.max_horizontal(after, "since_previous")),
        pl.when(pl.col("previous").is_null()).then(pl.max_horizontal(before, "until_next")),
    )
    return between & (~at_end | ((reach <= EDGE_ROWS) & _fits("nsm", pl.col("index") % INTERVALS_PER_DAY)))


def _extends(first: object, last: object) -> pl.Expr:
    """A label within a day of the span of the sure rows that neither clock nor weekday contradicts."""
    near = pl.col("index").is_between(pl.lit(first) - INTERVALS_PER_DAY, pl.lit(last) + INTERVALS_PER_DAY)
    fits = _fits("nsm", pl.col("index") % INTERVALS_PER_DAY) & _fits("weekday", weekday_of(pl.col("index")))
    return near & fits & (pl.col("rank") == 0)


def _with_occupant(tried: pl.DataFrame, clues: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Add ``is_free``: nobody sure holds the interval, or somebody with the same values."""
    cells = clues.select("row", *CELLS)
    occupants = sure.unique("index", keep="first", maintain_order=True).join(cells, on="row").drop("row", "placed_by")
    joined = tried.join(occupants.with_columns(is_taken=pl.lit(1)), on="index", how="left", suffix="_twin")
    return joined.with_columns(is_free=pl.col("is_taken").is_null() | is_copy("_twin"))


def _votes() -> pl.Expr:
    index = pl.col("index")
    said = {
        "day": pl.col("day") == index // INTERVALS_PER_DAY,
        "slot": pl.col("slot") == index % INTERVALS_PER_DAY,
        "nsm": pl.col("nsm") == index % INTERVALS_PER_DAY,
        "weekday": pl.col("weekday") == weekday_of(index),
        "is_weekend": pl.col("is_weekend") == _is_weekend(index),
        "order": pl.col("in_order"),
        "free": pl.col("is_free"),
    }
    return pl.sum_horizontal(
        pl.when(vote).then(VOTES[name]).when(vote.not_()).then(-DISSENT.get(name, 0.0)).otherwise(0.0)
        for name, vote in said.items()
    )


def _equal_cells(suffix: str) -> pl.Expr:
    return pl.sum_horizontal(
        (pl.col(name) == pl.col(name + suffix)).fill_null(value=False).cast(pl.Int32) for name in CELLS
    )


def _fits(column: str, value: pl.Expr) -> pl.Expr:
    """Whether a clue agrees with a value; an unknown clue does."""
    return (pl.col(column) == value).fill_null(value=True)


def _split(clues: pl.DataFrame, placed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows without an interval, and the cells of those that have one (the first of each interval)."""
    settled = placed.unique("index", keep="first", maintain_order=True).join(
        clues.select("row", "load_type", *CELLS), on="row"
    )
    return clues.join(placed, on="row", how="anti"), settled.drop("row", "placed_by")


def _free(settled: pl.DataFrame) -> pl.DataFrame:
    """The intervals between the first and the last settled one that nobody holds: ``index`` and ``nsm``."""
    taken = settled["index"].to_numpy()
    every = pl.DataFrame({"index": np.arange(taken.min(), taken.max() + 1)})
    free = every.join(settled, on="index", how="anti")
    return free.with_columns(nsm=(pl.col("index") % INTERVALS_PER_DAY).cast(pl.Int32))


def _most_alike(tried: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Match rows to intervals of their weekday, the time of day they share at a time."""
    index = pl.col("index")
    possible = tried.filter(_fits("weekday", weekday_of(index)) & _fits("is_weekend", _is_weekend(index)))
    costed = possible.with_columns(unlike=_unlike_neighbours(possible, settled)).sort("row", "index")
    matchings = [_best_matching(part) for part in costed.partition_by("nsm", maintain_order=True)]
    return pl.concat([costed.clear(), *matchings]).with_columns(placed_by=pl.lit("free_interval")).select(PLACED)


def _best_matching(tried: pl.DataFrame) -> pl.DataFrame:
    """Of the tried pairs of ``row`` and ``index``, the matching that is least ``unlike`` in sum; each is used once."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - a third of a second that most files never need

    rows, indices = (tried[name].unique().sort() for name in ("row", "index"))
    place = (rows.search_sorted(tried["row"]).to_numpy(), indices.search_sorted(tried["index"]).to_numpy())
    cost = np.full((rows.len(), indices.len()), IMPOSSIBLE)
    cost[place] = tried["unlike"].to_numpy()
    matched_rows, matched_indices = linear_sum_assignment(cost)
    pairs = pl.DataFrame({"row": rows[matched_rows], "index": indices[matched_indices]})
    return tried.join(pairs, on=["row", "index"], how="semi")


def _twins(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Each row without an interval beside every placed copy of it, with ``equal`` and ``weekday_fits``."""
    homeless, settled = _split(clues, placed)
    told = homeless.with_columns(
        pl.col("leading_reactive_kvarh").replace(0.0, None)
    )  # most rows show no leading energy
    pairs = [told.join(settled, on=pair, how="inner", suffix="_twin", coalesce=False) for pair in TWIN_KEYS]
    return (
        pl.concat(pairs)
        .with_columns(equal=_equal_cells("_twin"), weekday_fits=_fits("weekday", weekday_of(pl.col("index"))))
        .filter(is_copy("_twin"))
        .unique(["row", "index"], keep="first", maintain_order=True)
    )


def _unlike_neighbours(tried: pl.DataFrame, settled: pl.DataFrame) -> pl.Series:
    """How much the energies of each tried row differ from those of the intervals around it (sum of log ratios)."""
    apart = []
    for step in SIDES:
        side = tried.select(pl.col("index") + step).join(settled, on="index", how="left", maintain_order="left")
        apart += [
            (_log(tried[name]) - _log(side[name])).abs().fill_null(UNKNOWN_APART) / abs(step) for name in CELLS[:3]
        ]
        apart.append((tried["load_type"] != side["load_type"]).cast(pl.Float64).fill_null(0.0) * OTHER_BAND)
    return pl.DataFrame([part.alias(str(n)) for n, part in enumerate(apart)]).sum_horizontal().alias("unlike")


def _log(energy: pl.Series) -> pl.Series:
    return energy.clip(0).log1p()
