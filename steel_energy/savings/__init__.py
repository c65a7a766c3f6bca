"""What was saved and what a forecast is worth: measurement and verification, and the regret of plans.

``verification`` compares a period with what it would have used (``counterfactual``) by the formulas of ``statistics``.
"""

from steel_energy.savings.statistics import THRESHOLDS, Fit
from steel_energy.savings.verification import Saving, Verification, VerificationParams, verify

__all__ = ["THRESHOLDS", "Fit", "Saving", "Verification", "VerificationParams", "verify"]
