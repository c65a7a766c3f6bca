"""Which teller tells of which request that only looks, and which calls it needs."""

from __future__ import annotations

from collections.abc import Mapping

from steel_energy.asking.outcomes import Intent
from steel_energy.telling.records import Caller, Teller

LOOKING: Mapping[Intent, Teller] = {}
CALLERS: Mapping[Intent, Caller] = {}
