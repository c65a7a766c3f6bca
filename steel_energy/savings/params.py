"""The section ``savings`` of ``params.yaml``."""

from __future__ import annotations

from steel_energy.config import Record
from steel_energy.savings.standard import StandardPlanParams
from steel_energy.savings.verification import VerificationParams


class SavingsParams(Record):
    """How savings are verified, and what a standard plan may move."""

    verification: VerificationParams
    standard_plan: StandardPlanParams
