"""The rules that place a row: one function a rule, from the most certain to the least.

Each takes the clues (one row for each raw row, `placement` and `order` name the columns) and the rows placed so far, and
returns the rows it places as ``row``, ``index`` (wall index: 96 a day since 1970, plus the slot) and ``placed_by``.
"""

from __future__ import annotations

import polars as pl

from steel_energy.schema import INTERVALS_PER_DAY, MEASURED

VOTES = {"day": 1.0, "slot": 1.0, "nsm": 1.5, "weekday": 1.0, "order": 2.0, "free": 1.5}
"""Weight of the witnesses; ``free`` says that no sure row with other values holds the interval."""
MIN_VOTES = 2.0
SAME_CELLS = 3  # measured cells that must be equal for two rows to be copies of each other
MAX_ROUNDS = 20  # of matching rows to free intervals; each round settles every mutual best match
EPOCH_WEEKDAY = 3  # day 0 was a Thursday, the fourth ISO weekday
CELLS = [column.name for column in MEASURED]
PLACED = ("row", "index", "placed_by")


def agreeing(clues: pl.DataFrame) -> pl.DataFrame:
    """Rows whose label stands in the file's order, or agrees with NSM and weekday where the file has no order."""
    label = pl.col("label")
    confirmed = (pl.col("nsm") == label % INTERVALS_PER_DAY) & (pl.col("weekday") == weekday_of(label))
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
    near = pl.col("index").is_between(first, last) | (pl.col("is_ordered") & pl.col("in_order"))
    voted = _with_occupant(tried.filter(near | _just_outside(first, last)), clues, sure).with_columns(votes=_votes())
    return (
        voted.filter(pl.col("votes") >= MIN_VOTES)
        .sort("row", "votes", "rank", descending=[False, True, False])
        .unique("row", keep="first", maintain_order=True)
        .select(PLACED)
    )


def equal_row(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """A row without a time of its own is the copy of the row that shows the same values at the same time of day."""
    homeless, settled = _split(clues, placed)
    pairs = [
        ("usage_kwh", "lagging_power_factor"),
        ("usage_kwh", "lagging_reactive_kvarh"),
        ("lagging_reactive_kvarh", "lagging_power_factor"),
        ("leading_reactive_kvarh", "leading_power_factor"),
    ]
    twins = pl.concat([homeless.join(settled, on=pair, how="inner", suffix="_twin", coalesce=False) for pair in pairs])
    return (
        twins.with_columns(equal=_equal_cells("_twin"), weekday_fits=_fits("weekday", weekday_of(pl.col("index"))))
        .filter((pl.col("equal") >= SAME_CELLS) & _fits("nsm", pl.col("index") % INTERVALS_PER_DAY))
        .sort("row", "equal", "weekday_fits", "index", descending=[False, True, True, False])
        .unique("row", keep="first", maintain_order=True)
        .with_columns(placed_by=pl.lit("equal_row"))
        .select(PLACED)
    )


def free_interval(clues: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """A row without a date goes to the free interval of its weekday and time of day whose neighbours are most like it."""
    homeless, settled = _split(clues, placed)
    homeless = homeless.filter(pl.col("nsm").is_not_null())
    taken = settled["index"]
    every = pl.int_range(taken.min(), taken.max() + 1, eager=True, dtype=pl.Int64).alias("index")
    free = (
        every.to_frame()
        .join(settled, on="index", how="anti")
        .with_columns(nsm=(pl.col("index") % INTERVALS_PER_DAY).cast(pl.Int32))
    )
    tried = homeless.join(free, on="nsm", how="inner").filter(_fits("weekday", weekday_of(pl.col("index"))))
    left = tried.with_columns(unlike=_unlike_neighbours(tried, settled)).sort("unlike", "row", "index")
    chosen = [left.clear()]
    for _ in range(MAX_ROUNDS):
        best = left.unique("row", keep="first", maintain_order=True).unique("index", keep="first", maintain_order=True)
        chosen.append(best)
        left = left.join(best, on="row", how="anti").join(best, on="index", how="anti")
    return pl.concat(chosen).with_columns(placed_by=pl.lit("free_interval")).select(PLACED)


def weekday_of(index: pl.Expr) -> pl.Expr:
    """ISO weekday of a wall index."""
    return ((index // INTERVALS_PER_DAY + EPOCH_WEEKDAY) % 7 + 1).cast(pl.Int8)


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
    name = (
        _name_of_label()
        if how == "label"
        else pl.lit(how.removesuffix("_after").removesuffix("_and_nsm")).alias("placed_by")
    )
    rank = list(_candidates()).index(how)
    tried = doubtful.with_columns(index.cast(pl.Int64).alias("index"), name, rank=pl.lit(rank)).filter(
        pl.col("index").is_not_null()
    )
    between = (pl.col("index") > pl.col("previous").fill_null(pl.col("index") - 1)) & (
        pl.col("index") < pl.col("next").fill_null(pl.col("index") + 1)
    )
    placed = tried.with_columns(in_order=between & pl.col("is_ordered"))
    return placed.filter("in_order") if how.startswith("neighbours") else placed


def _just_outside(first: int, last: int) -> pl.Expr:
    """Within a day of the span of the sure rows."""
    return pl.col("index").is_between(first - INTERVALS_PER_DAY, last + INTERVALS_PER_DAY)


def _with_occupant(tried: pl.DataFrame, clues: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """Add ``is_free``: nobody sure holds the interval, or somebody with the same values."""
    cells = clues.select("row", *CELLS)
    occupants = sure.unique("index", keep="first", maintain_order=True).join(cells, on="row").drop("row", "placed_by")
    joined = tried.join(occupants.with_columns(is_taken=pl.lit(1)), on="index", how="left", suffix="_twin")
    return joined.with_columns(is_free=pl.col("is_taken").is_null() | (_equal_cells("_twin") >= SAME_CELLS))


def _votes() -> pl.Expr:
    index = pl.col("index")
    said = {
        "day": pl.col("day") == index // INTERVALS_PER_DAY,
        "slot": pl.col("slot") == index % INTERVALS_PER_DAY,
        "nsm": pl.col("nsm") == index % INTERVALS_PER_DAY,
        "weekday": pl.col("weekday") == weekday_of(index),
        "order": pl.col("in_order"),
        "free": pl.col("is_free"),
    }
    return pl.sum_horizontal(pl.when(vote).then(VOTES[name]).otherwise(0.0) for name, vote in said.items())


def _equal_cells(suffix: str) -> pl.Expr:
    return pl.sum_horizontal(
        (pl.col(name) == pl.col(name + suffix)).fill_null(value=False).cast(pl.Int32) for name in CELLS
    )


def _fits(column: str, value: pl.Expr) -> pl.Expr:
    """Whether a clue agrees with a value; an unknown clue does."""
    return (pl.col(column) == value).fill_null(value=True)


def _split(clues: pl.DataFrame, placed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows without an interval, and the cells of those that have one (the first of each interval)."""
    settled = placed.unique("index", keep="first", maintain_order=True).join(clues.select("row", *CELLS), on="row")
    return clues.join(placed, on="row", how="anti"), settled.drop("row", "placed_by")


def _unlike_neighbours(tried: pl.DataFrame, settled: pl.DataFrame) -> pl.Series:
    """How much the energies of each tried row differ from those of the intervals beside it (sum of log ratios)."""
    energies = CELLS[:3]
    sides = [
        tried.select(pl.col("index") + step).join(settled, on="index", how="left", maintain_order="left")
        for step in (-1, 1)
    ]
    apart = [
        (tried[name].clip(0).log1p() - side[name].clip(0).log1p()).abs().fill_null(1.0)
        for name in energies
        for side in sides
    ]
    return pl.DataFrame([part.alias(str(n)) for n, part in enumerate(apart)]).sum_horizontal().alias("unlike")
