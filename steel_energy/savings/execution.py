"""What becomes of a plan's moves when the day is another one than was forecast.

A plan says how much energy is drawn at another time. Energy that it moves to an earlier time is drawn as planned,
before anybody knows better. What it takes away later cannot be more than the movable share of what was really there:
the rest was drawn in vain. Energy that it moves to a later time is drawn as far as it was really held back.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import FloatArray


def executed_kwh(
    measured_kwh: FloatArray, *, out_kwh: FloatArray, in_kwh: FloatArray, movable_share: float
) -> FloatArray:
    """The load that comes of a plan's moves.

    Args:
        measured_kwh: shape ``(n,)``, base load that was really there, in order of time.
        out_kwh: energy that the plan takes out of each interval.
        in_kwh: energy that it adds; both sums are the same.
        movable_share: of each interval's base load.

    Returns:
        Shape ``(n,)``; its sum is that of ``measured_kwh`` and what was drawn in vain.

    >>> plan = {"out_kwh": np.array([0.0, 4.0]), "in_kwh": np.array([4.0, 0.0]), "movable_share": 0.5}
    >>> executed_kwh(np.array([2.0, 8.0]), **plan).tolist()
    [6.0, 4.0]
    >>> executed_kwh(np.array([2.0, 6.0]), **plan).tolist()
    [6.0, 3.0]
    """
    taken = np.minimum(out_kwh, movable_share * measured_kwh)
    load = measured_kwh - taken
    planned = held = 0.0  # energy taken out and not yet drawn again, by the plan and really
    for at in range(len(load)):
        later = min(in_kwh[at], max(planned, 0.0))
        drawn = in_kwh[at] - later + min(later, max(held, 0.0))
        load[at] += drawn
        planned += out_kwh[at] - in_kwh[at]
        held += taken[at] - drawn
    return load
