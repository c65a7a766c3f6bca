"""Answers to requests that would change something: what-if scenarios, explanations and plans."""

from __future__ import annotations

from collections.abc import Mapping

from steel_energy.asking.outcomes import Intent
from steel_energy.telling.records import Teller

TELLERS: Mapping[Intent, Teller] = {}
"""What ``tell`` takes for each of them."""
