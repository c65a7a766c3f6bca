"""Answers to requests that would change something, and to why: what-if scenarios, explanations and plans."""

from __future__ import annotations

from collections.abc import Mapping

from steel_energy.asking.outcomes import Intent
from steel_energy.telling.changing.explain import tell_explain
from steel_energy.telling.changing.optimize import tell_plan
from steel_energy.telling.changing.what_if import tell_what_if
from steel_energy.telling.records import Teller

TELLERS: Mapping[Intent, Teller] = {"what_if": tell_what_if, "explain": tell_explain, "optimize": tell_plan}
"""What ``tell`` takes for each of them."""
