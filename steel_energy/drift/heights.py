"""How often the plant draws more than it practically ever did: what its production may do, its machines cannot.

A busy week moves every mean, yet it uses the same furnaces and mills. Where all that is drawn is counted at another
scale, or machines were added, the busiest quarter hours lie beyond what a whole training knows, in whatever season.
"""

from __future__ import annotations

import numpy as np

from steel_energy.arrays import BoolArray
from steel_energy.drift.faults import lasting_share
from steel_energy.drift.observed import Observed

HIGHEST = 0.999
"""Share of the training's quarter hours that used no more: the very highest ones may be single."""


def share_beyond(observed: Observed, newest: BoolArray, trained: BoolArray) -> float:
    """Share of the rows ``newest`` whose usage lies beyond the height of the rows ``trained``, half a day apart.

    Args:
        observed: all readings.
        newest: shape (rows,).
        trained: shape (rows,); rows that are ``newest`` do not count.

    Returns:
        0 where there is no training but the newest rows.
    """
    usage, known = observed.cells[:, 0], trained & ~newest
    if not known.any():
        return 0.0
    return lasting_share(usage[newest] > np.quantile(usage[known], HIGHEST))
