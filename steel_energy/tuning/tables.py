"""What a search has found, as one sentence and as small tables."""

from __future__ import annotations

import polars as pl

from steel_energy.tuning.study import SPACE, Tuned


def in_words(tuned: Tuned) -> str:
    """The gain of the best attempt on the present values, and what it rests on."""
    tried = f"trials: {len(tuned.attempts)}, cut short: {sum(one.is_cut_short for one in tuned.attempts)}"
    present = f"the present values {tuned.present_attempt.rmse_kwh:.3f} kWh"
    if not tuned.gain > 0:
        return f"{tuned.model}: none is better than {present} ({tried})"
    gain = f"{tuned.gain:.1%} better, in {tuned.better_folds} of {len(tuned.best.fold_rmse_kwh)} blocks of time"
    return f"{tuned.model}: {tuned.best.rmse_kwh:.3f} kWh, {present} ({gain}; {tried})"


def values_table(tuned: Tuned) -> pl.DataFrame:
    """A row for each value that is tuned: ``value``, ``present``, ``best``, and ``importance`` where it is known."""
    present, best = tuned.present.model_dump(), tuned.best.values.model_dump()
    return pl.DataFrame(
        [
            {
                "value": name,
                "present": f"{present[name]:g}",
                "best": f"{best[name]:g}",
                "importance": f"{tuned.importance[name]:.0%}" if name in tuned.importance else None,
            }
            for name in SPACE
        ],
        schema_overrides={"importance": pl.String},
    )


def trials_table(tuned: Tuned) -> pl.DataFrame:
    """A row for each attempt, the best one first, those cut short last: its error, then its values."""
    rows = [
        {
            "trial": one.number,
            "rmse_kwh": one.rmse_kwh,
            "blocks": len(one.fold_rmse_kwh),
            "seconds": one.seconds,
            **{name: getattr(one.values, name) for name in SPACE},
        }
        for one in tuned.attempts
    ]
    return pl.DataFrame(rows).sort(pl.col("blocks").neg(), "rmse_kwh", "trial")
